"""No attack of tests/attacks/malformed.md gains a point, sees a secret or harms the honest learner beside it."""

from arena import family

fates, test_an_attack_comes_to_what_it_deserves_and_nothing_more = family("malformed")
