"""The desk of the mock loop's room: one mock and one of its rounds, and each cell shows it in its own way.

    desk = Desk()
    desk.choose()     # pick a round or a loop, go on with an open one, or close it
    desk.clock()      # the round's agenda against its clock
    desk.work()       # the questions, the design's steps or the kata
    desk.rate()       # the scorecard, alone or with a partner
    desk.decide()     # the debrief, and what to do
    desk.look_back()  # every loop that was held

Everything it does can be done without it: `loopready mock`, or the modules of `loopready.mocks`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from loopready.course import CourseError
from loopready.mocks.records import Mocks
from loopready.mocks.sittings import Mock, Sitting
from loopready.pauses import finish_all

if TYPE_CHECKING:
    from loopready.rooms import Room

# Seconds. The clock is marked every MARK; a gap longer than PATIENCE means that the kernel was away.
MARK, PATIENCE = 10.0, 30.0


class Desk:
    """What the cells of the room share: the mocks, the one that is on, and the round of it that is looked at."""

    def __init__(self, mocks: Mocks | None = None):
        self.mocks = mocks or Mocks()
        self.id: int | None = None
        self.place = 1
        self.trouble = ""
        self._listeners: list[Callable[[bool], None]] = []
        finish_all()
        try:
            last = self.mocks.open() or next(iter(self.mocks.all()[::-1]), None)
            if last:
                self._look_at(last)
                self._settle(last)
        except CourseError as error:
            self.trouble = str(error)

    @property
    def mock(self) -> Mock | None:
        """The mock that is on the desk, as the file has it."""
        return self.mocks.mock(self.id) if self.id is not None else None

    @property
    def sitting(self) -> Sitting | None:
        """The round that is looked at."""
        mock = self.mock
        return mock.sitting(self.place) if mock else None

    def heed(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with True when another round is on the desk, with False when the same one changed."""
        self._listeners.append(listener)

    def begin(self, kind: str, level: str, rater: str) -> None:
        """Begin a mock, and put its first round on the desk."""
        self._look_at(self.mocks.begin(kind, level, rater))
        self.tell(True)

    def look_at(self, place: int) -> None:
        """Put another round of the mock on the desk."""
        if self.mock:
            self.place = self.mock.sitting(place).place
            self.tell(True)

    def do(self, deed: str) -> None:
        """Do "start", "pause", "end" or "leave out" with the round on the desk."""
        if self.id is None:
            raise CourseError("no mock is open: begin one above")
        self.mocks.do(self.id, self.place, deed, PATIENCE)
        self.tell(False)

    def end(self, close: bool = False) -> None:
        """Finish the mock, or close it half-way."""
        if self.id is None:
            raise CourseError("no mock is open: begin one above")
        self.mocks.close(self.id) if close else self.mocks.finish(self.id)
        self.tell(False)

    def tell(self, another: bool) -> None:
        """Let every cell look again."""
        for listener in self._listeners:
            listener(another)

    def _look_at(self, mock: Mock) -> None:
        current = mock.current
        self.id, self.place = mock.id, current.place if current else 1

    def _settle(self, mock: Mock) -> None:
        """Stop a clock that a kernel left running when it died."""
        if mock.open and self.sitting.state == "running":
            self.mocks.mark(mock.id, self.place)

    def choose(self) -> "Room":
        """Pick a round or a loop; go on with the open one, or close it."""
        from loopready.mocks.stage import Choosing

        return Choosing(self)

    def clock(self) -> "Room":
        """The round's agenda against its clock."""
        from loopready.mocks.stage import Clocked

        return Clocked(self)

    def work(self) -> "Room":
        """What is done in the round: questions and answers, a design's steps, or a kata."""
        from loopready.mocks.work import Work

        return Work(self)

    def rate(self) -> "Room":
        """The scorecard of the round, alone or from the partner's page."""
        from loopready.mocks.scoring import Scoring

        return Scoring(self)

    def decide(self) -> "Room":
        """The debrief of the mock, with its figure and its tasks."""
        from loopready.mocks.looking import Deciding

        return Deciding(self)

    def look_back(self) -> "Room":
        """Every loop that was held, as a picture, and every mock in a list."""
        from loopready.mocks.looking import Back

        return Back(self)
