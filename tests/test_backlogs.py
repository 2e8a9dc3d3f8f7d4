from math import inf

import numpy as np
import pint
import pytest

from loopready.backlogs import Burst, simulated_backlog
from loopready.units import byte, hour, message, minute, second

RATE = message / second


def burst(capacity: float, normal: float = 40, peak: float = 300, minutes: float = 5) -> Burst:
    return Burst(normal * RATE, peak * RATE, minutes * minute, capacity * RATE)


@pytest.mark.parametrize(
    "capacity, waiting, wait, drain",
    [(80, 66_000, 13.75, 27.5), (100, 60_000, 10, 60_000 / 60 / 60), (300, 0, 0, 0), (500, 0, 0, 0)],
    ids=["little spare", "more", "just enough", "plenty"],
)
def test_a_burst_leaves_what_the_capacity_did_not_take(capacity, waiting, wait, drain):
    evening = burst(capacity)
    assert evening.backlog.m_as(message) == pytest.approx(waiting)
    assert evening.wait.m_as(minute) == pytest.approx(wait)
    assert evening.drain.m_as(minute) == pytest.approx(drain)


@pytest.mark.parametrize("capacity", [0, 30, 40], ids=["none", "too little", "no more than normal"])
def test_without_spare_capacity_a_backlog_stays(capacity):
    assert burst(capacity).drain.m == inf


def test_without_consumers_the_last_one_waits_for_ever():
    assert burst(0).wait.m == inf


@pytest.mark.parametrize("capacity", [60, 80, 120, 250])
def test_a_simulated_backlog_peaks_and_drains_as_the_formulas_say(capacity):
    evening = burst(capacity)
    peaks, drains = [], []
    for seed in range(20):
        waiting = simulated_backlog(evening, 3 * hour, seed)
        peaks.append(waiting[300])
        drains.append(np.argmax(waiting[300:] == 0) / 60)
    assert np.mean(peaks) == pytest.approx(evening.backlog.m_as(message), rel=0.01)
    assert np.mean(drains) == pytest.approx(evening.drain.m_as(minute), rel=0.03)


def test_a_simulated_backlog_begins_with_nothing_and_is_never_negative():
    waiting = simulated_backlog(burst(80), 2 * hour)
    assert waiting.shape == (7_201,)
    assert waiting[0] == 0 and waiting.min() == 0


def test_the_last_in_line_waits_until_all_before_it_are_taken():
    waiting = simulated_backlog(burst(80, normal=0), 1 * hour)
    gone = np.argmax(waiting[300:] == 0) / 60
    assert gone == pytest.approx(burst(80).wait.m_as(minute), rel=0.03)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: burst(-1), ValueError, "capacity is a rate from 0 up; got -1"),
        (lambda: burst(80, minutes=-5), ValueError, "lasting is a time from 0 up"),
        (lambda: Burst(1 * byte, 2 * RATE, 1 * minute, 1 * RATE), pint.DimensionalityError, "normal"),
    ],
    ids=["negative capacity", "negative time", "bytes"],
)
def test_a_burst_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
