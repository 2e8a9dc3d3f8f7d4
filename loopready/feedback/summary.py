"""The course's word on one hand-in, as the gradebook has it: points, comments and levels, lateness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from traitlets.config import Config

from loopready.feedback import standing
from loopready.feedback.standing import Exercise, Room
from loopready.lateness import words
from loopready.lateness.plugin import checked, handed_in
from loopready.levels import given, scale
from loopready.levels.given import Given

__all__ = ["Rated", "Row", "Summary", "summary"]


@dataclass(frozen=True)
class Row:
    """A row of a rubric: the level that was given, what it sounds like, and what the next one would."""

    name: str
    level: int
    top: int
    sounds: str
    above: str


@dataclass(frozen=True)
class Rated:
    """An answer that a person has graded: rows when levels were given, the comment, and what is to be said."""

    named: str
    cell: str
    rows: tuple[Row, ...]
    comment: str
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """All that the top of the page says."""

    notebook: str
    learner: str
    headline: str
    rooms: tuple[Room, ...]
    exercises: tuple[Exercise, ...]
    rated: tuple[Rated, ...]
    late: tuple[str, ...]

    @property
    def waiting(self) -> frozenset[str]:
        """The cells that nobody has graded yet."""
        return frozenset(one.cell for one in self.exercises if one.waits)


def summary(who: Mapping[str, Any], config: Config, cells: Sequence[str] = ()) -> Summary:
    """The summary of the hand-in that nbgrader's resources name: student, assignment, notebook and gradebook.

    `cells` are the names of the notebook's cells in their order, which is that of the exercises.

    Raises CourseError when the course's rule for late work cannot be meant.
    """
    with Gradebook(who["db_url"]) as book:
        notebook = book.find_submission_notebook(who["notebook"], who["assignment"], who["student"])
        # A cell that was deleted comes last.
        order = {name: place for place, name in enumerate(cells)}
        grades = sorted(notebook.grades, key=lambda grade: order.get(grade.name, len(order)))
        exercises = tuple(_exercise(grade) for grade in grades)
        return Summary(
            who["notebook"],
            _name(notebook),
            standing.headline(exercises, notebook.late_submission_penalty or 0.0),
            tuple(standing.rooms(exercises)),
            exercises,
            tuple(_rated(book, notebook, [grade.name for grade in grades])),
            tuple(_late(notebook, config)),
        )


def _exercise(grade: Any) -> Exercise:
    # An answer at home is rated by its writer, and nobody has given points for it; nor for a deleted tests cell.
    waits = grade.needs_manual_grade and grade.manual_score is None
    return Exercise(grade.name, grade.score, grade.max_score, waits)


def _name(notebook: SubmittedNotebook) -> str:
    one = notebook.student
    named = " ".join(filter(None, [one.first_name, one.last_name]))
    return f"{named} ({one.id})" if named else one.id


def _rated(book: Gradebook, notebook: SubmittedNotebook, order: Sequence[str]) -> list[Rated]:
    """The answers with a comment or with levels."""
    comments = {one.name: one.comment for one in notebook.comments if one.comment}
    grades = {grade.name: grade for grade in notebook.grades}
    found = []
    for name in dict.fromkeys([*order, *comments]):
        kept = given.look(book, grades[name]) if name in grades and scale.kind_of(name) else None
        if comments.get(name) or (kept and kept.levels):
            rows = tuple(_rows(kept)) if kept else ()
            note = _note(kept) if rows else ""
            found.append(Rated(standing.exercise_of(name), name, rows, comments.get(name, ""), note))
    return found


def _rows(kept: Given) -> list[Row]:
    return [
        Row(each.name, level, each.top, each.anchors[level], each.anchors.get(level + 1, ""))
        for each in scale.rubric_of(kept.cell)
        if (level := kept.levels.get(each.name)) in each.anchors
    ]


def _note(kept: Given) -> str:
    """A word where the points are not those that the levels come to."""
    if kept.agrees or kept.points is None:
        return ""
    return f"The points were set by hand to {kept.points:g}, beside the levels."


def _late(notebook: SubmittedNotebook, config: Config) -> list[str]:
    penalty = notebook.late_submission_penalty or 0.0
    if notebook.assignment.assignment.duedate is None and not penalty:
        return []
    if not str(config.AssignLatePenalties.get("plugin_class", "")).endswith("LateWork"):
        return [f"{penalty:g} of your {notebook.score:g} points are taken for lateness."] if penalty else []
    # nbgrader converts in the course's folder.
    plugin, extensions = checked(config, Path.cwd())
    return words.applied(plugin.rule, handed_in(notebook.assignment, extensions), notebook.score, penalty)
