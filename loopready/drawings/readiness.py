"""Readiness by area: a radar for the shape, and the gap list beside it."""

from __future__ import annotations

from datetime import date

import numpy as np
from matplotlib.axes import Axes

from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, Picture, picture
from loopready.readiness.areas import AREAS
from loopready.readiness.scores import READY, Assessment, assess

_SHORT = {
    "System design": "System\ndesign",
    "Direction and influence": "Direction",
    "In the room": "In the\nroom",
}
_NOBODY = date(2025, 1, 1)  # the day of an assessment without anything in it


def readiness_radar(seen: Assessment | None = None) -> Picture:
    """The shape: each area's readiness outwards from 0 to 1, and the dashed ring at READY."""
    seen = seen or assess("L6", today=_NOBODY)

    def draw(ax: Axes) -> str:
        _draw_radar(ax, seen)
        return seen.headline

    return picture(draw, width=4.1, height=3.7, subplot_kw={"projection": "polar"})


def readiness_gaps(seen: Assessment | None = None) -> Picture:
    """The gap list: a bar an area, the one whose next hour adds most on top, and the hours until READY."""
    seen = seen or assess("L6", today=_NOBODY)

    def draw(ax: Axes) -> str:
        _draw_gaps(ax, seen)
        left = "; ".join(f"{gap.area.name} {gap.readiness:.0%}, {gap.hours:.0f} h" for gap in seen.gaps)
        return f"Readiness and hours to {READY:.0%} for {seen.level}: {left}."

    return picture(draw, width=5.0, height=3.4)


def _draw_radar(ax: Axes, seen: Assessment) -> None:
    angles = np.linspace(0, 2 * np.pi, len(AREAS), endpoint=False)
    levels = np.array([seen.by_area[area.key] for area in AREAS])
    around = np.linspace(0, 2 * np.pi, 100)
    ax.plot(around, np.full(100, READY), color=GREEN, linewidth=1.2, linestyle=(0, (4, 3)))
    ax.plot([*angles, angles[0]], [*levels, levels[0]], color=BLUE, linewidth=2)
    ax.fill(angles, levels, color=BLUE, alpha=0.2)
    ax.scatter(angles, levels, s=22, color=BLUE, zorder=3)
    ax.set_theta_offset(np.pi / 2)
    ax.set_theta_direction(-1)
    ax.set_xticks(angles, [_SHORT.get(area.name, area.name) for area in AREAS], fontsize=8.5)
    ax.tick_params(axis="x", pad=9)
    ax.set(ylim=(0, 1), yticks=[0.25, 0.5, 0.75, 1], yticklabels=[])
    ax.grid(color=PALE, linewidth=0.8)
    ax.spines["polar"].set_color(PALE)
    ax.set_title(f"{seen.overall:.0%} ready for {seen.level}", loc="left", pad=16)


def _draw_gaps(ax: Axes, seen: Assessment) -> None:
    places = np.arange(len(seen.gaps))[::-1]
    levels = [gap.readiness for gap in seen.gaps]
    first = seen.next_hour
    colours = [ORANGE if gap is first else BLUE for gap in seen.gaps]
    ax.barh(places, 1, color="#f2f4f6", height=0.62)
    ax.barh(places, levels, color=colours, height=0.62)
    ax.axvline(READY, color=GREEN, linewidth=1.2, linestyle=(0, (4, 3)))
    for place, gap in zip(places, seen.gaps, strict=True):
        left = f"{gap.hours:.0f} h" if gap.hours else "ready"
        ax.text(1.02, place, f"{gap.readiness:.0%}   {left}", va="center", fontsize=8.5, color=INK)
    ax.set_yticks(places, [gap.area.name for gap in seen.gaps])
    for label, gap in zip(ax.get_yticklabels(), seen.gaps, strict=True):
        label.set_fontweight("bold" if gap is first else "normal")
    ax.set(xlim=(0, 1.32), xticks=[])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_title("The next hour adds most at the top", x=-0.3)
    ax.set_xlabel(f"readiness, and hours until {READY:.0%} (dashed)", loc="left", fontsize=8.5)
