"""The instructor's part in a demonstration class: gradebook, due dates and roster, and points and comments by hand."""

import logging
import os
import sysconfig
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.demo.abilities import Attempt
from loopready.demo.people import Person
from loopready.shortcuts import quick_imports

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from traitlets.config import Config

    from loopready.demo.papers import Week


def enter(folder: Path, class_: Sequence[Person], due: Mapping[str, datetime]) -> None:
    """Make the gradebook of a course folder: its weeks by their due dates, in UTC, and the roster."""
    with quick_imports():
        from nbgrader.converters import GenerateAssignment
        from nbgrader.coursedir import CourseDirectory
    for name in due:
        config = _settings(folder, name)
        with _quietly():
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, log=_silent()).start()
    with _gradebook(folder) as book:
        for name, moment in due.items():
            book.update_or_create_assignment(name, duedate=moment)
        for one in class_:
            book.add_student(one.id, first_name=one.first_name, last_name=one.last_name, email=one.email)


def _settings(folder: Path, week: str) -> "Config":
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.merge({"root": str(folder), "assignment_id": week})
    return config


def _silent() -> logging.Logger:
    log = logging.Logger("loopready.demo")
    log.addHandler(logging.NullHandler())
    return log


@contextmanager
def _quietly() -> Iterator[None]:
    """nbgrader finds alembic by its name alone, and its own use of SQLAlchemy warns."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbgrader")
            yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _gradebook(folder: Path) -> "Iterator[Gradebook]":
    from nbgrader.api import Gradebook

    with _quietly(), Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "loopready") as book:
        yield book


def rate(folder: Path, week: "Week", tried: Mapping[str, Attempt], leaves: Callable[[str], bool]) -> None:
    """Points and a comment for what was written in `week`, but for the learners that the instructor `leaves`."""
    with _gradebook(folder) as book:
        for submission in book.assignment_submissions(week.name):
            if leaves(submission.student.id):
                continue
            one = tried[submission.student.id]
            for notebook in submission.notebooks:
                _rate_notebook(notebook, week, one)
        book.db.commit()


def _rate_notebook(notebook: object, week: "Week", one: Attempt) -> None:
    for grade in notebook.grades:
        if grade.name in week.rubrics and grade.needs_manual_grade and grade.name in one.written:
            levels, rubric = one.levels[grade.name], week.rubrics[grade.name]
            share = sum(levels.values()) / sum(each.top for each in rubric)
            grade.manual_score, grade.needs_manual_grade = round(share * grade.max_score, 2), False
    for comment in notebook.comments:
        if comment.name in week.rubrics and comment.name in one.written:
            comment.manual_comment = _comment(one.levels[comment.name], week.rubrics[comment.name])


def _comment(levels: dict[str, int], rubric: tuple) -> str:
    """What the weakest dimension would need for a level more."""
    weakest = min(rubric, key=lambda each: levels[each.name] / each.top)
    level = levels[weakest.name]
    if level == weakest.top:
        return "I would argue for you."
    return f"{weakest.name}, {level} of {weakest.top}. For a {level + 1}: {weakest.anchors[level + 1]}"
