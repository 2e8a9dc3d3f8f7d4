"""A coding round with a kata of the reserve: its notebook is handed out, graded, and talked about afterwards."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loopready import course, notebooks
from loopready.course import CourseError
from loopready.markers import SOLUTION, regions
from loopready.reserve.katas import kata, katas
from loopready.tables import Seen


@dataclass(frozen=True)
class KataResult:
    """What a kata came to: points, and its named cases in order, the hidden ones included.

    `cases` is empty when the tests came to nothing, since the tests cell was deleted or could not be run.
    """

    name: str
    points: float
    out_of: float
    cases: tuple[Seen, ...]
    saved: datetime
    feedback: Path

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(case.passed for case in self.cases)


def _notebook(name: str, folder: Path | None, root: Path) -> Path:
    assignment = kata(name).assignment
    return (folder or course.learner_folder(root) / assignment) / f"{assignment}.ipynb"


def handed_out(root: Path | None = None) -> list[str]:
    """The names of the katas that lie in the learner's own folder."""
    own = course.learner_folder(root or course.root())
    return [one.name for one in katas() if (own / one.assignment).exists()]


def hand_out(name: str, folder: Path | None = None, root: Path | None = None) -> Path:
    """Put the released notebook of a kata into `folder`, `my/kata-<name>` if none is given; its path.

    A notebook that is there already is kept as it is. Raises CourseError for a name that is not in the reserve, a
    kata that is not built and a folder that cannot be written.
    """
    from loopready.start import hand_out as copy

    root = root or course.root()
    path = _notebook(name, folder, root)
    copy(kata(name).assignment, path.parent, root)
    return path


def graded(
    name: str,
    folder: Path | None = None,
    root: Path | None = None,
    say: Callable[[str], None] = lambda step: None,
) -> KataResult:
    """Grade the notebook that `hand_out` has put into `folder`, as saved, with its hidden cases; seconds, not less.

    Graded as a week is, by nbgrader and, where the course says so, under the referee; `say` hears each step. Raises
    CourseError when there is no such kata, no readable notebook, or when nbgrader fails.
    """
    from loopready.grading import grade_at

    root = root or course.root()
    report = grade_at(_notebook(name, folder, root), kata(name).assignment, root, say)
    [row] = report.rows
    return KataResult(kata(name).name, row.points, row.out_of, row.cases, report.saved, report.feedback)


def reference(name: str, root: Path | None = None) -> str:
    """The reference answer, as code, for after the round."""
    one = kata(name)
    text = notebooks.cells(_notebook_of("source", name, root))[one.name]["source"]
    marks = {
        place for region in regions(text) if region.kind is SOLUTION for place in (region.first, region.last)
    }
    return "\n".join(line for place, line in enumerate(text.split("\n")) if place not in marks)


def guide(name: str, root: Path | None = None) -> str:
    """The interviewer's part, as Markdown: what a good answer costs, and what to ask when it stands."""
    text = "\n".join(cell["source"] for cell in _notebook_of("release", name, root)["cells"])
    fold = re.search(r"<summary>When it passes.*?</summary>(.*?)</details>", text, re.DOTALL)
    if not fold:
        raise CourseError(f"release/{kata(name).assignment} has no guide: run `loopready build`")
    return fold[1].strip()


def _notebook_of(kind: str, name: str, root: Path | None) -> dict:
    root, assignment = root or course.root(), kata(name).assignment
    path = root / kind / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise CourseError(f"{kind}/{assignment} is not built: run `loopready build {assignment}`")
    return notebooks.read(path, assignment, root)
