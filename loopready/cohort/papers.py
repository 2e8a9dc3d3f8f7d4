"""What is in the graded notebooks of a class: each answer, and how each named case went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loopready import notebooks, tables
from loopready.tables import Seen

_TABLE = '<div class="loopready-checks">'


@dataclass(frozen=True)
class Answer:
    """One learner's answer to an exercise: its text, and its cases in order; none where the tests did not end."""

    exercise: str
    source: str
    cases: tuple[Seen, ...]

    @property
    def pattern(self) -> str:
        """Which cases passed, in order, such as "++-+"; empty where the tests did not end."""
        return pattern(self.cases)


def pattern(cases: Iterable[Seen]) -> str:
    """Which cases passed, in order: + for one that did, - for one that did not."""
    return "".join("+" if case.passed else "-" for case in cases)


def answers(path: Path) -> list[Answer]:
    """The answers in the graded notebook at `path`, in its order; none for what is no notebook."""
    try:
        named = notebooks.marked(notebooks.handed_in(path) or [])
        return [_answer(name, named) for name in named if f"{name}-tests" in named]
    except (KeyError, TypeError, AttributeError):
        return []


def _answer(name: str, named: dict[str, dict]) -> Answer:
    shown = ("".join(output["data"].get("text/html", "")) for output in _results(named[f"{name}-tests"]))
    checks = [html for html in shown if html.startswith(_TABLE)]
    source = notebooks.source(named[name])
    return Answer(name, source, tables.read(checks[-1]) if checks else ())


def _results(cell: dict) -> Iterator[dict]:
    return (output for output in cell.get("outputs", ()) if output.get("output_type") == "execute_result")
