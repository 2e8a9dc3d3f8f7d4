"""Consistent hashing: which machine keeps a key, and how many keys move when a machine joins.

Sources: the ring is Karger et al.'s, "Consistent Hashing and Random Trees", STOC 1997; several points for each machine,
its virtual nodes, are in DeCandia et al., "Dynamo: Amazon's Highly Available Key-value Store", SOSP 2007, section 4.2.
Points that hashing spreads evenly cut the ring as random points cut a line: Pyke, "Spacings", JRSS B 27 (1965).
"""

from hashlib import sha256
from math import sqrt

import numpy as np

__all__ = [
    "PLACES",
    "fullest",
    "moved_by_modulo",
    "moved_by_ring",
    "owners",
    "position",
    "ring",
    "shares",
    "spread",
]

PLACES = 2**32  # around the ring


def position(text: str) -> int:
    """The place of a text on the ring, from 0 to below PLACES: the first four bytes of its SHA-256.

    >>> position("anna") == position("anna") < PLACES
    True
    """
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big")


def ring(machines: int, points: int, name: str = "machine") -> tuple[np.ndarray, np.ndarray]:
    """The places of all points in ascending order, and the machine at each; both have shape (machines * points,)."""
    _count(machines, "machines")
    _count(points, "points")
    places = _positions(f"{name}-{machine}#{point}" for machine in range(machines) for point in range(points))
    order = np.argsort(places, kind="stable")
    return places[order], np.repeat(np.arange(machines), points)[order]


def owners(keys: np.ndarray, places: np.ndarray, machines: np.ndarray) -> np.ndarray:
    """The machine of each place in `keys`: that of the first point at or after it, the first of all beyond the last."""
    return machines[np.searchsorted(places, keys) % len(places)]


def shares(machines: int, points: int, name: str = "machine") -> np.ndarray:
    """The part of the ring that each machine owns, shape (machines,), adding up to 1."""
    places, owner = ring(machines, points, name)
    arcs = np.diff(places, prepend=places[-1] - PLACES)
    return np.bincount(owner, weights=arcs, minlength=machines) / PLACES


def spread(machines: int, points: int) -> float:
    """The standard deviation of a machine's share, as a part of the even share 1/machines.

    With n machines of v points each, the n*v arcs are uniform spacings, so a share is Beta(v, (n - 1)v) distributed.

    >>> round(spread(10, 100), 3)
    0.095
    """
    _count(machines, "machines")
    _count(points, "points")
    return sqrt((machines - 1) / (machines * points + 1))


def fullest(machines: int) -> float:
    """The expected share of the fullest machine with one point each, in even shares: 1 + 1/2 + ... + 1/machines.

    The longest of n uniform spacings: David and Nagaraja, *Order Statistics*, section 6.4.

    >>> round(fullest(10), 2)
    2.93
    """
    _count(machines, "machines")
    return sum(1 / rank for rank in range(1, machines + 1))


def moved_by_modulo(machines: int, keys: int = 20_000) -> float:
    """The share of `keys` keys that change machine when one joins `machines`, and a key is on hash modulo machines.

    A key stays when both remainders agree, which over all hashes is one in `machines` + 1.
    """
    _count(machines, "machines")
    places = _keys(keys)
    return float(np.mean(places % machines != places % (machines + 1)))


def moved_by_ring(machines: int, points: int = 100, keys: int = 20_000, name: str = "machine") -> float:
    """The share of `keys` keys that change machine when one joins `machines` on a ring of `points` points each.

    Only the newcomer's keys move, so on average it is one in `machines` + 1.
    """
    places = _keys(keys)
    before, after = (owners(places, *ring(size, points, name)) for size in (machines, machines + 1))
    return float(np.mean(before != after))


def _keys(number: int) -> np.ndarray:
    _count(number, "keys")
    return _positions(f"key-{key}" for key in range(number))


def _positions(texts) -> np.ndarray:
    return np.fromiter(map(position, texts), dtype=np.int64)


def _count(value: int, name: str) -> None:
    if value < 1 or value != int(value):
        raise ValueError(f"{name} are counted 1, 2, 3, ...; got {value}")
