"""What is in the graded notebooks of a class: each answer, and how each named case went."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

# The rows that `loopready.tables` writes: mark, sentence with its notes, and up to three values.
_TABLE = '<div class="loopready-checks">'
_ROW = re.compile(r'<tr><td [^>]*aria-label="(\w+)">[^<]*</td>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(r"<td [^>]*>(.*?)</td>", re.DOTALL)
_LARGEST = 60_000_000  # bytes; a graded week with all its figures has less than one million


@dataclass(frozen=True)
class Case:
    """A named case of one learner: its sentence, its mark ("pass", "fail", "error", "time"), and what came."""

    says: str
    mark: str
    got: str = ""

    @property
    def passed(self) -> bool:
        """Whether it counts."""
        return self.mark == "pass"


@dataclass(frozen=True)
class Answer:
    """One learner's answer to an exercise: its text, and its cases in order; none where the tests did not end."""

    exercise: str
    source: str
    cases: tuple[Case, ...]

    @property
    def pattern(self) -> str:
        """Which cases passed, in order, such as "++-+"; empty where the tests did not end."""
        return pattern(self.cases)


def pattern(cases: Iterable[Case]) -> str:
    """Which cases passed, in order: + for one that did, - for one that did not."""
    return "".join("+" if case.passed else "-" for case in cases)


def answers(path: Path) -> list[Answer]:
    """The answers in the graded notebook at `path`, in its order; none for what is no notebook."""
    try:
        if path.stat().st_size > _LARGEST:
            return []
        cells = json.loads(path.read_bytes())["cells"]
        named = dict(_named(cells))
        return [_answer(name, named) for name in named if f"{name}-tests" in named]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _named(cells: list[dict]) -> Iterator[tuple[str, dict]]:
    for cell in cells:
        if name := cell["metadata"].get("nbgrader", {}).get("grade_id"):
            yield name, cell


def _answer(name: str, named: dict[str, dict]) -> Answer:
    shown = (_text(output["data"].get("text/html", "")) for output in _results(named[f"{name}-tests"]))
    tables = [html for html in shown if html.startswith(_TABLE)]
    return Answer(name, _text(named[name]["source"]), tuple(cases(tables[-1])) if tables else ())


def _results(cell: dict) -> Iterator[dict]:
    return (output for output in cell.get("outputs", ()) if output.get("output_type") == "execute_result")


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def cases(html: str) -> Iterator[Case]:
    """The cases of a tests cell, from the table that it shows.

    >>> from loopready import checks, tables
    >>> score = checks.Score((checks.Case("no links, no servers", "fail", "servers(0)", "0", "<1>"),), 3)
    >>> list(cases(tables.html(score)))
    [Case(says='no links, no servers', mark='fail', got='<1>')]
    """
    for mark, rest in _ROW.findall(html):
        values = _CELL.findall(rest)
        says = unescape(values[0].partition("<br>")[0])
        yield Case(says, mark, unescape(values[3]) if len(values) > 3 else "")
