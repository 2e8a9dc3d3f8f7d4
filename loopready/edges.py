"""A content delivery network: how many requests still reach the origin, with copies at the edges and behind them.

An edge location asks further back once for each object that it is asked for, and keeps the answer. How many of `edges`
locations are asked at least once, by `views` requests that each reach one of them at random, is the classical
occupancy problem: Feller, *An Introduction to Probability Theory and Its Applications*, volume 1, section IV.2.
Caches that are too small for their objects, and forget some, are another question and are left out here.
"""

import numpy as np

__all__ = ["edges_asked", "offload", "simulated_origin_requests"]


def edges_asked(views: float, edges: int) -> float:
    """The mean number of `edges` that are asked at least once by `views` requests spread over them at random.

    edges * (1 - (1 - 1/edges) ** views), one less the chance that a location is passed over each time.

    >>> round(edges_asked(1000, 200))
    199
    """
    _views(views)
    return _edges(edges) * (1 - (1 - 1 / edges) ** views)


def offload(views: float, edges: int, shield: bool = False) -> float:
    """The mean share of `views` requests for one object that never reach the origin.

    Each edge asks once. With a `shield`, one cache that all edges ask, the origin sends the object once in all.

    >>> offload(100, 1)
    0.99
    """
    return 1 - (1 if shield else edges_asked(views, edges)) / _views(views)


def simulated_origin_requests(
    views: int, edges: int, shield: bool = False, objects: int = 400, seed: int = 1
) -> float:
    """Requests for one object that reach the origin, the mean of `objects` objects with `views` requests each.

    Each request reaches an edge drawn at random. An edge without the object asks the shield, or the origin where there
    is none, and keeps what it gets; so does the shield.
    """
    _edges(edges)
    draw = np.random.default_rng(seed)
    asked = draw.integers(edges, size=(objects, _views(views)))
    reached = 0
    for requests in asked:
        held: set[int] = set()
        at_shield = False
        for edge in requests.tolist():
            if edge in held:
                continue
            held.add(edge)
            reached += not (shield and at_shield)
            at_shield = True
    return reached / objects


def _views(views: float) -> float:
    if views < 1:
        raise ValueError(f"views are counted, from 1 up; got {views}")
    return views


def _edges(edges: int) -> int:
    if edges < 1 or edges != int(edges):
        raise ValueError(f"edges are counted 1, 2, 3, ...; got {edges}")
    return edges
