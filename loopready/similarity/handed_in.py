"""What a class handed in for the katas of a week, read from submitted/ and never run."""

from dataclasses import dataclass, field
from pathlib import Path

from loopready import notebooks
from loopready.cohort.handed_in import trouble
from loopready.course import CourseError, named_week

__all__ = ["HandedIn", "read"]

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
    released = notebooks.handed_in(root / "release" / week / f"{week}.ipynb")
    source = notebooks.handed_in(root / "source" / week / f"{week}.ipynb")
    if released is None or source is None:
        raise CourseError(f"{week} is not built: run `loopready build {week}`")
    katas = [
        name for name in _texts(released) if f"{name}-tests" in _texts(released) and "estimate" not in name
    ]
    folders = sorted(path for path in (root / "submitted").glob(f"*/{week}") if path.is_dir())
    if not folders:
        raise CourseError(f"nothing was handed in for {week}: submitted/<learner>/{week} is where it lies")
    found = HandedIn(week, {name: {} for name in katas}, _given(katas, released, source, week, root))
    for folder in folders:
        _add(found, folder)
    return found


def _add(found: HandedIn, folder: Path) -> None:
    learner, cells = folder.parent.name, notebooks.handed_in(folder / f"{found.week}.ipynb")
    if cells is None:
        found.troubles.append(f"{learner}: {trouble(folder, found.week)}")
        return
    named = _texts(cells)
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
    shown = [notebooks.source(cell) for cell in released]
    kept: dict[str, list[str]] = {name: [] for name in katas}
    for one in _kept(week, root):
        kept.setdefault(one.exercise, []).append(one.source)
    references = _texts(source)
    return {name: [*shown, references.get(name, ""), *kept[name]] for name in katas}


def _kept(week: str, root: Path) -> list:
    from loopready.cohort.kept import kept_answers

    try:
        return kept_answers(week, root)
    except CourseError:
        return []  # an installed course has none of them


def _texts(cells: list[dict]) -> dict[str, str]:
    return {name: notebooks.source(cell) for name, cell in notebooks.marked(cells).items()}
