"""A table for a notebook that reads in either theme and at any width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# Only the layout is set, colours come from the theme. Left to itself JupyterLab centres a table, gives its
# columns equal widths and sets its text to the right.
_TABLE = "table-layout:auto;width:100%;margin:0;border-collapse:collapse;text-align:left"
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:0 0 4px;color:inherit"
_CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 0;white-space:normal;max-width:none"
_HEADING = f"{_CELL};overflow-wrap:normal"
_TEXT = f"{_CELL};overflow-wrap:anywhere"


def grid(caption: str, head: Sequence[object], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """HTML of a table; a row is the HTML of its heading and its cells, the rest is plain text."""
    columns = "".join(f'<th scope="col" style="{_HEADING}">{escape(str(name))}</th>' for name in head)
    lines = "".join(_line(heading, cells) for heading, cells in rows)
    return (
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _line(heading: str, cells: Sequence[str]) -> str:
    told = "".join(f'<td style="{_TEXT}">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row" style="{_HEADING}">{heading}</th>{told}</tr>'


@dataclass(frozen=True)
class Shown:
    """A table as a cell's result: HTML in a notebook, plain text in a terminal."""

    html: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html
