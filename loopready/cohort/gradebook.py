"""nbgrader's gradebook as pandas' tables, opened so that nothing can be written to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.course import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

_LEARNERS = "SELECT id AS learner, first_name, last_name FROM student ORDER BY id"
_WEEKS = """
SELECT assignment.name AS week, assignment.duedate AS due FROM assignment
WHERE EXISTS (SELECT * FROM notebook WHERE notebook.assignment_id = assignment.id) ORDER BY assignment.name
"""
_HAND_INS = """
SELECT assignment.name AS week, submitted_assignment.student_id AS learner, submitted_assignment.timestamp AS came,
       assignment.duedate AS due, submitted_assignment.extension AS extension
FROM submitted_assignment JOIN assignment ON assignment.id = submitted_assignment.assignment_id
ORDER BY week, learner
"""
_MARKS = """
SELECT assignment.name AS week, submitted_assignment.student_id AS learner, base_cell.name AS cell,
       COALESCE(grade_cells.max_score, task_cells.max_score) AS out_of, grade.auto_score AS auto,
       grade.manual_score AS by_hand, COALESCE(grade.extra_credit, 0) AS extra, grade.needs_manual_grade AS waits
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
LEFT JOIN grade_cells ON grade_cells.id = base_cell.id
LEFT JOIN task_cells ON task_cells.id = base_cell.id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
ORDER BY week, learner, cell
"""


@dataclass(frozen=True)
class Book:
    """What a gradebook says of a class.

    `learners` has a row for each on the roster (learner, first_name, last_name); `weeks` one for each assignment
    that was generated (week, due); `hand_ins` one for each submission that grading has seen (week, learner, came,
    due, extension: times in UTC); `marks` one for each graded cell of a submission: week, learner, cell, out_of,
    auto (points from tests), by_hand, extra, waits (for a person), points (what counts, nan while there is none).
    """

    learners: pd.DataFrame
    weeks: pd.DataFrame
    hand_ins: pd.DataFrame
    marks: pd.DataFrame


def read_book(db_url: str) -> Book:
    """The gradebook at an address as nbgrader's configuration has it, such as `sqlite:///gradebook.db`.

    Raises CourseError, one line with the remedy, where there is none, where it is another version's, and where
    it cannot be read.
    """
    import pandas as pd
    from sqlalchemy import text

    with _reading(db_url) as connection:
        # Not pandas' read_sql, which hides the database's own error in one of its own.
        found = (connection.execute(text(query)) for query in (_LEARNERS, _WEEKS, _HAND_INS, _MARKS))
        learners, weeks, hand_ins, marks = (
            pd.DataFrame(rows.fetchall(), columns=list(rows.keys())) for rows in found
        )
    for column in ("came", "due"):
        hand_ins[column] = pd.to_datetime(hand_ins[column])
    hand_ins["extension"] = pd.to_timedelta([_interval(value) for value in hand_ins["extension"]])
    weeks["due"] = pd.to_datetime(weeks["due"])
    numbers = {name: pd.to_numeric(marks[name]) for name in ("out_of", "auto", "by_hand", "extra")}
    marks = marks.assign(**numbers, waits=marks["waits"].astype(bool))
    # As nbgrader counts: what a person gave comes before what the tests gave.
    points = marks["by_hand"].fillna(marks["auto"]) + marks["extra"]
    return Book(learners, weeks, hand_ins, marks.assign(points=points))


def _interval(value: str | timedelta | None) -> timedelta | None:
    """An extension, as any database gives it: SQLite keeps intervals as moments after 1970."""
    return datetime.fromisoformat(value) - datetime(1970, 1, 1) if isinstance(value, str) else value


@contextmanager
def _reading(db_url: str) -> Iterator[Connection]:
    from sqlalchemy.exc import SQLAlchemyError

    from loopready.marking.versions import check_version

    engine = _engine(db_url)
    check_version(db_url)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        from loopready.marking.gradebook import said

        raise CourseError(said(error)) from error
    finally:
        engine.dispose()


def _engine(db_url: str):
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    url = make_url(db_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not path.is_file():
            raise CourseError(
                "there is no gradebook yet: `nbgrader generate_assignment` makes it for your class, "
                "`loopready demo-class FOLDER` makes a fictional class"
            )
        # SQLite's own way to open a file for reading only; as_uri quotes what a path may hold.
        return create_engine("sqlite://", creator=lambda: _read_only(path))
    return create_engine(url, execution_options={"postgresql_readonly": True})


def _read_only(path: Path):
    import sqlite3

    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
