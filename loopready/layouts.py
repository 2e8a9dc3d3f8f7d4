"""How text and pictures are laid out among widgets, so that they read in either theme and at any width."""

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

if TYPE_CHECKING:
    from loopready.figures import Picture


# ipywidgets puts a label beside its field, at a fixed width; above it, both have room in a narrow window.
STYLE = """<style>
.loopready-field {flex-direction: column; align-items: stretch; height: auto; width: auto}
.loopready-field > label.widget-label {text-align: left; width: auto; height: auto; line-height: 1.5; font-weight: bold}
.loopready-field > input[type=text], .loopready-field > select {flex: 0 0 auto; width: 100%; height: 2.2em}
.loopready-field > textarea {flex: 0 0 auto; width: 100%; height: auto; resize: vertical; line-height: 1.45;
  font-family: var(--jp-ui-font-family, sans-serif); field-sizing: content; min-height: 4.6em; max-height: 60vh}
.loopready-field > select {padding-right: 2em; text-overflow: ellipsis}
[data-jp-theme-light="false"] .loopready-field > select {--jp-widgets-dropdown-arrow: url("data:image/svg+xml,\
%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'%3E%3Cpath fill='%23ddd' d='M5 7l4 4 4-4z'/%3E%3C/svg%3E")}
[data-jp-theme-light="false"] .loopready-field > :is(select, input, textarea) {color-scheme: dark}
.loopready-room .jupyter-button {white-space: normal; height: auto; min-height: 28px; line-height: 1.4}
.loopready-room :focus-visible {outline: 2px solid var(--jp-brand-color1, #2f6fb0); outline-offset: 1px}
</style>"""


def labelled(field: widgets.DOMWidget) -> widgets.DOMWidget:
    """The field with its label above it, once STYLE is on the page."""
    field.style.description_width = "auto"
    field.add_class("loopready-field")
    return field


def text(html: str) -> str:
    """HTML for a text widget, whose lines have a fixed height: a second line would lie on the next."""
    return f'<div style="line-height:1.4;white-space:normal;overflow-wrap:anywhere">{html}</div>'


def lines(html: str = "") -> widgets.HTML:
    """Text that takes the room it needs and no more than there is."""
    return widgets.HTML(text(html), layout={"height": "auto", "margin": "6px 0 0"})


def beside(control: widgets.Widget, says: widgets.HTML) -> widgets.HBox:
    """A control and its text on one line, or on two where the notebook is narrow."""
    says.layout = {"flex": "1 1 18em", "min_width": "0", "height": "auto", "margin": "0 0 0 8px"}
    return row(control, says)


def row(*parts: widgets.Widget) -> widgets.HBox:
    """Widgets side by side, on as many lines as the notebook's width asks for."""
    return widgets.HBox(parts, layout={"flex_flow": "row wrap", "align_items": "center"})


def status(says: str) -> str:
    """HTML of a line that says how things are, as text."""
    return text(f'<span role="status">{escape(says)}</span>')


def instead(what: str, command: str = "") -> str:
    """What stands in a widget's place: where no widget can be shown, and in JupyterLab until its cell is run.

    >>> instead("The day's recap cards.", "loopready review")
    "The day's recap cards. In JupyterLab, choose Run All Cells in the Run menu; in a terminal: loopready review"
    """
    typed = f"; in a terminal: {command}" if command else "."
    return f"{what} In JupyterLab, choose Run All Cells in the Run menu{typed}"


def image(picture: "Picture") -> str:
    """A picture as HTML with its sentence for who cannot see it: a widget's own image has no place for one."""
    data = b64encode(picture.png).decode()
    return (
        f'<img alt="{escape(picture.says)}" src="data:image/png;base64,{data}" '
        f'width="{picture.size["width"]}" style="max-width:100%;height:auto;object-fit:contain">'
    )
