"""The plan in a notebook: a form, the calendar of weeks, the week's targets, and the lists to tick off.

    planner()

A thin widget over `loopready.planning.plans`; whatever it does, `loopready plan` does in a terminal.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from html import escape

import ipywidgets as widgets

from loopready.arrivals import on_press
from loopready.course import CourseError
from loopready.layouts import STYLE, instead, labelled, lines, row, status, text
from loopready.planning import telling
from loopready.planning.countdown import COUNTDOWN, Checklist, listed
from loopready.planning.hours import ACTIVITIES, LEVELS, clock
from loopready.planning.plans import Plan, Plans
from loopready.planning.recoveries import Recovery, by_week, checklist, recoveries
from loopready.planning.targets import Week, weeks
from loopready.planning.topics import TOPICS
from loopready.planning.wishes import WEEKDAYS, Wish, spans, wish

_AUTO = {"width": "auto"}


class Planner(widgets.VBox):
    """The form and what follows from it. Everything is read from the learner's file again at each press."""

    def __init__(self, plans: Plans | None = None):
        self.plans = plans or Plans()
        self.says, self.calendar = lines(), widgets.HTML(layout={"height": "auto"})
        self._fields()
        self._work()
        self._lists()
        style = widgets.HTML(STYLE + _CSS, layout={"height": "0", "margin": "0"})
        form = [row(self.interview, self.level, self.hours), self.free, self.off, row(self.make, self.again)]
        did = [row(self.activity, self.spent, self.pieces), row(self.add, self.undo, self.export)]
        super().__init__(
            [style, *form, self.says, self.calendar, *did, self.chooser, self.items],
            layout={"max_width": "52em"},
        )
        self.add_class("loopready-room")
        self._try(self._open)

    def _fields(self) -> None:
        self.interview = labelled(widgets.DatePicker(description="Interview"))
        self.level = labelled(widgets.Dropdown(description="Level", options=LEVELS))
        # Without bounds: a field that has them makes 24 of 72, and nobody is told.
        self.hours = labelled(widgets.FloatText(10, step=0.5, description="Hours a week"))
        names = [name.capitalize() for name in WEEKDAYS]
        boxes = [widgets.Checkbox(description=name, indent=False, layout=_AUTO) for name in names]
        self.free = row(widgets.Label("Days off"), *boxes)
        self.off = labelled(
            widgets.Text(description="Further days off", placeholder="2026-12-24..2027-01-02, 2027-02-01")
        )
        self.make = self._button("Plan", self._make, "primary")
        self.again = self._button("Plan the rest anew", self._again)

    def _work(self) -> None:
        kinds = [(says, name) for name, says in ACTIVITIES.items()]
        whole = [(f"All of week {one.number}", one.name) for one in TOPICS if one.written]
        self.activity = labelled(widgets.Dropdown(description="I did", options=kinds + whole))
        self.spent = labelled(widgets.FloatText(1, step=0.25, description="Hours"))
        self.pieces = labelled(widgets.BoundedIntText(0, min=0, max=1000, description="How many"))
        self.add = self._button("Add", self._add, "primary")
        self.undo = self._button("Take back the last", self._undo)
        self.export = self._button("Write plan.ics", self._export)

    def _lists(self) -> None:
        self.checklists: list[Checklist] = [*COUNTDOWN]
        self.chooser = labelled(widgets.Dropdown(description="To tick off", options=_options(COUNTDOWN)))
        self.items = widgets.VBox()
        self.chooser.observe(lambda change: self._try(self._show_list), names="value")

    def _button(self, label: str, press: Callable[[], str | None], style: str = "") -> widgets.Button:
        button = widgets.Button(description=label, button_style=style, layout=_AUTO)
        on_press(button, lambda: self._try(press))
        return button

    def _try(self, act: Callable[[], str | None]) -> None:
        """Do it and show what there is now; a CourseError is its line."""
        try:
            said = act()
            self._show(said or "")
        except CourseError as error:
            self.says.value = status(str(error))

    def _open(self) -> None:
        plan = self.plans.current()
        if plan is not None:
            self._fill(plan.wish)
            self._turn_to(plan.wish.interview)
        tasks = recoveries(self.plans)
        if tasks:
            self.checklists.append(checklist(tasks))
            chosen = self.chooser.value
            self.chooser.options = _options(self.checklists)
            # What a debrief asked for comes before the lists, until it is done.
            self.chooser.value = chosen if all(one.done for one in tasks) else len(COUNTDOWN)
        self._show_list()

    def _turn_to(self, interview: date) -> None:
        """Show the list that one is at, so many days before the interview."""
        coming = [place for place, one in enumerate(COUNTDOWN) if one.due(interview) >= self.plans.today]
        self.chooser.value = max(0, (coming or [len(COUNTDOWN) - 1])[0] - 1)

    def _fill(self, kept: Wish) -> None:
        """Put a plan's wish into the form."""
        self.interview.value, self.level.value, self.hours.value = kept.interview, kept.level, kept.hours
        for place, box in enumerate(self.free.children[1:]):
            box.value = place in kept.free
        self.off.value = ", ".join(spans(kept.off))

    def _again(self) -> None:
        """Spread what is left of the last plan, whose wish the form then shows: another one is for Plan."""
        self._fill(self.plans.again().wish)
        self._show_list()

    def _make(self) -> None:
        if self.interview.value is None:
            raise CourseError("choose the day of the interview first")
        free = [name for name, box in zip(WEEKDAYS, self.free.children[1:], strict=True) if box.value]
        off = [*free, self.off.value]
        self.plans.make(wish(self.interview.value, self.level.value, self.hours.value, off, self.plans.today))
        if self.chooser.value < len(COUNTDOWN):
            self._turn_to(self.interview.value)
        self._show_list()

    def _add(self) -> str:
        if self.activity.value in ACTIVITIES:
            self.plans.worked(self.activity.value, self.spent.value * 60, self.pieces.value)
            pieces = f", {self.pieces.value} done" if self.pieces.value else ""
            return f"Added: {ACTIVITIES[self.activity.value]}, {self.spent.value:g} h{pieces}."
        number = next(one.number for one in TOPICS if one.name == self.activity.value)
        return f"Added: week {number}." if self.plans.finished(number) else "It was done already."

    def _undo(self) -> str:
        gone = self.plans.take_back()
        return f"Taken back: {gone.note or ACTIVITIES[gone.activity]}, {telling.said(gone.on)}."

    def _export(self) -> str:
        from loopready.planning.ics import write

        file = self.plans.store.path.with_name("plan.ics")
        count = write(self.plans.all(), file, tasks=recoveries(self.plans))
        return f"{count} events in {file.name}, in your folder {file.parent.name}: download it and open it."

    def _show(self, first: str) -> None:
        plan, today = self.plans.current(), self.plans.today
        if plan is None:
            self.says.value, self.calendar.value = (
                status(first or "No plan yet: say when, and how many hours."),
                "",
            )
            return
        every = weeks(self.plans)
        gone = telling.missed(every, today, plan.since)
        late = f"{telling.missed_line(gone)} Press Plan the rest anew." if gone else ""
        told = [first, late, telling.headline(plan, today), *telling.shape(plan)]
        self.says.value = text(
            "<br>".join(f'<span role="status">{escape(one)}</span>' for one in told if one)
        )
        self.calendar.value = text(as_html(plan, every, self.plans, recoveries(self.plans)))
        self.again.disabled = plan.wish.interview < today

    def _show_list(self) -> None:
        one, ticked = self.checklists[self.chooser.value], self.plans.ticked()
        plan = self.plans.current()
        due = dict(listed(self.plans.today, plan.wish.interview)).get(one, "") if plan else ""
        boxes = [self._box(item.key, item.says, item.key in ticked) for item in one.items]
        self.items.children = [lines(escape(f"Due {due}") if due else ""), *boxes]

    def _box(self, key: str, says: str, done: bool) -> widgets.Checkbox:
        box = widgets.Checkbox(
            done, description=says, indent=False, layout={"width": "auto", "height": "auto"}
        )
        box.add_class("loopready-item")
        box.observe(lambda change: self._try(lambda: self.plans.tick(key, change["new"])), names="value")
        return box

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        words = instead("The planner.", "loopready plan --interview 2027-03-01 --level L6 --hours 10")
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": words}


