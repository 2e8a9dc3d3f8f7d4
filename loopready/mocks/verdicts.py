"""From the scorecards of a mock to its debrief, the reasons that they support, and tasks with dates.

verdict = verdict_of(mock)
verdict.debrief        # votes, rules, outcome; None when no round with a vote was rated
verdict.tasks          # [(day by which it is due, Task), ...]
"""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from loopready.grids import grid
from loopready.mocks.sittings import Mock
from loopready.process.debrief import Debrief, ballots, debrief
from loopready.process.reasons import Task
from loopready.process.recoveries import Supported, scheduled, supported


@dataclass(frozen=True)
class Verdict:
    """What a mock came to: the debrief, the reasons for a no that the cards support, and what to do by when."""

    mock: Mock
    debrief: Debrief | None
    reasons: tuple[Supported, ...]
    tasks: tuple[tuple[date, Task], ...]

    def __str__(self) -> str:
        said = [str(self.debrief) if self.debrief else _votes(self.mock)]
        if self.reasons:
            said.append("What the scorecards support\n" + "\n".join(map(_reason, self.reasons)))
        if self.tasks:
            said.append(
                "What to do, also in your plan\n"
                + "\n".join(f"  {_due(due)}: {_task(task)}" for due, task in self.tasks)
            )
        return "\n\n".join(said)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = self.debrief._repr_html_() if self.debrief else _votes_html(self.mock)
        reasons = [(escape(one.reason.says), ["<br>".join(map(escape, one.because))]) for one in self.reasons]
        tasks = [(_due(due), [escape(_task(task))]) for due, task in self.tasks]
        return head + "".join(
            f'<div style="margin-top:12px">{grid(title, columns, rows)}</div>'
            for title, columns, rows in (
                ("What the scorecards support", ("reason for a no", "because"), reasons),
                ("What to do before the next one, also in your plan", ("by", ""), tasks),
            )
            if rows
        )


def decided(mock: Mock) -> Debrief | None:
    """The debrief of a mock's last cards; None while no round with a vote was rated."""
    votes = ballots(card for _, card in sorted(mock.cards.items()))
    return debrief(votes, mock.consensus, mock.ended_at) if votes else None


def verdict_of(mock: Mock, now: datetime | None = None) -> Verdict:
    """What the mock's cards come to; tasks are counted from its end, or from `now` while it is open."""
    found = supported(mock.cards.values(), mock.level)
    day = (mock.ended_at or now or mock.begun_at).astimezone().date()
    # A round alone decides nothing: its vote and its reasons are what there is to see.
    return Verdict(mock, decided(mock) if mock.is_loop else None, tuple(found), tuple(scheduled(found, day)))


def _votes(mock: Mock) -> str:
    if not mock.cards:
        return f"{mock.name}: nothing was rated yet."
    return "\n".join(
        "\n  ".join([f"{card.of.name}: {card.vote}", *card.because]) for _, card in sorted(mock.cards.items())
    )


def _votes_html(mock: Mock) -> str:
    return "<p>" + escape(_votes(mock)).replace("\n  ", "<br>&nbsp; ").replace("\n", "<br>") + "</p>"


def _reason(one: Supported) -> str:
    return f"  {one.reason.says}\n      {'; '.join(one.because)}"


def _task(task: Task) -> str:
    return f"{task.says} ({task.hours:g} h)"


def _due(day: date) -> str:
    return f"{day.day}\u00a0{day:%B}"  # in one line of a narrow table
