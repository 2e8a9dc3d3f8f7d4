"""What Linux itself offers to keep a process in: Landlock for files, seccomp for system calls; both through libc.

Neither needs a privilege, and neither can be taken back by the process that it was put on or by what that starts.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["checked", "die_with_parent", "filter_calls", "landlock", "landlock_version", "no_new_privileges"]

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture

# From linux/landlock.h; the last of each line came with a later version.
_READ = 1 | 4 | 8  # execute, read a file, read a folder
_FILE = 1 | 2 | 4 | 1 << 14 | 1 << 15  # what makes sense for a file: the first three, truncate, ioctl
_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 1 | 2  # bind and connect, since version 4
_SCOPE = 1 | 2  # abstract sockets and signals, since version 6


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _called(*args: object) -> int:
    result = _libc().syscall(*args)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def checked(name: str, *args: object) -> None:
    """A call of libc's by name. Raises OSError where it fails."""
    if getattr(_libc(), name)(*args):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def no_new_privileges() -> None:
    """No program that is started from here gains anything, whatever its bits say."""
    if _libc().prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")


def die_with_parent() -> None:
    """The process ends when the one that has started it does."""
    _libc().prctl(1, 9, 0, 0, 0)


def landlock_version() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(_libc().syscall(_CREATE, None, 0, 1), 0)


def landlock(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Leave this process nothing of the file system but these. Raises OSError where the kernel has no Landlock."""
    version = landlock_version()
    rights = _ALL[min(version, 5)] if version else 0
    attributes = struct.pack("QQQ", rights, _TCP, _SCOPE)
    attributes = attributes[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _called(_CREATE, attributes, len(attributes), 0)
    for paths, wanted in ((readable, _READ), (writable, rights)):
        for path in paths:
            _allow(rules, path, wanted & rights)
    no_new_privileges()
    _called(_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules: int, path: Path, wanted: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    wanted &= wanted if path.is_dir() else _FILE
    _called(_ADD, rules, 1, struct.pack("=Qi", wanted, descriptor), 0)
    os.close(descriptor)


# Calls that no honest notebook makes, and that have been ways out of containers: (x86_64, aarch64).
_REFUSED = {
    "ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "unshare": (272, 97),
    "setns": (308, 268), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "kexec_load": (246, 104),
    "init_module": (175, 105), "finit_module": (313, 273), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "open_by_handle_at": (304, 265), "fsopen": (430, 430), "move_mount": (429, 429),
    # Memory that no process is seen to have.
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190),
    # What two boxes could tell each other by files that both may only read.
    "mincore": (27, 232), "cachestat": (451, 451),
    "flock": (73, 32), "inotify_init": (253, 26), "inotify_init1": (294, 26),
    "quotactl": (179, 60), "acct": (163, 89), "reboot": (169, 142), "swapon": (167, 224), "syslog": (103, 116),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _FCNTL = (56, 220), (435, 435), (41, 198), (72, 25)
# fcntl's ways to see what another process does with a file: F_GETLK, F_OFD_GETLK, F_SETLEASE, F_GETLEASE, F_NOTIFY.
_SEEING = (5, 36, 1024, 1025, 1026)
# F_SETLK, F_SETLKW and their like for open files: a database in one's own folder needs them.
_LOCKING = (6, 7, 37, 38)
# What sets the times of a file: anybody may set the host's devices', and all would see it. Nothing happens, no error.
_IDLE = ((132, 88), (235, 88), (261, 88), (280, 88))  # utime, utimes, futimesat, utimensat
_PREADV2 = (327, 286)  # which can say if a page is in memory; libc goes on with preadv
_ARCHES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_NEW_USER = 0x10000000
_KILL, _DENY, _NO_CALL, _PRETEND, _ALLOW = 0x80000000, 0x00050001, 0x00050026, 0x00050000, 0x7FFF0000


def filter_calls(network: bool = True, locks: bool = True) -> bool:
    """Refuse the system calls above, and with `network` off all sockets but local ones; whether that was possible.

    With `locks` off, files cannot be locked either.
    """
    if sys.platform != "linux" or platform.machine() not in _ARCHES:
        return False
    arch, column = _ARCHES[platform.machine()]
    program = _program(arch, column, network, _SEEING if locks else (*_SEEING, *_LOCKING))
    buffer = ctypes.create_string_buffer(program)
    counted = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    no_new_privileges()
    return _libc().prctl(_SET_SECCOMP, _FILTER, counted, 0, 0) == 0


def _program(arch: int, column: int, network: bool, commands: Iterable[int]) -> bytes:
    """The filter in the kernel's own small language: load, compare and jump, return."""

    def load(offset: int) -> bytes:
        return struct.pack("HBBI", 0x20, 0, 0, offset)

    def unless(value: int, skip: int, test: int = 0x15) -> bytes:
        return struct.pack("HBBI", test, 0, skip, value)

    def end(value: int) -> bytes:
        return struct.pack("HBBI", 0x06, 0, 0, value)

    parts = [load(4), struct.pack("HBBI", 0x15, 1, 0, arch), end(_KILL), load(0)]
    if arch == _ARCHES["x86_64"][0]:
        # The second set of numbers, for x32, would go around the list.
        parts += [unless(0x40000000, 1, 0x35), end(_NO_CALL)]
    for numbers in _REFUSED.values():
        parts += [unless(numbers[column], 1), end(_DENY)]
    for numbers in _IDLE:
        parts += [unless(numbers[column], 1), end(_PRETEND)]
    # clone3 hides its flags behind a pointer; libc goes on with clone.
    parts += [unless(_CLONE3[column], 1), end(_NO_CALL), unless(_PREADV2[column], 1), end(_NO_CALL)]
    parts += [unless(_CLONE[column], 4), load(16), unless(_NEW_USER, 1, 0x45), end(_DENY), load(0)]
    seeing = [step for command in commands for step in (unless(command, 1), end(_DENY))]
    parts += [unless(_FCNTL[column], len(seeing) + 2), load(24), *seeing, load(0)]
    # Those that a namespace keeps apart: local ones, both kinds of internet, and the kernel's own messages.
    allowed = (1, 2, 10, 16) if network else (1,)
    known = [struct.pack("HBBI", 0x15, len(allowed) - place, 0, one) for place, one in enumerate(allowed)]
    parts += [unless(_SOCKET[column], len(known) + 2), load(16), *known, end(_DENY), load(0)]
    return b"".join([*parts, end(_ALLOW)])
