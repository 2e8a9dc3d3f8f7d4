"""What has been shown: stories, ratings, points and mocks, as records that the engine takes.

of_bank(Bank())                     # how far the bank is filled, and what its ratings say
of_points("week-02", {"servers": (3, 4)}, day, sections)
of_cards(cards, day)                # the scorecards of mock rounds
gathered(Bank())                    # all that the learner's file shows
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from loopready.bank import Bank
from loopready.course import root
from loopready.coverage import STORIES, coverage
from loopready.planning.points import Points
from loopready.principles import slug
from loopready.process.scorecards import Scorecard
from loopready.ratings import Rating, Ratings
from loopready.readiness.evidence import Shown
from loopready.revisions import Kept

# Which area a section of a week speaks for; week 2's estimates are about staying up.
_SECTIONS = {"4": "design", "5": "coding", "6": "design", "7": "stories"}
_ELSEWHERE = {("week-02", "4"): "operations", ("week-02", "6"): "operations"}
# Which area a story speaks for besides `stories`, by its main principle.
_PRINCIPLES = {
    "hire-and-develop-the-best": "people",
    "earn-trust": "people",
    "strive-to-be-earths-best-employer": "people",
    "have-backbone-disagree-and-commit": "direction",
    "think-big": "direction",
    "invent-and-simplify": "direction",
    "customer-obsession": "direction",
    "are-right-a-lot": "direction",
    "deliver-results": "delivery",
    "bias-for-action": "delivery",
    "frugality": "delivery",
    "dive-deep": "operations",
    "insist-on-the-highest-standards": "operations",
}
_FOCUSES = {
    "screen": "stories",
    "coding": "coding",
    "design": "design",
    "people": "people",
    "direction": "direction",
    "bar raiser": "stories",
    "hiring manager": "delivery",
}
_HEADING = re.compile(r"^## (\d+)\. (.+)$")
_EXERCISE = re.compile(r"^(?::tests:|:manual:) ([\w-]+)$|^\+\+\+ \{\"(?:manual|task)\": \"([\w-]+)\"")


class Graded(Protocol):
    """A week's grading, as whoever keeps one has it."""

    week: str
    exercises: Mapping[str, tuple[float, float]]
    said_at: datetime


def sections(lesson: Path) -> dict[str, str]:
    """The section of each graded exercise of a lesson: {"top-k-tests": "5. Katas"}."""
    found, section = {}, ""
    for line in lesson.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.match(line):
            section = f"{heading[1]}. {heading[2]}"
        elif exercise := _EXERCISE.match(line):
            found[exercise[1] or exercise[2]] = section
    return found


def of_points(
    week: str, points: Mapping[str, tuple[float, float]], on: date, sections: Mapping[str, str]
) -> list[Shown]:
    """A graded week: a record for each section, with the share of its points that was earned.

    `points` has (points, out of) by exercise, as a cell is named or as a report says it; `sections` is what `sections`
    gives for the week's lesson. An exercise that the lesson does not have is left out.
    """
    sums: dict[str, tuple[float, float]] = {}
    for exercise, (earned, out_of) in points.items():
        name = exercise.replace(" ", "-")
        if section := sections.get(name) or sections.get(f"{name}-tests"):
            before = sums.get(section, (0.0, 0.0))
            sums[section] = before[0] + earned, before[1] + out_of
    return [
        Shown(area, "exercise", f"{week}: {section}", min(1.0, max(0.0, earned / out_of)), on)
        for section, (earned, out_of) in sums.items()
        if out_of and (area := _area(week, section))
    ]


def of_gradings(gradings: Iterable[Graded], lessons: Path) -> list[Shown]:
    """Weeks that were graded at home, read beside the lessons in the folder `lessons`; see `of_points`."""
    return [
        shown
        for one in gradings
        if (lesson := lessons / f"{one.week}.md").exists()
        for shown in of_points(one.week, one.exercises, one.said_at.date(), sections(lesson))
    ]


def _area(week: str, section: str) -> str | None:
    number = section.partition(".")[0]
    return _ELSEWHERE.get((week, number)) or _SECTIONS.get(number)


def of_bank(bank: Bank, today: date) -> list[Shown]:
    """How far the bank is filled, and the last ratings of its stories, for `stories` and for what each is about."""
    kept = bank.stories()
    seen = coverage(one.story for one in kept)
    if not seen.written:
        return []
    filled = min(1.0, len(seen.written) / STORIES[0])
    ratings = Ratings(bank.path)
    rated = [shown for one in kept for shown in _of_story(one, ratings.latest(("story", one.id)))]
    return [Shown("stories", "bank", "story-bank", filled, today), *rated]


def _of_story(kept: Kept, rated: Mapping[str, Rating]) -> list[Shown]:
    if not rated:
        return []
    score, on = _mean(rated.values()), max(one.said_at for one in rated.values()).date()
    about = _PRINCIPLES.get(slug(kept.story.principles[0])) if kept.story.principles else None
    return [Shown(area, "rating", f"story: {kept.id}", score, on) for area in ("stories", about) if area]


def of_designs(ratings: Ratings) -> list[Shown]:
    """The last ratings of each design that was rated."""
    shown = []
    for subject in ratings.subjects("design"):
        rated = ratings.latest(("design", subject)).values()
        on = max(one.said_at for one in rated).date()
        shown.append(Shown("design", "rating", f"design: {subject}", _mean(rated), on))
    return shown


def _mean(rated: Iterable[Rating]) -> float:
    """Levels as a score: the lowest is 0, the highest 1."""
    scores = [(one.level - 1) / (one.out_of - 1) for one in rated]
    return sum(scores) / len(scores)


def of_cards(cards: Iterable[Scorecard], on: date) -> list[Shown]:
    """Rounds of mocks: each speaks for its own area and for being in the room; a round with a vote alone does too."""
    shown = []
    for card in cards:
        levels = list(card.counted.values()) or [int(card.vote)]
        score = sum((level - 1) / 3 for level in levels) / len(levels)
        kind = "mock with a partner" if card.rater == "partner" else "mock alone"
        day = card.at.date() if card.at else on
        what = f"mock: {card.of.name}"
        shown += [Shown(area, kind, what, score, day) for area in (_FOCUSES[card.of.focus], "room")]
    return shown


def _of_mock_loop(path: Path) -> list[Shown]:
    from loopready.mocks.held import cards

    return [shown for card in cards(path) for shown in of_cards([card], card.at.date())]


# A room that keeps more of the kind adds a function here, from the learner's file to what it shows.
sources: list[Callable[[Path], Iterable[Shown]]] = [_of_mock_loop]


def gathered(bank: Bank, today: date) -> list[Shown]:
    """All that the learner's file shows on a day: stories, ratings, graded weeks, and what the `sources` have."""
    weeks = of_gradings(Points(bank.path).latest().values(), root() / "lessons")
    more = [shown for source in sources for shown in source(bank.path)]
    return [*of_bank(bank, today), *of_designs(Ratings(bank.path)), *weeks, *more]
