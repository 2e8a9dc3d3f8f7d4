"""A lesson as its author wrote it: MyST text cut into cells, each with a role word that says what it is for.

jupytext finds the cells; here their options are read, and whatever it would pass over in silence is refused:
an option written twice, a directive that is no cell, a role that no cell carries.
"""

import json
import math
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from jupytext.myst import MystMetadataParsingError, get_parser, myst_to_notebook
from nbformat import NotebookNode

from loopready.course import CourseError

__all__ = ["ROLES", "Cell", "Lesson", "LessonError", "Role", "lesson"]


class LessonError(CourseError):
    """A lesson that cannot be built; the message names file, line, cell and remedy in one line."""


@dataclass(frozen=True)
class Role:
    """What a role word means to nbgrader, and on which type of cell it may stand."""

    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    types: tuple[str, ...] = ("code", "markdown")

    @property
    def scored(self) -> bool:
        """Whether the cell is worth points."""
        return self.grade or self.task


ROLES = {
    "answer": Role(solution=True, types=("code",)),
    "tests": Role(grade=True, locked=True, types=("code",)),
    "manual": Role(grade=True, solution=True),
    "task": Role(task=True, locked=True, types=("markdown",)),
    "readonly": Role(locked=True),
}
_OPTIONS = (*ROLES, "points", "tags")


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson; it starts in the file's line `line` and its text in line `body`, counted from 1."""

    file: str
    line: int
    body: int
    type: str
    source: str
    role: str = ""
    name: str = ""
    points: float | None = None
    tags: tuple[str, ...] = ()

    def error(self, message: str, offset: int | None = None) -> LessonError:
        """A LessonError about this cell, or about the line `offset` lines below the first of its text."""
        line = self.line if offset is None else self.body + offset
        label = f"cell '{self.name}'" if self.name else f"{self.type} cell"
        return LessonError(f"{self.file}:{line}: {label}: {message}")


@dataclass(frozen=True)
class Lesson:
    """A lesson's cells from top to bottom; `file` is the name that messages call it by."""

    name: str
    file: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def is_graded(self) -> bool:
        """Whether it is released and graded: a week or a kata. The other lessons are rooms, which are only run."""
        return self.name.startswith(("week-", "kata-"))

    @property
    def is_kata(self) -> bool:
        """Whether it is of the reserve, which nobody reads before it is handed out."""
        return self.name.startswith("kata-")


def lesson(path: Path) -> Lesson:
    """The lesson at `path`. Raises LessonError when it cannot be read, or an option is not what it may be."""
    file = f"{path.parent.name}/{path.name}"
    text = _text(path, file)
    try:
        marks = _Marks(text, file)
        with warnings.catch_warnings(action="ignore"):
            notebook = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise _unreadable(file, error) from error
    starts = notebook.metadata.source_map
    cells = [marks.cell(node, start) for node, start in zip(notebook.cells, starts, strict=True)]
    marks.all_used()
    return Lesson(path.stem, file, marks.title, tuple(cells))


