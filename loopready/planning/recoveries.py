"""What the debriefs of mocks leave to do, laid into the plan by the day on which each task is due.

The tasks are what planned hours go to, and add none: at most half of those of the two weeks after a mock, the best
supported tasks first. What does not fit is in the mock loop's debrief, in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from loopready.planning.countdown import Checklist, Item
from loopready.planning.hours import QUARTERS
from loopready.planning.plans import Plan, Plans
from loopready.planning.schedule import monday

if TYPE_CHECKING:
    from loopready.mocks.sittings import Mock

LIST = "after-mocks"
AFTERWARDS = timedelta(weeks=2)
SHARE = 0.5  # of the hours planned for that time


@dataclass(frozen=True)
class Recovery:
    """A task that a debrief has given: `key` stays for as long as the mock's scorecards do."""

    key: str
    says: str
    hours: float
    due: date
    done: bool = False

    @property
    def told(self) -> str:
        """The task with its day and its hours, as a list has it."""
        return f"by {self.due.day} {self.due:%B}: {self.says} ({self.hours:g} h)"


def recoveries(plans: Plans) -> list[Recovery]:
    """The tasks of the last whole loop and of the rounds alone since, as far as they fit; the first due first.

    A task that several mocks ask for is there once, by its first day. Without a loop all rounds count. None is due
    later than the day before the interview that is planned for; after that day all keep their own.
    """
    # Here, because the mocks' rooms ask the plan as well.
    from loopready.mocks.records import Mocks

    ended = [mock for mock in Mocks(plans.store.path).all() if mock.ended_at]
    loops = [place for place, mock in enumerate(ended) if mock.is_loop and mock.cards]
    asked: dict[str, Recovery] = {}
    # The last mock's first: what it has shown is what the candidate is like now.
    for mock in reversed(ended[loops[-1] if loops else 0 :]):
        for one in _asked_for(mock, plans):
            before = asked.setdefault(one.says, one)
            asked[one.says] = replace(before, due=min(before.due, one.due))
    return sorted(_fitting(asked.values(), plans, ended[-1] if ended else None), key=lambda one: one.due)


def _asked_for(mock: Mock, plans: Plans) -> Iterator[Recovery]:
    """A mock's tasks, those of the best supported reason first."""
    from loopready.mocks.verdicts import verdict_of

    verdict, ticked, held = verdict_of(mock), plans.ticked(), mock.ended_at.astimezone().date()
    plan = plans.current()
    last = plan.wish.interview - timedelta(days=1) if plan else None
    for found in verdict.reasons:
        for place, task in enumerate(found.reason.tasks, 1):
            due = held + timedelta(days=task.within)
            due = min(due, last) if last and held <= last else due
            key = f"mock-{mock.id}/{found.reason.key}/{place}"
            yield Recovery(key, task.says, task.hours, due, key in ticked)


def _fitting(asked: Iterable[Recovery], plans: Plans, last: Mock | None) -> Iterator[Recovery]:
    """Those for which half of the hours planned for the two weeks after the last mock are enough, and one at least."""
    if not last or not plans.current():
        yield from asked
        return
    held = last.ended_at.astimezone().date()
    days = [day for day in plans.days() if held <= day.day < held + AFTERWARDS]
    hours = SHARE * sum(day.quarters for day in days) / QUARTERS
    for place, one in enumerate(asked):
        if place == 0 or one.hours <= hours:
            hours -= one.hours
            yield one


def checklist(tasks: Iterable[Recovery]) -> Checklist:
    """The tasks as a list to tick off."""
    items = tuple(Item(one.key, one.told) for one in tasks)
    return Checklist(LIST, "After your mocks: what the debriefs asked for", 0, items)


def by_week(tasks: Iterable[Recovery], plan: Plan, today: date) -> dict[date, list[str]]:
    """What is still to do, by the Monday of the week in which it is due; what is overdue stands in this week."""
    lines: dict[date, list[str]] = {}
    for one in tasks:
        if not one.done:
            day = min(max(one.due, today), max(plan.wish.interview, today))
            lines.setdefault(monday(day), []).append(one.told)
    return lines
