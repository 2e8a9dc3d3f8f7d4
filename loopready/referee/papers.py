"""A submission read as a stranger's: it gives the text of answers and of own cells, pasted pictures, and nothing else.

Roles, points, tests and the order of cells come from the source. Metadata, outputs, kernels and ids of the submission
decide no more than which text is the answer to what.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopready.course import CourseError

__all__ = ["Found", "Unreadable", "read", "rebuilt", "released"]

LARGEST = 100 * 2**20  # bytes of a submission
WIDEST = 5_000_000  # commas and brackets in it
LONGEST = 1_000_000  # characters of a cell
MOST = 500  # cells of the learner's own
PICTURES = {
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/svg+xml",
}  # shown as images, they run nothing
HEAVIEST = 10_000_000  # characters of a cell's pictures in base64
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")


class Unreadable(CourseError):
    """A submission that cannot be graded; the message is one line: what is wrong and what to do."""


@dataclass(frozen=True)
class Found:
    """One cell as it was handed in."""

    type: str
    text: str
    grade_id: str = ""
    id: str = ""
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)


def read(path: Path) -> list[Found]:
    """The cells of the notebook at `path`. Raises Unreadable, whatever lies there."""
    data = _notebook(_bytes(path), path.name)
    cells = data.get("cells")
    if cells is None and isinstance(data.get("worksheets"), list):
        raise Unreadable(f"{path.name} is of notebook format 3: have it opened and saved in JupyterLab")
    if not isinstance(cells, list):
        raise Unreadable(f"{path.name} has no cells: it is JSON, but no notebook; ask for the file again")
    if data.get("nbformat") != 4:
        raise Unreadable(
            f"{path.name} says notebook format {str(data.get('nbformat'))[:20]!a}, not 4; ask for it again"
        )
    return [found for cell in cells if (found := _cell(cell))]


def _bytes(path: Path) -> bytes:
    """What the file holds, if it is a file of its own and of a size that can be."""
    try:
        # Opened first and looked at then, so that it is one and the same file.
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unreadable(f"{path.name} is no file; put the notebook itself there")
            if found.st_size > LARGEST:
                size = found.st_size / 2**20
                raise Unreadable(
                    f"{path.name} has {size:,.0f} MB, at most {LARGEST // 2**20} are read; clear its outputs"
                )
            return file.read(LARGEST)
    except OSError as error:
        what = "is a symlink" if path.is_symlink() else f"cannot be read ({error.strerror})"
        raise Unreadable(f"{path.name} {what}; put the notebook itself there") from error


def _notebook(data: bytes, name: str) -> dict:
    if not data.strip():
        raise Unreadable(f"{name} is empty; ask for the file again")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not UTF-8 text (byte {error.start}); ask for the file again") from error
    if sum(map(data.count, (b",", b"[", b"{"))) > WIDEST:
        raise Unreadable(
            f"{name} has more than {WIDEST:,} parts, so it is no notebook; ask for the file again"
        )
    try:
        notebook = json.loads(text, parse_int=_number, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} is not JSON, so no notebook; ask for the file again") from error
    if not isinstance(notebook, dict):
        raise Unreadable(f"{name} is JSON, but no notebook; ask for the file again")
    return notebook


def _number(text: str) -> int:
    # Numbers mean nothing here but the format's; a long one would take Python's patience.
    return int(text) if len(text) < 20 else 0


def _cell(cell: Any) -> Found | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    kind = cell.get("cell_type")
    if not isinstance(source, str) or kind not in ("code", "markdown", "raw"):
        return None
    # Half a character can be written in JSON, and nowhere else.
    text = source.encode("utf-8", "replace").decode()
    name, own = _text(cell, "metadata", "nbgrader", "grade_id"), _text(cell, "id")
    return Found(kind, text[:LONGEST], name, own, _pictures(cell) if kind == "markdown" else {})


def _pictures(cell: dict) -> dict[str, dict[str, str]]:
    """What was pasted into a cell of words, as notebooks keep it: by name and kind, in base64.

    In the place of what is no picture stands an empty text, since nbconvert fails on a name that is not there.
    """
    attached = cell.get("attachments")
    kept: dict[str, dict[str, str]] = {}
    room = HEAVIEST
    for name, kinds in list(attached.items())[:MOST] if isinstance(attached, dict) else ():
        pictures = {}
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            if kind in PICTURES and isinstance(data, str) and len(data) <= room and _BASE64.fullmatch(data):
                room -= len(data)
                pictures[kind] = data
        kept[name.encode("utf-8", "replace").decode()[:200]] = pictures or {"text/plain": ""}
    return kept


def _text(thing: Any, *keys: str) -> str:
    for key in keys:
        thing = thing.get(key) if isinstance(thing, dict) else None
    return thing if isinstance(thing, str) else ""


def released(text: str) -> str:
    """A tests cell's text without its hidden tests, by nbgrader's own markers."""
    kept, hidden = [], False
    for line in text.split("\n"):
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        if not hidden:
            kept.append(line)
        if "END HIDDEN TESTS" in line:
            hidden = False
    return "\n".join(kept)


def _role(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


def _name(cell: dict) -> str:
    return _role(cell).get("grade_id", "")


def rebuilt(source: Any, found: list[Found]) -> tuple[Any, list[str]]:
    """The source's notebook with the learner's answers and own cells in it; and what was odd, a line each.

    A copy of an answer's cell is one of the learner's own cells: the last one is the answer. A learner's own cell
    keeps its place after the nearest cell of the course before it.
    """
    from nbformat import from_dict
    from nbformat.v4 import new_notebook

    known = {_name(cell): cell for cell in source.cells if _name(cell)}
    answers, own, says = _sorted(known, found)
    cells = [_own(one, number) for number, one in enumerate(own.get("", ()))]
    for name, cell in known.items():
        cell = from_dict(json.loads(json.dumps(cell)))
        if _role(cell).get("solution"):
            cell.source = answers[name].text if name in answers else _blank(cell.source)
            _paste(cell, answers.get(name))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells += [cell, *(_own(one, f"{name}-{number}") for number, one in enumerate(own.get(name, ())))]
    made = new_notebook(cells=cells, metadata=from_dict(json.loads(json.dumps(source.metadata))))
    made.nbformat_minor = 5
    return made, says


def _sorted(
    known: dict[str, dict], found: list[Found]
) -> tuple[dict[str, Found], dict[str, list[Found]], list[str]]:
    """The answers by name, the learner's own cells by the cell that they follow, and what was odd."""
    names = _named(known, found)
    # An answer is the last cell of its name; a cell that is given is where it first stands.
    chosen: dict[str, int] = {}
    for place, name in enumerate(names):
        if name and (name not in chosen or _role(known[name]).get("solution")):
            chosen[name] = place
    answers, own, copies, after = {}, {"": []}, [], ""
    for place, (one, name) in enumerate(zip(found, names, strict=True)):
        solution = bool(name) and bool(_role(known[name]).get("solution"))
        if name and chosen[name] == place:
            after = name
            if solution:
                answers[name] = one
        elif not name or solution:
            own.setdefault(after, []).append(one)
            copies += [name] if name else []
    says = [
        f"cell {name!r} is there more than once: the last one is the answer" for name in dict.fromkeys(copies)
    ]
    says += [f"cell {name!r} was missing and is put back" for name in known if name not in chosen]
    return answers, _few(own, says), says


