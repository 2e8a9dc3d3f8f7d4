"""A program as a row of marks in which a name is as good as another, each mark with its place in the text."""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

__all__ = ["BREAK", "Marked", "marked"]

BREAK = "\n"  # no passage goes over it

_IMPORT = re.compile(r"^\s*(?:from\s+[\w.]+\s+)?import\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Marked:
    """`marks` has one letter for each token that counts, `places` its first and last offset in the text."""

    marks: str
    places: tuple[tuple[int, int], ...]


@lru_cache(1024)
def marked(text: str) -> Marked:
    """The program's tokens without white space, comments, docstrings and type hints.

    Names of the program's own are one mark, strings another; keywords, operators, numbers, builtins, methods of
    other objects and what is imported keep their words. The first line of a function or class is one mark, `BREAK`:
    it was given, or follows from what was. A program with a syntax error is marked as far as it goes.
    """
    passed_over, heads = _structure(text)
    marks, places = [], []
    for word, place, length in _words(text):
        if any(first <= place < last for first, last in passed_over):
            continue
        if not any(first <= place < last for first, last in heads):
            marks.append(_letter(word))
        elif marks[-1:] == [BREAK]:
            continue
        else:
            marks.append(BREAK)
        places.append((place, place + length))
    return Marked("".join(marks), tuple(places))


@cache
def _letter(word: str, letters: dict[str, str] = {}) -> str:  # noqa: B006 - shared on purpose
    """One letter for a word, the same as long as the process lives."""
    return letters.setdefault(word, chr(0xF0000 + len(letters) % 0xFFFE))


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    from pygments import token
    from pygments.lexers import PythonLexer

    imported = {name for line in _IMPORT.findall(text) for name in re.findall(r"\w+", line)}
    before = ["", ""]
    in_string = False
    for place, kind, value in PythonLexer().get_tokens_unprocessed(text):
        if kind in token.Text or kind in token.Comment or not value.strip():
            continue
        was_string, in_string = (
            in_string,
            kind in token.Literal.String and kind not in token.Literal.String.Interpol,
        )
        if in_string:
            if not was_string:
                yield "S", place, len(value)
            continue
        own = kind in token.Name and kind not in token.Name.Builtin and value not in imported
        if before[-1] == "." and before[-2] != "self":
            own = False
        yield ("V" if own else value), place, len(value)
        before = [before[-1], value]


Spans = list[tuple[int, int]]


def _structure(text: str) -> tuple[Spans, Spans]:
    """Where docstrings and type hints stand, and where the heads of functions and classes; as offsets."""
    try:
        with warnings.catch_warnings():
            # Python warns of odd escapes, and of `is` with a number, in what it parses.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], []
    passed_over, heads = [], []
    offset = _offsets(text)
    for node in ast.walk(tree):
        for hint, sign in _hints(node):
            first, last = offset(hint)
            passed_over.append((text.rindex(sign, 0, first), last))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            heads.append((offset(node)[0], offset(node.body[0])[0]))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(
            node, clean=False
        ):
            passed_over.append(offset(node.body[0]))
    return passed_over, heads


def _offsets(text: str) -> Callable[[ast.AST], tuple[int, int]]:
    """A function for the offsets at which a node begins and ends."""
    # Python's lines end at these and nowhere else; splitlines knows more.
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    starts = list(accumulate(map(len, lines), initial=0))

    def offset(line: int, column: int) -> int:
        # Python counts a column in bytes of UTF-8.
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode(errors="ignore"))

    def span(node: ast.AST) -> tuple[int, int]:
        return offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)

    return span


def _hints(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The type hints that belong to a node, each with the sign before it."""
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
        yield node.annotation, ":"
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns, "->"
