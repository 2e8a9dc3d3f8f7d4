"""Practice: how long a story took to tell, and what was answered when somebody asked on, in the learner's file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from numbers import Real
from pathlib import Path

from loopready.course import CourseError
from loopready.store import Store, now
from loopready.words import words

_COLUMNS = "story, question, answer, words, seconds, said_at"
_INSERT = f"INSERT INTO practice ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_OF_ONE = f"SELECT {_COLUMNS}, id FROM practice WHERE story = ? ORDER BY id"
_CHANGE = "UPDATE practice SET answer = ?, words = ?, seconds = ? WHERE id = ?"
LONGEST = 3600.0  # seconds; a clock that ran on over dinner measures nothing


@dataclass(frozen=True)
class Told:
    """One take: a story told from its beginning to its end, or the answer to one follow-up question.

    `question` is empty when the whole story was told; `words` are the words of what was told, as written.
    """

    story: str
    question: str
    answer: str
    words: int
    seconds: float
    said_at: datetime
    row: int = 0  # its place in the file

    @property
    def pace(self) -> float:
        """Words a minute, as far as what was said is what is written."""
        return self.words / self.seconds * 60


class Practice:
    """The takes in the file at `path`, to which takes are only ever added; see `loopready.bank.Bank`."""

    def __init__(self, path: Path | str | None = None, clock: Callable[[], datetime] = now):
        self._store, self._clock = Store(path), clock

    def told(self, story: str, seconds: float, words: int) -> Told:
        """Keep how long the whole story `story`, an id, took; `words` is how many words are written."""
        return self._add(Told(story, "", "", words, _seconds(seconds), self._moment()))

    def answered(
        self, story: str, question: str, answer: str, seconds: float, again: Told | None = None
    ) -> Told:
        """Keep an answer, as it was written down, and how long it took; in the place of `again` when it goes on."""
        if not isinstance(question, str) or not question.strip():
            raise CourseError(f"an answer has a question; got {question!r}")
        row = again.row if again else 0
        take = Told(story, question, answer, len(words(answer)), _seconds(seconds), self._moment(), row)
        return self._add(take)

    def takes(self, story: str) -> list[Told]:
        """Every take of the story, the first one first."""
        with self._store.reading(schema=2) as database:
            found = database.execute(_OF_ONE, (story,)).fetchall() if database else []
        return [Told(*row[:5], datetime.fromisoformat(row[5]), row[6]) for row in found]

    def pace(self, story: str, takes: int = 3) -> float | None:
        """Words a minute over the last few times the whole story was told; None before the first."""
        whole = [take for take in self.takes(story) if not take.question and take.words][-takes:]
        spoken, seconds = sum(take.words for take in whole), sum(take.seconds for take in whole)
        return spoken / seconds * 60 if whole else None

    def _moment(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _add(self, take: Told) -> Told:
        cells = (take.story, take.question, take.answer, take.words, take.seconds, take.said_at.isoformat())
        with self._store.writing() as database:
            if take.row:
                database.execute(_CHANGE, (take.answer, take.words, take.seconds, take.row))
                return take
            return replace(take, row=database.execute(_INSERT, cells).lastrowid)


def _seconds(seconds: float) -> float:
    whole = isinstance(seconds, Real) and not isinstance(seconds, bool) and isfinite(seconds)
    if not whole or not 0 < seconds <= LONGEST:
        raise CourseError(f"a take lasts more than 0 seconds and at most an hour; got {seconds!r}")
    return round(float(seconds), 1) or 0.1
