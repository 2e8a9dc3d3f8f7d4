import pytest

from loopready.monoliths import SHOP, crossing, modules


def test_what_stays_together_puts_no_call_on_the_network():
    assert crossing([]) == crossing(modules()) == 0


def test_a_cut_costs_the_same_from_either_side():
    out = ["accounts", "payments", "mail"]
    assert crossing(out) == crossing(set(modules()) - set(out))


def test_each_call_crosses_at_both_of_its_ends():
    # The handshake lemma: over all modules, each call is counted once as made and once as received.
    assert sum(crossing([name]) for name in modules()) == 2 * sum(SHOP.values())


def test_calls_inside_a_service_of_two_modules_do_not_cross():
    calls = {("a", "b"): 5, ("b", "c"): 2, ("c", "a"): 1}
    assert crossing(["a", "b"], calls) == 3
    assert modules(calls) == ["a", "b", "c"]


def test_a_module_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="no module is called 'billing'; there are accounts, cart"):
        crossing(["billing"])
