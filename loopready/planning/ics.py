"""The plan as a calendar file (RFC 5545): one event for each day with work, the countdown, and the interview.

An event's UID is made of the plan's own key and of what the event is, such as its day, so that importing a later
plan moves and changes what is there. What was planned and is no longer is said to be cancelled.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from loopready import __version__
from loopready.course import CourseError, write_atomically
from loopready.planning.countdown import COUNTDOWN, Checklist
from loopready.planning.hours import QUARTERS, clock
from loopready.planning.plans import Plan
from loopready.planning.recoveries import Recovery
from loopready.planning.schedule import Day
from loopready.planning.telling import by_activity, contents, on_topics
from loopready.planning.topics import topic

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_MINUTES = 60 // QUARTERS


def calendar(plans: list[Plan], at: time | None = None, tasks: Sequence[Recovery] = ()) -> "Calendar":
    """The calendar of the newest of `plans`, made one after the other, with the `tasks` of debriefs on their days.

    Events are for whole days, and leave the day free; with `at`, work begins at that hour of wherever the reader is.
    The same plans give the same bytes.
    """
    from icalendar import Calendar

    plan = plans[-1]
    made = Calendar()
    made.add("prodid", f"-//loopready//plan {__version__}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", f"{plan.wish.level} interview")
    for event in (*_work(plans, at), *_tasks(plan, tasks), *_countdown(plan), _interview(plan)):
        made.add_component(event)
    return made


def write(plans: list[Plan], file: Path, at: time | None = None, tasks: Sequence[Recovery] = ()) -> int:
    """Write the calendar to `file`, over an earlier one of ours; how many events it has.

    Raises CourseError when there is no plan, or something else is in the file's place.
    """
    if not plans:
        raise CourseError("there is no plan yet: make one with loopready plan --interview DATE --hours HOURS")
    if file.suffix != ".ics":
        raise CourseError(
            f"{file} does not end in .ics, by which calendar programs know it: name it plan.ics"
        )
    made = calendar(plans, at, tasks)
    try:
        if file.exists() and b"PRODID:-//loopready//" not in file.read_bytes():
            raise CourseError(f"{file} is there already and not from this course: choose a name that is free")
        write_atomically(file, made.to_ical())
    except OSError as error:
        raise CourseError(f"{file} cannot be written ({error.strerror}): choose another folder") from error
    return len(made.walk("VEVENT"))


def _work(plans: list[Plan], at: time | None) -> Iterator["Event"]:
    """The days of the newest plan, and those of earlier ones that it has taken the work from."""
    plan = plans[-1]
    for day in plan.days:
        topics = on_topics(day.topics)
        says = "\n".join([by_activity(dict(day.work)), *(contents(number) for number in day.topics)])
        yield _event(plan, f"work-{day.day:%Y%m%d}", _summary(day), f"{topics}\n{says}", *_span(day, at))
    still = {day.day for day in plan.days}
    gone = {day.day: day for earlier in plans[:-1] for day in earlier.days if day.day >= plan.since}
    for day in sorted(set(gone) - still):
        event = _event(plan, f"work-{day:%Y%m%d}", _summary(gone[day]), "", *_span(gone[day], at))
        event.add("status", "CANCELLED")
        yield event


def _summary(day: Day) -> str:
    names = " and ".join(topic(number).name.replace("-0", " ").replace("-", " ") for number in day.topics)
    return f"{clock(day.quarters)}: {by_activity(dict(day.work))}" + (f" ({names})" if names else "")


def _span(day: Day, at: time | None) -> tuple[date, date]:
    if at is None:
        return day.day, day.day + timedelta(days=1)
    begins = datetime.combine(day.day, at)
    return begins, begins + timedelta(minutes=day.quarters * _MINUTES)


def _tasks(plan: Plan, tasks: Sequence[Recovery]) -> Iterator["Event"]:
    for one in tasks:
        summary = f"{'Done' if one.done else 'Due'}: {one.says} ({one.hours:g} h)"
        yield _event(plan, one.key.replace("/", "-"), summary, "", one.due, one.due + timedelta(days=1))


def _countdown(plan: Plan) -> Iterator["Event"]:
    for one in COUNTDOWN[:-1]:
        # A list whose day had gone by when the plan was made is due at once.
        day = max(one.due(plan.wish.interview), min(plan.since, plan.wish.interview))
        yield _listed(plan, one, day)


def _listed(plan: Plan, one: Checklist, day: date) -> "Event":
    says = "\n".join(f"- {item.says}" for item in one.items)
    return _event(plan, one.key, one.title, says, day, day + timedelta(days=1))


def _interview(plan: Plan) -> "Event":
    event = _listed(plan, COUNTDOWN[-1], plan.wish.interview)
    event["summary"] = f"Interview, {plan.wish.level}"
    return event


def _event(plan: Plan, thing: str, summary: str, says: str, begins: date, ends: date) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{thing}-{plan.calendar}@loopready")
    # When the plan was made, and not now, so that an export can be compared with the last one.
    event.add("dtstamp", plan.made_at)
    event.add("last-modified", plan.made_at)
    event.add("sequence", plan.number - 1)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", summary)
    if says:
        event.add("description", says)
    event.add("transp", "OPAQUE" if isinstance(begins, datetime) else "TRANSPARENT")
    return event
