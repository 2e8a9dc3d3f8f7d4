"""The way to the referee's own process, which holds one trial after the other; see `court`."""

import json
import os
import select
import struct
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

from loopready.course import CourseError
from loopready.referee.trial import Job, Verdict

__all__ = ["HEAD", "TrialError", "tried"]

LARGEST = 400 * 2**20  # bytes of a verdict
HEAD = struct.Struct("!I")


class TrialError(CourseError):
    """A trial that came to no verdict; the message is one line."""


def tried(job: Job, uncontained: bool = False) -> Verdict:
    """The verdict on a job, from a process of its own; `uncontained` goes on where no walls can be had.

    Raises TrialError when there is no verdict.
    """
    patience = 2 * job.limits.notebook_seconds + 60 * (1 + sum(step.kind == "tests" for step in job.steps))
    said = _bench().ask({"job": asdict(job), "uncontained": uncontained}, patience)
    if "error" in said:
        raise TrialError(said["error"])
    return Verdict(**said["verdict"])


class _Bench:
    """One court, and the pipes to and from it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "loopready.referee.court"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("LOOPREADY_DEBUG") else subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            # A terminal's Ctrl-C is for the one who grades.
            start_new_session=True,
        )

    @property
    def lives(self) -> bool:
        """Whether it can be asked from this process."""
        return self.owner == os.getpid() and self._process.poll() is None

    def ask(self, what: dict[str, Any], patience: float) -> dict[str, Any]:
        """Its answer, within so many seconds. Raises TrialError."""
        data = json.dumps(what).encode()
        try:
            self._process.stdin.write(HEAD.pack(len(data)) + data)
            self._process.stdin.flush()
            deadline = time.monotonic() + patience
            (length,) = HEAD.unpack(self._read(HEAD.size, deadline))
            if length > LARGEST:
                raise TrialError(f"the verdict has {length:,} bytes, more than can be kept")
            return json.loads(self._read(length, deadline))
        except OSError as error:
            raise TrialError("the referee's process has ended; nothing is graded") from error
        except BaseException:
            # What it is at is not asked for any more.
            self.end()
            raise

    def _read(self, count: int, deadline: float) -> bytes:
        parts, pipe = [], self._process.stdout.fileno()
        while count:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise TrialError("the referee came to no verdict in time; nothing is graded")
            part = os.read(pipe, min(count, 2**20))
            if not part:
                raise TrialError("the referee's process has ended; nothing is graded")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        """End it, and whatever it is at."""
        self._process.kill()
        self._process.wait()


_benches: list[_Bench] = []


def _bench() -> _Bench:
    if not _benches or not _benches[0].lives:
        _benches[:] = [_Bench()]
    return _benches[0]
