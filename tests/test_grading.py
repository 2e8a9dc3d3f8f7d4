import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from tiny_class import unrefereed
from tiny_course import TOP, answered, command, hand_in, lay_out

import loopready.scratch
from loopready.course import CourseError
from loopready.grading import Report, Row, grade, grade_button


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.setenv("LOOPREADY_COURSE", str(tmp_path))
    return lay_out(tmp_path)


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    """A course with a graded right answer, for the tests that only look."""
    top = lay_out(tmp_path_factory.mktemp("graded"))
    hand_in(top, answered())
    return top, command(top, "grade", "1")


def points(report: Report) -> dict[str, float]:
    return {row.exercise: row.points for row in report.rows}


def test_a_right_answer_earns_its_points_and_a_partial_score_its_part(graded_once):
    _, done = graded_once
    assert done.returncode == 0
    assert "3 of 3" in done.stdout
    assert "1 of 2" in done.stdout
    assert "week-01: 4 of 5 points" in done.stdout


def test_a_design_is_left_to_the_learner_and_not_counted(graded_once):
    line = next(line for line in graded_once[1].stdout.splitlines() if "design a queue" in line)
    assert "rated by you, not counted here" in line


def test_nbgrader_is_not_heard(graded_once):
    top, done = graded_once
    assert done.stderr == ""
    assert "Autograding" in (top / "my/.grading/log.txt").read_text()


def test_grading_writes_nothing_outside_the_learners_folder(graded_once):
    top, _ = graded_once
    assert {path.name for path in top.iterdir()} == {
        "lessons", "source", "release", "notebooks", "nbgrader_config.py", "my",
    }  # fmt: skip
    assert sorted(path.name for path in (top / "my/week-01").iterdir()) == ["feedback.html", "week-01.ipynb"]


def test_the_feedback_page_shows_the_answer_and_not_the_hidden_tests(graded_once):
    page = (graded_once[0] / "my/week-01/feedback.html").read_text()
    assert "double-tests" in page
    assert "HIDDEN" not in page


def test_hidden_tests_count(top):
    hand_in(top, answered("return 4"))
    assert points(grade("week-01", top))["double"] == 0


def test_grading_again_grades_the_notebook_as_it_is_now(top):
    hand_in(top, answered("return 4"))
    before = grade("week-01", top)
    hand_in(top, answered())
    after = grade("week-01", top)
    assert (before.points, after.points) == (1, 4)
    assert "week-01: 4 of 15 points" in after.feedback.read_text()


def test_the_learners_notebook_is_only_read(top):
    path = hand_in(top, answered())
    before = path.read_bytes(), path.stat().st_mtime_ns
    grade("week-01", top)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_changed_tests_are_todays_tests_again(top):
    notebook = answered("return 0")
    notebook.cells[1].source = "pass"
    hand_in(top, notebook)
    assert points(grade("week-01", top))["double"] == 0


def test_a_deleted_tests_cell_is_put_back(top):
    notebook = answered()
    del notebook.cells[1]
    hand_in(top, notebook)
    row = grade("week-01", top).rows[0]
    assert (row.exercise, row.points, row.missing) == ("double", 3, False)


def test_without_the_referee_a_deleted_tests_cell_earns_nothing_and_is_called_missing(top):
    unrefereed(top)
    notebook = answered()
    del notebook.cells[1]
    hand_in(top, notebook)
    row = grade("week-01", top).rows[0]
    assert (row.exercise, row.points, row.missing) == ("double", 0, True)


def test_an_answer_that_ends_its_process_loses_its_own_points(top):
    hand_in(top, answered("import os; os._exit(1)"))
    assert points(grade("week-01", top)) == {"double": 0, "half given": 1, "design a queue": 0}


def test_a_learners_cell_that_quotes_a_marker_does_not_cost_the_feedback(top):
    notebook = answered()
    notebook.cells.append(new_code_cell("# BEGIN HIDDEN TESTS"))
    hand_in(top, notebook)
    assert "BEGIN HIDDEN TESTS" in grade("week-01", top).feedback.read_text()


def test_the_notebook_run_for_grading_sees_neither_the_course_nor_the_learners_records(top):
    notebook = answered()
    notebook.cells[0].source += f"""
import os
try:
    os.listdir({str(top)!r})
except OSError:
    pass
else:
    del double"""
    hand_in(top, notebook)
    assert points(grade("week-01", top))["double"] == 3


def test_without_the_referee_it_sees_the_course_and_not_the_learners_records(top):
    unrefereed(top)
    notebook = answered()
    own = f"{str(top / 'my')!r}"
    notebook.cells[0].source += f"""
from loopready import course
assert course.root() == course.Path({str(top)!r})
if course.learner_folder(course.root()) == course.Path({own}):
    del double"""
    hand_in(top, notebook)
    assert points(grade("week-01", top))["double"] == 3


