"""A small class that hands in every kind of paper, and what there is to compare after it has been graded."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from tiny_course import answered, command, lay_out

WEEK = "week-01"
ON_TIME, LATE = "2027-01-31 17:00:00 UTC", "2027-01-31 19:30:00 UTC"
SETTINGS = """
c.Execute.timeout = 2
c.Execute.iopub_timeout = 2
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def changed(change: Callable[[NotebookNode], object]) -> NotebookNode:
    """The right answers after `change`."""
    paper = answered()
    change(paper)
    return paper


def with_cells(*texts: str) -> NotebookNode:
    """The right answers, and cells of the learner's own before them."""
    paper = answered()
    paper.cells[:0] = map(new_code_cell, texts)
    return paper


def _renumbered(paper: NotebookNode) -> None:
    paper.cells[1].metadata.nbgrader["points"] = 300
    paper.cells[2].metadata.nbgrader["grade_id"] = "unknown"


def _copied(paper: NotebookNode) -> None:
    paper.cells.insert(1, new_code_cell(paper.cells[0].source, metadata=paper.cells[0].metadata))


PAPERS: dict[str, NotebookNode | str | None] = {
    "right": answered(),
    "blank": answered("# YOUR CODE HERE"),
    "wrong": answered("return 4"),
    "late": answered(),
    "misspelt": answered("return 2 *"),
    "hangs": with_cells("print('begun')\nwhile True: pass"),
    "warns": answered("import sys; print('oh', file=sys.stderr); return 2 * n"),
    "shell": with_cells("!echo from a shell; echo and more >&2"),
    "draws": with_cells("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
    "widgets": with_cells("import ipywidgets\nipywidgets.IntSlider()"),
    "rewritten": changed(lambda paper: paper.cells[1].update(source="pass")),
    "deleted": changed(lambda paper: paper.cells.pop(1)),
    "stripped": changed(lambda paper: [cell.metadata.clear() for cell in paper.cells]),
    "renumbered": changed(_renumbered),
    "raw": changed(lambda paper: paper.cells[1].update(cell_type="raw")),
    "copied": changed(_copied),
    "exits": with_cells("exit()", "import time; time.sleep(1)"),
    "dies": with_cells("import os; os._exit(3)"),
    "deaf": with_cells("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"),
    "json": "<!DOCTYPE html>",
    "empty": "",
    "renamed": answered(),
    "none": None,
}
# Not graded, and the words by which ours says why.
REFUSED = {
    "renumbered": "the cells' nbgrader metadata is damaged",
    "copied": "the cell double is there twice: delete the copy",
    "exits": "the kernel died while a cell ran",
    "dies": "the kernel died while a cell ran",
    "deaf": "went on after its time and could not be stopped",
    "json": "the file is not a notebook",
    "empty": "the file is not a notebook",
    "renamed": "no notebook with the name that the gradebook knows",
    "none": "no notebook",
}


def empty_classroom(top: Path) -> Path:
    """A course whose gradebook knows the week, and that is not refereed."""
    unrefereed(lay_out(top))
    config = top / "nbgrader_config.py"
    config.write_text(config.read_text() + SETTINGS)
    nbgrader(top, "generate_assignment", WEEK, "--force")
    with Gradebook(f"sqlite:///{top / 'gradebook.db'}", "loopready") as book:
        book.update_or_create_assignment(WEEK, duedate="2027-01-31 18:00 UTC")
    return top


def classroom(empty: Path, top: Path, learners: dict[str, NotebookNode | str | None]) -> Path:
    """A copy of an empty classroom after the class has handed in."""
    copytree(empty, top)
    for learner, paper in learners.items():
        hand_in(top, learner, paper)
    return top


def hand_in(top: Path, learner: str, paper: NotebookNode | str | None) -> None:
    """Put a learner's paper, its time, and a file beside it where the exchange would."""
    folder = top / "submitted" / learner / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(LATE if learner == "late" else ON_TIME)
    (folder / "notes.txt").write_text(f"of {learner}")
    if paper is not None:
        text = paper if isinstance(paper, str) else nbformat.writes(paper)
        (folder / ("mine.ipynb" if learner == "renamed" else f"{WEEK}.ipynb")).write_text(text)


def nbgrader(top: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess:
    """nbgrader's own command in the course's folder."""
    line = [sys.executable, "-m", "nbgrader", *words]
    # Where nbgrader finds alembic, which it calls by name.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path}
    return subprocess.run(
        line, cwd=top, env=environment, capture_output=True, text=True, timeout=300, check=check
    )


SWITCH = "from loopready.referee.settings import refereed  # noqa: E402\n\nrefereed(c)\n"


def unrefereed(top: Path) -> Path:
    """The course with the two lines taken out that switch the referee on."""
    config = top / "nbgrader_config.py"
    text = config.read_text()
    assert SWITCH in text
    config.write_text(text.replace(SWITCH, ""))
    return top


def refereed(top: Path) -> Path:
    """The course with the two lines put back."""
    config = top / "nbgrader_config.py"
    config.write_text(config.read_text() + SWITCH)
    return top


def stock(top: Path) -> Path:
    """A copy of the course in which nbgrader's own Execute grades."""
    copy = copytree(top, top.with_name("stock"))
    config = copy / "nbgrader_config.py"
    text = re.sub(r"^c.Autograde.autograde_preprocessors.*?^]$", "", config.read_text(), flags=re.M | re.S)
    assert "loopready.warm" not in text and "loopready.referee" not in text
    config.write_text(text)
    return copy


def grade(top: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """Our command in the course's folder."""
    return command(top, "grade", WEEK, "--class", *words, **environment)


def said(top: Path, *words: str, **environment: str) -> dict:
    """The report of a run."""
    done = grade(top, "--json", *words, **environment)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    return report | {"graded": sorted(report["graded"])}


def scores(top: Path) -> dict[str, float]:
    """Each learner's points for the exercise, of those who have any."""
    query = """SELECT submitted_assignment.student_id, grade.auto_score FROM grade
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
        JOIN base_cell ON grade.cell_id = base_cell.id
        WHERE base_cell.name = 'double-tests' AND grade.auto_score IS NOT NULL"""
    with closing(sqlite3.connect(top / "gradebook.db")) as book:
        return dict(book.execute(query))


def rows(top: Path) -> dict[str, list[str]]:
    """Every row of every table of the gradebook, by table, nbgrader's random ids replaced by what they stand for."""
    with sqlite3.connect(top / "gradebook.db") as book:
        tables = [name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            name: [list(map(str, row)) for row in book.execute(f"SELECT * FROM {name}")] for name in tables
        }
    stands: dict[str, str] = {}
    # An id stands for its rows, in which other ids stand for theirs: as deep as the tables refer to each other.
    for _ in range(6):
        said: dict[str, list[str]] = {}
        for table, listed in found.items():
            for row in listed:
                said.setdefault(row[0], []).append(table + _named(row[1:], stands))
        stands = {one: sha256("".join(sorted(texts)).encode()).hexdigest() for one, texts in said.items()}
    return {table: sorted(_named(row, stands) for row in listed) for table, listed in found.items()}


def _named(row: list[str], stands: dict[str, str]) -> str:
    return json.dumps([stands.get(one, "?") if re.fullmatch(r"[0-9a-f]{32}", one) else one for one in row])


def files(top: Path) -> dict[str, tuple[int, str]]:
    """Every file below autograded/: its permissions and its text, less the times of cells and widgets' ids."""
    found = (path for path in sorted((top / "autograded").glob("[!.]*/**/*")) if path.is_file())
    return {
        str(path.relative_to(top / "autograded")): (path.stat().st_mode & 0o777, comparable(path.read_text()))
        for path in found
    }


def comparable(text: str) -> str:
    """A notebook's text, or a feedback page's, without what differs between any two runs of it."""
    # The states of widgets, which a page holds in the order of their random ids; autograded/ has them, too.
    text = re.sub(
        r'(<script type="application/vnd.jupyter.widget-state\+json">).*?</script>', r"\1", text, flags=re.S
    )
    if text.startswith("{"):
        paper = json.loads(text)
        for state in paper["metadata"].get("widgets", {}).values():
            state["state"] = sorted(_same(json.dumps(one)) for one in state["state"].values())
        text = json.dumps(paper, indent=1)
    return _same(text)


# Random ids with and without dashes, and moments.
_OWN = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z"
)


def _same(text: str) -> str:
    return _OWN.sub("-", text)
