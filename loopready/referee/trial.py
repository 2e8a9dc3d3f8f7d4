"""The trial of one submission: its notebook is run in boxes, its tests out here, and each tests cell gets its score.

Two rounds. In the first only the released cases run, and what they say is shown. In the second all cases run, and
only which of them pass comes out of it: by then the notebook's own outputs are in, so that nothing which a learner's
code sees of a hidden case finds a way to the learner.
"""

import contextlib
import io
import itertools
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from loopready.budgets import PATIENCE, OutOfTime, patience
from loopready.checks import Case, Score, checks
from loopready.course import CourseError
from loopready.referee import outputs
from loopready.referee.boxes import Limits, Notebook, Start, run
from loopready.referee.given import Given
from loopready.referee.plans import Helpers, Names, Plan, names_in, plan, taught
from loopready.referee.processors import staying
from loopready.referee.randomness import apart, mirrored, seeded
from loopready.referee.rewriting import caught, compiled
from loopready.referee.rewriting import run as executed
from loopready.referee.seats import OURS, Common, Seats, Still
from loopready.referee.session import FRAMES, NESTED
from loopready.referee.standins import (
    Class,
    Function,
    StandIn,
    each,
    has_attribute,
    is_callable,
    is_kind_of,
    is_one_of,
    kind_of,
    later,
)
from loopready.referee.ways import slack

__all__ = ["Job", "Place", "Step", "Verdict", "held", "modules"]


_LIMITS = Limits()


@dataclass(frozen=True)
class Step:
    """A code cell in the source's order: `kind` is "given", "answer", "own" or "tests"; `text` is what is run.

    A tests cell's `shown` is its text as released; a solution cell's `model` is the reference.
    """

    kind: str
    text: str
    name: str = ""
    points: float = 0.0
    shown: str = ""
    model: str = ""


@dataclass(frozen=True)
class Job:
    """All that a trial needs."""

    steps: tuple[Step, ...]
    given: tuple[str, ...] = ()  # the course's own cells, which the tests may use as well
    loose: tuple[int, ...] = ()  # the places of those among them that a learner may change
    seed: int = 0
    limits: Limits = _LIMITS
    together: tuple[
        str, ...
    ] = ()  # tests cells whose functions may answer in one process, whatever their plan
    # The course's data, which lies in the folder where the notebook is run: its name there, and where it is now.
    files: tuple[tuple[str, str], ...] = ()
    modules: tuple[str, ...] = ()  # what is worth importing before the notebook is run


@dataclass
class Verdict:
    """What each step showed, in order; for a tests cell that is its outcome. And what there is to say, a line each.

    `doubtful` are the tests cells that lost points while their functions answered apart from each other.
    """

    shown: list[list[dict]] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


# A tests cell, the round, the case or -1 for what is in none.
Place = tuple[str, int, int]
Heard = Callable[[str, int, int, float | None], None]


def modules(job: Job) -> list[str]:
    """What the tests will import by themselves or with the given cells that they need."""
    names = taught([step.model for step in job.steps if step.kind == "answer"])
    plans = [plan(step.text, names, helpers=Helpers(job.given)) for step in job.steps if step.kind == "tests"]
    given = Given(list(job.given), job.loose, names.own)
    return [name for one in plans for name in given.modules(one.uses, one.sets)]


def held(
    job: Job, start: Start, overdue: frozenset[Place] = frozenset(), heard: Heard = lambda *place: None
) -> Verdict:
    """Hold the trial. In the main thread: a case is stopped by an alarm.

    `heard` is told which place is next, and how many seconds it may take; what is `overdue` gets none.
    """
    slack()  # before there are threads, since it forks
    sys.setrecursionlimit(max(FRAMES * NESTED, sys.getrecursionlimit()))
    names = taught([step.model for step in job.steps if step.kind == "answer"])
    plans = {
        step.name: plan(step.text, names, step.name in job.together, Helpers(job.given))
        for step in job.steps
        if step.kind == "tests"
    }
    boxes = max((one.boxes for one in plans.values()), default=1)
    # Halves that answer apart share no file, but devices.
    limits = replace(job.limits, locks=boxes == 1)
    runs: list[Notebook] = []
    # The threads stay to the end: a box dies with the thread that has started it.
    with ThreadPoolExecutor(boxes) as pool:
        try:
            runs += pool.map(
                lambda n: run(_steps(job, plans, n), start, limits, apart(job.seed, "box"), seen=n == 0),
                range(boxes),
            )
            court = _Court(job, names, plans, runs, overdue, heard)
            tests = [step for step in job.steps if step.kind == "tests"]
            seen = {step.name: court.round(step, step.shown) for step in tests}
            court.forget()
            judged = {step.name: court.round(step, step.text) for step in tests}
        finally:
            heard("", 0, -1, None)
            for one in runs:
                one.end()
    doubtful = [one.name for one in tests if plans[one.name].boxes > 1 and not _full(judged[one.name])]
    own = iter(runs[0].shown)
    verdict = Verdict(says=runs[0].faults, doubtful=doubtful)
    for step in job.steps:
        shown = _outcome(step, judged[step.name], seen[step.name]) if step.kind == "tests" else next(own)
        verdict.shown.append(shown)
    return verdict


