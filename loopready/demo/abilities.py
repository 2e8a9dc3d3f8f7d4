"""Who can do what in a demonstration class: an item response model, drawn from a seed.

The chance of a right answer is the two-parameter logistic model, P = 1 / (1 + exp(-a (ability - b))), with the
exercise's discrimination a and difficulty b (Birnbaum, in Lord and Novick, Statistical Theories of Mental Test
Scores, 1968). Who is not right leaves the cell blank or gives one of the kept wrong answers, likelier one that is
worth more the abler they are, in the spirit of Bock's nominal response model (Psychometrika 37, 1972). All figures
of this module are our judgement of what a class looks like, and no measurement of one.

Python's own generator is seeded by text, so one learner's draws do not depend on how many others there are.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loopready.cohort.kept import Kept

RIGHT, BLANK = "right", "blank"
FLAWS = ("renamed", "not a notebook", "exits", "copied cell", "misspelt", "imports", "warns")


@dataclass(frozen=True)
class Item:
    """An exercise as the model sees it: its parameters, and how readily each kept wrong answer comes up."""

    discrimination: float
    difficulty: float
    wrong: tuple[Kept, ...]
    lure: tuple[float, ...]

    def right(self, ability: float) -> float:
        """The chance of a right answer, 0 to 1."""
        return logistic(self.discrimination * (ability - self.difficulty))


@dataclass(frozen=True)
class Learner:
    """How one learner goes through the weeks: ability on a scale of standard deviations, and habits."""

    ability: float
    trend: float  # gained in ability each week
    bias: float  # levels by which they rate themselves higher than their instructor does
    haste: float  # the chance to hand in late
    last: int  # the last week in which anything comes, counted from 0
    rates: bool  # whether they press Save on the rating card

    def at(self, week: int) -> float:
        """The ability in a week, counted from 0."""
        return self.ability + self.trend * week


@dataclass(frozen=True)
class Attempt:
    """What one learner hands in for a week: an outcome for each exercise, and what goes wrong with the file.

    An outcome is RIGHT, BLANK or a kept wrong answer. `levels` are those that the instructor gives, by cell and
    dimension, `rated` those that the learner gave, empty where nothing was rated; `minutes_late` is 0 when on time.
    """

    outcomes: Mapping[str, str | Kept]
    levels: Mapping[str, Mapping[str, int]]
    rated: Mapping[str, Mapping[str, int]]
    minutes_late: int = 0
    flaw: str = ""
    written: frozenset[str] = field(default_factory=frozenset)


def items(week: str, exercises: Sequence[str], kept: Sequence[Kept], seed: int) -> dict[str, Item]:
    """The exercises of a week with their parameters; the first is the easiest."""
    return {name: _item(week, name, place, kept, seed) for place, name in enumerate(exercises)}


def _item(week: str, name: str, place: int, kept: Sequence[Kept], seed: int) -> Item:
    draw = random.Random(f"item {seed} {week} {name}")
    wrong = tuple(one for one in kept if one.exercise == name)
    return Item(
        discrimination=math.exp(draw.gauss(0.0, 0.6)),
        difficulty=-0.8 + 0.2 * place + draw.gauss(0, 0.45),
        wrong=wrong,
        lure=tuple(draw.gauss(0, 1.0) for _ in wrong),
    )


def learner(number: int, seed: int, weeks: int) -> Learner:
    """The learner of that number: most stay to the end, rate themselves a little high, and hand in on time."""
    draw = random.Random(f"learner {seed} {number}")
    ability = draw.gauss(0.2, 1.0)
    stays = draw.random() < logistic(2.6 + 0.8 * ability)
    return Learner(
        ability=ability,
        trend=draw.gauss(0.1, 0.25),
        # The weaker overrate themselves more, as self-assessments do (Kruger and Dunning, 1999).
        bias=draw.gauss(0.35 - 0.3 * ability, 0.45),
        haste=0.5 if draw.random() < 0.08 else 0.05,
        last=weeks if stays else draw.randrange(weeks),
        rates=draw.random() < 0.85,
    )


def attempt(
    who: Learner, number: int, place: int, items: Mapping[str, Item],
    rubrics: Mapping[str, Mapping[str, int]], seed: int,
) -> Attempt | None:  # fmt: skip
    """What a learner hands in for the week at `place`, counted from 0; None when nothing comes.

    `rubrics` has, by the cell that a person grades, each dimension and its top level.
    """
    draw = random.Random(f"attempt {seed} {number} {place}")
    if place > who.last or draw.random() < 0.04:
        return None
    able = who.at(place) + draw.gauss(0, 0.3)
    outcomes = {name: _outcome(item, able, spot, draw) for spot, (name, item) in enumerate(items.items())}
    written = frozenset(cell for cell in rubrics if draw.random() < logistic(3.0 + able))
    levels = {
        cell: {name: _level(able, top, draw) for name, top in rubrics[cell].items()} for cell in rubrics
    }
    rated = {
        cell: {name: _rated(levels[cell][name], top, who, draw) for name, top in rubrics[cell].items()}
        for cell in sorted(written)
        if who.rates
    }
    late = draw.random() < who.haste
    minutes = draw.choice((7, 25, 90, 240, 1500)) if late else 0
    flaw = draw.choice(FLAWS) if draw.random() < 0.06 else ""
    return Attempt(outcomes, levels, rated, minutes, flaw, written)


def _outcome(item: Item, able: float, spot: int, draw: random.Random) -> str | Kept:
    if draw.random() < item.right(able):
        return RIGHT
    # The evening ends before the notebook does.
    if draw.random() < logistic(-1.9 - 0.8 * able + 0.25 * spot):
        return BLANK
    best = max(one.score for one in item.wrong) or 1.0
    weights = [
        math.exp(lure + 0.8 * able * one.score / best)
        for lure, one in zip(item.lure, item.wrong, strict=True)
    ]
    return draw.choices(item.wrong, weights)[0]


def _level(able: float, top: int, draw: random.Random) -> int:
    """The level that an instructor gives, 1 to `top`."""
    return 1 + round((top - 1) * logistic(0.3 + 0.9 * able + draw.gauss(0, 0.6)))


def _rated(level: int, top: int, who: Learner, draw: random.Random) -> int:
    return min(max(round(level + who.bias + draw.gauss(0, 0.6)), 1), top)


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), 0 to 1."""
    return 1 / (1 + math.exp(-value))
