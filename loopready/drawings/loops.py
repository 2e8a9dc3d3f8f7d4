"""Loops that were held, side by side: a column a loop, a row a round, and how each was decided."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, Picture, picture
from loopready.process.debrief import NEEDED, Ballot, Debrief
from loopready.process.rounds import PARTS
from loopready.process.scorecards import Vote

WIDEST = 12  # loops drawn, the newest
_SHADES = {Vote.STRONG_NO: RED, Vote.LEAN_NO: ORANGE, Vote.LEAN_HIRE: BLUE, Vote.STRONG_HIRE: GREEN}
_SAID = {"offer": "offer", "no offer": "no", "vetoed": "veto", "open": "open"}
_WORDS = {"offer": "an offer", "no offer": "no offer", "vetoed": "vetoed", "open": "not decided"}


def loop_history(held: Sequence[Debrief] = ()) -> Picture:
    """The last loops, in the order given: each vote from 1 to 4, ringed where it is below what the rule needs."""
    shown = list(held)[-WIDEST:]
    rows = _rows(shown)

    def draw(ax: Axes) -> str:
        for column, one in enumerate(shown):
            _draw_loop(ax, column, one, rows)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_xticks(range(len(shown)), [_head(one, place) for place, one in enumerate(shown, 1)])
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(xlim=(-0.6, max(len(shown), 6) - 0.4), ylim=(len(rows) - 0.4, -0.6))
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.set_title(_title(shown), x=0, pad=10)
        if rows:
            ax.set_xlabel(
                "1 strong no   2 lean no   3 lean hire   4 strong hire   ring: below what it needs",
                loc="left",
            )
        return _says(held, shown)

    return picture(draw, height=max(1.6, 1.5 + 0.36 * len(rows)))


def _rows(shown: Sequence[Debrief]) -> list[str]:
    """The names of the rounds, by part and then in the order of the day."""
    names = {ballot.name: PARTS.index(ballot.part) for one in shown for ballot in one.ballots}
    return sorted(names, key=lambda name: names[name])


def _draw_loop(ax: Axes, column: int, one: Debrief, rows: list[str]) -> None:
    ax.scatter([column] * len(rows), np.arange(len(rows)), s=6, color=PALE)
    for ballot in one.ballots:
        row = rows.index(ballot.name)
        ax.scatter(column, row, s=240, color=_SHADES[ballot.vote], zorder=3)
        if _is_below(ballot):
            ax.scatter(column, row, s=420, facecolor="none", edgecolor=INK, linewidth=1.3, zorder=3)
        ax.text(column, row, int(ballot.vote), ha="center", va="center", color="white", fontsize=9, zorder=4)


def _is_below(ballot: Ballot) -> bool:
    return ballot.vote < NEEDED[ballot.part]


def _head(one: Debrief, place: int) -> str:
    when = f"{one.held_at.day} {one.held_at:%b}" if one.held_at else f"loop {place}"
    return f"{when}\n{_SAID[one.outcome]}"


def _title(shown: Sequence[Debrief]) -> str:
    if not shown:
        return "No loop has been held yet"
    below = len(shown[-1].reasons)
    now = f"The last loop: {_WORDS[shown[-1].outcome]}"
    return f"{now}, {below} vote{'s' * (below != 1)} below what the rule needs"


def _says(held: Sequence[Debrief], shown: Sequence[Debrief]) -> str:
    if not held:
        return "0 loops have been held so far."
    went = ", then ".join(_WORDS[one.outcome] for one in shown)
    cut = f" The last {WIDEST} are drawn." if len(held) > len(shown) else ""
    return f"{len(held)} loop{'s' * (len(held) > 1)}: {went}. {_title(shown)}.{cut}"
