"""Spikes: what waits while new instances start, second by second, and what the headroom against it costs.

The formulas take load as a fluid, as in Kleinrock, *Queueing Systems*, volume 2, section 2.7: a queue grows by what
arrives and is not served. Loads and capacities are requests a second; `headroom` is the capacity that runs over the
load that it runs for, 1.5 for half as much again.
"""

from dataclasses import dataclass

import numpy as np

from loopready.units import Quantity, quantity, request, second

__all__ = ["Spike", "longest_wait", "ramp_queue", "simulated_spike", "steepest", "step_queue"]


def step_queue(before: Quantity, after: Quantity, headroom: float, lag: Quantity) -> float:
    """The requests that wait when new instances begin to work, after a load that jumps from `before` to `after`.

    >>> step_queue(400 * request / second, 1_600 * request / second, 1.5, 180 * second)
    180000.0
    """
    return max(_rate(after) - _headroom(headroom) * _rate(before), 0.0) * _seconds(lag)


def longest_wait(before: Quantity, after: Quantity, headroom: float, lag: Quantity) -> Quantity:
    """The longest that anybody waits after such a jump, first come first served: the unserved share of the lag.

    That is whoever is served just as the new instances begin: they came when `served` of the lag had passed.
    """
    served = _headroom(headroom) * _rate(before) / _rate(after)
    return Quantity(_seconds(lag) * max(1 - served, 0.0), "second")


def steepest(before: Quantity, headroom: float, lag: Quantity) -> float:
    """The growth in requests a second, each second, up to which scaling behind by `lag` leaves nobody waiting.

    Within one lag the load may grow by what the headroom leaves; later the headroom has grown with the load.
    """
    return (_headroom(headroom) - 1) * _rate(before) / _seconds(lag)


def ramp_queue(before: Quantity, growth: float, headroom: float, lag: Quantity) -> float:
    """The longest queue while the load grows by `growth` requests a second, each second, for long enough.

    What is lacking rises from zero by `growth` until one lag has passed, and falls by (headroom - 1) * growth from
    then on. The queue is the area of that triangle.
    """
    lacking = growth * _seconds(lag) - (_headroom(headroom) - 1) * _rate(before)
    if lacking <= 0:
        return 0.0
    return headroom * lacking**2 / (2 * (headroom - 1) * growth)


@dataclass(frozen=True)
class Spike:
    """What happened in each second: requests that arrived, those that could be served, those that waited after it."""

    arrived: np.ndarray
    capacity: np.ndarray
    waiting: np.ndarray

    @property
    def longest(self) -> float:
        """The longest queue."""
        return float(self.waiting.max())

    @property
    def over(self) -> float:
        """The last second in which anything waited; 0 when nothing did."""
        seen = np.flatnonzero(self.waiting)
        return float(seen[-1] + 1) if len(seen) else 0.0


def simulated_spike(
    load: np.ndarray,
    headroom: float,
    lag: Quantity,
    per_instance: Quantity = 20 * request / second,
    seed: int | None = None,
) -> Spike:
    """The queue under `load`, the requests of each second, with instances that are ordered by it and work a lag later.

    At each moment so many instances are ordered as serve `headroom` times the load, in whole ones, and none is given
    back. With a `seed` the arrivals are random around the load; without one the load itself arrives.
    """
    each, late = _rate(per_instance), round(_seconds(lag))
    seen = np.concatenate([np.full(late, load[0]), load])[: len(load)]
    instances = np.ceil(np.round(_headroom(headroom) * np.maximum.accumulate(seen) / each, 9))
    arrived = load if seed is None else np.random.default_rng(seed).poisson(load)
    walk = np.concatenate([[0.0], np.cumsum(arrived - instances * each)])
    # Waiting is the walk above its running minimum, as in Lindley's recursion.
    waiting = (walk - np.minimum.accumulate(walk))[1:]
    return Spike(arrived, instances * each, waiting)


def _rate(value: Quantity) -> float:
    number = quantity(value, request / second, "a load").m_as(request / second)
    if number <= 0:
        raise ValueError(f"a load is above 0 requests a second; got {value}")
    return float(number)


def _seconds(value: Quantity) -> float:
    number = float(quantity(value, second, "lag").m_as(second))
    if number < 0:
        raise ValueError(f"a lag is 0 or more; got {value}")
    return number


def _headroom(value: float) -> float:
    if value < 1:
        raise ValueError(f"headroom is capacity over load, so at least 1; got {value}")
    return value
