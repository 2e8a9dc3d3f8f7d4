"""What speaks for somebody: claims, which they make, and shown things, which were done; and how much each counts.

The rules, all our judgement and all data here:
- a claim counts half without evidence, four fifths with evidence in words, whole with a figure in it;
- what is not answered counts as not yet;
- a shown thing weighs by its kind, and loses half of its weight in HALF_LIFE days.
"""

from dataclasses import dataclass
from datetime import date
from math import isfinite

from loopready.course import CourseError
from loopready.readiness.areas import AREAS, SCALE, found
from loopready.words import figures, words

UNPROVEN, TOLD, MEASURED = 0.5, 0.8, 1.0
SENTENCE = 5  # words from which on a text is evidence
HALF_LIFE = 120.0  # days

# How much one shown thing weighs, where one claim's worth of an area is CLAIMS.
KINDS = {
    "exercise": 1.0,  # a section of a week, graded by its tests
    "rating": 0.5,  # what one gave oneself for a story or a design
    "bank": 1.0,  # how far the story bank is filled
    "mock alone": 1.5,  # a round of a mock, rated by oneself
    "mock with a partner": 3.0,
}
CLAIMS = 2.0  # what all claims of an area weigh together, against the shown things
_KEYS = {one.key for area in AREAS for one in area.statements}


@dataclass(frozen=True)
class Claim:
    """One answer: the statement's key, a level of SCALE from 0 to 3, and the evidence in the learner's words."""

    statement: str
    level: int
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.statement not in _KEYS:
            raise CourseError(f"no statement is called {self.statement!r}; see loopready.readiness.areas")
        if type(self.level) is not int or not 0 <= self.level < len(SCALE):
            raise CourseError(f"an answer is a whole number from 0 to {len(SCALE) - 1}; got {self.level!r}")

    @property
    def proof(self) -> float:
        """How much of the claim counts: UNPROVEN, TOLD or MEASURED."""
        if len(words(self.evidence)) < SENTENCE:
            return UNPROVEN
        return MEASURED if figures(self.evidence) else TOLD

    @property
    def counts(self) -> float:
        """What the claim counts, from 0 to 1.

        >>> Claim("quiet", 3).counts, Claim("quiet", 3, "from eleven calls a week to two in 2023").counts
        (0.5, 1.0)
        """
        return self.level / (len(SCALE) - 1) * self.proof


@dataclass(frozen=True)
class Shown:
    """One thing that was done: its area, a kind of KINDS, what it was, its score from 0 to 1, and the day.

    `what` is where the work lies ("week-02: 5. Katas"), so that the same work is not proposed again.
    """

    area: str
    kind: str
    what: str
    score: float
    on: date

    def __post_init__(self) -> None:
        found(self.area)
        if self.kind not in KINDS:
            raise CourseError(f"no kind of evidence is called {self.kind!r}; there are {', '.join(KINDS)}")
        if not isfinite(self.score) or not 0 <= self.score <= 1:
            raise CourseError(f"{self.what}: a score is from 0 to 1; got {self.score!r}")

    def weight(self, today: date) -> float:
        """What it weighs on a day; a day in the future, as after a clock was moved back, counts as today."""
        return KINDS[self.kind] * 0.5 ** (max(0, (today - self.on).days) / HALF_LIFE)
