"""What a gradebook says that each learner has for each week, with never graded told from nothing earned."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook

from loopready.course import CourseError

__all__ = [
    "GRADED",
    "MISSING",
    "UNGRADED",
    "WAITS",
    "Entry",
    "Learner",
    "Marks",
    "Week",
    "handed_in",
    "marks",
]

GRADED, WAITS, UNGRADED, MISSING = "graded", "waits for points by hand", "not graded", "nothing came"


@dataclass(frozen=True)
class Learner:
    """One of the roster; names and email are empty where it has none."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def sortable(self) -> str:
        """The name as a list is sorted by it: `Abe, Ann`; the id when there is no name."""
        return ", ".join(filter(None, [self.last_name, self.first_name])) or self.id


@dataclass(frozen=True)
class Week:
    """A week that learners can have points for; `due` is in UTC, and None where nobody has set it."""

    name: str
    out_of: float
    due: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One learner's week. `earned` and `penalty` are points, extra credit included; None while never graded."""

    status: str
    came: datetime | None = None
    earned: float | None = None
    penalty: float | None = None

    @property
    def score(self) -> float | None:
        """What counts: the points less what lateness takes, and never below 0; None while never graded."""
        return None if self.earned is None else max(0.0, self.earned - (self.penalty or 0.0))


@dataclass(frozen=True)
class Marks:
    """The class's weeks and learners in order, and an entry for each pair of their names."""

    weeks: tuple[Week, ...]
    learners: tuple[Learner, ...]
    entries: dict[tuple[str, str], Entry]

    def of(self, week: Week, learner: Learner) -> Entry:
        """The learner's entry for the week; without one, nothing came."""
        return self.entries.get((week.name, learner.id), Entry(MISSING))


def handed_in(submitted: Path) -> set[tuple[str, str]]:
    """The weeks and learners of the folders in `submitted`, those that no grading has seen included."""
    return {(path.name, path.parent.name) for path in submitted.glob("*/*") if path.is_dir()}


def marks(
    book: Gradebook,
    weeks: Collection[str] = (),
    learners: Collection[str] = (),
    came: Collection[tuple[str, str]] = (),
) -> Marks:
    """The class's points, of all weeks and learners or of those named.

    A week that was never generated has no points to give and is left out. `came` names the weeks and learners that
    handed in: the gradebook does not know of them before they are graded.
    Raises CourseError for a name that the gradebook does not know, and when nothing is left to list.
    """
    known = sorted(book.assignments, key=lambda one: one.name)
    chosen = [one for one in _named(known, weeks, "name", "week") if one.notebooks]
    students = [
        Learner(one.id, one.first_name or "", one.last_name or "", one.email or "")
        for one in _named(sorted(book.students, key=lambda one: one.id), learners, "id", "learner")
    ]
    if not chosen:
        raise CourseError("no week to export: run `nbgrader generate_assignment` for one")
    if not students:
        raise CourseError("no learner to export: run `nbgrader db student import`, or grade somebody")
    listed = tuple(Week(one.name, float(one.max_score), one.duedate) for one in chosen)
    unseen = {pair: Entry(UNGRADED) for pair in came}
    return Marks(listed, tuple(students), unseen | dict(_entries(book, {one.name for one in listed})))


def _named(known: list, names: Collection[str], by: str, kind: str) -> list:
    there = {getattr(one, by): one for one in known}
    for name in names:
        if name not in there:
            raise CourseError(f"the gradebook knows no {kind} {name!r}: see `nbgrader db --help`")
    return [one for key, one in there.items() if not names or key in names]


def _entries(book: Gradebook, weeks: set[str]) -> Iterator[tuple[tuple[str, str], Entry]]:
    cells = _cells(book)
    hand_ins = book.db.query(
        SubmittedAssignment.id,
        Assignment.name,
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.score,
        SubmittedAssignment.late_submission_penalty,
    ).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    for id_, week, learner, came, score, penalty in hand_ins:
        if week in weeks:
            status = _status(cells.get(id_, []))
            points = (None, None) if status == UNGRADED else (float(score), float(penalty or 0))
            yield (week, learner), Entry(status, came, *points)


def _cells(book: Gradebook) -> dict[str, list[tuple]]:
    """Of each submission, its cells: points from tests, points by hand, whether it waits for a person."""
    query = book.db.query(
        SubmittedNotebook.assignment_id, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
    ).join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
    found: dict[str, list[tuple]] = {}
    for submission, *cell in query:
        found.setdefault(submission, []).append(tuple(cell))
    return found


def _status(cells: Iterable[tuple]) -> str:
    cells = list(cells)
    # Points by hand stay when a later hand-in could not be graded, so they alone do not make it graded.
    tested = any(auto is not None for auto, _, _ in cells)
    rated = bool(cells) and all(manual is not None for _, manual, _ in cells)
    if not tested and not rated:
        return UNGRADED
    return WAITS if any(waits for _, _, waits in cells) else GRADED
