"""nbgrader's markers: what stands between a pair of them never reaches a learner, so only exact forms will do.

nbgrader looks for six upper-case phrases anywhere in a line and says nothing about a phrase with a letter
missing: the hidden tests are then released. Hence a line that looks like a marker and is none is a fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["HIDDEN_TESTS", "PHRASES", "SOLUTION", "Kind", "MarkerError", "Region", "regions", "without"]


@dataclass(frozen=True)
class Kind:
    """One of nbgrader's pairs of markers, and the role words whose cells may hold it."""

    begin: str
    end: str
    roles: tuple[str, ...]


SOLUTION = Kind("### BEGIN SOLUTION", "### END SOLUTION", ("answer", "manual"))
HIDDEN_TESTS = Kind("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", ("tests",))
# nbgrader itself refuses a mark scheme in any other cell than a task.
MARK_SCHEME = Kind("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===", ("task",))

_FORMS = {form: kind for kind in (SOLUTION, HIDDEN_TESTS, MARK_SCHEME) for form in (kind.begin, kind.end)}
PHRASES = tuple(form.strip("#= ") for form in _FORMS)

_SHOUTED = re.compile(r"^[#=]+.*\b(BEGIN|END|SOLUTIONS?|HIDDEN)\b|\bHIDDEN TEST|\bMARK SCHEME")


class MarkerError(ValueError):
    """A marker that is misspelt or out of place; `line` counts from 0 within the text."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Region:
    """Lines `first` to `last` of a text, both markers included, counted from 0."""

    kind: Kind
    first: int
    last: int

    def holds(self, line: int) -> bool:
        """Whether the line is a marker of the region or lies inside it."""
        return self.first <= line <= self.last


def regions(source: str) -> list[Region]:
    """The marked regions of a cell's text, from top to bottom.

    Raises MarkerError for a line that only looks like a marker, and for pairs that do not fit.
    """
    found: list[Region] = []
    opened: tuple[Kind, int] | None = None
    for line, form in _markers(source):
        kind = _FORMS[form]
        if form == kind.begin:
            if opened:
                raise MarkerError(line, f'"{form}" stands inside another region; close that one first')
            opened = kind, line
        elif not opened or opened[0] is not kind:
            raise MarkerError(line, f'"{form}" closes nothing; put "{kind.begin}" above it or take it out')
        else:
            found.append(Region(kind, opened[1], line))
            opened = None
    if opened:
        raise MarkerError(opened[1], f'"{opened[0].begin}" is never closed; write "{opened[0].end}" below it')
    return found


def without(source: str, kind: Kind) -> str:
    """The text with its regions of that kind taken out, markers included."""
    taken = [region for region in regions(source) if region.kind is kind]
    lines = enumerate(source.split("\n"))
    return "\n".join(line for number, line in lines if not any(one.holds(number) for one in taken))


def _markers(source: str) -> Iterator[tuple[int, str]]:
    """The lines that are markers; MarkerError for one that looks like it and is not."""
    for number, raw in enumerate(source.split("\n")):
        line = raw.strip()
        if line in _FORMS:
            yield number, line
        elif _suspicious(line):
            raise MarkerError(number, _advice(line))


def _suspicious(line: str) -> bool:
    if any(phrase in line for phrase in PHRASES) or _SHOUTED.search(line):
        return True
    return max(_likeness(line, form) for form in _FORMS) >= 0.85


def _advice(line: str) -> str:
    shown = line if len(line) <= 60 else line[:57] + "..."
    near = max(_FORMS, key=lambda form: _likeness(line, form))
    if _likeness(line, near) >= 0.75:
        return f'"{shown}" is no marker; write "{near}"'
    return f'"{shown}" looks like a marker to nbgrader or to its readers; word it differently'


def _likeness(line: str, form: str) -> float:
    """How alike the letters of two lines are, 0 to 1, whatever their case, spaces and signs."""
    one, other = _letters(line), _letters(form)
    # Far apart in length is far apart in letters: most lines of prose end here.
    if not one or abs(len(one) - len(other)) > len(other) / 2:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _letters(line: str) -> str:
    return "".join(letter for letter in line.casefold() if letter.isalpha())
