"""Where a learner stands: points by room, against all there are and against a target.

The targets are ours. No source gives a number of points that passes a loop, and the interview has none; what the
sources give is an order. "Focus on getting good enough to pass coding, but master system design and behavioral", says
a candidate of May 2024 in the technical guide (docs/sources.md), and the process guide decides by whether an answer
would raise the bar. So:

- estimates and katas, 80 %: one case in five may go wrong, which is a slip and no gap;
- the design, 75 %: a 3 of 4 in each row of its rubric, where the parts at risk are opened and priced;
- the story, 80 %: a 4 of 5 in each row, which is what week 1 asks of a story for the loop.
"""

from collections.abc import Iterable
from dataclasses import dataclass

TARGETS = {"Estimates": 0.8, "Katas": 0.8, "Design": 0.75, "Story": 0.8}

# The end of a cell's name says its room; what tests grade and is no estimate is a kata.
_ROOMS = (("-estimate-tests", "Estimates"), ("-tests", "Katas"), ("-design", "Design"), ("-story", "Story"))


def room_of(cell: str) -> str:
    """The room of a graded cell, by its name; "Other" for one that is named otherwise."""
    return next((room for end, room in _ROOMS if cell.endswith(end)), "Other")


def exercise_of(cell: str) -> str:
    """What a graded cell is called in a sentence."""
    return cell.removesuffix("-tests").replace("-", " ")


@dataclass(frozen=True)
class Exercise:
    """A graded cell: its points, of how many, and whether they still wait for a person."""

    cell: str
    points: float
    out_of: float
    waits: bool = False

    @property
    def room(self) -> str:
        """Its room."""
        return room_of(self.cell)

    @property
    def named(self) -> str:
        """Its name in a sentence."""
        return exercise_of(self.cell)


@dataclass(frozen=True)
class Room:
    """The points of a room; `waits` of its points have not been given by anybody yet."""

    name: str
    points: float
    out_of: float
    waits: float = 0.0

    @property
    def share(self) -> float:
        """Points of those there are, from 0 to 1; more than 1 with extra credit."""
        return self.points / self.out_of if self.out_of else 0.0

    @property
    def target(self) -> float | None:
        """The points to aim at, or None for a room without a target."""
        return round(TARGETS[self.name] * self.out_of, 2) if self.name in TARGETS else None

    @property
    def said(self) -> str:
        """How it stands to its target, in words."""
        if self.waits and not self.points:
            return "not graded yet"
        if self.target is None:
            return ""
        missing = round(self.target - self.points, 2)
        says = f"{missing:g} short of {self.target:g}" if missing > 0 else f"at or above {self.target:g}"
        return f"{says}, {self.waits:g} not graded yet" if self.waits else says


def rooms(exercises: Iterable[Exercise]) -> list[Room]:
    """The rooms that have points, in a week's order; "Other" comes last."""
    listed = list(exercises)
    found = []
    for name in (*TARGETS, "Other"):
        own = [one for one in listed if one.room == name]
        waits = sum(one.out_of for one in own if one.waits)
        if own:
            found.append(Room(name, sum(one.points for one in own), sum(one.out_of for one in own), waits))
    return found


def headline(exercises: Iterable[Exercise], penalty: float = 0.0) -> str:
    """The total in one line: points, what lateness took, and what nobody has graded yet."""
    listed = list(exercises)
    points, out_of = sum(one.points for one in listed), sum(one.out_of for one in listed)
    waits = sum(one.out_of for one in listed if one.waits)
    said = f"{round(points - penalty, 2):g} of {out_of:g} points"
    if penalty:
        said += f", {penalty:g} taken for lateness"
    return f"{said}; {waits:g} of them are not graded yet" if waits else said
