"""What more machines, more calls and more popularity do: the shapes behind "it scales".

Sources: the Universal Scalability Law is Gunther's, *Guerrilla Capacity Planning* (2007), chapter 4; with no
coherency term it is Amdahl's law. Fan-out and the tail: Dean and Barroso, "The Tail at Scale", CACM 56(2), 2013.
Popularity by rank: Zipf's law, with the exponent given.
"""

from math import sqrt

import numpy as np

__all__ = ["best_size", "share_of_top", "slow_page_share", "speedup"]


def speedup(machines, contention: float, coherency: float = 0.0):
    """Throughput of `machines` (a number or an array) in machines' worth, by the Universal Scalability Law.

    `contention` is the share of work that queues for one thing; `coherency` the cost of each pair agreeing.

    >>> speedup(10, contention=0.0)
    10.0
    """
    _share(contention, "contention")
    _share(coherency, "coherency")
    return machines / (1 + contention * (machines - 1) + coherency * machines * (machines - 1))


def best_size(contention: float, coherency: float) -> float:
    """The number of machines after which one more makes the whole slower (the law's maximum).

    >>> round(best_size(0.03, 0.0002))
    70
    """
    _share(contention, "contention")
    if _share(coherency, "coherency") == 0:
        raise ValueError("without coherency cost there is no best size: more is never slower")
    return sqrt((1 - contention) / coherency)


def slow_page_share(calls: int, slow: float = 0.01) -> float:
    """The share of pages with at least one slow call, if each of `calls` is slow by itself with chance `slow`.

    >>> round(slow_page_share(100), 2)
    0.63
    """
    if calls < 0:
        raise ValueError(f"a page makes 0 or more calls; got {calls}")
    return 1 - (1 - _share(slow, "slow")) ** calls


def share_of_top(fraction, items: int = 1_000_000, exponent: float = 1.0):
    """The share of all reads that the most popular `fraction` of `items` takes, popularity falling as 1/rank^exponent.

    `fraction` is a number from 0 to 1, or an array of them; the answer has its shape.
    """
    popularity = 1 / np.arange(1, items + 1) ** exponent
    total = np.concatenate([[0.0], np.cumsum(popularity)])
    return total[np.rint(np.asarray(fraction) * items).astype(int)] / total[-1]


def _share(value: float, name: str) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a share, from 0 to 1; got {value}")
    return value
