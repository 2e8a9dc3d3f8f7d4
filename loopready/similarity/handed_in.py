"""What a class handed in for the katas of a week, read from submitted/ and never run."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from loopready.cohort.handed_in import trouble
from loopready.course import CourseError, named_week

__all__ = ["HandedIn", "read"]

_LARGEST = 60_000_000  # bytes of a notebook
_LONGEST = 20_000  # letters of an answer; the longest reference has 3,000


@dataclass(frozen=True)
class HandedIn:
    """By exercise, each learner's answer and the texts that everybody was shown; what cannot be read, a line each."""

    week: str
    answers: dict[str, dict[str, str]]
    given: dict[str, list[str]]
    troubles: list[str] = field(default_factory=list)


def read(week: str, root: Path) -> HandedIn:
    """The answers to the week's katas. Raises CourseError where nothing came, or the week is not built."""
    week = named_week(root, week)
    released = _cells(root / "release" / week / f"{week}.ipynb")
    source = _cells(root / "source" / week / f"{week}.ipynb")
    if released is None or source is None:
        raise CourseError(f"{week} is not built: run `loopready build {week}`")
    katas = [
        name for name in _named(released) if f"{name}-tests" in _named(released) and "estimate" not in name
    ]
    folders = sorted(path for path in (root / "submitted").glob(f"*/{week}") if path.is_dir())
    if not folders:
        raise CourseError(f"nothing was handed in for {week}: submitted/<learner>/{week} is where it lies")
    found = HandedIn(week, {name: {} for name in katas}, _given(katas, released, source, week, root))
    for folder in folders:
        _add(found, folder)
    return found


def _add(found: HandedIn, folder: Path) -> None:
    learner, cells = folder.parent.name, _cells(folder / f"{found.week}.ipynb")
    if cells is None:
        found.troubles.append(f"{learner}: {trouble(folder, found.week)}")
        return
    named = _named(cells)
    for name, answers in found.answers.items():
        text = named.get(name, "")
        if len(text) > _LONGEST:
            found.troubles.append(f"{learner}: {name} has {len(text):,} letters and was not compared")
        elif text.strip():
            answers[learner] = text


def _given(
    katas: list[str], released: list[dict], source: list[dict], week: str, root: Path
) -> dict[str, list[str]]:
    """The whole released notebook, its prompts and hints included, the reference, and the wrong answers known."""
    shown = [_text(cell) for cell in released]
    kept: dict[str, list[str]] = {name: [] for name in katas}
    for one in _kept(week, root):
        kept.setdefault(one.exercise, []).append(one.source)
    references = _named(source)
    return {name: [*shown, references.get(name, ""), *kept[name]] for name in katas}


def _kept(week: str, root: Path) -> list:
    from loopready.cohort.kept import kept_answers

    try:
        return kept_answers(week, root)
    except CourseError:
        return []  # an installed course has none of them


def _cells(path: Path) -> list[dict] | None:
    """A notebook's cells, or None for what is none."""
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        cells = json.loads(path.read_bytes())["cells"]
        return cells if all(isinstance(_text(cell), str) for cell in cells) and _named(cells) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _named(cells: list[dict]) -> dict[str, str]:
    """The text of each cell that nbgrader knows, the last one of a name, as grading takes it."""
    names = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in cells)
    return {name: _text(cell) for name, cell in names if name}


def _text(cell: dict) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
