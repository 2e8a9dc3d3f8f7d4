"""Where a learner stands, gathered from the learner's own file: hours, weeks, stories, ratings, mocks, review.

    mine = progress()
    print(mine)

Before anything is there, a made-up learner stands in, who is called so.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from loopready import course
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.coverage import STORIES, coverage
from loopready.planning import mocks
from loopready.planning.hours import ACTIVITIES, QUARTERS, total
from loopready.planning.mocks import Held
from loopready.planning.plans import Plan, Plans
from loopready.planning.points import Points
from loopready.planning.schedule import monday, schedule
from loopready.planning.targets import Week, weeks
from loopready.planning.telling import said
from loopready.planning.wishes import wish
from loopready.readiness.answers import Answers

KNOWN = 0.9  # chance of knowing it now from which on a card counts as known; the scheduler's own aim


@dataclass(frozen=True)
class Rated:
    """A story's ratings: its title, the mean over the dimensions when it was first rated and now, of 5."""

    title: str
    first: float
    last: float


@dataclass(frozen=True)
class Progress:
    """Where a learner stands on `today`. `trouble` is the line of what kept it from being read.

    `planned` are the hours that should be done by today: what counted as done when the plan was made, and what it has
    for the days since. `points` are (points, out of) by week, from its last grading; `stories` the days on which
    those that are written were begun; `review` minutes by the Monday of a calendar week; `cards` how many are known,
    asked so far, and there; `answers` how many statements of the self-assessment are answered.
    """

    today: date
    level: str = "L6"
    interview: date | None = None
    weeks: tuple[Week, ...] = ()
    planned: float = 0.0
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    stories: tuple[date, ...] = ()
    thin: tuple[str, ...] = ()
    ratings: tuple[Rated, ...] = ()
    mocks: tuple[Held, ...] = ()
    review: dict[date, float] = field(default_factory=dict)
    cards: tuple[int, int, int] = (0, 0, 0)
    answers: int = 0
    made_up: bool = False
    trouble: str = ""

    @property
    def done(self) -> float:
        """Hours worked, without review."""
        return sum(week.minutes.total() for week in self.weeks) / 60

    @property
    def empty(self) -> bool:
        """If there is nothing at all."""
        held = (self.weeks, self.points, self.stories, self.ratings, self.mocks, self.review, self.answers)
        return not any(held) and not self.trouble

    @property
    def lines(self) -> list[str]:
        """All of it in words, a sentence a line."""
        if self.trouble:
            return [self.trouble]
        first = ["Nothing of yours yet. This is a made-up learner's progress, to show the pictures."]
        return (first if self.made_up else []) + [
            _when(self),
            hours_line(self),
            points_line(self),
            stories_line(self),
            mocks_line(self),
            review_line(self),
            answers_line(self),
        ]

    def __str__(self) -> str:
        return "\n".join(line for line in self.lines if line)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": str(self)}


def _when(one: Progress) -> str:
    if one.interview is None:
        return "No plan yet: make one on the start page, or with loopready plan."
    days = (one.interview - one.today).days
    left = f"in {days} day{'s' * (days != 1)}" if days > 0 else "today" if days == 0 else "over"
    return f"{one.level} interview on {said(one.interview)}, {left}."


def hours_line(one: Progress) -> str:
    """Hours worked against the roadmap and the plan.

    Up to half an hour either way is as planned.
    """
    done = f"{one.done:.0f} of the roadmap's {total(one.level)} hours are done"
    gap = one.done - one.planned
    if not one.planned:
        return f"{done}."
    if abs(gap) < 0.5:
        return f"{done}, as planned."
    return f"{done}, {abs(gap):.0f} {'ahead of' if gap > 0 else 'behind'} the plan."


def points_line(one: Progress) -> str:
    """The points of the weeks that were graded."""
    if not one.points:
        return "No week is graded yet."
    points, out_of = (sum(pair[place] for pair in one.points.values()) for place in (0, 1))
    weeks_ = f"{len(one.points)} week{'s' * (len(one.points) > 1)}"
    return f"{weeks_} graded: {points:g} of {out_of:g} points."


def stories_line(one: Progress) -> str:
    """The stories against the process guide's number, and how their ratings went."""
    told = f"{len(one.stories)} of {STORIES[0]} to {STORIES[1]} stories are written"
    if one.ratings:
        first, last = (
            sum(each) / len(one.ratings)
            for each in zip(*((r.first, r.last) for r in one.ratings), strict=True)
        )
        told += f"; those rated went from {first:.1f} to {last:.1f} of 5"
    return f"{told}."


def mocks_line(one: Progress) -> str:
    """The mocks that were held."""
    hours = sum(held.minutes for held in one.mocks) / 60
    count = len(one.mocks)
    return f"{count} mock{'s' * (count != 1)} held, {hours:.0f} hours." if count else "No mock held yet."


def review_line(one: Progress) -> str:
    """The recap cards."""
    known, asked, there = one.cards
    if not asked:
        return "No recap card was asked yet."
    minutes = sum(one.review.values())
    return (
        f"{asked} of {there} recap cards were asked, {known} are known by now; {minutes:.0f} minutes in all."
    )


def answers_line(one: Progress) -> str:
    """The answers of the self-assessment; empty for none."""
    count = f"{one.answers} statement{'s are' if one.answers > 1 else ' is'}" if one.answers else ""
    return count and f"{count} answered in the self-assessment."


