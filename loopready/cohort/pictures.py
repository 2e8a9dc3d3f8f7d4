"""The class in pictures, each with a sentence that says it; readable for ten learners and for a thousand."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes

from loopready.cohort import statistics
from loopready.cohort.analysis import UNANSWERED
from loopready.cohort.selfratings import FEW, agreement, curve
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, VIOLET, Picture
from loopready.figures import picture as drawn

if TYPE_CHECKING:
    import pandas as pd

_COLOURS = (BLUE, ORANGE, GREEN, RED, VIOLET, "#5b6770", "#b08900", "#2a9d9d")


def picture(draw: Callable[..., str], **sizes: Any) -> Picture:
    """As `loopready.figures.picture`; a dollar in a learner's text is a dollar."""
    with rc_context({"text.parse_math": False}):
        return drawn(draw, **sizes)


def progress(weeks: pd.DataFrame) -> Picture:
    """What came by week, and the points from tests: the middle learner, and the half around it."""

    def draw(panels: np.ndarray) -> str:
        _draw_counts(panels[0], weeks)
        _draw_shares(panels[1], weeks)
        last = weeks.iloc[-1]
        came, learners, late, stuck = (int(last[name]) for name in ("came", "learners", "late", "not_graded"))
        middle = (
            ""
            if np.isnan(last["middle"])
            else f"; the middle learner has {last['middle']:.0%} of the points from tests"
        )
        return f"{weeks.index[-1]}: {came} of {learners} handed in, {late} late, {stuck} not graded{middle}."

    return picture(draw, ncols=2, height=3.4)


def _draw_counts(ax: Axes, weeks: pd.DataFrame) -> None:
    on_time = weeks["came"] - weeks["late"]
    parts = [
        ("on time", on_time, BLUE),
        ("late", weeks["late"], ORANGE),
        ("nothing came", weeks["missing"], PALE),
    ]
    bottom = np.zeros(len(weeks))
    for name, counts, colour in parts:
        ax.bar(weeks.index, counts, bottom=bottom, color=colour, width=0.6, label=name)
        bottom += counts.to_numpy()
    ax.set_ylim(0, bottom.max() * 1.02)
    ax.set_title("What came")
    ax.set_ylabel("learners")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize=9)


def _draw_shares(ax: Axes, weeks: pd.DataFrame) -> None:
    places = range(len(weeks))
    if len(weeks) > 1:
        ax.fill_between(
            places, weeks["low"], weeks["high"], color=BLUE, alpha=0.18, label="half of the class"
        )
    else:
        ax.vlines(
            places,
            weeks["low"],
            weeks["high"],
            color=BLUE,
            alpha=0.3,
            linewidth=14,
            label="half of the class",
        )
    ax.plot(places, weeks["middle"], color=BLUE, marker="o", label="the middle learner")
    ax.set_xticks(places, weeks.index)
    ax.set(ylim=(0, 1.02), xlim=(-0.4, len(weeks) - 0.6))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_title("Points from tests")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, fontsize=9)


