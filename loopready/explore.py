"""A slider that moves a model: the figure follows in the notebook, and stays a still picture where nothing answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from loopready.figures import Picture

__all__ = ["explore"]


class Explorer:
    """Sliders over `draw`, a function from their values to a Picture; shown as widgets, or as the first picture."""

    def __init__(self, draw: Callable[..., Picture], sliders: dict[str, widgets.ValueWidget]):
        self.draw, self.sliders = draw, sliders
        self.still = draw(**self._values())
        size = self.still.size
        self.image = widgets.Image(
            value=self.still.png,
            layout=widgets.Layout(width=f"{size['width']}px", max_width="100%", object_fit="contain"),
        )
        # The sentence stands under the picture for a reader who cannot see it.
        self.says = widgets.Label(value=self.still.says)
        for slider in sliders.values():
            slider.observe(self._redraw, names="value")
        self.box = widgets.VBox([*sliders.values(), self.image, self.says])

    def _values(self) -> dict[str, Any]:
        return {name: slider.value for name, slider in self.sliders.items()}

    def _redraw(self, change: dict[str, Any]) -> None:
        drawn = self.draw(**self._values())
        self.image.value, self.says.value = drawn.png, drawn.says

    def __repr__(self) -> str:
        return repr(self.still)

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = self.still._repr_mimebundle_()
        # The widget's own entry comes with the still picture, and the front end takes the best that it can show.
        live = self.box._repr_mimebundle_(include=include, exclude=exclude)
        return {**(live[0] if isinstance(live, tuple) else live), **data}, metadata


def explore(draw: Callable[..., Picture], **ranges: tuple[float, float, float, float, str]) -> Explorer:
    """A slider for each argument of `draw`: from, to, step, start and its label; whole numbers slide in whole steps."""
    # As wide as the longest label in a common font: ipywidgets cuts what does not fit, and tracks should line up.
    width = f"{0.6 * max(len(label) for *_, label in ranges.values()) + 0.5:.1f}em"
    return Explorer(draw, {name: _slider(*numbers, width) for name, numbers in ranges.items()})


def _slider(
    low: float, high: float, step: float, start: float, label: str, width: str
) -> widgets.ValueWidget:
    whole = all(isinstance(number, int) for number in (low, high, step, start))
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    return kind(
        value=start, min=low, max=high, step=step, description=label,
        style={"description_width": width}, layout=widgets.Layout(width="34em", max_width="100%"),
    )  # fmt: skip
