import numpy as np
import pytest

from loopready.spikes import longest_wait, ramp_queue, simulated_spike, steepest, step_queue
from loopready.units import minute, request, second

BEFORE, AFTER, LAG = 400 * request / second, 1_600 * request / second, 3 * minute


def jump(before: float = 400, after: float = 1_600, quiet: int = 60, lasting: int = 1_200) -> np.ndarray:
    return np.concatenate([np.full(quiet, float(before)), np.full(lasting, float(after))])


def ramp(growth: float, lasting: int = 4_000) -> np.ndarray:
    return 400 + growth * np.arange(lasting)


def test_while_new_instances_start_the_queue_grows_by_what_is_lacking():
    seen = simulated_spike(jump(), 1.5, LAG)
    assert np.diff(seen.waiting[60:240]) == pytest.approx(1_600 - 600)
    assert seen.longest == step_queue(BEFORE, AFTER, 1.5, LAG) == 180_000


def test_the_time_spent_waiting_is_the_area_of_a_triangle():
    # Up at 1,000 a second for 180 s, then down at 2,400 - 1,600 = 800 a second: 225 s.
    seen = simulated_spike(jump(), 1.5, LAG)
    assert seen.over == 60 + 180 + 225 - 1
    assert seen.waiting.sum() == pytest.approx(180_000 * (180 + 225) / 2, rel=1e-3)


@pytest.mark.parametrize("headroom, lag", [(1.0, 60), (1.5, 180), (2.5, 300)])
def test_the_longest_wait_is_the_lag_times_the_share_that_is_lacking(headroom, lag):
    seen = simulated_spike(jump(), headroom, lag * second)
    came, served = np.cumsum(seen.arrived), np.cumsum(seen.arrived) - seen.waiting
    waits = np.searchsorted(served, came[60:400]) - np.arange(60, 400)
    assert waits.max() == pytest.approx(longest_wait(BEFORE, AFTER, headroom, lag * second).m_as("s"), abs=2)


def test_enough_headroom_leaves_nobody_waiting():
    assert step_queue(BEFORE, AFTER, 4, LAG) == 0
    assert longest_wait(BEFORE, AFTER, 4, LAG).m == 0
    assert simulated_spike(jump(), 4, LAG).longest == 0
    assert simulated_spike(jump(), 4, LAG).over == 0


@pytest.mark.parametrize("growth", [2.0, 3.0, 5.0])
def test_under_a_steady_growth_the_queue_is_the_area_of_the_triangle_of_what_is_lacking(growth):
    seen = simulated_spike(ramp(growth), 1.5, LAG, per_instance=0.01 * request / second)
    assert seen.longest == pytest.approx(ramp_queue(BEFORE, growth, 1.5, LAG), rel=0.01)


def test_growth_that_fits_into_the_headroom_of_one_lag_leaves_nobody_waiting():
    edge = steepest(BEFORE, 1.5, LAG)
    assert edge == pytest.approx(200 / 180)
    fine = dict(headroom=1.5, lag=LAG, per_instance=0.001 * request / second)
    assert simulated_spike(ramp(0.99 * edge), **fine).longest == 0
    assert simulated_spike(ramp(1.01 * edge), **fine).longest > 0
    assert ramp_queue(BEFORE, edge, 1.5, LAG) == 0


def test_instances_come_whole_and_are_not_given_back():
    seen = simulated_spike(np.array([390.0, 800, 100, 100, 100]), 1.0, 2 * second)
    assert seen.capacity.tolist() == [400, 400, 400, 800, 800]


def test_random_arrivals_are_the_same_with_the_same_seed_and_stay_near_the_estimate():
    first, again = (simulated_spike(jump(), 1.5, LAG, seed=7) for _ in range(2))
    assert (first.arrived == again.arrived).all()
    assert first.longest == pytest.approx(180_000, rel=0.02)


@pytest.mark.parametrize(
    "call, says",
    [
        (
            lambda: step_queue(BEFORE, AFTER, 0.5, LAG),
            "headroom is capacity over load, so at least 1; got 0.5",
        ),
        (lambda: longest_wait(BEFORE, 0 * request / second, 1.5, LAG), "a load is above 0"),
        (lambda: steepest(BEFORE, 1.5, -1 * second), "a lag is 0 or more"),
    ],
    ids=["less than the load", "no load", "a lag before its cause"],
)
def test_a_spike_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
