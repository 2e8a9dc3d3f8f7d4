"""The learner's ratings: one small SQLite file to which ratings are only ever added.

The standard library's sqlite3 and not SQLAlchemy: there is one table and three statements, it loads in a few
milliseconds in every notebook, and the promises below are SQLite's own and best said in its words.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from loopready.course import CourseError, learner_folder, root

SCHEMA = 1
TOP = 5
PATIENCE = 10.0  # seconds to wait while another tab writes; a save takes milliseconds

_TABLE = """
CREATE TABLE rating (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    dimension TEXT NOT NULL,
    level INTEGER NOT NULL CHECK (typeof(level) = 'integer' AND level BETWEEN 1 AND out_of),
    out_of INTEGER NOT NULL CHECK (out_of BETWEEN 2 AND 5),
    said_at TEXT NOT NULL
)
"""
_INSERT = "INSERT INTO rating (kind, subject, dimension, level, out_of, said_at) VALUES"
_ROW = "(?, ?, ?, ?, ?, ?)"
# By id, which is the order of saving also when the machine's clock went back in between.
_HISTORY = "SELECT dimension, level, out_of, said_at FROM rating WHERE kind = ? AND subject = ? ORDER BY id"
_FOREIGN = "{} is another program's database: move it away, nothing in it was changed"
_INDEX = "CREATE INDEX rating_by_subject ON rating (kind, subject, id)"


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


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class Ratings:
    """The ratings in the file at `path`: `loopready.db` in the learner's folder when none is given.

    Nothing is created before the first rating is saved. Every failure is a CourseError of one line.
    """

    def __init__(self, path: Path | str | None = None, clock: Callable[[], datetime] = now):
        self.path = Path(path) if path is not None else learner_folder(root()) / "loopready.db"
        self._clock = clock

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
        with self._open(create=True) as database:
            # One statement is one transaction: a kill leaves all of its rows or none.
            database.execute(
                f"{_INSERT} {', '.join([_ROW] * len(rows))}", [cell for row in rows for cell in row]
            )
        return moment

    def history(self, subject: Subject | tuple[str, str]) -> list[Rating]:
        """Every rating of `subject`, in the order they were saved."""
        kind, key = subject = as_subject(subject)
        if not self.path.exists():
            return []
        with self._open() as database:
            if not _version(database):
                return []
            found = database.execute(_HISTORY, (kind, key)).fetchall()
        return [
            Rating(subject, name, level, top, datetime.fromisoformat(at)) for name, level, top, at in found
        ]

    def latest(self, subject: Subject | tuple[str, str]) -> dict[str, Rating]:
        """The last rating of each dimension of `subject`, by the dimension's name."""
        return {rating.dimension: rating for rating in self.history(subject)}

    @contextmanager
    def _open(self, create: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for one operation, closed after it so no tab, fork or idle kernel holds a lock."""
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect("rwc" if create else "rw")) as database:
                _prepare(database, self.path, create)
                yield database
        except (sqlite3.Error, OSError) as error:
            raise CourseError(_reason(self.path, error)) from error

    def _connect(self, mode: str) -> sqlite3.Connection:
        # "rw" also for reading: a reader must be able to roll back what a killed writer left half done.
        # The rollback journal, SQLite's default, and not WAL: one file that can be copied or synced,
        # also on a network folder; two tabs that save now and then wait for each other a few milliseconds.
        uri = f"{self.path.resolve().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)


def _prepare(database: sqlite3.Connection, path: Path, create: bool) -> None:
    """Make the table in a new file; refuse a file of a newer loopready or of another program."""
    if create and _version(database) == 0:
        # Two tabs may both find the file new: the lock comes first, then the look.
        database.execute("BEGIN IMMEDIATE")
        if _version(database) == 0 and _is_empty(database):
            database.execute(_TABLE)
            database.execute(_INDEX)
            database.execute(f"PRAGMA user_version = {SCHEMA}")
        database.execute("COMMIT")
    if (version := _version(database)) > SCHEMA:
        raise CourseError(f"{path} has schema {version} and this loopready knows {SCHEMA}: update the course")
    if version == 0 and not _is_empty(database):
        raise CourseError(_FOREIGN.format(path))


def _version(database: sqlite3.Connection) -> int:
    return database.execute("PRAGMA user_version").fetchone()[0]


def _is_empty(database: sqlite3.Connection) -> bool:
    return database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0


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


def _reason(path: Path, error: Exception) -> str:
    """One line for a failure of the file: what is wrong with it and what to do."""
    said = str(error)
    if "not a database" in said or "malformed" in said:
        return (
            f"{path} is not a database loopready can read: move it away, nothing in it was changed ({said})"
        )
    if "no such table" in said:
        return _FOREIGN.format(path)
    if "locked" in said:
        return f"{path} is in use by another program: close the other tab's save and try again ({said})"
    return f"{path} cannot be used: check that the folder exists and can be written ({said})"
