"""What stands around the desk: the rating, the coverage and the earlier texts.

Each is a widget over one of the modules that do the work, and follows the story on the desk.
"""

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready import rubrics
from loopready.arrivals import on_press
from loopready.cards import RatingCard
from loopready.course import CourseError
from loopready.coverage import SOURCES, Coverage, coverage
from loopready.layouts import STYLE, image, instead, labelled, lines, row, status, text
from loopready.pauses import Pause
from loopready.planning.plans import planned_level
from loopready.ratings import Subject
from loopready.revisions import Conflict, Kept

if TYPE_CHECKING:
    from loopready.desk import Desk

_STATES = {"kept": "", "rival": ", not chosen yet", "settled": ", not kept then"}


def day(moment: datetime) -> str:
    """A moment as a learner reads it: `1 March 2025 at 21:04`."""
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


class Room(widgets.VBox):
    """A part of the room; in its place `words` say what it is, and the `command` for a terminal if there is one."""

    words = ""
    command = ""

    def __init__(self, desk: "Desk", children: list[widgets.Widget]):
        self.desk = desk
        # In each, since JupyterLab takes cells that are out of sight off the page.
        self._style = widgets.HTML(STYLE, layout={"height": "0", "margin": "0"})
        super().__init__([self._style, *children], layout={"max_width": "52em"})
        self.add_class("loopready-room")
        desk.heed(self.refresh)

    def refresh(self, another: bool) -> None:
        """The desk holds another text, or its text was saved."""

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": instead(self.words, self.command)}


class Rated(Room):
    """The rating card of the story on the desk; it begins anew when another story comes."""

    words = "A card for rating the story."

    def __init__(self, desk: "Desk"):
        self._shown: str | None = None
        super().__init__(desk, [lines()])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Show the card of the story that is on the desk now."""
        kept = self.desk.kept
        if kept and self._shown == kept.id:
            return
        self._shown = kept.id if kept else None
        if not kept:
            self.children = [self._style, lines("Write a story above, and its card is here.")]
            return
        # By its id: the form keeps the text, and the title may still change.
        self.card = card = RatingCard(
            "The story above", Subject("story", kept.id), rubrics.STORY, self.desk.ratings
        )
        self.children = [self._style, card.box]


def picked(chooser: widgets.Dropdown, things: list) -> int | None:
    """Which of `things` is chosen in a list that gives their places; None for none."""
    place = chooser.value
    return place if isinstance(place, int) and 0 <= place < len(things) else None


def offer(chooser: widgets.Dropdown, names: list[str]) -> None:
    """Put names into a list that gives their places, the first one chosen."""
    chooser.options = [*zip(names, range(len(names)), strict=True)] or [("none yet", -1)]
    chooser.value = chooser.options[0][1]


class Cover(Room):
    """What the bank covers: the picture, what is thin, and the story to write next."""

    words = "What the bank covers, as a picture."

    def __init__(self, desk: "Desk"):
        lenses = [("L6 and L7", ""), ("an L6 loop", "L6"), ("an L7 loop", "L7")]
        seen = planned_level(desk.bank.path)
        self.lens = widgets.Dropdown(description="Seen for", options=lenses, value=seen)
        self.picture, self.says = widgets.HTML(layout={"height": "auto"}), lines()
        self._drawn: object = None
        # Drawing takes a third of a second, which whoever types should not wait for.
        self._pause = Pause(self.show, 2.0, 20.0)
        super().__init__(desk, [self.lens, self.picture, self.says])
        self.lens.observe(lambda change: self.show(), names="value")
        self.show()

    def refresh(self, another: bool) -> None:
        """Look again, once nobody types."""
        self._pause.touch()

    def show(self) -> None:
        """Draw what has changed since it was drawn."""
        try:
            covered = coverage((kept.story for kept in self.desk.bank.stories()), self.lens.value)
        except CourseError as error:
            self._drawn, self.says.value = None, status(str(error))
            return
        if (seen := (self.lens.value, str(covered))) != self._drawn:
            from loopready.drawings import story_matrix

            self._drawn, self.picture.value = seen, image(story_matrix(covered))
            self.says.value = _next(covered) + _as_text(covered)


def _next(covered: Coverage) -> str:
    next_one = covered.next_story()
    reason = next_one.reason[:1].upper() + next_one.reason[1:]
    said = [f"<b>Next: {escape(next_one.principle or 'nothing new')}.</b> {escape(reason)}."]
    if covered.quiet:
        titles = ", ".join(story.title or "one without a title" for story in covered.quiet)
        said.append(f"Told for {covered.lens or 'L7'} and not yet heard as that: {escape(titles)}.")
    said.append(f"<small>{escape(SOURCES)}</small>")
    return text("<br>".join(said))


def _as_text(covered: Coverage) -> str:
    # For a window too narrow for the picture, and for who cannot see it.
    style = "overflow:auto;line-height:1.35"
    told = f'<pre tabindex="0" style="{style}">{escape(str(covered))}</pre>'
    return f"<details><summary>As text</summary>{told}</details>"


class Earlier(Room):
    """The earlier texts of the story, to read, and to bring back as the newest."""

    words = "The earlier texts of the story."

    def __init__(self, desk: "Desk"):
        self.chooser = labelled(widgets.Dropdown(description="Earlier text"))
        self.back = widgets.Button(description="Bring this text back", layout={"width": "auto"})
        self.says, self.text = lines(), widgets.HTML(layout={"height": "auto"})
        self._texts: list[Kept] = []
        super().__init__(desk, [self.chooser, row(self.back, self.says), self.text])
        self.chooser.observe(lambda change: self._show(), names="value")
        on_press(self.back, self._bring_back)
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """List the texts of the story on the desk, the newest first."""
        kept = self.desk.kept
        try:
            texts = self.desk.bank.revisions(kept.id)[::-1] if kept else []
        except CourseError as error:
            self.says.value, texts = status(str(error)), []
        if texts != self._texts:
            self._texts = texts
            names = [f"{day(each.saved_at)}, text {each.number}{_STATES[each.state]}" for each in texts]
            offer(self.chooser, names)
            self._show()

    def _show(self) -> None:
        place = picked(self.chooser, self._texts)
        told = self._texts[place].story.to_markdown() if place is not None else ""
        style = "white-space:pre-wrap;overflow-wrap:anywhere;max-height:24em;overflow:auto;margin:6px 0"
        self.text.value = (
            f'<pre tabindex="0" aria-label="The earlier text" style="{style}">{escape(told)}</pre>'
        )

    def _bring_back(self) -> None:
        if (place := picked(self.chooser, self._texts)) is None:
            return
        story = self._texts[place].story
        if not self.desk.finish():
            self.says.value = status("Not brought back: what stands in the form could not be saved.")
            return
        try:
            kept = self.desk.bank.save(story, of=self.desk.kept, anew=True)
        except Conflict as conflict:
            self.desk.choose(conflict.theirs)
            self.says.value = status(f"Two texts: {conflict.told}, choose above, where you write.")
            return
        except CourseError as error:
            self.says.value = status(str(error))
            return
        self.desk.choose(kept)
        self.says.value = status(f"Brought back, {day(kept.saved_at)}.")
