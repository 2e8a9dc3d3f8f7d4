"""How long the way into a box takes on this machine, measured, since machines differ by a factor of five."""

import functools
import os
import socket
import time
from collections.abc import Callable

from loopready.referee.inside import Inside
from loopready.referee.processors import stay, staying
from loopready.referee.seats import Outside
from loopready.referee.wire import Closed, Line

__all__ = ["slack", "way"]

CALLS = (
    80_000  # that a case may make for each second of its time, those that its arguments are asked included
)
LEAST, MOST = 2.0, 3.5


@functools.cache
def slack() -> float:
    """Times its seconds that a case may take here, since each call has a way to go, which counts as much."""
    return min(max(LEAST, 1 + CALLS * way()), MOST)


def way(calls: int = 100, rounds: int = 4) -> float:
    """Seconds of processor time that a call takes this side on its way: in the fastest of some `rounds` of `calls`.

    It is made into a fork of this process, as a box is one of its zygote.
    """
    ours, theirs = socket.socketpair()
    with staying() as processor:
        child = os.fork()
        if child == 0:
            ours.close()
            _answer(theirs, processor)
        theirs.close()
        session = Outside(Line(ours))
        try:
            return min(_timed(lambda: session.ask("known", None, []), calls) for _ in range(rounds))
        finally:
            ours.close()
            os.waitpid(child, 0)


def _timed(call: Callable[[], object], times: int) -> float:
    began = time.thread_time()
    for _ in range(times):
        call()
    return (time.thread_time() - began) / times


def _answer(line: socket.socket, processor: int | None) -> None:
    """In the fork: answer until the other side hangs up; never returns."""
    try:
        stay(processor)
        Inside(Line(line), {}).serve()
    except Closed:
        pass
    finally:
        os._exit(0)
