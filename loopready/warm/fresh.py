"""What a forked kernel does before its first cell, so that it is as fresh as one that was started cold."""

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterable, Mapping

_PDEATHSIG, _SUBREAPER = 1, 36  # prctl's numbers, linux/prctl.h


def freshen(environment: Mapping[str, str], folder: str, keep: Iterable[int]) -> None:
    """Take on an environment and a folder of one's own, new random states and default signals.

    Every file above stderr that is not in `keep` is closed: it is the parent's.
    """
    _close_all_but(keep)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    reseed()


def reseed() -> None:
    """Seed what a fresh interpreter seeds from the system; a fork would repeat its parent's."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _close_all_but(keep: Iterable[int]) -> None:
    last = 2
    for number in sorted({*keep, resource.getrlimit(resource.RLIMIT_NOFILE)[1]}):
        if number > last:
            os.closerange(last + 1, number)
            last = number


def limit_memory(size: int) -> None:
    """Have the system refuse memory beyond `size` bytes; 0 is no limit."""
    if size:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        size = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends (Linux)."""
    _prctl(_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    _prctl(_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
