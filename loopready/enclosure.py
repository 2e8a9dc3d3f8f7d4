"""What goes with a hand-in: the stories and the self-ratings of a week's notebook, in a small file beside it.

nbgrader's submit takes every file of the assignment's folder along, so the instructor finds `stories.json` next to
the notebook in `submitted/`. It is written only into a learner's own copy of a week, and holds only what was rated
there. Nothing else leaves the learner's folder.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loopready.course import CourseError, own_folder, write_atomically
from loopready.ratings import TOP, Rating, Subject
from loopready.stories import Story

NAME = "stories.json"
SCHEMA = 1
LARGEST = 2_000_000  # bytes; a week's stories take a few thousand
MOST = 50  # stories or designs in one file; a week has one or two


def own_copy() -> Path | None:
    """The current folder when it is the learner's own copy of a week, else None.

    A notebook that is graded, built or read lies elsewhere.
    """
    try:
        here = Path.cwd().resolve()
        own = here.parent == own_folder().resolve() and re.fullmatch(r"week-\d+", here.name) is not None
    except (CourseError, OSError):
        return None
    return here if own and (here / f"{here.name}.ipynb").is_file() else None


@dataclass(frozen=True)
class Enclosed:
    """One thing that was rated: its subject, its text when it is a story, and the last level of each dimension."""

    subject: Subject
    story: Story | None
    levels: dict[str, tuple[int, int]]

    @property
    def total(self) -> str:
        """The self-rating in one number, as "17 of 25"; "not rated" when there is none."""
        if not self.levels:
            return "not rated"
        return f"{sum(level for level, _ in self.levels.values())} of {sum(top for _, top in self.levels.values())}"


def enclose(folder: Path, subject: Subject, story: Story | None, ratings: Mapping[str, Rating]) -> None:
    """Put one subject into the folder's file, in place of what stood there for it.

    Raises CourseError when the file cannot be written.
    """
    path = folder / NAME
    try:
        entries = {each.subject: each for each in read(path)} if path.exists() else {}
    except CourseError:
        # It is ours to write and holds nothing that is not in the learner's own file.
        entries = {}
    levels = {name: (rating.level, rating.out_of) for name, rating in ratings.items()}
    entries[subject] = Enclosed(subject, story, levels)
    data = {"schema": SCHEMA, "rated": [_plain(each) for each in list(entries.values())[-MOST:]]}
    try:
        write_atomically(path, json.dumps(data, indent=1) + "\n")
    except OSError as error:
        raise CourseError(f"{NAME} cannot be written beside the notebook ({error.strerror})") from error


def read(path: Path) -> list[Enclosed]:
    """What a file holds, from a hand that may mean harm: nothing is run, and all text is text.

    Raises CourseError of one line for a file that is too large, no JSON, or of another shape.
    """
    try:
        # Not through a link, which could lead to any file of the reader's.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror})") from error
    if len(content) > LARGEST:
        raise CourseError(f"{path} has more than {LARGEST:,} bytes: the course writes a few thousand")
    try:
        data = json.loads(content)
        if data["schema"] != SCHEMA or len(data["rated"]) > MOST:
            raise ValueError(f"schema {str(data['schema'])[:20]} with {len(data['rated'])} things rated")
        return [_enclosed(entry) for entry in data["rated"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, CourseError) as error:
        said = " ".join(str(error).split())[:120]
        raise CourseError(
            f"{path} is not a file that the course wrote ({type(error).__name__}: {said})"
        ) from error


def _plain(each: Enclosed) -> dict:
    return {
        "kind": each.subject.kind,
        "id": each.subject.id,
        "story": each.story.to_dict() if each.story else None,
        "levels": {name: list(pair) for name, pair in each.levels.items()},
    }


def _enclosed(entry: dict) -> Enclosed:
    subject = Subject(_name(entry["kind"]), _name(entry["id"]))
    story = None if entry["story"] is None else Story.from_dict(entry["story"])
    levels = {_name(name): _pair(*pair) for name, pair in entry["levels"].items()}
    return Enclosed(subject, story, levels)


def _name(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 300:
        raise ValueError("a name is a short text")
    return value


def _pair(level: object, top: object) -> tuple[int, int]:
    if type(level) is not int or type(top) is not int or not 1 <= level <= top <= TOP:
        raise ValueError(f"a level is 1 to {TOP}")
    return level, top
