"""The walls around a box, by each way in which this machine can put them up."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from trials import SETUP, trial

from loopready.referee import forks, walls, watching
from loopready.referee.boxes import BoxError, Limits

TOP = Path(__file__).parents[1]
WAYS = (
    [way for way in ("bubblewrap", "namespaces", "landlock") if walls.holds(way)]
    if os.name == "posix"
    else []
)

QUICK = Limits(cell_seconds=10)


@pytest.fixture(scope="module")
def zygote() -> Iterator[forks.Zygote]:
    """One that has imported nothing more than it must."""
    made = forks.Zygote((), QUICK.disk)
    made.settle()
    yield made
    made.end()


@pytest.fixture(
    params=[*WAYS, "zygote"]
    if WAYS
    else [pytest.param("", marks=pytest.mark.skip("this machine has no walls"))]
)
def way(request, monkeypatch) -> str:
    if request.param != "zygote":
        monkeypatch.setattr(walls, "way", lambda: request.param)
        monkeypatch.setattr(STARTS, "now", walls.contained)
        return request.param
    made = request.getfixturevalue("zygote")
    if not made.lives:
        pytest.skip("no box can be forked on this machine")
    monkeypatch.setattr(STARTS, "now", made.start)
    return "zygote"


class STARTS:
    """How a box is started."""

    now = walls.contained


def said(cell: str, limits: Limits = QUICK, files: tuple[tuple[str, str], ...] = ()) -> str:
    """What a cell prints behind the walls, or the name of its error."""
    start = partial(STARTS.now, files=files)
    shown = trial("x = 1", "checks.score(1)", SETUP, after=cell, limits=limits, start=start).shown[3]
    return "".join(one.get("text", one.get("ename", "")) for one in shown).strip()


@pytest.mark.parametrize(
    "cell",
    ["open({file!r})", "__import__('os').listdir({folder!r})", "open({file!r}, 'w')", "open('/etc/hostname')",
     "open('/usr/bin/planted', 'w')"],
    ids=["read a file", "list a folder", "write a file", "read the host's name", "write a program"],
)  # fmt: skip
def test_a_box_has_none_of_the_hosts_files(way, cell, tmp_path):
    (tmp_path / "secret").write_text("4711")
    assert said(cell.format(file=str(tmp_path / "secret"), folder=str(tmp_path))) in (
        "FileNotFoundError", "PermissionError", "OSError",
    )  # fmt: skip
    assert (tmp_path / "secret").read_text() == "4711"


def test_a_box_has_a_folder_of_its_own_with_the_courses_data(way, tmp_path):
    (tmp_path / "clicks.csv").write_text("a,1")
    cell = "open('own', 'w').write('x'); print(open('clicks.csv').read(), open('own').read())"
    assert said(cell, files=(("clicks.csv", str(tmp_path / "clicks.csv")),)).startswith("a,1 x")


@pytest.mark.parametrize("kind", ["AF_INET", "AF_INET6"])
def test_a_box_reaches_no_network(way, kind):
    cell = f"import socket\nsocket.socket(socket.{kind}).connect(('127.0.0.1' if '6' not in '{kind}' else '::1', 22))"
    assert said(cell) in ("OSError", "PermissionError", "ConnectionRefusedError")


def test_a_box_does_not_have_the_graders_environment(way, monkeypatch):
    monkeypatch.setenv("GRADERS_SECRET", "4711")
    assert said("import os; print(os.environ.get('GRADERS_SECRET'))") == "None"


def test_a_box_cannot_see_or_signal_the_process_that_has_started_it(way):
    assert said(f"import os; os.kill({os.getpid()}, 0)") in ("ProcessLookupError", "PermissionError")
    assert said(f"open('/proc/{os.getpid()}/environ').read()") in ("FileNotFoundError", "PermissionError")


@pytest.mark.parametrize(
    "cell", ["bytearray(3 << 30)", "[open('/dev/null') for _ in range(999)]"], ids=["memory", "files"]
)
def test_a_box_has_limits(way, cell):
    assert said(cell) in ("MemoryError", "OSError")


def test_a_box_cannot_fill_the_disk(way):
    if way == "landlock":
        pytest.skip("Landlock has no limit for it, and says so")
    cell = "for n in range(9):\n    open(str(n), 'wb').write(bytes(30 << 20))"
    assert said(cell) == "OSError"


def test_a_box_cannot_have_privileges_back_or_namespaces_of_its_own(way):
    cell = "import ctypes\nprint([ctypes.CDLL(None).unshare(flag) for flag in (0x10000000, 0x20000)])"
    assert said(cell) == "[-1, -1]"


@pytest.mark.parametrize(
    "cell",
    ["fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
     "fcntl.fcntl(file, 5, struct.pack('hhqqi', 1, 0, 0, 0, 0))",
     "fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
     "fcntl.fcntl(os.open(os.path.dirname(os.__file__), os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
     "0 <= ctypes.CDLL(None).inotify_init() or file.no_such_thing"],
    ids=["a lock", "a look at a lock", "a lease", "a notice", "a watch"],
)  # fmt: skip
def test_a_box_tells_another_nothing_by_a_file_that_both_may_read(way, cell):
    if platform.machine() not in ("x86_64", "aarch64"):
        pytest.skip("the filter of system calls knows two machines")
    head = "import ctypes, fcntl, os, struct\nfile = open(os.__file__)\n"
    assert said(head + cell) in ("PermissionError", "AttributeError")


def test_a_box_sets_no_times_that_another_could_read(way):
    if platform.machine() not in ("x86_64", "aarch64"):
        pytest.skip("the filter of system calls knows two machines")
    cell = """
    import contextlib, os, pathlib
    for name in ("null", "zero", "full", "random", "urandom"):
        before = os.stat(f"/dev/{name}").st_ctime_ns
        os.utime(f"/dev/{name}")
        with contextlib.suppress(PermissionError):
            os.utime(os.open(f"/dev/{name}", os.O_RDWR))
        after = os.stat(f"/dev/{name}").st_ctime_ns
        print(before == after, end=" ")
    pathlib.Path("own").touch()
    pathlib.Path("own").touch()
    """
    assert said(textwrap.dedent(cell)) == "True True True True True"


def test_a_box_can_write_nowhere_but_into_folders_of_its_own(way):
    if way != "bubblewrap":
        pytest.skip("it sees the host's own folders, which are not this user's")
    cell = """
    import re
    for line in open("/proc/self/mountinfo"):
        _, _, _, _, place, how, *_ = line.split()
        if re.match("rw", how) and not place.startswith(("/proc", "/tmp", "/dev/")):
            print(place)
    """
    assert said(textwrap.dedent(cell)) == ""


@pytest.mark.parametrize("place", ["/tmp/left", "/dev/shm/left"])
def test_a_box_finds_nothing_that_another_has_left(way, place):
    if way == "landlock":
        pytest.skip("Landlock lets it write nowhere else")
    cell = f"import os; print(os.path.exists({place!r})); open({place!r}, 'w').close()"
    assert [said(cell).split()[0] for _ in range(2)] in (["False", "False"], ["FalsePermissionError"] * 2)


def test_a_box_that_crowds_the_processors_waits_for_all_others(way):
    if not hasattr(os, "SCHED_IDLE"):
        pytest.skip("only Linux has a way to wait for all others")
    cell = """
    import os, signal, time
    crowd = []
    for _ in range(8):
        crowd.append(os.fork())
        if not crowd[-1]:
            os.setsid()
            while True:
                pass
    while os.sched_getscheduler(crowd[-1]) != os.SCHED_IDLE:
        time.sleep(0.05)
    try:
        os.sched_setscheduler(crowd[-1], os.SCHED_OTHER, os.sched_param(0))
    except PermissionError:
        print("waits")
    for one in crowd:
        os.kill(one, signal.SIGKILL)
    """
    assert said(textwrap.dedent(cell)).splitlines()[-1] == "waits"


def test_two_that_work_beside_each_other_are_no_crowd():
    program = "import os\nfirst = os.getpid()\nos.fork()\nwhile first in (os.getpid(), os.getppid()): pass"
    two = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert not watching.behind(two.pid)
        assert two.poll() is None
    finally:
        two.kill()
        two.wait()


def test_a_box_has_no_memory_that_is_nobodys(way):
    assert said("import os; print(os.memfd_create('x'))") in ("PermissionError", "OSError")


def test_nothing_of_a_box_is_left_when_it_has_ended(way):
    if way == "landlock":
        pytest.skip("Landlock does not end what has left its session, and says so")
    said("import subprocess; subprocess.Popen(['sleep', '4712'], start_new_session=True)")
    last = time.monotonic() + 20
    while b"sleep\x004712\x00" in (lines := list(command_lines())) and time.monotonic() < last:
        time.sleep(0.05)
    assert b"sleep\x004712\x00" not in lines


def command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes()


def test_every_promise_says_whether_it_holds_and_by_what(way):
    found = walls.guarantees()
    assert len(found) > 8
    assert [one.promise for one in found if not one.holds] == walls.missing()
    assert [one for one in found if one.holds and not one.by] == []


def test_without_walls_nothing_is_graded_unless_it_is_said_so(monkeypatch):
    monkeypatch.setattr(walls, "way", lambda: "")
    with pytest.raises(walls.NoWalls, match="cannot contain"):
        said("1")


def test_a_box_that_does_not_start_is_no_fault_of_the_learners(monkeypatch):
    monkeypatch.setattr(walls.sys, "executable", "/bin/false")
    with pytest.raises(BoxError, match="no box starts"):
        trial("x = 1", "checks.score(1)", SETUP, start=walls.uncontained)


NOBODY = 65534
# A folder that keeps others out, as root's own does, is left out of the way with only Python in it.
OPENED = """
mount --make-rprivate /
if [ -n "$SHUT" ]; then
  mount --bind "$PREFIX" "$ASIDE" && mount -t tmpfs -o mode=755 tmpfs "$SHUT" && mkdir -p "$PREFIX"
  mount --bind "$ASIDE" "$PREFIX"
