import numpy as np
import pytest

from loopready.costs import (
    best_commitment,
    cost_per_thousand,
    counted_cost,
    day_of_load,
    mean_cost,
    share_above,
)
from loopready.units import dollar, hour, percent, request, second

PRICE, RATE = 0.36 * dollar / hour, 20 * request / second


def test_a_thousand_requests_cost_the_time_that_an_instance_takes_for_them():
    # 20 a second is 72,000 an hour, so a thousand are a 72nd of an hour of 36 cents: half a cent.
    assert cost_per_thousand(PRICE, RATE, 1).m_as(dollar) == pytest.approx(0.005)
    assert cost_per_thousand(PRICE, RATE, 25 * percent).m_as(dollar) == pytest.approx(0.02)


@pytest.mark.parametrize("level", [20, 35, 60, 90, 100])
def test_the_share_of_the_day_above_a_level_is_the_one_counted(level):
    assert share_above(level, 20, 100) == pytest.approx((day_of_load(20, 100) > level).mean(), abs=0.01)


@pytest.mark.parametrize("level", [0, 20, 47, 80, 100, 120])
@pytest.mark.parametrize("discounted", [0.3, 0.6, 1.0])
def test_the_mean_cost_is_the_one_counted_minute_by_minute(level, discounted):
    counted = counted_cost(level, day_of_load(20, 100), discounted)
    assert mean_cost(level, 20, 100, discounted) == pytest.approx(counted, rel=1e-4)


def test_with_nothing_committed_the_mean_load_is_paid_and_with_everything_the_highest():
    assert mean_cost(0, 20, 100, 0.6) == pytest.approx(60)
    assert mean_cost(100, 20, 100, 0.6) == pytest.approx(60)


@pytest.mark.parametrize("discounted", [0.2, 0.5, 0.6, 0.9])
def test_no_level_is_cheaper_than_the_best_commitment(discounted):
    best = best_commitment(20, 100, discounted)
    levels = np.linspace(0, 120, 2_401)
    costs = [mean_cost(level, 20, 100, discounted) for level in levels]
    assert mean_cost(best, 20, 100, discounted) <= min(costs)
    assert levels[np.argmin(costs)] == pytest.approx(best, abs=0.06)


@pytest.mark.parametrize("discounted", [0.2, 0.6, 1.0])
def test_the_last_committed_instance_is_used_for_the_share_that_it_costs(discounted):
    assert share_above(best_commitment(20, 100, discounted), 20, 100) == pytest.approx(discounted)


def test_a_noisy_day_is_the_same_with_the_same_seed():
    assert (day_of_load(20, 100, noise=0.1) == day_of_load(20, 100, noise=0.1)).all()
    assert day_of_load(20, 100, noise=0.1).mean() == pytest.approx(60, rel=0.02)


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: cost_per_thousand(PRICE, RATE, 0), "utilisation is a share above 0, up to 1; got 0"),
        (
            lambda: best_commitment(100, 20, 0.6),
            "a load goes from low, 0 or more, up to high; got 100 and 20",
        ),
        (lambda: mean_cost(10, 20, 100, 1.2), "discounted is the part of the hourly price"),
        (lambda: share_above(10, -5, 5), "got -5 and 5"),
    ],
    ids=["never busy", "upside down", "dearer than by the hour", "negative load"],
)
def test_a_cost_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