def _few(own: dict[str, list[Found]], says: list[str]) -> dict[str, list[Found]]:
    """No more cells of the learner's own than can be run."""
    left, few = MOST, {}
    for name, cells in own.items():
        few[name], left = cells[:left], left - len(cells[:left])
    if (count := sum(map(len, own.values()))) > MOST:
        says.append(f"has {count:,} cells of its own: the first {MOST} are run")
    return few


def _named(known: dict[str, dict], found: list[Found]) -> list[str]:
    """Which cell of the source each cell is: by nbgrader's name, by its id, by a text that is given; else ""."""
    names = [next((name for name in (one.grade_id, one.id) if name in known), "") for one in found]
    given = {
        released(cell.source): name
        for name, cell in known.items()
        if name not in names and not _role(cell).get("solution")
    }
    return [
        name or (given.get(one.text, "") if one.text.strip() else "")
        for name, one in zip(names, found, strict=True)
    ]


def _blank(text: str) -> str:
    """An answer cell as it is released."""
    kept, inside = [], False
    for line in text.split("\n"):
        inside = inside or "BEGIN SOLUTION" in line
        if not inside:
            kept.append(line)
        inside = inside and "END SOLUTION" not in line
    return "\n".join(kept)


def _own(one: Found, number: Any) -> Any:
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

    new = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[one.type]
    cell = new(one.text)
    cell["id"] = f"own-{number}"[:64]
    _paste(cell, one)
    return cell


def _paste(cell: Any, one: Found | None) -> None:
    """Put the pictures of an answer of words back."""
    if one and one.pictures and cell.cell_type == "markdown":
        cell["attachments"] = one.pictures


def code_cells(notebook: Any) -> Iterator[Any]:
    """The cells that are run."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")
