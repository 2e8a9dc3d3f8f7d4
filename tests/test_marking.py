"""A class graded side by side: the rows and files that stock nbgrader leaves, and what may go wrong on the way."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from tiny_class import (
    PAPERS,
    REFUSED,
    WEEK,
    classroom,
    comparable,
    empty_classroom,
    files,
    grade,
    hand_in,
    nbgrader,
    rows,
    said,
    scores,
    stock,
)
from tiny_class import with_cells as cell
from tiny_course import TOP, answered

from loopready.marking import submissions as handed_in_module
from loopready.marking.submissions import Submission

GRADED = [learner for learner in PAPERS if learner not in REFUSED]


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A course before anybody has handed in."""
    return empty_classroom(tmp_path_factory.mktemp("empty") / "course")


@pytest.fixture(scope="module")
def both(empty, tmp_path_factory):
    """The class after stock nbgrader, after ours, and what ours said."""
    ours = classroom(empty, tmp_path_factory.mktemp("class") / "ours", PAPERS)
    theirs = stock(ours)
    # A copied cell ends nbgrader's run, so it comes last.
    nbgrader(theirs, "autograde", WEEK, "--CourseDirectory.student_id_exclude=copied", check=False)
    nbgrader(theirs, "autograde", WEEK, "--student=copied", check=False)
    return theirs, ours, grade(ours, "--json")


@pytest.mark.parametrize(
    "table",
    ["student", "course", "assignment", "notebook", "base_cell", "grade_cells", "solution_cells", "task_cells",
     "source_cell", "submitted_assignment", "submitted_notebook", "grade", "comment", "alembic_version"],
)  # fmt: skip
def test_every_row_of_the_gradebook_is_as_stock_nbgrader_writes_it(both, table):
    theirs, ours, _ = both
    assert rows(ours)[table] == rows(theirs)[table]


def test_no_table_of_the_gradebook_is_left_uncompared(both):
    [compared] = [
        mark.args[1] for mark in test_every_row_of_the_gradebook_is_as_stock_nbgrader_writes_it.pytestmark
    ]
    assert set(rows(both[0])) == set(compared)


def test_the_same_files_are_below_autograded(both):
    theirs, ours, _ = both
    assert set(files(ours)) == set(files(theirs))
    assert {name.split("/")[0] for name in files(ours)} == set(GRADED)


@pytest.mark.parametrize("learner", GRADED)
def test_what_is_autograded_is_as_stock_nbgrader_leaves_it(both, learner):
    theirs, ours = (
        {name: one for name, one in files(top).items() if name.startswith(learner)} for top in both[:2]
    )
    assert ours == theirs


def test_the_report_names_whoever_is_not_graded_and_why(both):
    report = json.loads(both[2].stdout)
    assert sorted(report["graded"]) == sorted(GRADED)
    assert {
        learner: REFUSED[learner] in reason for learner, reason in report["failed"].items()
    } == dict.fromkeys(REFUSED, True)
    assert both[2].returncode == 1


def test_each_failure_is_one_line_on_stderr(both):
    lines = both[2].stderr.splitlines()
    assert sorted(line.split(": ")[0] for line in lines) == sorted(REFUSED)


def test_everybody_who_was_graded_gets_the_page_that_follows_from_stock_nbgrader(both):
    pages = []
    for top in both[:2]:
        nbgrader(top, "generate_feedback", WEEK)
        found = sorted((top / "feedback").glob("*/*/*.html"))
        pages.append({path.parts[-3]: comparable(path.read_text()) for path in found})
    theirs, ours = pages
    assert sorted(ours) == sorted(GRADED)
    assert [learner for learner in GRADED if ours[learner] != theirs[learner]] == []


def test_a_second_run_grades_what_was_not_graded_and_leaves_the_rest(both):
    _, ours, _ = both
    before = {
        name: path.stat().st_mtime_ns
        for name in GRADED
        for path in (ours / "autograded" / name).rglob("*.ipynb")
    }
    report = said(ours)
    assert (report["graded"], sorted(report["failed"]), sorted(report["unchanged"])) == (
        [],
        sorted(REFUSED),
        sorted(GRADED),
    )
    after = {
        name: path.stat().st_mtime_ns
        for name in GRADED
        for path in (ours / "autograded" / name).rglob("*.ipynb")
    }
    assert after == before


