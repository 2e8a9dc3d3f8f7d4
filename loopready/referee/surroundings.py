"""What a box has around it: the files that it can read, its environment, and the program that puts the walls up."""

import os
import shutil
import sys
import sysconfig
from functools import cache
from pathlib import Path

from loopready.referee.boxes import Limits

__all__ = ["DEVICES", "environment", "readable", "wall"]

SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/local/bin", "/usr/local/lib", "/bin", "/lib",
           "/lib64", "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/share/fontconfig", "/etc/ld.so.cache",
           "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives", "/etc/fonts")  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")
SHARED = ("/usr", "/usr/local", "/")  # prefixes whose share/ can hold an exchange with everybody's work


def wall(
    how: str, scratch: str, limits: Limits, files: tuple[tuple[str, str], ...], powers: tuple[str, ...] = ()
) -> list[str]:
    """The program that puts the walls up, with its options; `powers` are what is left to who stands behind them."""
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
    words += [] if os.getuid() == 0 else ["--unshare-user"]
    for power in (*(("CAP_SETUID", "CAP_SETGID") if os.getuid() == 0 else ()), *powers):
        words += ["--cap-add", power]
    for place, size in (("/tmp", limits.disk), ("/dev/shm", limits.disk // 2)):
        words += ["--perms", "1777", "--size", str(size), "--tmpfs", place]
    # Made before what lies in them, or only root could go through.
    for folder in sorted(
        {parent for path in readable() for parent in path.parents} - {Path("/"), Path("/tmp")}
    ):
        words += ["--perms", "0755", "--dir", str(folder)]
    for path in readable():
        words += ["--ro-bind-try", str(path), str(path)]
    for folder in sorted(
        {parent for name, _ in files for parent in Path("/tmp", name).parents} - {Path("/"), Path("/tmp")}
    ):
        words += ["--perms", "0755", "--dir", str(folder)]
    for name, file in files:
        words += ["--ro-bind", file, f"/tmp/{name}"]
    # Last, and where nobody but the box may write: what one box of a zygote's left there, the others would find.
    words += [word for place in ("/dev", "/") for word in ("--remount-ro", place)]
    return [*words, "--chdir", "/tmp"]


@cache
def readable() -> tuple[Path, ...]:
    """What Python needs to run the course's code: the system's libraries, its own, and this package."""
    prefixes = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *(sysconfig.get_path(name) for name in ("stdlib", "purelib")),
    }
    own = {Path(prefix) for prefix in prefixes if prefix not in SHARED}
    return tuple(
        sorted({*map(Path, SYSTEM), *own, *(path.resolve() for path in own), Path(__file__).parents[1]})
    )


def environment(scratch: str) -> dict[str, str]:
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
