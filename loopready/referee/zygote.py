"""Behind the walls: a process that has imported what a week needs, and forks a box whenever one is wanted.

Files and devices are kept away by bubblewrap, which stands around this process. What no two boxes may share, each takes
for itself as it is forked: processes, network, folders, and a user. Nothing of a learner's ever runs in here.
"""

import fcntl
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from loopready.referee import gate, kernel
from loopready.referee.box import Box, serve
from loopready.warm import ahead

__all__ = ["COLD", "READY"]

READY, COLD = b"ready", b"cold"
LONGEST, FILES = 2**16, 200  # bytes of a request, and open files beside it
# Of linux/sched.h: mounts, processes, network, System V's queues and memory, the host's name.
_WORLD = 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
_PRIVATE = 1 << 18 | 1 << 14  # MS_PRIVATE, and all below
_BARE = 2 | 4  # no set-user-id, no devices
_BIND = 1 << 12 | 1 << 14  # the same folder in a second place, and all below
# Where a box may write: the share of its disk, and the mode. Terminals are not needed, and would be common to all.
_PLACES = (("/tmp", 1, 0o1777), ("/dev/shm", 2, 0o1777), ("/dev/pts", 2**12, 0o555))
_UP, _SET_FLAGS = 0x41, 0x8914  # up and running; SIOCSIFFLAGS


def main() -> None:
    """Import, then fork for each request at the socket that was handed over, until nobody is there."""
    settings, doorbell = json.loads(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    # Imports leave no garbage worth the search, and what is frozen stays common to all boxes.
    gc.disable()
    # The shell first: what is imported before there is one misses its hooks.
    box = Box()
    ahead.import_modules(settings["modules"])
    ahead.draw_once()
    doorbell.send(READY if threading.active_count() == 1 and _can_fork(settings) else COLD)
    ahead.draw(settings["modules"])
    gc.enable()
    gc.collect()
    gc.freeze()
    while True:
        data, files, _, _ = socket.recv_fds(doorbell, LONGEST, FILES)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not data:
            return
        if os.fork() == 0:
            doorbell.close()
            _guard(json.loads(data), files, box)
        for file in files:
            os.close(file)


def _can_fork(settings: dict[str, Any]) -> bool:
    """Whether this kernel lets a box have a world of its own; found out by trying."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _own_world()
            inner = os.fork()
            if inner == 0:
                _own_folders(settings["disk"], settings["kept"])
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _guard(request: dict[str, Any], files: list[int], box: Box) -> None:
    """In the fork: start one box, and end it when nobody holds the other end of `files[0]`; never returns."""
    try:
        # Sessions share the processors evenly, and each box is to have one part.
        os.setsid()
        control = socket.socket(fileno=files[0])
        _own_world()
        first = os.fork()
        if first == 0:
            _first(request, files, box)
        for file in files[1:]:
            os.close(file)
        # Whoever reads this is told by the kernel which process has sent it.
        control.send(b"!")
        ended = os.pidfd_open(first)
        select.select([control, ended], [], [])
        with suppress(ProcessLookupError):
            os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
    finally:
        os._exit(0)


def _own_world() -> None:
    """Namespaces of its own for this process and, of processes, for those that it forks."""
    kernel.checked("unshare", _WORLD)


def _first(request: dict[str, Any], files: list[int], box: Box) -> None:
    """The first process of a box's world: with it, all others end; it sees the box out."""
    try:
        kernel.die_with_parent()
        _own_folders(request["disk"], request["kept"])
        for name, file in zip(request["names"], files[2:], strict=True):
            place = Path("/tmp", name)
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "rb") as data:
                place.write_bytes(data.read())
        inner = os.fork()
        if inner == 0:
            _become(request, files[1], box)
        os.closerange(3, 2**10)
        while os.wait()[0] != inner:
            pass
    finally:
        os._exit(0)


def _own_folders(disk: int, kept: list[str]) -> None:
    """New and empty folders in memory where a box may write, and a view of its own processes.

    `kept` are folders below them that stay, such as a virtualenv in /tmp.
    """
    kernel.checked("mount", b"none", b"/", None, _PRIVATE, None)
    kernel.checked("mount", b"proc", b"/proc", b"proc", _BARE | 8, None)
    held = [(path, os.open(path, os.O_PATH)) for path in kept]
    for place, size, mode in _PLACES:
        data = f"size={disk // size},nr_inodes=20000,mode={mode:o}"
        kernel.checked("mount", b"tmpfs", place.encode(), b"tmpfs", _BARE, data.encode())
    for path, opened in held:
        os.makedirs(path, 0o755, exist_ok=True)
        kernel.checked("mount", f"/proc/self/fd/{opened}".encode(), path.encode(), None, _BIND, None)
        os.close(opened)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH22x", b"lo", _UP))


def _become(request: dict[str, Any], line: int, box: Box) -> None:
    """Be a box: without anything of the zygote's but what it has imported."""
    try:
        os.dup2(line, 3)
        os.closerange(4, 2**10)
        gate.enter(request)
        serve(box, 3)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
