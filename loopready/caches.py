"""Caches: the share of reads that one answers for its size, and what the database sees while it fills.

Reads are independent, and an item is asked for by its popularity, which falls as 1/rank^exponent (Zipf's law). For web
requests Breslau and others counted exponents from 0.64 to 0.83: "Web Caching and Zipf-like Distributions", INFOCOM
1999. For LRU, a cache that gives up the item that was not used for longest, the ratio is the approximation of Che, Tung
and Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20(7), 2002: an item is there if it was read within the last T
reads, T such that the cache is full on average. Fricker, Robert and Roberts (ITC 24, 2012) explain why it is so close.
"""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from loopready.scaling import share_of_top

__all__ = [
    "best_hit_ratio",
    "different",
    "lru_hit_ratio",
    "lru_size",
    "missed",
    "popularity",
    "reads",
]


def popularity(items: int, exponent: float = 1.0) -> np.ndarray:
    """The share of all reads that goes to each item, the most popular first; shape (items,), adding up to 1."""
    _whole(items, 1, "items")
    if not exponent >= 0:
        raise ValueError(f"the exponent is 0 for equal popularity, or above; got {exponent}")
    shares = 1 / np.arange(1, items + 1) ** exponent
    return shares / shares.sum()


def reads(number: int, items: int, exponent: float = 1.0, seed: int = 1) -> np.ndarray:
    """The items that `number` reads ask for, 0 the most popular one; shape (number,)."""
    _whole(number, 0, "reads")
    chance = np.random.default_rng(seed).random(number)
    return np.searchsorted(np.cumsum(popularity(items, exponent))[:-1], chance, side="right")


def best_hit_ratio(size: int, items: int, exponent: float = 1.0) -> float:
    """The share of reads answered by a cache that always holds the `size` most popular items.

    No cache that cannot see ahead does better. With exponent 1 it is a ratio of harmonic numbers.

    >>> round(best_hit_ratio(1, 3), 4)  # 1 / (1 + 1/2 + 1/3)
    0.5455
    """
    _check(size, items, exponent)
    return float(share_of_top(size / items, items, exponent))


def lru_hit_ratio(size: int, items: int, exponent: float = 1.0) -> float:
    """The share of reads answered by an LRU cache of `size` items, by Che's approximation.

    >>> round(lru_hit_ratio(10_000, 100_000), 2)
    0.74
    """
    _check(size, items, exponent)
    groups = _groups(items, exponent)
    return 1.0 if size == items else _hits(groups, _last(lambda last: _held(groups, last), size))


def lru_size(ratio: float, items: int, exponent: float = 1.0) -> int:
    """The items that an LRU cache has to hold to answer `ratio` of the reads, by the same approximation.

    >>> lru_size(0.5, 1_000, exponent=0)
    500
    """
    if not 0 < ratio < 1:
        raise ValueError(f"a hit ratio to reach lies between 0 and 1; got {ratio}")
    groups = _groups(items, exponent)
    return round(_held(groups, _last(lambda last: _hits(groups, last), ratio)))


def different(number: int, items: int, exponent: float = 1.0) -> float:
    """The mean number of different items that `number` reads ask for.

    It is what a cache that started empty has missed by then, as long as it has evicted nothing. An item is left out by
    all the reads with chance (1 - its share)^number, so this is exact for independent reads.

    >>> different(2, 2, exponent=0)
    1.5
    """
    _whole(number, 0, "reads")
    left_out = (1 - popularity(items, exponent)) ** number
    return float((1 - left_out).sum())


def missed(
    size: int, items: int, exponent: float = 1.0, number: int = 200_000, full: bool = True, seed: int = 1
) -> np.ndarray:
    """Whether each of `number` reads missed a real LRU cache of `size` items; shape (number,).

    With `full` the cache begins as it would be after reads without end, else empty. The order of last reads is then a
    size-biased one, as if each item had waited an exponential time: Donnelly, "The Heaps Process, Libraries, and
    Size-biased Permutations", J. Appl. Prob. 28, 1991.
    """
    _check(size, items, exponent)
    cache: OrderedDict[int, None] = OrderedDict()
    if full:
        ages = np.random.default_rng([seed, 1]).exponential(1 / popularity(items, exponent))
        cache = OrderedDict.fromkeys(np.argsort(ages)[:size][::-1].tolist())
    found = np.zeros(number, dtype=bool)
    for place, item in enumerate(reads(number, items, exponent, seed).tolist()):
        if item in cache:
            cache.move_to_end(item)
            found[place] = True
        else:
            cache[item] = None
            if len(cache) > size:
                cache.popitem(last=False)
    return ~found


_Groups = tuple[
    np.ndarray, np.ndarray
]  # items in each group, and the share of reads that goes to each item of it


def _groups(items: int, exponent: float) -> _Groups:
    """Items of nearly one popularity, taken together: each of the first 2,000 alone, then a thousandth of its rank.

    So twenty million items are summed as ten thousand groups. An item has the share in the middle of its group.
    """
    if not exponent >= 0:
        raise ValueError(f"the exponent is 0 for equal popularity, or above; got {exponent}")
    _whole(items, 1, "items")
    ends = [rank := 0]
    while rank < items:
        rank = min(items, rank + max(1, rank // 1_000))
        ends.append(rank)
    counts = np.diff(ends)
    weights = 1 / (ends[1:] - (counts - 1) / 2) ** exponent
    return counts, weights / (counts * weights).sum()


def _held(groups: _Groups, last: float) -> float:
    """The mean number of different items among the last `last` reads."""
    counts, shares = groups
    return float(-(counts * np.expm1(-shares * last)).sum())


def _hits(groups: _Groups, last: float) -> float:
    """The share of reads whose item was also among the last `last` reads."""
    counts, shares = groups
    return float(-(counts * shares * np.expm1(-shares * last)).sum())


def _last(grows: Callable[[float], float], target: float) -> float:
    """Where a function that grows from 0 reaches `target`, by halving."""
    low, high = 0.0, 1.0
    while grows(high) < target:
        low, high = high, 2 * high
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if grows(middle) < target else (low, middle)
    return high


def _check(size: int, items: int, exponent: float) -> None:
    _whole(items, 1, "items")
    _whole(size, 1, "size")
    if size > items:
        raise ValueError(f"a cache holds at most all {items} items; got {size}")
    if not exponent >= 0:
        raise ValueError(f"the exponent is 0 for equal popularity, or above; got {exponent}")


def _whole(value: int, least: int, name: str) -> None:
    if value < least or value != int(value):
        raise ValueError(f"{name}: a whole number from {least} up; got {value}")
