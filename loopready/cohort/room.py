"""The instructor's room: one class, opened for reading, and what the notebook `cohort.ipynb` shows of it.

In a terminal or a script the same without a notebook:

    from loopready.cohort.room import Room
    room = Room(Path("my-class"))        # CourseError, one line, where there is no class
    room.items(), room.mistakes, ...     # pandas' tables
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property, wraps
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopready.course import CourseError
from loopready.course import root as course_root
from loopready.grids import Shown, grid

if TYPE_CHECKING:
    import pandas as pd

    from loopready.cohort.concerns import Concern
    from loopready.cohort.gradebook import Book
    from loopready.figures import Picture

MOST = 15  # rows of a list that are shown; the rest is counted


class Room:
    """A class as its course's folder has it, seen from one week: the last of which something came, or the one named.

    Nothing is read before it is asked for, and nothing is ever written. Raises CourseError, one line with the
    remedy, where there is no class, where its gradebook cannot be read, or where nothing came for that week.
    """

    def __init__(self, root: Path, week: str | None = None):
        from loopready.cohort.gradebook import read_book
        from loopready.cohort.results import results

        self.root = root
        self.book: Book = read_book(_address(root))
        self.results: pd.DataFrame = results(self.book, root)
        self.weeks: list[str] = list(self.results.index.get_level_values("week").unique())
        if not self.weeks:
            raise CourseError("nothing was handed in yet: submitted/<learner>/<week> is where it lies")
        self.week = _chosen(week, self.weeks)

    @cached_property
    def names(self) -> dict[str, str]:
        """By learner's id, the name on the roster."""
        rows = self.book.learners.fillna("").itertuples()
        return {one.learner: f"{one.first_name} {one.last_name}".strip() for one in rows}

    @cached_property
    def papers(self) -> dict:
        """By learner, the graded answers of the week."""
        from loopready.cohort.handed_in import papers

        return papers(self.week, self.root)

    @cached_property
    def mistakes(self) -> pd.DataFrame:
        """For each learner and exercise of the week, what the answer is: learner, exercise, slip, by."""
        from loopready.cohort.analysis import mistakes
        from loopready.cohort.mistakes import known

        return mistakes(self.papers, known(self.week, self.root))

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """Self-ratings beside points given, of all weeks: learner, week, kind, said, given."""
        return self._ratings[0]

    @cached_property
    def _ratings(self) -> tuple[pd.DataFrame, dict[str, str]]:
        from loopready.cohort.selfratings import ratings

        return ratings(self.book, self.root)

    @cached_property
    def concerns(self) -> list[Concern]:
        """Who needs a word after the week, in order."""
        from loopready.cohort.analysis import told
        from loopready.cohort.concerns import concerns

        return concerns(self.results, self.week, self.mistakes, self.ratings, told(self.papers))

    def items(self) -> pd.DataFrame:
        """The week's exercises: takers, out_of, difficulty, discrimination, upper_lower, blank, right, verdict."""
        from loopready.cohort.analysis import exercises

        table = exercises(self.book.marks, self.week, self.mistakes)
        order = list(dict.fromkeys(self.mistakes["exercise"]))
        return table.loc[[name for name in order if name in table.index] or table.index]

    def cases(self) -> pd.DataFrame:
        """The week's named cases: exercise, case, takers, difficulty, discrimination, verdict."""
        from loopready.cohort.analysis import cases

        return cases(self.papers)

    def diagnoses(self) -> pd.DataFrame:
        """What learners were told of the week's estimates, counted: exercise, step, diagnosis, learners."""
        from loopready.cohort.analysis import diagnoses

        return diagnoses(self.papers)

    def troubles(self) -> dict[str, str]:
        """By learner, why what came for the week is not graded, or why a file beside it cannot be read."""
        from loopready.cohort.handed_in import trouble

        rows = self.results.xs(self.week, level="week")
        stuck = rows.index[rows["came"] & ~rows["graded"]]
        lines = {one: trouble(self.root / "submitted" / one / self.week, self.week) for one in stuck}
        return {**self._ratings[1], **lines}


def _address(root: Path) -> str:
    """The gradebook's address, as the course's own configuration has it."""
    from traitlets.config import PyFileConfigLoader

    own = f"sqlite:///{root / 'gradebook.db'}"
    if not (root / "nbgrader_config.py").is_file():
        return own
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    return config.CourseDirectory.get("db_url", own)


def _chosen(week: str | None, weeks: list[str]) -> str:
    if week is None:
        return weeks[-1]
    if week not in weeks:
        raise CourseError(f"nothing was handed in for {week}: there is {', '.join(weeks)}")
    return week


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
            return Shown(f"<p>{escape(str(error))}</p>", str(error))

    return show


