from itertools import combinations, product

import pint
import pytest

from loopready.quorums import available, simulated_stale_share, stale_share, waiting
from loopready.units import byte, millisecond, second


@pytest.mark.parametrize("copies, written, read", list(product(range(1, 6), repeat=3)))
def test_right_after_a_write_the_share_is_that_of_counting_every_choice(copies, written, read):
    if max(written, read) > copies:
        return
    asked = list(combinations(range(copies), read))
    missed = sum(set(some).isdisjoint(range(written)) for some in asked)
    assert stale_share(copies, written, read) == pytest.approx(missed / len(asked))


# Bailis et al. 2012 work out both: 0.67 and 1.88e-6.
@pytest.mark.parametrize(
    "copies, written, read, published", [(3, 1, 1, 2 / 3), (100, 30, 30, 1.88e-6)], ids=["three", "hundred"]
)
def test_the_share_is_the_published_one(copies, written, read, published):
    assert stale_share(copies, written, read) == pytest.approx(published, rel=0.003)


@pytest.mark.parametrize("copies, written, read", [(3, 2, 2), (3, 3, 1), (3, 1, 3), (5, 3, 3), (1, 1, 1)])
def test_when_both_exceed_the_copies_nothing_is_missed(copies, written, read):
    assert stale_share(copies, written, read) == 0
    assert simulated_stale_share(copies, written, read, 0 * second, 10 * millisecond, 20_000) == 0


@pytest.mark.parametrize("copies, written, read", [(3, 1, 1), (3, 2, 1), (3, 1, 2), (5, 2, 2), (7, 1, 3)])
@pytest.mark.parametrize("since", [0, 5, 20])
def test_simulated_reads_miss_as_often_as_the_formula_says(copies, written, read, since):
    exact = stale_share(copies, written, read, since * millisecond, 10 * millisecond)
    seen = simulated_stale_share(copies, written, read, since * millisecond, 10 * millisecond, 60_000, seed=4)
    assert seen == pytest.approx(exact, abs=0.008)


def test_the_second_of_three_comes_after_five_sixths_of_the_mean():
    assert waiting(3, 2, 60 * millisecond).m_as("ms") == pytest.approx(50)


def test_waiting_for_all_takes_the_harmonic_number_of_means():
    assert waiting(10, 10, 1 * second).m_as("second") == pytest.approx(2.928968, abs=1e-6)


@pytest.mark.parametrize("copies, needed, up", [(3, 2, 0.9), (5, 3, 0.75), (4, 4, 0.5), (2, 1, 0.99)])
def test_enough_copies_are_up_as_often_as_all_cases_add_up_to(copies, needed, up):
    cases = product((True, False), repeat=copies)
    chances = [up ** sum(case) * (1 - up) ** (copies - sum(case)) for case in cases if sum(case) >= needed]
    assert available(copies, needed, up) == pytest.approx(sum(chances))


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: stale_share(3, 4, 1), ValueError, "written is a number of copies, from 1 to 3; got 4"),
        (lambda: stale_share(3, 1, 0), ValueError, "read is a number of copies"),
        (lambda: waiting(0, 1, 1 * second), ValueError, "copies are counted 1, 2, 3"),
        (lambda: available(3, 2, 1.5), ValueError, "up is a chance, from 0 to 1; got 1.5"),
        (lambda: stale_share(3, 1, 1, lag=0 * second), ValueError, "lag is a time above 0"),
        (lambda: waiting(3, 1, 5 * byte), pint.DimensionalityError, "lag was to be measured in second"),
    ],
    ids=["more than all", "none", "no copies", "chance", "no lag", "bytes for a time"],
)
def test_a_quorum_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
