"""Makes a demonstration class: a course folder of its own, its hand-ins, the grading, and the instructor's part."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.cohort.kept import FOLDER
from loopready.course import CourseError, rooms, weeks
from loopready.demo.abilities import Attempt, attempt, learner
from loopready.demo.instructor import enter, rate
from loopready.demo.people import Person, people
from loopready.marking.runs import ClassReport, grade_class
from loopready.shortcuts import quick_imports

if TYPE_CHECKING:
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
    enter(folder, made.people, {name: _due(place) for place, name in enumerate(weeks)})
    if graded:
        for week in known:
            say(f"Grading {week.name}")
            with watch() if watch else nullcontext() as bar:
                report = grade_class(week.name, folder, workers=workers, heard=bar.hear if bar else _nobody)
            made.reports.append(report)
            rate(folder, week, handed_in[week.name], _leaves(report, seed, last=week is known[-1]))
    made.seconds = time.perf_counter() - begun
    return made


def _nobody(what: object) -> None:
    """Hears how a grading goes, and says nothing."""


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


def _due(place: int) -> datetime:
    """When the week at `place`, counted from 0, is due."""
    return FIRST_DUE + timedelta(weeks=place)


def _leaves(report: ClassReport, seed: int, last: bool) -> Callable[[str], bool]:
    """Whom the instructor has not rated: who is not graded, and in the last week a few who are still to come."""

    def leaves(learner: str) -> bool:
        draw = random.Random(f"instructor {seed} {report.week} {learner}")
        return learner in report.failed or (last and draw.random() < 0.12)

    return leaves


def _stamp(place: int, number: int, tried: Attempt) -> str:
    due = _due(place)
    early = timedelta(minutes=17 * (number % 97) + 11)
    came = due + timedelta(minutes=tried.minutes_late) if tried.minutes_late else due - early
    return came.strftime(_STAMP)
