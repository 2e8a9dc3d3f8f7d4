"""nbgrader's gradebook with one connection a worker, and one transaction a step of a submission.

nbgrader opens the database nine times for each submission and commits after each cell. Here its own code finds a
gradebook that is open already, and whose commits wait until the step is complete.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import nbgrader.api
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from loopready.course import CourseError
from loopready.marking.versions import check_version

PATIENCE = 60.0  # seconds that a worker waits for others to finish writing


class _Waiting(Session):
    """A session whose commits wait for `keep`."""

    def commit(self) -> None:
        self.flush()

    def keep(self) -> None:
        """Write what has been waiting, all of it or nothing."""
        super().commit()


class Book(nbgrader.api.Gradebook):
    """The gradebook that stays open; nbgrader's code opens and closes it as ever."""

    open_books: dict[str, "Book"]

    def __new__(cls, db_url: str, *args, **kwargs) -> "Book":
        """The one that is open for this address."""
        return cls.open_books[db_url]

    def __init__(self, db_url: str, course_id: str = "default_course", authenticator: object = None):
        """Look at it afresh, as one that is newly opened; `ready` has entered the courses."""
        self.course_id, self.authenticator = course_id, authenticator
        self.rows.clear()
        self.db.expire_all()

    def find_source_cell(self, *names: str) -> SourceCell:
        """As nbgrader finds it; the cells of a week stay as they are while a run is at it."""
        return self._once(super().find_source_cell, *names)

    def find_graded_cell(self, *names: str) -> BaseCell:
        """As nbgrader finds it, once a run."""
        return self._once(super().find_graded_cell, *names)

    def _once(self, find: Callable[..., BaseCell], *names: str) -> BaseCell:
        key = find.__name__, *names
        if key not in self.found:
            self.found[key] = find(*names)
            self.db.expunge(self.found[key])
        return self.found[key]

    def find_grade(self, cell: str, *names: str) -> Grade:
        """As nbgrader finds it, all of a notebook's with the first."""
        return self._row(Grade, *names).get(cell) or super().find_grade(cell, *names)

    def find_comment(self, cell: str, *names: str) -> Comment:
        """As nbgrader finds it, all of a notebook's with the first."""
        return self._row(Comment, *names).get(cell) or super().find_comment(cell, *names)

    def _row(self, kind: type, *names: str) -> dict[str, Grade | Comment]:
        key = kind, *names
        if key not in self.rows:
            notebook = self.find_submission_notebook(*names)
            query = self.db.query(kind, BaseCell.name).join(BaseCell, kind.cell_id == BaseCell.id)
            self.rows[key] = {name: row for row, name in query.filter(kind.notebook_id == notebook.id)}
        return self.rows[key]

    def close(self) -> None:
        """Nothing: it stays open."""

    def keep(self) -> None:
        """Commit what nbgrader has written since the last time."""
        self.db().keep()

    def forget(self) -> None:
        """Roll back what was not kept, and let go of what was read."""
        self.rows.clear()
        self.db.remove()


@contextmanager
def one_gradebook(db_url: str) -> Iterator[Book]:
    """Have all of nbgrader, in this process, use one gradebook for `db_url`."""
    original = nbgrader.api.Gradebook
    book = object.__new__(Book)
    book.engine = engine(db_url)
    book.found, book.rows = {}, {}
    # What is found once is still there after the commit.
    book.db = scoped_session(sessionmaker(bind=book.engine, class_=_Waiting, expire_on_commit=False))
    Book.open_books = {db_url: book}
    users = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("nbgrader.") and getattr(module, "Gradebook", None) is original
    ]
    for module in users:
        module.Gradebook = Book
    try:
        yield book
    finally:
        for module in users:
            module.Gradebook = original
        book.forget()
        book.engine.dispose()


def engine(db_url: str, patience: float = PATIENCE):
    """A connection to the gradebook that waits for its turn to write."""
    arguments = {"timeout": patience} if db_url.startswith("sqlite") else {}
    return create_engine(db_url, connect_args=arguments)


def take_back(db_url: str, week: str, student: str, notebook: str = "") -> None:
    """Have the learner's cells of `week`, or of one notebook of it, wait without a score from tests.

    So that a score which no grading of today's hand-in has given is not there. Points by hand stay.
    """
    source = engine(db_url)
    try:
        with Session(source) as session, session.begin():
            grades = (
                session.query(Grade)
                .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
                .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
                .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
                .filter(Assignment.name == week, SubmittedAssignment.student_id == student)
            )
            for grade in grades.filter(Notebook.name == notebook) if notebook else grades:
                grade.auto_score, grade.needs_manual_grade = None, True
    finally:
        source.dispose()


def nobody_full(db_url: str, week: str) -> set[str]:
    """The tests cells of `week` for which nobody who is graded has all points."""
    source = engine(db_url)
    try:
        with Session(source) as session:
            rows = (
                session.query(Grade.auto_score, GradeCell.name, GradeCell.max_score)
                .join(GradeCell, Grade.cell_id == GradeCell.id)
                .join(Notebook, GradeCell.notebook_id == Notebook.id)
                .join(Assignment, Notebook.assignment_id == Assignment.id)
                .filter(Assignment.name == week, Grade.auto_score.isnot(None), GradeCell.max_score > 0)
                .all()
            )
    finally:
        source.dispose()
    return {name for _, name, _ in rows} - {name for got, name, most in rows if got >= most}


def ready(db_url: str, course_id: str, week: str, patience: float = 5.0) -> None:
    """Enter what nbgrader enters when it first opens a gradebook, so that the workers need not.

    Raises CourseError when the gradebook is of another nbgrader, cannot be written now, or does not know the week.
    """
    check_version(db_url)
    _check(db_url, week, patience)
    # nbgrader's preprocessors name no course, which makes one called default_course.
    for course in ({"course_id": course_id}, {}):
        with nbgrader.api.Gradebook(db_url, **course):
            pass


def _check(db_url: str, week: str, patience: float) -> None:
    connection = engine(db_url, patience)
    try:
        with connection.connect() as begun:
            if db_url.startswith("sqlite"):
                begun.execute(text("BEGIN IMMEDIATE"))
                # The lock alone does not show that the file's folder takes a journal.
                begun.execute(text("UPDATE course SET id = id"))
            known = begun.execute(
                text("SELECT count(*) FROM assignment WHERE name = :week"), {"week": week}
            ).scalar()
            begun.rollback()
    except SQLAlchemyError as error:
        raise CourseError(said(error)) from error
    finally:
        connection.dispose()
    if not known:
        raise CourseError(f"the gradebook does not know {week}: run `nbgrader generate_assignment {week}`")


_REMEDIES = {
    "database is locked": "another program is writing to it; wait for that, or end it",
    "readonly": "make the file and its folder writable for you",
    "disk is full": "make room, then run the command again: it goes on from here",
    "disk I/O error": "make room or look at the disk, then run the command again: it goes on from here",
    "no such table": "run `nbgrader generate_assignment` first",
    "not a database": "put a copy of the gradebook back in its place",
    "unable to open": "make its folder readable and writable for you",
}


def said(error: SQLAlchemyError) -> str:
    """What a database's error means to an instructor, in one line."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    remedy = next(
        (remedy for words, remedy in _REMEDIES.items() if words in reason), "see the gradebook's file"
    )
    return f"the gradebook cannot be used ({reason}): {remedy}"
