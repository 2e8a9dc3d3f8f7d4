"""The referee's own process: jobs come in, a trial of each is held in a fork, its verdict goes out.

A process of its own, so that its limits, its alarms and its random numbers are nobody else's, and so that whatever a
learner's answer makes of a trial ends with it. It imports what a week needs once and starts the zygote; whoever grades
gets a fork of it, and a line to that. A trial that hangs where no alarm is heard is ended from here, and held again
with the case in which it hung as one that has run out of time.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from loopready.course import CourseError
from loopready.referee import kernel, walls
from loopready.referee.bench import HEAD
from loopready.referee.boxes import Limits
from loopready.referee.forks import Zygote
from loopready.referee.trial import Job, Place, Step, held, modules
from loopready.referee.ways import slack
from loopready.referee.wire import Closed, Line

MEMORY = 6 * 2**30  # bytes of address space that a trial may take
GRACE = 5.0  # seconds beyond its time after which a case that does not end is ended from outside
RESTARTS = 20  # cases of one submission that may have to be


def main() -> None:
    """Make ready for each week that is named at the door, and fork for each line handed over; until nobody is there."""
    door = Line(socket.socket(fileno=int(sys.argv[1])))
    zygote, ready_for = None, None
    with contextlib.suppress(Closed):
        while True:
            *week, has_line = door.receive(takes_descriptors=True)
            _reap()
            if zygote is None or ready_for != week or zygote.has_ended:
                if zygote is not None:
                    zygote.end()
                zygote, ready_for = _ready(*week), week
            if has_line:
                line = door.descriptors.pop(0)
                if os.fork() == 0:
                    door.close()
                    _serve(socket.socket(fileno=line), zygote)
                os.close(line)
    if zygote is not None:
        zygote.end()


def _ready(modules: list[str], disk: int) -> Zygote:
    """What every trial of a week stands on."""
    zygote = Zygote(tuple(modules), disk)
    for name in ("loopready.referee.science", "loopready.units", "numpy"):
        importlib.import_module(name)
    zygote.settle()
    slack()
    gc.collect()
    gc.freeze()
    return zygote


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _serve(line: socket.socket, zygote: Zygote) -> None:
    """In the fork: hold the trials that come over a line; never returns."""
    try:
        _die_with_parent()
        read, write = line.makefile("rb"), line.makefile("wb")
        while head := read.read(HEAD.size):
            asked = json.loads(read.read(*HEAD.unpack(head)))
            said = json.dumps(
                _answer(_job(asked["job"]), asked["uncontained"], zygote, line.fileno())
            ).encode()
            write.write(HEAD.pack(len(said)) + said)
            write.flush()
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)


def _job(data: dict[str, Any]) -> Job:
    many = {name: tuple(data[name]) for name in ("given", "loose", "together", "modules")}
    files = tuple(map(tuple, data["files"]))
    steps = tuple(Step(**step) for step in data["steps"])
    return Job(**(data | many | {"steps": steps, "files": files, "limits": Limits(**data["limits"])}))


def _answer(job: Job, uncontained: bool, zygote: Zygote, line: int) -> dict[str, Any]:
    """The verdict, or the error that there is none."""
    try:
        start = _start(job, uncontained, zygote)
    except CourseError as error:
        return {"error": str(error)}
    # For this trial and for those that come after it.
    for name in modules(job):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    overdue: set[Place] = set()
    with tempfile.TemporaryDirectory(prefix="loopready-") as folder:
        for _ in range(RESTARTS):
            said = _in_a_fork(partial(_tried, job, start, Path(folder), frozenset(overdue)), line)
            if "overdue" not in said:
                return said
            overdue.add(tuple(said["overdue"]))
    return {"error": f"more than {RESTARTS} cases had to be ended from outside; nothing is graded"}


def _start(job: Job, uncontained: bool, zygote: Zygote) -> Callable:
    if not walls.way():
        walls.required(uncontained)
        return partial(walls.uncontained, files=job.files)
    return partial(zygote.start, files=job.files)


def _tried(
    job: Job, start: Callable, folder: Path, overdue: frozenset[Place], say: Callable
) -> dict[str, Any]:
    """In the fork: the trial, held in a folder with the course's data in it."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    walls.laid_out(job.files, folder)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        return {"verdict": asdict(held(job, start, overdue, lambda *at: say({"at": at})))}
    except CourseError as error:
        return {"error": str(error)}


def _in_a_fork(do: Callable[[Callable], dict[str, Any]], asker: int) -> dict[str, Any]:
    """What `do` comes to in a process of its own; {"overdue": place} where that had to be ended.

    At the other end of `asker` somebody waits for it; when they have gone, so does this process.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _do(do, os.fdopen(theirs, "w"))
    os.close(theirs)
    said, place, deadline = b"", None, None
    try:
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            ready, _, _ = select.select([ours, asker], [], [], left)
            if asker in ready:
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
        _die_with_parent()
        say(do(say))
    except BaseException as error:
        say({"error": f"the referee failed ({type(error).__name__}: {str(error)[:300]}); nothing is graded"})
    finally:
        os._exit(0)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        kernel.die_with_parent()


if __name__ == "__main__":
    main()
