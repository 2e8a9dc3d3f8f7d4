"""The learner's plans, and what was done: in the one file of `loopready.store`, and only ever added to.

    plans = Plans()
    plans.make(wish("2027-03-01", "L6", 10, ["sat"], today))
    plans.worked("coding", 90, pieces=2)
    plans.again()

A plan holds from its day on. Another one takes over from its own day, with what was done counted; the days before
stay as they were planned then.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from loopready.course import CourseError
from loopready.migrations import plans as plans_step
from loopready.migrations import since as since_schema
from loopready.planning import mocks
from loopready.planning.hours import ACTIVITIES, rounded
from loopready.planning.schedule import Day, left, left_out, schedule, shared
from loopready.planning.topics import TOPICS, topic
from loopready.planning.wishes import Wish
from loopready.store import Store, now

SINCE = since_schema(plans_step)
LONGEST = 24 * 60  # minutes that can be worked on one day

_INSERT = (
    "INSERT INTO plan (number, calendar, since, made_at, wish, counted, days) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_PLANS = "SELECT number, calendar, since, made_at, wish, counted, days FROM plan ORDER BY number"
_WORKED = "INSERT INTO work (activity, minutes, pieces, on_day, note, said_at) VALUES (?, ?, ?, ?, ?, ?)"
_WORK = "SELECT activity, minutes, pieces, on_day, note, said_at, id FROM work WHERE away = 0 ORDER BY id"
_TICKED = "INSERT INTO tick (thing, done, said_at) VALUES (?, ?, ?)"
_TICKS = "SELECT thing, done FROM tick ORDER BY id"
# A week that was graded with half of its points was worked on.
_PASSED = "SELECT DISTINCT week FROM graded WHERE points * 2 >= out_of AND out_of > 0"


@dataclass(frozen=True)
class Plan:
    """One plan: from `since` on, `days` of work; `calendar` names its events in every export.

    `done` are the quarters of an hour by activity, and `topics` the weeks of the course, that counted as done.
    """

    number: int
    calendar: str
    since: date
    made_at: datetime
    wish: Wish
    days: tuple[Day, ...]
    done: Mapping[str, int] = field(default_factory=dict)
    topics: tuple[int, ...] = ()

    @property
    def short(self) -> int:
        """The quarters of an hour of the roadmap that have no place in the plan."""
        return sum(left(self.wish.level, self.done).values()) - self.quarters

    @property
    def out(self) -> tuple[int, ...]:
        """The weeks of the course that have no place in the plan."""
        return left_out(self.days, self.wish.level, self.topics)

    @property
    def quarters(self) -> int:
        """The quarters of an hour that are planned, from `since` on."""
        return sum(day.quarters for day in self.days)


@dataclass(frozen=True)
class Work:
    """What the learner says was done on a day: an activity, minutes, and how many pieces, such as katas."""

    activity: str
    minutes: int
    pieces: int
    on: date
    note: str
    said_at: datetime
    row: int = 0


class Plans:
    """The plans in the file at `path`: `loopready.db` in the learner's folder when none is given.

    `clock` gives the moment; a day is the day there is at the machine's place. Every failure is a CourseError of
    one line, and then nothing was changed.
    """

    def __init__(self, path: Path | str | None = None, clock: Callable[[], datetime] = now):
        self.store, self._clock = Store(path), clock

    @property
    def today(self) -> date:
        """The day that it is here."""
        return self._clock().astimezone().date()

    def all(self) -> list[Plan]:
        """Every plan that was made, the first one first."""
        with self.store.reading(SINCE) as database:
            return [_plan(row) for row in database.execute(_PLANS)] if database else []

    def current(self) -> Plan | None:
        """The plan that holds now; None before the first."""
        return next(iter(self.all()[-1:]), None)

    def days(self) -> list[Day]:
        """Every day as it was planned when it came, and the days to come as they are planned now."""
        kept: list[Day] = []
        for plan in self.all():
            kept = [day for day in kept if day.day < plan.since] + list(plan.days)
        return kept

    def make(self, wish: Wish) -> Plan:
        """Plan from today on, with what was done counted.

        When the machine's clock went back behind the last plan, it is planned on from that plan's day: no day that
        was planned earlier is planned again.
        """
        with self.store.writing() as database:
            before = [_plan(row) for row in database.execute(_PLANS)]
            since = max([self.today, *(plan.since for plan in before)])
            if wish.interview < since:
                raise CourseError(
                    f"the last plan begins on {since}, after the interview on {wish.interview}: is the clock right?"
                )
            done, topics = self.done(database), tuple(sorted(self.topics_done(database)))
            days = schedule(wish, since, done, topics)
            calendar = before[-1].calendar if before else secrets.token_hex(8)
            plan = Plan(len(before) + 1, calendar, since, self._moment(), wish, days, done, topics)
            database.execute(_INSERT, _row(plan))
        return plan

    def again(self) -> Plan:
        """Plan the rest anew by the same wish, from today on. Raises CourseError when there is no plan to renew."""
        plan = self.current()
        if plan is None:
            raise CourseError(
                "there is no plan yet: make one with loopready plan --interview DATE --hours HOURS"
            )
        if plan.wish.interview < self.today:
            raise CourseError(
                f"the interview, {plan.wish.interview}, is over: plan for the next one by its date"
            )
        return self.make(plan.wish)

    def worked(
        self, activity: str, minutes: float, pieces: int = 0, on: date | None = None, note: str = ""
    ) -> Work:
        """Add minutes of an activity, and how many katas, designs, stories or mocks they were."""
        return self._add([self._work(activity, minutes, pieces, on or self.today, note)])[0]

    def finished(self, number: int, on: date | None = None) -> list[Work]:
        """A week of the course is done: it is ticked off, and the minutes of its lesson are added, once.

        A week that is not written has no minutes of its own: add them by `worked`. Pieces are not added: the course
        sees them when the week is graded, the design rated and the story written.
        """
        if not 1 <= number <= len(TOPICS):
            raise CourseError(f"the course has weeks 1 to {len(TOPICS)}; got {number}")
        if number in self.topics_done():
            return []
        one, day = topic(number), on or self.today
        parts = zip(("design", "coding", "stories"), one.minutes, strict=True)
        rows = [self._work(name, minutes, 0, day, one.name) for name, minutes in parts if one.written]
        return self._add(rows, tick=one.name)

    def take_back(self) -> Work:
        """Leave the entry that was added last out of every count. Raises CourseError when there is none."""
        if not (rows := self.work()):
            raise CourseError("there is nothing to take back: no work was added yet")
        with self.store.writing() as database:
            database.execute("UPDATE work SET away = 1 WHERE id = ?", (rows[-1].row,))
            if rows[-1].note in {one.name for one in TOPICS}:
                database.execute("UPDATE work SET away = 1 WHERE note = ?", (rows[-1].note,))
                database.execute(_TICKED, (rows[-1].note, 0, self._moment().isoformat()))
        return rows[-1]

    def tick(self, thing: str, done: bool = True) -> None:
        """Tick an item of a checklist off, or untick it."""
        with self.store.writing() as database:
            database.execute(_TICKED, (thing, int(done), self._moment().isoformat()))

    def ticked(self) -> set[str]:
        """What is ticked off."""
        with self.store.reading(SINCE) as database:
            return _ticked(database) if database else set()

    def work(self) -> list[Work]:
        """What was added, in the order in which it was said."""
        with self.store.reading(SINCE) as database:
            return _work(database) if database else []

    def done(self, database: sqlite3.Connection | None = None) -> dict[str, int]:
        """Quarters of an hour done by activity: what the learner added, and the mocks that were held here.

        They add up to all the minutes, rounded once.
        """
        work = _work(database) if database else self.work()
        minutes = dict.fromkeys(ACTIVITIES, 0)
        for one in work:
            minutes[one.activity] += one.minutes
        minutes["mocks"] += sum(round(one.minutes) for one in mocks.held(self.store.path))
        return shared(minutes, rounded(sum(minutes.values())))

    def topics_done(self, database: sqlite3.Connection | None = None) -> set[int]:
        """The numbers of the weeks of the course that are ticked off, or were graded with half their points."""
        if database is None:
            with self.store.reading(SINCE) as database:
                return self.topics_done(database) if database else set()
        names = _ticked(database) | {week for (week,) in database.execute(_PASSED)}
        return {one.number for one in TOPICS if one.name in names}

    def _moment(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _work(self, activity: str, minutes: float, pieces: int, on: date, note: str = "") -> Work:
        if activity not in ACTIVITIES:
            weeks = f"a week, {TOPICS[0].name} to {TOPICS[-1].name}"
            raise CourseError(f"work is one of {', '.join(ACTIVITIES)}, or {weeks}; got {activity!r}")
        if not 0 <= minutes <= LONGEST or not 0 <= pieces <= 1000 or not (minutes or pieces):
            raise CourseError(
                f"a day has up to 24 hours, and work has minutes or pieces; got {minutes:g} minutes, {pieces} pieces"
            )
        if on > self.today:
            raise CourseError(f"{on} is not over yet: add work on the day itself, or later")
        return Work(activity, round(minutes), pieces, on, note, self._moment())

    def _add(self, rows: list[Work], tick: str = "") -> list[Work]:
        with self.store.writing() as database:
            if not tick:
                # A week of the course is ticked off in one go, whenever its evenings were.
                _check_day(_work(database), rows[0])
            for one in rows:
                cells = (one.activity, one.minutes, one.pieces, one.on.isoformat(), one.note)
                database.execute(_WORKED, (*cells, one.said_at.isoformat()))
            if tick:
                database.execute(_TICKED, (tick, 1, self._moment().isoformat()))
        return rows


def planned_level(path: Path) -> str:
    """The level of the plan in the file at `path`; empty when there is none, or none that can be read."""
    try:
        plan = Plans(path).current()
    except CourseError:
        return ""
    return plan.wish.level if plan else ""


def _check_day(before: list[Work], new: Work) -> None:
    """Refuse what would make a day longer than it is; whole weeks of the course are not counted."""
    names = {one.name for one in TOPICS}
    there = sum(one.minutes for one in before if one.on == new.on and one.note not in names)
    if there + new.minutes > LONGEST:
        more = f"{new.minutes / 60:.4g} more do not fit"
        raise CourseError(f"a day has 24 hours: {there / 60:.4g} of {new.on} are entered already, {more}")


def _row(plan: Plan) -> tuple:
    days = json.dumps([day.to_dict() for day in plan.days])
    moments = (plan.since.isoformat(), plan.made_at.isoformat())
    counted = json.dumps({"done": dict(plan.done), "topics": plan.topics})
    return (plan.number, plan.calendar, *moments, json.dumps(plan.wish.to_dict()), counted, days)


def _plan(row: tuple) -> Plan:
    """The plan in a row. Raises CourseError when another program has spoilt it."""
    number, calendar, since, made_at, *texts = row
    try:
        moments = date.fromisoformat(since), datetime.fromisoformat(made_at)
        wish, counted, days = map(json.loads, texts)
        every, topics = tuple(map(Day.from_dict, days)), tuple(counted["topics"])
        return Plan(number, calendar, *moments, Wish.from_dict(wish), every, counted["done"], topics)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CourseError(f"plan {number} was changed by another program ({error})") from error


def _work(database: sqlite3.Connection) -> list[Work]:
    return [
        Work(activity, minutes, pieces, date.fromisoformat(on), note, datetime.fromisoformat(said), row)
        for activity, minutes, pieces, on, note, said, row in database.execute(_WORK)
    ]


def _ticked(database: sqlite3.Connection) -> set[str]:
    last = dict(database.execute(_TICKS).fetchall())
    return {thing for thing, done in last.items() if done}
