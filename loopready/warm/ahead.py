"""What is done once, before a process is forked for each notebook: a week's modules imported, its pictures drawn.

The course's drawings are functions of their arguments and of nothing else, so that what a week's own text shows is the
same in every learner's notebook.
"""

import ast
import functools
import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

__all__ = ["draw", "draw_once", "import_modules", "pictures"]

_PICTURE = "picture "
_START = 3  # the place of a slider's first value: from, to, step, start
# What the first cell, the first table and the first story import by themselves, where what they need is there.
_SOON = {
    "IPython.core.logger": "IPython",
    "pandas.io.formats.html": "pandas",
    "pandas.io.formats.string": "pandas",
    "loopready.panels": "loopready.stories",
}


def import_modules(names: Iterable[str]) -> None:
    """Import what there is; a module that is not there, or fails, says so in the cell that imports it."""
    for name in names:
        if not name.startswith(_PICTURE):
            with suppress(Exception):
                importlib.import_module(name)
    for name, needed in _SOON.items():
        if needed in sys.modules:
            with suppress(Exception):
                importlib.import_module(name)


def pictures(tree: ast.AST) -> Iterator[str]:
    """The course's drawings that code calls with nothing but constants, or explores from them; a line for each."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "explore" and len(node.args) == 1:
            yield from _line(node.args[0], node.keywords, lambda numbers: numbers[_START])
        elif not node.args:
            yield from _line(node.func, node.keywords, lambda value: value)


def _line(drawing: ast.expr, keywords: list[ast.keyword], chosen: Callable[[Any], Any]) -> Iterator[str]:
    match drawing:
        case ast.Attribute(value=ast.Name(id="drawings"), attr=name):
            with suppress(ValueError, TypeError, IndexError):
                values = {one.arg: chosen(ast.literal_eval(one.value)) for one in keywords}
                yield f"{_PICTURE}{name} {json.dumps(values)}"


def draw_once() -> None:
    """Fill the caches of fonts and images without touching pyplot's state."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        _draw_for_windows_alone(pyplot)
    if "matplotlib" in sys.modules:
        import io

        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure()
        FigureCanvasAgg(figure)
        figure.add_subplot().plot([1, 10], [1, 10], label="$10^1$")
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def _draw_for_windows_alone(pyplot: Any) -> None:
    """After each cell pyplot draws what a window would show; the inline backend has none, and draws its own picture."""
    drawn_after_a_cell = getattr(pyplot, "_draw_all_if_interactive", None)

    def drawn_for_a_window() -> None:
        if "inline" not in pyplot.get_backend():
            drawn_after_a_cell()

    if drawn_after_a_cell:
        pyplot._draw_all_if_interactive = drawn_for_a_window


def draw(names: Iterable[str]) -> None:
    """Draw what `pictures` has found; the course's drawings then have it at hand."""
    wanted = [name.removeprefix(_PICTURE) for name in names if name.startswith(_PICTURE)]
    if not wanted:
        return
    from loopready import drawings

    for one in wanted:
        name, _, values = one.partition(" ")
        # A drawing that fails does so again where it is asked for.
        with suppress(Exception):
            drawing = getattr(drawings, name)
            if not hasattr(drawing, "kept"):
                drawing = _keeping(drawing)
                setattr(drawings, name, drawing)
            drawing.keep(json.loads(values))


def _keeping(drawing: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, Any] = {}

    @functools.wraps(drawing)
    def kept_or_drawn(*args: Any, **values: Any) -> Any:
        found = None if args else kept.get(_key(values))
        return drawing(*args, **values) if found is None else found

    def keep(values: dict[str, Any]) -> None:
        picture = kept[_key(values)] = drawing(**values)
        picture.png  # noqa: B018 - drawn when it is first asked for

    kept_or_drawn.kept, kept_or_drawn.keep = kept, keep
    return kept_or_drawn


def _key(values: dict[str, Any]) -> str:
    # By what is written, since 1 and 1.0 are equal and may be labelled differently.
    return repr(sorted(values.items()))
