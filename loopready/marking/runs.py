"""A run over a class: what is still to be graded is graded, and the report says what became of each."""

import fcntl
import json
import os
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Union

from loopready.course import CourseError, named_assignment, settings, shown
from loopready.marking import forking
from loopready.referee.settings import is_refereed
from loopready.warm.stack import stack

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from loopready.marking.papers import Outcome

# What is heard of a run: the submissions to be graded, and then each outcome.
Heard = Callable[[Union["Plan", "Outcome"]], None]


LOG = "log.txt"


def log_of(root: Path) -> Path:
    """Where the last run's log lies."""
    from loopready.marking.submissions import apart

    return apart(_coursedir(settings(root))) / LOG


@dataclass(frozen=True)
class Plan:
    """How many submissions a run will grade, how many it leaves alone, and with how many workers.

    `lacking` are the promises about learners' processes that this machine cannot keep.
    """

    to_grade: int
    unchanged: int
    workers: int
    lacking: tuple[str, ...] = ()


@dataclass
class ClassReport:
    """A run: who was graded, who was not and why, and who was left alone because nothing has changed.

    `unfair` are the tests cells in which nobody has all points and the reference, refereed, has them neither.
    """

    week: str
    graded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    unfair: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def headline(self) -> str:
        """One line: how many of each."""
        parts = [
            f"{len(self.graded)} graded",
            f"{len(self.failed)} not graded",
            f"{len(self.unchanged)} unchanged",
        ]
        rate = f", {len(self.graded) / self.seconds:.1f} a second" if self.graded and self.seconds else ""
        return f"{self.week}: {', '.join(parts)} in {self.seconds:.1f} s{rate}"

    def to_json(self) -> str:
        """The report as JSON."""
        return json.dumps(asdict(self), indent=1)


def grade_class(
    week: str, root: Path, students: Collection[str] = (), again: bool = False, workers: int = 0,
    heard: Heard = lambda what: None,
) -> ClassReport:  # fmt: skip
    """Grade what was handed in for `week` and is not graded yet, or has changed since; `heard` hears how it goes.

    `students` narrows it to these learners; `again` grades what is graded, too; `workers` is the number of
    processes, one for each core when it is 0. Rows, files, late penalties: as `nbgrader autograde` leaves them.

    Raises CourseError when the week, its gradebook or a learner is not there, when another run is at it, and when
    the gradebook or the disk fails; what is graded by then stays.
    """
    begun = time.perf_counter()
    week = named_assignment(root, week)
    source = root / "source" / week / f"{week}.ipynb"
    if not source.is_file():
        raise CourseError(f"source/{week} is not built: run `loopready build {week}`")
    config = settings(root)
    # At once: what forks kernels or boxes imports while this process does.
    once = stack(source)
    forking.begin(once, is_refereed(config))
    try:
        run = _Run(week, root, config, once, workers)
        with run.alone():
            return run.over(students, again, heard, begun)
    except OSError as error:
        raise CourseError(
            f"cannot go on ({error}): make room, or make the folder writable, then run it again"
        ) from error
    finally:
        forking.end(is_refereed(config))


