"""Retries: how much load they add, and how they keep a service down that could be up.

The load multiplier is a geometric sum. The storm is the sustained overload of Bronson and others, "Metastable Failures
in Distributed Systems" (HotOS 2021), in its smallest form: one queue, served in order, whose callers give up and ask
again while the server still works on what they gave up. Full jitter: Brooker, "Exponential Backoff And Jitter" (AWS
Architecture Blog, 2015). Retry budgets: Beyer and others, *Site Reliability Engineering* (2016), chapter 21.
Times come and go as Pint quantities; shares are plain numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

import numpy as np

from loopready.units import Quantity, quantity, request, second

__all__ = ["Storm", "load_multiplier", "recovery_time", "simulated_load", "simulated_storm"]

_QUIET = 10  # seconds before the outage, to see what an ordinary day looks like


def load_multiplier(failing: float, retries: int, layers: int = 1) -> float:
    """Tries that reach the bottom for each request at the top, if a try fails with chance `failing`, by itself.

    One layer that retries up to `retries` times makes 1 + f + f^2 + ... tries. With several layers each retries what
    the one below has given up, which is a rarer failure with the same sum.

    >>> load_multiplier(1.0, retries=2, layers=3)
    27.0
    """
    _check(failing, retries, layers)
    tries = 1.0
    for _ in range(layers):
        tries *= sum(failing**number for number in range(retries + 1))
        failing **= retries + 1
    return tries


def simulated_load(
    failing: float, retries: int, layers: int = 1, requests: int = 20_000, seed: int = 1
) -> float:
    """Mean tries at the bottom for a request at the top, counted over `requests` requests with dice for each try."""
    _check(failing, retries, layers)
    dice = np.random.default_rng(seed).random((requests, *[retries + 1] * layers))
    failed, tries = dice < failing, np.ones_like(dice)
    for _ in range(layers):
        # A try is made when all before it in its row have failed.
        made = np.cumprod(np.insert(failed[..., :-1], 0, True, axis=-1), axis=-1)
        tries, failed = (tries * made).sum(axis=-1), failed.all(axis=-1)
    return float(tries.mean())


def recovery_time(
    utilisation: float,
    retries: int = 0,
    outage: Quantity = 10 * second,
    timeout: Quantity = 1 * second,
) -> Quantity:
    """From the start of an outage until a try is answered within `timeout` again; infinite where it never is.

    Our own derivation, for the model of `simulated_storm` with retries at once. While everything fails, tries arrive at
    (1 + retries) times the usual rate, and the queue falls only by what the server does beyond that.
    The outage has to last at least (1 + retries) timeouts, so that some request fails all its tries.

    >>> f"{recovery_time(0.8):.1f~P}"
    '45.0 s'
    """
    _check_storm(utilisation, retries)
    down, patience = (quantity(each, second).m_as(second) for each in (outage, timeout))
    if down < (1 + retries) * patience:
        raise ValueError(f"the outage lasts at least (1 + retries) timeouts; got {outage} and {timeout}")
    spare = 1 - (1 + retries) * utilisation
    late = patience * utilisation * retries * (retries + 1) / 2  # each retry starts a timeout later
    return Quantity((down - patience - late) / spare if spare > 0 else inf, second)


@dataclass(frozen=True)
class Storm:
    """An outage, second by second: `tries` sent and tries `answered` in time, from `start` seconds on.

    `lasted` is the time from the start of the outage to the last failed try, in seconds; inf when tries still failed
    as the simulation ended.
    """

    start: int
    tries: np.ndarray
    answered: np.ndarray
    lasted: float


def simulated_storm(
    utilisation: float,
    retries: int = 0,
    backoff: Quantity = 0 * second,
    budget: float = inf,
    longest_wait: Quantity = inf * second,
    outage: Quantity = 10 * second,
    timeout: Quantity = 1 * second,
    capacity: Quantity = 100 * request / second,
    lasting: Quantity = 120 * second,
    seed: int = 1,
) -> Storm:
    """A server that stops for `outage`, and callers who give up after `timeout` and ask again up to `retries` times.

    Requests arrive at random, at `utilisation` of `capacity` on average, for `lasting` after the outage begins. The
    server takes tries in order, also those that were given up. What the callers may do: wait before a retry, uniform
    from 0 to `backoff`, doubled each time (full jitter); hold retries to a `budget`, a share of the requests. What the
    server may do: refuse a try at once that would wait longer than `longest_wait`.
    """
    _check_storm(utilisation, retries)
    down, patience, first, most, end = (
        quantity(each, second).m_as(second) for each in (outage, timeout, backoff, longest_wait, lasting)
    )
    rate = quantity(capacity, request / second).m_as(1 / second)
    draw = np.random.default_rng(seed)
    queue = [(sent, 0) for sent in _arrivals(utilisation * rate, end, draw)]
    free, saved, tries, answers, lasted = -inf, 0.0, [], [], 0.0
    while queue:
        sent, number = heappop(queue)
        if sent > end:
            break
        tries.append(sent)
        if number == 0:
            saved = min(saved + budget, max(10.0, budget))
        begins = max(sent, free)
        begins = down if 0 <= begins < down else begins
        if refused := begins - sent > most:
            gives_up = sent
        else:
            free = begins + 1 / rate
            gives_up = sent + patience
        if not refused and free <= gives_up:
            answers.append(free)
            continue
        lasted = max(lasted, sent)
        if number < retries and saved >= 1:
            saved -= 1
            heappush(queue, (gives_up + draw.uniform(0, first * 2**number), number + 1))
    return Storm(
        -_QUIET, _by_second(tries, end), _by_second(answers, end), lasted if lasted < end - 2 else inf
    )


def _arrivals(rate: float, end: float, draw: np.random.Generator) -> Iterator[float]:
    """Random moments from before the outage to the end, in order."""
    moments = draw.uniform(-_QUIET, end, draw.poisson(rate * (end + _QUIET)))
    return iter(np.sort(moments).tolist())


def _by_second(moments: list[float], end: float) -> np.ndarray:
    return np.histogram(moments, bins=np.arange(-_QUIET, int(end) + 1))[0]


def _check(failing: float, retries: int, layers: int) -> None:
    if not 0 <= failing <= 1:
        raise ValueError(f"failing is a share, from 0 to 1; got {failing}")
    if retries < 0 or retries % 1:
        raise ValueError(f"retries are counted 0, 1, 2, ...; got {retries}")
    if layers < 1 or layers % 1:
        raise ValueError(f"layers are counted 1, 2, 3, ...; got {layers}")


def _check_storm(utilisation: float, retries: int) -> None:
    if not utilisation > 0:
        raise ValueError(f"utilisation is what the requests take of the capacity, above 0; got {utilisation}")
    _check(0.0, retries, 1)
