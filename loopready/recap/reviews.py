"""Spaced review: which card to ask now, what an answer changes, and every answer kept in the learner's file.

    reviews = Reviews()
    session = reviews.session(deck(root), minutes=5)
    asked = session.next()
    reviews.answer(asked, Rating.Good, seconds=8)

When a card comes again is py-fsrs's business (the FSRS scheduler, version 6, with its own parameters). Ours is: whole
days, no chance in it, a limit of minutes a day, and nothing put off beyond the interview.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from fsrs import Card, Rating, Scheduler

from loopready.course import CourseError
from loopready.migrations import reviews as reviews_step
from loopready.migrations import since
from loopready.recap.decks import Flashcard
from loopready.store import Store, now

SINCE = since(reviews_step)
MINUTES = 5  # a day, if nothing else is said
NEW = 6  # cards a day that were never asked: each comes back several times in its first weeks
LONGEST = 60.0  # seconds; who takes longer over one card has left the room
FAR = 3650  # days; without an interview in sight

_STATE = "SELECT state, answers FROM card WHERE id = ?"
_STATES = "SELECT id, state, due, answers FROM card"
_NEW = "INSERT INTO card (id, state, due, answers) VALUES (?, ?, ?, 1)"
_CHANGED = "UPDATE card SET state = ?, due = ?, answers = ? WHERE id = ?"
_SAID = "INSERT INTO answer (card, rating, milliseconds, said_at) VALUES (?, ?, ?, ?)"
_ANSWERS = "SELECT card, rating, milliseconds, said_at FROM answer ORDER BY id"


@dataclass(frozen=True)
class Asked:
    """A card as it is asked: how often it was answered before, and when it fell due (None for a new one)."""

    card: Flashcard
    answers: int = 0
    due: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """One answer: a card's id, how well it was known (1 not at all, 4 easily), the seconds it took, the moment."""

    card: str
    rating: Rating
    seconds: float
    said_at: datetime


class Reviews:
    """The reviews in the file at `path`: `loopready.db` in the learner's folder when none is given.

    `interview` is the day beyond which no card is put off. Every failure is a CourseError of one line.
    """

    def __init__(
        self,
        path: Path | str | None = None,
        clock: Callable[[], datetime] = now,
        interview: date | None = None,
    ):
        self._store, self._clock, self.interview = Store(path), clock, interview

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self._store.path

    @property
    def moment(self) -> datetime:
        """The present moment in UTC, to the second."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def waiting(self, cards: Sequence[Flashcard]) -> list[Asked]:
        """The cards to ask now: those that fell due, the longest due first, then new ones, as many as a day has."""
        known = self._known()
        # By the day: a card that falls due this evening is asked this morning.
        tonight = self.moment.astimezone().replace(hour=23, minute=59, second=59)
        asked = [Asked(card, *known.get(card.id, (0, None))) for card in cards]
        due = sorted((one for one in asked if one.due and one.due <= tonight), key=lambda one: one.due)
        room = max(0, NEW - self._begun_today())
        return [*due, *[one for one in asked if one.due is None][:room]]

    def answer(self, asked: Asked, rating: Rating | int, seconds: float) -> datetime:
        """Keep an answer; when the card comes again.

        Raises CourseError when the card was answered elsewhere since it was asked here: that answer counts.
        """
        try:
            rating = Rating(rating)
        except ValueError as error:
            raise CourseError(f"an answer is 1 (not known) to 4 (easy); got {rating!r}") from error
        spent = round(1000 * min(max(seconds, 0.0), LONGEST))
        with self._store.writing() as database:
            row = database.execute(_STATE, (asked.card.id,)).fetchone()
            if (row[1] if row else 0) != asked.answers:
                raise CourseError("this card was answered in another tab meanwhile: that answer counts")
            before = _card(asked.card.id, row[0] if row else None, self.moment)
            # A clock that went back must not take back what is known.
            moment = max(self.moment, before.last_review or self.moment)
            after, _ = self._scheduler(moment).review_card(before, rating, moment, spent)
            state, due = json.dumps(after.to_dict()), after.due.isoformat()
            if row:
                database.execute(_CHANGED, (state, due, row[1] + 1, asked.card.id))
            else:
                database.execute(_NEW, (asked.card.id, state, due))
            database.execute(_SAID, (asked.card.id, int(rating), spent, moment.isoformat()))
        return after.due

    def answers(self) -> list[Answer]:
        """Every answer that was given, the first one first."""
        with self._store.reading(SINCE) as database:
            rows = database.execute(_ANSWERS).fetchall() if database else []
        return [
            Answer(card, Rating(rating), milliseconds / 1000, datetime.fromisoformat(moment))
            for card, rating, milliseconds, moment in rows
        ]

    def minutes_today(self) -> float:
        """Minutes spent on cards since midnight, here."""
        return sum(one.seconds for one in self.answers() if _day(one.said_at) == _day(self.moment)) / 60

    def recalled(self, cards: Sequence[Flashcard]) -> dict[str, float]:
        """The chance, by the model, that each card that was ever asked is known now, by its id."""
        with self._store.reading(SINCE) as database:
            rows = database.execute(_STATES).fetchall() if database else []
        states = {id: _card(id, state, self.moment) for id, state, *_ in rows}
        model = Scheduler(enable_fuzzing=False)
        return {
            card.id: model.get_card_retrievability(states[card.id], self.moment)
            for card in cards
            if card.id in states
        }

    def _scheduler(self, moment: datetime) -> Scheduler:
        """In whole days, since a few minutes a day have no ten minutes to wait in; and with no chance in it."""
        days = (self.interview - _day(moment)).days - 1 if self.interview else FAR
        longest = days if days > 0 else FAR
        return Scheduler(
            learning_steps=(), relearning_steps=(), maximum_interval=longest, enable_fuzzing=False
        )

    def _known(self) -> dict[str, tuple[int, datetime]]:
        with self._store.reading(SINCE) as database:
            rows = database.execute(_STATES).fetchall() if database else []
        return {id: (answers, datetime.fromisoformat(due)) for id, _, due, answers in rows}

    def _begun_today(self) -> int:
        first: dict[str, date] = {}
        for one in self.answers():
            first.setdefault(one.card, _day(one.said_at))
        return sum(day == _day(self.moment) for day in first.values())


def _card(id: str, state: str | None, moment: datetime) -> Card:
    """The scheduler's card. Raises CourseError when another program has spoilt it."""
    if state is None:
        # Its number is made of the id: the library would make one of the time.
        return Card(int.from_bytes(sha256(id.encode()).digest()[:6]), due=moment)
    try:
        return Card.from_dict(json.loads(state))
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"the card {id!r} was changed by another program ({error})") from error


def _day(moment: datetime) -> date:
    return moment.astimezone().date()
