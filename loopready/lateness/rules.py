"""What lateness costs: a share of the points for each hour or day begun, after a grace, up to a limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from loopready.course import CourseError

PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True)
class Rule:
    """A course's rule; the default takes nothing.

    `percent` of the points earned are taken for each period (`per` is "hour" or "day") that has begun when `grace`
    hours after the due time are over, and never more than `most` percent. Raises CourseError for a rule that
    cannot be meant.
    """

    percent: float = 0.0
    per: str = "day"
    grace: float = 0.0
    most: float = 100.0

    def __post_init__(self) -> None:
        if self.per not in PERIODS:
            raise CourseError(f"late work is counted per hour or per day; got {self.per!r}")
        if not 0 <= self.grace < 24 * 3660:
            raise CourseError(f"the grace for late work is hours from 0 on; got {self.grace:g}")
        for name, share in (("percent", self.percent), ("most_percent", self.most)):
            if not 0 <= share <= 100:
                raise CourseError(f"{name} for late work is from 0 to 100; got {share:g}")

    def begun(self, late: timedelta) -> int:
        """How many periods have begun by a hand-in that is `late`."""
        counted = late - timedelta(hours=self.grace)
        # Rounded up without floating point: one microsecond past a day begins the second.
        return max(-(-counted // PERIODS[self.per]), 0)

    def share(self, late: timedelta) -> float:
        """The part of the points, from 0 to 1, that a hand-in loses which is `late`."""
        return min(self.percent * self.begun(late), self.most) / 100

    def penalty(self, score: float, late: timedelta) -> float:
        """The points, rounded to hundredths, that a `score` loses: at least 0 and at most the score."""
        share = self.share(late)
        return max(score if share == 1 else min(round(score * share, 2), score), 0.0)


@dataclass(frozen=True)
class HandedIn:
    """When something was handed in and when it was due, both in UTC without saying so, as nbgrader keeps them.

    A time that is not known is None, and nothing is late then. `extension` is what the learner was given.
    """

    at: datetime | None
    due: datetime | None
    extension: timedelta = timedelta()

    @property
    def late(self) -> timedelta:
        """How late it is, after the extension; nothing when it is not."""
        if self.at is None or self.due is None:
            return timedelta()
        return max(self.at - self.due - self.extension, timedelta())
