"""The scorecard of the round on the desk: rated alone against anchors, or taken from the partner's page."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready.course import CourseError
from loopready.layouts import labelled, lines, row, status, text
from loopready.mocks.fields import Field
from loopready.mocks.partners import received, write
from loopready.mocks.scores import filled
from loopready.mocks.stage import button
from loopready.process import anchors
from loopready.process.scorecards import Scorecard
from loopready.rooms import Room
from loopready.rubrics import Dimension

if TYPE_CHECKING:
    from loopready.mocks.desk import Desk

EVIDENCE = "evidence "  # before a criterion, in the name of the field that keeps what is typed


class Scoring(Room):
    """A list of levels and a line of evidence for each criterion; Save makes the card and shows its vote."""

    words = "The round's scorecard."
    command = "loopready mock rate"

    def __init__(self, desk: "Desk"):
        self.levels: dict[str, widgets.Dropdown] = {}
        self.evidence: dict[str, Field] = {}
        self.says, self.told = lines(), lines()
        self.save = button("Save the scorecard", self._save, "primary")
        self.line = labelled(widgets.Text(description="The line that the partner's page gave"))
        self.take = button("Take it over", self._take)
        self.make = button("Make the partner's page", self._make)
        self._shown: tuple | None = None
        super().__init__(desk, [])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Lay out the criteria of the round on the desk, once it was begun."""
        try:
            mock, sitting = self.desk.mock, self.desk.sitting
            ready = bool(sitting) and sitting.state in ("running", "paused", "done")
            if (seen := (self.desk.id, self.desk.place, ready)) == self._shown:
                return
            if not self._finish():
                return
            self._shown = seen
            self.says.value, self.told.value = status(""), text("")
            parts = self._partner() if mock and mock.rater == "partner" else []
            if ready:
                parts = [*parts, *self._criteria(sitting.of.focus), row(self.save)]
                if card := mock.cards.get(self.desk.place):
                    self._tell(card)
            elif not parts:
                parts = [lines("When the round was begun, its scorecard is here.")]
            self.children = [self._style, *parts, self.says, self.told]
        except CourseError as error:
            self.children = [self._style, lines(escape(str(error)))]

    def _partner(self) -> list[widgets.Widget]:
        why = (
            "The page has the guide, the questions and the scorecard; it opens without a network, and prints."
        )
        return [lines(why), row(self.make), self.line, row(self.take)]

    def _criteria(self, focus: str) -> list[widgets.Widget]:
        """For each criterion its question, what the levels sound like, and a line of evidence."""
        kept = self.desk.mocks.texts(self.desk.id, self.desk.place)
        card = self.desk.mock.cards.get(self.desk.place)
        self.levels, self.evidence = {}, {}
        parts: list[widgets.Widget] = []
        for each in anchors.of(focus):
            self.levels[each.name] = choice = _levels(each, card.levels.get(each.name, 0) if card else 0)
            choice.observe(lambda change: self._chosen(), names="value")
            self.evidence[each.name] = field = self._proof(each.name, kept)
            parts += [lines(f"<b>{escape(each.says)}</b>"), lines(_sounds(each)), choice, field.widget]
        return parts

    def _proof(self, name: str, kept: dict[str, str]) -> Field:
        id, place = self.desk.id, self.desk.place
        keep = lambda told: self.desk.mocks.write(id, place, EVIDENCE + name, told)  # noqa: E731
        return Field(f"{name}: what was said or done", kept.get(EVIDENCE + name, ""), keep, self.says)

    def _finish(self) -> bool:
        return all([field.finish() for field in self.evidence.values()])

    def _chosen(self) -> None:
        self.says.value = status("Levels count from Save the scorecard on.")

    def _save(self) -> None:
        self._finish()
        levels = {name: choice.value for name, choice in self.levels.items() if choice.value}
        evidence = {name: field.value.strip() for name, field in self.evidence.items()}
        try:
            card = filled(self.desk.mocks, self.desk.mock, self.desk.place, levels, evidence)
            self.desk.mocks.rate(self.desk.id, self.desk.place, card)
            self._tell(card)
            self.says.value = status(f"Saved: {card.of.name}, {card.vote}.")
            self.desk.tell(False)
        except CourseError as error:
            self.says.value = status(f"Not saved: {error}")

    def _take(self) -> None:
        try:
            card = received(self.desk.mocks, self.desk.id, self.desk.place, self.line.value)
            self._tell(card)
            self.says.value = status(f"Taken over: {card.of.name}, {card.vote}.")
            self.desk.tell(False)
        except CourseError as error:
            self.says.value = status(f"Not taken over: {error}")

    def _make(self) -> None:
        try:
            folder = self.desk.mocks.path.parent
            path = write(
                self.desk.mocks, self.desk.id, self.desk.place, folder / f"partner-{self.desk.place}.html"
            )
            self.says.value = status(f"{_shown(path)} is the page: give it to your partner.")
        except CourseError as error:
            self.says.value = status(str(error))

    def _tell(self, card: Scorecard) -> None:
        because = "<br>".join(map(escape, card.because))
        self.told.value = text(f"<b>{escape(f'{card.of.name}: {card.vote}')}</b><br>{because}")


def _levels(each: Dimension, level: int) -> widgets.Dropdown:
    options = [("not rated", 0), *((f"{level}  {sounds}", level) for level, sounds in each.anchors.items())]
    return labelled(widgets.Dropdown(description=each.name, options=options, value=level))


def _sounds(each: Dimension) -> str:
    return "<br>".join(f"{level} &nbsp;{escape(sounds)}" for level, sounds in each.anchors.items())


def _shown(path: Path) -> str:
    from loopready import course

    try:
        return course.shown(path, course.root())
    except CourseError:
        return str(path)
