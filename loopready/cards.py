"""Cards that rate: a slider for each dimension of a rubric, what its level sounds like, and a Save button.

    rate_story(story)                                  # or its title
    rate(("design", "url-shortener"), rubrics.DESIGN)  # any subject, any rubric

A card is a thin front for `loopready.ratings`. Where there is no front end (a plain run, an export, grading)
it shows its rubric as text or as a table, and writes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape

import ipywidgets as widgets

from loopready import rubrics
from loopready.course import CourseError
from loopready.principles import slug
from loopready.ratings import Rating, Ratings, Subject, as_subject
from loopready.rubrics import Dimension
from loopready.stories import Story

UNRATED = 0  # a slider always has a value, so there must be one that is no rating
VIEW = "application/vnd.jupyter.widget-view+json"


class RatingCard:
    """One subject, one rubric, and the learner's levels.

    The levels are kept when Save is pressed and not at each move of a slider: a rating is a judgement with a
    date, and a slider passes 2 and 3 on its way to 4. Until then the card says that the change is not saved.
    Save keeps every rated dimension, an unchanged one too: saying 4 again a month later is a new rating. A second
    press without a change in between adds nothing. What was saved last is shown when the card is made again.
    """

    def __init__(
        self, title: str, subject: Subject | None, rubric: Iterable[Dimension], ratings: Ratings | None = None
    ):
        self.title, self.subject, self.rubric = title, subject, tuple(rubric)
        self._ratings, self._saved = ratings, None
        self._before, trouble = self._read()
        self.sliders = {dimension.name: self._slider(dimension) for dimension in self.rubric}
        self.anchors = {dimension.name: _lines() for dimension in self.rubric}
        self.save = widgets.Button(description="Save", tooltip=f"Save these levels for {title}")
        self.status = _lines()
        self._say(trouble or _last(self._before.values()))
        self.box = self._layout()
        self.save.on_click(lambda button: self.keep())
        for dimension in self.rubric:
            self._show_anchor(dimension)
            self.sliders[dimension.name].observe(
                lambda change, moved=dimension: self._moved(moved), names="value"
            )

    @property
    def levels(self) -> dict[str, int]:
        """The levels on the sliders, without the dimensions that are not rated."""
        return {name: slider.value for name, slider in self.sliders.items() if slider.value != UNRATED}

    def keep(self) -> None:
        """Save the levels on the sliders, and say when that was or why it could not be."""
        if not self.levels:
            return self._say("Nothing saved: move a slider first.")
        if self.levels == self._saved:
            return self._say(f"{self._when} Nothing has changed since.")
        try:
            moment = self._save(self.levels)
        except CourseError as error:
            return self._say(f"Not saved: {error}")
        self._saved, self._when = self.levels, f"Saved at {moment.astimezone():%H:%M}."
        return self._say(self._when)

    def _save(self, levels: dict[str, int]) -> datetime:
        if self.subject is None:
            raise CourseError("the story has no title yet: give it one, then run this cell again")
        return self._store().rate(self.subject, levels, {each.name: each.top for each in self.rubric})

    def _store(self) -> Ratings:
        # Late, because a card must show itself also where there is no course to save in.
        self._ratings = self._ratings or Ratings()
        return self._ratings

    def _read(self) -> tuple[dict[str, Rating], str]:
        """What was saved last, by dimension, and what stood in the way of reading it."""
        try:
            return (self._store().latest(self.subject) if self.subject else {}), ""
        except CourseError as error:
            return {}, str(error)

    def _slider(self, dimension: Dimension) -> widgets.IntSlider:
        before = self._before.get(dimension.name)
        # No description and no readout: ipywidgets cuts a long description off, and reads "not rated" as 0.
        return widgets.IntSlider(
            value=before.level if before and before.level <= dimension.top else UNRATED,
            min=UNRATED,
            max=dimension.top,
            readout=False,
            layout={"width": "16em", "flex": "0 0 auto"},
        )

    def _layout(self) -> widgets.VBox:
        rows = [part for dimension in self.rubric for part in self._row(dimension)]
        title = _lines(f"<b>{escape(self.title)}</b>")
        return widgets.VBox([title, *rows, _beside(self.save, self.status)], layout={"max_width": "50em"})

    def _row(self, dimension: Dimension) -> tuple[widgets.Widget, widgets.Widget]:
        heading = _lines(f"<b>{escape(dimension.name)}</b> &nbsp;{escape(dimension.says)}")
        return heading, _beside(self.sliders[dimension.name], self.anchors[dimension.name])

    def _moved(self, dimension: Dimension) -> None:
        self._show_anchor(dimension)
        self._say("Not saved yet: press Save.")

    def _show_anchor(self, dimension: Dimension) -> None:
        level = self.sliders[dimension.name].value
        sounds = (
            f"<b>{level} of {dimension.top}</b> &nbsp;{escape(dimension.anchors[level])}" if level else ""
        )
        self.anchors[dimension.name].value = _text(sounds or "Not rated yet.")

    def _say(self, text: str) -> None:
        self.status.value = _text(escape(text))

    def _rated(self) -> dict[str, str]:
        return {name: f"{rating.level} on {_day(rating.said_at)}" for name, rating in self._before.items()}

    def __repr__(self) -> str:
        return f"{self.title}\n{rubrics.as_text(self.rubric, self._rated())}"

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        """The widget, and beside it what is read where no widget can be: a table and plain text."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        return {
            VIEW: view,
            "text/html": rubrics.as_html(self.title, self.rubric, self._rated()),
            "text/plain": repr(self),
        }


def rate_story(story: Story | str, ratings: Ratings | None = None) -> RatingCard:
    """A card with the five dimensions of a story; `story` is a Story, its title or its slug.

    For a story without a title, or one that is still `...`, the card shows itself and says why it cannot save.
    """
    title = story.title if isinstance(story, Story) else "" if story is ... else story
    key = slug(title)
    subject = Subject("story", key) if key else None
    return RatingCard(title or "A story without a title yet", subject, rubrics.STORY, ratings)


def rate(
    subject: Subject | tuple[str, str], rubric: Iterable[Dimension], ratings: Ratings | None = None
) -> RatingCard:
    """A card for any subject, ("design", "url-shortener"), with a rubric given as dimensions."""
    subject = as_subject(subject)
    return RatingCard(f"{subject.kind.capitalize()}: {subject.id}", subject, rubric, ratings)


def _text(html: str) -> str:
    # ipywidgets gives text lines of a fixed height, which would lay a second line over what comes next.
    return f'<div style="line-height:1.4;white-space:normal;overflow-wrap:anywhere">{html}</div>'


def _lines(html: str = "") -> widgets.HTML:
    """Text that takes the room it needs and no more than there is."""
    return widgets.HTML(_text(html), layout={"height": "auto", "margin": "6px 0 0"})


def _beside(control: widgets.Widget, text: widgets.HTML) -> widgets.HBox:
    """A control and its text on one line, or on two where the notebook is narrow."""
    text.layout = {"flex": "1 1 18em", "min_width": "0", "height": "auto", "margin": "0 0 0 8px"}
    return widgets.HBox([control, text], layout={"flex_flow": "row wrap", "align_items": "center"})


def _last(before: Iterable[Rating]) -> str:
    moments = [rating.said_at for rating in before]
    return (
        f"Last saved {_day(max(moments))} at {max(moments).astimezone():%H:%M}."
        if moments
        else "Not rated yet."
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y}"
