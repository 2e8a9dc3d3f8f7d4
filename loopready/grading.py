"""Grading one learner's week at home: nbgrader's own marks, hidden tests included, as a small report."""

import asyncio
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from loopready import notebooks
from loopready.course import (
    CourseError,
    learner_folder,
    named_assignment,
    notebook,
    settings,
    shown,
    weeks,
    write_atomically,
)
from loopready.course import root as course_root
from loopready.marking import forking
from loopready.referee.settings import is_refereed
from loopready.shortcuts import quick_imports
from loopready.tables import Seen
from loopready.warm.stack import stack

if TYPE_CHECKING:
    from loopready.panels import Panel
    from loopready.scratch import Graded


@dataclass(frozen=True)
class Row:
    """One exercise: its points and named cases, or, when `manual`, an answer that only its writer rates at home."""

    exercise: str
    points: float
    out_of: float
    manual: bool = False
    missing: bool = False
    cases: tuple[Seen, ...] = ()

    @property
    def said(self) -> str:
        """The result in words."""
        if self.manual:
            return "rated by you, not counted here"
        return f"{self.points:g} of {self.out_of:g}" + (" (its tests are missing)" if self.missing else "")


@dataclass(frozen=True)
class Report:
    """A graded week: a row an exercise in the notebook's order, where nbgrader's feedback page lies, and a note."""

    week: str
    saved: datetime
    rows: tuple[Row, ...]
    feedback: Path
    note: str = ""

    @property
    def points(self) -> float:
        """The points earned, over the exercises that grade themselves."""
        return sum(row.points for row in self.rows if not row.manual)

    @property
    def out_of(self) -> float:
        """The points there are, over the exercises that grade themselves."""
        return sum(row.out_of for row in self.rows if not row.manual)

    @property
    def headline(self) -> str:
        """One line: the total, and which version of the notebook earned it."""
        return f"{self.week}: {self.points:g} of {self.out_of:g} points, as saved at {self.saved:%H:%M:%S}"

    def to_json(self) -> str:
        """The report as JSON, for `from_json`."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """The report that `to_json` wrote."""
        data = json.loads(text)
        rows = tuple(
            Row(**row | {"cases": tuple(Seen(*case) for case in row["cases"])}) for row in data["rows"]
        )
        saved, feedback = datetime.fromisoformat(data["saved"]), Path(data["feedback"])
        return cls(data["week"], saved, rows, feedback, data["note"])


def grade(week: str, root: Path, say: Callable[[str], None] = lambda step: None) -> Report:
    """Grade the learner's notebook of `week` with nbgrader; `say` hears each step as it begins.

    Each call grades anew, in a throw-away course. The notebook itself is only read; the feedback page is
    written beside it, and nbgrader's log to `.grading/log.txt` in the learner's folder.

    nbgrader takes the tests from the course's source, so a notebook started from an older release, or one
    with changed tests, is graded by today's tests. Where the course is not refereed, a tests cell that the learner
    deleted is not put back: it earns nothing and its row is `missing`.

    Raises CourseError when there is no such week or no readable notebook, or when nbgrader fails.
    """
    week = named_assignment(root, week)
    return grade_at(notebook(root, week), week, root, say)


def grade_at(own: Path, week: str, root: Path, say: Callable[[str], None] = lambda step: None) -> Report:
    """Grade the notebook at `own`, a copy of the week or kata `week`, as `grade` does."""
    source = root / "source" / week / f"{week}.ipynb"
    if own.is_file() and source.is_file():
        # At once: it imports the week's stack while this process imports nbgrader.
        forking.begin(stack(source), is_refereed(settings(root)), LOOPREADY_COURSE=str(root))
    present = _marks(own, week, root)
    if not source.is_file():
        raise CourseError(f"source/{week} is not built: run `loopready build {week}`")
    keep = _keep(root)
    saved = datetime.fromtimestamp(own.stat().st_mtime)

    with quick_imports():
        from loopready.scratch import graded

    try:
        with _interruptible():
            result = graded(week, root, own, keep, say)
    except CourseError as error:
        raise CourseError(f"{error} (more in {shown(keep / 'log.txt', root)})") from error
    page = own.with_name("feedback.html")
    with _writable(page, root):
        write_atomically(page, result.feedback)
    marks = _marks(source, week, root).items()
    rows = tuple(
        # The referee puts a deleted tests cell back.
        _row(name, mark, result, name not in present and not result.refereed)
        for name, mark in marks
        if _graded(mark)
    )
    return _kept(Report(week, saved, rows, page), root)


def _kept(report: Report, root: Path) -> Report:
    """The report, once its points are in the learner's file; where they cannot be, with a note that says so."""
    if report.week not in weeks(root):
        return report  # a kata of the reserve, whose points are its mock's
    from loopready.planning.points import Points

    try:
        Points(learner_folder(root) / "loopready.db").keep(report)
    except CourseError as error:
        return replace(report, note=f"The points are not in your progress: {error}")
    return report


