"""`loopready plan` and what stands under it."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loopready.course import CourseError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.table import Table

    from loopready.planning.countdown import Checklist, Item
    from loopready.planning.plans import Plan, Plans
    from loopready.planning.recoveries import Recovery
    from loopready.planning.targets import Week
    from loopready.planning.wishes import Wish

app = typer.Typer(invoke_without_command=True, add_completion=False)
_Hours = Annotated[float | None, typer.Option(help="Hours a week that you have.")]
_Off = Annotated[
    list[str] | None,
    typer.Option(help="Days off: sat,sun or 2026-12-24 or 2026-12-24..2027-01-02; `none` for none."),
]


@app.callback()
def plan(
    context: typer.Context,
    interview: Annotated[
        str | None, typer.Option(help="The day of the interview, 2027-03-01; or weeks from today, 10w.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="L6 or L7.")] = None,
    hours: _Hours = None,
    off: _Off = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every week and list, also those that are over.")
    ] = False,
) -> None:
    """Plan backwards from the interview, or show the plan there is."""
    if context.invoked_subcommand:
        return
    with _said():
        from loopready.planning.plans import Plans

        plans = Plans()
        if interview or level or hours is not None or off:
            plans.make(_wish(plans, interview, level, hours, off))
        _show(plans, whole)


@app.command()
def again() -> None:
    """Plan the rest anew from today, when a week was missed; what was done counts."""
    with _said():
        from loopready.planning.plans import Plans

        plans = Plans()
        plans.again()
        _show(plans, False)


@app.command()
def done(
    what: Annotated[str, typer.Argument(help="design, coding, stories or mocks; or a week: week-01.")],
    hours: Annotated[float, typer.Argument(help="Hours it took; a week has its lesson's own.")] = 0.0,
    pieces: Annotated[int, typer.Option(help="How many katas, designs, stories or mocks.")] = 0,
    on: Annotated[str | None, typer.Option(help="The day, if not today.")] = None,
) -> None:
    """Add what you did."""
    with _said():
        from loopready.planning.hours import clock, rounded
        from loopready.planning.plans import Plans
        from loopready.planning.wishes import as_day

        plans = Plans()
        day = as_day(on) if on else plans.today
        if number := _week(what):
            added = plans.finished(number, day)
            minutes = sum(one.minutes for one in added)
            print(f"week {number} is done" + (f", {clock(rounded(minutes))}" if minutes else ""))
        else:
            plans.worked(what, hours * 60, pieces, day)
            print(f"added {what}: {hours:g} hours" + (f", {pieces} pieces" if pieces else ""))


@app.command()
def tick(
    items: Annotated[list[str], typer.Argument(help="The names in front of the lists' lines: map, sleep.")],
    back: Annotated[bool, typer.Option("--back", help="Untick them.")] = False,
) -> None:
    """Tick off what the lists before the interview or a debrief ask for."""
    with _said():
        from loopready.planning.plans import Plans
        from loopready.planning.recoveries import recoveries

        plans = Plans()
        known = {_name(one): one for each in _every_list(recoveries(plans)) for one in each.items}
        for name in items:
            if name not in known:
                raise CourseError(
                    f"no list has {name!r}: the names stand in front of the lines of `loopready plan --all`"
                )
        for name in items:
            plans.tick(known[name].key, not back)
            print(f"[{' ' if back else 'x'}] {known[name].says}")


@app.command()
def undo() -> None:
    """Take back what was added last."""
    with _said():
        from loopready.planning.plans import Plans

        gone = Plans().take_back()
        print(f"taken back: {gone.note or gone.activity} on {gone.on}")


@app.command()
def ics(
    file: Annotated[Path, typer.Argument(help="The file to write: plan.ics.")],
    at: Annotated[str | None, typer.Option(help="When work begins, 20:00; whole days if not given.")] = None,
) -> None:
    """Write the plan as a file for calendar programs; import it again after a change."""
    with _said():
        from loopready.planning.ics import write
        from loopready.planning.plans import Plans
        from loopready.planning.recoveries import recoveries

        plans = Plans()
        print(f"{write(plans.all(), file, _hour(at), recoveries(plans))} events in {file}")


def _said() -> "AbstractContextManager[None]":
    from loopready.terminal import one_line

    return one_line("stopped: nothing was changed")


def _hour(text: str | None) -> time | None:
    if text is None:
        return None
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise CourseError(f"an hour of the day is like 20:00; got {text!r}") from error


def _week(text: str) -> int:
    from loopready.planning.topics import TOPICS

    names = {spelling: one.number for one in TOPICS for spelling in (one.name, f"week-{one.number}")}
    return names.get(text.lower(), 0)


def _wish(
    plans: "Plans", interview: str | None, level: str | None, hours: float | None, off: list[str] | None
) -> "Wish":
    """A wish of what was said, and of the last plan's where nothing was."""
    from loopready.planning.wishes import WEEKDAYS, wish

    before = plans.current()
    if not before and not (interview and hours is not None):
        raise CourseError(
            "a plan needs --interview and --hours; --level and --off are L6 and none if not given"
        )
    kept = before.wish if before else None
    days = [] if off == ["none"] else off
    if off is None and kept:
        days = [WEEKDAYS[day] for day in kept.free] + [day.isoformat() for day in kept.off]
    return wish(
        interview or kept.interview,
        level or (kept.level if kept else "L6"),
        kept.hours if hours is None else hours,
        days or [],
        plans.today,
    )


