from math import inf

import numpy as np
import pint
import pytest

from loopready.retries import load_multiplier, recovery_time, simulated_load, simulated_storm
from loopready.units import byte, second


@pytest.mark.parametrize(
    "failing, retries, tries",
    [(0.0, 3, 1), (1.0, 3, 4), (0.5, 2, 1.75), (0.9, 0, 1)],
    ids=["nothing fails", "everything fails", "half", "no retries"],
)
def test_one_layer_multiplies_the_load_by_the_geometric_sum(failing, retries, tries):
    assert load_multiplier(failing, retries) == pytest.approx(tries)


def test_layers_that_all_fail_multiply():
    assert load_multiplier(1.0, retries=2, layers=4) == 3**4


def test_a_layer_retries_only_what_the_one_below_has_given_up():
    assert load_multiplier(0.5, retries=1, layers=2) == pytest.approx(1.5 * 1.25)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("failing", [0.0, 0.2, 0.7, 1.0])
def test_the_load_counted_with_dice_agrees_with_the_formula(failing, layers):
    counted = simulated_load(failing, 2, layers, requests=40_000)
    assert counted == pytest.approx(load_multiplier(failing, 2, layers), rel=0.03)


@pytest.mark.parametrize(
    "utilisation, retries, seconds",
    [(0.8, 0, 9 / 0.2), (0.4, 1, (9 - 0.4) / 0.2), (0.25, 2, (9 - 0.75) / 0.25)],
    ids=["no retries", "one", "two"],
)
def test_recovery_takes_as_long_as_the_spare_capacity_needs(utilisation, retries, seconds):
    assert recovery_time(utilisation, retries).m_as(second) == pytest.approx(seconds)


@pytest.mark.parametrize("retries", [0, 1, 2, 3])
def test_a_service_too_busy_for_its_retries_never_recovers(retries):
    wall = 1 / (1 + retries)
    assert recovery_time(wall * 0.99, retries).m_as(second) < inf
    assert recovery_time(wall, retries).m_as(second) == inf


@pytest.mark.parametrize(
    "utilisation, retries",
    [(0.3, 0), (0.7, 0), (0.85, 0), (0.2, 1), (0.4, 1), (0.1, 2), (0.25, 2)],
)
def test_a_simulated_storm_lasts_as_long_as_the_formula_says(utilisation, retries):
    lasted = [
        simulated_storm(utilisation, retries, lasting=200 * second, seed=seed).lasted for seed in range(5)
    ]
    assert np.mean(lasted) == pytest.approx(recovery_time(utilisation, retries).m_as(second), rel=0.1)


@pytest.mark.parametrize("retries, busy", [(1, 0.56), (2, 0.4), (3, 0.3)])
@pytest.mark.parametrize("backoff", [0, 5], ids=["at once", "with backoff"])
def test_above_the_wall_neither_patience_nor_jitter_ends_a_storm(retries, busy, backoff):
    seen = simulated_storm(busy, retries, backoff=backoff * second)
    assert seen.lasted == inf
    assert seen.answered[-60:].sum() == 0
    assert seen.tries[-60:].mean() == pytest.approx(100 * busy * (1 + retries), rel=0.1)


def test_below_the_wall_backoff_shortens_a_storm():
    at_once, later = (simulated_storm(0.3, 2, backoff=wait * second).lasted for wait in (0, 20))
    assert later < at_once / 3


@pytest.mark.parametrize("busy", [0.5, 0.7])
def test_a_budget_counts_as_the_share_of_a_retry_that_it_is(busy):
    lasted = np.mean([simulated_storm(busy, 2, budget=0.1, seed=seed).lasted for seed in range(5)])
    assert lasted == pytest.approx(9 / (1 - 1.1 * busy), rel=0.1)


def test_a_short_queue_ends_a_storm_with_the_outage():
    seen = simulated_storm(0.6, 2, longest_wait=0.5 * second)
    assert 9 < seen.lasted < 11


def test_a_full_server_with_a_short_queue_does_all_that_it_can():
    seen = simulated_storm(1.5, outage=0 * second, longest_wait=0.5 * second)
    assert seen.answered[-60:].mean() == pytest.approx(100, rel=0.01)


def test_a_full_server_with_an_endless_queue_answers_nobody_in_time():
    seen = simulated_storm(1.5, outage=0 * second)
    assert seen.answered[-60:].sum() == 0


def test_without_an_outage_every_try_is_answered():
    seen = simulated_storm(0.5, 2, outage=0 * second)
    assert seen.lasted == 0
    assert seen.tries.sum() == pytest.approx(seen.answered.sum(), abs=5)


def test_the_same_seed_is_the_same_storm():
    first, again = (simulated_storm(0.4, 1, backoff=1 * second).tries for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: load_multiplier(1.2, 2), ValueError, "failing is a share, from 0 to 1; got 1.2"),
        (lambda: load_multiplier(0.2, -1), ValueError, "retries are counted 0, 1, 2, ...; got -1"),
        (lambda: simulated_load(0.2, 1, layers=0), ValueError, "layers are counted 1, 2, 3, ...; got 0"),
        (lambda: recovery_time(0.0), ValueError, "utilisation is what the requests take"),
        (lambda: recovery_time(0.1, 3, outage=2 * second), ValueError, "at least .* timeouts"),
        (lambda: simulated_storm(-1), ValueError, "got -1"),
        (lambda: simulated_storm(0.5, outage=3 * byte), pint.DimensionalityError, "measured in s"),
    ],
    ids=["share above one", "negative", "no layer", "idle", "a short outage", "negative load", "bytes"],
)
def test_a_number_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
