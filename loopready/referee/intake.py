"""Where a submission comes in, in nbgrader's own pipeline: read carefully, rebuilt from the source, or refused.

    c.Autograde.exporter_class = "loopready.referee.intake.Intake"  # see settings.refereed

The converter's first phase reads what was handed in through here. Its later ones read what the first has written.
"""

import datetime
import glob
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from loopready.enclosure import NAME
from loopready.marking.gradebook import take_back
from loopready.referee.papers import Unreadable, read, rebuilt
from loopready.referee.walls import NoWalls, missing, required

__all__ = ["Intake"]

STAMP = "timestamp.txt"
_BROUGHT = (STAMP, "submission_secret.txt", NAME)
LARGEST = 2 * 2**20  # bytes of each


class Intake(NotebookExporter):
    """nbgrader's exporter, which gives the converter a sound notebook whatever was handed in, or refuses it."""

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        if isinstance(self.parent, Autograde):
            self._see_to_walls()
            self.parent.coursedir = _Careful.like(self.parent.coursedir)
            self._forget_before()

    def _see_to_walls(self) -> None:
        """Say what this machine cannot keep learners' processes from; where that is everything, grade nothing."""
        uncontained = bool(self.config.Refereed.get("uncontained"))
        try:
            required(uncontained)
        except NoWalls as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from error
        if not uncontained and (lacking := missing()):
            self.log.warning("this machine does not hold: %s (docs/referee.md)", "; ".join(lacking))

    def _forget_before(self) -> None:
        """Have the scores of earlier hand-ins taken back: at once where no notebook is left, else in turn."""
        for folder in _without_notebook(self.parent):
            self._forget(folder)
        for folder in self.parent.assignments:
            # nbgrader passes over what it has graded and cannot see to be newer.
            if self.parent.coursedir.is_unreadable(folder) and (who := _whose(self.parent, folder)):
                shutil.rmtree(self.parent._format_dest(who["assignment"], who["student"]), ignore_errors=True)
        theirs = self.parent.pre_convert_hook

        def hook(assignment: str, student: str, notebooks: list[str]) -> None:
            for folder in {os.path.dirname(path) for path in notebooks}:
                self._forget(folder)
            if theirs:
                theirs(assignment=assignment, student=student, notebooks=notebooks)

        self.parent.pre_convert_hook = hook

    def _forget(self, folder: str) -> None:
        course, who = self.parent.coursedir, _whose(self.parent, folder)
        if who:
            one = "" if course.notebook_id == "*" else course.notebook_id
            take_back(course.db_url, who["assignment"], who["student"], one)

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """The notebook through the phase's preprocessors. Raises Unreadable."""
        if not getattr(self.parent, "_sanitizing", False) or resources is None:
            return super().from_filename(filename, resources, **more)
        course, who = self.parent.coursedir, resources["nbgrader"]
        path = Path(filename)
        try:
            _own_path(path, course)
            notebook, says = rebuilt(_source(course, who), read(path))
        except Unreadable as error:
            self.log.error("%s: %s; nothing of it is graded", who["student"], error)
            raise
        for line in says:
            self.log.warning("%s: %s", who["student"], line)
        _bring_along(
            path.parent,
            Path(course.format_path(course.autograded_directory, who["student"], who["assignment"])),
        )
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(notebook, resources, **more)


class _Careful(CourseDirectory):
    """The course, for a converter that copies no file of a submission and believes none: each could be anything."""

    @classmethod
    def like(cls, course: CourseDirectory) -> "_Careful":
        """The same course."""
        same = cls(config=course.config)
        for name in course.trait_names():
            if name not in ("config", "parent", "log"):
                same.set_trait(name, getattr(course, name))
        same.ignore = [*course.ignore, "*"]
        return same

    def is_unreadable(self, folder: str) -> bool:
        """Whether a timestamp.txt is there that says no time."""
        return os.path.lexists(Path(folder, STAMP)) and self.get_existing_timestamp(folder) is None

    def get_existing_timestamp(self, dest_path: str) -> datetime.datetime | None:
        """The time in the folder's timestamp.txt; None where that is no such file."""
        path = Path(dest_path, STAMP)
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 1000:
            return None
        try:
            return super().get_existing_timestamp(dest_path)
        except (Exception, SystemExit) as error:  # whatever nbgrader and its parser of dates think of
            self.log.warning(
                "%s: %s is no time, so it counts as none (%s)", dest_path, STAMP, type(error).__name__
            )
            return None


def _without_notebook(converter: Autograde) -> Iterator[str]:
    """The folders of hand-ins in which there is no notebook, which nbgrader passes over."""
    course = converter.coursedir
    pattern = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
    yield from (folder for folder in glob.glob(pattern) if folder not in converter.assignments)


def _whose(converter: Autograde, folder: str) -> dict[str, str]:
    """The assignment and the student of a folder that was handed in; nothing where it is none."""
    course = converter.coursedir
    pattern = course.format_path(
        course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
    )
    found = re.fullmatch(pattern, folder)
    return found.groupdict() if found else {}


def _own_path(path: Path, course: CourseDirectory) -> None:
    """Raise Unreadable where a symlink on the way leads elsewhere."""
    top = Path(course.root) / course.submitted_directory
    inside = Path(os.path.abspath(path)).relative_to(os.path.abspath(top)).parts[:-1]
    for depth in range(1, len(inside) + 1):
        if top.joinpath(*inside[:depth]).is_symlink():
            raise Unreadable(f"{'/'.join(inside[:depth])} is a symlink; put the folder itself there")


def _source(course: CourseDirectory, who: dict) -> nbformat.NotebookNode:
    """The instructor's notebook."""
    folder = Path(course.format_path(course.source_directory, ".", who["assignment"]))
    path = folder / f"{who['notebook']}.ipynb"
    if not path.is_file():
        raise Unreadable(f"source/{who['assignment']}/{path.name} is not there; grading needs the source")
    return nbformat.read(path, as_version=4)


def _bring_along(submitted: Path, graded: Path) -> None:
    """Copy what nbgrader and the course read again: the time, the exchange's secret, and the self-ratings."""
    for name in _BROUGHT:
        path = submitted / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
            graded.mkdir(parents=True, exist_ok=True)
            (graded / name).unlink(missing_ok=True)
            shutil.copyfile(path, graded / name)
