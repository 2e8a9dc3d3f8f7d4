"""Runs an exercise's tests on one answer after another, in one kernel, and reads the score as nbgrader reads it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from loopready import tables
from loopready.cohort.kept import kept_answers
from loopready.cohort.papers import pattern

ROOT = Path(__file__).parent.parent
# All katas of the reserve together, as if they were a week: one kernel proves them, since none defines another's names.
RESERVE = "reserve"


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: the answer cell it stands in for, the points it deserves, and the slip behind it."""

    week: str
    exercise: str
    score: float
    slip: str
    source: str

    @property
    def id(self) -> str:
        return f"{self.exercise}: {self.slip}"


def weeks() -> list[str]:
    return sorted(path.stem for path in (ROOT / "lessons").glob("week-*.md"))


def papers() -> list[str]:
    """What is proven: the weeks and the reserve."""
    return [*weeks(), RESERVE]


def wrong_answers(week: str) -> list[Wrong]:
    kept = kept_answers(week, ROOT)
    return [Wrong(week, one.exercise, one.score, one.slip, one.source) for one in kept]


@cache
def notebook(kind: str, week: str) -> NotebookNode:
    """The built notebook of a week, or of the reserve: `kind` is "source" or "release"."""
    if week == RESERVE:
        katas = sorted(path.stem for path in (ROOT / "lessons").glob("kata-*.md"))
        cells = [cell for kata in katas for cell in notebook(kind, kata).cells]
        # By id: what is given is the same for all of them.
        return new_notebook(cells=list({cell.id: cell for cell in cells}.values()))
    return nbformat.read(ROOT / kind / week / f"{week}.ipynb", as_version=4)


def _role(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def exercises(week: str) -> list[str]:
    """The ids of the answers that tests grade."""
    tested = {_role(cell)["grade_id"] for cell in notebook("source", week).cells if is_tests(cell)}
    return [name.removesuffix("-tests") for name in tested]


def is_tests(cell: NotebookNode) -> bool:
    role = _role(cell)
    return cell.cell_type == "code" and bool(role.get("grade")) and not role.get("solution")


def given(week: str) -> list[str]:
    """The texts of the code cells that are given, and restored when graded."""
    locked = [
        c for c in notebook("source", week).cells if _role(c).get("locked") and not _role(c).get("grade")
    ]
    return list(dict.fromkeys(cell.source for cell in locked if cell.cell_type == "code"))


def cell_named(kind: str, week: str, name: str) -> NotebookNode:
    return next(cell for cell in notebook(kind, week).cells if _role(cell).get("grade_id") == name)


def scores(week: str, attempts: list[tuple[str, str]]) -> list[float]:
    """Points of each attempt, an (exercise, answer) pair; every one begins with the blank answer in place."""
    return [determine_grade(cell)[0] for cell in tried(week, attempts)]


def pattern_of(cell: NotebookNode) -> str:
    """Which cases of a tests cell passed, in order, as "++-+"."""
    return pattern(
        tables.read("".join(output.data.get("text/html", "") for output in cell.outputs if "data" in output))
    )


def tried(week: str, attempts: list[tuple[str, str]]) -> list[NotebookNode]:
    """The tests cell of each attempt after its run."""
    run = new_notebook(cells=[new_code_cell(text) for text in given(week)])
    for exercise, answer in attempts:
        tests = cell_named("source", week, f"{exercise}-tests")
        blank = cell_named("release", week, exercise).source
        run.cells += [
            new_code_cell(blank),
            new_code_cell(answer),
            new_code_cell(tests.source, metadata=tests.metadata),
        ]
    NotebookClient(run, kernel_name="python3", allow_errors=True, timeout=120).execute()
    return [cell for cell in run.cells if is_tests(cell)]
