"""Makes a demonstration class: a course folder of its own, its hand-ins, the grading, and the instructor's part."""

import os
import random
import shutil
import sysconfig
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.cohort.kept import FOLDER
from loopready.course import CourseError, rooms, weeks
from loopready.demo.abilities import Attempt, attempt, learner
from loopready.demo.people import Person, people
from loopready.marking.runs import ClassReport, grade_class
from loopready.shortcuts import quick_imports

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from traitlets.config import Config

    from loopready.demo.papers import Week
    from loopready.marking.progress import Bar

MOST = 2000  # learners; the names repeat after that
FIRST_DUE = datetime(2026, 1, 18, 18, 0)  # UTC; a week further for each week
_STAMP = "%Y-%m-%d %H:%M:%S UTC"
_TITLES = (
    "The release nobody owned", "The queue in the cellar", "Three teams, one form", "The alarm that cried wolf",
    "The migration without a date", "Friday's orders", "The invoice with two owners", "The search that got slower",
    "A pager for six teams", "The report at midnight", "The key that expired", "The clinic's calendar",
)  # fmt: skip


@dataclass
class Made:
    """A demonstration class that was made: its folder, its learners, the report of each grading, the seconds."""

    folder: Path
    people: list[Person]
    handed_in: int = 0
    reports: list[ClassReport] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def headline(self) -> str:
        """One line: how many learners handed in how much, and what became of it."""
        graded, failed = (
            sum(len(getattr(one, what)) for one in self.reports) for what in ("graded", "failed")
        )
        became = f", {graded} graded, {failed} not graded" if self.reports else ""
        return f"{len(self.people)} learners, {self.handed_in} hand-ins{became} in {self.seconds:.0f} s"


def make(
    folder: Path, root: Path, size: int = 60, seed: int = 9, weeks: Sequence[str] = ("week-01", "week-02", "week-03"),
    graded: bool = True, figures: bool = False, workers: int = 0, say: Callable[[str], None] = lambda line: None,
    watch: Callable[[], "AbstractContextManager[Bar]"] | None = None,
) -> Made:  # fmt: skip
    """Make a demonstration class of `size` learners in `folder`, from the course at `root`.

    What is handed in is the same, byte for byte, for the same seed and course, and the first learners are the same
    in a class of any size. With `graded`, every week is graded as `loopready grade --class` does it, and the
    instructor rates and comments most of what was written. Without `figures` the hand-ins lack the lesson's own
    code cells that nothing is graded by, which are most of the grading's time. `say` hears each step; `watch` makes
    a bar for each grading.

    Raises CourseError when there is something in `folder` already, when `root` is no clone of the course (the kept
    wrong answers are in no package), and for what keeps a class from being graded.
    """
    begun = time.perf_counter()
    if not 1 <= size <= MOST:
        raise CourseError(f"a demonstration class has 1 to {MOST:,} learners; got {size}")
    _refuse(folder)
    known, folder = _known(weeks, root, seed, figures), _new(folder)
    say("Laying out the course")
    _copy(root, folder, weeks)
    made = Made(folder, people(size, seed))
    handed_in = _hand_in(made.people, known, folder, seed)
    made.handed_in = sum(map(len, handed_in.values()))
    say("Making the gradebook")
    _make_gradebook(folder, made.people, weeks)
    if graded:
        for place, week in enumerate(known):
            say(f"Grading {week.name}")
            with watch() if watch else nullcontext() as bar:
                heard = bar.hear if bar else lambda what: None
                made.reports.append(grade_class(week.name, folder, workers=workers, heard=heard))
            _rate(folder, week, handed_in[week.name], made.reports[-1], seed, last=place == len(known) - 1)
    made.seconds = time.perf_counter() - begun
    return made


def _known(names: Sequence[str], root: Path, seed: int, figures: bool) -> "list[Week]":
    with quick_imports():
        from loopready.demo.papers import read_week
    missing = [name for name in names if name not in weeks(root)]
    if missing or not names:
        raise CourseError(
            f"no {missing[0] if missing else 'week'} in this course: it has {', '.join(weeks(root))}"
        )
    return [read_week(name, root, seed, figures) for name in names]


