"""What the notebook `cohort.ipynb` shows of a class: a method for each of its cells, thin over the room's tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopready.cohort.analysis import UNANSWERED
from loopready.cohort.room import Room
from loopready.cohort.statistics import FEW
from loopready.course import CourseError
from loopready.course import root as course_root
from loopready.grids import Shown, grid

if TYPE_CHECKING:
    import pandas as pd

    from loopready.figures import Picture

MOST = 15  # rows of a list that are shown; the rest is counted
LITTLE, HARD = 0.2, 0.4  # a discrimination below the one, or passed by fewer than the other: worth a look
_BY = {"text": "its text", "cases": "how the cases went"}

# Beside a narrow window's other columns a sentence would be a letter wide.
_WIDE = '<span style="display:block;min-width:13em">{}</span>'

Show = Callable[..., Any]


def _shown(method: Show) -> Show:
    """The method, that shows nothing where there is no class, and a line where what it needs is not there."""

    @wraps(method)
    def show(self: Desk) -> Any:
        if self.room is None:
            return None
        try:
            return method(self, self.room)
        except CourseError as error:
            return _line(str(error))

    return show


def in_words(root: Path, week: str | None = None) -> str:
    """The parts of the page that are text, for a terminal. Raises CourseError where there is no class."""
    desk = Desk(room=Room(root, week))
    parts = (desk, desk.words(), desk.troubles(), desk.common())
    return "\n\n".join(map(repr, parts))


class Desk:
    """What the notebook shows; without a class it says so once, in its own text, and shows nothing more.

    The class is that of `room`, else of the course's folder, or of the one that the environment's LOOPREADY_CLASS
    names.
    """

    def __init__(self, week: str | None = None, room: Room | None = None):
        self.room, self.says = room, ""
        try:
            self.room = room or Room(Path(os.environ.get("LOOPREADY_CLASS") or course_root()), week)
        except CourseError as error:
            self.says = f"No class to look at: {error}."
        else:
            listed = len(self.room.results.index.get_level_values("learner").unique())
            self.says = (
                f"{listed} learners, {', '.join(self.room.weeks)}. What follows is about {self.room.week}."
            )

    def __repr__(self) -> str:
        return self.says

    @_shown
    def words(self, room: Room) -> Shown:
        """Who needs a word, and why, and the rule behind it."""
        from loopready.cohort.concerns import rule_in_words

        rows = [[_named(one.learner, room), "; ".join(one.reasons), str(one.weight)] for one in room.concerns]
        head = ("learner", "why", "weight")
        return _table(f"Who needs a word after {room.week}", head, rows, "Nobody.", rule_in_words())

    @_shown
    def troubles(self, room: Room) -> Shown:
        """What came and is not graded, or cannot be read, a line each."""
        rows = [[_named(learner, room), says] for learner, says in room.troubles().items()]
        fine = f"All that came for {room.week} is graded."
        return _table("Not graded, or not readable", ("learner", "why"), rows, fine)

    @_shown
    def progress(self, room: Room) -> Picture:
        """What came by week, and the points from tests."""
        from loopready.cohort import pictures
        from loopready.cohort.results import by_week

        return pictures.progress(by_week(room.results))

    @_shown
    def distribution(self, room: Room) -> Picture:
        """How the points from tests are spread, by week."""
        from loopready.cohort import pictures

        return pictures.distribution(room.results)

    @_shown
    def exercises(self, room: Room) -> Picture:
        """The week's exercises: right, wrong, blank; difficulty and discrimination."""
        from loopready.cohort import pictures

        return pictures.exercises(_some(room.items(), room), room.week, room.reliability())

    @_shown
    def numbers(self, room: Room) -> pd.DataFrame:
        """The same in numbers."""
        return _some(room.items(), room).drop(columns=["out_of", "verdict"]).round(2)

    @_shown
    def cases(self, room: Room) -> Picture:
        """The week's named cases: how many passed, and how well each agrees with the rest."""
        from loopready.cohort import pictures

        return pictures.cases(_some(room.cases(), room), room.week)

    @_shown
    def look_at(self, room: Room) -> Shown:
        """The named cases that are worth a look: they agree least with the rest, or few passed them."""
        table = _some(room.cases(), room)
        if table["takers"].max() < FEW:
            return _line(f"With fewer than {FEW} learners, nothing can be said of a single case.")
        odd = table[(table["discrimination"] < LITTLE) | (table["difficulty"] < HARD)]
        rows = [
            [one.exercise, one.case, f"{one.difficulty:.0%}", f"{one.discrimination:+.2f}, {one.verdict}"]
            for one in odd.sort_values("discrimination", kind="stable").itertuples()
        ]
        head = ("exercise", "case", "passed by", "discrimination")
        return _table(f"Cases of {room.week} worth a look", head, rows, f"No case of {room.week} stands out.")

    @_shown
    def common(self, room: Room) -> Shown:
        """The wrong answers that come up most, by exercise."""
        from loopready.cohort.analysis import common

        rows = [
            [one.exercise, one.slip, f"{one.learners} ({one.share:.0%})", _BY.get(one.by, "")]
            for one in common(_some(room.mistakes, room)).itertuples()
        ]
        head = ("exercise", "what it does", "learners", "known by")
        caption = f"Wrong answers of {room.week} that come up most"
        return _table(caption, head, rows, "Nothing is wrong.", most=len(rows))

    @_shown
    def slips(self, room: Room) -> Picture | Shown:
        """What learners were told of their estimates most often."""
        from loopready.cohort import pictures

        table = room.diagnoses()
        if (table["diagnosis"] != UNANSWERED).any():
            return pictures.diagnoses(table, room.week)
        return _line(f"No estimate went wrong; steps that nobody answered: {int(table['learners'].sum())}.")

    @_shown
    def calibration(self, room: Room) -> Picture | Shown:
        """Self-rating against points given, over all weeks."""
        from loopready.cohort import pictures

        return pictures.calibration(_rated(room))

    @_shown
    def agreement(self, room: Room) -> Shown:
        """The same in numbers."""
        from loopready.cohort.selfratings import FEW as PAIRS
        from loopready.cohort.selfratings import agreement

        found = agreement(_rated(room))
        if found.pairs < PAIRS:
            return _line(found.says)
        return _table("Self-rating and points", ("", "what it is", ""), found.rows, "")