class _Run:
    """The course as nbgrader sees it, and one run over one week of it."""

    def __init__(self, week: str, root: Path, config: "Config", once: Sequence[str], workers: int):
        from loopready.shortcuts import quick_imports

        with quick_imports():
            from loopready.marking.workers import cores
        if workers > cores():
            raise CourseError(
                f"--workers {workers}: this machine has {cores()} cores, and time limits are by the clock"
            )
        self.week, self.root, self.workers = week, root, workers or cores()
        self.config, self.refereed = config, is_refereed(config)
        self.config.CourseDirectory.merge({"assignment_id": week})
        self.config.Execute.merge({"modules": list(once)})
        self.config.Execute.setdefault("memory", _memory() // self.workers)
        self.coursedir = _coursedir(self.config)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep a second run away; raises CourseError where there is one."""
        from loopready.marking.submissions import apart

        self.apart = apart(self.coursedir)
        try:
            self.apart.mkdir(parents=True, exist_ok=True)
            lock = (self.apart / "lock").open("a+")
        except OSError as error:
            place = shown(self.apart, self.root)
            raise CourseError(
                f"cannot write {place} ({error.strerror}): make its folder writable, or make room"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise CourseError(
                    f"process {lock.read().strip() or '?'} is grading here: wait for it, or end it"
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def over(self, students: Collection[str], again: bool, heard: Heard, begun: float) -> ClassReport:
        """Grade, and report."""
        from loopready.lateness.plugin import checked_names
        from loopready.marking.gradebook import ready, take_back
        from loopready.marking.learners import out_of_reach
        from loopready.marking.papers import Outcome
        from loopready.marking.submissions import submissions
        from loopready.marking.workers import graded

        lacking = self._lacking()
        ready(self.coursedir.db_url, self.coursedir.course_id, self.week)
        handed_in = submissions(self.coursedir, self.week)
        checked_names(self.config, self.root, self.coursedir.db_url, [one.student for one in handed_in])
        handed_in = _asked_for(handed_in, students, self.week)
        unchanged = [] if again else [one.student for one in handed_in if one.is_graded(self.coursedir)]
        papers = {one.student: one for one in handed_in if one.student not in set(unchanged)}
        report = ClassReport(self.week, unchanged=unchanged)
        lost = {} if students else out_of_reach(self.coursedir, self.week)
        to_grade, workers = len(papers) + len(lost), min(self.workers, len(papers))
        heard(Plan(to_grade, len(report.unchanged), workers, lacking))
        report.failed.update(lost)
        for learner, reason in lost.items():
            heard(Outcome(learner, False, reason))
        log = self.apart / LOG
        log.write_text("")
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbgrader")
            for one in graded([*papers.values()], self.config, self.coursedir.db_url, log, self.workers):
                if one.graded:
                    report.graded.append(one.student)
                else:
                    report.failed[one.student] = one.reason
                    if self.refereed:
                        # What an earlier hand-in has earned is not this one's.
                        take_back(self.coursedir.db_url, self.week, one.student)
                        papers[one.student].discard()
                heard(one)
        if self.refereed and report.graded:
            report.unfair = self._unfair()
        report.seconds = round(time.perf_counter() - begun, 2)
        return report

    def _unfair(self) -> dict[str, str]:
        """The tests cells that the reference does not pass either; it is tried where nobody has all points."""
        from loopready.marking.gradebook import nobody_full
        from loopready.referee.bench import TrialError
        from loopready.referee.references import unfair

        cells = nobody_full(self.coursedir.db_url, self.week)
        if not cells:
            return {}
        try:
            found = unfair(self.root / "source" / self.week / f"{self.week}.ipynb", self.config)
        except TrialError as error:
            return {self.week: str(error)}
        return {cell: says for cell, says in found.items() if cell in cells}

    def _lacking(self) -> tuple[str, ...]:
        """The promises that a refereed class goes without here. Raises CourseError where that must be said first."""
        if not self.refereed:
            return ()
        from loopready.referee.walls import missing, required

        required(bool(self.config.Refereed.get("uncontained")))
        return tuple(missing())


def _coursedir(config: "Config") -> "CourseDirectory":
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)


def _asked_for(handed_in: Sequence, students: Collection[str], week: str) -> list:
    if not handed_in:
        raise CourseError(f"nothing was handed in for {week}: it belongs in submitted/<learner>/{week}/")
    there = {one.student for one in handed_in}
    if missing := [student for student in students if student not in there]:
        raise CourseError(f"{missing[0]} has handed in nothing for {week}")
    return [one for one in handed_in if not students or one.student in students]


def _memory() -> int:
    """Three quarters of the machine's memory, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 * 3
