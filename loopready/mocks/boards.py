"""The design round: a problem, its steps in their time boxes with a text each, and its estimates graded.

    board = Board(mocks, mock.id, place)
    board.problem.question.asks
    board.write("clarify", "Readers, writers, and who pays ...")
    board.judged()

The steps are the process guide's agenda; its first part is two here, since the numbers have fields of their own.
"""

from collections import Counter
from datetime import datetime
from random import Random
from typing import NamedTuple

from loopready.course import CourseError
from loopready.mocks.problems import PROBLEMS, Judged, Problem, found
from loopready.mocks.records import Asked, Mocks


class Box(NamedTuple):
    """One step: its key, its name, what to write, and the part of the agenda, from 0, in which it is done."""

    key: str
    name: str
    asks: str
    part: int


BOXES = (
    Box("clarify", "Clarify", "Who uses it, for what, and what is left out. What must never happen?", 0),
    Box(
        "sketch",
        "The whole",
        "Follow one write and one read from the client to the disk. Name each part's reason.",
        1,
    ),
    Box(
        "deep-dive",
        "Two parts, deep",
        "The two that are at risk: their data, their limit, and the alternative.",
        2,
    ),
    Box(
        "trade-offs",
        "Scale, failure, running it",
        "What breaks first, who notices, and what you gave up for what.",
        3,
    ),
    Box(
        "wrap-up",
        "Wrap-up",
        "One minute: what you chose, what would change it, what you would build first.",
        4,
    ),
)
ESTIMATE = "estimate "  # before the name of a step's field


class Board:
    """The design round at `place` of a mock; its problem is drawn when it is first asked for."""

    def __init__(self, mocks: Mocks, mock: int, place: int, source: Random | None = None):
        self.mocks, self.id, self.place = mocks, mock, place
        self._source = source or Random()

    @property
    def problem(self) -> Problem:
        """The round's problem; the one that was given least often, at random among those."""
        every = [one for one in self.mocks.asked() if one.kind == "design"]
        if mine := [one for one in every if (one.mock, one.place) == (self.id, self.place)]:
            return found(mine[-1].key)
        uses = Counter(one.key for one in every)
        drawn = min(PROBLEMS, key=lambda one: (uses[one.id], self._source.random()))
        self.mocks.ask(self.id, self.place, "design", drawn.id, drawn.question.asks)
        return drawn

    def write(self, box: str, text: str) -> datetime:
        """Keep a step's text as it stands; the moment in UTC. Raises CourseError for a step that there is not."""
        if box not in [one.key for one in BOXES]:
            raise CourseError(f"no step is called {box!r}; there are {', '.join(one.key for one in BOXES)}")
        return self.mocks.write(self.id, self.place, box, text)

    def estimate(self, step: str, text: str) -> datetime:
        """Keep what was typed for a step of the chain; the moment in UTC."""
        return self.mocks.write(self.id, self.place, ESTIMATE + step, text)

    def texts(self) -> dict[str, str]:
        """The text of each step, and of each number as `estimate <name>`."""
        return self.mocks.texts(self.id, self.place)

    def judged(self) -> list[Judged]:
        """Each number of the chain as typed, judged."""
        texts = self.texts()
        typed = {one.name: texts.get(ESTIMATE + one.name, "") for one in self.problem.steps}
        return self.problem.judged(typed)

    def follow_ups(self) -> tuple[str, ...]:
        """What is asked when the design stands: the question's own, the last for L7 above all."""
        return self.problem.question.follow_ups


def design_of(mocks: Mocks, mock: int, place: int) -> Asked | None:
    """The problem that the round was given, or None."""
    return next((one for one in mocks.asked(mock, place) if one.kind == "design"), None)
