"""Ends a box that takes too much memory, and takes its folder away once it has ended."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

__all__ = ["Started", "watched"]


class Started(Protocol):
    """A box's first process, as far as it is dealt with from outside."""

    pid: int

    def kill(self) -> None:
        """End it and all that it has started."""

    def wait(self, timeout: float | None = None) -> object:
        """Come back when it has ended. Raises subprocess.TimeoutExpired."""


def watched(process: Started, most: int, scratch: str = "", session: bool = False) -> None:
    """End the box when all of it has more than `most` bytes in memory; afterwards remove the folder `scratch`.

    With `session`, what is left of the session that its process began is ended as well.
    """
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            break
        if taken(process.pid) > most or _left() < FLOOR:
            process.took_too_much = True
            process.kill()
    if session:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def taken(pid: int) -> int:
    """Bytes in memory of a process and all that it has started, pages that they share counted once where need be."""
    tree = list(_tree(pid))
    whole = sum(map(_resident, tree))
    # Copies of one process share most of their pages; to count each once takes longer.
    return whole if whole < _PLENTY else sum(map(_share, tree))


_PLENTY = 2**30
# Bytes; memory that no process is seen to have, as in sockets, ends a box only when the machine has hardly any left.
FLOOR = 200 * 2**20


def _left() -> int:
    """Bytes of memory that the machine can still give."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return FLOOR


def _tree(pid: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield pid
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                yield from _tree(int(child))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _share(pid: int) -> int:
    """A process's own pages, and its share of those that it has in common with others."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)
