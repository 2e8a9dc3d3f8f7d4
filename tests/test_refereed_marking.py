"""A class refereed, by nbgrader's command and by ours: what stays of an earlier grading, and the same points always."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from tiny_class import (
    PAPERS,
    WEEK,
    classroom,
    empty_classroom,
    files,
    grade,
    hand_in,
    nbgrader,
    refereed,
    rows,
    said,
    scores,
)
from tiny_course import answered


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A refereed course before anybody has handed in."""
    return refereed(empty_classroom(tmp_path_factory.mktemp("empty") / "course"))


def test_a_class_is_refereed_by_the_same_command(empty, tmp_path):
    handed_in = {"ann": PAPERS["right"], "ben": PAPERS["wrong"], "cy": PAPERS["copied"]}
    top = classroom(empty, tmp_path / "course", handed_in)
    assert said(top)["graded"] == ["ann", "ben", "cy"]
    assert scores(top) == {"ann": 3, "ben": 0, "cy": 3}


def test_a_test_that_only_works_in_the_learners_process_is_named_and_blamed_on_no_learner(empty, tmp_path):
    top = classroom(empty, tmp_path / "course", {"ann": PAPERS["right"], "ben": PAPERS["wrong"]})
    source = top / f"source/{WEEK}/{WEEK}.ipynb"
    notebook = nbformat.read(source, 4)
    tests = next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade and "assert" in cell.source)
    tests.source += f"\nfrom pathlib import Path\nassert Path({str(tmp_path / 'made')!r}).exists()"
    nbformat.write(notebook, source)
    nbgrader(top, "generate_assignment", WEEK, "--force")
    run = grade(top, "--json")
    name = tests.metadata.nbgrader.grade_id
    assert run.returncode == 0 and "AssertionError" in json.loads(run.stdout)["unfair"][name]
    assert f"{name}: nobody has all points, and the reference loses some as well" in run.stderr


def autograde(top: Path) -> None:
    nbgrader(top, "autograde", WEEK, "--force", check=False)


def grade_class(top: Path) -> None:
    grade(top, "--again")


def not_json(top: Path) -> None:
    hand_in(top, "ben", "<!DOCTYPE html>")


def renamed(top: Path) -> None:
    path = top / f"submitted/ben/{WEEK}/{WEEK}.ipynb"
    path.rename(path.with_name(f"{WEEK} (1).ipynb"))


def gone(top: Path) -> None:
    (top / f"submitted/ben/{WEEK}/{WEEK}.ipynb").unlink()


def of_another_kind(top: Path) -> None:
    path = top / f"submitted/ben/{WEEK}/{WEEK}.ipynb"
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "run", [autograde, grade_class], ids=["nbgrader autograde", "loopready grade --class"]
)
@pytest.mark.parametrize("spoil", [not_json, renamed, gone, of_another_kind])
def test_a_regrading_that_fails_leaves_no_score_of_an_earlier_hand_in(graded, tmp_path, run, spoil):
    top = copy_of(graded, tmp_path)
    spoil(top)
    run(top)
    assert scores(top) == {"ann": 3}


def unreadable_time(top: Path) -> None:
    hand_in(top, "ben", answered("return 4"))
    (top / f"submitted/ben/{WEEK}/timestamp.txt").write_text("soon")


def pipes(top: Path) -> None:
    """A time, and data, that whoever opens them would wait for without end."""
    unreadable_time(top)
    folder = top / f"submitted/ben/{WEEK}"
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")
    os.mkfifo(folder / "data.csv")


@pytest.mark.parametrize(
    "run", [autograde, grade_class], ids=["nbgrader autograde", "loopready grade --class"]
)
@pytest.mark.parametrize("spoil", [unreadable_time, pipes])
def test_a_hand_in_whose_time_cannot_be_read_is_graded_and_not_passed_over(graded, tmp_path, run, spoil):
    top = copy_of(graded, tmp_path)
    spoil(top)
    run(top)
    assert scores(top) == {"ann": 3, "ben": 0}


@pytest.fixture(scope="module")
def graded(empty, tmp_path_factory) -> Path:
    """A class of two who did everything right, graded once."""
    top = classroom(
        empty, tmp_path_factory.mktemp("graded") / "course", {"ann": answered(), "ben": answered()}
    )
    said(top)
    assert scores(top) == {"ann": 3, "ben": 3}
    return top


def copy_of(top: Path, folder: Path) -> Path:
    from shutil import copytree

    return copytree(top, folder / "course")


def drawing(body: str) -> nbformat.NotebookNode:
    """A paper whose answer depends on random numbers, on the time, or on what others have left behind."""
    paper = answered(body)
    paper.cells.insert(0, new_code_cell("import os, random, time, numpy"))
    return paper


FICKLE = {
    "ann": drawing("return 2 * n"),
    "ben": drawing("return 2 * n if random.random() < 0.5 else 0"),
    "cy": drawing("return 2 * n if numpy.random.rand() < 0.5 else 0"),
    "dan": drawing("return 2 * n if hash('a word') % 2 else 0"),
    "eva": drawing(
        "left = os.path.exists('/tmp/left'); open('/tmp/left', 'w').close(); return 0 if left else 2 * n"
    ),
    "fay": answered("return 2 * n"),
}


def test_a_class_graded_in_another_order_alone_or_beside_others_gets_the_same_points_and_files(
    empty, tmp_path
):
    first = classroom(empty, tmp_path / "first", FICKLE)
    again = classroom(empty, tmp_path / "again", FICKLE)
    said(first)
    names = list(FICKLE)
    random.Random(6).shuffle(names)
    for name in names[:2]:
        nbgrader(again, "autograde", WEEK, "--student", name)
    said(again, *[word for name in names[2:] for word in ("--student", name)], "--workers", "1")
    assert rows(again)["grade"] == rows(first)["grade"]
    assert files(again) == files(first)


NOTHING = "from loopready.referee import walls\nwalls.way = lambda: ''\n"


def test_without_walls_a_class_is_refused_in_one_line_that_names_what_is_missing(empty, tmp_path):
    top = classroom(empty, tmp_path / "course", {"ann": answered()})
    config = top / "nbgrader_config.py"
    config.write_text(NOTHING + config.read_text())
    done = grade(top)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot contain" in done.stderr and "has no network" in done.stderr
    stock = nbgrader(top, "autograde", WEEK, check=False)
    assert stock.returncode == 1
    assert "has no network" in stock.stderr
    assert scores(top) == {}


def test_told_to_go_on_without_walls_the_class_is_graded_and_what_is_missing_is_said(empty, tmp_path):
    top = classroom(empty, tmp_path / "course", {"ann": answered()})
    config = top / "nbgrader_config.py"
    config.write_text(NOTHING + config.read_text().replace("refereed(c)", "refereed(c, uncontained=True)"))
    done = grade(top, "--json")
    assert json.loads(done.stdout)["graded"] == ["ann"]
    assert "this machine does not hold: reads no file but Python's and the system's" in done.stderr
