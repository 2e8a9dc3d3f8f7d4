"""One sitting: cards one after the other, until they are done or the day's minutes are over."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from loopready.course import CourseError, learner_folder, weeks
from loopready.planning.plans import Plans
from loopready.recap.decks import Flashcard, begun, deck
from loopready.recap.reviews import MINUTES, Asked, Rating, Reviews

WORDS = {Rating.Again: "Not known", Rating.Hard: "With effort", Rating.Good: "Known", Rating.Easy: "At once"}


class Session:
    """The cards to ask today, at most `minutes` of them, counted over the whole day and over every tab."""

    def __init__(self, reviews: Reviews, cards: Sequence[Flashcard], minutes: float = MINUTES):
        if not 0 < minutes <= 24 * 60:
            raise CourseError(f"a day's review has more than 0 minutes; got {minutes:g}")
        self.reviews, self.cards, self.minutes = reviews, list(cards), minutes

    def next(self) -> Asked | None:
        """The card to ask now; None when none is due, or the minutes are over."""
        if not self.left:
            return None
        return next(iter(self.reviews.waiting(self.cards)), None)

    @property
    def left(self) -> float:
        """Minutes that are left of today's; never below zero."""
        return max(0.0, self.minutes - self.reviews.minutes_today())

    def answer(self, asked: Asked, rating: Rating | int, seconds: float) -> datetime:
        """See `Reviews.answer`."""
        return self.reviews.answer(asked, rating, seconds)

    @property
    def says(self) -> str:
        """Where the sitting stands, in a sentence."""
        waiting = len(self.reviews.waiting(self.cards))
        if not self.cards:
            return "No cards yet: they come with the weeks that you start."
        if not waiting:
            return "Nothing is due: that is all for today."
        cards = f"{waiting} card{'s' * (waiting > 1)}"
        if not self.left:
            return f"Today's time, {self.minutes:g} min, is over; {cards} wait for tomorrow."
        return f"{cards} to go, {_spoken(self.left)} left of {self.minutes:g} minutes."


def _spoken(minutes: float) -> str:
    return f"{round(minutes)}" if minutes >= 1 else "under a minute"


def session(root: Path, minutes: float = MINUTES, chosen: list[str] | None = None) -> Session:
    """A sitting over the cards of the weeks that the learner has started, or of those `chosen`.

    No card is put off beyond the interview, when there is a plan that names its day.
    """
    path = learner_folder(root) / "loopready.db"
    plan = Plans(path).current()
    known = chosen if chosen is not None else begun(root)
    if unknown := set(known) - set(weeks(root)):
        raise CourseError(f"no week {min(unknown)!r} in this course: there is {', '.join(weeks(root))}")
    reviews = Reviews(path, interview=plan.wish.interview if plan else None)
    return Session(reviews, deck(root, known), minutes)
