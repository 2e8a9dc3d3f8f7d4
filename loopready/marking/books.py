"""The course's gradebook, opened by nbgrader's own API for those who look into it or give points by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from loopready.course import CourseError, named_week, settings, shown
from loopready.marking.gradebook import said

__all__ = ["opened", "week_of"]


@contextmanager
def opened(root: Path) -> Iterator[Gradebook]:
    """The gradebook of the course at `root`. Raises CourseError where there is none, or where it cannot be used."""
    course = CourseDirectory(config=settings(root))
    file = make_url(course.db_url).database if course.db_url.startswith("sqlite") else None
    if file and not Path(file).is_file():
        # nbgrader would make a new one, and say nothing.
        raise CourseError(
            f"no gradebook at {shown(Path(file), root)}: run `nbgrader generate_assignment` first"
        )
    try:
        with Gradebook(course.db_url, course.course_id) as book:
            try:
                yield book
            finally:
                book.engine.dispose()
    except SQLAlchemyError as error:
        raise CourseError(said(error)) from error


def week_of(book: Gradebook, root: Path, spelling: str) -> Assignment:
    """The week in the gradebook, from any spelling of its name. Raises CourseError when it is not there."""
    week = named_week(root, spelling)
    try:
        return book.find_assignment(week)
    except MissingEntry as error:
        raise CourseError(
            f"the gradebook does not know {week}: run `nbgrader generate_assignment {week}`"
        ) from error