def _some(table: pd.DataFrame, room: Room) -> pd.DataFrame:
    if not len(table):
        raise CourseError(f"nothing of {room.week} is graded yet: run `loopready grade {room.week} --class`")
    return table


def _rated(room: Room) -> pd.DataFrame:
    if not len(room.ratings):
        raise CourseError("nothing was both rated by its writer and graded by you yet")
    return room.ratings


def _named(learner: str, room: Room) -> str:
    """The name on the roster, and the id in a line of its own."""
    return "\n".join(filter(None, [room.names.get(learner, ""), learner]))


def _grouped(rows: Sequence[list[str]]) -> list[list[str]]:
    """The rows with each heading said once."""
    before = [None, *(row[0] for row in rows)]
    return [["" if row[0] == last else row[0], *row[1:]] for row, last in zip(rows, before, strict=False)]


def _line(text: str) -> Shown:
    return Shown(f"<p>{escape(text)}</p>", _plain(text))


def _table(
    caption: str, head: Sequence[str], rows: Sequence[list[str]], empty: str, note: str = "", most: int = MOST
) -> Shown:
    """The first rows of a list as a cell's result; all that is in them is text, whoever wrote it."""
    if not rows:
        return _line(empty)
    kept, more = rows[:most], len(rows) - most
    notes = [f"And {more} more."] * (more > 0) + [note] * bool(note)
    shown = (
        (_html(first), [_WIDE.format(_html(says)), *map(_html, rest)])
        for first, says, *rest in _grouped(kept)
    )
    html = grid(caption, head, shown)
    text = "\n".join([*(_plain(" | ".join(row)) for row in kept), *notes])
    return Shown(html + "".join(f"<p><small>{escape(one)}</small></p>" for one in notes), text)


def _html(cell: str) -> str:
    first, *rest = (escape(line) for line in cell.split("\n"))
    return "".join([first, *(f"<br><small>{line}</small>" for line in rest)])


def _plain(text: str) -> str:
    """`text` without line ends and control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
