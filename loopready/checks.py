"""Named checks: a tests cell says what it asks, keeps counting after a failure, and hands nbgrader its partial credit.

    with checks("three times a thousand a second at the peak"):
        assert servers(86_400_000 * request, 1000 * request / second) == 3
    checks.score(3, cases=1)

Each block is one case. A case that fails, raises or runs out of time costs its own share and nothing more. The score
ends the cell: its text is the number that nbgrader reads as partial credit, its HTML is the table for the learner.

In a notebook the asserts inside these blocks are rewritten as the cell is compiled (IPython's own `ast_transformers`),
so that the table can say what was called and what came without asking the answer twice.
"""

import contextlib
import io
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType

from loopready import tables
from loopready.asserts import AssertRecorder, brief
from loopready.budgets import PATIENCE, OutOfTime, budget, caught

__all__ = ["Case", "Disagreement", "OutOfTime", "Score", "checks", "raises"]

BUDGET = 2.0  # seconds a case may take; ten hanging cases still end before nbgrader's 30 s for a cell


Around = Callable[[float], contextlib.AbstractContextManager]


class Disagreement(AssertionError):
    """A failed check that explains itself: what was looked at, what was expected of it, what came."""

    def __init__(self, called: str, expected: str, got: str):
        super().__init__(f"{called}: expected {expected}, got {got}")
        self.called, self.expected, self.got = called, expected, got


@dataclass
class Case:
    """One named case and how it went; `mark` is "pass", "fail", "error" or "time"."""

    says: str
    mark: str = "pass"
    called: str = ""
    expected: str = ""
    got: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the case counts."""
        return self.mark == "pass"


class _Running:
    """The `with` block of one case: runs it within its budget and writes down how it went."""

    def __init__(
        self,
        says: str,
        seconds: float,
        recorder: AssertRecorder,
        around: Around,
        slack: float,
        patience: float,
    ):
        self.case, self.seconds, self.recorder = Case(says), seconds, recorder
        self.around, self.slack, self.patience = around, slack, patience
        self._quiet = contextlib.ExitStack()

    def __enter__(self) -> Case:
        self.recorder.forget()
        self._stderr = io.StringIO()
        # nbgrader gives nothing for a cell that writes to stderr, and one warning is enough to lose a right answer.
        self._quiet.enter_context(caught(sys.stderr, self._stderr))
        self._quiet.enter_context(contextlib.redirect_stderr(self._stderr))
        self._quiet.enter_context(self.around(self.slack * self.seconds))
        self._quiet.enter_context(budget(self.slack * self.seconds, self.patience))
        return self.case

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self._quiet.close()
        case, seen = self.case, self.recorder.seen
        case.called = seen.called
        case.notes = self._stderr.getvalue().strip().splitlines()[-1:]
        if error is None:
            return True
        if isinstance(error, KeyboardInterrupt):
            return False
        if isinstance(error, OutOfTime):
            case.mark, case.expected = "time", seen.expected
            case.got = f"no answer within {self.seconds:g} s"
        elif isinstance(error, Disagreement):
            case.mark = "fail"
            case.called, case.expected, case.got = error.called, error.expected, error.got
        elif isinstance(error, AssertionError) and _raised_here(trace):
            case.mark, case.expected, case.got = "fail", seen.expected, seen.got
            case.called = case.called or _source_line(trace)
            case.notes = [*case.notes, *map(str, error.args)]
        else:
            case.mark, case.expected = "error", seen.expected
            case.called = case.called or _source_line(trace)
            case.got = _in_words(error, trace)
        return True


class Checks:
    """Collects the cases of the cell that is running; `checks("says what")` opens one."""

    def __init__(self) -> None:
        self.recorder = AssertRecorder()
        # What every case runs in besides; the referee gives each its own processes here.
        self.around: Around = contextlib.nullcontext
        # How many times its seconds a case may take, where calls have a way to go.
        self.slack = 1.0
        # How many times that it may wait.
        self.patience: float = PATIENCE
        self._cases: list[tuple[object, Case]] = []

    def __call__(self, says: str, seconds: float = BUDGET) -> _Running:
        """A block that is one named case, allowed `seconds` of wall time."""
        running = _Running(says, seconds, self.recorder, self.around, self.slack, self.patience)
        self._cases.append((_cell(), running.case))
        return running

    def score(self, points: float, cases: int = 0, of: str = "week") -> "Score":
        """End a tests cell: the share of `points` that its cases earned, of `cases` where some are hidden here.

        Those are run when the `of` is graded. In a terminal the table is printed too.
        """
        here, self._cases = [case for cell, case in self._cases if cell == _cell()], []
        result = Score(tuple(here), points, max(cases - len(here), 0), of)
        if not _draws_html():
            print(result)
        return result


checks = Checks()


@dataclass(frozen=True)
class Score:
    """What a tests cell came to: `earned` of `points`, in equal shares of its cases, `hidden` ones included."""

    cases: tuple[Case, ...]
    points: float
    hidden: int = 0
    of: str = "week"

    @property
    def earned(self) -> float:
        """Points for the cases that passed; all of `points` exactly when all pass, none when there are no cases.

        A hidden case has not passed.
        """
        passed, every = sum(case.passed for case in self.cases), len(self.cases) + self.hidden
        return round(self.points * passed / every, 2) if every else 0.0

    def __repr__(self) -> str:
        return str(self.earned)

    def __str__(self) -> str:
        return tables.text(self)

    def _repr_html_(self) -> str:
        return tables.html(self)


@contextlib.contextmanager
def raises(*errors: type[Exception]) -> Iterator[None]:
    """The block is expected to raise one of `errors`; anything else is a failed check."""
    names = " or ".join(error.__name__ for error in errors)
    seen = checks.recorder.seen
    checks.recorder.forget()
    try:
        yield
    except errors:
        return
    except Exception as error:
        called = checks.recorder.seen.called or seen.called
        raise Disagreement(called, f"raises {names}", _in_words(error, error.__traceback__)) from error
    recorded = checks.recorder.seen
    raise Disagreement(recorded.called, f"raises {names}", recorded.value or "no error")


def _shell():
    # IPython is asked only when it is already there: a plain Python needs none of this.
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def _cell() -> object:
    shell = _shell()
    return shell.execution_count if shell else None


def _draws_html() -> bool:
    return hasattr(_shell(), "kernel")


def _raised_here(trace: TracebackType | None) -> bool:
    """Whether the assertion is the check's own and not one inside the learner's answer."""
    return trace is not None and trace.tb_next is None


def _source_line(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return (frames[0].line or "") if frames else ""


def _in_words(error: BaseException, trace: TracebackType | None) -> str:
    """The error as one line, with the place in the learner's code where it arose."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, NameError):
        said += "; has the answer's cell been run, without an error?"
    inside = [f for f in traceback.extract_tb(trace)[1:] if "loopready" not in f.filename]
    cells = [f for f in inside if f.filename.startswith("<ipython-input") or "ipykernel_" in f.filename]
    # An error that has come from another process brings its place along.
    where = f"line {cells[-1].lineno} of {cells[-1].name}" if cells else getattr(error, "place", "")
    place = f" ({where})" if where else ""
    return brief(said, 200) + place


def _install() -> None:
    """Let the running IPython, if there is one, rewrite the asserts of tests cells."""
    shell = _shell()
    if shell is None:
        return
    from loopready.asserts import RecordingTransformer

    if not any(isinstance(one, RecordingTransformer) for one in shell.ast_transformers):
        shell.ast_transformers.append(RecordingTransformer())


_install()
