import numpy as np
import pint
import pytest

from loopready.reconnects import all_back, shortest_window, simulated_comeback, tries_a_second
from loopready.units import connection, request, second

RATE = 200 * connection / second
PHONES = 8_000  # forty seconds of work at that rate


def seconds(value):
    return value.m_as(second)


@pytest.mark.parametrize("window", [20, 40, 80])
def test_first_tries_arrive_as_the_closed_form_says(window):
    seen = simulated_comeback(window * second, patience=1_000 * second, clients=PHONES, rate=RATE)
    expected = tries_a_second(PHONES, window * second).m_as(1 / second)
    # Each second's tries are binomial: n phones, each with a chance of 1 / window.
    assert np.abs(seen.tries[:window] - expected).max() < 4 * np.sqrt(expected)
    assert seen.tries[window:].sum() == 0


@pytest.mark.parametrize("window, last", [(32, 40), (36, 40), (50, 50), (80, 80)])
def test_above_the_shortest_window_the_last_is_back_when_the_formula_says(window, last):
    seen = simulated_comeback(window * second, clients=PHONES, rate=RATE)
    assert seconds(all_back(PHONES, window * second, RATE)) == last
    assert seen.lasted == pytest.approx(last, rel=0.01)
    assert seen.wasted == 0
    assert seen.connected.sum() == PHONES


@pytest.mark.parametrize("patience", [4, 10, 25])
def test_nobody_gives_up_above_the_shortest_window_and_many_do_below(patience):
    least = shortest_window(PHONES, RATE, patience * second)
    assert seconds(least) == 40 - patience
    above = simulated_comeback(least + 2 * second, patience * second, clients=PHONES, rate=RATE)
    below = simulated_comeback(least - 2 * second, patience * second, clients=PHONES, rate=RATE)
    assert above.wasted == 0
    assert below.wasted > 0.02


def test_the_longest_line_is_that_of_a_fluid_queue():
    # Nobody gives up, so the last connection of a window of 10 s is made 30 s after the window.
    seen = simulated_comeback(10 * second, patience=31 * second, clients=PHONES, rate=RATE)
    assert seen.wasted == 0
    assert seen.lasted == pytest.approx(40, rel=0.01)


def test_all_at_once_only_as_many_are_connected_as_fit_into_their_patience():
    # What is left tries again together, behind its own given-up tries, and never gets through.
    seen = simulated_comeback(0 * second, patience=10 * second, clients=PHONES, rate=RATE)
    assert seen.connected.sum() == pytest.approx(10 * 200, abs=2)
    assert seen.lasted == np.inf


def test_windows_that_grow_end_what_equal_windows_do_not():
    same = simulated_comeback(15 * second, growth=1)
    doubled = simulated_comeback(15 * second, growth=2)
    assert same.connected.sum() < PHONES / 2
    assert doubled.connected.sum() > 0.98 * PHONES


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_25_seconds_it_takes_a_minute_and_over_15_four_in_ten_get_in_and_no_more(seed):
    minute, never = (
        simulated_comeback(window * second, lasting=300 * second, seed=seed) for window in (25, 15)
    )
    assert 60 < minute.lasted < 70
    assert never.connected.sum() == pytest.approx(0.40 * PHONES, rel=0.03)
    assert never.connected[60:].sum() == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_the_edge_a_few_give_up_by_luck_and_a_second_later_nobody_does(seed):
    edge, safe = (simulated_comeback(window * second, seed=seed) for window in (30, 31))
    assert 0 < edge.wasted < 0.01
    assert edge.lasted > 60
    assert safe.wasted == 0
    assert safe.lasted == pytest.approx(40, rel=0.01)


def test_time_scales_out_of_a_comeback():
    small = simulated_comeback(24 * second, clients=4_000, rate=RATE / 2)
    large = simulated_comeback(24 * second, clients=16_000, rate=RATE * 2)
    assert small.wasted == pytest.approx(large.wasted, abs=0.05)


def test_the_same_seed_is_the_same_comeback_and_another_is_not():
    first, again, other = (simulated_comeback(40 * second, clients=500, seed=s) for s in (3, 3, 4))
    assert np.array_equal(first.tries, again.tries)
    assert not np.array_equal(first.tries, other.tries)


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: tries_a_second(10, 0 * second), "a window above zero"),
        (lambda: tries_a_second(0, 5 * second), "clients are counted, from 1 up; got 0"),
        (lambda: shortest_window(10, 0 * connection / second), "rate is connections made a second"),
        (lambda: all_back(PHONES, 29 * second, RATE), "below a window of 30 s some give up"),
        (lambda: simulated_comeback(-1 * second), "window is a time, from zero up"),
        (lambda: simulated_comeback(5 * second, patience=0 * second), "patience is a time above zero"),
        (lambda: simulated_comeback(5 * second, growth=0.5), "growth is a factor on the window"),
    ],
    ids=["no window", "nobody", "no rate", "too short", "negative", "no patience", "a shrinking window"],
)
def test_a_comeback_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_a_bare_number_is_no_window():
    with pytest.raises(pint.DimensionalityError, match="window was to be measured in second"):
        simulated_comeback(5)
    assert tries_a_second(50, 10 * second) == 5 * request / second
