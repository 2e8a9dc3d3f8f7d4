"""The plan in words, the same for a terminal and for a notebook."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from loopready.planning.hours import ACTIVITIES, TARGETS, WEEKS, clock, total
from loopready.planning.plans import Plan
from loopready.planning.schedule import room, squeezed
from loopready.planning.targets import Week
from loopready.planning.topics import TOPICS, topic

_NONE: Mapping[date, list[str]] = MappingProxyType({})


def said(day: date, year: bool = True) -> str:
    """A day as a reader says it: `1 March 2027`."""
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%b}"


def headline(plan: Plan, today: date) -> str:
    """One sentence: the interview, the time until then, the hours."""
    days = (plan.wish.interview - today).days
    when = "today" if days == 0 else f"in {days} day{'s' * (days > 1)}" if days > 0 else "over"
    return (
        f"{plan.wish.level} interview on {said(plan.wish.interview)}, {when}: "
        f"{clock(plan.quarters)} planned from {said(plan.since)}."
    )


def shape(plan: Plan) -> list[str]:
    """What kind of plan it is, and what is left out, a sentence a line."""
    lines = [_counted(plan), *(_fits(plan) if not plan.out and not plan.short else _short(plan))]
    if plan.days and squeezed(plan.days):
        lines.append(
            "Even the six weeks take longer than this: in each, do one estimate, two katas, the design and the story."
        )
    if plan.wish.level == "L7" and plan.days:
        lines.append("At L7 coding has half of L6's hours: two of a week's four katas.")
    return [line for line in [*lines, unwritten(plan)] if line]


def _counted(plan: Plan) -> str:
    hours = f"{clock(sum(plan.done.values()))} were done before" if any(plan.done.values()) else ""
    weeks = (
        f"week{'s' * (len(plan.topics) > 1)} {_spans(list(plan.topics))} among them" if plan.topics else ""
    )
    return ", ".join(filter(None, [hours, weeks])).capitalize() + "." if hours else ""


def _fits(plan: Plan) -> list[str]:
    level, there = plan.wish.level, sum(room(plan.wish, plan.since).values())
    told = [f"The roadmap's {total(level)} h for {level} fit, with all {WEEKS} weeks of the course."]
    if there > plan.quarters:
        a_week = plan.wish.hours * plan.quarters / there
        told.append(
            f"There is time for {clock(there)}, so about {a_week:.2g} of your {plan.wish.hours:g} h a week."
        )
    return told


def _short(plan: Plan) -> list[str]:
    level = plan.wish.level
    if not plan.days:
        return ["No hours are left before the interview: keep to the lists below, and rest."]
    held = sorted({number for day in plan.days for number in day.topics})
    short = f"{clock(plan.short)} of the roadmap's {total(level)} h for {level} do not fit. "
    out = f"Left out: weeks {_spans(list(plan.out))} of the course." if plan.out else ""
    return [short + _plan_kind(held), out]


def _plan_kind(held: list[int]) -> str:
    if not held:
        return ""
    beyond = [number for number in held if number > 6]
    return (
        f"The six-week plan, and {len(beyond)} of the later weeks."
        if beyond
        else "This is the six-week plan."
    )


def unwritten(plan: Plan) -> str:
    """That some of the weeks have no notebook yet; empty when none of the plan's has none."""
    numbers = sorted({number for day in plan.days for number in day.topics if not topic(number).written})
    if not numbers:
        return ""
    return (
        f"Weeks {_spans(numbers)} are not written yet: the plan names their subjects, for study on your own."
    )


def subjects(numbers: Iterable[int]) -> str:
    """The weeks of the course with their subjects, a line each."""
    return "\n".join(f"week {number}: {topic(number).title}" for number in numbers)


def _spans(numbers: list[int]) -> str:
    """Numbers as a reader says them.

    >>> _spans([7, 8, 9, 11, 22])
    '7 to 9, 11, 22'
    """
    told: list[list[int]] = []
    for number in numbers:
        if told and number == told[-1][-1] + 1:
            told[-1].append(number)
        else:
            told.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in told)


def on_topics(numbers: Iterable[int]) -> str:
    """The weeks of the course as a calendar week's line has them."""
    return "; ".join(f"week {number}: {topic(number).title}" for number in numbers)


def contents(number: int) -> str:
    """What there is to do in a week of the course."""
    one = TOPICS[number - 1]
    if not one.written:
        return f"{one.title}: on your own, no notebook yet"
    return f"week {number}: two estimates, four katas; design {one.design}; story: {one.story}"


def begun(every: Iterable[Week], level: str, due: Mapping[date, list[str]] = _NONE) -> dict[date, list[str]]:
    """For each calendar week, by its Monday: the exercises of the weeks of the course that begin in it, and the mocks.

    What is `due` in a week, such as the tasks of a debrief, comes after them.

    A mock has its share of the roadmap's hours, preparing and debriefing included; it is held in the week in which
    the hours planned for mocks have come to its number.
    """
    seen: set[int] = set()
    lines: dict[date, list[str]] = {}
    sum_ = 0.0
    for week in every:
        fresh = [number for number in week.topics if number not in seen and topic(number).written]
        seen.update(week.topics)
        before, sum_ = sum_, sum_ + week.targets(level)["mocks"]
        # A hair more than the sum, which is a whole number in the end and made of thirds.
        numbers = range(int(before + 1e-9) + 1, int(sum_ + 1e-9) + 1)
        held = [f"hold mock {', '.join(map(str, numbers))}"] if numbers else []
        lines[week.monday] = [*map(contents, fresh), *held, *due.get(week.monday, ())]
    return lines


def by_activity(amounts: dict[str, int]) -> str:
    """Quarters of an hour by activity, those that there are: `System design 2 h, Coding 1 h 30`."""
    return ", ".join(f"{ACTIVITIES[name]} {clock(amounts[name])}" for name in ACTIVITIES if amounts.get(name))


def state(week: Week, today: date) -> str:
    """How a calendar week went, or stands: `8 h 30 done`, `missed`, `now`, or nothing for one to come."""
    done = clock(week.quarters)
    if today < week.monday:
        return ""
    if today <= week.monday + timedelta(days=6):
        return f"now, {done} done"
    if week.missed:
        return "missed"
    return f"{done} done" if week.minutes.total() or week.planned else ""


def missed(weeks: list[Week], today: date, since: date) -> list[Week]:
    """The weeks that are over, began no earlier than the plan, and in which nothing was done."""
    over = [week for week in weeks if week.monday + timedelta(days=6) < today]
    return [week for week in over if week.missed and any(day.day >= since for day in week.days)]


def missed_line(gone: list[Week]) -> str:
    """How many weeks were missed; empty for none."""
    return "" if not gone else "A week was missed." if len(gone) == 1 else f"{len(gone)} weeks were missed."


def against_targets(week: Week, level: str) -> list[tuple[str, str, str]]:
    """For each activity: its name, what was done in the week, and the roadmap's pace for the planned hours."""
    targets = week.targets(level)
    return [
        (name, f"{week.pieces[key]} {what}", f"{targets[key]:.1f}".removesuffix(".0"))
        for (key, name), what in zip(
            ACTIVITIES.items(), ("designs", "katas", "stories", "mocks"), strict=True
        )
    ]


def pace(level: str) -> str:
    """The roadmap's weekly numbers, in one line."""
    each = {key: f"{number:g}" for key, number in TARGETS.items()}
    return (
        f"The roadmap's pace at {total(level) / WEEKS:.1f} hours a week: {each['design']} designs, {each['coding']} "
        f"coding problems and {each['stories']} stories a week, two mocks a month; above, it is scaled to your hours."
    )
