"""The hiring funnel: how many to start with for a number of hires, with luck in it, and the hours that it takes.

A candidate who starts is hired with the product of all pass rates, so the number started until the last hire is a
negative binomial variable: its mean and spread are in any textbook, for instance Feller, *An Introduction to
Probability Theory and Its Applications*, volume 1, chapter VI.8. Rates are plain numbers from 0 to 1.
"""

from collections.abc import Sequence
from math import comb, prod, sqrt

import numpy as np

from loopready.process.stages import STAGES
from loopready.units import Quantity, hour

__all__ = [
    "BEST",
    "WORST",
    "chance",
    "deviation",
    "expected_starters",
    "hours_by_stage",
    "simulated_starters",
    "starters_for",
]

# The ends of the process guide's pass rates, in the order of the stages. One account of one kind of role.
WORST = tuple(stage.low for stage in STAGES)
BEST = tuple(stage.high for stage in STAGES)


def expected_starters(hires: int, rates: Sequence[float]) -> float:
    """The mean number of candidates to start with until `hires` have passed every one of `rates`.

    >>> round(expected_starters(6, (0.5, 0.6, 0.2)))
    100
    """
    return _hires(hires) / _whole(rates)


def deviation(hires: int, rates: Sequence[float]) -> float:
    """The standard deviation of that number: sqrt(hires * (1 - p)) / p, p the product of the rates."""
    passing = _whole(rates)
    return sqrt(_hires(hires) * (1 - passing)) / passing


def chance(hires: int, starters: int, rates: Sequence[float]) -> float:
    """The chance that `starters` candidates give at least `hires`: the tail of a binomial distribution.

    >>> round(chance(1, 10, (0.5, 0.2)), 3)
    0.651
    """
    passing = _whole(rates)
    short = (comb(starters, n) * passing**n * (1 - passing) ** (starters - n) for n in range(_hires(hires)))
    return 1 - sum(short)


def starters_for(hires: int, rates: Sequence[float], confidence: float = 0.9) -> int:
    """The fewest candidates that give at least `hires` with a chance of `confidence`, which is from 0 to below 1."""
    if not 0 <= confidence < 1:
        raise ValueError(f"confidence is a chance, from 0 to below 1; got {confidence}")
    starters = _hires(hires)
    while chance(hires, starters, rates) < confidence:
        starters += 1
    return starters


def simulated_starters(hires: int, rates: Sequence[float], years: int = 4_000, seed: int = 1) -> np.ndarray:
    """How many candidates started until the last hire, in each of `years` simulated years, shape (years,).

    Each candidate meets the stages one by one, and each stage draws for itself.
    """
    most = int(expected_starters(hires, rates) + 16 * deviation(hires, rates)) + 1
    draw = np.random.default_rng(seed)
    hired = np.ones((years, most), dtype=bool)
    for rate in rates:
        hired &= draw.random((years, most), dtype=np.float32) < rate
    so_far = hired.cumsum(axis=1)
    # Sixteen standard deviations above the mean, a year that still lacks its last hire is less than one in a million.
    return (so_far < hires).sum(axis=1) + 1


def hours_by_stage(
    hires: int, rates: Sequence[float], hours: Sequence[Quantity], accepts: float = 1.0
) -> list[Quantity]:
    """The interviewers' hours that each stage takes for `hires` hires, at the mean.

    `rates` are the shares that pass each stage, `hours` what one candidate costs in it, with all interviewers and their
    notes, and `accepts` the share of offers that are taken.
    """
    left = expected_starters(hires, (*rates, accepts))
    spent = []
    for rate, each in zip(rates, hours, strict=True):
        spent.append((left * each).to(hour))
        left *= rate
    return spent


def _whole(rates: Sequence[float]) -> float:
    if not rates or not all(0 < rate <= 1 for rate in rates):
        raise ValueError(f"pass rates are shares above 0 and up to 1; got {tuple(rates)}")
    return prod(rates)


def _hires(hires: int) -> int:
    if hires < 1 or hires != int(hires):
        raise ValueError(f"hires are counted 1, 2, 3, ...; got {hires}")
    return hires
