"""The cells of a learner's notebook as HTML that does nothing: text, code, tables, pictures, errors."""

import secrets
from collections.abc import Mapping

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from loopready.feedback.inert import clean, formula, image, plain

__all__ = ["code", "markdown2html", "outputs", "plain", "prose", "style"]

_FORMATTER = HtmlFormatter(nowrap=True)


class _Renderer(IPythonRenderer):
    """nbconvert's, with a mark in the place of each displayed formula; a single `$` is money."""

    def __init__(self, attachments: Mapping):
        super().__init__(escape=False, attachments=dict(attachments), exclude_anchor_links=True)
        # Nobody can have written it.
        self.mark, self.formulas = secrets.token_hex(8), []

    def block_math(self, body: str) -> str:
        """The mark of a formula, for `drawn`."""
        self.formulas.append(body)
        return self.place(len(self.formulas) - 1)

    def place(self, number: int) -> str:
        """The mark of the formula with this number."""
        return f"<code>{self.mark}-{number}</code>"

    def drawn(self, html: str) -> Markup:
        """Clean `html` with the formulas in their places."""
        for number, text in enumerate(self.formulas):
            html = html.replace(self.place(number), formula(text))
        return Markup(html)


def prose(text: str, attachments: Mapping | None = None) -> Markup:
    """Markdown as HTML; as plain text where it cannot be read."""
    renderer = _Renderer(attachments or {})
    try:
        return renderer.drawn(clean(MarkdownWithMath(renderer=renderer).render(text)))
    except Exception:
        # Whatever a learner wrote, the rest of the page is for reading.
        return plain(text)


@pass_context
def markdown2html(context: Context, text: str) -> Markup:
    """nbconvert's filter of this name, for its templates."""
    return prose(text, context.get("cell", {}).get("attachments"))


def code(text: str) -> Markup:
    """Python in colours."""
    return Markup('<pre class="highlight">{}</pre>').format(
        Markup(highlight(text, PythonLexer(), _FORMATTER))
    )


def style(name: str) -> str:
    """The colours of `code`, by a style of pygments'."""
    return HtmlFormatter(style=name).get_style_defs(".highlight")


def outputs(cell: NotebookNode) -> list[Markup]:
    """What the cell shows, in order."""
    return [shown for output in cell.get("outputs", ()) if (shown := _output(output))]


def _output(output: NotebookNode) -> Markup:
    if output.output_type == "stream":
        return _ansi(output.text)
    if output.output_type == "error":
        return _ansi("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    for kind in _KINDS:
        if kind in output.data:
            return _KINDS[kind](kind, _joined(output.data[kind]))
    return Markup()


def _joined(data: object) -> str:
    return "".join(data) if isinstance(data, list) else str(data)


def _ansi(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(Markup(ansi2html(text)))


# The first of these that an output has is shown. What needs a script is not among them: a widget, a plot of
# JavaScript; such a cell has HTML or text besides.
_KINDS = {
    "text/html": lambda kind, data: clean(data),
    "text/markdown": lambda kind, data: prose(data),
    "image/svg+xml": image,
    "image/png": image,
    "image/jpeg": image,
    "text/latex": lambda kind, data: plain(data),
    "text/plain": lambda kind, data: _ansi(data),
}
