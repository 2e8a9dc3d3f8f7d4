"""The stack of a week: what its notebook imports, which is what the parent imports before it forks."""

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

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
    """The usual modules and those that the notebook's code cells import, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return tuple(dict.fromkeys([*USUAL, *(name for text in code for name in imports(text))]))


def imports(text: str) -> Iterator[str]:
    """The modules imported anywhere in a cell's text; lines that only IPython understands are left out."""
    lines = (("pass" if line.lstrip()[:1] in ("%", "!") else line) for line in text.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return
    yield from _named(ast.walk(tree))


def _named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
