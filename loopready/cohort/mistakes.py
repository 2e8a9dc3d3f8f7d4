"""Which kept wrong answer a learner's answer is: by its text, or by what it does in each case."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from loopready.cohort.kept import FOLDER, kept_answers
from loopready.cohort.papers import Answer
from loopready.course import CourseError

PATTERNS = FOLDER / "patterns.json"
RIGHT, BLANK, OTHER, NONE = "right", "blank", "another way", "tests did not end"
MOST = 2  # kept answers with the same cases passed; of more, none is named
_LONGEST = 50_000  # characters that are taken apart as Python; the longest kept answer has two thousand


@dataclass(frozen=True)
class Mistake:
    """What an answer is: RIGHT, BLANK, OTHER, NONE or the slip of a kept wrong answer, and how that was found.

    `by` is "text" where it is the kept answer but for spaces and comments, "cases" where the same cases passed as
    with one or two of the kept answers, which `slip` then names. Nothing is concluded where no case passed.
    """

    slip: str
    by: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of an exercise: how it is released, and its kept wrong answers by text and by cases."""

    released: str
    texts: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def blank(self) -> str:
        """The released text as it is compared."""
        return normal(self.released)

    def mistake(self, answer: Answer) -> Mistake:
        """What this answer is."""
        text = normal(answer.source)
        if text == self.blank:
            return Mistake(BLANK)
        if text in self.texts:
            return Mistake(self.texts[text], "text")
        if not answer.cases:
            return Mistake(NONE)
        if all(case.passed for case in answer.cases):
            return Mistake(RIGHT)
        slips = self.patterns.get(answer.pattern, ()) if "+" in answer.pattern else ()
        return Mistake(" or: ".join(slips), "cases") if 0 < len(slips) <= MOST else Mistake(OTHER)


def known(week: str, root: Path) -> dict[str, Known]:
    """What is known of each exercise of `week` in the course at `root`.

    Without the kept wrong answers, which are in no installed package, all that is wrong is OTHER.
    """
    released = _released(week, root)
    try:
        kept = kept_answers(week, root)
    except CourseError:
        kept = []
    patterns = _patterns(week, root)
    return {
        name: Known(
            text,
            {normal(one.source): one.slip for one in kept if one.exercise == name},
            _by_pattern(patterns.get(name, {})),
        )
        for name, text in released.items()
    }


def normal(source: str) -> str:
    """A text as it is compared: without comments, docstrings, spaces and the quotes' kind, where it is Python.

    >>> normal("f = lambda n: 2*n  # twice") == normal("f = lambda n: 2 * n")
    True
    """
    try:
        return _dumped(source) if len(source) <= _LONGEST else source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())


def _dumped(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            del body[0]
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _by_pattern(patterns: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for slip, pattern in patterns.items():
        found.setdefault(pattern, []).append(slip)
    return found


def _patterns(week: str, root: Path) -> dict[str, dict[str, str]]:
    """By exercise and slip, which cases pass with that wrong answer; `tests/patterns.py` writes the file."""
    try:
        return json.loads((root / PATTERNS).read_text(encoding="utf-8")).get(week, {})
    except (OSError, ValueError, AttributeError):
        return {}


def _released(week: str, root: Path) -> dict[str, str]:
    """The answer cells as they are handed out, by exercise."""
    path = root / "release" / week / f"{week}.ipynb"
    try:
        cells = json.loads(path.read_bytes())["cells"]
    except (OSError, ValueError):
        return {}
    named = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in cells}
    return {
        name: "".join(cell["source"]) for name, cell in named.items() if name and f"{name}-tests" in named
    }
