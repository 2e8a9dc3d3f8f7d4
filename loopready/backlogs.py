"""Backlogs: how many messages wait after a burst, how long the last of them waits, and when all are gone.

The formulas count what arrives and what leaves as if it flowed: the deterministic fluid queue of any textbook, for
instance Newell, *Applications of Queueing Theory* (1982), chapter 2. Rates and times come and go as Pint quantities.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from loopready.units import Quantity, message, minute, quantity, second

__all__ = ["Burst", "simulated_backlog"]


@dataclass(frozen=True)
class Burst:
    """Messages arrive at the rate `normal`, and for `lasting` at the rate `burst`; consumers take `capacity` in all.

    >>> sale = Burst(2_000 * message / second, 12_000 * message / second, 6 * minute, 4_000 * message / second)
    >>> sale.drain
    <Quantity(24.0, 'minute')>
    """

    normal: Quantity
    burst: Quantity
    lasting: Quantity
    capacity: Quantity

    def __post_init__(self) -> None:
        rate = message / second
        for name in ("normal", "burst", "capacity"):
            if quantity(getattr(self, name), rate, name).m_as(rate) < 0:
                raise ValueError(f"{name} is a rate from 0 up; got {getattr(self, name)}")
        if quantity(self.lasting, second, "lasting").m_as(second) < 0:
            raise ValueError(f"lasting is a time from 0 up; got {self.lasting}")

    @property
    def backlog(self) -> Quantity:
        """Messages that wait when the burst ends: what arrived beyond the capacity."""
        return max((self.burst - self.capacity) * self.lasting, 0 * message).to(message)

    @property
    def wait(self) -> Quantity:
        """How long the last message of the burst waits, since all before it go first; infinite without capacity."""
        if self.backlog.m == 0:
            return 0 * minute
        return (self.backlog / self.capacity).to(minute) if self.capacity.m else inf * minute

    @property
    def drain(self) -> Quantity:
        """From the end of the burst until nothing waits; infinite where the capacity is no more than normal."""
        if self.backlog.m == 0:
            return 0 * minute
        spare = self.capacity - self.normal
        return (self.backlog / spare).to(minute) if spare.m > 0 else inf * minute


def simulated_backlog(burst: Burst, lasting: Quantity, seed: int = 1) -> np.ndarray:
    """Messages that wait at the end of each second from the start of the burst on; shape (seconds + 1,), first 0.

    Each second a random number arrives and a random number can be taken, both Poisson with their rates as means.
    """
    seconds = int(quantity(lasting, second, "lasting").m_as(second))
    normal, peak, capacity = (
        each.m_as(message / second) for each in (burst.normal, burst.burst, burst.capacity)
    )
    draw = np.random.default_rng(seed)
    rates = np.where(np.arange(seconds) < burst.lasting.m_as(second), peak, normal)
    steps = draw.poisson(rates) - draw.poisson(capacity, seconds)
    # The walk, held at 0 from below: nobody takes what has not arrived.
    walk = np.concatenate([[0], np.cumsum(steps)])
    return walk - np.minimum(np.minimum.accumulate(walk), 0)
