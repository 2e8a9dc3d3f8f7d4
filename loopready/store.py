"""The learner's file: one SQLite database, brought to today's schema, refused when it is not ours.

The standard library's sqlite3 and not SQLAlchemy: there are four tables and a handful of statements, it loads in
a few milliseconds in every notebook, and the promises below are SQLite's own and best said in its words.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from loopready.course import CourseError, own_folder
from loopready.migrations import STEPS

SCHEMA = len(STEPS)
PATIENCE = 10.0  # seconds to wait while another tab writes; a save takes milliseconds

_FOREIGN = "{} is another program's database: move it away, nothing in it was changed"


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class Store:
    """The file at `path`: `loopready.db` in the learner's folder when none is given.

    Nothing is created, and no file of an earlier schema is changed, before something is saved. Every failure is
    a CourseError of one line.
    """

    def __init__(self, path: Path | str | None = None):
        self.path = Path(path) if path is not None else own_folder() / "loopready.db"

    @contextmanager
    def reading(self, schema: int = SCHEMA) -> Iterator[sqlite3.Connection | None]:
        """A connection to read with; None when there is no file, or it is older than `schema`."""
        if not self.path.exists():
            yield None
            return
        with self._said(), closing(_connect(self.path, "rw")) as database:
            yield database if _known_version(database, self.path) >= schema else None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction: all that is done with it is kept, or nothing of it.

        The file is made, or brought to today's schema after a copy of it was put beside it.
        """
        with self._said():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(_connect(self.path, "rwc")) as database:
                # Two tabs may both find the file new or old: the lock comes first, then the look.
                database.execute("BEGIN IMMEDIATE")
                _migrate(database, self.path)
                yield database
                database.execute("COMMIT")

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What SQLite or the system says of a failure, as one line with what to do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise CourseError(_reason(self.path, error)) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # Closed after each operation, so that no tab, fork or idle kernel holds a lock.
    # "rw" also for reading: a reader must be able to roll back what a killed writer left half done.
    # The rollback journal, SQLite's default, and not WAL: one file that can be copied or synced, also on a
    # network folder; two tabs that save now and then wait for each other a few milliseconds.
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)


def _known_version(database: sqlite3.Connection, path: Path) -> int:
    """The file's schema, 0 for an empty file. Raises CourseError for a newer one and for another program's."""
    # One statement, and so one moment: between two, another tab could make the tables, and they would look foreign.
    asked = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    version, tables = database.execute(asked).fetchone()
    if version > SCHEMA:
        raise CourseError(f"{path} has schema {version} and this loopready knows {SCHEMA}: update the course")
    if version == 0 and tables:
        raise CourseError(_FOREIGN.format(path))
    return version


def _migrate(database: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are missing, within the transaction that is open."""
    version = _known_version(database, path)
    if version == SCHEMA:
        return
    if version:
        _check(database)
        _back_up(path, version)
    for step in STEPS[version:]:
        step(database)
    database.execute(f"PRAGMA user_version = {SCHEMA}")


def _check(database: sqlite3.Connection) -> None:
    # A file of ours at least has the first table, whatever its number says.
    database.execute("SELECT count(*) FROM rating").fetchone()
    if (found := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _back_up(path: Path, version: int) -> None:
    """Put a copy beside `path`, under a name that nothing has: `loopready-schema-1.db`.

    By a second connection, which reads what is saved while the first one holds the lock.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        with closing(_connect(path, "rw")) as source, closing(sqlite3.connect(name)) as copy:
            source.backup(copy)
        os.replace(name, _free(path, version))
    except BaseException:
        os.unlink(name)
        raise


def _free(path: Path, version: int) -> Path:
    names = (f"{path.stem}-schema-{version}{again}{path.suffix}" for again in _again())
    return next(there for name in names if not (there := path.with_name(name)).exists())


def _again() -> Iterator[str]:
    yield ""
    for number in range(2, 1000):
        yield f"-{number}"


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
    if "full" in said or "No space" in said:
        return (
            f"{path} cannot grow, the disk is full: free some space; what was saved before is in it ({said})"
        )
    return f"{path} cannot be used: check that the folder exists and can be written ({said})"
