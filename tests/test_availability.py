from math import comb

import numpy as np
import pint
import pytest

from loopready.availability import all_up, any_up, copies_up, downtime, simulated_shares_down
from loopready.units import byte, day, minute, percent, second, year


def binomial(down: float, services: int) -> list[float]:
    return [comb(services, k) * down**k * (1 - down) ** (services - k) for k in range(services + 1)]


@pytest.mark.parametrize(
    "promise, minutes",
    [(99 * percent, 432), (0.999, 43.2), (99.99 * percent, 4.32), (1.0, 0)],
    ids=["two nines", "three nines", "four nines", "always up"],
)
def test_each_nine_leaves_a_tenth_of_the_minutes_of_a_month(promise, minutes):
    assert downtime(promise).m_as(minute) == pytest.approx(minutes)


def test_a_period_of_its_own_is_kept():
    assert downtime(0.5, 1 * day).m_as(minute) == pytest.approx(720)


def test_what_needs_all_its_parts_is_up_for_the_product_of_their_shares():
    assert all_up(0.9, 0.8, 50 * percent) == pytest.approx(0.36)
    assert all_up() == 1


def test_what_needs_one_of_its_parts_is_down_for_the_product_of_their_down_shares():
    assert any_up(0.9, 0.8) == pytest.approx(0.98)
    assert any_up() == 0


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_copies_that_share_nothing_are_parts_side_by_side(copies):
    assert copies_up(0.97, copies) == pytest.approx(any_up(*[0.97] * copies))


@pytest.mark.parametrize("shared", [0.0, 0.3, 1.0])
def test_one_copy_is_as_good_as_it_is_whatever_it_would_share(shared):
    assert copies_up(0.97, 1, shared) == pytest.approx(0.97)


def test_no_number_of_copies_gets_below_the_shared_cause():
    assert copies_up(0.97, 3, shared=1.0) == pytest.approx(0.97)
    assert copies_up(0.99, 50, shared=0.1) == pytest.approx(1 - 0.1 * 0.01)


@pytest.mark.parametrize(
    "availability, services, years",
    [(0.9, 3, 100), (0.5, 2, 100), (0.99, 2, 1_000), (0.999, 20, 200)],
    ids=["poor", "half", "a pair", "many good ones"],
)
def test_simulated_outages_agree_with_the_binomial_formula(availability, services, years):
    seen = simulated_shares_down(availability, services, lasting=years * year)
    expected = binomial(1 - availability, services)
    assert seen.sum() == pytest.approx(1)
    assert seen[:3] == pytest.approx(expected[:3], rel=0.06)


@pytest.mark.parametrize("shared", [0.05, 0.5, 1.0])
def test_simulated_copies_with_a_shared_cause_agree_with_the_formula(shared):
    seen = simulated_shares_down(0.98, 2, shared, lasting=1_000 * year)
    assert seen[-1] == pytest.approx(1 - copies_up(0.98, 2, shared), rel=0.06)
    # Each copy alone is down for as long as it would be without a shared cause.
    assert seen[1] / 2 + seen[2] == pytest.approx(0.02, rel=0.03)


def test_what_never_fails_is_never_down():
    assert simulated_shares_down(1.0, 2).tolist() == [1, 0, 0]


def test_what_is_never_up_is_always_down():
    assert simulated_shares_down(0.0, 2, lasting=1 * year)[-1] == pytest.approx(1, abs=1e-3)


def test_the_same_seed_is_the_same_years():
    first, again = (simulated_shares_down(0.9, 3, lasting=1 * year) for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: downtime(99.9), ValueError, "availability is a share, from 0 to 1, .* got 99.9"),
        (lambda: all_up(0.9, -0.1), ValueError, "got -0.1"),
        (lambda: copies_up(0.9, 2, shared=1.5), ValueError, "shared is a share"),
        (lambda: copies_up(0.9, 0), ValueError, "copies are counted 1, 2, 3"),
        (lambda: simulated_shares_down(0.9, 1.5), ValueError, "services are counted 1, 2, 3"),
        (lambda: downtime(0.9, 3 * byte), pint.DimensionalityError, "period was to be measured in second"),
        (lambda: all_up(3 * second), pint.DimensionalityError, "came in s"),
    ],
    ids=[
        "a percentage without its unit",
        "negative",
        "shared above one",
        "no copy",
        "half",
        "bytes",
        "a time",
    ],
)
def test_a_number_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
