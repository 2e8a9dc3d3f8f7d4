"""What a case may use: its share of time, and a stderr of its own."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import TextIO

__all__ = ["PATIENCE", "OutOfTime", "budget", "caught", "patience"]

# Times the budget that a case may wait for a busy machine, or sleep, before it is stopped all the same.
PATIENCE = 3

# The modules that close a case: an alarm that comes while they do must not break out of the closing.
_CLOSING = {__name__, "loopready.checks", "contextlib"}


class OutOfTime(BaseException):
    """A case ran out of its time budget. Not an Exception, so that an answer's `except Exception` lets it through."""


def patience() -> float:
    """PATIENCE, and up to four times that where several processes wait for each processor.

    So that honest work loses nothing on a machine that is busy with other things.
    """
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1
    return PATIENCE * min(max(waiting, 1), 4)


@contextlib.contextmanager
def budget(seconds: float, patience: float = PATIENCE) -> Iterator[None]:
    """Raise OutOfTime in the block once it has worked for `seconds`, or been there for `patience` times as long.

    Work is counted in processor time, so that a busy machine takes nobody's points. Without a main thread or
    SIGALRM there is no limit here.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    worked, deadline = time.thread_time() + 0.95 * seconds, time.monotonic() + patience * seconds

    def ring(signum: int, frame: FrameType | None) -> None:
        over = time.thread_time() >= worked or time.monotonic() >= deadline
        if over and frame is not None and frame.f_globals.get("__name__") not in _CLOSING:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    # The second number rings again, for an answer that swallows everything, `except:` included.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def caught(stream: TextIO, into: TextIO) -> Iterator[None]:
    """Send what is written to `stream` `into` another, also by those who took hold of it before.

    A logging handler keeps the stream of the day it was made, and so escapes a redirection. Only a stream written
    in Python, as a kernel's is, can be caught like this; any other is left alone.
    """
    try:
        stream.write = into.write
    except AttributeError:
        yield
        return
    try:
        yield
    finally:
        del stream.write