def progress(path: Path | str | None = None, root: Path | None = None) -> Progress:
    """The learner's own progress; a made-up learner's, called so, as long as there is nothing."""
    try:
        root = root or course.root()
        path = path or course.learner_folder(root) / "loopready.db"
        mine = gathered(Plans(path), root)
    except CourseError as error:
        return Progress(datetime.now(UTC).astimezone().date(), trouble=str(error))
    return made_up() if mine.empty else mine


def gathered(plans: Plans, root: Path) -> Progress:
    """What the file of `plans` holds. Raises CourseError when it cannot be read."""
    path, plan = plans.store.path, plans.current()
    bank = [kept for kept in Bank(path).stories()]
    covered = coverage(kept.story for kept in bank)
    written = [kept for kept in bank if kept.story in covered.written]
    begun = _begun(path)
    review, cards = _reviewed(path, root)
    return Progress(
        plans.today,
        plan.wish.level if plan else "L6",
        plan.wish.interview if plan else None,
        tuple(weeks(plans)),
        _due(plan, plans.today) if plan else 0.0,
        {week: (one.points, one.out_of) for week, one in Points(path).latest().items()},
        tuple(sorted(begun.get(kept.id, kept.begun_at.astimezone().date()) for kept in written)),
        tuple(covered.thin),
        _rated(path, {kept.id: kept.story.title for kept in bank}),
        tuple(mocks.held(path)),
        review,
        cards,
        len(Answers(path).claims()),
    )


def _due(plan: Plan, today: date) -> float:
    by_now = sum(day.quarters for day in plan.days if day.day < today)
    return (sum(plan.done.values()) + by_now) / QUARTERS


def _begun(path: Path) -> dict[str, date]:
    with Bank(path).store.reading(2) as database:
        rows = database.execute("SELECT id, made_at FROM story").fetchall() if database else []
    return {id: datetime.fromisoformat(moment).astimezone().date() for id, moment in rows}


def _rated(path: Path, titles: dict[str, str]) -> tuple[Rated, ...]:
    query = "SELECT subject, dimension, level, out_of FROM rating WHERE kind = 'story' ORDER BY id"
    with Bank(path).store.reading(1) as database:
        rows = database.execute(query).fetchall() if database else []
    levels: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for subject, dimension, level, out_of in rows:
        levels[subject][dimension].append(5 * level / out_of)
    means = {
        subject: [sum(said[place] for said in by.values()) / len(by) for place in (0, -1)]
        for subject, by in levels.items()
        if subject in titles
    }
    return tuple(Rated(titles[subject] or "one without a title", *pair) for subject, pair in means.items())


def _reviewed(path: Path, root: Path) -> tuple[dict[date, float], tuple[int, int, int]]:
    from loopready.recap.decks import deck
    from loopready.recap.reviews import Reviews

    reviews, cards = Reviews(path), deck(root)
    minutes: dict[date, float] = {}
    for one in reviews.answers():
        week = monday(one.said_at.astimezone().date())
        minutes[week] = minutes.get(week, 0.0) + one.seconds / 60
    chances = reviews.recalled(cards)
    return minutes, (sum(chance >= KNOWN for chance in chances.values()), len(chances), len(cards))


def made_up() -> Progress:
    """A learner who does not exist, 15 weeks into a plan for L6: the same at every call."""
    start, today = date(2025, 1, 6), date(2025, 4, 23)
    chosen = wish("2025-07-07", "L6", 12, ["sat"], start)
    plan = Plan(1, "made-up", start, datetime(2025, 1, 6, tzinfo=UTC), chosen, schedule(chosen, start))
    share = (1, 0.9, 1.1, 0.8, 1, 0, 0.9, 1.2, 1, 0.7, 1, 0.4, 1, 1.1, 0.9, 0.5)
    by_week: dict[date, list] = defaultdict(list)
    for day in plan.days:
        by_week[day.monday].append(day)
    every = [Week(each, tuple(days)) for each, days in by_week.items()]
    for week, part in zip(every, share, strict=False):
        week.minutes.update({name: round(15 * part * week.planned[name]) for name in ACTIVITIES})
    days = [start + timedelta(days=8 * place) for place in range(9)]
    kinds = ("Coding", "System design", "People management", "Bar Raiser", "System design")
    held = [
        Held(
            kind,
            60.0 if kind != "Bar Raiser" else 75.0,
            datetime(2025, 2, 10, 18, tzinfo=UTC) + timedelta(days=16 * n),
        )
        for n, kind in enumerate(kinds)
    ]
    points = {
        "week-01": (22.0, 24.0),
        "week-02": (24.5, 26.0),
        "week-03": (19.0, 25.0),
        "week-04": (24.0, 25.0),
    }
    titles = (
        "The queue nobody owned",
        "The night of the outage",
        "A hard review",
        "The team that said no",
        "Late",
    )
    ratings = tuple(
        Rated(title, first, last)
        for title, first, last in zip(
            titles, (2.4, 3.0, 2.2, 3.4, 2.6), (3.8, 4.2, 3.0, 4.4, 2.6), strict=True
        )
    )
    review = {start + timedelta(weeks=place): 18.0 + 7 * (place % 3) for place in range(16) if place != 5}
    return Progress(
        today, "L6", chosen.interview, tuple(every), _due(plan, today), points, tuple(days),
        ("Frugality", "Think Big"), ratings, tuple(held), review, (33, 41, 69), made_up=True,
    )  # fmt: skip
