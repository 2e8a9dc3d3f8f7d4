"""Two processes that talk by turns stay on one processor: to wake another one takes several times as long as a call."""

import contextlib
import ctypes
import os
import socket
from collections.abc import Iterator

__all__ = ["stay", "staying"]


@contextlib.contextmanager
def staying() -> Iterator[int | None]:
    """Keep this thread on a processor on which no other trial is kept; its number, or None where there is none."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    before = os.sched_getaffinity(0)
    # The one that it is on first: what it needs lies there already.
    here = _current()
    taken = None
    for number in sorted(before, key=lambda one: (one != here, one)):
        if (taken := _taken(number)) is not None:
            break
    if taken is None:
        yield None
        return
    stay(number)
    try:
        yield number
    finally:
        taken.close()
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, before)


def stay(number: int | None) -> None:
    """Keep this thread on a processor. Where that cannot be it goes on as it is, only slower."""
    with contextlib.suppress(OSError, AttributeError, TypeError, ValueError):
        os.sched_setaffinity(0, {number})


def _taken(number: int) -> socket.socket | None:
    """A processor's place, which is free again when it is closed or its process ends; None where another has it."""
    place = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        # A name of Linux's own that is no file.
        place.bind(f"\0loopready processor {number}")
    except OSError:
        place.close()
        return None
    return place


def _current() -> int | None:
    try:
        return ctypes.CDLL(None).sched_getcpu()
    except (OSError, AttributeError):
        return None
