"""The week that the grading benchmark grades: thirty code cells on numpy, pandas, matplotlib and ipywidgets."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_course import KERNEL, role

SETUP = """import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from loopready.checks import checks"""
FIGURE = "x = np.linspace(0, 10, 200)\nplt.plot(x, np.sin(x))\nplt.title('One figure');"
LOOK = """clicks{0} = pd.DataFrame({{"a": np.arange(60), "b": np.arange(60) % {1}}})
clicks{0}.groupby("b").agg(["sum", "mean"])"""
VISIBLE = "with checks('doubles and adds'):\n    assert scaled{0}([1, 2]) == [{0} + 2, {0} + 4]"
HIDDEN = """### BEGIN HIDDEN TESTS
with checks("nothing in, nothing out"):
    assert scaled{0}([]) == []
### END HIDDEN TESTS"""
SLIDER = "ipywidgets.IntSlider(value=3)"
EXERCISES = 9


def notebook(answer: str, hidden: bool) -> NotebookNode:
    """The week with `answer` as the body of each exercise; `{0}` in it is the exercise's number."""
    cells = [
        new_markdown_cell("# A week"),
        new_code_cell(SETUP, metadata=role("setup", locked=True)),
        new_code_cell(FIGURE),
    ]
    for n in range(EXERCISES):
        body = f"def scaled{n}(values):\n    {answer.format(n)}"
        tests = "\n".join(
            [VISIBLE.format(n), *([HIDDEN.format(n)] if hidden else []), "checks.score(4, cases=2)"]
        )
        cells += [
            new_code_cell(LOOK.format(n, n + 3)),
            new_code_cell(body, metadata=role(f"scaled{n}", solution=True)),
            new_code_cell(tests, metadata=role(f"scaled{n}-tests", 4, grade=True, locked=True)),
        ]
    cells.append(new_code_cell(SLIDER))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata=KERNEL)


def source() -> NotebookNode:
    """The instructor's notebook."""
    return notebook(
        "### BEGIN SOLUTION\n    return [2 * v + {0} for v in values]\n    ### END SOLUTION", hidden=True
    )


def released() -> NotebookNode:
    """A learner's notebook with every answer right."""
    return notebook("return [2 * v + {0} for v in values]", hidden=False)


def hand_in(folder: Path, week: str, paper: NotebookNode, number: int) -> None:
    """Hand in the paper; every fourth learner has one answer wrong, every tenth is late."""
    folder.mkdir(parents=True)
    text = nbformat.writes(paper)
    if number % 4 == 3:
        text = text.replace("2 * v + 4", "3 * v + 4")
    (folder / f"{week}.ipynb").write_text(text)
    late = number % 10 == 9
    (folder / "timestamp.txt").write_text(f"2027-01-31 {19 if late else 17}:00:00 UTC")
