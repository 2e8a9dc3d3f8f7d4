"""The desk of the story bank's room: one story at a time is chosen, and each cell shows it in its own way.

    desk = Desk()
    desk.write()      # the form, reviewed and saved while you type
    desk.rate()       # the five dimensions
    desk.cover()      # what the bank covers
    desk.ask()        # what a Bar Raiser would ask, against a timer
    desk.tell()       # a timer for telling it
    desk.look_back()  # earlier texts

Everything it does can be done without it: `loopready.bank`, `review`, `coverage`, `probes`, `practice`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from loopready.bank import Bank
from loopready.course import CourseError
from loopready.pauses import finish_all
from loopready.practice import Practice
from loopready.ratings import Ratings
from loopready.review import PACE
from loopready.revisions import Kept
from loopready.stories import Story

if TYPE_CHECKING:
    from loopready.rooms import Room
    from loopready.writing import Writing

EMPTY = Story.from_dict({})


class Desk:
    """What the cells of the room share: the bank, and the story that is chosen.

    `kept` is the text that the form was filled from or saved last, None while a new story has no word.
    """

    def __init__(self, bank: Bank | None = None):
        self.bank = bank or Bank()
        self.practice, self.ratings = Practice(self.bank.path), Ratings(self.bank.path)
        self.kept: Kept | None = None
        self.trouble = ""
        # Saves what stands in the form; whether it could. The form puts its own here.
        self.finish: Callable[[], bool] = lambda: True
        self._listeners: list[Callable[[bool], None]] = []
        finish_all()
        try:
            self.bank.ready()
            self.kept = max(self.bank.stories(), key=lambda kept: kept.saved_at, default=None)
        except CourseError as error:
            self.trouble = str(error)

    @property
    def story(self) -> Story:
        """The chosen story's text; empty for a new one."""
        return self.kept.story if self.kept else EMPTY

    @property
    def pace(self) -> float:
        """Words a minute: as measured when the story was told, or else the course's assumption."""
        try:
            measured = self.practice.pace(self.kept.id) if self.kept else None
        except CourseError:
            measured = None
        return measured or PACE

    def heed(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with True when another text is on the desk, with False when the same one was saved."""
        self._listeners.append(listener)

    def choose(self, kept: Kept | None) -> None:
        """Go on with this text, or with a new story."""
        self._tell(kept, True)

    def saved(self, kept: Kept) -> None:
        """The text on the desk was saved."""
        self._tell(kept, False)

    def _tell(self, kept: Kept | None, another: bool) -> None:
        self.kept = kept
        for listener in self._listeners:
            listener(another)

    def write(self) -> "Writing":
        """The form: choose or begin a story, write it, see the review and the saves."""
        from loopready.writing import Writing

        return Writing(self)

    def rate(self) -> "Room":
        """The rating card of the chosen story."""
        from loopready.rooms import Rated

        return Rated(self)

    def cover(self) -> "Room":
        """What the bank covers, as a picture and in words."""
        from loopready.rooms import Cover

        return Cover(self)

    def ask(self) -> "Room":
        """The questions that the chosen story invites, to be answered against a timer."""
        from loopready.rehearsal import Questions

        return Questions(self)

    def tell(self) -> "Room":
        """A timer for telling the chosen story, which keeps how long it took."""
        from loopready.rehearsal import Teller

        return Teller(self)

    def look_back(self) -> "Room":
        """The earlier texts of the chosen story."""
        from loopready.rooms import Earlier

        return Earlier(self)