def _steps(job: Job, plans: dict[str, Plan], box: int) -> list[tuple[str, str]]:
    """What a box runs: the first all of the notebook, and it alone is seen; another as far as it is needed."""
    steps = [
        ("still", step.name) if step.kind == "tests" else ("cell", step.text)
        for step in job.steps
        if step.kind != "tests" or plans[step.name].boxes > box
    ]
    last = max((place for place, (kind, _) in enumerate(steps) if kind == "still"), default=-1)
    return steps if box == 0 else steps[: last + 1]


@dataclass
class _Result:
    """What a tests cell came to in one round: its value, or the error that ended it."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""


class _Court:
    """The namespace of the tests cells, and how one of them is run."""

    def __init__(
        self,
        job: Job,
        names: Names,
        plans: dict[str, Plan],
        runs: list[Notebook],
        overdue: frozenset[Place],
        heard: Heard,
    ):
        self.job, self.names, self.plans, self.runs = job, names, plans, runs
        self._overdue, self._heard, self._round = overdue, heard, 0
        self.given = Given(list(job.given), job.loose, names.own)
        self.forget()

    def forget(self) -> None:
        """Begin a round, without what tests cells have defined."""
        self._round += 1
        self.space: dict[str, Any] = {"__name__": OURS}
        self._lent: set[str] = set()
        self.given.forget()

    def round(self, step: Step, text: str) -> _Result:
        """Run the text of a tests cell."""
        plan = self.plans[step.name]
        stills = [run.stills.get(step.name) for run in self.runs[: plan.boxes]]
        if None in stills:
            return _Result(error=RuntimeError("the notebook ended before it came to these tests"))
        if (step.name, self._round, -1) in self._overdue:
            return _Result(error=TimeoutError(f"no answer within {self.job.limits.cell_seconds:g} s"))
        self._heard(step.name, self._round, -1, self.job.limits.cell_seconds)
        with staying() as processor:
            return self._tried(step, text, stills, processor)

    def _tried(self, step: Step, text: str, stills: list[Still], processor: int | None) -> _Result:
        plan, seed = self.plans[step.name], self.job.seed
        # Of the released text alone in its round: the box is asked for these names.
        uses = plan.uses if text == step.text else names_in(text)
        needed, used = self.given.needed(uses, plan.sets)
        seeded(apart(seed, "tests"))
        self.given.run(needed, self.space, late=False)
        seconds = self.job.limits.cell_seconds
        common = Common(self.given.classes, self.given.kinds, self.names, self.space, processor)
        seats = Seats(stills, plan.apart, seconds, apart(seed, "answers"), common)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
                self._bind(seats, used)
                self.given.run(needed, self.space, late=True)
                self._bind(seats, used)
                self.given.check(uses - plan.sets, self.space)
                return _Result(self._run(text, step.name, seats), printed=printed.getvalue())
        except OutOfTime:
            late = TimeoutError(f"no answer within {self.job.limits.cell_seconds:g} s")
            return _Result(error=late, printed=printed.getvalue())
        except CourseError:
            raise
        except (Exception, SystemExit) as error:
            return _Result(error=error, printed=printed.getvalue())
        finally:
            seats.leave()

    def _run(self, text: str, name: str, seats: Seats) -> Any:
        self.space.update(
            _later=partial(later, seats.settle), _each=each, _settle=seats.settle, _caught=caught,
            _type=partial(kind_of, self.space), _issubclass=is_kind_of, _isinstance=is_one_of, _callable=is_callable,
            _hasattr=has_attribute, _now=partial(self._now, seats),
        )  # fmt: skip
        # A notebook has it without an import; nobody looks at what a test displays.
        self.space.setdefault("display", lambda *values, **how: None)
        checks._cases.clear()
        seats.patience = patience()
        checks.around, checks.slack, checks.patience = self._around(name, seats), slack(), seats.patience
        try:
            body, last = compiled(text, f"<{name}>", self.names.own, self.names.living)
            with mirrored(apart(self.job.seed, f"{name} secret")):
                executed(body, self.space)
                seats.settle()
                return executed(last, self.space) if last else None
        finally:
            checks.around, checks.slack, checks.patience = contextlib.nullcontext, 1.0, PATIENCE

    def _around(self, name: str, seats: Seats) -> Callable:
        """What each case of a tests cell runs in: processes of its own, and a watch from outside."""
        count = itertools.count()

        @contextlib.contextmanager
        def around(seconds: float) -> Iterator[None]:
            place = name, self._round, next(count)
            self._heard(*place, seats.patience * seconds)
            seats.enter(seconds, spent=place in self._overdue)
            try:
                yield
            finally:
                seats.leave()
                self._heard(name, self._round, -1, self.job.limits.cell_seconds)

        return around

    def _bind(self, seats: Seats, used: frozenset[str]) -> None:
        """Bind what the learner has defined, of the names that the reference defines and no others.

        A name that the reference has imported is imported here: the learner's could be anything.
        """
        for name in self._lent:
            self.space.pop(name, None)
        imports = self.names.imports.keys() - self.space.keys()
        own, others = used & self.names.own, used & imports - self.names.own
        known = seats.known(own, others)
        # Whatever else it names was not asked for.
        self._lent = (own | others) & known.keys()
        for name in self._lent & self.names.own:
            self.space[name] = self._standing(name, known[name], seats)
        for name in self._lent & imports:
            with contextlib.suppress(Exception):
                exec(self.names.imports[name], self.space)

    def _now(self, seats: Seats, name: str) -> Any:
        """The value of a name that an answer may have changed, in the case that is under way."""
        if name not in self._lent:
            return eval(name, self.space)
        return self._standing(name, seats.now(name), seats)

    def _standing(self, name: str, value: Any, seats: Seats) -> Any:
        """A function or class by its name, so that each case asks a copy of its own; anything else as it came."""
        if type(value) is Class:
            made = _NamedClass(name, seats, self.names.classes.get(name, frozenset()))
            made._data_fields, made._data_frozen = self.names.records.get(name, {}), name in self.names.frozen
            return made
        # An object that is called where the reference has a function, too.
        called = type(value) is Function or (isinstance(value, StandIn) and name in self.names.functions)
        return _NamedFunction(name, seats) if called else value


class _Named:
    """Something of the notebook's own that is asked for by name."""

    def _ask(self, what: str, /, *args: Any, **kwargs: Any) -> Any:
        session = self._seats.of(self._name, (*args, *kwargs.values()))
        return session.ask(what, self._target, *args, **kwargs)


