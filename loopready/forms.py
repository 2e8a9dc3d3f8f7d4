"""The form in which a story is written: its fields, and beside each part what the review would ask about it.

A form knows nothing of files: it turns a Story into fields and fields into a Story, and says when one has changed.
"""

import re
from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from loopready.layouts import labelled, text
from loopready.principles import PRINCIPLES
from loopready.review import Finding, Review
from loopready.stories import LEVELS, MOST_PRINCIPLES, PARTS, Story

_NONE = "none"
_ROWS = {"situation": 4, "task": 3, "action": 12, "result": 5, "metrics": 2, "learned": 3, "follow_ups": 2}
_LABELS = {
    "title": "Title",
    "situation": "Situation",
    "task": "Task",
    "action": "Action",
    "result": "Result",
    "metrics": "Metrics, one a line",
    "learned": "What I do differently since",
    "follow_ups": "Questions I expect, one a line",
    "team_size": "Team size",
    "duration": "Duration",
}
_SHORT = ("title", "team_size", "duration")
_LISTS = ("metrics", "follow_ups")


class StoryForm(widgets.VBox):
    """Fields for a story. `changed` is called, without arguments, whenever one of them changes by hand."""

    def __init__(self, changed: Callable[[], None]):
        self.fields = {name: _field(name) for name in _LABELS}
        self.principles = [_list(label, _NAMES) for label in _ORDINALS]
        self.level = _list("Level", [("not chosen", ""), *((level, level) for level in LEVELS)])
        self.says = {part: widgets.HTML(layout={"height": "auto", "margin": "0"}) for part in PARTS}
        self._changed, self._filling = changed, False
        for field in [*self.fields.values(), *self.principles, self.level]:
            field.observe(self._on_change, names="value")
        super().__init__(self._layout(), layout={"max_width": "52em"})
        self.add_class("loopready-form")

    @property
    def story(self) -> Story:
        """The story as it stands in the fields."""
        texts = {name: field.value for name, field in self.fields.items()}
        lists = {name: texts.pop(name).split("\n") for name in _LISTS}
        chosen = [choice.value for choice in self.principles if choice.value != _NONE]
        return Story(principles=list(dict.fromkeys(chosen)), level=self.level.value, **texts, **lists)

    def fill(self, story: Story) -> None:
        """Put `story` into the fields."""
        self._filling = True
        try:
            for name, field in self.fields.items():
                value = getattr(story, name)
                field.value = "\n".join(value) if name in _LISTS else _unwrapped(value)
            for place, choice in enumerate(self.principles):
                choice.value = story.principles[place] if place < len(story.principles) else _NONE
            self.level.value = story.level
        finally:
            self._filling = False

    def show(self, review: Review) -> None:
        """Put beside each part what the review would look at there."""
        for part in PARTS:
            _put(self.says[part], "".join(_look(one) for one in review.looks if one.part == part))

    def _on_change(self, change: dict) -> None:
        if not self._filling:
            self._changed()

    def _layout(self) -> list[widgets.Widget]:
        fields = self.fields
        wrap = {"flex_flow": "row wrap", "width": "auto"}
        facts = widgets.HBox([self.level, fields["team_size"], fields["duration"]], layout=wrap)
        chosen = widgets.HBox(self.principles, layout=wrap)
        parts = [widget for part in PARTS for widget in (fields[part], self.says[part])]
        rest = [fields["metrics"], fields["learned"], fields["follow_ups"]]
        return [fields["title"], chosen, facts, *parts, *rest]


_NAMES = [("none yet", _NONE), *((each.name, each.name) for each in PRINCIPLES)]
_ORDINALS = ("Main principle", *(f"Further principle {number}" for number in range(1, MOST_PRINCIPLES)))


def findings(review: Review) -> str:
    """HTML of what the review says of the whole story, and of which counts are good."""
    looks = [one for one in review.looks if one.part not in PARTS]
    good = ", ".join(one.rule for one in review if one.kind == "good")
    waiting = f"Waiting for text: {', '.join(review.waiting)}." if review.waiting else ""
    head = f"<b>{len(review.looks)} to look at</b>" if review.looks else "<b>Nothing to look at</b>"
    rest = " ".join(filter(None, [f"\u2713 good: {good}." if good else "", waiting]))
    return text(head + "".join(map(_look, looks)) + f'<div style="margin-top:6px">{escape(rest)}</div>')


def length(review: Review) -> str:
    """How long the story is to tell, in one line, or ""."""
    return next((one.says for one in review if one.rule == "length"), "")


def _look(finding: Finding) -> str:
    quotes = " ".join(f"\u201c{quote}\u201d" for quote in finding.quotes)
    lines = [f"\u2192 <b>{escape(finding.rule)}</b> {escape(finding.says)} {escape(quotes)}"]
    lines.append(f"<i>Try: {escape(finding.remedy)}</i>")
    lines.append(f"<small>Target: {escape(finding.target)}. {escape(finding.source)}.</small>")
    return f'<div style="margin:4px 0 8px;padding-left:1em;text-indent:-1em">{"<br>".join(lines)}</div>'


def _put(says: widgets.HTML, html: str) -> None:
    # What did not change is not sent.
    if says.value != (new := text(html) if html else ""):
        says.value = new


def _field(name: str) -> widgets.Text | widgets.Textarea:
    narrow = {"flex": "1 1 10em", "min_width": "8em"} if name in ("team_size", "duration") else {}
    kind = widgets.Text if name in _SHORT else widgets.Textarea
    more = {} if name in _SHORT else {"rows": _ROWS[name]}
    field = kind(description=_LABELS[name], continuous_update=True, layout=narrow, **more)
    return labelled(field)


def _list(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    field = widgets.Dropdown(
        description=label, options=options, layout={"flex": "1 1 12em", "min_width": "8em"}
    )
    return labelled(field)


def _unwrapped(told: str) -> str:
    """A text whose lines were broken to fit a notebook's cell, with its paragraphs in one line each."""
    return re.sub(r"(?<=\S)(?<=[^\n]{60})\n(?=[^\s*-])", " ", told)
