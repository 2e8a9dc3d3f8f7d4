"""What the debriefs of mocks leave to do, laid into the plan by the day on which each task is due.

Their hours are within those planned for mocks: the roadmap's hours for a mock include its debrief and what follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from loopready.planning.countdown import Checklist, Item
from loopready.planning.plans import Plan, Plans
from loopready.planning.schedule import monday

LIST = "after-mocks"


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
    """The tasks of the last whole loop, and of the rounds rehearsed alone since, the first due first.

    A task that several mocks ask for is there once, by its first day. Without a loop all rounds count. None is due
    later than the day before the interview that is planned for; after that day all keep their own.
    """
    # Here, because the mocks' rooms ask the plan as well.
    from loopready.mocks.records import Mocks
    from loopready.mocks.verdicts import verdict_of

    ended = [mock for mock in Mocks(plans.store.path).all() if mock.ended_at]
    loops = [place for place, mock in enumerate(ended) if mock.is_loop and mock.cards]
    ticked, last = plans.ticked(), _last_day(plans)
    found: dict[str, Recovery] = {}
    for mock in ended[loops[-1] if loops else 0 :]:
        verdict = verdict_of(mock)
        for due, task in verdict.tasks:
            reason = next(one.reason for one in verdict.reasons if task in one.reason.tasks)
            key = f"mock-{mock.id}/{reason.key}/{reason.tasks.index(task) + 1}"
            due = min(due, last) if last and mock.ended_at.astimezone().date() <= last else due
            one = Recovery(key, task.says, task.hours, due, key in ticked)
            if task.says not in found or due < found[task.says].due:
                found[task.says] = one
    return sorted(found.values(), key=lambda one: one.due)


def _last_day(plans: Plans) -> date | None:
    plan = plans.current()
    return plan.wish.interview - timedelta(days=1) if plan else None


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