@pytest.fixture
def two(empty, tmp_path) -> Path:
    """A class of two who did everything right."""
    return classroom(empty, tmp_path / "course", {"ann": answered(), "ben": answered()})


def test_a_submission_that_has_changed_is_graded_again_even_without_a_new_timestamp(two):
    said(two)
    hand_in(two, "ben", answered("return 4"))
    assert said(two)["graded"] == ["ben"]
    assert scores(two) == {"ann": 3, "ben": 0}


@pytest.fixture
def handed_in(tmp_path):
    """A hand-in with a notebook in it."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "week-01.ipynb").write_text("{}")
    return folder


def digest(folder):
    return Submission("ann", folder, *[folder.parent / "elsewhere"] * 3).digest


def test_a_folder_however_deep_does_not_stand_in_the_way(handed_in):
    before, made = digest(handed_in), [handed_in]
    for _ in range(1200):
        made.append(made[-1] / "d")
        made[-1].mkdir()
    assert digest(handed_in) == before
    (made[-1] / "new").touch()
    assert digest(handed_in) != before
    (made[-1] / "new").unlink()
    # Else the folder for tests could not be cleared.
    for folder in reversed(made[1:]):
        folder.rmdir()


def test_so_much_of_a_hand_in_is_read_and_beyond_that_the_time_of_a_change_counts(handed_in, monkeypatch):
    monkeypatch.setattr(handed_in_module, "LARGEST", 1000)
    for name in ("a", "b", "c"):
        with (handed_in / name).open("wb") as file:
            file.truncate(800)
    before = digest(handed_in)
    assert digest(handed_in) == before
    os.utime(handed_in / "c", ns=(1, 1))
    assert digest(handed_in) != before


def test_what_cannot_be_read_counts_as_such(handed_in, monkeypatch):
    before = digest(handed_in)

    def refuses(path, *how):
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", refuses)
    assert digest(handed_in) != before == before


def test_a_run_can_be_narrowed_to_a_learner_and_done_again(two):
    said(two)
    report = said(two, "--student", "ann", "--again")
    assert (report["graded"], report["unchanged"]) == (["ann"], [])


def test_what_nbgrader_has_graded_is_left_alone(two):
    nbgrader(two, "autograde", WEEK)
    assert said(two)["unchanged"] == ["ann", "ben"]


def test_a_regrading_that_fails_leaves_the_earlier_result(two):
    said(two)
    before = rows(two), files(two)
    hand_in(two, "ben", cell("import os; os._exit(1)"))
    assert list(said(two)["failed"]) == ["ben"]
    assert (rows(two), files(two)) == before


def test_the_command_of_nbgrader_itself_uses_the_warm_kernel(two):
    hand_in(two, "ann", cell("import sys; print('pandas' in sys.modules)"))
    nbgrader(two, "autograde", WEEK)
    assert '"True\\n"' in (two / f"autograded/ann/{WEEK}/{WEEK}.ipynb").read_text()


def test_without_fork_the_class_is_graded_cold_with_the_same_points(two):
    assert said(two, LOOPREADY_WARM="0")["graded"] == ["ann", "ben"]
    assert scores(two) == {"ann": 3, "ben": 3}


HOG = "x = []\nwhile True: x.append(bytearray(1 << 26))"


def test_a_submission_that_takes_all_memory_loses_its_own_points_and_no_others(two):
    config = two / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Execute.memory = 2 << 30\n")
    hand_in(two, "ann", answered(HOG.replace("\n", "\n    ")))
    assert said(two)["graded"] == ["ann", "ben"]
    assert scores(two) == {"ann": 0, "ben": 3}


def test_what_a_submission_started_is_gone_when_the_run_is_over(two):
    hand_in(two, "ann", cell("import subprocess\nsubprocess.Popen(['sleep', '987'], start_new_session=True)"))
    said(two)
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert b"sleep\x00987\x00" not in commands


def test_a_gradebook_that_another_program_holds_is_one_line_and_no_row(two):
    before = rows(two)
    with closing(sqlite3.connect(two / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = grade(two)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "another program is writing to it" in done.stderr
    assert rows(two) == before


def test_a_gradebook_that_cannot_be_written_is_one_line_and_no_row(two):
    before = rows(two)
    config = two / "nbgrader_config.py"
    read_only = f"sqlite:///file:{two / 'gradebook.db'}?mode=ro&uri=true"
    config.write_text(f"{config.read_text()}c.CourseDirectory.db_url = {read_only!r}\n")
    done = grade(two)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "make the file and its folder writable for you" in done.stderr
    assert rows(two) == before


FULL = """
import os, resource, sys
sys.argv = ["loopready", "grade", "1", "--class"]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["ROOM"]),) * 2)
from loopready.cli import app
app()
"""


def test_a_full_disk_ends_the_run_with_one_line_and_the_next_run_goes_on(two):
    before = rows(two)["grade"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(TOP),
        "ROOM": str((two / "gradebook.db").stat().st_size // 2),
    }
    done = subprocess.run(
        [sys.executable, "-c", FULL], cwd=two, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "make room" in done.stderr
    assert rows(two)["grade"] == before
    assert said(two)["graded"] == ["ann", "ben"]


@pytest.fixture
def slow(empty, tmp_path):
    """A class in which the last learner's cell sleeps, and a run that is at it."""
    papers = {"ann": answered(), "ben": answered(), "zoe": cell("import time; time.sleep(100)")}
    top = classroom(empty, tmp_path / "course", papers)
    config = top / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Execute.timeout = 300\n")
    words = [sys.executable, "-m", "loopready.cli", "grade", "1", "--class", "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    with subprocess.Popen(
        words, cwd=top, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        while not (top / f"autograded/.loopready/unfinished/zoe/{WEEK}/{WEEK}.ipynb").exists():
            assert run.poll() is None, run.stderr.read()
            time.sleep(0.05)
        time.sleep(0.3)
        yield top, run
        if run.poll() is None:
            run.kill()


def settle(top: Path) -> None:
    """Wait until a stopped run's processes have let go."""
    for _ in range(100):
        if "is grading here" not in grade(top, "--student", "nobody").stderr:
            return
        time.sleep(0.1)


@pytest.mark.parametrize("how", ["one process", "the terminal", "kill -9"])
def test_a_run_that_was_stopped_goes_on_where_it_stopped(slow, how):
    top, run = slow
    if how == "the terminal":
        os.killpg(run.pid, signal.SIGINT)
    else:
        run.send_signal(signal.SIGKILL if how == "kill -9" else signal.SIGINT)
    line = run.stderr.read()
    run.wait(20)
    if how != "kill -9":
        assert run.returncode == 130
        assert line == "loopready: stopped: what is graded stays, and the next run goes on from there\n"
    assert scores(top) == {"ann": 3, "ben": 3}
    assert not (top / "autograded/zoe").exists()
    settle(top)
    hand_in(top, "zoe", answered())
    report = said(top)
    assert (report["graded"], report["unchanged"]) == (["zoe"], ["ann", "ben"])
    assert scores(top) == {"ann": 3, "ben": 3, "zoe": 3}


def test_a_second_run_at_the_same_time_is_one_line_and_the_first_is_not_disturbed(slow):
    top, run = slow
    done = grade(top)
    assert done.returncode == 1
    assert f"process {run.pid} is grading here: wait for it, or end it" in done.stderr
    assert run.poll() is None


def test_a_worker_that_is_killed_fails_one_submission_and_is_replaced(slow):
    _top, run = slow
    [worker] = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()[-1:]
    os.kill(int(worker), signal.SIGKILL)
    line = run.stderr.read()
    assert run.wait(20) == 1
    assert "zoe: the grading process ended with code -9" in line


def no_gradebook(top):
    (top / "gradebook.db").unlink()


def nothing_handed_in(top):
    (top / "submitted").rename(top / "elsewhere")


def no_source(top):
    (top / f"source/{WEEK}/{WEEK}.ipynb").unlink()


@pytest.mark.parametrize(
    "fault, words, says",
    [
        (no_gradebook, [], "run `nbgrader generate_assignment"),
        (nothing_handed_in, [], "nothing was handed in for week-01"),
        (no_source, [], "source/week-01 is not built"),
        (None, ["--student", "eve"], "eve has handed in nothing for week-01"),
        (None, ["--workers", "1000"], "--workers 1000: this machine has"),
    ],
    ids=["no gradebook", "nothing handed in", "no source", "an unknown learner", "too many workers"],
)
def test_what_cannot_be_graded_is_one_line(two, fault, words, says):
    if fault:
        fault(two)
    done = grade(two, *words)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert says in done.stderr
