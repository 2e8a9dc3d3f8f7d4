"""Costs of capacity: a thousand requests, and how much of a day's load to pay for whether or not it is used.

The load of a day is a wave between `low` and `high`, in instances. The rule for how much to commit is that of the
newsvendor (Arrow, Harris and Marschak, "Optimal Inventory Policy", Econometrica 19, 1951): as far as the last instance
is in use for as large a share of the time as its committed price is of the price by the hour.
"""

from math import acos, cos, pi, sin

import numpy as np

from loopready.units import Quantity, bare, dollar, hour, quantity, request, second

__all__ = ["best_commitment", "cost_per_thousand", "counted_cost", "day_of_load", "mean_cost", "share_above"]


def cost_per_thousand(price: Quantity, rate: Quantity, utilisation: float | Quantity) -> Quantity:
    """What a thousand requests cost on an instance of this `price` that serves `rate` when full, at this utilisation.

    >>> print(f"{cost_per_thousand(0.36 * dollar / hour, 20 * request / second, 0.5):.2f~P}")
    0.01 USD
    """
    busy = bare(utilisation)
    if not 0 < busy <= 1:
        raise ValueError(f"utilisation is a share above 0, up to 1; got {utilisation}")
    a_second = quantity(rate, request / second, "rate") * busy
    return (1_000 * quantity(price, dollar / hour, "price") / a_second).to(dollar)


def share_above(level: float, low: float, high: float) -> float:
    """The share of the day in which the load is above `level`: that of a cosine between `low` and `high`."""
    _wave(low, high)
    middle, swing = (high + low) / 2, (high - low) / 2
    return acos(min(max((level - middle) / swing, -1.0), 1.0)) / pi


def best_commitment(low: float, high: float, discounted: float) -> float:
    """The cheapest number of instances to commit to, where a committed one costs `discounted` times the hourly price.

    >>> round(best_commitment(20, 100, 0.5))
    60
    """
    _wave(low, high)
    return (high + low) / 2 + (high - low) / 2 * cos(pi * _discounted(discounted))


def mean_cost(level: float, low: float, high: float, discounted: float) -> float:
    """The mean cost of an hour of the day, in hourly prices of one instance, with `level` instances committed.

    The rest is rented by the hour: the mean of a cosine over the part of its period in which it is above the level.
    """
    share = share_above(level, low, high)
    middle, swing = (high + low) / 2, (high - low) / 2
    above = swing * sin(pi * share) / pi + (middle - level) * share
    return _discounted(discounted) * level + above


def day_of_load(low: float, high: float, noise: float = 0.0, seed: int = 1) -> np.ndarray:
    """The load of each minute of a day, in instances, shape (1440,), highest at noon and with random `noise` on it."""
    _wave(low, high)
    minutes = np.arange(1_440)
    wave = (high + low) / 2 - (high - low) / 2 * np.cos(2 * pi * (minutes + 0.5) / 1_440)
    return wave * (1 + noise * np.random.default_rng(seed).standard_normal(1_440))


def counted_cost(level: float, load: np.ndarray, discounted: float) -> float:
    """The same as `mean_cost`, counted minute by minute over `load`."""
    return float(_discounted(discounted) * level + np.maximum(load - level, 0).mean())


def _wave(low: float, high: float) -> None:
    if not 0 <= low < high:
        raise ValueError(f"a load goes from low, 0 or more, up to high; got {low} and {high}")


def _discounted(value: float) -> float:
    if not 0 < value <= 1:
        raise ValueError(
            f"discounted is the part of the hourly price that is paid, above 0, up to 1; got {value}"
        )
    return value
