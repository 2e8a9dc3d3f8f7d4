"""What goes into another system's gradebook, and what is better left to the instructor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from loopready.exports.grades import MISSING, UNGRADED, WAITS, Entry, Learner, Marks
from loopready.exports.texts import is_formula

__all__ = ["Choice", "Made", "left_empty", "transferable"]


@dataclass(frozen=True)
class Choice:
    """Whether points that are not complete yet are written, and whether who handed in nothing has 0."""

    unfinished: bool = False
    zero: bool = False

    def points_of(self, entry: Entry) -> float | None:
        """The points to write for an entry, or None to leave its cell empty."""
        if entry.status == MISSING:
            return 0.0 if self.zero else None
        return entry.score if entry.status != WAITS or self.unfinished else None


@dataclass(frozen=True)
class Made:
    """A file's text, and what a person should know before it goes out, a line each."""

    text: str
    notes: list[str] = field(default_factory=list)


def left_empty(marks: Marks, choice: Choice) -> list[str]:
    """How many cells are empty, and why, a line for each reason."""
    entries = [marks.of(week, learner) for week in marks.weeks for learner in marks.learners]
    counts = [
        (status, sum(one.status == status and choice.points_of(one) is None for one in entries))
        for status in (WAITS, UNGRADED, MISSING)
    ]
    return [f"left empty: {count} ({status})" for status, count in counts if count]


def transferable(
    learners: Iterable[Learner], key: Callable[[Learner], str] = lambda one: one.id
) -> tuple[list[Learner], list[str]]:
    """The learners whose id can be written as it is, and a line for each of the others.

    An id has to be found again as it is, so a formula in it cannot be made harmless.
    """
    taken, notes = [], []
    for one in learners:
        if is_formula(key(one)) or not key(one).isprintable():
            notes.append(f"left out, enter by hand: {key(one)!r} is an id that a spreadsheet could run")
        else:
            taken.append(one)
    return taken, notes
