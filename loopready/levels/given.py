"""The levels that were given: kept in the gradebook's file, written together with nbgrader's points and comment.

Whoever gives says what they had seen. When somebody else was first, nothing is written, and the error says who.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from sqlalchemy import Column, DateTime, Float, MetaData, String, Table, Text, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from loopready.course import CourseError
from loopready.levels import scale

__all__ = ["Given", "TakenBefore", "give", "grade_of", "look"]

# nbgrader's upgrades leave tables alone that they do not know.
_TABLE = Table(
    "loopready_levels",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("levels", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("comment", Text),
    Column("given_by", String(128), nullable=False),
    Column("given_at", DateTime, nullable=False),
)


class TakenBefore(CourseError):
    """Somebody else gave points or wrote a comment first; `now` is what stands there."""

    def __init__(self, says: str, now: "Given"):
        super().__init__(says)
        self.now = now


@dataclass(frozen=True)
class Given:
    """What stands in the gradebook for one answer.

    `points` is nbgrader's score by hand, None while there is none, and `comment` its comment by hand. `levels` are
    those given last, empty when there are none; `worth`, what they came to, `by` and `at` (UTC) are of that time. It
    may not be the points that stand there, when somebody has changed the score in the formgrader since.
    """

    cell: str
    out_of: float
    points: float | None
    comment: str
    levels: dict[str, int]
    worth: float | None = None
    by: str = ""
    at: datetime | None = None

    @property
    def agrees(self) -> bool:
        """Whether the levels come to the points that stand there."""
        return None not in (self.worth, self.points) and round(self.worth, 2) == round(self.points, 2)

    @property
    def seen(self) -> str:
        """A text that changes with whatever of this changes."""
        what = json.dumps([self.points, self.comment, sorted(self.levels.items())])
        return hashlib.sha256(what.encode()).hexdigest()[:16]


def grade_of(book: Gradebook, week: str, learner: str, cell: str) -> Grade:
    """The gradebook's row for an answer. Raises CourseError for a learner, a hand-in or a cell that is not there."""
    try:
        submission = book.find_submission(week, learner)
    except MissingEntry as error:
        raise CourseError(f"the gradebook has no hand-in of {learner!r} for {week}") from error
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
    # `design` is enough where the week has one.
    matching = [name for name in grades if name == cell or name.endswith(f"-{cell}")]
    if len(matching) != 1:
        rated = ", ".join(sorted(name for name in grades if scale.kind_of(name))) or "none with a rubric"
        raise CourseError(f"{week} has no graded cell {cell!r}: there is {rated}")
    return grades[matching[0]]


def look(book: Gradebook, grade: Grade) -> Given:
    """What stands there for this answer now."""
    kept = _kept(book, grade)
    comment = _comment(book, grade)
    return Given(
        grade.name,
        grade.max_score,
        grade.manual_score,
        (comment.manual_comment if comment else None) or "",
        json.loads(kept.levels) if kept else {},
        kept.points if kept else None,
        kept.given_by if kept else "",
        kept.given_at if kept else None,
    )


def _kept(book: Gradebook, grade: Grade):
    if not inspect(book.db.connection()).has_table(_TABLE.name):
        return None
    return book.db.execute(select(_TABLE).where(_TABLE.c.grade_id == grade.id)).one_or_none()


def _comment(book: Gradebook, grade: Grade) -> Comment | None:
    try:
        return book.find_comment(
            grade.name, grade.notebook.name, grade.notebook.assignment.name, grade.notebook.student.id
        )
    except MissingEntry:
        return None


def give(
    book: Gradebook, grade: Grade, levels: Mapping[str, int], comment: str, by: str, seen: str | None = None,
    at: datetime | None = None,
) -> Given:  # fmt: skip
    """Write the levels, the points that they come to, and the comment; what stands there afterwards.

    `seen` is the `Given.seen` that `by` has decided on, or None to write over whatever is there. Raises TakenBefore
    when that is no longer what stands there, and CourseError for levels that do not exist or a gradebook that cannot
    be written; nothing is changed then.
    """
    rubric = scale.rubric_of(grade.name)
    worth = scale.points(rubric, levels, grade.max_score)
    with _alone(book, grade):
        now = look(book, grade)
        if seen is not None and seen != now.seen:
            raise TakenBefore(_said(now), now)
        grade.manual_score, grade.needs_manual_grade = worth, False
        if row := _comment(book, grade):
            row.manual_comment = comment.strip() or None
        _keep(book, grade, dict(levels), comment.strip(), by, at or datetime.now(UTC))
    return look(book, grade)


@contextmanager
def _alone(book: Gradebook, grade: Grade) -> Iterator[None]:
    """Nobody else writes this row until the block has ended, and then all of the block is written or nothing."""
    row = grade.id
    try:
        book.db.rollback()
        _TABLE.create(book.engine, checkfirst=True)
        # A write that changes nothing takes the lock before anything is read: SQLite has no SELECT FOR UPDATE.
        same = update(Grade).where(Grade.id == row).values(needs_manual_grade=Grade.needs_manual_grade)
        book.db.execute(same.execution_options(synchronize_session=False))
        book.db.expire_all()
        yield
        book.db.commit()
    except SQLAlchemyError as error:
        from loopready.marking.gradebook import said

        book.db.rollback()
        raise CourseError(said(error)) from error
    except BaseException:
        book.db.rollback()
        raise


def _keep(book: Gradebook, grade: Grade, levels: dict, comment: str, by: str, at: datetime) -> None:
    row = {
        "levels": json.dumps(levels),
        "points": grade.manual_score,
        "comment": comment,
        "given_by": by,
        # As nbgrader keeps its times: UTC, without saying so.
        "given_at": at.astimezone(UTC).replace(tzinfo=None),
    }
    changed = book.db.execute(update(_TABLE).where(_TABLE.c.grade_id == grade.id).values(**row))
    if not changed.rowcount:
        book.db.execute(_TABLE.insert().values(grade_id=grade.id, **row))


def _said(now: Given) -> str:
    """Who was first, and with what."""
    points = "no points" if now.points is None else f"{now.points:g} points"
    if now.levels and now.agrees and now.at:
        who = f"{now.by} gave {points} at {now.at:%H:%M} UTC on {now.at.day} {now.at:%B}"
    else:
        who = f"somebody left {points} there in the formgrader"
    return f"nothing saved: {who}, after you had opened this; look at it, then give yours again"
