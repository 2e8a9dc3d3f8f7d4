"""A clock with one button, for an answer or for a whole story."""

import asyncio
import time
from collections.abc import Callable

import ipywidgets as widgets

from loopready.arrivals import on_press
from loopready.layouts import status


def minutes(seconds: float) -> str:
    """A span as a clock shows it: `4:05`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


class Timer(widgets.HBox):
    """A button that starts and stops, and the time; `done` is called with the seconds when it is stopped."""

    def __init__(
        self, start: str, done: Callable[[float], None], clock: Callable[[], float] = time.monotonic
    ):
        self._start, self._done, self._clock = start, done, clock
        self._begun: float | None = None
        self.button = widgets.Button(description=start, layout={"width": "auto", "min_width": "9em"})
        self.face = widgets.HTML(status("0:00"), layout={"height": "auto", "margin": "0 0 0 12px"})
        on_press(self.button, lambda: self.stop() if self.running else self.start(), wait=False)
        super().__init__([self.button, self.face], layout={"align_items": "center", "flex_flow": "row wrap"})

    @property
    def running(self) -> bool:
        """If the time is being taken."""
        return self._begun is not None

    @property
    def seconds(self) -> float:
        """Seconds since the start; 0 when it is not running."""
        return self._clock() - self._begun if self._begun is not None else 0.0

    def start(self) -> None:
        """Begin at 0:00."""
        self._begun = self._clock()
        self.button.description = "Stop the clock"
        self._tick()

    def stop(self) -> None:
        """End, and hand over the seconds."""
        if not self.running:
            return
        seconds, self._begun = self.seconds, None
        self.button.description = self._start
        self.face.value = status(minutes(seconds))
        self._done(seconds)

    def cancel(self) -> None:
        """End without a result: another story came."""
        self._begun = None
        self.button.description, self.face.value = self._start, status("0:00")

    def _tick(self) -> None:
        if not self.running:
            return
        # Not a live region while it runs: a screen reader would say each second.
        self.face.value = f"<div>{minutes(self.seconds)}</div>"
        try:
            asyncio.get_running_loop().call_later(1.0, self._tick)
        except RuntimeError:
            return
