"""A lesson's text becomes nbgrader's instructor notebook: the same text gives the same bytes, on any machine."""

import ast
import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from loopready import cells, guards
from loopready.cells import ROLES, Cell, Lesson, LessonError
from loopready.estimates import seal, sealed
from loopready.markers import SOLUTION, regions

__all__ = ["LessonError", "identities", "notebook", "notebook_text", "read_lesson", "written"]

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_lesson(path: Path) -> NotebookNode:
    """The instructor notebook of the lesson at `path`, solutions and hidden tests inside.

    Raises LessonError, one line with file, line, cell and remedy, when the lesson must not be built.
    """
    return notebook(written(path))


def written(path: Path) -> Lesson:
    """The lesson at `path`, past every guard. Raises LessonError."""
    lesson = cells.lesson(path)
    guards.check(lesson)
    return lesson


def notebook(lesson: Lesson) -> NotebookNode:
    """The instructor notebook of a lesson; each cell's id is its name, or comes from its text."""
    built = new_notebook(metadata={**_METADATA, **({"title": lesson.title} if lesson.title else {})})
    built.nbformat_minor = 5
    for cell, identity in zip(lesson.cells, identities(lesson.cells), strict=True):
        make = new_code_cell if cell.type == "code" else new_markdown_cell
        built.cells.append(make(_source(cell, lesson), metadata=_metadata(cell), id=identity))
    return built


def notebook_text(notebook: NotebookNode) -> str:
    """The notebook as the bytes of its file read: keys sorted, one space of indent, a newline at the end."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def identities(cells: Iterable[Cell]) -> list[str]:
    """An id for each cell, valid and unique: its name, else a hash of its text, numbered where a text repeats."""
    cells = list(cells)
    taken = {cell.name for cell in cells}
    return [cell.name or _hashed(cell, taken) for cell in cells]


def _hashed(cell: Cell, taken: set[str]) -> str:
    base = identity = hashlib.sha256(f"{cell.type}\n{cell.source}".encode()).hexdigest()[:12]
    times = 1
    while identity in taken:
        times += 1
        identity = f"{base}-{times}"
    taken.add(identity)
    return identity


def _metadata(cell: Cell) -> dict:
    metadata: dict = {"tags": list(cell.tags)} if cell.tags else {}
    if cell.role:
        role = ROLES[cell.role]
        metadata["nbgrader"] = {
            "grade": role.grade,
            "grade_id": cell.name,
            "locked": role.locked,
            "schema_version": 3,
            "solution": role.solution,
            "task": role.task,
            **({"points": cell.points} if role.scored else {}),
        }
    return metadata


def _source(cell: Cell, lesson: Lesson) -> str:
    if cell.role != "tests":
        return cell.source
    # All cases, the hidden ones too: where those are taken out, the score says how many are still to come.
    cases = sum(isinstance(statement, ast.With) for statement in ast.parse(cell.source).body)
    of = ', of="kata"' if lesson.is_kata else ""
    return f"{_with_seals(cell, lesson.cells)}\n\nchecks.score({cell.points!r}, cases={cases}{of})"


def _with_seals(cell: Cell, others: Sequence[Cell]) -> str:
    """The tests cell's text, with the cells that its `sealed(...)` names replaced by what they seal."""
    calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    source = cell.source
    # From the end up, so that the places of the calls before stay true.
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        if isinstance(call.func, ast.Name) and call.func.id == "sealed":
            source = _replaced(source, call, _sealed_call(cell, call, others))
    return source


def _sealed_call(cell: Cell, call: ast.Call, others: Sequence[Cell]) -> str:
    line = call.lineno - 1
    named = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    code = [other for other in others if other.type == "code"]
    sealable = {other.name: other for other in code if other.role in ("answer", "readonly")}
    if not named or call.keywords or len(named) < len(call.args):
        raise cell.error("sealed takes names of answer and readonly cells, in quotes", line)
    for name in named:
        if name not in sealable:
            known = ", ".join(sealable) or "none"
            raise cell.error(
                f"sealed names {name!r}; the answer and readonly cells of this lesson are {known}", line
            )
    text = "\n".join(_reference(sealable[name]) for name in named)
    try:
        blob = seal(text)
        sealed(blob)
    except (ValueError, SyntaxError) as error:
        raise cell.error(f"{' and '.join(map(repr, named))} cannot be sealed: {error}", line) from error
    parts = [blob[start : start + 80] for start in range(0, len(blob), 80)]
    return "sealed(\n" + "".join(f'    "{part}"\n' for part in parts) + ")"


def _reference(cell: Cell) -> str:
    """What a cell says to whoever knows the answer: the lines of its solution, else all of it."""
    lines = cell.source.split("\n")
    solutions = [region for region in regions(cell.source) if region.kind is SOLUTION]
    parts = [textwrap.dedent("\n".join(lines[one.first + 1 : one.last])) for one in solutions]
    return "\n".join(parts) if parts else cell.source


def _replaced(source: str, node: ast.expr, text: str) -> str:
    # Python counts columns in bytes.
    lines = [line.encode() for line in source.split("\n")]
    first, last = node.lineno - 1, node.end_lineno - 1
    kept = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    lines[first : last + 1] = [kept[0] + text.encode() + kept[1]]
    return b"\n".join(lines).decode()
