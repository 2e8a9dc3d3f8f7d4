"""The clock of a round: time is counted from saved marks, so that no crash and no clock moved back can spoil it.

    clock = Clock().started(now(), patience=60)
    clock = clock.marked(now())       # every few seconds, and saved
    clock.elapsed(now())              # seconds, never negative
    where(agenda, clock.elapsed(now())).says

Between two marks at most `patience` seconds count. A room marks its clock every few seconds; when the machine was
asleep or the kernel died, the gap to the next mark is longer than that, and only the patience counts of it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from loopready.course import CourseError
from loopready.process.rounds import Slot


@dataclass(frozen=True)
class Clock:
    """Seconds `counted` by the moment `at`, after which it runs on; `at` is None while it stands still."""

    counted: float = 0.0
    at: datetime | None = None
    patience: float = 0.0

    @property
    def running(self) -> bool:
        """If time is being taken."""
        return self.at is not None

    def elapsed(self, now: datetime) -> float:
        """Seconds counted by `now`: those up to the last mark, and of those since then at most the patience."""
        if self.at is None:
            return self.counted
        return self.counted + min(max((now - self.at).total_seconds(), 0.0), self.patience)

    def lost(self, now: datetime) -> bool:
        """If nobody marked it for longer than the patience: whoever did is gone."""
        return self.at is not None and (now - self.at).total_seconds() > self.patience

    def started(self, now: datetime, patience: float) -> "Clock":
        """The clock running from `now`; one that runs already is marked and takes this patience."""
        return Clock(self.elapsed(now), now, patience)

    def marked(self, now: datetime) -> "Clock":
        """The same time, counted up to `now`; one that stands still stays as it is."""
        return replace(self, counted=self.elapsed(now), at=now) if self.running else self

    def stopped(self, now: datetime) -> "Clock":
        """The clock standing still with what it had at `now`."""
        return replace(self, counted=self.elapsed(now), at=None)


@dataclass(frozen=True)
class Position:
    """Where in the agenda a round is: the part's `place` from 0, and what is left in seconds (negative when over)."""

    place: int
    slot: Slot
    left_of_part: float
    left: float
    next: Slot | None

    @property
    def over(self) -> bool:
        """If the round's minutes are used up."""
        return self.left <= 0

    @property
    def says(self) -> str:
        """One line: what is on, and how long still."""
        if self.over:
            return f"The time is over, by {spoken(-self.left)}: come to an end."
        then = f"; then: {self.next.says}" if self.next else ""
        return f"{self.slot.says}: {spoken(self.left_of_part)} left{then}"


def where(agenda: Sequence[tuple[Slot, int]], elapsed: float) -> Position:
    """Where a round is after `elapsed` seconds, by an agenda of parts and minutes as `Round.clock` gives it.

    Raises CourseError for an empty agenda.
    """
    if not agenda:
        raise CourseError("a round has at least one part; its agenda is empty")
    left = 60 * sum(minutes for _, minutes in agenda) - elapsed
    ends = list(accumulate(60.0 * minutes for _, minutes in agenda))
    place = min(bisect_right(ends, elapsed), len(agenda) - 1)
    following = agenda[place + 1][0] if place + 1 < len(agenda) else None
    return Position(place, agenda[place][0], ends[place] - elapsed, left, following)


def spoken(seconds: float) -> str:
    """A span as a clock shows it: `4:05`."""
    whole = int(max(seconds, 0.0))
    return f"{whole // 60}:{whole % 60:02}"