class Desk:
    """What the notebook shows, a method for each of its cells; without a class it says so once, and shows nothing.

    The class is that of the course's folder, or of the folder that the environment's LOOPREADY_CLASS names.
    """

    def __init__(self, week: str | None = None):
        self.room, self.says = None, ""
        try:
            self.room = Room(Path(os.environ.get("LOOPREADY_CLASS") or course_root()), week)
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
    def words(self, room: Room) -> Shown:
        """Who needs a word, and why, and the rule behind it."""
        from loopready.cohort.concerns import rule_in_words

        listed = room.concerns[:MOST]
        rows = [
            (_named(one.learner, room), [escape("; ".join(one.reasons)), str(one.weight)]) for one in listed
        ]
        more = _more(len(room.concerns))
        rule = rule_in_words()
        table = grid(f"Who needs a word after {room.week}", ("learner", "why", "weight"), rows)
        lines = [f"{one.weight:3}  {one.learner}: {'; '.join(one.reasons)}" for one in listed]
        return Shown(
            f"{table}<p>{escape(more)}</p><p><small>{escape(rule)}</small></p>",
            "\n".join([*lines, *filter(None, [more]), rule]),
        )

    @_shown
    def troubles(self, room: Room) -> Shown:
        """What came and is not graded, or cannot be read, a line each."""
        found = room.troubles()
        if not found:
            return Shown(
                f"<p>All that came for {room.week} is graded.</p>",
                f"All that came for {room.week} is graded.",
            )
        rows = [(_named(learner, room), [escape(says)]) for learner, says in found.items()]
        text = "\n".join(f"{learner}: {says}" for learner, says in found.items())
        return Shown(grid("Not graded, or not readable", ("learner", "why"), rows), text)

    @_shown
    def exercises(self, room: Room) -> Picture:
        """The week's exercises: right, wrong, blank; difficulty and discrimination."""
        from loopready.cohort import pictures

        return pictures.exercises(_some(room.items(), room), room.week)

    @_shown
    def numbers(self, room: Room) -> pd.DataFrame:
        """The same in numbers."""
        return _some(room.items(), room).round(2)

    @_shown
    def cases(self, room: Room) -> Picture:
        """The week's named cases: how many passed, and how well each agrees with the rest."""
        from loopready.cohort import pictures

        return pictures.cases(_some(room.cases(), room), room.week)

    @_shown
    def look_at(self, room: Room) -> Shown:
        """The named cases that are worth a look: they agree least with the rest, or hardly anybody passed them."""
        table = _some(room.cases(), room)
        odd = table[(table["discrimination"] < 0.2) | (table["difficulty"] < 0.4)]
        odd = odd.sort_values("discrimination", kind="stable").head(MOST)
        rows = [
            (
                escape(one.exercise),
                [escape(one.case), f"{one.difficulty:.0%}", f"{one.discrimination:+.2f}", one.verdict],
            )
            for one in odd.itertuples()
        ]
        text = "\n".join(f"{name}: {', '.join(cells)}" for name, cells in rows) or "None stands out."
        head = ("exercise", "case", "passed", "discrimination", "")
        return Shown(grid(f"Cases of {room.week} worth a look", head, rows), text)

    @_shown
    def common(self, room: Room) -> Shown:
        """The wrong answers that come up most, by exercise."""
        from loopready.cohort.analysis import common

        table = common(_some(room.mistakes, room))
        rows = [
            (
                escape(one.exercise),
                [escape(one.slip), str(one.learners), f"{one.share:.0%}", _BY.get(one.by, "")],
            )
            for one in table.itertuples()
        ]
        text = "\n".join(f"{name}: {', '.join(filter(None, cells))}" for name, cells in rows)
        head = ("exercise", "what it does", "learners", "share", "known by")
        return Shown(grid(f"Wrong answers of {room.week} that come up most", head, rows), text or "None.")

    @_shown
    def slips(self, room: Room) -> Picture | Shown:
        """What learners were told of their estimates most often."""
        from loopready.cohort import pictures

        table = room.diagnoses()
        if not len(table):
            return Shown("<p>No step of an estimate went wrong.</p>", "No step of an estimate went wrong.")
        return pictures.diagnoses(table, room.week)

    @_shown
    def calibration(self, room: Room) -> Picture | Shown:
        """Self-rating against points given, over all weeks."""
        from loopready.cohort import pictures

        if not len(room.ratings):
            raise CourseError("nothing was both rated by its writer and graded by you yet")
        return pictures.calibration(room.ratings)


_BY = {"text": "its text", "cases": "how the cases went"}


def _some(table: pd.DataFrame, room: Room) -> pd.DataFrame:
    if not len(table):
        raise CourseError(f"nothing of {room.week} is graded yet: run `loopready grade {room.week} --class`")
    return table


def _named(learner: str, room: Room) -> str:
    name = room.names.get(learner, "")
    return f"{escape(name)}<br><small>{escape(learner)}</small>" if name else escape(learner)


def _more(count: int) -> str:
    return f"And {count - MOST} more." if count > MOST else ""
