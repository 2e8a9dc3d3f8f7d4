"""What is done in the round on the desk: questions and answers, a design's steps, or a kata."""

import asyncio
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready.bank import Bank
from loopready.course import CourseError
from loopready.layouts import lines, row, status, text
from loopready.mocks.boards import BOXES, ESTIMATE, Board, Box
from loopready.mocks.fields import Field
from loopready.mocks.interviews import Interview, stories_for
from loopready.mocks.problems import Asked as Number
from loopready.mocks.records import Asked
from loopready.mocks.sittings import Sitting
from loopready.mocks.stage import button
from loopready.process import questions
from loopready.rooms import Room

if TYPE_CHECKING:
    from loopready.mocks.desk import Desk

_MARKS = {True: "\u2713 right", False: "\u2192 look", None: ""}


class Work(Room):
    """The work of the round; it is laid out anew when another round comes onto the desk."""

    words = "The round's work."
    command = "loopready mock talk"

    def __init__(self, desk: "Desk"):
        self.part: Talk | Notes | Drafting | Coding | None = None
        self._shown: tuple | None = None
        super().__init__(desk, [])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Lay out the round once its clock was started: whoever reads the question before has more than 45 minutes."""
        try:
            sitting = self.desk.sitting
            seen = (
                self.desk.id,
                self.desk.place,
                bool(sitting) and sitting.state != "waiting",
                bool(sitting) and sitting.ended,
            )
            if seen == self._shown:
                return
            # What cannot be saved stays where it can be read.
            if self.part and not self.part.finish():
                return
            self._shown = seen
            self.part = self._part(sitting) if seen[2] and sitting.state != "left out" else None
            self.children = [self._style, self.part or lines("Start the clock, and the round begins here.")]
        except CourseError as error:
            self.children = [self._style, lines(escape(str(error)))]

    def _part(self, sitting: Sitting) -> "Talk | Notes | Drafting | Coding":
        if sitting.of.focus == "design":
            return Drafting(self.desk)
        if sitting.of.focus == "coding":
            return Coding(self.desk, self._graded)
        return Notes(self.desk) if self.desk.mock.rater == "partner" else Talk(self.desk)

    def _graded(self, part: "Coding") -> None:
        """A grading is over, whose kata may have been laid out anew meanwhile."""
        if part is not self.part:
            self._shown = None
            self.refresh(False)


class Talk(widgets.VBox):
    """One question at a time with a place for the answer; what was asked before stands below."""

    def __init__(self, desk: "Desk"):
        self.desk, self.talk = desk, Interview(desk.mocks, desk.id, desk.place)
        self.asks, self.says, self.stories, self.before = lines(), lines(), lines(), lines()
        self.on = button("Ask on", self._ask_on, "primary")
        self.other = button("Another question", self._another)
        self.bank = button("Open my story bank", _open_bank)
        self.asked: Asked | None = None
        self.field: Field | None = None
        self.place = widgets.VBox()
        super().__init__(
            [
                self.asks,
                self.place,
                row(self.on, self.other),
                self.says,
                self.stories,
                row(self.bank),
                self.before,
            ]
        )
        self._open()

    def finish(self) -> bool:
        """Save what is not saved yet; whether all is."""
        return self.field.finish() if self.field else True

    def _open(self) -> None:
        """Go on with the last thing that was asked, or ask the first."""
        going = self.desk.mock.open and not self.desk.sitting.ended
        self.on.disabled = self.other.disabled = not going
        asked = self.talk.asked
        self._show(asked[-1] if asked else self.talk.question() if going else None)

    def _ask_on(self) -> None:
        self._next(self.talk.next)

    def _another(self) -> None:
        self._next(self.talk.question)

    def _next(self, draw: Callable[[], Asked | None]) -> None:
        if not self.finish():
            return
        try:
            asked = draw()
        except CourseError as error:
            self.says.value = status(str(error))
            return
        if asked:
            self._show(asked)
            self.field.widget.focus()
        else:
            self.says.value = status("That was all I had. What would you ask me?")

    def _show(self, asked: Asked | None) -> None:
        self.asked = asked
        if not asked:
            self.asks.value = text("Nothing was asked.")
            return
        kept = dict((one.id, told) for one, told in self.talk.answers())
        self.asks.value = status(asked.text).replace("<span", '<span style="font-weight:bold"', 1)
        keep = lambda told, asked=asked: self.talk.answer(asked, told)  # noqa: E731
        self.field = Field(
            "Answer, typed or in keywords as you speak", kept.get(asked.id, ""), keep, self.says, rows=8
        )
        self.place.children = [self.field.widget]
        self.says.value = status("")
        self.stories.value = text(self._stories(asked))
        self.before.value = text(self._before(asked))

    def _stories(self, asked: Asked) -> str:
        """The candidate's own stories for it, folded away."""
        try:
            fitting = stories_for(questions.found(asked.key), Bank(self.desk.mocks.path))
        except CourseError:
            return ""
        if not fitting:
            return "<small>You have no story for it yet: write one after the round.</small>"
        style = "white-space:pre-wrap;overflow-wrap:anywhere;max-height:18em;overflow:auto;font:inherit"
        folds = "".join(
            f"<details><summary>{escape(one.story.title or 'without a title yet')}</summary>"
            f'<pre tabindex="0" style="{style}">{escape(one.story.to_markdown())}</pre></details>'
            for one in fitting[:3]
        )
        return f"<details><summary>Your own stories for it</summary>{folds}</details>"

    def _before(self, asked: Asked) -> str:
        told = [(one, answer) for one, answer in self.talk.answers() if one.id != asked.id]
        style = "white-space:pre-wrap;overflow-wrap:anywhere"
        said = "".join(
            f'<p style="margin:6px 0"><b>{escape(one.text)}</b><br><span style="{style}">{escape(answer)}</span></p>'
            for one, answer in reversed(told)
        )
        return f"<details><summary>Asked before ({len(told)})</summary>{said}</details>" if told else ""


