"""A learner's progress in pictures: each takes a `Progress`, and shows a made-up learner's when it is given none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from matplotlib.axes import Axes

from loopready.coverage import STORIES
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, Picture, picture
from loopready.planning.hours import ACTIVITIES, QUARTERS
from loopready.planning.progress import (
    Progress,
    hours_line,
    made_up,
    mocks_line,
    points_line,
    review_line,
    stories_line,
)
from loopready.planning.schedule import monday

_COLOURS = dict(zip(ACTIVITIES, (BLUE, GREEN, ORANGE, RED), strict=True))
_RATED = 8  # stories drawn; the last ones


def progress_hours(progress: Progress | None = None) -> Picture:
    """Hours of each calendar week: planned as an outline, worked in the colours of the activities."""
    one = progress or made_up()

    def draw(ax: Axes) -> str:
        mondays = [week.monday for week in one.weeks]
        planned = [week.planned.total() / QUARTERS for week in one.weeks]
        base, week_long = np.zeros(len(mondays)), {"width": 6.4, "align": "edge"}
        for name, says in ACTIVITIES.items():
            hours = np.array([week.minutes[name] / 60 for week in one.weeks])
            ax.bar(mondays, hours, bottom=base, color=_COLOURS[name], label=says, **week_long)
            base = base + hours
        ax.bar(mondays, planned, fill=False, edgecolor=INK, linewidth=0.8, label="planned", **week_long)
        _calendar(ax, one, mondays, weekly=True)
        ax.set(ylim=(0, max([1.0, *planned, *base]) * 1.12), ylabel="hours a week")
        ax.set_xlabel("weeks, each dated by its Monday" if mondays else "")
        if mondays:
            ax.figure.legend(ncols=5, loc="outside lower left", fontsize=8.5, handlelength=1.2)
        return _titled(ax, one, hours_line(one))

    return picture(draw, height=3.4)


def progress_points(progress: Progress | None = None) -> Picture:
    """The share of its points that each week of the course earned when it was last graded."""
    one = progress or made_up()

    def draw(ax: Axes) -> str:
        names = [f"week {number}" for number in range(1, 1 + max([6, *map(_number, one.points)]))]
        for place in range(len(names)):
            points, out_of = one.points.get(f"week-{place + 1:02}", (0.0, 0.0))
            ax.barh(place, 1, color=PALE, height=0.6, alpha=0.5)
            ax.barh(place, points / out_of if out_of else 0, color=BLUE, height=0.6)
            says = f"{points:g} of {out_of:g}" if out_of else "not graded yet"
            ax.text(1.02, place, says, va="center", fontsize=9, color=INK if out_of else "#5d6a76")
        ax.set_yticks(range(len(names)), names)
        ax.set(ylim=(len(names) - 0.5, -0.5), xlim=(0, 1.25), xticks=[])
        _plain(ax)
        return _titled(ax, one, points_line(one))

    return picture(draw, height=0.9 + 0.3 * max([6, *map(_number, one.points)]))


def progress_stories(progress: Progress | None = None) -> Picture:
    """Stories written over time against the number asked for, and the ratings of each: first, and now."""
    one = progress or made_up()

    def draw(panels: np.ndarray) -> str:
        _written(panels[0], one)
        _rated(panels[1], one)
        thin = f" Thin: {', '.join(one.thin[:4])}." if one.thin and one.stories else ""
        return _titled(panels[0], one, stories_line(one)) + thin

    return picture(draw, height=3.2, ncols=2, width_ratios=[1.1, 1])


def _written(ax: Axes, one: Progress) -> None:
    low, high = STORIES
    ax.axhspan(low, high, color=GREEN, alpha=0.15, linewidth=0)
    days = [*one.stories, one.today] if one.stories else []
    counts = [*range(1, len(one.stories) + 1), len(one.stories)][: len(days)]
    ax.step(days, counts, where="post", color=BLUE, linewidth=2)
    _calendar(ax, one, [one.stories[0], one.today] if one.stories else [], marked=False)
    ax.text(
        0.02,
        (low + high) / 2 / 16,
        f"{low} to {high} are asked for",
        transform=ax.transAxes,
        va="center",
        fontsize=8.5,
    )
    ax.set(ylim=(0, max(16, len(one.stories) + 1)), ylabel="stories written")


def _rated(ax: Axes, one: Progress) -> None:
    shown = one.ratings[-_RATED:]
    for place, each in enumerate(shown):
        ax.plot([each.first, each.last], [place, place], color=PALE, linewidth=3, zorder=1)
        ax.scatter(each.first, place, s=40, facecolor="white", edgecolor=BLUE, zorder=2)
        ax.scatter(each.last, place, s=46, color=BLUE, zorder=3)
    ax.set_yticks(range(len(shown)), [_short(each.title) for each in shown], fontsize=8.5)
    ax.set(xlim=(0.8, 5.2), xticks=range(1, 6), ylim=(max(len(shown), 2) - 0.4, -0.6))
    ax.set_xlabel("rating: hollow at first, full now" if shown else "no story is rated yet")
    _plain(ax)


def progress_mocks(progress: Progress | None = None) -> Picture:
    """Each mock on its day, and the minutes of review in each calendar week."""
    one = progress or made_up()

    def draw(panels: np.ndarray) -> str:
        kinds = list(dict.fromkeys(held.kind for held in one.mocks))
        days = [held.when.astimezone().date() for held in one.mocks]
        panels[0].scatter(days, [kinds.index(held.kind) for held in one.mocks], s=70, color=RED, zorder=3)
        panels[0].set_yticks(range(len(kinds)), kinds, fontsize=8.5)
        panels[0].set(ylim=(max(len(kinds), 1) - 0.4, -0.6))
        _calendar(panels[0], one, days, marked=False)
        _plain(panels[0])
        minutes = list(one.review.values())
        panels[1].bar(list(one.review), minutes, width=6.4, align="edge", color=GREEN, edgecolor="white")
        panels[1].set(ylabel="minutes of review a week", ylim=(0, max([10.0, *minutes]) * 1.15))
        _calendar(panels[1], one, list(one.review), marked=False, weekly=True)
        panels[1].set_title(_cards(one))
        return f"{_titled(panels[0], one, mocks_line(one))} {review_line(one)}"

    return picture(draw, height=3.0, ncols=2)


def _cards(one: Progress) -> str:
    known, asked, there = one.cards
    return f"{known} of {there} cards known" if asked else "No card asked yet"


def _titled(ax: Axes, one: Progress, says: str) -> str:
    first = "Made up: " if one.made_up else ""
    ax.set_title(f"{first}{says.split(';')[0].rstrip('.')}")
    return f"{first}{says}"


def _calendar(ax: Axes, one: Progress, days: list[date], marked: bool = True, weekly: bool = False) -> None:
    """Dates below: the first, the last, and some between; Mondays where what is drawn is `weekly`."""
    if not days:
        ax.set_xticks([])
        return
    first, last = min(days), max(days)
    margin = max(timedelta(days=4), (last - first) / 25)
    if marked and first <= one.today <= last + timedelta(days=6):
        ax.axvline(one.today, color=INK, linewidth=1, linestyle=":")
        ax.text(one.today, 1.0, " today", transform=ax.get_xaxis_transform(), fontsize=8, va="top")
    count = min(5, max(1, (last - first).days // 14))
    spread = {first + (last - first) * place // count for place in range(count + 1)}
    ticks = sorted({monday(day) for day in spread} if weekly else spread)
    ax.set_xticks(ticks, [f"{day.day} {day:%b}" for day in ticks], fontsize=8.5)
    # A bar is a week long, from its Monday on.
    ax.set_xlim(first - margin, last + max(margin, timedelta(days=8)))


def _plain(ax: Axes) -> None:
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)


def _number(week: str) -> int:
    return int(week.rpartition("-")[2])


def _short(title: str) -> str:
    return title if len(title) <= 26 else f"{title[:25].rstrip()}…"
