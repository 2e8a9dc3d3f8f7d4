"""Asking for warm kernels: the parent that this process starts for itself, and a handle on each kernel it gets."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from loopready.warm.line import Line

# With the package's folder on the path until it is imported, and no longer.
# Importing makes no garbage, so nothing is looked for until `prepare` has done.
START = (
    "import gc, sys; gc.disable(); sys.path[0] = sys.argv[1]; "
    "from loopready.warm import parent; parent.main(sys.argv[2:])"
)
# What is read when a process starts, and so by the parent and not by its kernels.
_READ_AT_START = (
    "PYTHON",
    "MPL",
    "MATPLOTLIB",
    "IPYTHON",
    "LC_",
    "LANG",
    "HOME",
    "XDG_",
    "LD_",
    "OMP_",
    "OPENBLAS_",
)


class NoWarmKernel(Exception):
    """There is no warm kernel to be had; the message says why, and a cold one does the same work."""


def unsafe() -> str:
    """Why no kernel can be forked here, or an empty string."""
    if os.environ.get("LOOPREADY_WARM") == "0":
        return "LOOPREADY_WARM is 0"
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return f"forking a kernel is not safe on {sys.platform}"
    return ""


def fingerprint(environment: Mapping[str, str]) -> tuple:
    """What a parent must share with its kernels: the interpreter, the packages, and what is read at the start."""
    folders = [Path(one) for one in sys.path if one.endswith(("site-packages", "dist-packages"))]
    packages = tuple((str(one), one.stat().st_mtime_ns) for one in folders if one.is_dir())
    read = {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}
    return sys.executable, packages, tuple(sorted(read.items()))


class Kernel:
    """A kernel at the end of its guard's control socket."""

    def __init__(self, control: socket.socket, line: Line | None = None):
        self.control = control
        self.line = line
        self.pid: int | None = None
        self.code: int | None = None

    def poll(self, seconds: float = 0) -> int | None:
        """The exit code once the kernel has ended, waiting for it at most `seconds`; else None."""
        ends = time.monotonic() + seconds
        while self.code is None and self._said(max(0.0, ends - time.monotonic())):
            pass
        return self.code

    def started(self, seconds: float = 60) -> int:
        """The process id of the kernel; raises NoWarmKernel when it is not there within `seconds`."""
        if (self.pid is None and not self._said(seconds)) or self.pid is None:
            raise NoWarmKernel("the parent of warm kernels did not start; LOOPREADY_WARM=loud shows why")
        return self.pid

    def _said(self, seconds: float) -> bool:
        """Take in what the guard says next, if it says something within `seconds`."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
        try:
            word, _, number = self.control.recv(64).decode().partition(" ")
        except OSError:
            word = ""
        if word == "pid":
            self.pid = int(number)
        else:
            # A guard that says nothing was killed, and its kernel with it.
            self.code = int(number) if word else -signal.SIGKILL
        return True

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and to what it has started."""
        with suppress(OSError):
            self.control.send(f"signal {number}".encode())

    def close(self, seconds: float = 2.0) -> None:
        """Let the kernel end, and wait until nothing of it is left."""
        if self.line:
            self.line.close()
        self.control.shutdown(socket.SHUT_WR)
        self.poll(seconds)
        self.control.close()


class Parent:
    """A parent of warm kernels; it ends when every process that holds this object has."""

    def __init__(self, modules: Iterable[str], environment: Mapping[str, str]):
        self.fingerprint = fingerprint(environment)
        self.modules = tuple(modules)
        self._doorbell, bell = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._doorbell.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        package = str(Path(__file__).parents[2])
        words = [sys.executable, "-c", START, package, str(bell.fileno()), *self.modules]
        quiet = {} if environment.get("LOOPREADY_WARM") == "loud" else {"stderr": subprocess.DEVNULL}
        with bell:
            # A session of its own: the terminal's Ctrl-C is for the asker, which then lets go.
            self._process = subprocess.Popen(
                words, env=dict(environment), cwd="/", pass_fds=[bell.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True, **quiet,
            )  # fmt: skip

    def on_line(self, environment: Mapping[str, str], folder: str, memory: int = 0) -> Kernel:
        """A kernel that takes messages over a line, with at most `memory` bytes when that is not 0."""
        own, other = socket.socketpair()
        with other:
            kernel = self._ask(
                {"kind": "line", "argv": [], "memory": memory}, environment, folder, [other.fileno()]
            )
        kernel.line = Line(own)
        return kernel

    def on_sockets(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[int]
    ) -> Kernel:
        """A kernel that reads its connection file, named in `argv`; `streams` are its stdin, stdout and stderr."""
        return self._ask({"kind": "sockets", "argv": list(argv)}, environment, folder, streams)

    def _ask(
        self, request: dict[str, Any], environment: Mapping[str, str], folder: str, files: Sequence[int]
    ) -> Kernel:
        control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        data = json.dumps({**request, "env": dict(environment), "cwd": folder}).encode()
        with other:
            try:
                socket.send_fds(self._doorbell, [data], [other.fileno(), *files])
            except OSError as error:
                control.close()
                raise NoWarmKernel(f"the parent of warm kernels has ended ({error.strerror})") from error
        return Kernel(control)

    def close(self, seconds: float = 2.0) -> None:
        """Have the parent end, once the other holders have let go as well; waits for it that long."""
        self._doorbell.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


_parents: dict[tuple, Parent] = {}


def parent(modules: Iterable[str], environment: Mapping[str, str] | None = None) -> Parent:
    """The parent for these modules, started when there is none; replaced when the packages have changed.

    Raises NoWarmKernel where none can be.
    """
    environment = os.environ if environment is None else environment
    if why := unsafe():
        raise NoWarmKernel(why)
    wanted = tuple(modules)
    found = _parents.get(wanted)
    if found and found.fingerprint != fingerprint(environment):
        _parents.pop(wanted).close()
        found = None
    if not found:
        found = _parents[wanted] = Parent(wanted, environment)
    return found


def close() -> None:
    """Have every parent that this process has started end."""
    while _parents:
        _parents.popitem()[1].close()
