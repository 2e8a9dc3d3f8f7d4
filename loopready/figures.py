"""The figures of the lessons, one look for all: each function draws one and returns it with a sentence that says it.

A figure is computed when it is asked for. Its title is its conclusion, and its text is the same for a reader in a
terminal or with a screen reader.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK, PALE = "#22313f", "#d7dde3"
BLUE, ORANGE, GREEN, RED, VIOLET = "#2f6fb0", "#d9822b", "#3a8f5c", "#b5392f", "#7a4fa3"
_STYLE = {
    "font.size": 10, "font.family": "DejaVu Sans", "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": PALE,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "axes.titlelocation": "left", "axes.titlesize": 11.5, "axes.titleweight": "bold", "axes.titlepad": 10,
    "legend.frameon": False, "axes.grid": True, "axes.grid.axis": "y", "grid.color": "#eceff2", "axes.axisbelow": True,
    "figure.facecolor": "white", "savefig.facecolor": "white",
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A drawn figure and the sentence that says what it shows."""

    figure: Figure
    says: str

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG at twice screen resolution, without the metadata that changes from build to build."""
        drawn = io.BytesIO()
        FigureCanvasAgg(self.figure)
        self.figure.savefig(drawn, format="png", dpi=144, metadata={"Software": None})
        return drawn.getvalue()

    @property
    def size(self) -> dict[str, int]:
        """Width and height in CSS pixels."""
        width, height = self.figure.get_size_inches() * 72
        return {"width": int(width), "height": int(height)}

    def __repr__(self) -> str:
        return f"[figure] {self.says}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/png": self.png, "text/plain": repr(self)}, {"image/png": self.size}


def picture(draw: Callable[..., str], width: float = 9.2, height: float = 3.9, **panels: Any) -> Picture:
    """Run `draw` on new axes in the house style; what it returns is the sentence that says the figure.

    `panels` go to `Figure.subplots`, for a figure with several axes. Sizes are in inches of 72 CSS pixels.
    """
    from matplotlib import rc_context

    with rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        says = draw(figure.subplots(**panels))
        # Text is laid out while the style is in force.
        FigureCanvasAgg(figure).draw()
    return Picture(figure, says)


def bars_with_range(
    ax: Axes, names: list[str], low: list[float], high: list[float], colours: list[str]
) -> None:
    """Horizontal bars from 0 to `low`, with a paler part up to `high`, the first name on top."""
    places = np.arange(len(names))[::-1]
    ax.barh(places, low, color=colours, height=0.62)
    ax.barh(places, np.subtract(high, low), left=low, color=colours, alpha=0.35, height=0.62)
    ax.set_yticks(places, names)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
