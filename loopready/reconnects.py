"""Reconnects: many clients lose their connection in the same second and come back, spread over a window.

Each waits a time drawn evenly from the window, so n clients arrive at n / window a second: the order statistics of
uniform variables (David and Nagaraja, *Order Statistics*, section 2.2). While they arrive faster than connections can
be made, the line grows as in any fluid queue (Newell, *Applications of Queueing Theory*, chapter 2), and the last in
it waits for clients / rate less the window. Spreading over a random time is full jitter: Brooker, "Exponential Backoff
And Jitter" (AWS Architecture Blog, 2015). Times and rates come and go as Pint quantities.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np

from loopready.units import Quantity, connection, quantity, second

__all__ = ["Comeback", "all_back", "shortest_window", "simulated_comeback", "tries_a_second"]

PATIENCE = 10 * second  # how long a client waits for its connection, unless it is told otherwise


def tries_a_second(clients: float, window: Quantity) -> Quantity:
    """First tries a second, on average, while `clients` spread evenly over `window`, which is above zero.

    >>> f"{tries_a_second(4_000_000, 40 * second):.0f~P}"
    '100000 connection/s'
    """
    _clients(clients)
    if _seconds(window, "window") == 0:
        raise ValueError(f"a rate needs a window above zero; got {window}")
    return (clients * connection / window).to(connection / second)


def shortest_window(clients: float, rate: Quantity, patience: Quantity = PATIENCE) -> Quantity:
    """The shortest window after which nobody waits in line for more than `patience`, at `rate` connections a second.

    Clients that arrive faster than `rate` over the window leave a line of clients - rate * window behind it, and its
    last waits for clients / rate - window.

    >>> shortest_window(4_000_000, 100_000 * connection / second)
    <Quantity(30.0, 'second')>
    """
    longest = _clients(clients) / _rate(rate) - _seconds(patience, "patience")
    return max(longest, 0.0) * second


def all_back(clients: float, window: Quantity, rate: Quantity, patience: Quantity = PATIENCE) -> Quantity:
    """When the last client is connected, from the moment they all lost it; for windows in which nobody gives up.

    Raises ValueError for a window below `shortest_window`: what happens there has to be simulated.
    """
    if _seconds(window, "window") < (least := shortest_window(clients, rate, patience).m_as(second)):
        raise ValueError(f"below a window of {least:.3g} s some give up, and no formula holds; got {window}")
    return max(_clients(clients) / _rate(rate), _seconds(window, "window")) * second


@dataclass(frozen=True)
class Comeback:
    """A comeback, second by second: `tries` begun and `connected`, both shape (seconds,), for `clients` clients.

    `lasted` is the second in which the last client was connected, inf where some were not as the simulation ended.
    """

    clients: int
    tries: np.ndarray
    connected: np.ndarray
    lasted: float

    @property
    def wasted(self) -> float:
        """Tries that led to no connection, for each client."""
        return float(self.tries.sum() - self.connected.sum()) / self.clients


def simulated_comeback(
    window: Quantity,
    patience: Quantity = PATIENCE,
    growth: float = 1.0,
    clients: int = 8_000,
    rate: Quantity = 200 * connection / second,
    lasting: Quantity = 180 * second,
    seed: int = 1,
) -> Comeback:
    """`clients` who lost their connection at second 0 come back, each after a wait drawn evenly from 0 to `window`.

    Connections are made one after the other, `rate` a second, in the order in which they were tried. A client that has
    waited for `patience` gives up, and the work on its try is done all the same, since nobody tells the server. It
    draws a new wait, from a window that is `growth` times as long each time, and tries again.
    """
    wide, most, end = (
        _seconds(value, name)
        for value, name in ((window, "window"), (patience, "patience"), (lasting, "lasting"))
    )
    if growth < 1:
        raise ValueError(f"growth is a factor on the window, from 1 up; got {growth}")
    if most == 0:
        raise ValueError(f"patience is a time above zero, or nobody is ever connected; got {patience}")
    draw, each = np.random.default_rng(seed), 1 / _rate(rate)
    line = [(at, 1) for at in draw.uniform(0, wide, _clients(clients)).tolist()]
    heapify(line)
    free, tries, made = 0.0, [], []
    while line:
        at, number = heappop(line)
        if at >= end:
            break
        tries.append(at)
        free = max(free, at) + each
        if free - at <= most:
            made.append(free)
        else:
            heappush(line, (at + most + draw.random() * wide * growth**number, number + 1))
    lasted = made[-1] if len(made) == clients else inf
    return Comeback(clients, _by_second(tries, end), _by_second(made, end), lasted)


def _by_second(moments: list[float], end: float) -> np.ndarray:
    return np.histogram(moments, bins=np.arange(0, int(end) + 1))[0]


def _clients(clients: float) -> float:
    if clients < 1:
        raise ValueError(f"clients are counted, from 1 up; got {clients}")
    return clients


def _rate(rate: Quantity) -> float:
    if (number := quantity(rate, connection / second, "rate").m_as(1 / second)) <= 0:
        raise ValueError(f"rate is connections made a second, above zero; got {rate}")
    return number


def _seconds(value: Quantity, name: str) -> float:
    if (number := quantity(value, second, name).m_as(second)) < 0:
        raise ValueError(f"{name} is a time, from zero up; got {value}")
    return number