def _text(path: Path, file: str) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LessonError(f"{file}: cannot be read ({error.strerror}); a lesson is a text file") from error
    except UnicodeDecodeError as error:
        raise LessonError(f"{file}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    # jupytext and its parser disagree on what ends a line here, and cells would be cut in the wrong place.
    stray = re.search("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]", text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        raise LessonError(f"{file}:{line}: holds the invisible character U+{ord(stray[0]):04X}; delete it")
    return text


def _unreadable(file: str, error: Exception) -> LessonError:
    said = " ".join(str(error).split())
    line = re.search(r"at line (\d+)", said)
    return LessonError(f"{file}:{line[1] if line else 1}: cannot be read: {said}; correct the options there")


class _Marks:
    """What stands around the cells in the text, for what jupytext does not tell."""

    def __init__(self, text: str, file: str):
        self.file, self.lines, self.title = file, text.splitlines(), ""
        self.unused: dict[int, str] = {}
        for token in get_parser().parse(text + "\n"):
            if token.type == "front_matter":
                self.title = self._title(yaml.safe_load(token.content))
            elif token.type == "fence" and token.info.startswith("{"):
                self._directive(token.info.strip(), token.map[0] + 1, token.level)
            elif token.type == "myst_block_break" and token.content:
                self._check(_pairs(token.content, token.map[0] + 1))
                self.unused[token.map[1]] = token.content

    def _title(self, front: Any) -> str:
        if not isinstance(front, dict) or front.keys() != {"title"}:
            raise self._error(
                1, "front matter may hold a title and nothing else; write 'title: ...' or leave it out"
            )
        if not isinstance(front["title"], str) or not front["title"].strip():
            raise self._error(1, f"title is {front['title']!r}; give it words")
        return front["title"]

    def _directive(self, info: str, line: int, level: int) -> None:
        if info != "{code-cell} ipython3":
            raise self._error(line, f'"{info}" is no cell; a cell starts with "```{{code-cell}} ipython3"')
        if level:
            raise self._error(line, "a cell inside a list or a quotation is only text; move it to the margin")
        self._check((number, key, self._value(number, value)) for number, key, value in self._options(line))

    def _value(self, line: int, value: str) -> Any:
        try:
            return yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise self._error(line, f"'{value}' is no value (not YAML); put quotes around a text") from error

    def _options(self, fence: int) -> list[tuple[int, str, str]]:
        """The option lines below the fence in that line: number, key and value."""
        if self.lines[fence : fence + 1] == ["---"]:
            raise self._error(fence + 1, "write each option on a line of its own, as in ':points: 3'")
        found = []
        for number, line in enumerate(self.lines[fence:], fence + 1):
            if not line.lstrip().startswith(":"):
                break
            match = re.fullmatch(r":([a-z][a-z-]*):\s+(\S.*)", line.strip())
            if not match:
                raise self._error(number, f"'{line.strip()}' is no option; write one as in ':points: 3'")
            found.append((number, match[1], match[2]))
        return found

    def _check(self, options: Iterable[tuple[int, str, Any]]) -> None:
        """Raise for what jupytext would drop, or nbformat refuse without telling where."""
        seen: set[str] = set()
        for line, key, value in options:
            if key not in _OPTIONS:
                raise self._error(line, f"'{key}' is no option; the options are {', '.join(_OPTIONS)}")
            if key in seen:
                raise self._error(line, f"'{key}' is given twice; keep one")
            if key == "tags" and not _tags(value):
                raise self._error(line, f"tags are {value!r}; list each once, as in ':tags: [hide-input]'")
            seen.add(key)

    def cell(self, node: NotebookNode, start: int) -> Cell:
        """The cell that jupytext found, with its place in the file and its options read."""
        if node.cell_type == "code":
            body = start + 1 + len(self._options(start))
            # jupytext takes one blank line between the options and the code away.
            body += not "".join(self.lines[body - 1 : body]).strip()
            place = Cell(self.file, start, body, "code", node.source)
        else:
            self.unused.pop(start, None)
            body = next(n for n, line in enumerate(self.lines[start:], start + 1) if line)
            place = Cell(self.file, body, body, "markdown", node.source)
        return _with_options(place, dict(node.metadata))

    def all_used(self) -> None:
        """Raise LessonError for options that belong to no cell: a learner would see an ungraded one."""
        for line, content in self.unused.items():
            raise self._error(line, f"'+++ {content}' has no text below it; put it above the text it is for")

    def _error(self, line: int, message: str) -> LessonError:
        return LessonError(f"{self.file}:{line}: {message}")


def _pairs(content: str, line: int) -> list[tuple[int, str, Any]]:
    """The options in a JSON object, repeated ones too; none for what is no JSON: jupytext refuses that."""
    try:
        pairs = json.loads(content, object_pairs_hook=list)
    except ValueError:
        return []
    return [(line, *pair) for pair in pairs if isinstance(pair, tuple)] if isinstance(pairs, list) else []


def _tags(value: Any) -> bool:
    words = isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    return words and all(re.fullmatch(r"[^,\s]+", tag) for tag in value) and len(set(value)) == len(value)


def _with_options(cell: Cell, options: dict[str, Any]) -> Cell:
    """The cell with its role, name, points and tags, from the options it was given."""
    roles = [option for option in options if option in ROLES]
    if len(roles) == 1 and isinstance(options[roles[0]], str):
        cell = replace(cell, role=roles[0], name=options[roles[0]])
    if len(roles) > 1:
        raise cell.error(f"has two roles, {' and '.join(roles)}; keep one")
    if roles and not cell.name:
        raise cell.error(f"{roles[0]} is {options[roles[0]]!r}; give it a name such as 'read-path'")
    if roles and cell.type not in ROLES[cell.role].types:
        raise cell.error(f"{cell.role} is for {ROLES[cell.role].types[0]} cells only; this is {cell.type}")
    return replace(cell, points=_points(cell, options), tags=tuple(options.get("tags", ())))


def _points(cell: Cell, options: dict[str, Any]) -> float | None:
    scored = cell.role in ROLES and ROLES[cell.role].scored
    if "points" not in options:
        if scored:
            raise cell.error("has no points; say what it is worth, as in ':points: 3'")
        return None
    points = options["points"]
    if not scored:
        raise cell.error("has points, but only tests, manual and task cells are scored; take them out")
    number = isinstance(points, (int, float)) and not isinstance(points, bool)
    if not number or not math.isfinite(points) or points <= 0:
        raise cell.error(f"points are {points!r}; give a number above zero")
    return points
