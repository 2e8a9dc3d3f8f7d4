"""What was done in each calendar week, beside what was planned and what the roadmap asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from loopready.bank import Bank
from loopready.migrations import since, stories
from loopready.planning import mocks
from loopready.planning.hours import ACTIVITIES, rounded, target
from loopready.planning.plans import Plans
from loopready.planning.points import Points, first_solved, is_kata
from loopready.planning.schedule import Day, monday
from loopready.store import Store


@dataclass(frozen=True)
class Week:
    """One calendar week: quarters of an hour planned, minutes worked, and pieces done, each by activity.

    `quarters` are those worked: of all weeks together they are the sum of all minutes, rounded once.
    """

    monday: date
    days: tuple[Day, ...]
    minutes: Counter = field(default_factory=Counter)
    pieces: Counter = field(default_factory=Counter)
    quarters: int = 0

    @property
    def planned(self) -> Counter:
        """Quarters of an hour planned, by activity."""
        planned: Counter = Counter()
        for day in self.days:
            planned.update(day.work)
        return planned

    @property
    def topics(self) -> tuple[int, ...]:
        """The weeks of the course that are planned for it."""
        return tuple(sorted({number for day in self.days for number in day.topics}))

    @property
    def missed(self) -> bool:
        """If there was a plan and nothing was done."""
        return bool(self.days) and not self.minutes.total() and not self.pieces.total()

    def targets(self, level: str) -> dict[str, float]:
        """Pieces at the roadmap's pace, for the hours that are planned."""
        return {activity: target(activity, level, self.planned[activity]) for activity in ACTIVITIES}


def weeks(plans: Plans) -> list[Week]:
    """Every calendar week from the first in which anything was planned or done to the interview's, without gaps."""
    days, minutes, pieces = plans.days(), *done(plans)
    mondays = {day.monday for day in days} | set(minutes) | set(pieces)
    if current := plans.current():
        mondays |= {monday(current.since), monday(current.wish.interview)}
    if not mondays:
        return []
    count = (max(mondays) - min(mondays)).days // 7 + 1
    every = [min(mondays) + timedelta(weeks=place) for place in range(count)]
    by_week: dict[date, list[Day]] = {}
    for day in days:
        by_week.setdefault(day.monday, []).append(day)
    worked = [minutes.get(each, Counter()) for each in every]
    ends = [rounded(sum_) for sum_ in accumulate((each.total() for each in worked), initial=0)]
    return [
        Week(each, tuple(by_week.get(each, ())), did, pieces.get(each, Counter()), after - before)
        for each, did, (before, after) in zip(every, worked, pairwise(ends), strict=True)
    ]


def done(plans: Plans) -> tuple[dict[date, Counter], dict[date, Counter]]:
    """Minutes worked and pieces done, by activity, for the Monday of each calendar week.

    Pieces are what the learner added, and what the course saw: katas with all their points, stories begun in the
    bank, designs rated, mocks held.
    """
    minutes: dict[date, Counter] = {}
    pieces: dict[date, Counter] = {}
    for one in plans.work():
        minutes.setdefault(monday(one.on), Counter())[one.activity] += one.minutes
        if one.pieces:
            pieces.setdefault(monday(one.on), Counter())[one.activity] += one.pieces
    for one in mocks.held(plans.store.path):
        minutes.setdefault(_week(one.when), Counter())["mocks"] += round(one.minutes)
    for activity, moments in _seen(plans).items():
        for moment in moments:
            pieces.setdefault(_week(moment), Counter())[activity] += 1
    return minutes, pieces


def _seen(plans: Plans) -> dict[str, Iterable[datetime]]:
    """When the course saw a piece done, by activity."""
    path = plans.store.path
    katas = [at for (_, name), at in first_solved(Points(path).all()).items() if is_kata(name)]
    held = [one.when for one in mocks.held(path)]
    return {"design": _designs(path), "coding": katas, "stories": _stories(path), "mocks": held}


def _stories(path: object) -> Sequence[datetime]:
    with Bank(path).store.reading(since(stories)) as database:
        rows = database.execute("SELECT made_at FROM story WHERE away = 0").fetchall() if database else []
    return [datetime.fromisoformat(moment) for (moment,) in rows]


def _designs(path: object) -> Sequence[datetime]:
    query = "SELECT min(said_at) FROM rating WHERE kind = 'design' GROUP BY subject"
    with Store(path).reading(1) as database:
        rows = database.execute(query).fetchall() if database else []
    return [datetime.fromisoformat(moment) for (moment,) in rows]


def _week(moment: datetime) -> date:
    return monday(moment.astimezone().date())
