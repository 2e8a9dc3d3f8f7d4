"""Whether a gradebook was made by a nbgrader that this one understands; nbgrader itself finds out in mid-work."""

from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from loopready.course import CourseError


def check_version(db_url: str) -> None:
    """Raise CourseError, with what to do, when the gradebook at `db_url` has another nbgrader's schema.

    Nothing is written. A gradebook that is not there yet is none of another's.
    """
    if db_url.startswith("sqlite:///") and not Path(db_url.removeprefix("sqlite:///")).exists():
        return
    tables, version = _read(db_url)
    if not tables:
        return
    known = _revisions()
    if version is None or "grade" not in tables:
        raise CourseError(
            f"the file at {db_url} is not a gradebook of nbgrader's: move it away, or name the right one in "
            "c.CourseDirectory.db_url"
        )
    if version not in known:
        raise CourseError(
            f"the gradebook was made by a newer nbgrader (its schema is {version}): install that nbgrader, and leave "
            "the gradebook as it is"
        )
    if version != known[0]:
        raise CourseError(
            f"the gradebook was made by an older nbgrader (its schema is {version}): run `nbgrader db upgrade`, "
            "which keeps a copy beside it"
        )


def trouble(db_url: str) -> str:
    """The line of `check_version`, or "" where there is nothing to say."""
    try:
        check_version(db_url)
    except CourseError as error:
        return str(error)
    return ""


def _read(db_url: str) -> tuple[set[str], str | None]:
    """The gradebook's tables, and the revision of its schema."""
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            if "alembic_version" not in tables:
                return tables, None
            return tables, connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        raise CourseError(_unreadable(error)) from error
    finally:
        engine.dispose()


def _unreadable(error: SQLAlchemyError) -> str:
    from loopready.marking.gradebook import said

    return said(error)


def _revisions() -> list[str]:
    """The revisions that the installed nbgrader knows, its own first."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return [script.revision for script in ScriptDirectory(ALEMBIC_DIR).walk_revisions()]
