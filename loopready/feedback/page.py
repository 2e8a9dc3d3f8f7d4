"""The page itself: nbgrader's scores and comments at the top, the notebook below, in one file that loads nothing.

c.GenerateFeedback.exporter_class = "loopready.feedback.page.Page"
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import default

from loopready.feedback import showing
from loopready.feedback.bars import bar
from loopready.feedback.summary import Summary, summary

__all__ = ["Page"]

_HERE = Path(__file__).parent
# What a browser may do with the page, should anything have slipped through: draw it.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; style-src-attr 'unsafe-inline'; "
    "style-src-elem 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
)


class Page(Exporter):
    """The exporter that GenerateFeedback writes its pages with."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of a graded notebook, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        names = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in nb.cells]
        return rendered(nb, summary(resources["nbgrader"], self.config, names)), resources


def rendered(nb: NotebookNode, top: Summary) -> str:
    """The page's HTML."""
    css = _css()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    cells = [_cell(cell) for cell in nb.cells]
    template = _environment().get_template("page.html.j2")
    return template.render(
        policy=_POLICY.format(digest=digest), css=Markup(css), summary=top, cells=[c for c in cells if c]
    )


@cache
def _css() -> str:
    # A style element's text ends at the first `</`; there is none in it, and the hash is of the text as it stands.
    dark = showing.style("github-dark").replace("\n", "\n  ")
    own = (_HERE / "page.css").read_text(encoding="utf-8")
    return (
        f"{showing.style('default')}\n@media screen and (prefers-color-scheme: dark) {{\n  {dark}\n}}\n{own}"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = showing.prose
    environment.globals["bar"] = bar
    environment.filters["points"] = lambda number: f"{round(number, 2):g}"
    return environment


def _cell(cell: NotebookNode) -> dict[str, Any] | None:
    """What the template shows of a cell; None for one that is empty."""
    role = cell.metadata.get("nbgrader", {})
    graded = is_grade(cell) or is_task(cell)
    shown = {
        "kind": "answer" if is_solution(cell) or is_task(cell) else "tests" if graded else "text",
        "name": str(role.get("grade_id", "")) if graded or is_solution(cell) else "",
        "points": role.get("score") if graded else None,
        "out_of": role.get("points") if graded else None,
        "comment": role.get("comment") or "",
        "body": _body(cell),
        "outputs": showing.outputs(cell),
    }
    return shown if shown["body"] or shown["outputs"] else None


def _body(cell: NotebookNode) -> Markup:
    if not cell.source.strip():
        return Markup()
    if cell.cell_type == "markdown":
        return showing.prose(cell.source, cell.get("attachments"))
    if cell.cell_type == "code":
        return showing.code(cell.source)
    return showing.plain(cell.source)
