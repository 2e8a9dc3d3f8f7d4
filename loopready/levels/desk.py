"""Levels from a terminal: what a week's rubrics are worth, who waits, what was given, and giving it."""

from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Grade

from loopready.course import CourseError
from loopready.levels import given, remarks, scale
from loopready.levels.given import Given
from loopready.marking.books import opened, week_of

__all__ = ["rate", "said", "shown", "waiting", "worth"]


def worth(week: str, root: Path) -> list[tuple[str, str, str, str]]:
    """For each cell of the week with a rubric: name, rows, levels, and what they come to."""
    with opened(root) as book:
        assignment = week_of(book, root, week)
        cells = [
            (cell.name, cell.max_score) for notebook in assignment.notebooks for cell in notebook.grade_cells
        ]
    return scale.worth(cells)


def waiting(week: str, root: Path) -> list[tuple[str, str]]:
    """Whose answers with a rubric wait for an instructor: learner and cell, in the order of names."""
    with opened(root) as book:
        grades = [
            grade
            for submission in week_of(book, root, week).submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]
        return sorted((one.student.id, one.name) for one in grades if scale.kind_of(one.name) and _waits(one))


def _waits(grade: Grade) -> bool:
    return grade.needs_manual_grade and grade.manual_score is None


def shown(week: str, learner: str, cell: str, root: Path) -> Given:
    """What stands in the gradebook for a learner's answer. Raises CourseError when there is no such thing."""
    with opened(root) as book:
        return given.look(book, given.grade_of(book, week_of(book, root, week).name, learner, cell))


def rate(
    week: str, learner: str, cell: str, levels: Sequence[str], root: Path, by: str, comment: str = "",
    keep: bool = False, again: bool = False,
) -> Given:  # fmt: skip
    """Give the levels, one for each row in the rubric's order, and a comment; what stands there afterwards.

    An answer that has points keeps them, unless `again`: whoever types a command has not seen it. `keep` adds the
    comment to those that are used again. Raises CourseError when it cannot be done, and nothing is changed then.
    """
    with opened(root) as book:
        grade = given.grade_of(book, week_of(book, root, week).name, learner, cell)
        chosen = scale.in_order(scale.rubric_of(grade.name), levels)
        now = given.look(book, grade)
        if now.points is not None and not again:
            raise CourseError(
                f"{learner} has {said(now)} for {now.cell} already: add --again to write over it"
            )
        result = given.give(book, grade, chosen, comment, by, now.seen)
    if keep:
        remarks.add(root, scale.kind_of(result.cell), comment)
    return result


def said(one: Given) -> str:
    """What stands there, in one line."""
    if one.points is None:
        return "no points yet"
    levels = ", ".join(f"{name} {level}" for name, level in one.levels.items())
    who = f" by {one.by}" if one.by else ""
    return f"{one.points:g} of {one.out_of:g}" + (f" ({levels}{who})" if levels else " (set by hand)")
