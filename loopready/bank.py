"""The story bank: every story a learner has written, with its earlier texts, in the one file of `loopready.store`.

    bank = Bank()
    kept = bank.save(Story(title="The queue nobody owned", ...))
    kept = bank.save(better, of=kept)

A save says which text it was made from. When another tab has saved in between, both texts are kept, and the second
writer gets a Conflict that holds them: `bank.settle(conflict.mine, "this")`. Nothing is ever deleted.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopready.course import CourseError
from loopready.migrations import since
from loopready.migrations import stories as stories_step
from loopready.revisions import (
    INSERT,
    NEWEST,
    OF_ONE,
    Conflict,
    Kept,
    cells,
    head_of,
    iso,
    number_after,
    rows,
    written,
)
from loopready.store import Store, now
from loopready.stories import Story
from loopready.words import words

# Autosave would fill the history with half sentences. A save takes its predecessor's place there when the same
# tab made both within this time, and no passage went away between them.
SITTING = timedelta(minutes=5)
PASSAGE = 10  # words
SINCE = since(stories_step)

_CHANGE = "UPDATE revision SET number = ?, saved_at = ?, text = ? WHERE story = ? AND number = ?"
_STATE = "UPDATE revision SET state = ? WHERE story = ? AND number = ?"


class Bank:
    """The stories in the file at `path`: `loopready.db` in the learner's folder when none is given.

    `writer` names who saves: each tab another name, made up when none is given. Every failure is a CourseError
    of one line.
    """

    def __init__(
        self, path: Path | str | None = None, clock: Callable[[], datetime] = now, writer: str | None = None
    ):
        self.store, self._clock = Store(path), clock
        self.writer = writer or f"tab {secrets.token_hex(4)}"

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self.store.path

    def stories(self, away: bool = False) -> list[Kept]:
        """The newest text of each story, in the order they were begun; or of those that were put away."""
        with self.store.reading(SINCE) as database:
            return rows(database, NEWEST, away) if database else []

    def revisions(self, id: str) -> list[Kept]:
        """Every text of a story that is kept, the oldest first; empty when there is no such story."""
        with self.store.reading(SINCE) as database:
            return rows(database, OF_ONE, id) if database else []

    def story(self, id: str) -> Kept:
        """The newest text of the story. Raises CourseError when there is none of that id."""
        return head_of(self.revisions(id), id)

    def is_away(self, id: str) -> bool:
        """If the story was put away, here or in another tab."""
        with self.store.reading(SINCE) as database:
            query = "SELECT away FROM story WHERE id = ? AND away"
            return database is not None and database.execute(query, (id,)).fetchone() is not None

    def rivals(self, id: str) -> list[Kept]:
        """The texts of a story between which and its newest nobody has chosen yet."""
        return [text for text in self.revisions(id) if text.state == "rival"]

    def find(self, story: Story) -> Kept | None:
        """The kept story that `story` is a text of: the one of its title, else the one with the same Action.

        The second finds a story whose title was changed. An Action counts from ten words on.
        """
        known, title = self.stories(), story.slug
        titled = [one for one in known if title and one.story.slug == title]
        once_titled = [one for one in known if title and one.id == title]
        acting = [one for one in known if _action(one.story) and _action(one.story) == _action(story)]
        return next(iter((titled or once_titled or acting)[-1:]), None)

    def save(self, story: Story, of: Kept | None = None, anew: bool = False) -> Kept:
        """Keep `story`, as the next text after `of`, or as a new story when it is of none.

        What one sitting writes is one text; with `anew` this one stands beside it.

        Raises Conflict, with both texts kept, when `of` is no longer the newest.
        """
        with self.store.writing() as database:
            kept, theirs = self._saved(database, story, of, anew)
        if theirs:
            raise Conflict(kept, theirs)
        return kept

    def keep(self, story: Story) -> Kept:
        """Keep `story` as a notebook that is run again and again has it: a text that was kept before adds nothing.

        Raises Conflict when somebody else's text of it is the newest and this one is another.
        """
        # A story that an earlier loopready only rated is found once the file is of today's schema.
        self.ready()
        if not (known := self.find(story)):
            return self.save(story)
        texts = self.revisions(known.id)
        if story in [text.story for text in texts]:
            return known
        # Over a text that says nothing anybody may write; else it is made from this notebook's own last one.
        own = [text for text in texts if text.writer == self.writer] if known.story.words() else [known]
        return self.save(story, of=own[-1] if own else replace(known, number=0))

    def settle(self, rival: Kept, keep: str) -> Kept:
        """Choose: keep "this" text, the "other", or "both", as two stories. The text to go on with.

        What is not kept stays among the story's revisions.
        """
        if keep not in ("this", "other", "both"):
            raise CourseError(f"keep 'this' text, the 'other' or 'both'; got {keep!r}")
        with self.store.writing() as database:
            texts = rows(database, OF_ONE, rival.id)
            head = head_of(texts, rival.id)
            database.execute(_STATE, ("settled", rival.id, rival.number))
            if keep == "other":
                return head
            if keep == "both":
                return self._new(database, replace(rival.story, title=f"{rival.story.title} (2)".strip()))
            return self._added(database, rival.story, rival.id, texts, head.number)

    def put_away(self, id: str, away: bool = True) -> None:
        """Leave a story out of the bank's lists, or bring it back; its texts and ratings stay."""
        with self.store.writing() as database:
            database.execute("UPDATE story SET away = ? WHERE id = ?", (away, id))

    def ready(self) -> None:
        """Bring a file of an earlier loopready to today's schema now, and not at the first save."""
        if self.path.exists():
            with self.store.writing():
                pass

    def _moment(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _saved(
        self, database: sqlite3.Connection, story: Story, of: Kept | None, anew: bool
    ) -> tuple[Kept, Kept | None]:
        """The kept text, and the one it is in conflict with."""
        if of is None:
            return self._new(database, story), None
        texts = rows(database, OF_ONE, of.id)
        head = head_of(texts, of.id)
        own = next((one for one in texts if one.number == of.number and one.state == "rival"), None)
        if story == head.story:
            if own:
                database.execute(_STATE, ("settled", own.id, own.number))
            return head, None
        if own:
            return self._changed(database, own, story, texts), head
        if of.number != head.number:
            return self._added(database, story, of.id, texts, of.number, "rival"), head
        if not anew and self._is_one_sitting(head, story):
            return self._changed(database, head, story, texts), None
        return self._added(database, story, of.id, texts, head.number), None

    def _is_one_sitting(self, before: Kept, story: Story) -> bool:
        soon = timedelta(0) <= self._moment() - before.begun_at < SITTING
        return soon and before.writer == self.writer and _lost(before.story, story) < PASSAGE

    def _new(self, database: sqlite3.Connection, story: Story) -> Kept:
        id = _free_id(database, story.slug)
        database.execute("INSERT INTO story (id, made_at) VALUES (?, ?)", (id, iso(self._moment())))
        return self._added(database, story, id, [], 0)

    def _added(
        self,
        database: sqlite3.Connection,
        story: Story,
        id: str,
        texts: list[Kept],
        base: int,
        state: str = "kept",
    ) -> Kept:
        moment = self._moment()
        kept = Kept(id, number_after(texts), base, state, self.writer, moment, moment, story)
        database.execute(INSERT, cells(kept))
        return kept

    def _changed(self, database: sqlite3.Connection, before: Kept, story: Story, texts: list[Kept]) -> Kept:
        kept = replace(before, number=number_after(texts), saved_at=self._moment(), story=story)
        database.execute(_CHANGE, (kept.number, iso(kept.saved_at), written(story), before.id, before.number))
        return kept


def _free_id(database: sqlite3.Connection, title: str) -> str:
    """An id that no story has: the title's slug, so that ratings kept before the story are its own."""
    taken = {id for (id,) in database.execute("SELECT id FROM story")}
    wanted = title or f"untitled-{secrets.token_hex(4)}"
    return next(name for name in _names(wanted) if name not in taken)


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}-{number}"
        number += 1


def _lost(before: Story, after: Story) -> int:
    """How many words of one text are not in the other, wherever they moved to."""
    old, new = (Counter(words("\n".join([*each.parts.values(), each.learned]))) for each in (before, after))
    return (old - new).total()


def _action(story: Story) -> str:
    return " ".join(story.action.split()) if story.words("action") >= PASSAGE else ""
