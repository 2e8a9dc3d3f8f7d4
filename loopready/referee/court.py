"""The referee's own process: a job comes in, a trial of it is held in a fork, its verdict goes out.

A process of its own, so that its limits, its alarms and its random numbers are nobody else's, and so that whatever a
learner's answer makes of a trial ends with it. A trial that hangs where no alarm is heard is ended from here, and held
again with the case in which it hung as one that has run out of time.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from loopready.course import CourseError
from loopready.referee.bench import HEAD
from loopready.referee.boxes import Limits
from loopready.referee.trial import Job, Place, Step, held, modules

MEMORY = 6 * 2**30  # bytes of address space that a trial may take
GRACE = 5.0  # seconds beyond its time after which a case that does not end is ended from outside
RESTARTS = 20  # cases of one submission that may have to be


def main() -> None:
    """Hold the trials that come on stdin, until nobody is there."""
    # What a test prints is caught; what a library writes past Python goes nowhere.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    court = _Court()
    try:
        while head := sys.stdin.buffer.read(HEAD.size):
            asked = json.loads(sys.stdin.buffer.read(*HEAD.unpack(head)))
            said = json.dumps(court.answer(_job(asked["job"]), asked["uncontained"])).encode()
            out.write(HEAD.pack(len(said)) + said)
            out.flush()
    except BrokenPipeError:
        pass
    finally:
        court.end()


def _job(data: dict[str, Any]) -> Job:
    many = {name: tuple(data[name]) for name in ("given", "loose", "together", "modules")}
    files = tuple(map(tuple, data["files"]))
    steps = tuple(Step(**step) for step in data["steps"])
    return Job(**(data | many | {"steps": steps, "files": files, "limits": Limits(**data["limits"])}))


class _Court:
    """What stays from one trial to the next: what was imported, here and in the zygote."""

    def __init__(self) -> None:
        from loopready.referee.forks import Zygote

        self._new, self._modules = Zygote, ()
        self.zygote: Zygote | None = None

    def end(self) -> None:
        """End the zygote."""
        if self.zygote is not None:
            self.zygote.end()

    def answer(self, job: Job, uncontained: bool) -> dict[str, Any]:
        """The verdict, or the error that there is none."""
        try:
            start = self._start(job, uncontained)
        except CourseError as error:
            return {"error": str(error)}
        overdue: set[Place] = set()
        with tempfile.TemporaryDirectory(prefix="loopready-") as folder:
            for _ in range(RESTARTS):
                said = _in_a_fork(partial(_tried, job, start, Path(folder), frozenset(overdue)))
                if "overdue" not in said:
                    return said
                overdue.add(tuple(said["overdue"]))
        return {"error": f"more than {RESTARTS} cases had to be ended from outside; nothing is graded"}

    def _start(self, job: Job, uncontained: bool) -> Callable:
        from loopready.referee import walls

        if not walls.way():
            walls.required(uncontained)
            return partial(walls.uncontained, files=job.files)
        if self.zygote is None or self._modules != job.modules:
            self.end()
            self.zygote, self._modules = self._new(job.modules, job.limits), job.modules
        for name in ("loopready.referee.science", "loopready.units", "numpy", *modules(job)):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        self.zygote.settle()
        return partial(self.zygote.start, files=job.files)


def _tried(
    job: Job, start: Callable, folder: Path, overdue: frozenset[Place], say: Callable
) -> dict[str, Any]:
    """In the fork: the trial, held in a folder with the course's data in it."""
    import resource
    from dataclasses import asdict

    from loopready.referee.walls import laid_out

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    laid_out(job.files, folder)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        return {"verdict": asdict(held(job, start, overdue, lambda *at: say({"at": at})))}
    except CourseError as error:
        return {"error": str(error)}


def _in_a_fork(do: Callable[[Callable], dict[str, Any]]) -> dict[str, Any]:
    """What `do` comes to in a process of its own; {"overdue": place} where that had to be ended."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _do(do, os.fdopen(theirs, "w"))
    os.close(theirs)
    said, place, deadline = b"", None, None
    try:
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            ready, _, _ = select.select([ours, 0], [], [], left)
            if 0 in ready:
                sys.exit()  # whoever asked has gone
            if not ready:
                return {"overdue": place}
            part = os.read(ours, 2**20)
            if not part:
                return {"error": "the referee's trial ended without a verdict; nothing is graded"}
            *lines, said = (said + part).split(b"\n")
            for line in map(json.loads, lines):
                if "at" not in line:
                    return line
                *place, seconds = line["at"]
                deadline = None if seconds is None else time.monotonic() + seconds + GRACE
    finally:
        os.close(ours)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _do(do: Callable, out: Any) -> None:
    def say(what: dict[str, Any]) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    try:
        if sys.platform == "linux":
            from loopready.referee.kernel import die_with_parent

            die_with_parent()
        say(do(say))
    except BaseException as error:
        say({"error": f"the referee failed ({type(error).__name__}: {str(error)[:300]}); nothing is graded"})
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
