"""What was heard in one round, as an interviewer writes it down, and the vote that follows from it.

    card = Scorecard("seven-people", {"A real case": 3, "Own part": 2}, {"A real case": "the move to Dublin, 2022"})
    card.vote          # Vote.LEAN_NO
    card.because       # the lines that lead there

The guide asks for written evidence behind every judgement, so a level without a sentence counts for less. How levels
become a vote is our judgement; the vote's four words are those of the debrief.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from loopready.course import CourseError
from loopready.process.anchors import of
from loopready.process.rounds import Round, found
from loopready.words import words


class Vote(IntEnum):
    """One interviewer's judgement, from worst to best; also the level of an anchor that stands for it."""

    STRONG_NO = 1
    LEAN_NO = 2
    LEAN_HIRE = 3
    STRONG_HIRE = 4

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


RATERS = ("alone", "partner")
UNPROVEN_FROM = 3  # a level from here on that has no evidence counts as one lower
EVIDENCE = 3  # words of a sentence that is evidence
ABOVE_LOWEST = 1  # a vote is at most this far above the lowest criterion


@dataclass(frozen=True)
class Scorecard:
    """One round's ratings: a level from 1 to 4 for each criterion that was heard, and the evidence for it.

    `round` is a round's key. `evidence` maps criteria to what was said or done, in a sentence. `said` is the vote that
    a partner gave; without one it follows from the levels. `signs` are what a review of the answers found lacking, by
    the names of the review's rules ("i-or-we", "figures"); `rater` is one of RATERS, `at` the moment in UTC.

    Raises CourseError for an unknown round, criterion or level, and for a card that holds neither level nor vote.
    """

    round: str
    levels: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    said: Vote | None = None
    signs: tuple[str, ...] = ()
    rater: str = "alone"
    at: datetime | None = None

    def __post_init__(self) -> None:
        known = [each.name for each in of(self.of.focus)]
        for name in (*self.levels, *self.evidence):
            if name not in known:
                raise CourseError(f"{self.of.name} is not rated by {name!r}; it is by {', '.join(known)}")
        for name, level in self.levels.items():
            if type(level) is not int or not 1 <= level <= 4:
                raise CourseError(f"{name} is rated with a whole number from 1 to 4; got {level!r}")
        if not self.levels and self.said is None:
            raise CourseError(f"nothing was rated in {self.of.name}: give one criterion a level, or a vote")
        if self.rater not in RATERS:
            raise CourseError(f"a card is rated 'alone' or by a 'partner'; got {self.rater!r}")

    @property
    def of(self) -> Round:
        """The round that was rated."""
        return found(self.round)

    @property
    def counted(self) -> dict[str, int]:
        """The level that each criterion counts with: one lower from 3 on when there is no evidence for it."""
        return {name: level - self._unproven(name, level) for name, level in self.levels.items()}

    def _unproven(self, name: str, level: int) -> bool:
        return level >= UNPROVEN_FROM and len(words(self.evidence.get(name, ""))) < EVIDENCE

    @property
    def vote(self) -> Vote:
        """What was voted, or else the vote that the levels lead to.

        That is the middle one of the counted levels, the lower of two, and at most one above the lowest.
        """
        return self.said if self.said is not None else self._led_to()

    def _led_to(self) -> Vote:
        levels = sorted(self.counted.values())
        return Vote(min(levels[(len(levels) - 1) // 2], levels[0] + ABOVE_LOWEST))

    @property
    def because(self) -> list[str]:
        """How the vote came about, a line each."""
        lines = [self._line(name, level) for name, level in self.levels.items()]
        if self.said is not None:
            return [*lines, f"the {self.rater if self.rater == 'partner' else 'rater'} voted {self.said}"]
        lowest, told = min(self.counted.values()), sorted(self.counted.values())
        middle = told[(len(told) - 1) // 2]
        capped = f", held at one above the lowest, {lowest}" if middle > lowest + ABOVE_LOWEST else ""
        return [*lines, f"middle of {len(told)} {'level' if len(told) == 1 else 'levels'}: {middle}{capped}"]

    def _line(self, name: str, level: int) -> str:
        counts = self.counted[name]
        told = self.evidence.get(name, "").strip()
        if counts < level:
            return f"{name}: {level}, counts {counts}, since no evidence is written"
        return f"{name}: {level}" + (f" ({told})" if told else "")
