"""A course with one small week, made for a test in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TOP = Path(__file__).resolve().parents[1]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

DOUBLE = 'def double(n):\n    """Twice n."""\n    {}'
VISIBLE = "assert double(2) == 4"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS"


def role(name: str, points: int | None = None, **flags: bool) -> dict:
    """A cell's metadata as nbgrader wants it."""
    booleans = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    worth = {} if points is None else {"points": points}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **booleans, **worth}}


def source() -> nbformat.NotebookNode:
    """The instructor's notebook: one exercise worth 3, one half earned by anybody, one rated by hand."""
    answer = DOUBLE.format("### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION")
    cells = [
        new_code_cell(answer, metadata=role("double", solution=True)),
        new_code_cell(f"{VISIBLE}\n{HIDDEN}", metadata=role("double-tests", 3, grade=True, locked=True)),
        new_code_cell("1", metadata=role("half-given-tests", 2, grade=True, locked=True)),
        new_markdown_cell("YOUR ANSWER HERE", metadata=role("design-a-queue", 10, grade=True, solution=True)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata=KERNEL)


def answered(body: str = "return 2 * n") -> nbformat.NotebookNode:
    """The learner's notebook with `body` as the answer; the hidden tests are not in it."""
    notebook = source()
    notebook.cells[0].source = DOUBLE.format(body)
    notebook.cells[1].source = VISIBLE
    notebook.cells[3].source = "A queue between the two."
    return notebook


def lay_out(top: Path) -> Path:
    """Make the course's folders below `top`, week-01 built, and return its root."""
    for folder in ("lessons", "source/week-01", "release/week-01", "notebooks"):
        (top / folder).mkdir(parents=True)
    for lesson in ("week-01", "start-here"):
        (top / "lessons" / f"{lesson}.md").write_text("# A lesson\n")
        nbformat.write(answered("pass"), top / "notebooks" / f"{lesson}.ipynb")
    (top / "nbgrader_config.py").write_text((TOP / "nbgrader_config.py").read_text())
    nbformat.write(source(), top / "source/week-01/week-01.ipynb")
    nbformat.write(answered("# YOUR CODE HERE"), top / "release/week-01/week-01.ipynb")
    return top


def hand_in(top: Path, notebook: nbformat.NotebookNode) -> Path:
    """Put `notebook` where the learner's copy lies."""
    path = top / "my/week-01/week-01.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def command(top: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """Run the command in the course's folder as a learner would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOOPREADY_")}
    return subprocess.run(
        [sys.executable, "-m", "loopready.cli", *words],
        cwd=top,
        env={**clean, "PYTHONPATH": str(TOP), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def sources(path: Path) -> list[str]:
    """The texts of a notebook's cells."""
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]
