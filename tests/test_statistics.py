"""The cohort's statistics, against scipy and numpy, and against what can be worked out by hand."""

import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from loopready.cohort import statistics
from loopready.cohort.selfratings import groups

DRAW = np.random.default_rng(7)
ABLE = DRAW.normal(size=80)
# Eight items that measure one thing more or less, in points from 0 to 3.
SCORES = np.clip(np.round(1.5 + ABLE[:, None] + DRAW.normal(size=(80, 8)) * np.linspace(0.3, 2, 8)), 0, 3)
RIGHT = (SCORES > 1.5).astype(float)
SAID, GIVEN = DRAW.uniform(size=60), np.clip(DRAW.uniform(size=60), 0, 1)

shares = arrays(float, st.integers(5, 30), elements=st.floats(0, 1, width=32))


def rest(scores: np.ndarray, item: int) -> np.ndarray:
    return np.delete(scores, item, axis=1).sum(axis=1)


@pytest.mark.parametrize("item", range(8))
def test_discrimination_is_scipys_correlation_with_the_rest(item):
    expected = scipy.stats.pearsonr(SCORES[:, item], rest(SCORES, item)).statistic
    assert statistics.discrimination(SCORES)[item] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("item", range(8))
def test_discrimination_of_right_and_wrong_is_scipys_point_biserial_correlation(item):
    expected = scipy.stats.pointbiserialr(RIGHT[:, item], rest(RIGHT, item)).statistic
    assert statistics.discrimination(RIGHT)[item] == pytest.approx(expected, abs=1e-12)


@given(shares, shares)
def test_correlation_is_scipys_wherever_both_vary(one, other):
    size = min(len(one), len(other))
    one, other = one[:size].astype(float), other[:size].astype(float)
    found = statistics.correlation(one, other)
    if np.ptp(one) < 1e-6 or np.ptp(other) < 1e-6:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert found == pytest.approx(scipy.stats.pearsonr(one, other).statistic, abs=1e-6)


def test_a_missing_score_leaves_its_pair_out():
    one, other = np.array([1, 2, np.nan, 4, 0.0]), np.array([2, 1, 5, np.nan, 1.0])
    expected = scipy.stats.pearsonr([1, 2, 0], [2, 1, 1]).statistic
    assert statistics.correlation(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(
    "one, other",
    [([1, 2], [2, 1]), ([1, 1, 1, 1], [1, 2, 3, 4]), ([], []), ([np.nan] * 4, [1, 2, 3, 4])],
    ids=["two pairs", "no variation", "nothing", "all missing"],
)
def test_a_correlation_of_too_little_is_no_number(one, other):
    assert np.isnan(statistics.correlation(np.array(one, float), np.array(other, float)))


def test_alpha_is_that_of_the_covariance_matrix():
    covariance = np.cov(SCORES, rowvar=False)
    expected = 8 / 7 * (1 - np.trace(covariance) / covariance.sum())
    assert statistics.alpha(SCORES) == pytest.approx(expected)


def test_alpha_of_items_that_are_all_the_same_is_one():
    assert statistics.alpha(np.repeat(SCORES[:, :1], 5, axis=1)) == pytest.approx(1)


def test_difficulty_is_the_mean_share_of_the_points():
    assert statistics.difficulty(np.array([3, 0, np.nan, 1.5]), 3) == pytest.approx(0.5)


def test_upper_less_lower_compares_the_27_in_100_at_either_end():
    totals = np.arange(11.0)  # groups of three
    item = np.array([0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1.0])
    assert statistics.upper_lower(item, totals, 1) == pytest.approx(1 - 1 / 3)


def test_bias_is_above_zero_for_whoever_rates_too_high():
    assert statistics.bias(np.array([0.9, 0.7]), np.array([0.5, 0.7])) == pytest.approx(0.2)


@given(shares)
def test_a_class_that_rates_itself_as_it_is_given_is_calibrated(given_):
    given_ = given_.astype(float)
    assert statistics.calibration(given_, given_, groups(given_)) == 0
    assert statistics.squared_error(given_, given_) == 0


@given(shares, shares)
def test_miscalibration_is_never_more_than_the_squared_error(said, given_):
    size = min(len(said), len(given_))
    said, given_ = said[:size].astype(float), given_[:size].astype(float)
    within = statistics.calibration(said, given_, groups(said))
    assert within <= statistics.squared_error(said, given_) + 1e-9


def test_calibration_is_worked_out_by_hand():
    said, given_ = np.array([0.2, 0.2, 0.8]), np.array([0.0, 0.2, 0.9])
    assert statistics.calibration(said, given_, groups(said)) == pytest.approx((2 * 0.1**2 + 0.1**2) / 3)


def test_the_bias_interval_is_scipys_percentile_bootstrap():
    low, high = statistics.interval(statistics.bias, SAID, GIVEN, rounds=4000)
    found = scipy.stats.bootstrap(
        (SAID - GIVEN,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(2)
    ).confidence_interval
    assert (low, high) == pytest.approx((found.low, found.high), abs=0.015)


@pytest.mark.parametrize(
    "value, takers, says",
    [
        (0.40, 50, "very good"),
        (0.39, 50, "good"),
        (0.20, 50, "marginal"),
        (0.19, 50, "poor"),
        (-0.01, 50, "works against the rest"),
        (np.nan, 50, "all alike"),
        (0.9, 9, "too few to say"),
    ],
)
def test_a_discrimination_is_judged_by_the_custom(value, takers, says):
    assert statistics.verdict(value, takers) == says