@contextmanager
def _interruptible() -> Iterator[None]:
    """Raise an interruption at the end of the block, should something inside have swallowed it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen = []

    def interrupted(signum: int, frame: FrameType | None) -> None:
        seen.append(signum)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt


def _marks(path: Path, week: str, root: Path) -> dict[str, dict]:
    """What nbgrader knows of the cells of the notebook at `path`, by name."""
    with quick_imports():
        known = notebooks.cells(notebooks.read(path, week, root))
    return {name: cell["metadata"]["nbgrader"] for name, cell in known.items()}


def _graded(mark: dict) -> bool:
    return mark["grade"] or mark.get("task", False)


def _row(name: str, mark: dict, result: "Graded", missing: bool) -> Row:
    manual = mark["solution"] or mark.get("task", False)
    exercise = name.removesuffix("-tests").replace("-", " ")
    points = 0.0 if missing else result.points.get(name, 0.0)
    return Row(exercise, points, float(mark["points"]), manual, missing, result.cases.get(name, ()))


def _keep(root: Path) -> Path:
    """The folder for what grading keeps."""
    folder = learner_folder(root) / ".grading"
    with _writable(folder, root):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log.txt").touch()
    return folder


@contextmanager
def _writable(path: Path, root: Path) -> Iterator[None]:
    """Say in one line that `path` cannot be written."""
    try:
        yield
    except OSError as error:
        reason = f"cannot write {shown(path, root)} ({error.strerror})"
        raise CourseError(f"{reason}: make its folder writable, or make room") from error


def as_html(report: Report) -> str:
    """The report as a table for a notebook, colours left to the theme."""
    left = 'style="text-align:left"'
    head = f'<tr><th scope="col" {left}>exercise</th><th scope="col" {left}>points</th></tr>'
    rows = "".join(
        f"<tr><td {left}>{escape(row.exercise)}</td><td {left}>{escape(row.said)}</td></tr>"
        for row in report.rows
    )
    note = "The feedback page says of what you rate yourself that it is not graded yet."
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    said = "".join(f"<p>{escape(line)}</p>" for line in (report.note, note) if line)
    return f"<p><b>{escape(report.headline)}</b></p>{table}{said}"


def grade_button(week: str = "week-01") -> "Panel":
    """A button that saves the notebook and grades `week`; without JupyterLab, the command that does it."""
    from loopready.panels import Panel

    words = f"To grade {week}, save the notebook and run: loopready grade {week}"
    return Panel(f"Grade {week}", words, lambda panel: _press(panel, week))


async def _press(panel: "Panel", week: str) -> None:
    from loopready.panels import link

    # Not before the press: an instructor grades this notebook where there is no course around it.
    try:
        root = course_root()
    except CourseError as error:
        said = "the tests are not here: hand the week in, and the points come with your instructor's feedback"
        raise CourseError(said) from error
    panel.say(f"Grading {escape(week)} …")
    await notebooks.saved(notebook(root, week))
    report = await graded_apart(week, root)
    panel.say(f"{as_html(report)}<p>{link(report.feedback, 'Feedback, cell by cell')}</p>")


async def graded_apart(week: str, root: Path) -> Report:
    """Grade in another process, so that this kernel goes on answering."""
    command = (sys.executable, "-m", "loopready.cli", "grade", week, "--json")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    if process.returncode:
        lines = err.decode(errors="replace").strip().splitlines()
        raise CourseError(lines[-1] if lines else f"grading ended with code {process.returncode}")
    return Report.from_json(out.decode())
