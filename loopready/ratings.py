"""The learner's ratings, to which ratings are only ever added, in the one file of `loopready.store`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from loopready.course import CourseError
from loopready.store import Store, now

TOP = 5

_INSERT = "INSERT INTO rating (kind, subject, dimension, level, out_of, said_at) VALUES"
_ROW = "(?, ?, ?, ?, ?, ?)"
# By id, which is the order of saving also when the machine's clock went back in between.
_HISTORY = "SELECT dimension, level, out_of, said_at FROM rating WHERE kind = ? AND subject = ? ORDER BY id"

_SUBJECTS = "SELECT subject FROM rating WHERE kind = ? GROUP BY subject ORDER BY min(id)"


class Subject(NamedTuple):
    """What is rated: a kind ("story", "design") and the thing's own key there, such as a story's slug."""

    kind: str
    id: str


@dataclass(frozen=True)
class Rating:
    """One level given to one dimension of a subject, at a moment in UTC; `out_of` is the top of its scale."""

    subject: Subject
    dimension: str
    level: int
    out_of: int
    said_at: datetime


class Ratings:
    """The ratings in the file at `path`: `loopready.db` in the learner's folder when none is given.

    Nothing is created before the first rating is saved. Every failure is a CourseError of one line.
    """

    def __init__(self, path: Path | str | None = None, clock: Callable[[], datetime] = now):
        self._store, self._clock = Store(path), clock

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self._store.path

    def rate(
        self,
        subject: Subject | tuple[str, str],
        levels: Mapping[str, int],
        tops: Mapping[str, int] | None = None,
    ) -> datetime:
        """Add one rating for each dimension in `levels`, all or none; the moment they were said, in UTC.

        Levels are whole numbers from 1 to 5, or to the dimension's own top in `tops`.

        >>> Ratings().rate(("story", "the-queue-nobody-owned"), {"Depth": 4})  # doctest: +SKIP
        """
        subject, moment = as_subject(subject), self._clock().astimezone(UTC).replace(microsecond=0)
        rows = [
            _row(subject, name, level, (tops or {}).get(name, TOP), moment) for name, level in levels.items()
        ]
        if not rows:
            raise CourseError("nothing to save: rate at least one dimension")
        with self._store.writing() as database:
            database.executemany(f"{_INSERT} {_ROW}", rows)
        return moment

    def history(self, subject: Subject | tuple[str, str]) -> list[Rating]:
        """Every rating of `subject`, in the order they were saved."""
        kind, key = subject = as_subject(subject)
        with self._store.reading(schema=1) as database:
            found = database.execute(_HISTORY, (kind, key)).fetchall() if database else []
        return [
            Rating(subject, name, level, top, datetime.fromisoformat(at)) for name, level, top, at in found
        ]

    def subjects(self, kind: str) -> list[str]:
        """The keys of what was rated of that kind, in the order of their first rating."""
        with self._store.reading(schema=1) as database:
            return [key for (key,) in database.execute(_SUBJECTS, (kind,))] if database else []

    def latest(self, subject: Subject | tuple[str, str]) -> dict[str, Rating]:
        """The last rating of each dimension of `subject`, by the dimension's name."""
        return {rating.dimension: rating for rating in self.history(subject)}


def as_subject(subject: Subject | tuple[str, str]) -> Subject:
    """`subject` as a kind and a key. Raises CourseError when it is something else."""
    try:
        kind, key = subject
    except (TypeError, ValueError):
        kind = key = None
    if isinstance(subject, str) or not (isinstance(kind, str) and isinstance(key, str) and kind and key):
        raise CourseError(
            f"a subject is a kind and a key, like ('story', 'the-queue-nobody-owned'); got {subject!r}"
        )
    return Subject(kind, key)


def _row(subject: Subject, dimension: str, level: int, out_of: int, moment: datetime) -> tuple:
    if not isinstance(dimension, str) or not dimension:
        raise CourseError(f"a dimension is a name; got {dimension!r}")
    # bool is an int to Python, and True would be saved as 1.
    if type(level) is not int or type(out_of) is not int or not 1 <= level <= out_of <= TOP:
        raise CourseError(
            f"{dimension} is rated with a whole number from 1 to {min(out_of, TOP)}; got {level!r}"
        )
    return (*subject, dimension, level, out_of, moment.isoformat())
