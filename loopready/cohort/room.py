"""One class, opened for reading: its tables, without a notebook.

room = Room(Path("my-class"))        # CourseError, one line, where there is no class
room.items(), room.mistakes, ...     # pandas' tables
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.course import CourseError

if TYPE_CHECKING:
    import pandas as pd

    from loopready.cohort.concerns import Concern
    from loopready.cohort.gradebook import Book


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

    def reliability(self) -> float:
        """Cronbach's alpha over the week's exercises."""
        from loopready.cohort.analysis import reliability

        return reliability(self.book.marks, self.week)

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
