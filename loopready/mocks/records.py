"""The mocks in the learner's file: begun, paused, gone on with, ended; what was asked, answered and heard.

    mocks = Mocks()
    mock = mocks.begin("seven-people", "L6")
    mocks.do(mock.id, 1, "start", patience=60)
    mocks.mark(mock.id, 1)                   # every few seconds
    mocks.rate(mock.id, 1, Scorecard("seven-people", {"A real case": 3}))
    mocks.finish(mock.id)

Every change is one transaction over what the file holds then, so of two tabs neither overwrites the other.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopready.course import CourseError
from loopready.migrations import mocks as mocks_step
from loopready.migrations import since
from loopready.mocks.clocks import Clock
from loopready.mocks.sittings import Mock, Sitting, known_rater, planned
from loopready.process.scorecards import Scorecard, Vote
from loopready.store import Store, now

SINCE = since(mocks_step)
SITTING = timedelta(minutes=5)  # within it, one tab's saves of a field take each other's place
LONGEST = 60_000  # characters of one field

_MOCKS = "SELECT id, kind, level, rater, begun_at, ended_at, end, consensus FROM mock ORDER BY id"
_ROUNDS = """
SELECT mock, place, round, minutes, state, counted, marked_at, patience, ended_at FROM mock_round ORDER BY mock, place
"""
_CARDS = "SELECT mock, place, card, said_at FROM mock_card ORDER BY id"
_BEGIN = "INSERT INTO mock (kind, level, rater, begun_at) VALUES (?, ?, ?, ?)"
_ROUND = "INSERT INTO mock_round (mock, place, round, minutes, state) VALUES (?, ?, ?, ?, ?)"
_STATE = """
UPDATE mock_round SET state = ?, counted = ?, marked_at = ?, patience = ?, ended_at = ? WHERE mock = ? AND place = ?
"""
_END = "UPDATE mock SET end = ?, ended_at = ? WHERE id = ?"
_CONSENSUS = "UPDATE mock SET consensus = ? WHERE id = ?"
_LAST = """
SELECT id, text, writer, said_at FROM mock_text WHERE mock = ? AND place = ? AND field = ? ORDER BY id DESC LIMIT 1
"""
_TEXT = "INSERT INTO mock_text (mock, place, field, text, writer, said_at) VALUES (?, ?, ?, ?, ?, ?)"
_CHANGE = "UPDATE mock_text SET text = ?, said_at = ? WHERE id = ?"
_TEXTS = "SELECT field, text FROM mock_text WHERE mock = ? AND place = ? ORDER BY id"
_CARD = "INSERT INTO mock_card (mock, place, card, said_at) VALUES (?, ?, ?, ?)"
_ASK = """
INSERT INTO mock_asked (mock, place, kind, key, text, because, follows, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_ASKED = "SELECT id, mock, place, kind, key, text, because, follows FROM mock_asked ORDER BY id"


@dataclass(frozen=True)
class Asked:
    """What was asked or handed out in a round: `kind` "question", "follow-up", "kata" or "design".

    `key` is the question's id, the kata's name or the design's id; `follows` the id of what a follow-up digs into.
    """

    id: int
    mock: int
    place: int
    kind: str
    key: str
    text: str
    because: str = ""
    follows: int | None = None


class Mocks:
    """The mocks in the file at `path`: `loopready.db` in the learner's folder when none is given.

    `writer` names who types: each tab another name, made up when none is given. Failures are CourseErrors of one line.
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

    @property
    def moment(self) -> datetime:
        """The present moment in UTC."""
        return self._clock().astimezone(UTC)

    def all(self) -> list[Mock]:
        """Every mock, the first one first."""
        with self.store.reading(SINCE) as database:
            return _mocks(database) if database else []

    def mock(self, id: int) -> Mock:
        """The mock of that number. Raises CourseError when there is none."""
        for one in self.all():
            if one.id == id:
                return one
        raise CourseError(f"there is no mock {id!r}: `loopready mock` lists them")

    def open(self) -> Mock | None:
        """The mock that goes on, or None."""
        return next((one for one in reversed(self.all()) if one.open), None)

    def begin(self, kind: str, level: str, rater: str = "alone") -> Mock:
        """A new mock of `kind`, a loop's or a round's key. Raises CourseError while another is open."""
        sittings, rater = planned(kind, level), known_rater(rater)
        with self.store.writing() as database:
            if left := [one for one in _mocks(database) if one.open]:
                raise CourseError(
                    f"mock {left[-1].id}, {left[-1].name}, is still open: go on with it, or close it"
                )
            id = database.execute(_BEGIN, (kind, level, rater, _iso(self.moment))).lastrowid
            rows = [(id, one.place, one.round, one.minutes, one.state) for one in sittings]
            database.executemany(_ROUND, rows)
        return self.mock(id)

    def do(self, id: int, place: int, deed: str, patience: float = 0.0) -> Sitting:
        """Do "start", "pause", "end" or "leave out" with a round; how it stands then.

        `patience` is how many seconds without a mark still count. Raises CourseError where the deed cannot be done,
        and for a start while another round of the mock runs.
        """
        with self.store.writing() as database:
            mock = _open(database, id)
            if deed == "start" and (busy := _busy(mock, place)):
                raise CourseError(f"{busy.of.name} is not over: end it first, or leave it out")
            after = mock.sitting(place).after(deed, self.moment, patience)
            _put(database, id, after)
        return after

    def mark(self, id: int, place: int) -> Sitting:
        """Save what the clock of a running round has; how it stands. A round that does not run stays as it is.

        A clock that nobody marked for longer than its patience is stopped: whoever marked it is gone.
        """
        with self.store.writing() as database:
            before = _open(database, id).sitting(place)
            if before.state != "running":
                return before
            lost = before.clock.lost(self.moment)
            after = before.after("pause", self.moment) if lost else _marked(before, self.moment)
            _put(database, id, after)
        return after

    def finish(self, id: int) -> Mock:
        """End a mock; its rounds that were begun are done, those that wait are left out."""
        return self._end(id, "finished")

    def close(self, id: int) -> Mock:
        """Close a mock that was abandoned; all that is in it is kept."""
        return self._end(id, "closed")

    def _end(self, id: int, how: str) -> Mock:
        with self.store.writing() as database:
            for one in _open(database, id).sittings:
                if not one.ended:
                    deed = "leave out" if one.state == "waiting" else "end"
                    _put(database, id, one.after(deed, self.moment))
            database.execute(_END, (how, _iso(self.moment), id))
        return self.mock(id)

    def ask(
        self,
        id: int,
        place: int,
        kind: str,
        key: str,
        text: str,
        because: str = "",
        follows: int | None = None,
    ) -> Asked:
        """Keep what is asked or handed out."""
        row = (id, place, kind, key, text, because, follows, _iso(self.moment))
        with self.store.writing() as database:
            sitting = _open(database, id).sitting(place)
            if sitting.ended:
                raise CourseError(f"{sitting.of.name} is {sitting.state}: nothing more is asked in it")
            number = database.execute(_ASK, row).lastrowid
        return Asked(number, id, place, kind, key, text, because, follows)

    def asked(self, id: int | None = None, place: int | None = None) -> list[Asked]:
        """What was asked in a round, in a mock, or ever; the first one first."""
        with self.store.reading(SINCE) as database:
            every = [Asked(*row) for row in database.execute(_ASKED)] if database else []
        return [one for one in every if id in (None, one.mock) and place in (None, one.place)]

    def write(self, id: int, place: int, field: str, text: str) -> datetime:
        """Keep the text of a field; the moment in UTC. One that says what was said last adds nothing.

        A text of another tab is not written over: it stays in the file, and this one counts from now on.
        """
        if not isinstance(text, str) or len(text) > LONGEST:
            size = f"{len(text):,} characters" if isinstance(text, str) else repr(text)
            raise CourseError(f"an answer is a text of at most {LONGEST:,} characters; got {size}")
        moment = self.moment
        with self.store.writing() as database:
            _one(database, id).sitting(place)
            last = database.execute(_LAST, (id, place, field)).fetchone()
            if last and last[1] == text:
                return datetime.fromisoformat(last[3])
            if last and last[2] == self.writer and _is_near(last[3], moment):
                database.execute(_CHANGE, (text, _iso(moment), last[0]))
            else:
                database.execute(_TEXT, (id, place, field, text, self.writer, _iso(moment)))
        return moment

    def texts(self, id: int, place: int) -> dict[str, str]:
        """The last text of each field of a round."""
        with self.store.reading(SINCE) as database:
            return dict(database.execute(_TEXTS, (id, place)).fetchall()) if database else {}

    def rate(self, id: int, place: int, card: Scorecard) -> Mock:
        """Keep a round's scorecard, also after the mock has ended; the last one counts.

        Raises CourseError for a card of another round.
        """
        with self.store.writing() as database:
            sitting = _one(database, id).sitting(place)
            if card.round != sitting.round:
                raise CourseError(f"this card is for {card.of.name}, and round {place} is {sitting.of.name}")
            database.execute(_CARD, (id, place, json.dumps(_as_data(card)), _iso(self.moment)))
        return self.mock(id)

    def agree(self, id: int, consensus: bool | None) -> Mock:
        """Keep if all agree that the bar is raised; None takes it back."""
        with self.store.writing() as database:
            _one(database, id)
            database.execute(_CONSENSUS, (None if consensus is None else int(consensus), id))
        return self.mock(id)


def _mocks(database: sqlite3.Connection) -> list[Mock]:
    sittings: dict[int, list[Sitting]] = {}
    for mock, place, key, minutes, state, counted, at, patience, ended_at in database.execute(_ROUNDS):
        clock = Clock(counted, _moment(at), patience)
        one = Sitting(place, key, minutes, state, clock, _moment(ended_at))
        sittings.setdefault(mock, []).append(one)
    cards: dict[int, dict[int, Scorecard]] = {}
    for mock, place, text, said_at in database.execute(_CARDS):
        cards.setdefault(mock, {})[place] = _card(text, said_at)
    return [
        Mock(
            id, kind, level, rater, _moment(begun), tuple(sittings.get(id, ())), _moment(ended), end,
            None if consensus is None else bool(consensus), cards.get(id, {}),
        )
        for id, kind, level, rater, begun, ended, end, consensus in database.execute(_MOCKS)
    ]  # fmt: skip


def _one(database: sqlite3.Connection, id: int) -> Mock:
    for one in _mocks(database):
        if one.id == id:
            return one
    raise CourseError(f"there is no mock {id!r}: `loopready mock` lists them")


def _open(database: sqlite3.Connection, id: int) -> Mock:
    mock = _one(database, id)
    if not mock.open:
        raise CourseError(f"mock {id}, {mock.name}, is {mock.end}: begin another")
    return mock


def _busy(mock: Mock, place: int) -> Sitting | None:
    begun = (one for one in mock.sittings if one.state in ("running", "paused") and one.place != place)
    return next(begun, None)


def _marked(one: Sitting, moment: datetime) -> Sitting:
    return replace(one, clock=one.clock.marked(moment))


def _put(database: sqlite3.Connection, id: int, one: Sitting) -> None:
    clock = one.clock
    row = (one.state, clock.counted, _iso(clock.at), clock.patience, _iso(one.ended_at), id, one.place)
    database.execute(_STATE, row)


def _is_near(said_at: str, moment: datetime) -> bool:
    return timedelta(0) <= moment - datetime.fromisoformat(said_at) < SITTING


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _as_data(card: Scorecard) -> dict:
    said = None if card.said is None else int(card.said)
    return {
        "round": card.round, "levels": dict(card.levels), "evidence": dict(card.evidence), "said": said,
        "signs": list(card.signs), "rater": card.rater,
    }  # fmt: skip


def _card(text: str, said_at: str) -> Scorecard:
    try:
        data = json.loads(text)
        vote = None if data["said"] is None else Vote(data["said"])
        more = {"said": vote, "signs": tuple(data["signs"]), "at": datetime.fromisoformat(said_at)}
        return Scorecard(**{**data, **more})
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"a scorecard was changed by another program ({error})") from error
