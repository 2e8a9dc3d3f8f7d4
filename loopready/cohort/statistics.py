"""The statistics of a class: of items that were scored, and of ratings against points. Arrays in, numbers out.

Scores may be missing (nan); each statistic leaves out what is missing and is nan where too little is left.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# How to read a discrimination: Ebel and Frisbie, Essentials of Educational Measurement, 5th ed. 1991.
# They say it of the index of upper and lower groups; for the item-rest correlation it is a custom, and not a law.
VERDICTS = ((0.40, "very good"), (0.30, "good"), (0.20, "marginal"), (-1.01, "poor"))
FEW = 10  # learners; with fewer, a discrimination says next to nothing


def difficulty(scores: np.ndarray, out_of: float) -> float:
    """The mean share of its points that an item's takers earned, 0 to 1: the higher, the easier.

    The p-value of an item (Crocker and Algina, Introduction to Classical and Modern Test Theory, 1986, chapter
    14), with parts of points counted as parts.

    >>> difficulty(np.array([3, 0, 1.5]), out_of=3)
    0.5
    """
    known = scores[~np.isnan(scores)]
    return float(np.mean(known) / out_of) if len(known) and out_of else np.nan


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's product-moment correlation of two equally long arrays, over the places where both are known.

    For an item that is right or wrong this is the point-biserial correlation. It is nan below three pairs, and
    where one of the two does not vary.
    """
    both = ~(np.isnan(one) | np.isnan(other))
    x, y = one[both], other[both]
    if len(x) < 3 or np.ptp(x) < 1e-12 or np.ptp(y) < 1e-12:
        return np.nan
    x, y = x - x.mean(), y - y.mean()
    return float(np.sum(x * y) / np.sqrt(np.sum(x**2) * np.sum(y**2)))


def discrimination(scores: np.ndarray) -> np.ndarray:
    """For each item, the correlation of its scores with the sum of all the others: learners in rows, items in columns.

    The corrected item-total correlation (Crocker and Algina, chapter 14): with the item left in the sum, every item
    would agree with itself. A missing score adds nothing to the sum.
    """
    total = np.nansum(scores, axis=1)
    rest = (total - np.nan_to_num(item) for item in scores.T)
    return np.array([correlation(item, others) for item, others in zip(scores.T, rest, strict=True)])


def upper_lower(scores: np.ndarray, totals: np.ndarray, out_of: float, share: float = 0.27) -> float:
    """The item's difficulty among the best learners less that among the weakest, -1 to 1.

    The groups are the upper and the lower 27 per cent by `totals` (Kelley, Journal of Educational Psychology 30,
    1939); learners with equal totals are taken in the order given. nan for a class of fewer than four.
    """
    size = round(share * len(totals))
    if size < 1:
        return np.nan
    order = np.argsort(totals, kind="stable")
    return difficulty(scores[order[-size:]], out_of) - difficulty(scores[order[:size]], out_of)


def alpha(scores: np.ndarray) -> float:
    """Cronbach's alpha of learners in rows and items in columns: how far the items measure one thing.

    k / (k - 1) * (1 - sum of the items' variances / variance of the sums) (Cronbach, Psychometrika 16, 1951), over
    the learners without a missing score.
    """
    whole = scores[~np.isnan(scores).any(axis=1)]
    items = scores.shape[1]
    if items < 2 or len(whole) < 3 or not (spread := whole.sum(axis=1).var(ddof=1)):
        return np.nan
    return float(items / (items - 1) * (1 - whole.var(axis=0, ddof=1).sum() / spread))


def verdict(value: float, takers: int) -> str:
    """A discrimination in words, by the bounds of Ebel and Frisbie; says so where the class is too small.

    >>> verdict(0.33, takers=40), verdict(-0.1, takers=40), verdict(0.33, takers=4)
    ('good', 'works against the rest', 'too few to say')
    """
    if takers < FEW or np.isnan(value):
        return "too few to say" if takers < FEW else "all alike"
    return "works against the rest" if value < 0 else next(says for bound, says in VERDICTS if value >= bound)


def bias(said: np.ndarray, given: np.ndarray) -> float:
    """The mean of said less given: above zero, people rate themselves too high.

    Over- and underconfidence in the calibration literature (Lichtenstein, Fischhoff and Phillips, in Judgment
    under Uncertainty, 1982).
    """
    return float(np.mean(said - given)) if len(said) else np.nan


def squared_error(said: np.ndarray, given: np.ndarray) -> float:
    """The mean square of said less given, both as shares of 1: the form of the Brier score.

    There (Monthly Weather Review 78, 1950) a forecast meets an outcome of 0 or 1; here both are shares of points.
    """
    return float(np.mean((said - given) ** 2)) if len(said) else np.nan


def calibration(said: np.ndarray, given: np.ndarray, groups: np.ndarray) -> float:
    """The mean square of (mean said less mean given) over groups of like ratings, weighted by their sizes.

    The reliability term of Murphy's partition of the Brier score (Journal of Applied Meteorology 12, 1973): 0 when
    each level of self-rating earns, on average, just what it says.
    """
    names, places = np.unique(groups, return_inverse=True)
    gaps = [bias(said[places == place], given[places == place]) for place in range(len(names))]
    sizes = np.bincount(places, minlength=len(names))
    return float(np.sum(sizes * np.square(gaps)) / len(said)) if len(said) else np.nan


def interval(
    statistic: Callable[[np.ndarray, np.ndarray], float], said: np.ndarray, given: np.ndarray,
    rounds: int = 500, seed: int = 1,
) -> tuple[float, float]:  # fmt: skip
    """Where 95 in 100 values of `statistic` fall when the pairs are drawn anew, with replacement.

    The percentile bootstrap (Efron, Annals of Statistics 7, 1979), from a fixed seed, so that the same class gives
    the same interval. (nan, nan) below five pairs.
    """
    if len(said) < 5:
        return np.nan, np.nan
    draws = np.random.default_rng(seed).integers(len(said), size=(rounds, len(said)))
    low, high = np.nanpercentile([statistic(said[draw], given[draw]) for draw in draws], (2.5, 97.5))
    return float(low), float(high)