class _NamedFunction(_Named, Function):
    def __init__(self, name: str, seats: Seats):
        super().__init__(lambda: seats.of(name), ["n", name], name)
        self._seats = seats


class _NamedClass(_Named, Class):
    def __init__(self, name: str, seats: Seats, dunders: frozenset[str]):
        super().__init__(lambda: seats.of(name), ["n", name], name, dunders)
        self._seats = seats


def _outcome(step: Step, judged: _Result, seen: _Result) -> list[dict]:
    """A tests cell's outputs, as nbgrader reads them: an error, a number between 0 and its points, or neither."""
    if judged.error is not None:
        return [*_printed(seen), _said(judged.error, seen.error)]
    if isinstance(judged.value, Score):
        return [*_printed(seen), _table(judged.value, seen.value)]
    value = _number(judged.value, step.points)
    return [*_printed(seen), *([_result(value)] if value is not None else [])]


def _full(judged: _Result) -> bool:
    return judged.error is None and (
        not isinstance(judged.value, Score) or judged.value.earned == judged.value.points
    )


def _printed(seen: _Result) -> list[dict]:
    # A plain Python prints the table as well; here the picture of it is enough.
    text = "" if isinstance(seen.value, Score) else seen.printed[:100_000]
    return [{"output_type": "stream", "name": "stdout", "text": text}] if text else []


def _said(error: BaseException, seen: BaseException | None) -> dict:
    if seen is None:
        return outputs.error("AssertionError", "a hidden test fails")
    return outputs.error(type(seen).__name__, str(seen)[:2000])


def _table(judged: Score, seen: Any) -> dict:
    """The score of all cases; of the hidden ones it shows no more than whether they pass."""
    shown = iter(seen.cases if isinstance(seen, Score) else ())
    row, cases = next(shown, None), []
    for case in judged.cases:
        if row is not None and row.says == case.says:
            cases.append(row if row.passed == case.passed else _bare(case))
            row = next(shown, None)
        else:
            cases.append(_bare(case))
    score = Score(tuple(cases), judged.points, judged.hidden)
    return _result(repr(score), score._repr_html_())


def _bare(case: Case) -> Case:
    return Case(case.says, "pass" if case.passed else "fail")


def _number(value: Any, points: float) -> str | None:
    """A tests cell's last value as partial credit; what is no number within the points is none."""
    if value is None:
        return None
    if isinstance(value, (StandIn, bool)) or not isinstance(value, (int, float)):
        return None
    return repr(float(min(max(value, 0.0), points))) if value == value else "0.0"


def _result(text: str, html: str = "") -> dict:
    data = {"text/plain": text, **({"text/html": html} if html else {})}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
