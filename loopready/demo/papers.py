"""What a made-up learner hands in: the released notebook with answers in it, and the stories beside it."""

import copy
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from loopready import notebooks, rubrics
from loopready.cohort.kept import kept_answers
from loopready.course import CourseError
from loopready.demo.abilities import BLANK, RIGHT, Attempt, Item, items
from loopready.enclosure import enclose
from loopready.markers import SOLUTION, regions
from loopready.ratings import Rating, Subject
from loopready.rubrics import Dimension
from loopready.stories import PARTS, Story

RUBRICS: dict[str, tuple[Dimension, ...]] = {"design": rubrics.DESIGN, "story": rubrics.STORY}
_SAID_AT = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Week:
    """A week as the class is made from it: the released notebook, and what can stand in its answer cells."""

    name: str
    released: NotebookNode
    right: Mapping[str, str]
    items: Mapping[str, Item]
    rubrics: Mapping[str, tuple[Dimension, ...]]

    @property
    def tops(self) -> dict[str, dict[str, int]]:
        """By the cell that a person grades, each dimension and its top level."""
        return {cell: {each.name: each.top for each in rubric} for cell, rubric in self.rubrics.items()}


def read_week(week: str, root: Path, seed: int, figures: bool = False) -> Week:
    """The week as the course at `root` has it, without `figures` less the code that is no part of the grading.

    Raises CourseError where it is not built or has no wrong answers.
    """
    source, released = (root / kind / week / f"{week}.ipynb" for kind in ("source", "release"))
    for path in (source, released):
        if not path.is_file():
            raise CourseError(f"{path.relative_to(root)} is not built: run `loopready build {week}`")
    cells = notebooks.cells(notebooks.read(source, week, root))
    answers = {name: _reference(cell["source"]) for name, cell in cells.items() if _role(cell, "solution")}
    exercises = [name for name in answers if f"{name}-tests" in cells]
    return Week(
        week,
        _released(released, figures),
        answers,
        items(week, exercises, kept_answers(week, root), seed),
        {name: rubric for name in answers if (rubric := RUBRICS.get(name.rpartition("-")[2]))},
    )


def _released(path: Path, figures: bool) -> NotebookNode:
    paper = nbformat.read(path, as_version=4)
    if not figures:
        # Most of a grading's time goes into drawing the lesson's figures once more.
        paper.cells = [one for one in paper.cells if one.cell_type != "code" or "nbgrader" in one.metadata]
    return paper


def hand_in(folder: Path, week: Week, attempt: Attempt, title: str) -> None:
    """Write what an attempt leaves in `submitted/<learner>/<week>`; `title` is the story's."""
    paper, story = copy.deepcopy(week.released), _story(week, attempt, title)
    known = notebooks.cells(paper)
    for name, outcome in attempt.outcomes.items():
        if outcome != BLANK:
            known[name]["source"] = week.right[name] if outcome == RIGHT else outcome.source
    for name in sorted(attempt.written):
        told = name.endswith("-story")
        known[name]["source"] = _told(story) if told else _design(week.right[name], attempt.levels[name])
    files = {f"{week.name}.ipynb": nbformat.writes(paper)}
    if attempt.flaw:
        files = _FLAWS[attempt.flaw](paper, week)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, levels in attempt.rated.items():
        _enclose(folder, name, story, levels, week.rubrics[name])


def _role(cell: dict, flag: str) -> bool:
    return bool(cell["metadata"]["nbgrader"].get(flag))


def _reference(source: str) -> str:
    """The text of an answer cell without its markers; of a released part and a solution only the solution."""
    lines = source.split("\n")
    held = [one for one in regions(source) if one.kind is SOLUTION]
    inside = "\n".join(line for one in held for line in lines[one.first + 1 : one.last])
    whole = "\n".join(line for place, line in enumerate(lines) if place not in _markers(held))
    # A story's cell has an empty one before the solution.
    return inside if "story = Story(" in inside or not held else whole


def _markers(held: list) -> set[int]:
    return {line for one in held for line in (one.first, one.last)}


