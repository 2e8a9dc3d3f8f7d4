"""Waiting for a pause: what somebody types is looked at once they stop, and now and then while they go on."""

import asyncio
from collections.abc import Callable


class Pause:
    """Calls `act` once `quiet` seconds have passed without a `touch`, and every `longest` seconds in a long run.

    Where no event loop runs, as in a terminal, `act` is called at once.
    """

    def __init__(self, act: Callable[[], None], quiet: float, longest: float):
        self._act, self._quiet, self._longest = act, quiet, longest
        self._soon: asyncio.TimerHandle | None = None
        self._last: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Something was typed."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._act()
        if self._soon:
            self._soon.cancel()
        self._soon = loop.call_later(self._quiet, self.now)
        self._last = self._last or loop.call_later(self._longest, self.now)
        return None

    @property
    def waiting(self) -> bool:
        """If something was typed that `act` has not seen."""
        return self._soon is not None

    def now(self) -> None:
        """Stop waiting, and act."""
        for timer in (self._soon, self._last):
            if timer:
                timer.cancel()
        self._soon = self._last = None
        self._act()
