"""The last step into the box, inside of the walls: limits are set, privileges dropped, and the box's program begins."""

import contextlib
import json
import os
import resource
import runpy
import sys
from pathlib import Path
from typing import Any

from loopready.referee import kernel


def main() -> None:
    """Take the settings and the line's descriptor from the command line, and become the box."""
    settings, descriptor = json.loads(sys.argv[1]), sys.argv[2]
    if settings["tmpfs"]:
        _fresh(settings["scratch"], settings["disk"])
    enter(settings)
    sys.argv = ["box", descriptor]
    runpy.run_module("loopready.referee.box", run_name="__main__")


def enter(settings: dict[str, Any]) -> None:
    """Take on the limits, and let go of every privilege; neither can be undone."""
    os.chdir(settings["scratch"])
    _limited(settings)
    if settings["uid"]:
        os.setgroups([])
        os.setresgid(*[settings["uid"]] * 3)
        os.setresuid(*[settings["uid"]] * 3)
    if settings["mortal"]:
        kernel.die_with_parent()
    if settings["powerless"]:
        _drop_capabilities()
    if settings["landlock"]:
        kernel.landlock(map(Path, settings["readable"]), [Path(settings["scratch"]), Path("/dev/null")])
    if sys.platform == "linux":
        kernel.filter_calls(settings["network"], settings["locks"])


def _fresh(folder: str, size: int) -> None:
    """A file system in memory over a folder and with its files, for this process and what it starts."""
    import ctypes

    data = {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", folder.encode(), b"tmpfs", 6, f"size={size},nr_inodes=20000,mode=0777".encode()):
        raise OSError(ctypes.get_errno(), f"no file system of its own for {folder}")
    for name, content in data.items():
        Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_bytes(content)


def _limited(settings: dict[str, Any]) -> None:
    limits = {
        "RLIMIT_AS": settings["memory"], "RLIMIT_NPROC": settings["processes"], "RLIMIT_NOFILE": settings["files"],
        "RLIMIT_FSIZE": settings["file_size"], "RLIMIT_CORE": 0, "RLIMIT_MSGQUEUE": 0, "RLIMIT_MEMLOCK": 2**16,
    }  # fmt: skip
    for name, most in limits.items():
        # macOS has not all of them, and an own limit below ours stays.
        if most is not None and hasattr(resource, name):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))


def _drop_capabilities() -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capset(header, data)


if __name__ == "__main__":
    main()
