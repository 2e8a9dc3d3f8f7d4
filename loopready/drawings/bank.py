"""The story bank: what it covers, and how a story's ratings went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from matplotlib.axes import Axes

from loopready.coverage import EXAMPLES, MAIN, NONE, STORIES, Coverage
from loopready.figures import BLUE, INK, ORANGE, PALE, Picture, picture
from loopready.principles import PRINCIPLES
from loopready.ratings import TOP, Rating

WIDEST = 30  # stories drawn; more would be a grey field


def story_matrix(covered: Coverage | None = None) -> Picture:
    """Principles against stories: large for the main principle, small for a further one, hollow for a draft."""
    covered = covered or Coverage(())
    columns = max(STORIES[1], min(len(covered.stories), WIDEST))

    def draw(ax: Axes) -> str:
        for row, each in enumerate(PRINCIPLES):
            _draw_principle(ax, row, each.name, covered, columns)
        names = [f"{each.name}" for each in PRINCIPLES]
        ax.set_yticks(range(len(names)), names, fontsize=8.5)
        for label, each in zip(ax.get_yticklabels(), PRINCIPLES, strict=True):
            label.set_color(ORANGE if each.name in covered.thin else INK)
        ax.set_xticks(range(columns), range(1, columns + 1), fontsize=8)
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(ylim=(len(PRINCIPLES) - 0.4, -0.6), xlim=(-0.6, columns + 1.4))
        ax.text(columns + 0.4, -0.85, f"of {EXAMPLES[0]}", fontsize=8, ha="center", va="bottom")
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.set_title(covered.headline.rstrip("."), x=0, pad=22)
        return f"{covered.headline} {_thin(covered)}{_beyond(covered)}"

    return picture(draw, height=4.6)


def _draw_principle(ax: Axes, row: int, name: str, covered: Coverage, columns: int) -> None:
    ax.scatter(range(columns), [row] * columns, s=4, color=PALE)
    for column, mark in enumerate(covered.row(name)[:columns]):
        if mark != NONE:
            draft = covered.stories[column] not in covered.written
            ax.scatter(column, row, s=95 if mark == MAIN else 32, facecolor="white" if draft else BLUE,
                       edgecolor=BLUE, linewidth=1.2, zorder=3)  # fmt: skip
    count = covered.counts[name]
    few = count < EXAMPLES[0]
    ax.text(columns + 0.4, row, count, ha="center", va="center", fontsize=9,
            fontweight="bold" if few else "normal", color=ORANGE if few else INK)  # fmt: skip


def _thin(covered: Coverage) -> str:
    if not covered.thin:
        return "Every principle has its two examples."
    return f"Thin, the first one first: {', '.join(covered.thin)}."


def _beyond(covered: Coverage) -> str:
    return f" The first {WIDEST} stories are drawn." if len(covered.stories) > WIDEST else ""


def rating_history(title: str = "This story", history: Sequence[Rating] = ()) -> Picture:
    """A panel for each dimension of a story's rubric: the levels it was given, over time."""
    names = list(dict.fromkeys(rating.dimension for rating in history)) or ["Not rated yet"]

    def draw(panels: np.ndarray) -> str:
        times = [rating.said_at for rating in history] or [datetime(2025, 1, 1, tzinfo=UTC)]
        for ax, name in zip(np.ravel(panels), names, strict=True):
            of_one = [rating for rating in history if rating.dimension == name]
            _draw_levels(ax, name, of_one, (min(times), max(times)))
        first = np.ravel(panels)[0]
        first.set_yticks(range(1, TOP + 1))
        return _went(title, names, history)

    return picture(draw, height=2.3, ncols=len(names), sharey=True, squeeze=False)


def _draw_levels(ax: Axes, name: str, ratings: list[Rating], span: tuple[datetime, datetime]) -> None:
    moments, levels = [rating.said_at for rating in ratings], [rating.level for rating in ratings]
    ax.plot(moments, levels, color=PALE, linewidth=2)
    ax.scatter(moments, levels, s=36, color=BLUE, zorder=3)
    margin = max((span[1] - span[0]) * 0.15, timedelta(days=1))
    ax.set(ylim=(0.5, TOP + 0.5), xlim=(span[0] - margin, span[1] + margin))
    ends = sorted({span[0].date(), span[1].date()}) if levels else []
    ax.set_xticks(ends, [f"{day.day} {day:%b}" for day in ends])
    ax.tick_params(axis="x", labelsize=7.5)
    ax.set_title(name + (f": {levels[-1]}" if levels else ""), fontsize=9.5)


def _went(title: str, names: list[str], history: Sequence[Rating]) -> str:
    if not history:
        return f"{title} has 0 ratings so far."
    told = []
    for name in names:
        levels = [rating.level for rating in history if rating.dimension == name]
        told.append(f"{name} {levels[0]}" if len(levels) == 1 else f"{name} {levels[0]} to {levels[-1]}")
    days = len({rating.said_at.date() for rating in history})
    return f"{title}, rated on {days} day{'s' * (days > 1)}: {', '.join(told)}."