def _refuse(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is there and not empty: name a new folder")


def _new(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder} cannot be made ({error.strerror}): name another folder") from error
    return folder.resolve()


def _copy(root: Path, folder: Path, names: Sequence[str]) -> None:
    """The parts of the course that a class needs, for these weeks."""
    for name in (*names, *rooms(root)):
        for path in (
            Path("lessons", f"{name}.md"),
            Path("notebooks", f"{name}.ipynb"),
            FOLDER / f"{name}.md",
        ):
            if (root / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / path, folder / path)
    for name in names:
        shutil.copytree(root / "source" / name, folder / "source" / name)
    shutil.copyfile(root / "nbgrader_config.py", folder / "nbgrader_config.py")


def _hand_in(
    class_: Sequence[Person], known: "Sequence[Week]", folder: Path, seed: int
) -> dict[str, dict[str, Attempt]]:
    """Write everything that is handed in; each attempt by week and learner."""
    from loopready.demo.papers import hand_in

    found: dict[str, dict[str, Attempt]] = {week.name: {} for week in known}
    for number, person in enumerate(class_):
        who = learner(number, seed, len(known))
        title = random.Random(f"title {seed} {number}").choice(_TITLES)
        for place, week in enumerate(known):
            tried = attempt(who, number, place, week.items, week.tops, seed)
            if tried:
                found[week.name][person.id] = tried
                lies = folder / "submitted" / person.id / week.name
                hand_in(lies, week, tried, title)
                (lies / "timestamp.txt").write_text(_stamp(place, number, tried))
    return found


def _stamp(place: int, number: int, tried: Attempt) -> str:
    due = FIRST_DUE + timedelta(weeks=place)
    early = timedelta(minutes=17 * (number % 97) + 11)
    return (due + timedelta(minutes=tried.minutes_late) if tried.minutes_late else due - early).strftime(
        _STAMP
    )


def _make_gradebook(folder: Path, class_: Sequence[Person], names: Sequence[str]) -> None:
    """As `nbgrader generate_assignment` for each week, its due date, and the roster, make it."""
    with quick_imports():
        from nbgrader.converters import GenerateAssignment
        from nbgrader.coursedir import CourseDirectory
    for name in names:
        config = _settings(folder, name)
        with _quietly():
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, log=_silent()).start()
    with _gradebook(folder) as book:
        for place, name in enumerate(names):
            book.update_or_create_assignment(name, duedate=FIRST_DUE + timedelta(weeks=place))
        for one in class_:
            book.add_student(one.id, first_name=one.first_name, last_name=one.last_name, email=one.email)


def _settings(folder: Path, week: str) -> "Config":
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.merge({"root": str(folder), "assignment_id": week})
    return config


def _silent() -> object:
    import logging

    log = logging.Logger("loopready.demo")
    log.addHandler(logging.NullHandler())
    return log


@contextmanager
def _quietly() -> Iterator[None]:
    """nbgrader finds alembic by its name alone, and its own use of SQLAlchemy warns."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbgrader")
            yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _gradebook(folder: Path) -> "Iterator[Gradebook]":
    from nbgrader.api import Gradebook

    with _quietly(), Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "loopready") as book:
        yield book


def _rate(
    folder: Path, week: "Week", tried: dict[str, Attempt], report: ClassReport, seed: int, last: bool
) -> None:
    """The instructor's part: points and a comment for what was written; of the last week some still wait."""
    with _gradebook(folder) as book:
        for submission in book.assignment_submissions(week.name):
            one = tried[submission.student.id]
            draw = random.Random(f"instructor {seed} {week.name} {submission.student.id}")
            if submission.student.id in report.failed or (last and draw.random() < 0.12):
                continue
            for notebook in submission.notebooks:
                _rate_notebook(notebook, week, one)
        book.db.commit()


def _rate_notebook(notebook: object, week: "Week", one: Attempt) -> None:
    for grade in notebook.grades:
        if grade.name in week.rubrics and grade.needs_manual_grade and grade.name in one.written:
            levels, rubric = one.levels[grade.name], week.rubrics[grade.name]
            share = sum(levels.values()) / sum(each.top for each in rubric)
            grade.manual_score, grade.needs_manual_grade = round(share * grade.max_score, 2), False
    for comment in notebook.comments:
        if comment.name in week.rubrics and comment.name in one.written:
            comment.manual_comment = _comment(one.levels[comment.name], week.rubrics[comment.name])


def _comment(levels: dict[str, int], rubric: tuple) -> str:
    """What the weakest dimension would need for a level more."""
    weakest = min(rubric, key=lambda each: levels[each.name] / each.top)
    level = levels[weakest.name]
    if level == weakest.top:
        return "I would argue for you."
    return f"{weakest.name}, {level} of {weakest.top}. For a {level + 1}: {weakest.anchors[level + 1]}"
