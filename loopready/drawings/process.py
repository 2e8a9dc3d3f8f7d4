"""The interview process: rounds, pass rates, principles, and the plan."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from loopready.figures import BLUE, GREEN, ORANGE, PALE, RED, VIOLET, Picture, bars_with_range, picture
from loopready.planning.hours import ACTIVITIES, HOURS
from loopready.principles import PRINCIPLES
from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE
from loopready.process.rounds import FIVE_ROUNDS, FULL_LOOP, Round, minutes
from loopready.process.stages import OVERALL, STAGES, Stage, passing_all

_KINDS = {"screen": PALE, "coding": GREEN, "design": BLUE, "behavioural": ORANGE, "bar raiser": RED}


def rounds() -> Picture:
    """Both variants of the loop, round by round, in minutes; the paler part is the longer of two stated durations."""

    def draw(panels: np.ndarray) -> str:
        totals = []
        for ax, variant, source in zip(
            panels, (FIVE_ROUNDS, FULL_LOOP), (PROCESS_PAGE, PROCESS_GUIDE), strict=True
        ):
            low, high = minutes(variant)
            totals.append(f"{low} minutes" if low == high else f"{low} to {high} minutes")
            colours = [_KINDS[one.kind] for one in variant]
            bars_with_range(
                ax, [o.name for o in variant], [o.low for o in variant], [o.high for o in variant], colours
            )
            ax.set(xlabel=f"minutes, as the {source} has it", xlim=(0, 95), xticks=range(0, 91, 15))
            ax.set_title(f"{len(variant)} rounds, {totals[-1]}")
        return f"Two accounts of one loop: {totals[0]} by the one, {totals[1]} by the other."

    return picture(draw, height=3.6, ncols=2)


def funnel(stages: tuple[Stage, ...] = STAGES, stated: Stage = OVERALL) -> Picture:
    """Pass rates by stage, what they multiply to, and what the same document states for the whole."""
    low, high = passing_all(stages)
    lines = [*stages, Stage("Stages multiplied", low, high), stated]

    def draw(ax: Axes) -> str:
        colours = [BLUE] * len(stages) + [ORANGE, RED]
        bars_with_range(ax, [s.name for s in lines], [s.low for s in lines], [s.high for s in lines], colours)
        for place, stage in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
            ax.annotate(
                f"{_percent(stage.low)} to {_percent(stage.high)}", (stage.high, place), (6, 0),
                textcoords="offset points", va="center",
            )  # fmt: skip
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set(
            title="The stages do not multiply to the stated whole", xlim=(0, 0.85), xlabel="share that passes"
        )
        return (
            f"Multiplied, the stages leave {_percent(low)} to {_percent(high)}; "
            f"the same document states {_percent(stated.low)} to {_percent(stated.high)}."
        )

    return picture(draw, height=3.1)


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g}%"


def principles_by_round(variant: tuple[Round, ...] = FIVE_ROUNDS) -> Picture:
    """Which of the sixteen principles each round is said to look for; the last column counts them."""
    named = [one for one in variant if one.principles]

    def draw(ax: Axes) -> str:
        for row, principle in enumerate(PRINCIPLES):
            asked = [column for column, one in enumerate(named) if principle.name in one.principles]
            ax.scatter(range(len(named)), [row] * len(named), s=26, color=PALE)
            ax.scatter(asked, [row] * len(asked), s=90, color=BLUE)
        covered = {name for one in named for name in one.principles}
        ax.set_yticks(range(len(PRINCIPLES)), [p.name for p in PRINCIPLES])
        ax.set_xticks(range(len(named)), [one.name.replace(" ", "\n") for one in named])
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(ylim=(len(PRINCIPLES) - 0.4, -0.6), xlim=(-0.6, len(named) - 0.4))
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.set_title(f"{len(covered)} of {len(PRINCIPLES)} are named for a round", x=-0.62, pad=34)
        return f"{len(covered)} of the {len(PRINCIPLES)} principles are named for a round; any of them may be asked."

    return picture(draw, width=8.2, height=5.0)


_HOURS = {says: (HOURS["L6"][name], HOURS["L7"][name]) for name, says in ACTIVITIES.items()}
_MONTHS = [(1, 6, "the six-week plan", BLUE), (7, 8, "fundamentals", GREEN), (9, 16, "deep dive", VIOLET),
           (17, 20, "practice", ORANGE), (21, 24, "mock and polish", RED)]  # fmt: skip


def plan() -> Picture:
    """Twenty-four weeks and their hours by level; the hours and the months are the roadmap's."""

    def draw(panels: np.ndarray) -> str:
        _draw_weeks(panels[0])
        totals = [sum(hours[level] for hours in _HOURS.values()) for level in (0, 1)]
        _draw_hours(panels[1], totals)
        return f"24 weeks: {totals[0]} hours for L6, {totals[1]} for L7; the first six weeks stand alone."

    return picture(draw, height=3.6, nrows=2, height_ratios=[1, 1.5])


def _draw_weeks(ax: Axes) -> None:
    for first, last, says, colour in _MONTHS:
        ax.barh(
            0, last - first + 1, left=first - 0.5, color=colour, height=0.8, edgecolor="white", linewidth=2
        )
        label = says if last - first > 2 else says.replace("fundamentals", "basics")
        ax.text((first + last) / 2, 0, label, ha="center", va="center", color="white", fontsize=9)
    ax.set(xlim=(0.4, 24.6), yticks=[], xticks=[1, *range(4, 25, 4)], xlabel="week")
    ax.set_title("Six weeks stand alone; six months are the whole road")
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)


def _draw_hours(ax: Axes, totals: list[int]) -> None:
    left = np.zeros(2)
    for (name, hours), colour in zip(_HOURS.items(), (BLUE, GREEN, ORANGE, RED), strict=True):
        ax.barh([1, 0], hours, left=left, color=colour, height=0.62, edgecolor="white", linewidth=2)
        for place, hour, start in zip((1, 0), hours, left, strict=True):
            label = f"{name}, {hour}" if place else str(hour)
            ax.text(start + hour / 2, place, label, ha="center", va="center", color="white", fontsize=9)
        left = left + hours
    ax.set_yticks([1, 0], [f"L6: {totals[0]} hours", f"L7: {totals[1]} hours"])
    ax.set(xlim=(0, 335), xticks=[])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
