"""A wish turned into days: how many quarters of an hour, of which activity, on which weeks of the course.

Pure arithmetic on whole quarters of an hour, so that the hours add up:
the hours planned are the roadmap's for the level, less what is done, or all the time there is when that is less.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby, islice, pairwise

from loopready.planning.hours import ACTIVITIES, quarters
from loopready.planning.topics import SIX, TOPICS, fitting
from loopready.planning.wishes import Wish

# Quarters of an hour that are worth sitting down for.
BLOCKS = {"design": 2, "coding": 2, "stories": 2, "mocks": 4}


@dataclass(frozen=True)
class Day:
    """What is planned for one day: quarters of an hour by activity, and the weeks of the course they go to."""

    day: date
    work: Mapping[str, int]
    topics: tuple[int, ...]

    @property
    def quarters(self) -> int:
        """The quarters of an hour of the day."""
        return sum(self.work.values())

    @property
    def monday(self) -> date:
        """The first day of its calendar week."""
        return monday(self.day)

    def to_dict(self) -> dict:
        """As plain data, for `from_dict`."""
        return {"day": self.day.isoformat(), "work": dict(self.work), "topics": list(self.topics)}

    @classmethod
    def from_dict(cls, data: dict) -> "Day":
        """What `to_dict` wrote."""
        return cls(date.fromisoformat(data["day"]), data["work"], tuple(data["topics"]))


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def room(wish: Wish, since: date) -> dict[date, int]:
    """The quarters of an hour that there are on each day that has any, from `since` to the interview."""
    days = (since + timedelta(days=place) for place in range((wish.interview - since).days))
    return {day: there for day in days if (there := wish.room(day))}


def left(level: str, done: Mapping[str, int]) -> dict[str, int]:
    """The roadmap's quarters of an hour for a level by activity, less those `done`; never below zero."""
    return {name: max(0, whole - done.get(name, 0)) for name, whole in quarters(level).items()}


def schedule(
    wish: Wish, since: date, done: Mapping[str, int] | None = None, topics_done: Collection[int] = ()
) -> tuple[Day, ...]:
    """The days on which there is work, in order.

    `done` are quarters of an hour by activity that count as worked, `topics_done` the weeks of the course.
    With more time than is needed, each week gets its share, and its first days are filled before its last ones.
    """
    wanted, there = left(wish.level, done or {}), room(wish, since)
    planned = shared(wanted, min(sum(wanted.values()), sum(there.values())))
    filled = _filled(there, sum(planned.values()))
    enough = sum(planned.values()) == sum(wanted.values())
    topics = fitting(wish.level, sum(planned.values()), enough, topics_done)
    by_day, queue, begun = [], iter(_queue(planned)), 0
    for _, days in groupby(filled.items(), key=lambda item: monday(item[0])):
        week = list(days)
        # Of one kind after the other, so that an evening holds one thing or two.
        order = sorted(islice(queue, sum(count for _, count in week)), key=list(ACTIVITIES).index)
        for day, count in week:
            work, order = Counter(order[:count]), order[count:]
            by_day.append(Day(day, dict(work), _covered(topics, begun, count, sum(planned.values()))))
            begun += count
    return tuple(by_day)


def left_out(days: Collection[Day], level: str, topics_done: Collection[int] = ()) -> tuple[int, ...]:
    """The numbers of the weeks of the course that the days have no room for."""
    held = {number for day in days for number in day.topics} | set(topics_done)
    return tuple(one.number for one in TOPICS if one.number not in held)


def squeezed(days: Collection[Day]) -> bool:
    """If even the six-week plan has less time than its lessons take."""
    asked = sum(
        sum(TOPICS[number - 1].minutes) for number in {n for day in days for n in day.topics} & set(SIX)
    )
    return not days or sum(day.quarters for day in days) * 15 < asked


def shared(wanted: Mapping[str, int], planned: int) -> dict[str, int]:
    """`planned` quarters of an hour in the proportions of `wanted`, by the largest remainders.

    >>> shared({"design": 400, "coding": 320, "stories": 240, "mocks": 160}, 7)
    {'design': 3, 'coding': 2, 'stories': 1, 'mocks': 1}
    """
    whole = sum(wanted.values()) or 1
    parts = {name: amount * planned // whole for name, amount in wanted.items()}
    most_short = sorted(wanted, key=lambda name: -(wanted[name] * planned % whole))
    for name in most_short[: planned - sum(parts.values())]:
        parts[name] += 1
    return parts


def _filled(there: Mapping[date, int], planned: int) -> dict[date, int]:
    """The quarters of an hour of each day: each week its share of `planned`, its first days filled first."""
    weeks = [list(days) for _, days in groupby(there, key=monday)]
    whole = sum(there.values()) or 1
    ends = accumulate((sum(there[day] for day in week) for week in weeks), initial=0)
    shares = [end * planned // whole for end in ends]
    filled = {}
    for week, (before, after) in zip(weeks, pairwise(shares), strict=True):
        rest = after - before
        for day in week:
            if taken := min(rest, there[day]):
                filled[day] = taken
            rest -= taken
    return filled


def _queue(planned: Mapping[str, int]) -> list[str]:
    """The activity of each quarter of an hour, in order: mocks few at first and many at the end, the rest even.

    The share of mocks that is done by the time x, from 0 to 1, is (1 - b) x + b x^2, with b as near to 1 as leaves
    the others something to do; the rest of the time is theirs in their proportions. Each block goes to the
    activity that is furthest behind its curve.
    """
    whole, mocks = sum(planned.values()), planned["mocks"]
    others = whole - mocks
    bend = min(1.0, others / mocks) if mocks else 0.0
    order: list[str] = []
    done = dict.fromkeys(planned, 0)
    while len(order) < whole:
        x = (len(order) + 1) / whole
        by_now = mocks * ((1 - bend) * x + bend * x * x)
        curve = {name: (x * whole - by_now) * amount / (others or 1) for name, amount in planned.items()}
        curve["mocks"] = by_now
        open_ones = [name for name in planned if done[name] < planned[name]]
        chosen = max(open_ones, key=lambda name: (curve[name] - done[name]) / BLOCKS[name])
        block = min(BLOCKS[chosen], planned[chosen] - done[chosen])
        done[chosen] += block
        order += [chosen] * block
    return order


def _covered(topics: tuple[int, ...], begun: int, count: int, whole: int) -> tuple[int, ...]:
    """The weeks of the course on which the quarters from `begun` on fall, when each week gets the same share."""
    if not topics:
        return ()
    first, last = begun * len(topics) // whole, (begun + count - 1) * len(topics) // whole
    return topics[first : last + 1]
