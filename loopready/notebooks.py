"""A learner's notebook as it lies on the disk: waited for until it is saved, and read or refused with a reason."""

import asyncio
import json
from pathlib import Path

from loopready.course import CourseError, shown


async def saved(path: Path, patience: float = 3.0) -> None:
    """Have JupyterLab save the notebook at `path` and wait up to `patience` seconds until it has.

    Where nothing saves it, go on all the same.
    """
    from loopready.panels import lab

    before = path.stat().st_mtime_ns if path.exists() else None
    lab("docmanager:save")
    for _ in range(int(patience / 0.1)):
        await asyncio.sleep(0.1)
        if path.exists() and path.stat().st_mtime_ns != before and _is_whole(path):
            return


def _is_whole(path: Path) -> bool:
    # Jupyter's server writes into the file itself, so for a moment there is only a part of it.
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def read(path: Path, week: str, root: Path) -> dict:
    """The notebook of `week` at `path`. Raises CourseError, the one line that says why it cannot be read."""
    import nbformat

    name = shown(path, root)
    if path.is_symlink():
        raise CourseError(f"{name} is a symlink: put the notebook itself there")
    if not path.exists():
        raise CourseError(f"{week} is not started: run `loopready start {week}`")
    if not path.is_file():
        raise CourseError(
            f"{name} is a folder where the notebook must be: move it away, then start the week again"
        )
    remedy = f"move it away and run `loopready start {week}`, or restore a copy from .ipynb_checkpoints"
    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}): make it readable for you") from error
    except Exception as error:
        raise CourseError(f"{name} is not a notebook any more: {remedy}") from error


_LARGEST = (
    60_000_000  # bytes that somebody hands in; a graded week with all its figures has less than one million
)


def handed_in(path: Path) -> list[dict] | None:
    """The cells of a notebook that somebody handed in, whatever it is; None for what is none, or far too large."""
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_bytes())["cells"]
        return found if all(isinstance(source(cell), str) for cell in found) and marked(found) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def marked(cells: list[dict]) -> dict[str, dict]:
    """The cells that nbgrader knows, by name; the last one of a name, as grading takes it."""
    names = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in cells)
    return {name: cell for name, cell in names if name}


def source(cell: dict) -> str:
    """A cell's text, which a file has as one text or as lines."""
    return "".join(cell["source"])


def cells(notebook: dict) -> dict[str, dict]:
    """The cells of a notebook that nbgrader knows, by name."""
    return marked(notebook["cells"])
