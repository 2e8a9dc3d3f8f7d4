"""What a class handed in beside its notebooks: each learner's stories and self-ratings, next to the points given."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from loopready.course import CourseError, named_week
from loopready.enclosure import NAME, Enclosed, read
from loopready.grids import Shown, grid


@dataclass(frozen=True)
class HandIn:
    """One thing that a learner rated, and the points that a person gave for it; or what is wrong with the file.

    `points` and `out_of` are None while nobody has graded it, or when the gradebook has no such cell.
    """

    learner: str
    rated: Enclosed | None
    trouble: str = ""
    points: float | None = None
    out_of: float | None = None

    @property
    def named(self) -> str:
        """What was rated: the story's title, or the design's key."""
        if not self.rated:
            return ""
        return self.rated.story.title if self.rated.story else self.rated.subject.id

    @property
    def given(self) -> str:
        """The points in words."""
        return "not graded yet" if self.points is None else f"{self.points:g} of {self.out_of:g}"


def hand_ins(week: str, root: Path) -> list[HandIn]:
    """What lies in `submitted/` for the week, by learner; a file that cannot be read is a line and no end.

    Raises CourseError when there is no such week, or nothing was handed in for it.
    """
    week = named_week(root, week)
    folders = sorted(path for path in (root / "submitted").glob(f"*/{week}") if path.is_dir())
    if not folders:
        raise CourseError(f"nothing was handed in for {week}: submitted/<learner>/{week} is where it lies")
    graded = _points(root, week)
    return [one for folder in folders for one in _of(folder, graded.get(folder.parent.name, {}))]


def table(found: list[HandIn]) -> Shown:
    """The hand-ins as a cell's result or a terminal's text; a learner's words are text in both."""
    rows = [(one.learner, [one.named, _total(one), one.given]) for one in found]
    html = grid(
        "Self-rating and points",
        ("learner", "rated", "self-rating", "points"),
        ((escape(learner), [escape(cell) for cell in cells]) for learner, cells in rows),
    )
    text = "\n".join(
        f"{learner}: {'; '.join(filter(None, map(_one_line, cells)))}" for learner, cells in rows
    )
    return Shown(html, text)


def _of(folder: Path, points: dict[str, tuple[float, float]]) -> Iterator[HandIn]:
    learner = folder.parent.name
    if not (folder / NAME).exists() and not (folder / NAME).is_symlink():
        yield HandIn(learner, None, "no ratings came with the notebook")
        return
    try:
        for rated in read(folder / NAME):
            # The course calls a graded story some-story, and a graded design some-design.
            cells = [pair for cell, pair in points.items() if cell.endswith(f"-{rated.subject.kind}")]
            yield HandIn(learner, rated, "", *(cells[0] if cells else ()))
    except CourseError as error:
        yield HandIn(learner, None, str(error))


def _points(root: Path, week: str) -> dict[str, dict[str, tuple[float, float]]]:
    """By learner and cell, what a person gave, and of how much; nothing while there is no gradebook."""
    if not (root / "gradebook.db").is_file():
        return {}
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        try:
            submissions = book.find_assignment(week).submissions
        except MissingEntry:
            return {}
        return {
            one.student.id: {
                grade.name: (grade.manual_score, grade.max_score)
                for notebook in one.notebooks
                for grade in notebook.grades
                if grade.manual_score is not None
            }
            for one in submissions
        }


def _total(one: HandIn) -> str:
    return one.rated.total if one.rated else one.trouble


def _one_line(text: str) -> str:
    """`text` without line ends and control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
