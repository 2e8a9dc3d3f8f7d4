"""A worked answer to a week's design question, for a learner who has written one of their own.

It stays in the course's source and is in no released notebook. So a candidate at home can open it, and a class sees
it when its instructor shows it.
"""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from loopready import notebooks
from loopready.course import CourseError, notebook
from loopready.course import root as course_root
from loopready.markers import SOLUTION, regions
from loopready.words import words

if TYPE_CHECKING:
    from loopready.panels import Panel

ENOUGH = 60  # words; our judgement: an outline that commits itself to numbers and parts needs about so many
_STUB = "YOUR ANSWER HERE"


def worked_answer(week: str, name: str) -> "Panel":
    """A button that shows the worked answer to the design question `name`, once the learner's own is written."""
    from loopready.panels import Panel

    said = "The worked answer opens in JupyterLab, in your own copy of the week, once your answer is written."
    return Panel("Open a worked answer", said, lambda panel: _press(panel, week, name))


async def _press(panel: "Panel", week: str, name: str) -> None:
    # Not before the press: an instructor grades this notebook where there is no course around it.
    try:
        root = course_root()
    except CourseError as error:
        raise CourseError("the worked answer is not in this notebook: ask your instructor for it") from error
    await notebooks.saved(notebook(root, week))
    panel.show({"text/markdown": opened(week, name, root), "text/plain": ""})


def opened(week: str, name: str, root: Path) -> str:
    """The worked answer as Markdown. Raises CourseError while the learner's saved answer has too few words."""
    own = notebooks.cells(notebooks.read(notebook(root, week), week, root))
    written = len(words(own[name]["source"].replace(_STUB, ""))) if name in own else 0
    if written < ENOUGH:
        raise CourseError(
            f"your answer has {written} words as saved: write at least {ENOUGH} first; "
            "if you answered aloud or on paper, put the outline into the cell"
        )
    return _reference(week, name, root)


def _reference(week: str, name: str, root: Path) -> str:
    source = root / "source" / week / f"{week}.ipynb"
    if not source.is_file():
        raise CourseError(f"source/{week} is not built: run `loopready build {week}`")
    known = notebooks.cells(notebooks.read(source, week, root))
    if name not in known:
        raise CourseError(f"source/{week} has no cell {name!r}: run `loopready build {week}`")
    text = known[name]["source"]
    lines = text.split("\n")
    parts = [lines[one.first + 1 : one.last] for one in regions(text) if one.kind is SOLUTION]
    return textwrap.dedent("\n".join(line for part in parts for line in part)) if parts else text
