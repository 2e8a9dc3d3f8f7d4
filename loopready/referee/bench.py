"""The way to the referee's own process, which holds the trials; see `court`."""

import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from loopready.course import CourseError
from loopready.referee.boxes import Limits
from loopready.referee.trial import Job, Verdict
from loopready.referee.wire import Closed, Line

__all__ = ["HEAD", "TrialError", "close", "ready", "tried"]

LARGEST = 400 * 2**20  # bytes of a verdict
HEAD = struct.Struct("!I")


class TrialError(CourseError):
    """A trial that came to no verdict; the message is one line."""


def ready(modules: Iterable[str], **environment: str) -> None:
    """Have the court made ready for what a week imports and draws, while this process does something else.

    Where it is not there yet, it starts with `environment` in addition to this process's own.
    """
    # Where it has ended already, the first trial starts another, and says so if that ends as well.
    with suppress(Closed):
        _court(environment).ring(_week(modules, Limits()))


def tried(job: Job, uncontained: bool = False) -> Verdict:
    """The verdict on a job, from a process of its own; `uncontained` goes on where no walls can be had.

    Raises TrialError when there is no verdict.
    """
    patience = 2 * job.limits.notebook_seconds + 60 * (1 + sum(step.kind == "tests" for step in job.steps))
    said = _line(_week(job.modules, job.limits)).ask(
        {"job": asdict(job), "uncontained": uncontained}, patience
    )
    if "error" in said:
        raise TrialError(said["error"])
    return Verdict(**said["verdict"])


def close() -> None:
    """End the court, and whatever it is at, where this process has started it."""
    for line in _lines:
        line.end()
    for court in _courts:
        court.end()
    _lines.clear()
    _courts.clear()


# What a court is made ready for: the modules and pictures of a week, and the bytes of disk that a box has.
Week = tuple[list[str], int]


def _week(modules: Iterable[str], limits: Limits) -> Week:
    return list(modules), limits.disk


class _Court:
    """The court's process, and its door; processes that are forked from this one use the same."""

    def __init__(self, environment: Mapping[str, str]):
        self.owner = os.getpid()
        ours, theirs = socket.socketpair()
        self._door = Line(ours)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "loopready.referee.court", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # What a test prints is caught; what a library writes past Python goes nowhere.
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("LOOPREADY_DEBUG") else subprocess.DEVNULL,
                # No test writes into anybody's own records.
                env={**os.environ, **environment, "PYTHONHASHSEED": "0", "LOOPREADY_MY": f"{os.devnull}/my"},
                # A terminal's Ctrl-C is for the one who grades.
                start_new_session=True,
            )

    @property
    def lives(self) -> bool:
        """Whether it can be asked, as far as this process knows."""
        return self.owner != os.getpid() or self.process.poll() is None

    def ring(self, week: Week, line: socket.socket | None = None) -> None:
        """Have it made ready for a week, and serve a line. Raises Closed when nobody is there.

        What several processes say at the door is short enough to arrive one after the other.
        """
        self._door.send([*week, line is not None], () if line is None else (line.fileno(),))

    def end(self) -> None:
        """End it; a process that was forked from the one that started it leaves it alone."""
        self._door.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


class _Line:
    """A line to a fork of the court that serves this process alone."""

    def __init__(self, week: Week):
        self.owner, self.week, self.open = os.getpid(), week, True
        self._socket, theirs = socket.socketpair()
        with theirs:
            for _ in range(2):
                try:
                    _court().ring(week, theirs)
                    return
                except Closed:
                    # It has ended, and another process may have started it.
                    _courts.clear()
        raise TrialError(
            "the referee's process does not start: set LOOPREADY_DEBUG=1 and grade again to see why"
        )

    def serves(self, week: Week) -> bool:
        """Whether it can be asked about this week, from this process."""
        if not self.open or self.owner != os.getpid() or self.week != week:
            return False
        # Nothing is said unasked, so what can be read is that the other end has gone.
        return not select.select([self._socket], [], [], 0)[0]

    def ask(self, what: dict[str, Any], patience: float) -> dict[str, Any]:
        """Its answer, within so many seconds. Raises TrialError."""
        data = json.dumps(what).encode()
        try:
            self._socket.sendall(HEAD.pack(len(data)) + data)
            deadline = time.monotonic() + patience
            (length,) = HEAD.unpack(self._read(HEAD.size, deadline))
            if length > LARGEST:
                raise TrialError(f"the verdict has {length:,} bytes, more than can be kept")
            return json.loads(self._read(length, deadline))
        except OSError as error:
            self.end()
            raise TrialError("the referee's process has ended; nothing is graded") from error
        except BaseException:
            # What it is at is not asked for any more.
            self.end()
            raise

    def _read(self, count: int, deadline: float) -> bytes:
        parts = []
        while count:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise TrialError("the referee came to no verdict in time; nothing is graded")
            part = self._socket.recv(min(count, 2**20))
            if not part:
                raise TrialError("the referee's process has ended; nothing is graded")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        """Hang up, at which the fork of the court ends with whatever it is at."""
        self.open = False
        self._socket.close()


_courts: list[_Court] = []
_lines: list[_Line] = []


def _court(environment: Mapping[str, str] = MappingProxyType({})) -> _Court:
    if not _courts or not _courts[0].lives:
        _courts[:] = [_Court(environment)]
    return _courts[0]


def _line(week: Week) -> _Line:
    if not _lines or not _courts or not _courts[0].lives or not _lines[0].serves(week):
        # One of the process that this one was forked from stays that one's.
        _lines[:] = [_Line(week)]
    return _lines[0]
