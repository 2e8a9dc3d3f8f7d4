"""Winnowing: which passages of a program stand for it.

Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting, SIGMOD 2003. copydetect does it.
Only its `winnow` is used. Its own reading of a program takes every method for a name like any other and keeps type
hints, counts in letters, and its subtraction of what was given goes wrong where a passage comes twice in a text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from zlib import crc32

from loopready.similarity.tokens import BREAK, Marked, marked

__all__ = ["LENGTH", "Print", "given_away", "print_of"]

LENGTH = 10  # tokens of a passage: a line or two
WINDOW = 3  # so that of every LENGTH + WINDOW - 1 tokens that two programs share, one passage is found


@dataclass(frozen=True)
class Print:
    """A text, its tokens, its passages with the tokens at which they begin, and how many tokens are its own."""

    text: str
    tokens: Marked
    passages: dict[int, list[int]] = field(repr=False)
    own: int

    def covered(self, passages: Iterable[int]) -> set[int]:
        """The tokens that lie in any of the passages."""
        return {
            token
            for one in passages
            for start in self.passages.get(one, ())
            for token in range(start, start + LENGTH)
        }


def given_away(texts: Iterable[str]) -> set[int]:
    """Every passage of the texts, none left out: what learners were shown or nearly all of them write."""
    rows = [marked(text).marks for text in texts]
    return {one for marks in rows for part in _parts(marks) for one in _hashes(part, marks)}


def print_of(text: str, given: set[int]) -> Print:
    """The program's passages less those that were given."""
    tokens = marked(text)
    passages: dict[int, list[int]] = {}
    shown: set[int] = set()
    for part in _parts(tokens.marks):
        hashes = _hashes(part, tokens.marks)
        for place in _winnowed(hashes):
            if hashes[place] not in given:
                passages.setdefault(hashes[place], []).append(part.start + place)
        for place, one in enumerate(hashes):
            if one in given:
                shown.update(range(part.start + place, part.start + place + LENGTH))
    breaks = tokens.marks.count(BREAK)
    return Print(text, tokens, passages, len(tokens.marks) - breaks - len(shown))


def _parts(marks: str) -> Iterator[range]:
    """Where the rows of tokens between two breaks stand."""
    for found in re.finditer(f"[^{BREAK}]+", marks):
        yield range(*found.span())


def _hashes(part: range, marks: str) -> list[int]:
    """A number for each passage, in order; not Python's own hash, by which a report would differ from run to run."""
    return [crc32(marks[start : start + LENGTH].encode()) for start in part[: max(0, len(part) - LENGTH + 1)]]


def _winnowed(hashes: list[int]) -> list[int]:
    import numpy as np
    from copydetect.utils import winnow

    if not hashes:
        return []
    _, places = winnow(np.array(hashes), min(WINDOW, len(hashes)), remove_duplicates=False)
    return [int(place) for place in places]
