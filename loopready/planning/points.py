"""The points of weeks graded at home, kept in the learner's file: every grading, the last one counts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.course import CourseError
from loopready.migrations import plans, since
from loopready.store import Store, now

if TYPE_CHECKING:
    from loopready.grading import Report

SINCE = since(plans)
_INSERT = "INSERT INTO graded (week, points, out_of, exercises, said_at) VALUES (?, ?, ?, ?, ?)"
_SELECT = "SELECT week, points, out_of, exercises, said_at FROM graded ORDER BY id"


@dataclass(frozen=True)
class Grading:
    """One grading: the week, its points, and (points, out of) by exercise, those that grade themselves."""

    week: str
    points: float
    out_of: float
    exercises: dict[str, tuple[float, float]]
    said_at: datetime

    @property
    def solved(self) -> set[str]:
        """The exercises with all their points."""
        return {name for name, (points, out_of) in self.exercises.items() if points >= out_of}


class Points:
    """The gradings in the file at `path`: `loopready.db` in the learner's folder when none is given."""

    def __init__(self, path: Path | str | None = None, clock: Callable[[], datetime] = now):
        self._store, self._clock = Store(path), clock

    def keep(self, report: "Report") -> None:
        """Add a grading."""
        rows = {row.exercise: (row.points, row.out_of) for row in report.rows if not row.manual}
        moment = self._clock().astimezone(UTC).replace(microsecond=0).isoformat()
        with self._store.writing() as database:
            database.execute(_INSERT, (report.week, report.points, report.out_of, json.dumps(rows), moment))

    def all(self) -> list[Grading]:
        """Every grading, the first one first."""
        with self._store.reading(SINCE) as database:
            return [_grading(row) for row in database.execute(_SELECT)] if database else []

    def latest(self) -> dict[str, Grading]:
        """The last grading of each week, by the week's name."""
        last = {grading.week: grading for grading in self.all()}
        return dict(sorted(last.items()))


def first_solved(gradings: list[Grading]) -> dict[tuple[str, str], datetime]:
    """When each exercise, by week and name, first had all its points."""
    first: dict[tuple[str, str], datetime] = {}
    for grading in gradings:
        for name in grading.solved:
            first.setdefault((grading.week, name), grading.said_at)
    return first


def is_kata(exercise: str) -> bool:
    """If an exercise that grades itself is a kata; the others are estimates, and are called so."""
    return not exercise.endswith("estimate")


def _grading(row: tuple) -> Grading:
    week, points, out_of, exercises, said_at = row
    try:
        rows = {name: tuple(each) for name, each in json.loads(exercises).items()}
        return Grading(week, points, out_of, rows, datetime.fromisoformat(said_at))
    except (AttributeError, TypeError, ValueError) as error:
        raise CourseError(f"the points of {week} were changed by another program ({error})") from error