def test_the_environment_is_afterwards_as_it_was(top):
    hand_in(top, answered())
    before = dict(os.environ), Path.cwd()
    grade("week-01", top)
    assert (dict(os.environ), Path.cwd()) == before


def test_a_path_that_nbgrader_would_misread_does_no_harm(tmp_path):
    top = lay_out(tmp_path / "a [course]? & 100%")
    hand_in(top, answered())
    assert "4 of 5" in command(top, "grade", "1").stdout


def not_started(top):
    pass


def not_json(top):
    hand_in(top, answered()).write_text("{")


def empty(top):
    hand_in(top, answered()).write_text("")


def not_a_notebook(top):
    hand_in(top, answered()).write_text(json.dumps({"cells": "none"}))


def a_folder(top):
    (top / "my/week-01/week-01.ipynb").mkdir(parents=True)


def a_link(top):
    path = hand_in(top, answered())
    path.rename(top / "elsewhere.ipynb")
    path.symlink_to(top / "elsewhere.ipynb")


def no_source(top):
    hand_in(top, answered())
    (top / "source/week-01/week-01.ipynb").unlink()


def a_file_in_the_way(top):
    hand_in(top, answered())
    (top / "my/.grading").touch()


def a_dead_kernel(top):
    unrefereed(top)
    hand_in(top, answered("import os; os._exit(1)"))


@pytest.mark.parametrize(
    "fault, says",
    [
        (not_started, "week-01 is not started: run `loopready start week-01`"),
        (not_json, "is not a notebook any more: move it away"),
        (empty, "is not a notebook any more: move it away"),
        (not_a_notebook, "is not a notebook any more: move it away"),
        (a_folder, "is a folder where the notebook must be"),
        (a_link, "is a symlink: put the notebook itself there"),
        (no_source, "source/week-01 is not built: run `loopready build week-01`"),
        (a_file_in_the_way, "cannot write my/.grading"),
        (a_dead_kernel, "nbgrader could not grade week-01: nbclient.exceptions.DeadKernelError: Kernel died"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_cannot_be_graded_is_one_line_that_says_why(top, fault, says):
    fault(top)
    done = command(top, "grade", "week-01")
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_alembic_the_line_names_it_and_no_gradebook_is_left(top, monkeypatch):
    hand_in(top, answered())
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(loopready.scratch.sysconfig, "get_path", lambda name: str(top))
    with pytest.raises(CourseError, match="alembic is not in"):
        grade("week-01", top)
    assert [path.name for path in (top / "my/.grading").iterdir()] == ["log.txt"]


def test_an_interrupted_grading_leaves_the_notebook_and_the_next_one_works(top):
    path = hand_in(top, answered("import time; time.sleep(25); return 2 * n"))
    before = path.read_bytes()
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    words = [sys.executable, "-m", "loopready.cli", "grade", "1"]
    log = top / "my/.grading/log.txt"
    with subprocess.Popen(
        words, cwd=top, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not (log.exists() and "Autograding" in log.read_text()):
            assert process.poll() is None
        # As a terminal does: to the kernel as well.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "loopready: stopped: your notebook is as it was\n")
    assert path.read_bytes() == before
    hand_in(top, answered())
    assert grade("week-01", top).points == 4


def test_a_report_survives_being_written_as_json():
    from datetime import datetime

    report = Report(
        "week-01", datetime(2026, 1, 2, 3, 4, 5, 6), (Row("double", 1.5, 3),), Path("feedback.html")
    )
    assert Report.from_json(report.to_json()) == report


def test_the_button_is_a_sentence_where_no_widget_can_be_shown(top):
    words = "To grade week-01, save the notebook and run: loopready grade week-01"
    assert grade_button()._repr_mimebundle_()["text/plain"] == words


def test_pressing_the_button_shows_the_report_and_links_to_the_feedback(top, monkeypatch):
    monkeypatch.chdir(hand_in(top, answered()).parent)
    monkeypatch.setenv("PYTHONPATH", str(TOP))
    panel = grade_button()
    asyncio.run(panel.press(panel))
    shown = panel.answer.outputs[0]["data"]["text/html"]
    assert "week-01: 4 of 5 points" in shown
    assert 'href="feedback.html"' in shown


def test_a_failure_behind_the_button_is_shown_as_its_line(top, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TOP))
    panel = grade_button()

    async def press():
        panel.button.click()
        await panel.pressed

    asyncio.run(press())
    assert "week-01 is not started" in panel.answer.outputs[0]["data"]["text/html"]
    assert panel.button.disabled is False


def test_where_there_is_no_course_the_button_says_who_grades(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    panel = grade_button()

    async def press():
        panel.button.click()
        await panel.pressed

    asyncio.run(press())
    assert "hand the week in" in panel.answer.outputs[0]["data"]["text/html"]
