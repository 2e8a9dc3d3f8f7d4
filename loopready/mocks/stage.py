"""Choosing a mock, and the clock of its round: thin widgets over the desk."""

import asyncio
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready.arrivals import on_press, settled
from loopready.course import CourseError
from loopready.layouts import labelled, lines, row, status, text
from loopready.mocks.clocks import Position, spoken
from loopready.mocks.desk import MARK
from loopready.mocks.sittings import ENDED, Mock, Sitting, planned
from loopready.process.rounds import FIVE_ROUNDS, FULL_LOOP, LEVELS, LOOPS, REHEARSALS
from loopready.rooms import Room

if TYPE_CHECKING:
    from loopready.mocks.desk import Desk

_RATERS = [("alone, against anchors", "alone"), ("with a partner", "partner")]


def button(label: str, press: Callable[[], None], style: str = "") -> widgets.Button:
    """A button as wide as its label, which calls `press`."""
    made = widgets.Button(description=label, button_style=style, layout={"width": "auto"})
    on_press(made, press)
    return made


class Choosing(Room):
    """What to rehearse; with an open mock, its rounds to choose from, and a way to close it."""

    words = "Pick a round or a loop."
    command = "loopready mock"

    def __init__(self, desk: "Desk"):
        self.kind = labelled(widgets.Dropdown(description="Rehearse", options=_kinds()))
        self.level = labelled(widgets.Dropdown(description="Level", options=LEVELS))
        self.rater = labelled(widgets.Dropdown(description="Rated", options=_RATERS))
        self.begin = button("Begin", self._begin, "primary")
        self.place = labelled(widgets.Dropdown(description="Round"))
        self.away = button("Close this mock", self._close)
        self.says = lines()
        form = row(self.kind, self.level, self.rater)
        super().__init__(desk, [form, row(self.begin), self.place, row(self.away), self.says])
        self.place.observe(self._placed, names="value")
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Show the form when nothing is open, else the rounds of the mock that is."""
        try:
            mock = self.desk.mock
        except CourseError as error:
            self.says.value = status(str(error))
            return
        going = bool(mock and mock.open)
        for part in (self.kind, self.level, self.rater, self.begin):
            part.layout.display = "none" if going else None
        for part in (self.place, self.away):
            part.layout.display = None if mock and (going or part is self.place) else "none"
        if mock:
            self.place.unobserve(self._placed, names="value")
            options = [(_named(one, one.place in mock.cards), one.place) for one in mock.sittings]
            if tuple(options) != self.place.options:
                self.place.options = options
            self.place.value = self.desk.place
            self.place.observe(self._placed, names="value")
        self.says.value = status(self.desk.trouble or _state(mock))

    def _begin(self) -> None:
        self._try(lambda: self.desk.begin(self.kind.value, self.level.value, self.rater.value))
        # The button goes away under the finger: the keyboard goes on where the hand goes next.
        self.place.focus()

    def _close(self) -> None:
        self._try(lambda: self.desk.end(close=True))
        self.kind.focus()

    def _placed(self, change: dict) -> None:
        if change["new"]:
            settled(lambda: self._try(lambda: self.desk.look_at(change["new"])))

    def _try(self, deed: Callable[[], None]) -> None:
        try:
            self.desk.trouble = ""
            deed()
        except CourseError as error:
            self.says.value = status(str(error))


def _kinds() -> list[tuple[str, str]]:
    loops = [(f"The loop of {name}: {len(REHEARSALS[name])} conversations", name) for name in LOOPS]
    shorter, longer = ([*variant] for variant in (FIVE_ROUNDS, FULL_LOOP))
    return [
        *loops,
        *((f"{one.name}, {_minutes(one.key)} min", one.key) for one in longer),
        *((f"{one.name}, {_minutes(one.key)} min, in the shorter loop", one.key) for one in shorter),
    ]


def _minutes(key: str) -> str:
    both = {planned(key, level)[0].minutes for level in LEVELS}
    return " or ".join(map(str, sorted(both)))


def _named(one: Sitting, rated: bool) -> str:
    return f"{one.place}. {one.of.name}: {one.state}{', rated' if rated else ''}"


def _state(mock: Mock | None) -> str:
    if not mock:
        return "Nothing is open."
    if mock.open:
        named = mock.name[:1].upper() + mock.name[1:]
        return f"{named} for {mock.level} is open. All that you do is kept; go on any day, or close it."
    return f"The last one, {mock.name}, is {mock.end}. Begin another when you like."


class Clocked(Room):
    """The clock: what part is on, what is left of it and of the round, and the agenda."""

    words = "The round's clock."
    command = "loopready mock start, loopready mock pause"

    def __init__(self, desk: "Desk"):
        self.go = button("Start the clock", self._go, "primary")
        self.end = button("End this round", lambda: self._do("end"))
        self.skip = button("Leave it out", lambda: self._do("leave out"))
        self.face, self.part, self.says, self.agenda = lines(), lines(), lines(), lines()
        self._ticking: asyncio.TimerHandle | None = None
        self._beats = 0
        top = row(self.go, self.end, self.skip)
        super().__init__(desk, [top, self.face, self.part, self.agenda, self.says])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Show the clock of the round on the desk, and tick while it runs."""
        try:
            self._show()
        except CourseError as error:
            self.says.value = status(str(error))

    def _go(self) -> None:
        self._do("pause" if self.go.description == "Pause" else "start")

    def _do(self, deed: str) -> None:
        try:
            self.says.value = ""
            self.desk.do(deed)
        except CourseError as error:
            self.says.value = status(str(error))

    def _show(self) -> None:
        mock, sitting = self.desk.mock, self.desk.sitting
        ended = not mock or not mock.open or sitting.state in ENDED
        for each in (self.go, self.end, self.skip):
            each.disabled = ended
        if not sitting:
            self._put(self.face, "Begin a mock above, and its clock is here.")
            self._put(self.part, "")
            return
        names = {"waiting": "Start the clock", "paused": "Go on"}
        self.go.description = "Pause" if sitting.state == "running" else names.get(sitting.state, "Over")
        self.end.disabled = ended or sitting.state == "waiting"
        self._draw(sitting)
        if sitting.state == "running":
            self._soon()

    def _draw(self, sitting: Sitting) -> None:
        """The face each second; the rest only when it changes, since a screen reader says it."""
        moment = self.desk.mocks.moment
        at, elapsed = sitting.at(moment), sitting.clock.elapsed(moment)
        left = f"{spoken(elapsed)} of {sitting.minutes}:00" if sitting.ended else _left(sitting, at)
        big = "font-size:1.6em;font-variant-numeric:tabular-nums"
        told = f'<span style="{big}">{left}</span>'
        if sitting.state == "running" and not at.over:
            told += f" &nbsp; {spoken(at.left_of_part)} left of this part"
        self._put(self.face, told, plain=False)
        self._put(self.part, _line(sitting, at, elapsed), live=True)
        self._put(
            self.agenda, _agenda(sitting, at.place if elapsed and not sitting.ended else -1), plain=False
        )

    def _put(self, where: widgets.HTML, says: str, plain: bool = True, live: bool = False) -> None:
        new = status(says) if live else text(escape(says) if plain else says)
        if where.value != new:
            where.value = new

    def _soon(self) -> None:
        if self._ticking:
            self._ticking.cancel()
        try:
            self._ticking = asyncio.get_running_loop().call_later(1.0, self._tick)
        except RuntimeError:
            self._ticking = None

    def _tick(self) -> None:
        """A second has passed; every so often the time is saved."""
        self._ticking, self._beats = None, self._beats + 1
        try:
            sitting = self.desk.sitting
            # Another tab may have paused it, or have begun another mock.
            if not sitting or sitting.state != "running":
                return self.desk.tell(False)
            if (
                self._beats % MARK == 0
                and self.desk.mocks.mark(self.desk.id, self.desk.place).state != "running"
            ):
                return self.desk.tell(False)
            self._draw(sitting)
        except CourseError as error:
            self.says.value = status(f"The clock goes on, and is not saved at the moment: {error}")
        return self._soon()


def _left(sitting: Sitting, at: Position) -> str:
    return f"{spoken(-at.left)} over" if at.over else f"{spoken(at.left)} left of {sitting.minutes}:00"


def _line(sitting: Sitting, at: Position, elapsed: float) -> str:
    if sitting.ended:
        return f"{sitting.of.name} is {sitting.state}, after {spoken(elapsed)}."
    if sitting.state == "waiting":
        return f"{sitting.of.name}, {sitting.minutes} minutes: {sitting.of.decides}."
    if at.over:
        return "The time is over: come to an end."
    following = f" Then: {at.next.says}." if at.next else ""
    paused = "Paused. " if sitting.state == "paused" else ""
    return f"{paused}Now: {at.slot.says}.{following}"


def _agenda(sitting: Sitting, now: int) -> str:
    minute, items = 0, []
    for place, (slot, minutes) in enumerate(sitting.agenda):
        says = f"{minute}:00 &nbsp;{escape(slot.says)} ({minutes} min)"
        items.append(f"<b>{says}</b>" if place == now else says)
        minute += minutes
    return "<br>".join(items)
