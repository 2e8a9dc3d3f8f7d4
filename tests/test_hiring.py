import numpy as np
import pytest

from loopready.hiring import (
    BEST,
    WORST,
    chance,
    deviation,
    expected_starters,
    hours_by_stage,
    simulated_starters,
    starters_for,
)
from loopready.process.stages import passing_all
from loopready.units import hour

ENDS = {"best": (*BEST, 0.75), "worst": (*WORST, 0.75)}


def test_the_ends_are_those_of_the_process_guide_and_stay_apart():
    assert (np.prod(WORST), np.prod(BEST)) == pytest.approx(passing_all())


@pytest.mark.parametrize("rates", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("hires", [1, 6])
def test_simulated_years_have_the_mean_and_the_spread_of_the_formula(hires, rates):
    seen = simulated_starters(hires, rates, years=12_000, seed=2)
    assert seen.mean() == pytest.approx(expected_starters(hires, rates), rel=0.03)
    assert seen.std() == pytest.approx(deviation(hires, rates), rel=0.05)


@pytest.mark.parametrize("rates", ENDS.values(), ids=ENDS)
def test_a_number_of_candidates_suffices_as_often_as_the_formula_says(rates):
    seen = simulated_starters(6, rates, years=12_000, seed=3)
    mean = round(expected_starters(6, rates))
    assert (seen <= mean).mean() == pytest.approx(chance(6, mean, rates), abs=0.02)


def test_the_chance_of_one_hire_is_that_of_not_failing_every_time():
    assert chance(1, 20, (0.5, 0.2)) == pytest.approx(1 - 0.9**20)
    assert chance(3, 2, (1.0,)) == 0
    assert chance(2, 2, (1.0,)) == 1


@pytest.mark.parametrize("confidence", [0.0, 0.5, 0.9, 0.99])
def test_one_candidate_fewer_would_not_be_safe_enough(confidence):
    safe = starters_for(6, ENDS["worst"], confidence)
    assert chance(6, safe, ENDS["worst"]) >= confidence
    assert safe == 6 or chance(6, safe - 1, ENDS["worst"]) < confidence


def test_hours_follow_the_candidates_who_are_left():
    spent = hours_by_stage(3, (0.5, 0.2), (1 * hour, 10 * hour), accepts=0.75)
    # Three hires need four offers, 20 loops and 40 screens.
    assert [one.m_as("hour") for one in spent] == pytest.approx([40, 200])


def test_the_same_seed_is_the_same_year():
    assert np.array_equal(simulated_starters(2, (0.3,), 50), simulated_starters(2, (0.3,), 50))


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: expected_starters(0, (0.5,)), "hires are counted 1, 2, 3, ...; got 0"),
        (lambda: expected_starters(1, ()), "pass rates are shares above 0"),
        (lambda: expected_starters(1, (0.5, 0)), "pass rates are shares above 0"),
        (lambda: starters_for(1, (0.5,), 1.0), "from 0 to below 1; got 1.0"),
    ],
    ids=["nobody", "no stages", "nobody passes", "certainty"],
)
def test_a_funnel_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
