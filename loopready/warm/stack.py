"""The stack of a week: what its notebook imports and draws, which is done once before anything is forked."""

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from loopready.warm import ahead

# For kernels whose notebook is not known: what the course's own weeks import.
USUAL = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "ipywidgets",
    "loopready.checks",
    "loopready.units",
)


def stack(notebook: Path) -> tuple[str, ...]:
    """What the notebook's code cells import and draw, in order, for `ahead`; the usual modules where there is none."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return stack_of("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def stack_of(cells: Iterable[str]) -> tuple[str, ...]:
    """The same for the text of code cells."""
    # No more than is used: what was imported makes each fork slower.
    return tuple(dict.fromkeys(name for text in cells for name in _used(text))) or USUAL


def _used(text: str) -> Iterator[str]:
    """The modules imported and the pictures drawn in a cell; lines that only IPython understands are left out."""
    lines = (("pass" if line.lstrip()[:1] in ("%", "!") else line) for line in text.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return
    yield from _named(ast.walk(tree))
    yield from ahead.pictures(tree)


def _named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            # Each may be a module as well; what is none fails to import, and costs nothing.
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")
