"""A class of a few, with every room in its week: graded by tests, then by hand, with a feedback page for each."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from tiny_class import nbgrader
from tiny_course import answered, lay_out, role, source

WEEK = "week-01"
DUE, ON_TIME, LATE = "2027-01-31 18:00 UTC", "2027-01-31 17:00:00 UTC", "2027-02-01 19:30:00 UTC"
CASES = """from loopready.checks import checks
with checks("twice five"):
    assert double(5) == 10
### BEGIN HIDDEN TESTS
with checks("twice nothing"):
    assert double(0) == 0
with checks("twice a debt"):
    assert double(-31337) == -62674
### END HIDDEN TESTS
checks.score(6, cases=3)"""


def _rooms() -> list[NotebookNode]:
    """The cells that the tiny week lacks."""
    hand = {"grade": True, "solution": True}
    return [
        new_code_cell(CASES, metadata=role("reads-estimate-tests", 6, grade=True, locked=True)),
        new_markdown_cell("YOUR ANSWER HERE", metadata=role("queue-design", 20, **hand)),
        new_code_cell("# YOUR CODE HERE", metadata=role("outage-story", 16, **hand)),
    ]


def week(paper: NotebookNode) -> NotebookNode:
    """The tiny week with an estimate, a design and a story in the place of its own design."""
    paper.cells[3:] = _rooms()
    for number, cell in enumerate(paper.cells):
        cell["id"] = f"cell-{number}"
    return paper


def handed_in(
    body: str = "return 2 * n", design: str = "A queue.", story: str = "'We lost a day.'"
) -> NotebookNode:
    """A learner's week; the cases that are hidden are not in it."""
    paper = week(answered(body))
    before, _, after = CASES.partition("### BEGIN HIDDEN TESTS")
    paper.cells[3].source = before + after.partition("### END HIDDEN TESTS\n")[2]
    paper.cells[4].source, paper.cells[5].source = design, story
    return paper


def course(top: Path, settings: str = "") -> Path:
    """The course at `top`, its week known to the gradebook and due, with `settings` after its own."""
    lay_out(top)
    nbformat.write(week(source()), top / "source" / WEEK / f"{WEEK}.ipynb")
    config = top / "nbgrader_config.py"
    config.write_text(config.read_text() + settings)
    nbgrader(top, "generate_assignment", WEEK, "--force")
    with Gradebook(f"sqlite:///{top / 'gradebook.db'}", "loopready") as book:
        book.update_or_create_assignment(WEEK, duedate=DUE)
    return top


def hand_in(top: Path, learner: str, paper: NotebookNode, when: str = ON_TIME) -> None:
    """Put a learner's week where the exchange would."""
    folder = top / "submitted" / learner / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(when)
    nbformat.write(paper, folder / f"{WEEK}.ipynb")


def page(top: Path, learner: str) -> Path:
    """The learner's feedback page."""
    return top / "feedback" / learner / WEEK / f"{WEEK}.html"
