"""The walls around a box: bubblewrap where it is there, else namespaces and Landlock, else Landlock alone.

What holds on this machine is found out by trying, and `guarantees()` says it. A guarantee that does not hold is named;
none is taken for granted because a program of that name is installed.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from loopready.course import CourseError
from loopready.referee import kernel
from loopready.referee.boxes import Limits

__all__ = ["Guarantee", "contained", "guarantees", "missing", "way"]

_SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/local/bin", "/usr/local/lib", "/bin", "/lib",
           "/lib64", "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/share/fontconfig", "/etc/ld.so.cache",
           "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives", "/etc/fonts")  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")
_SHARED = ("/usr", "/usr/local", "/")  # prefixes whose share/ can hold an exchange with everybody's work


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
        if _holds(name):
            return name
    return ""


def _holds(name: str) -> bool:
    if name == "landlock":
        return kernel.landlock_version() >= 3
    if name == "namespaces" and (not shutil.which("unshare") or kernel.landlock_version() < 1):
        return False
    if name == "bubblewrap" and not shutil.which("bwrap"):
        return False
    with tempfile.TemporaryDirectory(prefix="loopready-") as scratch:
        words = [*_walls(name, scratch, Limits(), ()), sys.executable, "-I", "-S", "-c", "print('in')"]
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


def contained(theirs: socket.socket, limits: Limits, files: tuple[str, ...] = ()) -> subprocess.Popen:
    """Start a box behind the best walls there are. Raises NoWalls where there are none."""
    if not way():
        raise NoWalls(
            "this machine cannot contain a learner's process: install bubblewrap, or grade elsewhere; "
            "to grade without walls all the same, say so with Refereed.uncontained"
        )
    return _started(theirs, limits, files, way())


def uncontained(theirs: socket.socket, limits: Limits, files: tuple[str, ...] = ()) -> subprocess.Popen:
    """Start a box with limits and no walls."""
    return _started(theirs, limits, files, "")


def _started(theirs: socket.socket, limits: Limits, files: tuple[str, ...], how: str) -> subprocess.Popen:
    scratch = tempfile.mkdtemp(prefix="loopready-")
    uid = 2**30 + random.SystemRandom().randrange(2**29) if _other_user(how) else 0
    if uid:
        os.chown(scratch, uid, uid)
    if how != "bubblewrap":
        for file in files:
            shutil.copy(file, scratch)
    settings = {
        **asdict(limits), "uid": uid, "scratch": "/tmp" if how == "bubblewrap" else scratch,
        "landlock": how in ("namespaces", "landlock"),
        "mortal": sys.platform == "linux" and how in ("landlock", ""),
        "readable": [*map(str, _readable()), *_DEVICES, *_proc(how)],
        "network": how in ("bubblewrap", "namespaces", ""), "tmpfs": how == "namespaces",
        "powerless": bool(how) and how != "bubblewrap" and not uid, "processes": limits.processes if how else None,
    }  # fmt: skip
    inside = [sys.executable, "-m", "loopready.referee.gate", json.dumps(settings), str(theirs.fileno())]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [*_walls(how, scratch, limits, files), *inside],
        env=_environment(settings["scratch"]),
        pass_fds=[theirs.fileno()],
        cwd=scratch,
        start_new_session=True,
        stdin=quiet,
        stdout=quiet,
        stderr=None if os.environ.get("LOOPREADY_DEBUG") else quiet,
    )
    threading.Thread(target=_watched, args=(process, limits, scratch), daemon=True).start()
    return process


def _other_user(how: str) -> bool:
    """Whether a box runs as a user that exists for it alone: as root, where Python can be reached by such a one."""
    if os.getuid() or not how:
        return False
    ways = {Path(parent) for path in _readable() for parent in (path, *path.parents) if path.exists()}
    return how == "bubblewrap" or all(path.stat().st_mode & 0o005 == 0o005 for path in ways if path.is_dir())


def _proc(how: str) -> list[str]:
    # In a namespace of its own /proc shows the box's processes and no others.
    return ["/proc"] if how == "namespaces" else ["/proc/self"]


def _walls(how: str, scratch: str, limits: Limits, files: tuple[str, ...]) -> list[str]:
    """The program that puts the walls up, with its options."""
    if how == "namespaces":
        own = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
        # unshare ends its child with itself, and setpriv ends unshare with us.
        mortal = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        return [
            *mortal,
            "unshare",
            *own,
            "--mount",
            "--pid",
            "--net",
            "--ipc",
            "--uts",
            "--fork",
            "--kill-child",
            "--mount-proc",
        ]
    if how != "bubblewrap":
        return []
    words = [
        "bwrap",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    words += ["--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
    # As root the way to another user stays open until the gate has taken it.
    words += (
        ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if os.getuid() == 0 else ["--unshare-user"]
    )
    for place, size in (("/tmp", limits.disk), ("/dev/shm", limits.disk // 2)):
        words += ["--perms", "1777", "--size", str(size), "--tmpfs", place]
    # Made before what lies in them, or only root could go through.
    for folder in sorted(
        {parent for path in _readable() for parent in path.parents} - {Path("/"), Path("/tmp")}
    ):
        words += ["--perms", "0755", "--dir", str(folder)]
    for path in _readable():
        words += ["--ro-bind-try", str(path), str(path)]
    for file in files:
        words += ["--ro-bind", file, f"/tmp/{Path(file).name}"]
    return [*words, "--chdir", "/tmp"]


@cache
def _readable() -> tuple[Path, ...]:
    """What Python needs to run the course's code: the system's libraries, its own, and this package."""
    prefixes = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *(sysconfig.get_path(name) for name in ("stdlib", "purelib")),
    }
    own = {Path(prefix) for prefix in prefixes if prefix not in _SHARED}
    return tuple(
        sorted({*map(Path, _SYSTEM), *own, *(path.resolve() for path in own), Path(__file__).parents[1]})
    )


def _environment(scratch: str) -> dict[str, str]:
    """Nothing of the grader's own environment, and what makes a run the same everywhere."""
    one = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    )
    return {
        **one, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": scratch, "TMPDIR": scratch,
        "IPYTHONDIR": f"{scratch}/.ipython", "MPLCONFIGDIR": f"{scratch}/.matplotlib", "LOOPREADY_MY": f"{scratch}/my",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONPATH": str(Path(__file__).parents[2]), "LOGNAME": "learner",
        "USER": "learner", "PYTHONDONTWRITEBYTECODE": "1", "NBGRADER_EXECUTION": "autograde",
    }  # fmt: skip


def _watched(process: subprocess.Popen, limits: Limits, scratch: str) -> None:
    """End the box when all of it takes too much memory; take its folder away once it has ended."""
    seen: set[int] = set()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            break
        tree = set(_tree(process.pid))
        seen |= tree
        if sum(map(_resident, tree)) > limits.whole_memory:
            process.kill()
    if not way() or way() == "landlock":
        for pid in {process.pid, *seen}:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL) if pid == process.pid else None
    shutil.rmtree(scratch, ignore_errors=True)


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
