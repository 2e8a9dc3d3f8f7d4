"""Queues as a manager meets them: how long a request waits, and how many are inside.

Formulas are the standard ones of queueing theory (Little's law; the M/M/c queue with Erlang's C formula), as in any
textbook, for instance Harchol-Balter, *Performance Modeling and Design of Computer Systems*, chapters 6 and 14.
Times come and go as Pint quantities; utilisation is a plain number from 0 to below 1.
"""

from math import inf

import numpy as np

from loopready.units import Quantity, quantity, second, units

__all__ = ["in_flight", "response_time", "simulated_response_times", "wait_probability"]


def in_flight(rate: Quantity, time_inside: Quantity) -> float:
    """Little's law: the mean number of requests inside, whatever the system is and however it queues.

    >>> in_flight(200 * units.request / second, 0.25 * second)
    50.0
    """
    rate = quantity(rate, units.request / second, "rate")
    return float((rate * quantity(time_inside, second, "time_inside")).m_as(""))


def wait_probability(utilisation: float, servers: int = 1) -> float:
    """Erlang's C formula: the chance that an arrival finds all `servers` busy and must wait (M/M/c).

    >>> wait_probability(0.8)
    0.8
    """
    _check(utilisation, servers)
    offered = utilisation * servers
    # Erlang B by its recursion, which neither overflows nor loses digits, then B to C.
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked / (1 - utilisation * (1 - blocked))


def response_time(service: Quantity, utilisation: float, servers: int = 1) -> Quantity:
    """Mean time from arrival to answer: `service` plus the wait in an M/M/c queue at `utilisation`.

    One server at 80 per cent takes five times its service time:

    >>> response_time(10 * units.millisecond, 0.8).m_as("millisecond")
    50.0
    """
    service = quantity(service, second, "service")
    waiting = wait_probability(utilisation, servers) / (servers * (1 - utilisation))
    return service * round(1 + waiting, 12)


def simulated_response_times(
    service: Quantity, utilisation: float, requests: int = 20_000, seed: int = 1
) -> Quantity:
    """Response times of `requests` requests, one after the other through one server, shape (requests,).

    Arrivals and service times are drawn from exponential distributions, and each request waits for what its
    predecessor left over (Lindley's recursion), so the M/M/1 formula can be held against something that happened.
    """
    _check(utilisation, 1)
    mean = quantity(service, second, "service").m_as(second)
    draw = np.random.default_rng(seed)
    served = draw.exponential(mean, requests)
    gaps = draw.exponential(mean / utilisation, requests) if utilisation else np.full(requests, inf)
    # Lindley: W[n+1] = max(0, W[n] + S[n] - A[n+1]), which is the walk minus its running minimum.
    walk = np.concatenate([[0.0], np.cumsum(served[:-1] - gaps[1:])]) if utilisation else np.zeros(requests)
    waits = walk - np.minimum.accumulate(walk)
    return Quantity(waits + served, "second")


def _check(utilisation: float, servers: int) -> None:
    if not 0 <= utilisation < 1:
        raise ValueError(
            f"utilisation is the busy share, from 0 to below 1 (at 1 the queue never ends); got {utilisation}"
        )
    if servers < 1 or servers != int(servers):
        raise ValueError(f"servers are counted 1, 2, 3, ...; got {servers}")
