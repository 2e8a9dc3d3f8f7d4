"""The day's cards in a notebook: say the answer, look, and say how well you knew it.

    review()

A thin widget over `loopready.recap.sessions`; `loopready review` does the same in a terminal.
"""

import time
from collections.abc import Callable
from functools import partial
from html import escape

import ipywidgets as widgets

from loopready import course
from loopready.course import CourseError
from loopready.layouts import STYLE, instead, labelled, lines, row, status, text
from loopready.recap.reviews import MINUTES, Asked, Rating
from loopready.recap.sessions import WORDS, Session, session


class Review(widgets.VBox):
    """One card at a time. `make` gives the sitting for a number of minutes a day."""

    def __init__(self, make: Callable[[float], Session], clock: Callable[[], float] = time.monotonic):
        self._make, self._clock = make, clock
        self.minutes = labelled(widgets.BoundedIntText(MINUTES, min=1, max=60, description="Minutes"))
        self.question, self.answer, self.says = lines(), lines(), lines()
        self.show = widgets.Button(
            description="Show the answer", button_style="primary", layout={"width": "auto"}
        )
        self.ratings = {rating: self._rated(rating) for rating in Rating}
        self.asked: Asked | None = None
        self.sitting: Session | None = None
        style = widgets.HTML(STYLE, layout={"height": "0", "margin": "0"})
        parts = [self.question, row(self.show), self.answer, row(*self.ratings.values()), self.says]
        super().__init__([style, self.minutes, *parts], layout={"max_width": "44em"})
        self.add_class("loopready-room")
        self.show.on_click(lambda _: self._shown())
        self.minutes.observe(lambda change: self._begin(), names="value")
        self._begin()

    def _rated(self, rating: Rating) -> widgets.Button:
        button = widgets.Button(
            description=WORDS[rating], layout={"width": "auto", "min_width": "7em"}, disabled=True
        )
        button.on_click(lambda _: self._said(rating))
        return button

    def _begin(self) -> None:
        try:
            self.sitting = self._make(self.minutes.value)
            self._next()
        except CourseError as error:
            self._end(str(error))

    def _next(self, first: str = "") -> None:
        self.asked = self.sitting.next()
        self._begun = self._clock()
        if self.asked is None:
            self._end(" ".join(filter(None, [first, self.sitting.says])))
            return
        card = self.asked.card
        seen = "new" if not self.asked.answers else f"asked {self.asked.answers} times before"
        small = f"<small>{escape(card.week.replace('-0', ' '))}, {seen}</small>"
        self.question.value = text(f'<b role="status">{escape(card.question)}</b><br>{small}')
        self.answer.value = ""
        self._open(answered=False)
        self.says.value = status(" ".join(filter(None, [first, self.sitting.says])))

    def _shown(self) -> None:
        if self.asked is None:
            return
        says = escape(self.asked.card.answer).replace("\n", "<br>")
        self.answer.value = text(f'<span role="status">{says}</span>')
        self._open(answered=True)
        # A button that is disabled under the finger loses the keyboard: it goes on where the hand goes next.
        self.ratings[Rating.Good].focus()

    def _said(self, rating: Rating) -> None:
        # The second half of a double click would answer a card that nobody has seen.
        if self.asked is None or not self.show.disabled:
            return
        try:
            due = self.sitting.answer(self.asked, rating, self._clock() - self._begun).astimezone()
            first = f"Again on {due.day} {due:%B}."
        except CourseError as error:
            first = f"Not counted: {error}."
        try:
            self._next(first)
            self.show.focus()
        except CourseError as error:
            self._end(str(error))

    def _open(self, answered: bool) -> None:
        self.show.disabled = answered
        for button in self.ratings.values():
            button.disabled = not answered

    def _end(self, says: str) -> None:
        self.asked = None
        self.question.value = self.answer.value = ""
        self.show.disabled = True
        for button in self.ratings.values():
            button.disabled = True
        self.says.value = status(says)

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        words = instead("The day's recap cards.", "loopready review")
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": words}


def review() -> Review:
    """The cards of the weeks that you have started."""
    return Review(partial(session, course.root()))
