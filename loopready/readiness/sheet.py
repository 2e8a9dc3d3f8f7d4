"""The sheet of the self-assessment's room: its cells share the answers, the level and what follows from them.

    sheet = Sheet()
    sheet.answer()      # the statements of one area, saved while you type
    sheet.show()        # the radar, the gaps, the next hour
    sheet.weigh()       # the weights

Everything it does can be done without it: `loopready.readiness.answers`, `gathering`, `scores`.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from loopready.bank import Bank
from loopready.course import CourseError
from loopready.pauses import finish_all
from loopready.planning.plans import planned_level
from loopready.readiness.answers import Answers
from loopready.readiness.evidence import Claim
from loopready.readiness.gathering import gathered
from loopready.readiness.scores import Assessment, assess

if TYPE_CHECKING:
    from loopready.rooms import Room


class Sheet:
    """What the cells share: the answers, the level they are seen for, and the day.

    The level is the plan's when none is given, and L6 before there is a plan.
    """

    def __init__(
        self, answers: Answers | None = None, level: str = "", today: Callable[[], date] = date.today
    ):
        self.answers, self._today = answers or Answers(), today
        self.level = level or planned_level(self.answers.store.path) or "L6"
        self.trouble = ""
        self._listeners: list[Callable[[bool], None]] = []
        finish_all()

    def heed(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with True when the level is another one, with False when an answer or a weight was kept."""
        self._listeners.append(listener)

    def choose(self, level: str) -> None:
        """See everything for this level."""
        self.level = level
        self._tell(True)

    def keep(self, claim: Claim) -> None:
        """Keep an answer. Raises CourseError when it cannot be kept."""
        self.answers.keep(claim)
        self._tell(False)

    def put(self, area: str, weight: float | None) -> None:
        """Change a weight at this level. Raises CourseError when it cannot be kept."""
        self.answers.weigh(self.level, area, weight)
        self._tell(False)

    def claims(self) -> dict[str, Claim]:
        """The last answers; none, with `trouble` saying why, where they cannot be read."""
        self.trouble = ""
        try:
            return self.answers.claims()
        except CourseError as error:
            self.trouble = str(error)
            return {}

    def assessed(self) -> Assessment:
        """What the answers and the learner's file come to. Raises CourseError when they cannot be read."""
        today = self._today()
        shown = gathered(Bank(self.answers.store.path), today)
        return assess(
            self.level, self.answers.claims().values(), shown, today, self.answers.weights(self.level)
        )

    def _tell(self, another: bool) -> None:
        for listener in self._listeners:
            listener(another)

    def answer(self) -> "Room":
        """The statements of one area at a time, each with an answer and its evidence."""
        from loopready.readiness.views import Statements

        return Statements(self)

    def show(self) -> "Room":
        """The radar, the gaps and the next best hour."""
        from loopready.readiness.views import Radar

        return Radar(self)

    def weigh(self) -> "Room":
        """The weights of the areas at the chosen level."""
        from loopready.readiness.views import Weights

        return Weights(self)
