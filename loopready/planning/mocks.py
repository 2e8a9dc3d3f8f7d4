"""The mock interviews that were held, as far as the plan and the progress page ask: what kind, how long, when.

A room that holds mocks adds a function to `sources`, which gives what the learner's file at a path has of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Held:
    """One mock: its kind (a round's name, or "loop"), its minutes, and when it ended (with a time zone)."""

    kind: str
    minutes: float
    when: datetime


def _of_mock_loop(path: Path) -> Iterable[Held]:
    from loopready.mocks.held import held

    return held(path)


sources: list[Callable[[Path], Iterable[Held]]] = [_of_mock_loop]


def held(path: Path) -> list[Held]:
    """The mocks in the learner's file at `path`, the first one first; none while none was held."""
    return sorted((one for source in sources for one in source(path)), key=lambda one: one.when)
