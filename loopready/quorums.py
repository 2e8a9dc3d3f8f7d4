"""Quorums: what a read may miss when a write waits for some copies and a read asks some.

Interviewers say N, W and R for `copies`, `written` and `read`. Sources: quorums by overlap are Gifford's, "Weighted
Voting for Replicated Data", SOSP 1979; the chance that a random read misses them is equation 1 of Bailis et al.,
"Probabilistically Bounded Staleness for Practical Partial Quorums", PVLDB 5(8), 2012. Times are Pint quantities.
"""

from math import comb, exp

import numpy as np

from loopready.units import Quantity, bare, quantity, second

__all__ = ["available", "simulated_stale_share", "stale_share", "waiting"]


def stale_share(
    copies: int, written: int, read: int, since: Quantity = 0 * second, lag: Quantity = 1 * second
) -> float:
    """The share of reads that miss a write which was confirmed `since` ago; `lag` is the mean time to a copy.

    Right after the write it is the chance that all copies asked are among the `copies - written` that lack it. Each
    of those gets it after an exponential time, which does not remember how long it has been under way, so each still
    lacks it with chance exp(-since/lag). None is missed when written + read exceeds copies.

    >>> round(stale_share(3, 1, 1), 3)
    0.667
    """
    _quorum(copies, written=written, read=read)
    late = comb(copies - written, read) / comb(copies, read)
    return late * exp(-read * bare(since, second) / _lag(lag))


def simulated_stale_share(
    copies: int, written: int, read: int, since: Quantity, lag: Quantity, reads: int = 100_000, seed: int = 1
) -> float:
    """The share of `reads` simulated reads that found no copy with the write, each after a write of its own.

    A write leaves for all copies at once and is confirmed when `written` have it; the read asks `read` at random.
    """
    _quorum(copies, written=written, read=read)
    draw = np.random.default_rng(seed)
    arrives = draw.exponential(_lag(lag), (reads, copies))
    confirmed = np.sort(arrives, axis=1)[:, written - 1]
    asked = np.argsort(draw.random((reads, copies)), axis=1)[:, :read]
    first = np.take_along_axis(arrives, asked, axis=1).min(axis=1)
    return float(np.mean(first > confirmed + bare(since, second)))


def waiting(copies: int, needed: int, lag: Quantity) -> Quantity:
    """The mean time until the `needed` fastest of `copies` have answered, each after an exponential time of mean `lag`.

    The order statistics of exponential times: lag * (1/N + 1/(N-1) + ...), with `needed` terms (Renyi, 1953).

    >>> round(waiting(3, 3, 6 * second).m_as(second), 6)
    11.0
    """
    _quorum(copies, needed=needed)
    return sum(1 / (copies - faster) for faster in range(needed)) * quantity(lag, second, "lag")


def available(copies: int, needed: int, up: float) -> float:
    """The chance that at least `needed` of `copies` are up, each by itself with chance `up`: a binomial tail.

    >>> round(available(3, 2, 0.99), 6)
    0.999702
    """
    _quorum(copies, needed=needed)
    if not 0 <= up <= 1:
        raise ValueError(f"up is a chance, from 0 to 1; got {up}")
    return sum(comb(copies, n) * up**n * (1 - up) ** (copies - n) for n in range(needed, copies + 1))


def _quorum(copies: int, **numbers: int) -> None:
    if copies < 1 or copies != int(copies):
        raise ValueError(f"copies are counted 1, 2, 3, ...; got {copies}")
    for name, number in numbers.items():
        if not 1 <= number <= copies or number != int(number):
            raise ValueError(f"{name} is a number of copies, from 1 to {copies}; got {number}")


def _lag(lag: Quantity) -> float:
    seconds = bare(lag, second)
    if seconds <= 0:
        raise ValueError(f"lag is a time above 0; got {lag}")
    return seconds
