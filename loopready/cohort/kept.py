"""The wrong answers that the course keeps beside its tests, each with the slip behind it and the points it deserves."""

from dataclasses import dataclass
from pathlib import Path

from loopready.course import CourseError

FOLDER = Path("tests", "wrong")


@dataclass(frozen=True)
class Kept:
    """A wrong answer: the answer cell it stands in for, the points it deserves, the slip behind it, its text."""

    exercise: str
    score: float
    slip: str
    source: str


def kept_answers(week: str, root: Path) -> list[Kept]:
    """The wrong answers kept for `week`, in the order of the file.

    They lie in `tests/wrong/`, which is in every clone of the course and in no installed package. Raises
    CourseError where the file is missing.
    """
    from jupytext.myst import myst_to_notebook

    path = root / FOLDER / f"{week}.md"
    if not path.is_file():
        raise CourseError(f"{FOLDER / path.name} is not here: this needs a clone of the course")
    cells = myst_to_notebook(path.read_text(encoding="utf-8")).cells
    marked = [(cell.metadata, cell.source) for cell in cells if cell.cell_type == "code"]
    return [Kept(says["wrong"], float(says["score"]), says["slip"], text) for says, text in marked]
