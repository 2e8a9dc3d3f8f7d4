"""What was typed before a press and has not come yet: the press waits for it.

ipywidgets sends a press at once, but a field's text only when the kernel has answered for the text before it
(`WidgetModel.save` in @jupyter-widgets/base). While the kernel is busy a press so overtakes the last letters: a plan
would be made for the year 0202, a story's end would go into the next story's form. What the page answers when it is
asked after the press was sent behind those letters. It is asked twice: while a subshell of the kernel starts,
JupyterLab has some models speak to the one thread and some to the other, and the first answer may overtake.
"""

import asyncio
import math
import time
from collections.abc import Callable
from functools import cache

from ipywidgets import Button, Layout, jsdlink

DOUBLE = 0.4  # seconds; within them a second press is the same finger's
PATIENCE = 2.0  # seconds to wait for an answer; with a page that is gone a press counts all the same
SILENT = 0.3  # the same while the page has not answered for the last time that it was asked


def settled(act: Callable[[], object]) -> None:
    """Call `act` once all is here that the page held at this moment.

    Without a page, as in a terminal, that is now. Several are called in the order in which they came.
    """
    page = _page() if _in_a_loop() else None
    if page is None:
        act()
    else:
        page.then(lambda: page.then(act))


def on_press(button: Button, act: Callable[[], object], wait: bool = True) -> None:
    """Let a press of `button` call `act`, once all is here that was typed before it; without `wait`, at once.

    A double click is one press, and so are all that come while the first one waits.
    """
    _page()  # now, so that the browser has it long before the first press
    press = _Press(act, wait)
    button.on_click(lambda _: press())


class _Press:
    """One button's presses."""

    def __init__(self, act: Callable[[], object], wait: bool) -> None:
        self._act, self._wait = act, wait
        self._last = self._waits_until = -math.inf

    def __call__(self) -> None:
        moment = time.monotonic()
        again, self._last = moment < max(self._last + DOUBLE, self._waits_until), moment
        # A program that presses means each press.
        if again and _in_a_loop() and _page():
            return
        if self._wait:
            # Not for ever: a thread of the kernel that ends takes its timers with it.
            self._waits_until = moment + 3 * PATIENCE
            settled(self._done)
        else:
            self._act()

    def _done(self) -> None:
        self._waits_until = -math.inf
        self._act()


class _Page:
    """A number that the browser copies from one model to another, which is its answer."""

    def __init__(self) -> None:
        # Layouts are never shown, and are the lightest models that there are.
        self._asked, self._answered = Layout(order="0"), Layout(order="0")
        self._link = jsdlink((self._asked, "order"), (self._answered, "order"))
        self._waiting: dict[int, tuple[Callable[[], object], asyncio.TimerHandle]] = {}
        self._number, self._silent = 0, False
        self._answered.observe(lambda change: self._heard(int(change["new"])), names="order")

    @property
    def there(self) -> bool:
        """If a kernel carries the models to a browser."""
        return getattr(self._asked.comm, "kernel", None) is not None

    @property
    def closed(self) -> bool:
        """If `Widget.close_all` closed the models with all others."""
        return self._asked.comm is None

    def then(self, act: Callable[[], object]) -> None:
        """Call `act` once the page has answered, or has let PATIENCE pass."""
        self._number += 1
        patience = min(SILENT, PATIENCE) if self._silent else PATIENCE
        late = asyncio.get_running_loop().call_later(patience, self._missed, self._number)
        self._waiting[self._number] = act, late
        self._asked.order = str(self._number)

    def _missed(self, number: int) -> None:
        # As with two views of one notebook after the kernel's restart, of which only one hears.
        self._silent = True
        self._done(number)

    def _heard(self, number: int) -> None:
        self._silent = False
        self._done(number)

    def _done(self, number: int) -> None:
        for each in [one for one in self._waiting if one <= number]:
            # The kernel's other thread may have taken it meanwhile.
            if waited := self._waiting.pop(each, None):
                act, late = waited
                late.cancel()
                act()


@cache
def _made() -> _Page:
    return _Page()


def _page() -> _Page | None:
    if _made().closed:
        _made.cache_clear()
    return _made() if _made().there else None


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
