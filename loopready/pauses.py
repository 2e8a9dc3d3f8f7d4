"""Waiting for a pause: what somebody types is looked at once they stop, and now and then while they go on."""

import asyncio
from collections.abc import Callable
from weakref import WeakSet

AGAIN = 5.0  # seconds until what could not be saved is tried again


class Pause:
    """Calls `act` once `quiet` seconds have passed without a `touch`, and every `longest` seconds in a long run.

    Where no event loop runs, as in a terminal, `act` is called at once.
    """

    def __init__(self, act: Callable[[], object], quiet: float, longest: float):
        self._act, self._quiet, self._longest = act, quiet, longest
        self._soon: asyncio.TimerHandle | None = None
        self._last: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Something was typed."""
        loop = _loop()
        if loop is None:
            self.now()
            return
        if self._soon:
            self._soon.cancel()
        self._soon = loop.call_later(self._quiet, self.now)
        self._last = self._last or loop.call_later(self._longest, self.now)

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


class Saving(Pause):
    """A pause after which `save` is called; one that returns False has saved nothing, and is called again."""

    def __init__(self, save: Callable[[], bool], quiet: float, longest: float):
        super().__init__(self._tried, quiet, longest)
        self._save, self._unsaved = save, False
        _SAVINGS.add(self)

    @property
    def waiting(self) -> bool:
        """If something was typed that is not saved."""
        return super().waiting or self._unsaved

    def finish(self) -> bool:
        """Save now what is not saved yet; whether all is."""
        if self.waiting:
            self.now()
        return not self.waiting

    def _tried(self) -> None:
        self._unsaved = not self._save()
        if self._unsaved and (loop := _loop()):
            self._soon = loop.call_later(AGAIN, self.now)


# One that is gone has nothing to save.
_SAVINGS: WeakSet[Saving] = WeakSet()


def finish_all() -> None:
    """Save all that was typed: a room that is built anew reads what the one before it has saved."""
    for saving in list(_SAVINGS):
        saving.finish()


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
