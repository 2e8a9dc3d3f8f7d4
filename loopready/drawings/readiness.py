"""Readiness by area: a radar for the shape, and the gap list beside it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, Picture, picture
from loopready.readiness.areas import AREAS
from loopready.readiness.scores import READY, Assessment, assess

_SHORT = {
    "System design": "System\ndesign",
    "Direction and influence": "Direction",
    "In the room": "In the\nroom",
}


def readiness_radar(seen: Assessment | None = None) -> Picture:
    """The radar: each area's readiness outwards from 0 to 1, the ring at READY, and bars in the order of the gaps."""
    from datetime import date

    seen = seen or assess("L6", today=date(2025, 1, 1))

    def draw(panels: np.ndarray) -> str:
        left, right = panels
        figure: Figure = left.figure
        place = left.get_subplotspec()
        left.remove()
        _draw_radar(figure.add_subplot(place, projection="polar"), seen)
        _draw_gaps(right, seen)
        return seen.headline

    return picture(draw, height=4.0, ncols=2, width_ratios=[1, 1.25])


def _draw_radar(ax, seen: Assessment) -> None:
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


def _draw_gaps(ax, seen: Assessment) -> None:
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
    ax.set_title("The next hour adds most at the top", x=0)
    ax.set_xlabel(f"readiness, and hours until {READY:.0%} (dashed)", loc="left", fontsize=8.5)
