"""A mock and its rounds as data, and what can be done with a round in each state.

A round waits, runs, is paused, and ends done or left out. What is not possible is refused with a line, so a second
tab or an impatient finger changes nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from loopready.course import CourseError
from loopready.mocks.clocks import Clock, Position, where
from loopready.process import rounds
from loopready.process.rounds import LEVELS, LOOPS, REHEARSALS, Round, Slot
from loopready.process.scorecards import RATERS, Scorecard

ENDED = ("done", "left out")
# From which states each deed leads where; what is not named is refused.
_MOVES = {
    "start": ({"waiting", "paused"}, "running"),
    "pause": ({"running"}, "paused"),
    "end": ({"running", "paused"}, "done"),
    "leave out": ({"waiting", "running", "paused"}, "left out"),
}


@dataclass(frozen=True)
class Sitting:
    """One round of a mock: its `place` from 1, the round's key, its minutes, its state, its clock, when it ended."""

    place: int
    round: str
    minutes: int
    state: str = "waiting"
    clock: Clock = field(default_factory=Clock)
    ended_at: datetime | None = None

    @property
    def of(self) -> Round:
        """The round that is rehearsed."""
        return rounds.found(self.round)

    @property
    def agenda(self) -> list[tuple[Slot, int]]:
        """Its parts with their minutes."""
        return self.of.clock(self.minutes)

    @property
    def ended(self) -> bool:
        """If nothing more happens in it."""
        return self.state in ENDED

    def at(self, now: datetime) -> Position:
        """Where in its agenda it is."""
        return where(self.agenda, self.clock.elapsed(now))

    def after(self, deed: str, now: datetime, patience: float = 0.0) -> "Sitting":
        """The round after "start", "pause", "end" or "leave out". Raises CourseError where that cannot be."""
        known, state = _MOVES[deed]
        if self.state not in known:
            raise CourseError(f"{self.of.name} is {self.state}: it cannot {deed} now")
        clock = self.clock.started(now, patience) if deed == "start" else self.clock.stopped(now)
        ended_at = now if state in ENDED else None
        return replace(self, state=state, clock=clock, ended_at=ended_at)


@dataclass(frozen=True)
class Mock:
    """A round or a whole loop: `kind` is a key of `rounds.LOOPS` or a round's; `end` is "", "finished" or "closed".

    `cards` holds the last scorecard of each round, by its place; `consensus` if all agree, where somebody asked.
    """

    id: int
    kind: str
    level: str
    rater: str
    begun_at: datetime
    sittings: tuple[Sitting, ...]
    ended_at: datetime | None = None
    end: str = ""
    consensus: bool | None = None
    cards: dict[int, Scorecard] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called: "Bar Raiser", "five rounds"."""
        return named(self.kind)

    @property
    def is_loop(self) -> bool:
        """If it is a whole loop."""
        return self.kind in LOOPS

    @property
    def open(self) -> bool:
        """If it goes on."""
        return not self.end

    def sitting(self, place: int) -> Sitting:
        """The round at `place`, from 1. Raises CourseError when there is none."""
        if not 1 <= place <= len(self.sittings):
            raise CourseError(f"{self.name} has rounds 1 to {len(self.sittings)}; got {place!r}")
        return self.sittings[place - 1]

    @property
    def current(self) -> Sitting | None:
        """The round that runs or is paused, else the first one that waits; None when all have ended."""
        begun = [one for one in self.sittings if one.state in ("running", "paused")]
        waiting = [one for one in self.sittings if one.state == "waiting"]
        return next(iter([*begun, *waiting]), None)

    def seconds(self, now: datetime) -> float:
        """Seconds on the clocks of all its rounds."""
        return sum(one.clock.elapsed(now) for one in self.sittings)


def named(kind: str) -> str:
    """A mock's kind in words: a loop as it is, a round by its name. Raises CourseError for another."""
    return kind if kind in LOOPS else rounds.found(kind).name


def planned(kind: str, level: str) -> tuple[Sitting, ...]:
    """The rounds of a mock of `kind` at `level`, all of them waiting. Raises CourseError for what there is not."""
    if level not in LEVELS:
        raise CourseError(f"a level is 'L6' or 'L7'; got {level!r}")
    chosen = REHEARSALS[kind] if kind in LOOPS else (rounds.found(kind),)
    return tuple(Sitting(place, one.key, one.length(level)) for place, one in enumerate(chosen, 1))


def known_rater(rater: str) -> str:
    """`rater`, one of `scorecards.RATERS`. Raises CourseError for another."""
    if rater not in RATERS:
        raise CourseError(f"a mock is rated 'alone' or by a 'partner'; got {rater!r}")
    return rater