def _design(reference: str, levels: Mapping[str, int]) -> str:
    """As many paragraphs of the worked answer as the levels deserve."""
    paragraphs = reference.strip().split("\n\n")
    share = (sum(levels.values()) - len(levels)) / (3 * len(levels))
    return "\n\n".join(paragraphs[: max(1, round(share * len(paragraphs)))])


def _story(week: Week, attempt: Attempt, title: str) -> Story:
    """The worked story under another title; who tells it less well leaves out the ends of its parts."""
    cell = next(name for name in week.rubrics if name.endswith("-story"))
    scope = {"Story": Story}
    exec(week.right[cell], scope)  # the course's own text
    data = scope["story"].to_dict()
    levels = attempt.levels[cell]
    share = sum(levels.values()) / (5 * len(levels))
    told = {part: _beginning(data[part], share) for part in PARTS}
    metrics = data["metrics"][: levels["Numbers"] - 2] if levels["Numbers"] > 2 else []
    return Story.from_dict({**data, **told, "title": title, "metrics": metrics})


def _beginning(text: str, share: float) -> str:
    sentences = " ".join(text.split()).split(". ")
    kept = sentences[: max(1, round(share * len(sentences)))]
    return ". ".join(kept).rstrip(".") + "."


def _told(story: Story) -> str:
    """The cell that makes this story."""
    parts = (
        f'    {part}="""\n{textwrap.indent(textwrap.fill(text, 104), "    ")}\n    """,'
        for part, text in story.parts.items()
    )
    head = [f"    title={story.title!r},", f"    principles={list(story.principles)!r},"]
    lines = [*head, f"    level={story.level!r},", *parts, f"    metrics={list(story.metrics)!r},"]
    return "\n".join(["story = Story(", *lines, ")"])


def _enclose(
    folder: Path, cell: str, story: Story, levels: Mapping[str, int], rubric: tuple[Dimension, ...]
) -> None:
    key, _, kind = cell.rpartition("-")
    subject = Subject(kind, story.slug if kind == "story" else key)
    tops = {each.name: each.top for each in rubric}
    ratings = {name: Rating(subject, name, level, tops[name], _SAID_AT) for name, level in levels.items()}
    enclose(folder, subject, story if kind == "story" else None, ratings)


# What goes wrong with a file, by the name of the flaw: the files that are handed in instead.
_Flaw = Callable[[NotebookNode, Week], dict[str, str]]


def _flawed(change: Callable[[dict[str, dict], NotebookNode, str], None]) -> _Flaw:
    """The flaw that `change` puts into the cells, the paper, or the first exercise that stands after the first."""

    def files(paper: NotebookNode, week: Week) -> dict[str, str]:
        change(notebooks.cells(paper), paper, list(week.items)[2])
        return {f"{week.name}.ipynb": nbformat.writes(paper)}

    return files


def _exits(cells: dict[str, dict], paper: NotebookNode, name: str) -> None:
    cells[name]["source"] += "\n\nexit()"


def _copied(cells: dict[str, dict], paper: NotebookNode, name: str) -> None:
    place = paper.cells.index(cells[name])
    paper.cells.insert(place, copy.deepcopy(paper.cells[place]))
    paper.cells[place].id = "the-copy"


def _misspelt(cells: dict[str, dict], paper: NotebookNode, name: str) -> None:
    cells[name]["source"] += "\nreturn ("


def _imports(cells: dict[str, dict], paper: NotebookNode, name: str) -> None:
    cells[name]["source"] = "from interview_helpers import solve\n\n" + cells[name]["source"]


def _warns(cells: dict[str, dict], paper: NotebookNode, name: str) -> None:
    cells[name]["source"] += "\n\nimport warnings\nwarnings.warn('not sure about zero')"


_FLAWS: dict[str, _Flaw] = {
    "renamed": lambda paper, week: {f"{week.name} (1).ipynb": nbformat.writes(paper)},
    "not a notebook": lambda paper, week: {
        f"{week.name}.ipynb": f"<!DOCTYPE html><title>{week.name}</title>"
    },
    "exits": _flawed(_exits),
    "copied cell": _flawed(_copied),
    "misspelt": _flawed(_misspelt),
    "imports": _flawed(_imports),
    "warns": _flawed(_warns),
}
