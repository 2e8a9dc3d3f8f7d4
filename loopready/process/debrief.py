"""The debrief: votes to a decision by the process guide's rule, as a derivation line by line.

    held = debrief([Ballot("Coding 1", "technical", Vote.LEAN_HIRE), ...])
    held.outcome        # "offer", "no offer", "vetoed" or "open"
    print(held)         # every rule, what it looked at, whether it holds

The rule: every technical and every behavioural round is a lean hire or better; Bar Raiser and hiring manager are a
hire; all agree that the bar is raised. The Bar Raiser's no is a veto. Week 6 has it as a kata, whose four words are
"no hire", "lean no hire", "lean hire" and "hire"; here the outer two are "strong no" and "strong hire".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import NamedTuple

from loopready.course import CourseError
from loopready.grids import grid
from loopready.process.documents import PROCESS_GUIDE
from loopready.process.rounds import PARTS
from loopready.process.scorecards import Scorecard, Vote

NEEDED = {
    "bar raiser": Vote.STRONG_HIRE,
    "technical": Vote.LEAN_HIRE,
    "behavioural": Vote.LEAN_HIRE,
    "hiring manager": Vote.STRONG_HIRE,
}
OUTCOMES = ("vetoed", "no offer", "open", "offer")  # from worst to best
CONSENSUS = "all agree that the bar is raised"
_RULES = {
    "bar raiser": "the Bar Raiser is a hire, or it is a veto",
    "technical": "every technical round is a lean hire or better",
    "behavioural": "every behavioural round is a lean hire or better",
    "hiring manager": "the hiring manager is a hire",
}


class Ballot(NamedTuple):
    """One round's vote: the round's name, its part of the rule (one of PARTS), the vote, and the card behind it."""

    name: str
    part: str
    vote: Vote
    card: Scorecard | None = None


@dataclass(frozen=True)
class Line:
    """One line of the derivation: a rule, whether it `holds` (None: cannot be told yet), and what it looked at."""

    rule: str
    holds: bool | None
    against: tuple[Ballot, ...] = ()
    looked_at: tuple[Ballot, ...] = ()

    @property
    def says(self) -> str:
        """What the rule found, in words."""
        if self.against:
            return "; ".join(map(_reason, self.against))
        if self.looked_at:
            return ", ".join(f"{one.name}: {one.vote}" for one in self.looked_at)
        if self.rule == CONSENSUS:
            return {True: "said so", False: "said no", None: "no vote; not asked"}[self.holds]
        return "no such round was held"


@dataclass(frozen=True)
class Debrief:
    """A decided loop: its votes in the order of the day, and the lines of its derivation in the order of asking."""

    ballots: tuple[Ballot, ...]
    lines: tuple[Line, ...]
    held_at: datetime | None = None

    @property
    def fired(self) -> tuple[Line, ...]:
        """The lines that decide: those that are broken; else those that are open; else those that hold."""
        broken = tuple(line for line in self.lines if line.holds is False)
        return broken or self._open or tuple(line for line in self.lines if line.holds)

    @property
    def _open(self) -> tuple[Line, ...]:
        # The consensus is no vote: where nobody asked for it, the votes decide, as in the kata.
        return tuple(line for line in self.lines if line.holds is None and line.rule != CONSENSUS)

    @property
    def outcome(self) -> str:
        """One of OUTCOMES: a veto before all else, a broken rule before a missing round."""
        first = self.fired[0]
        if first.holds is False:
            return "vetoed" if first.rule == _RULES["bar raiser"] else "no offer"
        return "offer" if first.holds else "open"

    @property
    def reasons(self) -> list[str]:
        """A text for each vote below what its part needs: the Bar Raiser's, then the others in the day's order."""
        below = [one for one in self.ballots if one.vote < NEEDED[one.part]]
        below.sort(key=lambda one: one.part != "bar raiser")
        return [_reason(one) for one in below]

    @property
    def votes_because(self) -> list[tuple[str, list[str]]]:
        """Each vote that has a scorecard behind it, and the lines that lead from its levels to it."""
        return [(f"{one.name}: {one.vote}", one.card.because) for one in self.ballots if one.card]

    @property
    def headline(self) -> str:
        """The outcome and what decided it, in one sentence."""
        if self.outcome == "open":
            return f"Not decided: nothing stands against it, and {' and '.join(map(_missing, self._open))}."
        if self.outcome == "offer":
            asked = self.lines[-1].holds
            return f"An offer: every rule holds{'' if asked else ', if all agree that the bar is raised'}."
        said = self.reasons or [CONSENSUS + ": said no"]
        return f"{self.outcome.capitalize()}. {'; '.join(said)}."

    def __str__(self) -> str:
        lines = [f"{_MARKS[line.holds]:<7} {line.rule}\n{'':8}{line.says}" for line in self.lines]
        votes = [
            line
            for name, because in self.votes_because
            for line in (name, *(f"        {why}" for why in because))
        ]
        return "\n".join([self.headline, "", *lines, *(["", "How each vote came about", *votes] if votes else []),
                          "", SOURCE])  # fmt: skip

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(escape(line.rule), [_MARKS[line.holds], escape(line.says)]) for line in self.lines]
        head = f"<p><b>{escape(self.headline)}</b></p>"
        votes = [(escape(name), ["<br>".join(map(escape, why))]) for name, why in self.votes_because]
        below = grid("How each vote came about", ("vote", "because"), votes) if votes else ""
        decided = grid("How it was decided", ("rule", "", "because"), rows)
        return f"{head}{decided}{below}<small>{SOURCE}</small>"


_MARKS = {True: "holds", False: "broken", None: "open"}
SOURCE = f"The rule is the {PROCESS_GUIDE}'s; a missing round leaves it open."


def _missing(line: Line) -> str:
    part = next(part for part, rule in _RULES.items() if rule == line.rule)
    return {"bar raiser": "no Bar Raiser", "hiring manager": "no hiring manager"}.get(
        part, f"no {part} round"
    ) + " has voted"


def _reason(one: Ballot) -> str:
    return f"{one.name}: {one.vote}, needs {NEEDED[one.part]}"


def debrief(
    ballots: Iterable[Ballot], consensus: bool | None = None, held_at: datetime | None = None
) -> Debrief:
    """The decision over `ballots`, with `consensus` on raising the bar when somebody asked for it.

    A loop in which a part is missing is "open" unless it is lost already. Raises CourseError for no ballots, an unknown
    part, and a second Bar Raiser or hiring manager.
    """
    votes = [Ballot(one.name, one.part, Vote(one.vote), one.card) for one in ballots]
    _refuse(votes)
    lines = [_line(part, [one for one in votes if one.part == part]) for part in NEEDED]
    return Debrief(tuple(votes), (*lines, Line(CONSENSUS, consensus)), held_at)


def _refuse(votes: list[Ballot]) -> None:
    if not votes:
        raise CourseError("no round has a vote: rate at least one, a screen is not part of the debrief")
    for one in votes:
        if one.part not in PARTS:
            raise CourseError(f"{one.name} has no part in the debrief: {one.part!r}; {', '.join(PARTS)} have")
    for part in ("bar raiser", "hiring manager"):
        names = [one.name for one in votes if one.part == part]
        if len(names) > 1:
            raise CourseError(f"a loop has one {part}; got {len(names)}: {', '.join(names)}")


def _line(part: str, votes: list[Ballot]) -> Line:
    against = tuple(one for one in votes if one.vote < NEEDED[part])
    return Line(_RULES[part], not against if votes else None, against, tuple(votes))


def ballots(cards: Iterable[Scorecard]) -> list[Ballot]:
    """The votes of those cards whose rounds have one, the last card of each round; screens are left out."""
    last = {card.round: card for card in cards}
    return [Ballot(card.of.name, card.of.part, card.vote, card) for card in last.values() if card.of.part]


def of_cards(
    cards: Iterable[Scorecard], consensus: bool | None = None, held_at: datetime | None = None
) -> Debrief:
    """The debrief of a loop's scorecards; see `debrief`."""
    return debrief(ballots(cards), consensus, held_at)