class Notes(widgets.VBox):
    """A place for notes while a partner asks; the questions are on the partner's page."""

    def __init__(self, desk: "Desk"):
        self.says = lines()
        id, place = desk.id, desk.place
        kept = desk.mocks.texts(id, place).get("notes", "")
        self.field = Field(
            "Notes", kept, lambda told: desk.mocks.write(id, place, "notes", told), self.says, rows=8
        )
        why = "Your partner asks, from the page that is made below. What you want to remember goes here."
        super().__init__([lines(why), self.field.widget, self.says])

    def finish(self) -> bool:
        """Save what is not saved yet; whether all is."""
        return self.field.finish()


def _open_bank() -> None:
    from loopready.panels import lab

    lab("docmanager:open", path="notebooks/story-bank.ipynb", options={"mode": "split-right"})


class Drafting(widgets.VBox):
    """The design's steps in their time boxes, each with a text, and the numbers, which can be checked."""

    def __init__(self, desk: "Desk"):
        self.board = Board(desk.mocks, desk.id, desk.place)
        problem, kept = self.board.problem, self.board.texts()
        agenda = desk.sitting.agenda
        self.says, self.asked_next = lines(), lines()
        self.boxes = {one.key: self._box(one, agenda[one.part][1], kept) for one in BOXES}
        self.numbers = {one.name: self._number(one, kept) for one in problem.steps}
        self.judged = {one.name: lines() for one in problem.steps}
        given = "".join(
            f"<br><code>{one.name} = {one.expression}</code> &nbsp;{one.says}" for one in problem.given
        )
        self.check = button("Check the numbers", self._check)
        ask = button("What is asked next", self._ask)
        numbers = [
            part
            for one in problem.steps
            for part in (_asked_for(one), self.numbers[one.name].widget, self.judged[one.name])
        ]
        # What to write stands above its field: a label is cut where it is longer than the field.
        steps = [part for one in BOXES for part in (lines(escape(one.asks)), self.boxes[one.key].widget)]
        super().__init__([
            lines(f"<b>{escape(problem.question.asks)}</b>"), self.says, *steps[:2],
            lines(f"<b>Estimate</b>, with these names in your answers if you like:{given}"), *numbers,
            row(self.check), *steps[2:], row(ask), self.asked_next,
        ])  # fmt: skip

    def finish(self) -> bool:
        """Save what is not saved yet; whether all is."""
        return all([field.finish() for field in (*self.boxes.values(), *self.numbers.values())])

    def _box(self, one: Box, minutes: int, kept: dict[str, str]) -> Field:
        keep = lambda told: self.board.write(one.key, told)  # noqa: E731
        return Field(f"{one.name} ({minutes} min)", kept.get(one.key, ""), keep, self.says, rows=4)

    def _number(self, one: Number, kept: dict[str, str]) -> Field:
        keep = lambda told: self.board.estimate(one.name, told)  # noqa: E731
        return Field(one.name, kept.get(ESTIMATE + one.name, ""), keep, self.says)

    def _check(self) -> None:
        self.finish()
        try:
            for one in self.board.judged():
                self.judged[one.name].value = status(" ".join(filter(None, [_MARKS[one.right], one.says])))
        except CourseError as error:
            self.says.value = status(str(error))

    def _ask(self) -> None:
        items = "".join(f"<li>{escape(one)}</li>" for one in self.board.follow_ups())
        self.asked_next.value = text(f"<ul>{items}</ul>")