def _show(plans: "Plans", whole: bool) -> None:
    current = plans.current()
    if current is None:
        raise CourseError(
            "there is no plan yet: loopready plan --interview 2027-03-01 --level L6 --hours 10 --off sat"
        )
    from rich.console import Console

    from loopready.planning.recoveries import by_week, recoveries
    from loopready.planning.targets import weeks
    from loopready.planning.telling import begun, headline, missed, missed_line, shape, subjects

    today, every, tasks = plans.today, weeks(plans), recoveries(plans)
    print(headline(current, today))
    print(*shape(current), sep="\n")
    if whole and current.out:
        print(f"Left out:\n{subjects(current.out)}")
    if gone := missed(every, today, current.since):
        print(f"{missed_line(gone)} `loopready plan again` spreads what is left over the days that are left.")
    shown = every if whole else [week for week in every if week.monday + timedelta(days=6) >= today]
    lines = begun(every, current.wish.level, by_week(tasks, current, today))
    Console().print(_calendar(shown, today, lines))
    _targets(every, current, today)
    _lists(plans, current, today, whole, tasks)


def _calendar(shown: list["Week"], today: date, begun: dict[date, list[str]]) -> "Table":
    from rich.table import Table

    from loopready.planning.hours import clock
    from loopready.planning.telling import by_activity, on_topics, said, state

    table = Table("week of", "hours", "what", "course", "so far")
    for week in shown:
        planned = week.planned
        course = "\n".join([on_topics(week.topics), *begun[week.monday]]).strip()
        row = (clock(planned.total()), by_activity(planned), course, state(week, today))
        table.add_row(said(week.monday, year=False), *row)
    return table


def _targets(every: list["Week"], current: "Plan", today: date) -> None:
    from loopready.planning.schedule import monday
    from loopready.planning.telling import against_targets, pace

    now = next((week for week in every if week.monday == monday(today)), None)
    if now is None:
        return
    print("This week:")
    for name, done_, target in against_targets(now, current.wish.level):
        print(f"  {name}: {done_} of {target}")
    print(pace(current.wish.level))


def _lists(plans: "Plans", current: "Plan", today: date, whole: bool, tasks: list["Recovery"]) -> None:
    """The debriefs' tasks, the list whose day went by last and those to come; with `whole`, the earlier ones too."""
    from loopready.planning.countdown import listed
    from loopready.planning.recoveries import checklist

    ticked, every = plans.ticked(), listed(today, current.wish.interview)
    late = sum(one.due(current.wish.interview) < today for one, _ in every)
    asked = [(checklist(tasks), "")] if tasks else []
    for one, when in [*asked, *(every if whole else every[max(0, late - 1) :])]:
        print(f"\n{one.title}{f' ({when})' if when else ''}")
        for item in one.items:
            print(f"  [{'x' if item.key in ticked else ' '}] {_name(item)}: {item.says}")
    if late > 1 and not whole:
        print("\nThe lists before these: loopready plan --all")


def _every_list(tasks: list["Recovery"]) -> list["Checklist"]:
    from loopready.planning.countdown import COUNTDOWN
    from loopready.planning.recoveries import checklist

    return [*COUNTDOWN, checklist(tasks)]


def _name(item: "Item") -> str:
    """What an item goes by in a terminal: `map`, and for a debrief's task its whole key, `mock-3/shallow/1`."""
    from loopready.planning.countdown import COUNTDOWN

    own = any(item in one.items for one in COUNTDOWN)
    return item.key.rpartition("/")[2] if own else item.key
