"""Which reasons for a no a loop's scorecards support, and what to do about them before the next one.

found = supported(cards, level="L6")
found[0].reason.says, found[0].because
recoveries(found)                       # tasks: what, hours, within days
scheduled(found, date(2025, 3, 3))      # the same with the day by which each is due
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from loopready.course import CourseError
from loopready.process.reasons import REASONS, Reason, Task
from loopready.process.rounds import LEVELS
from loopready.process.scorecards import Scorecard, Vote

WEAK = Vote.LEAN_NO  # a criterion that counts as this or less supports a reason


class Supported(NamedTuple):
    """A reason that the scorecards support, and by what: `Own part counts 2 in Behavioural 1`."""

    reason: Reason
    because: tuple[str, ...]


def supported(cards: Iterable[Scorecard], level: str = "") -> list[Supported]:
    """The reasons that what was heard supports, the best supported first; those of the other level are left out.

    A reason is supported by a criterion of its own, in a round where it is given, that counts 2 or less, and by a
    sign. Nothing is concluded from a criterion that was not rated.
    """
    if level not in ("", *LEVELS):
        raise CourseError(f"a level is 'L6' or 'L7', or '' for both; got {level!r}")
    heard = list(cards)
    found = [
        Supported(reason, tuple(because for card in heard for because in _support(reason, card)))
        for reason in REASONS
        if not level or reason.level in ("", level)
    ]
    return sorted((one for one in found if one.because), key=lambda one: -len(one.because))


def _support(reason: Reason, card: Scorecard) -> list[str]:
    """What in `card` supports `reason`, a line each."""
    if card.of.focus not in reason.focuses:
        return []
    weak = [
        f"{name} counts {card.counted[name]} in {card.of.name}"
        for name in reason.criteria
        if card.counted.get(name, WEAK + 1) <= WEAK
    ]
    return weak + [
        f"the review of {card.of.name} found {sign}" for sign in reason.signs if sign in card.signs
    ]


def recoveries(found: Iterable[Supported], hours: float | None = None) -> list[Task]:
    """What to do, each task once, the best supported reason's first; those of them that fit into `hours`."""
    tasks = list(dict.fromkeys(task for one in found for task in one.reason.tasks))
    if hours is None:
        return tasks
    taken, left = [], hours
    for task in tasks:
        if task.hours <= left:
            taken.append(task)
            left -= task.hours
    return taken


def scheduled(found: Iterable[Supported], held: date, hours: float | None = None) -> list[tuple[date, Task]]:
    """The recoveries with the day by which each is due, counted from the day of the debrief, the first due first."""
    due = [(held + timedelta(days=task.within), task) for task in recoveries(found, hours)]
    return sorted(due, key=lambda one: one[0])


def in_the_room(focus: str) -> list[tuple[str, str]]:
    """What can still be done in a round of that focus when something goes wrong: (what goes wrong, what to do)."""
    return [(one.says, one.in_the_room) for one in REASONS if focus in one.focuses and one.in_the_room]
