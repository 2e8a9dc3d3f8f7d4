"""A button and the space for its answer, in a notebook; where no widget can be shown, a sentence."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

from ipylab import JupyterFrontEnd
from ipywidgets import Button, Layout, Output, VBox

from loopready.course import CourseError


class Panel(VBox):
    """A button labelled `label`; a press calls `press(panel)` and awaits what it returns, if anything.

    `words` says the same without a button, for a page on the web or a terminal. A CourseError is shown as its
    line.
    """

    def __init__(self, label: str, words: str, press: Callable[["Panel"], Awaitable[None] | None]) -> None:
        self.words = words
        self.press = press
        beside = Layout(width="max-content", align_self="flex-start")
        self.button = Button(description=label, button_style="primary", layout=beside)
        self.button.on_click(self._pressed)
        self.answer = Output()
        super().__init__([self.button, self.answer])

    def say(self, html: str) -> None:
        """Show `html` under the button, in place of what was there."""
        self.show({"text/html": html, "text/plain": ""})

    def show(self, data: dict[str, str]) -> None:
        """Show `data`, a text for each of its media types, under the button in place of what was there."""
        # An Output and not an HTML widget: JupyterLab opens links in the first and loses those in the second.
        self.answer.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)

    def _pressed(self, _: Button) -> None:
        # Not awaited: the click's message must be answered before the kernel can hear the next one.
        self.pressed = asyncio.ensure_future(self._press())

    async def _press(self) -> None:
        self.button.disabled = True
        try:
            answer = self.press(self)
            if answer is not None:
                await answer
        except CourseError as error:
            self.say(escape(str(error)))
        finally:
            self.button.disabled = False

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": self.words}


def link(path: Path, text: str) -> str:
    """HTML for a link to `path` that JupyterLab opens beside the notebook whose kernel asks."""
    return f'<a href="{quote(Path(os.path.relpath(path)).as_posix())}">{escape(text)}</a>'


def lab(command: str, **arguments: object) -> None:
    """Ask JupyterLab to run one of its own commands; elsewhere nothing happens."""
    JupyterFrontEnd().commands.execute(command, arguments)