def distribution(results: pd.DataFrame, most: int = 6) -> Picture:
    """A histogram of the share of points from tests for each of the last weeks."""
    weeks = list(results.index.get_level_values("week").unique())[-most:]

    def draw(panels: np.ndarray) -> str:
        said = []
        for ax, week in zip(np.ravel(panels), weeks, strict=False):
            shares = results.xs(week, level="week")["share"].dropna()
            ax.hist(shares, bins=np.linspace(0, 1, 11), color=BLUE, edgecolor="white", linewidth=1)
            ax.set_title(f"{week}: {len(shares)} graded")
            ax.set_xlim(0, 1)
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
            ax.yaxis.get_major_locator().set_params(integer=True)
            if len(shares):
                ax.axvline(shares.median(), color=ORANGE, linewidth=2)
                said.append(f"{week} {shares.median():.0%}")
        for ax in np.ravel(panels)[len(weeks) :]:
            ax.set_axis_off()
        np.ravel(panels)[0].set_ylabel("learners")
        return f"Points from tests; the orange line is the middle learner: {', '.join(said) or 'nobody yet'}."

    columns = min(len(weeks), 3) or 1
    rows = -(-len(weeks) // columns) or 1
    return picture(draw, ncols=columns, nrows=rows, height=2.6 * rows, sharey=True, squeeze=False)


def exercises(table: pd.DataFrame, week: str = "the week", alpha: float = np.nan) -> Picture:
    """For each exercise: the shares of right, wrong and blank answers, its difficulty, and its discrimination."""

    def draw(ax: Axes) -> str:
        places = np.arange(len(table))[::-1]
        wrong = 1 - table["right"] - table["blank"]
        left = np.zeros(len(table))
        for name, share, colour in (
            ("all right", table["right"], BLUE),
            ("something wrong", wrong, ORANGE),
            ("left blank", table["blank"], PALE),
        ):
            ax.barh(places, share, left=left, color=colour, height=0.6, label=name)
            left += share.to_numpy()
        ax.scatter(
            table["difficulty"],
            places,
            marker="D",
            s=28,
            color=INK,
            zorder=3,
            label="mean share of the points",
        )
        for place, (value, says) in zip(
            places, table[["discrimination", "verdict"]].itertuples(index=False), strict=True
        ):
            text = f"{value:+.2f}  {says}" if np.isfinite(value) else says
            ax.text(1.03, place, text, va="center", fontsize=9, color=RED if value < 0.2 else INK)
        ax.text(1.03, len(table) - 0.45, "discrimination", va="bottom", fontsize=9, fontweight="bold")
        ax.set_yticks(places, table.index)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", visible=False)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=4, fontsize=9)
        hard = table["difficulty"].idxmin()
        ax.set_title(
            f"{week}: hardest is {hard}, {table.loc[hard, 'difficulty']:.0%} of its points", x=0, pad=18
        )
        if np.isfinite(alpha) and table["takers"].max() >= statistics.FEW:
            ax.text(1.03, -1.3, f"alpha of the week {alpha:.2f}", va="center", fontsize=9)
        return (
            f"Hardest is {hard}, with {table.loc[hard, 'difficulty']:.0%} of its points earned and "
            f"{table.loc[hard, 'blank']:.0%} blank."
        )

    return picture(draw, height=1.3 + 0.42 * len(table))


def cases(table: pd.DataFrame, week: str = "the week") -> Picture:
    """Each named case by how many passed it and how well it agrees with the rest."""

    def draw(ax: Axes) -> str:
        ax.axhspan(-1, 0.2, color=PALE, alpha=0.35, zorder=0)
        for colour, (name, rows) in zip(_COLOURS, table.groupby("exercise", sort=False), strict=False):
            ax.scatter(rows["difficulty"], rows["discrimination"], s=38, color=colour, alpha=0.85, label=name)
        low = np.nanmin([0.0, *table["discrimination"]])
        ax.set(xlim=(-0.02, 1.02), ylim=(low - 0.08, 1), ylabel="discrimination")
        ax.set_xlabel("passed by")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)
        ax.set_title(f"Named cases of {week}")
        if table["takers"].max() < statistics.FEW:
            return f"With fewer than {statistics.FEW} learners, discrimination says next to nothing."
        count = int((table["discrimination"] < 0.2).sum())
        ax.set_title(f"{week}: {count} of {len(table)} named cases agree little with the rest")
        return f"{count} of {len(table)} cases agree little with the rest of the week (below 0.20, the grey band)."

    return picture(draw, height=3.8)


def diagnoses(table: pd.DataFrame, week: str = "the week", most: int = 10) -> Picture:
    """What learners were told of their estimates most often; steps that nobody answered are only counted."""
    total = table.groupby("diagnosis")["learners"].sum().sort_values(ascending=False, kind="stable")
    unanswered = int(total.get(UNANSWERED, 0))
    total = total.drop(UNANSWERED, errors="ignore")
    shown = total.head(most)

    def draw(ax: Axes) -> str:
        places = np.arange(len(shown))[::-1]
        ax.barh(places, shown, color=BLUE, height=0.6)
        ax.set_yticks(places, [textwrap.fill(_short(name, 88), 46) for name in shown.index], fontsize=9)
        for place, count in zip(places, shown, strict=True):
            ax.text(count, place, f" {count}", va="center", fontsize=9)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("steps so diagnosed")
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set_title(f"What was said of the estimates of {week}")
        more = f", of {len(total)} kinds" if len(total) > most else ""
        most_often = f"Told most often{more}: {shown.index[0]} ({shown.iloc[0]})." if len(shown) else ""
        return f"{most_often} Steps that nobody answered: {unanswered}.".strip()

    return picture(draw, height=1.0 + 0.48 * max(len(shown), 1))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def calibration(table: pd.DataFrame) -> Picture:
    """Self-rating against points given: every pair, the mean of each fifth of the scale, and the line of agreement."""
    found = agreement(table)

    def draw(ax: Axes) -> str:
        ax.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", label="as rated, so given")
        # A little aside, so that equal pairs do not hide each other; from a fixed seed.
        aside = np.random.default_rng(1).uniform(-0.012, 0.012, size=(2, len(table)))
        ax.scatter(table["said"] + aside[0], table["given"] + aside[1], s=14, color=BLUE,
                   alpha=0.45 if len(table) < 300 else 0.12, linewidths=0, label="one rating")  # fmt: skip
        if len(table) >= FEW:
            means = curve(table)
            ax.plot(
                means["said"],
                means["given"],
                color=ORANGE,
                marker="o",
                linewidth=2,
                label="mean of a fifth of the scale",
            )
        ax.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="self-rating", ylabel="points given", aspect="equal")
        ax.set_title(found.headline)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:.0%}")
        legend = ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1), fontsize=9)
        for handle in legend.legend_handles:
            handle.set_alpha(1)  # of a thousand ratings each dot is faint
        return found.says

    return picture(draw, width=7.6, height=4.4)
