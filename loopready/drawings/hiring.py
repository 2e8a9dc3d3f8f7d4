"""Hiring: how many to start with, and where the interviewers' hours go."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from loopready.figures import BLUE, INK, ORANGE, PALE, RED, Picture, picture
from loopready.hiring import BEST, WORST, expected_starters, hours_by_stage, simulated_starters, starters_for
from loopready.process.stages import STAGES
from loopready.units import hour


def starters(hires: int = 6, accepts: float = 0.75) -> Picture:
    """Phone screens until the last of `hires`, in simulated years, at both ends of the process guide's pass rates."""

    def draw(ax: Axes) -> str:
        said = []
        for rates, colour, name in ((BEST, BLUE, "best"), (WORST, RED, "worst")):
            rates = (*rates, accepts)
            mean, safe = expected_starters(hires, rates), starters_for(hires, rates)
            seen = simulated_starters(hires, rates)
            ax.hist(
                seen,
                bins=np.arange(0, 721, 12),
                color=colour,
                alpha=0.45,
                weights=np.full(len(seen), 1 / len(seen)),
            )
            top = 0.185 if name == "best" else 0.075
            ax.plot([mean] * 2, [0, top], color=colour, linewidth=2)
            ax.plot([safe] * 2, [0, top - 0.035], color=colour, linewidth=2, linestyle="--")
            ax.annotate(f"{name} rates: {mean:.0f} on average", (mean, top), (5, -9),
                        textcoords="offset points", color=colour)  # fmt: skip
            ax.annotate(f"enough in nine years of ten: {safe}", (safe, top - 0.035), (5, -9),
                        textcoords="offset points", color=colour)  # fmt: skip
            said.append((mean, safe))
        ax.set(
            xlabel=f"phone screens until {hires} have been hired",
            ylabel="share of simulated years",
            yticks=[],
        )
        ax.set(xlim=(0, 720), ylim=(0, 0.2))
        ax.set_title(
            f"{hires} hires take {said[0][0]:.0f} phone screens or {said[1][0]:.0f}, and luck on top"
        )
        return (
            f"{hires} hires take {said[0][0]:.0f} phone screens on average at the best rates and {said[1][0]:.0f} "
            f"at the worst; to be safe in nine years of ten, {said[0][1]} and {said[1][1]}."
        )

    return picture(draw, height=3.6)


def interview_hours(
    hires: int = 6, accepts: float = 0.75, phone: float = 0.5, technical: float = 0.75, loop: float = 14.0
) -> Picture:
    """Interviewers' hours for `hires` hires at both ends of the pass rates; hours are for one candidate and stage."""

    def draw(ax: Axes) -> str:
        wasted = []
        for place, rates in ((1, BEST), (0, WORST)):
            hours = hours_by_stage(hires, rates, (phone * hour, technical * hour, loop * hour), accepts)
            spent = [one.m_as(hour) for one in hours]
            offered = hires / accepts * loop
            parts = [spent[0], spent[1], offered, spent[2] - offered]
            left = 0.0
            for part, colour in zip(parts, (PALE, ORANGE, BLUE, RED), strict=True):
                ax.barh(place, part, left=left, color=colour, height=0.6, edgecolor="white", linewidth=2)
                ax.text(left + part / 2, place, f"{part:.0f}", ha="center", va="center",
                        color=INK if colour == PALE else "white", fontsize=9)  # fmt: skip
                left += part
            ax.annotate(f"{left:.0f} hours", (left, place), (6, 0), textcoords="offset points", va="center")
            wasted.append((parts[3] / left, left))
        for name, colour in (
            (STAGES[0].name, PALE), (STAGES[1].name, ORANGE), ("Loop that ends in an offer", BLUE),
            ("Loop that does not", RED),
        ):  # fmt: skip
            ax.barh(0, 0, color=colour, label=name)
        ax.set_yticks([1, 0], ["best pass rates", "worst pass rates"])
        ax.set(xlabel=f"interviewers' hours for {hires} hires", xlim=(0, 1090), ylim=(-0.5, 1.95))
        ax.tick_params(axis="y", length=0)
        ax.grid(visible=False)
        ax.legend(
            loc="upper left", ncols=4, bbox_to_anchor=(-0.01, 1.04), columnspacing=1.2, handlelength=1.2
        )
        ax.set_title("Most of the hours go into loops that end without an offer")
        return (
            f"{hires} hires take {wasted[0][1]:.0f} to {wasted[1][1]:.0f} interviewers' hours; "
            f"{wasted[0][0]:.0%} to {wasted[1][0]:.0%} of them are loops without an offer."
        )

    return picture(draw, height=2.9)
