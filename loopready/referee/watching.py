"""Ends a box that takes too much memory, puts one that crowds the processors behind, and takes its folder away."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
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

    While it has a crowd of threads at work, they get what others leave of the processors. With `session`, what is left
    of the session that its process began is ended as well.
    """
    pause = PAUSE
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(pause)
            break
        begun = time.monotonic()
        much = taken(process.pid, most) > most or _left() < FLOOR
        behind(process.pid)
        # To look takes its time, of which the box is to keep most.
        pause = max(PAUSE, 10 * (time.monotonic() - begun))
        if much:
            process.took_too_much = True
            process.kill()
    if session:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def taken(pid: int, most: int) -> int:
    """Bytes in memory of a process and all that it has started; above `most`, pages that they share count once."""
    tree = list(_tree(pid))
    whole = sum(map(_resident, tree))
    # Copies of one process share most of their pages; to count each once takes much longer.
    return whole if whole <= most else sum(map(_share, tree))


def behind(pid: int) -> bool:
    """Let a crowd of threads at work, of a process and all that it has started, wait for others'; whether it is one."""
    threads = [thread for one in _tree(pid) for thread in _threads(one)]
    crowd = sum(map(_is_at_work, threads)) > CROWD
    for thread in threads if crowd else ():
        with contextlib.suppress(OSError):
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
        # Where sessions share the processors evenly, it is their sessions that have to wait.
        with contextlib.suppress(OSError):
            Path(f"/proc/{thread}/autogroup").write_text("19")
    return crowd


def _threads(pid: int) -> list[int]:
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def _is_at_work(thread: int) -> bool:
    with contextlib.suppress(OSError):
        # The name before it may have anything in it.
        return Path(f"/proc/{thread}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"R"
    return False


CROWD = 4  # threads of a box at work at once, from which on they wait for all others
PAUSE = 0.2  # seconds between two looks
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
