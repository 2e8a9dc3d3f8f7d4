"""Boxes that are forked instead of started: by a zygote behind the walls, which has imported what they need."""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading

from loopready.referee.boxes import Limits
from loopready.referee.surroundings import environment, readable, wall
from loopready.referee.walls import contained, gate_settings, own_user, way
from loopready.referee.watching import Started, watched
from loopready.referee.zygote import READY

__all__ = ["Zygote"]

Files = tuple[tuple[str, str], ...]
# What a zygote needs to give each box a world of its own; no box has any of it.
_POWERS = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_KILL", "CAP_SETPCAP")
_CREDENTIALS = struct.Struct("3i")  # process, user, group
_IMPORTS = 15  # seconds; a box that starts cold takes less than a longer wait would
_FORK = 60  # seconds; the first box waits until the week's pictures are drawn


class Zygote:
    """One zygote for boxes with `disk` bytes to write, and the way to it, which forks of this process have as well.

    Where there can be none, boxes are started as ever.
    """

    def __init__(self, modules: tuple[str, ...], disk: int):
        self._doorbell: socket.socket | None = None
        if way() == "bubblewrap" and os.environ.get("LOOPREADY_WARM") != "0":
            self._begin(modules, Limits(disk=disk))

    def _begin(self, modules: tuple[str, ...], limits: Limits) -> None:
        self._doorbell, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = json.dumps({"modules": modules, "disk": limits.disk, "kept": _kept()})
        quiet = None if os.environ.get("LOOPREADY_DEBUG") else subprocess.DEVNULL
        with theirs:
            self.process = subprocess.Popen(
                [
                    *wall("bubblewrap", "", limits, (), _POWERS),
                    *(sys.executable, "-m", "loopready.referee.zygote", settings, str(theirs.fileno())),
                ],
                env=environment("/tmp"),
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=quiet,
                stderr=quiet,
            )

    @property
    def lives(self) -> bool:
        """Whether it can be asked for a box."""
        return self._doorbell is not None and not self.has_ended

    @property
    def has_ended(self) -> bool:
        """Whether somebody has ended it, as a machine does that runs out of memory."""
        return self._doorbell is not None and self.process.poll() is not None

    def settle(self) -> None:
        """Wait until it has imported; where it cannot fork, it is given up."""
        if self._doorbell is None:
            return
        readable, _, _ = select.select([self._doorbell], [], [], _IMPORTS)
        if not readable or self._doorbell.recv(100) != READY:
            self.end()

    def end(self) -> None:
        """End it, and the boxes that it has forked with it."""
        if self._doorbell is not None:
            self._doorbell.close()
            self._doorbell = None
            self.process.kill()
            self.process.wait()

    def start(self, theirs: socket.socket, limits: Limits, files: Files = ()) -> Started:
        """A box, as `walls.contained` starts one."""
        if self._doorbell is None:
            return contained(theirs, limits, files)
        ours, control = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        request = gate_settings("zygote", limits, own_user("bubblewrap"), "/tmp")
        request |= {"names": [name for name, _ in files], "readable": [], "kept": _kept()}
        opened = [os.open(path, os.O_RDONLY) for _, path in files]
        try:
            with control:
                open_files = [control.fileno(), theirs.fileno(), *opened]
                socket.send_fds(self._doorbell, [json.dumps(request).encode()], open_files)
        except OSError:
            # It has ended, as by a machine that ran out of memory.
            ours.close()
            return contained(theirs, limits, files)
        finally:
            for file in opened:
                os.close(file)
        forked = _Forked(ours)
        threading.Thread(target=watched, args=(forked, limits.whole_memory), daemon=True).start()
        return forked


def _kept() -> list[str]:
    """The folders that Python needs and that lie where a box has its own, the outermost of each."""
    below = [path for path in readable() if path.is_relative_to("/tmp") and path.is_dir()]
    return [str(path) for path in below if not any(path != one and path.is_relative_to(one) for one in below)]


class _Forked:
    """The process that guards one box, as `subprocess.Popen` would have it."""

    def __init__(self, control: socket.socket):
        self._control = control
        control.settimeout(_FORK)
        self.pid = 0
        try:
            _, told, _, _ = control.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        except OSError:
            return
        for level, kind, data in told:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                # As the kernel says it, and in this process's own count.
                self.pid = _CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0]

    def kill(self) -> None:
        """Hang up, at which the guard ends the box and all that it has started."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)

    def wait(self, timeout: float | None = None) -> None:
        """Come back when the box has ended. Raises subprocess.TimeoutExpired."""
        over, _, _ = select.select([self._control], [], [], timeout)
        if not over:
            raise subprocess.TimeoutExpired("box", timeout)
