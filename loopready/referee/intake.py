"""Where a submission comes in, in nbgrader's own pipeline: read carefully, rebuilt from the source, or refused.

    c.Autograde.exporter_class = "loopready.referee.intake.Intake"  # see settings.refereed

The converter's first phase reads what was handed in through here. Its later ones read what the first has written.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Application

from loopready.referee.papers import Unreadable, read, rebuilt

__all__ = ["Intake", "forget", "forget_before"]

STAMP = "timestamp.txt"


class Intake(NotebookExporter):
    """nbgrader's exporter, which gives the converter a sound notebook whatever was handed in, or refuses it."""

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        if isinstance(self.parent, Autograde):
            self.parent.coursedir = _without_files(self.parent.coursedir)

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """The notebook through the phase's preprocessors. Raises Unreadable, after the scores were forgotten."""
        if not getattr(self.parent, "_sanitizing", False) or resources is None:
            return super().from_filename(filename, resources, **more)
        course, who = self.parent.coursedir, resources["nbgrader"]
        forget(course, who["assignment"], who["student"], who["notebook"])
        path = Path(filename)
        try:
            _own_path(path, course)
            notebook, says = rebuilt(_source(course, who), read(path))
        except Unreadable as error:
            self.log.error("%s: %s; nothing of it is graded", who["student"], error)
            raise
        for line in says:
            self.log.warning("%s: %s", who["student"], line)
        _bring_stamp(
            path.parent,
            Path(course.format_path(course.autograded_directory, who["student"], who["assignment"])),
        )
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(notebook, resources, **more)


def _without_files(course: CourseDirectory) -> CourseDirectory:
    """The course, for a converter that copies no file of a submission: a symlink among them could be anything."""
    same = CourseDirectory(config=course.config)
    for name in course.trait_names():
        if name not in ("config", "parent", "log"):
            same.set_trait(name, getattr(course, name))
    same.ignore = [*course.ignore, "*"]
    return same


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


def _bring_stamp(submitted: Path, graded: Path) -> None:
    """Copy the time of the submission, by which nbgrader knows a newer one."""
    stamp = submitted / STAMP
    if stamp.is_file() and not stamp.is_symlink() and stamp.stat().st_size < 1000:
        graded.mkdir(parents=True, exist_ok=True)
        (graded / STAMP).unlink(missing_ok=True)
        shutil.copyfile(stamp, graded / STAMP)


def forget(course: CourseDirectory, assignment: str, student: str, notebook: str | None = None) -> None:
    """Take back the scores of earlier runs, so that a grade which this run does not give is not there."""
    with Gradebook(course.db_url, course.course_id) as book:
        try:
            submission = book.find_submission(assignment, student)
        except MissingEntry:
            return
        for paper in submission.notebooks:
            if notebook in (None, paper.name):
                for grade in paper.grades:
                    grade.auto_score, grade.needs_manual_grade = None, True
        book.db.commit()


def forget_before(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission: one that has lost its notebook has lost its scores as well."""
    settings = Application.instance().config if Application.initialized() else None
    course = CourseDirectory(config=settings) if settings else CourseDirectory()
    for path in notebooks:
        forget(course, assignment, Path(path).parents[1].name)
