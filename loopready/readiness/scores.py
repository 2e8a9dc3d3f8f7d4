"""An area's readiness, the whole, the gaps, and the next best hour of work.

    seen = assess("L6", claims, shown, today)
    seen.overall, seen.weakest
    print(seen)                 # the gap list
    seen.next_hour              # what to do now

The formulas:

    readiness   r = (C c + sum of w s) / (C + sum of w), with c the mean of what the claims count, C their weight,
                and s, w the score and the weight of each shown thing
    learning    r(h) = 1 - (1 - r) exp(-h / t), with t chosen so that the roadmap's hours for the area lead from nothing
                to READY
    next hour   the area with the largest weight times dr/dh = (1 - r) / t

With the weights as they stand, which are the roadmap's shares of hours, weight / t is the same for all areas, so the
next hour goes where readiness is lowest. That suits a loop in which each round must pass. The learning curve is a
model, not a measurement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import exp, isfinite, log

from loopready.course import CourseError
from loopready.readiness.areas import AREAS, Area, Work, found, known_level, weights
from loopready.readiness.evidence import CLAIMS, Claim, Shown

READY = 0.8  # our judgement of enough


@dataclass(frozen=True)
class Gap:
    """One area as it stands: its readiness, its weight, what one more hour adds to the whole, hours until READY.

    `work` is what to do first, None where all that the course has for it is done.
    """

    area: Area
    readiness: float
    weight: float
    gain: float
    hours: float
    work: Work | None

    def __str__(self) -> str:
        left = f"{self.hours:.0f} h to {READY:.0%}" if self.hours else "ready"
        return (
            f"{self.area.name:<24} {self.readiness:>4.0%}  {left:<12} +{100 * self.gain:.2f} points an hour"
        )


@dataclass(frozen=True)
class Assessment:
    """What speaks for a candidate at `level` on the day `today`; `weighs` are the areas' weights, adding up to 1."""

    level: str
    claims: tuple[Claim, ...]
    shown: tuple[Shown, ...]
    today: date
    weighs: Mapping[str, float]

    def claimed(self, area: Area) -> float:
        """The mean of what the claims of an area count, over all that is asked, from 0 to 1."""
        counts = {claim.statement: claim.counts for claim in self.claims}
        asked = area.asked(self.level)
        return sum(counts.get(one.key, 0.0) for one in asked) / len(asked)

    def readiness(self, area: Area) -> float:
        """An area's readiness, from 0 to 1; the formula is above."""
        seen = [(one.score, one.weight(self.today)) for one in self.shown if one.area == area.key]
        total = CLAIMS * self.claimed(area) + sum(score * weight for score, weight in seen)
        return total / (CLAIMS + sum(weight for _, weight in seen))

    @property
    def overall(self) -> float:
        """The areas' readiness by their weights, from 0 to 1."""
        return sum(gap.weight * gap.readiness for gap in self.gaps)

    @cached_property
    def by_area(self) -> dict[str, float]:
        """Each area's readiness, by its key, in the order of AREAS."""
        return {area.key: self.readiness(area) for area in AREAS}

    @property
    def weakest(self) -> Area:
        """The area with the lowest readiness: a loop fails at its weakest round."""
        return min(self.gaps, key=lambda gap: round(gap.readiness, 9)).area

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Every area, the one whose next hour adds most first."""
        return tuple(sorted(map(self._gap, AREAS), key=lambda gap: (-round(gap.gain, 9), -gap.weight)))

    def _gap(self, area: Area) -> Gap:
        readiness, pace = self.by_area[area.key], tau(area, self.level)
        weight = self.weighs[area.key]
        left = max(0.0, pace * log((1 - readiness) / (1 - READY))) if readiness < READY else 0.0
        done = {one.what for one in self.shown}
        work = next((one for one in area.work if one.where not in done), None)
        return Gap(area, readiness, weight, weight * (1 - readiness) / pace, left, work)

    @property
    def next_hour(self) -> Gap | None:
        """The gap on which the next hour is spent best; None where nothing that counts is below READY."""
        return next((gap for gap in self.gaps if gap.readiness < READY and gap.weight), None)

    @property
    def headline(self) -> str:
        """One sentence: the whole, the weakest area, and what to do next."""
        weakest = self.weakest
        lowest = f"weakest is {weakest.name} with {self.by_area[weakest.key]:.0%}"
        said = f"{self.overall:.0%} ready for {self.level}; {lowest}"
        if not (gap := self.next_hour):
            return f"{said}. Nothing that counts is below {READY:.0%}: rehearse, and rest."
        what = (
            f"{gap.work.says} ({gap.work.where})"
            if gap.work
            else "the course has no more for it: a mock with a partner"
        )
        return f"{said}. Next: {gap.area.name}, {what}."

    def __str__(self) -> str:
        return "\n".join([self.headline, "", *map(str, self.gaps)])

    __repr__ = __str__


def tau(area: Area, level: str) -> float:
    """Hours in which the distance to 1 shrinks by e, if the roadmap's hours lead from 0 to READY."""
    return area.hours[level] / log(1 / (1 - READY))


def after(readiness: float, hours: float, area: Area, level: str) -> float:
    """The readiness of an area after `hours` more, by the learning curve.

    >>> round(after(0.0, found("coding").hours["L6"], found("coding"), "L6"), 3)
    0.8
    """
    return 1 - (1 - readiness) * exp(-hours / tau(area, level))


def assess(
    level: str,
    claims: Iterable[Claim] = (),
    shown: Iterable[Shown] = (),
    today: date | None = None,
    weighs: Mapping[str, float] | None = None,
) -> Assessment:
    """What claims and shown things come to at `level`; the last claim for a statement counts.

    `weighs` changes weights by area; they are scaled to add up to 1. Raises CourseError for a level, an area or a
    weight that there is not.
    """
    last = {claim.statement: claim for claim in claims}
    given = _scaled({**weights(known_level(level)), **(weighs or {})})
    return Assessment(level, tuple(last.values()), tuple(shown), today or date.today(), given)


def _scaled(given: Mapping[str, float]) -> dict[str, float]:
    for key, weight in given.items():
        found(key)
        if isinstance(weight, bool) or not isfinite(weight) or weight < 0:
            raise CourseError(f"the weight of {key} is a number from 0 up; got {weight!r}")
    if not (total := sum(given.values())):
        raise CourseError("all weights are 0: give at least one area a weight")
    return {key: weight / total for key, weight in given.items()}
