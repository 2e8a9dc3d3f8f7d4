"""The texts of a story: each save is one, and a row of the learner's file."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from loopready.course import CourseError
from loopready.stories import Story

COLUMNS = "story, number, base, state, writer, begun_at, saved_at, text"
INSERT = f"INSERT INTO revision ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
OF_ONE = f"SELECT {COLUMNS} FROM revision WHERE story = ? ORDER BY number"
NEWEST = (
    f"SELECT {COLUMNS} FROM revision JOIN story ON story.id = story AND away = ? WHERE number = "
    "(SELECT max(number) FROM revision AS every WHERE every.story = story.id AND state = 'kept') "
    "ORDER BY story.rowid"
)


@dataclass(frozen=True)
class Kept:
    """One saved text of a story. `id` stays when the title changes; `number` grows with each save.

    `state` is "kept"; "rival" for a text that waits for its writer to choose; "settled" for a rival that was
    chosen from. `base` is the number of the text it was made from, `writer` the tab or week that saved it.
    """

    id: str
    number: int
    base: int
    state: str
    writer: str
    begun_at: datetime
    saved_at: datetime
    story: Story


class Conflict(CourseError):
    """Another tab saved in between: `mine` and `theirs` are both kept, and `Bank.settle` chooses.

    `told` says so without where to choose, for the place where that can be done.
    """

    def __init__(self, mine: Kept, theirs: Kept):
        at = f"{theirs.saved_at.astimezone():%H:%M}"
        self.told = (
            f"{theirs.story.title or 'this story'!r} was also saved elsewhere, at {at}: both texts are kept"
        )
        super().__init__(f"{self.told}, choose between them in the story bank")
        self.mine, self.theirs = mine, theirs


def number_after(texts: list[Kept]) -> int:
    """The number of the next text after `texts`."""
    return max((text.number for text in texts), default=0) + 1


def head_of(texts: list[Kept], id: str) -> Kept:
    """The newest kept one of `texts`. Raises CourseError when story `id` has none."""
    if not (kept := [text for text in texts if text.state == "kept"]):
        raise CourseError(f"the story bank has no story {id!r}: `Bank().stories()` lists those it has")
    return kept[-1]


def rows(database: sqlite3.Connection, query: str, *values: object) -> list[Kept]:
    """The texts that `query` finds."""
    return [kept_row(row) for row in database.execute(query, values)]


def kept_row(row: tuple) -> Kept:
    """The text in a row of COLUMNS. Raises CourseError when another program has spoilt it."""
    id, number, base, state, writer, begun, saved, text = row
    try:
        begun_at, saved_at = map(datetime.fromisoformat, (begun, saved))
        story = Story.from_dict(json.loads(text))
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"text {number} of story {id!r} was changed by another program ({error})"
        ) from error
    return Kept(id, number, base, state, writer, begun_at, saved_at, story)


def cells(kept: Kept) -> tuple:
    """The row of COLUMNS that holds the text."""
    moments = (iso(kept.begun_at), iso(kept.saved_at))
    return (kept.id, kept.number, kept.base, kept.state, kept.writer, *moments, written(kept.story))


def iso(moment: datetime) -> str:
    """A moment as the file holds it."""
    return moment.isoformat()


def written(story: Story) -> str:
    """A story as the file holds it."""
    # Escaped, because half an emoji, which a cut can leave behind, is no UTF-8.
    return json.dumps(story.to_dict())
