"""What a mock came to, and every mock before it."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from loopready.course import CourseError
from loopready.layouts import image, labelled, lines, row, status, text
from loopready.mocks.stage import button
from loopready.mocks.telling import history
from loopready.mocks.verdicts import decided, verdict_of
from loopready.rooms import Room

if TYPE_CHECKING:
    from loopready.mocks.desk import Desk

_AGREED = [("nobody asked", None), ("yes", True), ("no", False)]


class Deciding(Room):
    """The debrief: its figure, the rule line by line, the reasons that the cards support, and the tasks."""

    words = "The debrief."
    command = "loopready mock finish"

    def __init__(self, desk: "Desk"):
        self.agreed = labelled(
            widgets.Dropdown(description="All agree that the bar is raised", options=_AGREED)
        )
        self.end = button("Finish this mock", self._end)
        self.picture, self.verdict, self.says = widgets.HTML(layout={"height": "auto"}), lines(), lines()
        self._drawn: object = None
        super().__init__(desk, [row(self.agreed, self.end), self.says, self.picture, self.verdict])
        self.agreed.observe(self._agree, names="value")
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Decide anew from the last cards."""
        try:
            self._show()
        except CourseError as error:
            self.says.value = status(str(error))

    def _show(self) -> None:
        mock = self.desk.mock
        self.end.disabled = not (mock and mock.open)
        self.agreed.layout.display = None if mock and mock.is_loop else "none"
        if not mock or not mock.cards:
            self._drawn, self.picture.value = None, ""
            self.verdict.value = text("When a round was rated, what it comes to is here.")
            return
        self.agreed.unobserve(self._agree, names="value")
        self.agreed.value = mock.consensus
        self.agreed.observe(self._agree, names="value")
        seen = verdict_of(mock, self.desk.mocks.moment)
        if str(seen) == self._drawn:
            return
        from loopready.drawings import loop_history

        self._drawn, self.verdict.value = str(seen), text(seen._repr_html_())
        self.picture.value = image(loop_history([seen.debrief])) if seen.debrief else ""

    def _agree(self, change: dict) -> None:
        self._try(lambda: self.desk.mocks.agree(self.desk.id, change["new"]))
        self.desk.tell(False)

    def _end(self) -> None:
        self._try(self.desk.end)

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
            self.says.value = status("")
        except CourseError as error:
            self.says.value = status(str(error))


class Back(Room):
    """The loops that were held as a picture, and every mock in a list."""

    words = "What was held before."
    command = "loopready mock"

    def __init__(self, desk: "Desk"):
        self.picture, self.listed = widgets.HTML(layout={"height": "auto"}), lines()
        self._drawn: object = None
        super().__init__(desk, [self.picture, self.listed])
        self.refresh(True)

    def refresh(self, another: bool) -> None:
        """Look again when a loop was rated or has ended."""
        try:
            loops = [said for one in self.desk.mocks.all() if one.is_loop and (said := decided(one))]
            told = history(self.desk.mocks.path)
        except CourseError as error:
            self.listed.value = status(str(error))
            return
        if (seen := (list(map(str, loops)), told)) == self._drawn:
            return
        from loopready.drawings import loop_history

        self._drawn = seen
        self.picture.value = image(loop_history(loops)) if loops else ""
        self.listed.value = text("<br>".join(map(escape, told)))
