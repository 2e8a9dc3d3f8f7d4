"""Rehearsing at the desk: questions to be answered against a clock, and a clock for telling the whole story."""

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready.arrivals import settled
from loopready.course import CourseError
from loopready.layouts import labelled, lines, status, text
from loopready.pauses import Saving
from loopready.practice import Told
from loopready.probes import Probe, probes
from loopready.review import MINUTES
from loopready.rooms import Room, day, offer, picked
from loopready.timers import Timer, minutes

if TYPE_CHECKING:
    from loopready.desk import Desk

SHORTEST = 5.0  # seconds; a take under that is a slip of the finger


class Questions(Room):
    """One question at a time, a clock, and a place for the answer, which is kept while it is typed."""

    words = "The questions that the story invites, to be answered against a clock."

    def __init__(self, desk: "Desk"):
        self.chooser = labelled(widgets.Dropdown(description="Question"))
        self.asked, self.said = lines(), lines()
        self.timer = Timer("Start the clock", self._stopped)
        self.answer = labelled(widgets.Textarea(description="Answer", rows=5))
        self._probes: list[Probe] = []
        self._asked: tuple[str, Probe] | None = None  # of which story, what
        self._take: Told | None = None
        self._begun = 0.0
        self._save = Saving(self.keep, 0.8, 3.0)
        super().__init__(desk, [self.chooser, self.asked, self.timer, self.answer, self.said])
        self.chooser.observe(lambda change: settled(self._chosen), names="value")
        self.answer.observe(lambda change: self._typed(), names="value")
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Ask what the text on the desk invites; not in the middle of an answer."""
        if not another and (self.timer.running or self.answer.value):
            return
        if not self._save.finish():
            return
        self._probes = probes(self.desk.story)
        names = [f"{place} of {len(self._probes)}" for place in range(1, len(self._probes) + 1)]
        offer(self.chooser, names)
        self._show()

    @property
    def probe(self) -> Probe | None:
        """The question that is chosen."""
        place = picked(self.chooser, self._probes)
        return None if place is None else self._probes[place]

    def keep(self) -> bool:
        """Keep the answer as it stands, with the seconds so far; an answer that goes on is one take. If it is kept."""
        if not self._asked or not self.answer.value.strip():
            return True
        story, probe = self._asked
        seconds = max(self.timer.seconds or self._begun, 0.1)
        try:
            self._take = self.desk.practice.answered(
                story, probe.question, self.answer.value, seconds, self._take
            )
        except CourseError as error:
            self.said.value = status(f"Not saved: {error}")
            return False
        over = "" if seconds <= probe.seconds else f", {minutes(seconds - probe.seconds)} over"
        self.said.value = status(f"Answer saved: {minutes(seconds)} of {minutes(probe.seconds)}{over}.")
        return True

    def _typed(self) -> None:
        if not self.answer.value:
            return
        # Whoever types without starting the clock is on the clock all the same.
        if not self.timer.running and not self._begun:
            self.timer.start()
        self._save.touch()

    def _stopped(self, seconds: float) -> None:
        self._begun = seconds
        self.keep()

    def _chosen(self) -> None:
        if not self._asked or self.probe is not self._asked[1]:
            self._show()

    def _show(self) -> None:
        # What was typed a moment ago answers the question that was asked; unsaved, the field is all there is of it.
        if not self._save.finish():
            return
        self.timer.cancel()
        self._take, self._begun, self.answer.value = None, 0.0, ""
        probe, kept = self.probe, self.desk.kept
        self._asked = (kept.id, probe) if probe and kept else None
        self.asked.value = text(
            f"<b>{escape(probe.question)}</b><br><small>Asked because {escape(probe.because)}</small>"
            if probe else "Write a story above, and its questions are here."
        )  # fmt: skip
        self.said.value = status(_last_answer(self.desk, probe) if probe else "")


def _last_answer(desk: "Desk", probe: Probe) -> str:
    try:
        before = [take for take in desk.practice.takes(desk.kept.id) if take.question == probe.question]
    except (AttributeError, CourseError):
        before = []
    if not before:
        return f"You have {minutes(probe.seconds)}."
    last = before[-1]
    took = f"Last time, {day(last.said_at)}, you took {minutes(last.seconds)}"
    return f"You have {minutes(probe.seconds)}. {took}: {last.answer}"


class Teller(Room):
    """A clock for telling the whole story aloud; what was measured is kept and gives the pace of the review."""

    words = "A clock for telling the story aloud."

    def __init__(self, desk: "Desk"):
        self.timer = Timer("Start telling", self._told)
        self.said = lines()
        super().__init__(desk, [self.timer, self.said])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Show the takes of the story on the desk."""
        if another:
            self.timer.cancel()
            self._show("")

    def _told(self, seconds: float) -> None:
        kept = self.desk.kept
        if not kept:
            self._show("Not kept: there is no story on the desk.")
        elif seconds < SHORTEST:
            self._show(f"Not kept: under {SHORTEST:.0f} seconds.")
        else:
            try:
                self.desk.practice.told(kept.id, seconds, kept.story.words())
                self._show("Kept.")
            except CourseError as error:
                self._show(f"Not kept: {error}")

    def _show(self, first: str) -> None:
        low, high = MINUTES["bank"]
        short, long = MINUTES["phone"]
        target = (
            f"Four to six minutes in the loop ({low}:00 to {high}:00), {short}:00 to {long}:00 on the phone."
        )
        self.said.value = text("<br>".join(map(escape, filter(None, [first, target, *_takes(self.desk)]))))


def _takes(desk: "Desk", most: int = 5) -> list[str]:
    try:
        takes = [take for take in desk.practice.takes(desk.kept.id) if not take.question] if desk.kept else []
    except CourseError as error:
        return [str(error)]
    return [
        f"{day(take.said_at)}: {minutes(take.seconds)}, {take.pace:.0f} words a minute as it was written"
        for take in reversed(takes[-most:])
    ]