fi
exec setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups "$PYTHON" -c "$PROGRAM"
"""
PROGRAM = """
import json, os
from loopready.referee import forks, walls
from loopready.referee.boxes import Box, Limits
cell = "import os; print([os.path.exists(one) for one in ('/home', '/etc/hostname')], os.listdir('/proc').count('1'))"
zygote = forks.Zygote((), Limits().disk)
zygote.settle()
boxes = [Box(start, Limits()) for start in (zygote.start, walls.contained)]
said = [box.cell(cell, 10)[0]["text"] for box in boxes]
[box.end() for box in boxes]
zygote.end()
print(json.dumps([os.getuid(), walls.way(), walls.missing(), said]))
"""


def test_the_boxes_of_an_ordinary_user_stand_behind_the_same_walls(tmp_path):
    if os.getuid() or not all(map(shutil.which, ("bwrap", "unshare", "setpriv"))):
        pytest.skip("needs root, and bubblewrap, to become somebody else")
    prefix = Path(sys.base_prefix).resolve()
    shut = next((str(one) for one in reversed(prefix.parents) if not one.stat().st_mode & 1), "")
    environment = {
        "SHUT": shut, "PREFIX": str(prefix), "ASIDE": str(tmp_path), "NOBODY": str(NOBODY), "PYTHON": sys.executable,
        "PROGRAM": PROGRAM, "PATH": os.environ["PATH"], "HOME": "/tmp", "PYTHONPATH": str(TOP),
    }  # fmt: skip
    words = ["unshare", "--mount", "sh", "-c", OPENED]
    done = subprocess.run(words, env=environment, cwd="/", capture_output=True, text=True, timeout=120)
    if "ermission denied" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("this machine lets nobody become an ordinary user with this Python")
    uid, way, missing, said = json.loads(done.stdout)
    assert uid == NOBODY
    if way == "bubblewrap":
        assert missing == []
        assert said == ["[False, False] 1\n"] * 2
