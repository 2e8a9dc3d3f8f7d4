"""A field of a round whose text is saved while it is typed."""

from collections.abc import Callable

import ipywidgets as widgets

from loopready.course import CourseError
from loopready.layouts import labelled, status
from loopready.pauses import Saving

SAVED = (0.6, 2.0)  # seconds without a key, and at most, until a text is saved


class Field:
    """One text: its widget, and `keep(text)`, which saves it; `says` is told when, or why not."""

    def __init__(
        self, label: str, value: str, keep: Callable[[str], object], says: widgets.HTML, rows: int = 0
    ):
        kind, more = (widgets.Textarea, {"rows": rows}) if rows else (widgets.Text, {})
        self.widget = labelled(kind(description=label, value=value, continuous_update=True, **more))
        self._keep, self._says = keep, says
        self._saving = Saving(self.keep, *SAVED)
        self.widget.observe(lambda change: self._typed(), names="value")

    @property
    def value(self) -> str:
        """The text as it stands."""
        return self.widget.value

    def keep(self) -> bool:
        """Save the text, and say so, or why not; whether it was saved."""
        try:
            self._keep(self.widget.value)
            says, done = "Saved.", True
        except CourseError as error:
            says, done = f"Not saved: {error}", False
        if self._says.value != status(says):
            self._says.value = status(says)
        return done

    def finish(self) -> bool:
        """Save what is not saved yet, before something else comes; whether all is saved."""
        return self._saving.finish()

    def _typed(self) -> None:
        self._says.value = status("Not saved yet ...")
        self._saving.touch()
