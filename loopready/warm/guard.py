"""The process between the parent and one kernel: signals it, ends it, and leaves nothing of it behind.

Over the control socket the guard says `pid N`, the asker may say `signal N`, and last the guard says `exit CODE`.
When the asker is gone, or closes its end, the kernel and all that it started are killed.
"""

import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from loopready.warm.fresh import adopt_orphans, die_with_parent

PATIENCE = 0.5  # seconds that a kernel may take to end by itself once its asker has let go


def guard(control: socket.socket, kernel: Callable[[], None]) -> None:
    """Run `kernel` in a process of its own until it ends or `control` is closed; returns when nothing is left."""
    adopt_orphans()
    guards = os.getpid()
    child = os.fork()
    if child == 0:
        os.setsid()
        die_with_parent()
        if os.getppid() == guards:
            kernel()
        os._exit(1)
    _tell(control, f"pid {child}")
    code = _watch(child, control)
    sweep(child)
    _tell(control, f"exit {code}")


def _tell(control: socket.socket, what: str) -> None:
    with suppress(OSError):
        control.send(what.encode())


def _watch(child: int, control: socket.socket) -> int:
    """Pass signals on until the kernel has ended; its exit code, as `subprocess` counts."""
    ended = os.pidfd_open(child)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        ready = {number for number, _ in poll.poll()}
        if ended in ready:
            break
        if not _obey(child, control):
            poll.unregister(control)
            if not poll.poll(PATIENCE * 1000):
                _signal(child, signal.SIGKILL)
    os.close(ended)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _obey(child: int, control: socket.socket) -> bool:
    """Do what has been asked; False when nobody will ask any more."""
    try:
        word, _, number = control.recv(64).decode().partition(" ")
    except OSError:
        return False
    if word == "signal":
        _signal(child, int(number))
    return bool(word)


def _signal(child: int, number: int) -> None:
    try:
        os.killpg(child, number)
    except ProcessLookupError:
        # Between the fork and its setsid the child has no group yet.
        with suppress(ProcessLookupError):
            os.kill(child, number)


def sweep(group: int) -> None:
    """Kill what is left of the kernel's group, and every orphan that has come to this process, until none comes."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    while True:
        for orphan in _children():
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    own = os.getpid()
    try:
        with open(f"/proc/{own}/task/{own}/children") as listed:
            return [int(word) for word in listed.read().split()]
    except OSError:
        return []