def _asked_for(one: Number) -> widgets.HTML:
    return lines(escape(one.says[:1].upper() + one.says[1:]))


class Coding(widgets.VBox):
    """The kata: opened beside, graded as the product grades, and talked about when the round is over.

    `graded` is told of each grading that is over.
    """

    def __init__(self, desk: "Desk", graded: "Callable[[Coding], None]"):
        from loopready.mocks.katas import RESULT, given

        self.desk, self.id, self.place, self._told = desk, desk.id, desk.place, graded
        self.kata, self.path = given(desk.mocks, desk.id, desk.place)
        self.says, self.noted, self.after = lines(), lines(), lines()
        self.beside = button("Open the kata beside", self._open, "primary")
        self.grade = button("Grade it", self._grade)
        kept = desk.mocks.texts(desk.id, desk.place)
        self.says.value = status(kept.get(RESULT, ""))
        keep = lambda told: desk.mocks.write(self.id, self.place, "notes", told)  # noqa: E731
        title = "Notes: the two ways, and what they cost"
        self.notes = Field(title, kept.get("notes", ""), keep, self.noted, rows=4)
        super().__init__([
            lines(f"<b>{escape(self.kata.title)}</b>"), row(self.beside, self.grade), self.says,
            self.notes.widget, self.noted, self.after,
        ])  # fmt: skip
        if desk.sitting.ended:
            self._talk_about_it()

    def finish(self) -> bool:
        """Save what is not saved yet; whether all is."""
        return self.notes.finish()

    def _open(self) -> None:
        from loopready import course
        from loopready.panels import lab

        root = course.root()
        if self.path.is_relative_to(root):
            lab(
                "docmanager:open",
                path=self.path.relative_to(root).as_posix(),
                options={"mode": "split-right"},
            )
        else:
            self.says.value = status(f"Open {self.path} in JupyterLab.")

    def _grade(self) -> None:
        # Not awaited: the click's message must be answered before the kernel can hear the next one.
        self.grading = asyncio.ensure_future(self._graded())

    async def _graded(self) -> None:
        from loopready import course, notebooks
        from loopready.grading import graded_apart
        from loopready.mocks.katas import keep, result_of

        self.grade.disabled = True
        self.says.value = status("Grading ...")
        try:
            await notebooks.saved(self.path)
            result = result_of(self.kata, await graded_apart(self.kata.assignment, course.root()))
            self.says.value = status(keep(self.desk.mocks, self.id, self.place, result))
        except CourseError as error:
            self.says.value = status(str(error))
        finally:
            self.grade.disabled = False
            self._told(self)

    def _talk_about_it(self) -> None:
        from loopready import reserve

        style = "white-space:pre-wrap;overflow-wrap:anywhere"
        self.after.value = text("".join(
            f'<details><summary>{title}</summary><pre tabindex="0" style="{style}">{escape(told)}</pre></details>'
            for title, told in (
                ("What is asked when it passes", reserve.guide(self.kata.name)),
                ("One answer", reserve.reference(self.kata.name)),
            )
        ))  # fmt: skip