def _options(lists: Iterable[Checklist]) -> list[tuple[str, int]]:
    return [(one.title, place) for place, one in enumerate(lists)]


def as_html(plan: Plan, every: list[Week], plans: Plans, tasks: Iterable[Recovery] = ()) -> str:
    """Targets of the week that it is, and the calendar of weeks: the next ones open, the others to be opened."""
    today = plans.today
    begun = telling.begun(every, plan.wish.level, by_week(tasks, plan, today))
    over = [week for week in every if week.monday + timedelta(days=6) < today]
    coming = every[len(over) :]
    now = next((week for week in coming if week.monday <= today), None)
    told = (
        _this_week(now, plan),
        "<b>The next weeks</b>",
        _listed(coming[:_OPEN], today, begun),
        _folded(f"The {len(coming) - _OPEN} weeks after them", _listed(coming[_OPEN:], today, begun)),
        _folded("Weeks that are over", _listed(over, today, begun)),
        _folded("What is left out", _items(telling.subjects(plan.out).splitlines())),
    )
    return "".join(told)


_OPEN = 3  # weeks that are shown at once: an evening's plan, and what comes
_CSS = """<style>
.loopready-weeks {margin: 4px 0 8px; padding-left: 18px}
.loopready-weeks li {margin: 3px 0}
.loopready-room summary {cursor: pointer; margin: 4px 0}
.loopready-item > label {white-space: normal; height: auto; line-height: 1.4}
</style>"""


def _listed(shown: list[Week], today: date, begun: dict[date, list[str]]) -> str:
    rows = "".join(_week(week, today, begun[week.monday]) for week in shown)
    return f'<ul class="loopready-weeks">{rows}</ul>' if rows else ""


def _week(week: Week, today: date, begun: list[str]) -> str:
    """A week as a list's item, which a narrow window does not break as it does a table."""
    planned, state = week.planned, telling.state(week, today)
    head = f"<b>{telling.said(week.monday, year=False)}, {clock(planned.total())}</b>"
    lines_ = [telling.by_activity(planned), telling.on_topics(week.topics), *begun]
    rest = "".join(f"<br>{escape(line)}" for line in lines_ if line)
    return f"<li>{head}{f' ({escape(state)})' if state else ''}{rest}</li>"


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{inside}</details>" if inside else ""


def _items(told: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in told)}</ul>" if told else ""


def _this_week(now: Week | None, plan: Plan) -> str:
    if now is None:
        return ""
    told = telling.against_targets(now, plan.wish.level)
    rows = [f"{name}: {done} of {target}" for name, done, target in told]
    return f"<b>This week</b>{_items(rows)}<small>{escape(telling.pace(plan.wish.level))}</small><br>"


def planner() -> Planner:
    """The planner, over the learner's own file."""
    return Planner()
