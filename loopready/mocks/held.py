"""What other rooms ask: the mocks that were held, with minutes and result, and what their scorecards show."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loopready.mocks.records import Mocks
from loopready.mocks.sittings import Mock
from loopready.mocks.verdicts import decided
from loopready.planning.mocks import Held
from loopready.process.scorecards import Scorecard


@dataclass(frozen=True)
class Record:
    """One mock that was held: its kind ("loop" or a round's name), when it ended, its minutes, and its result.

    The result of a loop is its debrief's outcome, that of a round its vote; "" while nothing was rated.
    """

    id: int
    kind: str
    when: datetime
    minutes: float
    result: str


def records(path: Path | str | None = None) -> list[Record]:
    """Every mock that ended with time on its clock, the first one first."""
    return [_record(one) for one in Mocks(path).all() if one.ended_at and one.seconds(one.ended_at) > 0]


def held(path: Path) -> list[Held]:
    """The same as the plan and the progress page ask for them."""
    return [Held(one.kind, one.minutes, one.when) for one in records(path)]


def cards(path: Path | str | None = None) -> list[Scorecard]:
    """The last scorecard of every round that was rated, the first mock's first."""
    return [card for one in Mocks(path).all() for _, card in sorted(one.cards.items())]


def _record(one: Mock) -> Record:
    kind = "loop" if one.is_loop else one.name
    return Record(one.id, kind, one.ended_at, one.seconds(one.ended_at) / 60, result(one))


def result(one: Mock) -> str:
    """A loop's outcome or a round's vote; "" while nothing was rated."""
    if one.is_loop:
        said = decided(one)
        return said.outcome if said else ""
    return next((str(card.vote) for card in one.cards.values()), "")
