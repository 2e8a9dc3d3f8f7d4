"""The walls around a box: bubblewrap where it is there, else namespaces and Landlock, else Landlock alone.

What holds on this machine is found out by trying, and `guarantees()` says it. A guarantee that does not hold is named;
none is taken for granted because a program of that name is installed.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from loopready.course import CourseError
from loopready.referee import kernel
from loopready.referee.boxes import Limits
from loopready.referee.surroundings import DEVICES, environment, readable, wall
from loopready.referee.watching import watched

__all__ = ["Guarantee", "NoWalls", "contained", "guarantees", "missing", "required", "uncontained", "way"]


@dataclass(frozen=True)
class Guarantee:
    """One promise of the box, whether it holds here, and by what."""

    promise: str
    holds: bool
    by: str


class NoWalls(CourseError):
    """The machine cannot contain a learner's process."""


@cache
def way() -> str:
    """How boxes are walled in here: "bubblewrap", "namespaces", "landlock" or ""; found out by trying."""
    if sys.platform != "linux":
        return ""
    for name in ("bubblewrap", "namespaces", "landlock"):
        if holds(name):
            return name
    return ""


def holds(name: str) -> bool:
    if name == "landlock":
        return kernel.landlock_version() >= 3
    if name == "namespaces" and (not shutil.which("unshare") or kernel.landlock_version() < 1):
        return False
    if name == "bubblewrap" and not shutil.which("bwrap"):
        return False
    with tempfile.TemporaryDirectory(prefix="loopready-") as scratch:
        words = [*wall(name, scratch, Limits(), ()), sys.executable, "-I", "-S", "-c", "print('in')"]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.stdout == "in\n"


def guarantees() -> list[Guarantee]:
    """What a learner's process is kept from on this machine, and by what; in the order of what matters."""
    how, version = way(), kernel.landlock_version()
    space = how in ("bubblewrap", "namespaces")
    linux = sys.platform == "linux"
    return [
        Guarantee("sees no test and no expected value", True, "they are never in it"),
        Guarantee("reads no file but Python's and the system's", bool(how), how),
        Guarantee("writes nothing outside of its own folder", bool(how), how),
        Guarantee("has no network", bool(how), "a namespace" if space else "seccomp" if how else ""),
        Guarantee("sees and signals no process outside", space or (how != "" and version >= 6), how),
        Guarantee("ends with everything it has started", space, "a namespace" if space else ""),
        Guarantee("has limits on time, on each process's memory, and on open files", True, "rlimits"),
        Guarantee("has a limit on processes", bool(how) and (os.getuid() != 0 or _other_user(how)), "rlimits"),
        Guarantee("has a limit on the memory of all its processes", linux, "a look now and then" if linux else ""),
        Guarantee("has a limit on disk", space, "a file system in memory" if space else ""),
        Guarantee("two functions of a round trip share nothing", bool(space), how if space else ""),
        Guarantee("makes no system call that notebooks have no use for", bool(how), "seccomp" if how else ""),
    ]  # fmt: skip


def missing() -> list[str]:
    """The promises that do not hold on this machine."""
    return [one.promise for one in guarantees() if not one.holds]


def required(uncontained: bool) -> None:
    """Raise NoWalls where there are none and nobody has said to go on without; it names what is missing."""
    if not way() and not uncontained:
        raise NoWalls(
            f"this machine cannot contain a learner's process (missing: {'; '.join(missing())}): install bubblewrap, "
            "or grade elsewhere; to grade without walls all the same, `refereed(c, uncontained=True)`"
        )


def contained(
    theirs: socket.socket, limits: Limits, files: tuple[tuple[str, str], ...] = ()
) -> subprocess.Popen:
    """Start a box behind the best walls there are. Raises NoWalls where there are none."""
    required(uncontained=False)
    return _started(theirs, limits, files, way())


def uncontained(
    theirs: socket.socket, limits: Limits, files: tuple[tuple[str, str], ...] = ()
) -> subprocess.Popen:
    """Start a box with limits and no walls."""
    return _started(theirs, limits, files, "")


def _started(
    theirs: socket.socket, limits: Limits, files: tuple[tuple[str, str], ...], how: str
) -> subprocess.Popen:
    scratch = tempfile.mkdtemp(prefix="loopready-")
    uid = own_user(how)
    if uid:
        os.chown(scratch, uid, uid)
    if how != "bubblewrap":
        laid_out(files, Path(scratch))
    settings = gate_settings(how, limits, uid, "/tmp" if how == "bubblewrap" else scratch)
    inside = [sys.executable, "-m", "loopready.referee.gate", json.dumps(settings), str(theirs.fileno())]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [*wall(how, scratch, limits, files), *inside],
        env=environment(settings["scratch"]),
        pass_fds=[theirs.fileno()],
        cwd=scratch,
        start_new_session=True,
        stdin=quiet,
        stdout=quiet,
        stderr=None if os.environ.get("LOOPREADY_DEBUG") else quiet,
    )
    # Where there is no namespace of processes, what stays in the session can be ended with it at least.
    session = how in ("landlock", "")
    words = (process, limits.whole_memory, scratch, session)
    threading.Thread(target=watched, args=words, daemon=True).start()
    return process


def gate_settings(how: str, limits: Limits, uid: int, scratch: str) -> dict[str, Any]:
    """What `gate` is to do, as JSON has it."""
    return {
        **asdict(limits), "uid": uid, "scratch": scratch, "landlock": how in ("namespaces", "landlock"),
        "mortal": sys.platform == "linux" and how in ("landlock", ""),
        "readable": [*map(str, readable()), *DEVICES, *_proc(how)],
        "network": how != "landlock", "tmpfs": how == "namespaces",
        "powerless": how in ("namespaces", "landlock", "zygote") and not uid,
        "processes": limits.processes if how else None,
    }  # fmt: skip


def laid_out(files: tuple[tuple[str, str], ...], folder: Path) -> None:
    """Copy the course's data to where a notebook expects it."""
    for name, file in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / name)


def own_user(how: str) -> int:
    """The number of a user that exists for one box alone; 0 where it runs as the one who grades."""
    return 2**30 + random.SystemRandom().randrange(2**29) if _other_user(how) else 0


def _other_user(how: str) -> bool:
    """Whether a box runs as a user that exists for it alone: as root, where Python can be reached by such a one."""
    if os.getuid() or not how:
        return False
    ways = {Path(parent) for path in readable() for parent in (path, *path.parents) if path.exists()}
    return how == "bubblewrap" or all(path.stat().st_mode & 0o005 == 0o005 for path in ways if path.is_dir())


def _proc(how: str) -> list[str]:
    # In a namespace of its own /proc shows the box's processes and no others.
    return ["/proc"] if how == "namespaces" else ["/proc/self"]
