"""Cards that rate: a list for each dimension of a rubric, what each level sounds like, and a Save button.

    rate_story(story)                                  # or its title
    rate(("design", "url-shortener"), rubrics.DESIGN)  # any subject, any rubric

A card is a thin front for `loopready.ratings`. Where there is no front end (a plain run, an export, grading)
it shows its rubric as text or as a table, and writes nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

import ipywidgets as widgets

from loopready import rubrics
from loopready.arrivals import on_press
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.enclosure import enclose, own_copy
from loopready.layouts import beside, image, lines, status, text
from loopready.principles import slug
from loopready.ratings import Rating, Ratings, Subject, as_subject
from loopready.revisions import Conflict
from loopready.rubrics import Dimension
from loopready.stories import Story

UNRATED = 0  # a list always has a value, so there must be one that is no rating
VIEW = "application/vnd.jupyter.widget-view+json"


class RatingCard:
    """One subject, one rubric, and the learner's levels.

    The levels are kept when Save is pressed and not at each choice: a rating is a judgement with a date. Until then
    the card says that the change is not saved. Save keeps every rated dimension: saying 4 again a month later is a
    new rating. A second press without a change in between adds nothing.

    A card that is made again begins unrated, with the anchors and not with the numbers of last time, which would
    only be said again. They are shown beside the new ones once those are saved.
    """

    story: Story | None = None  # the text that goes with the ratings, when the subject is a story

    def __init__(
        self, title: str, subject: Subject | None, rubric: Iterable[Dimension], ratings: Ratings | None = None
    ):
        self.title, self.subject, self.rubric = title, subject, tuple(rubric)
        self._ratings, self._saved = ratings, None
        self._before, trouble = self._read()
        self.choices = {dimension.name: _choice(dimension) for dimension in self.rubric}
        self.anchors = {dimension.name: lines() for dimension in self.rubric}
        self.save = widgets.Button(description="Save", tooltip=f"Save these levels for {title}")
        self.status, self.plot = lines(), widgets.HTML(layout={"height": "auto"})
        self._say(trouble or _last(self._before.values()))
        self.box = self._layout()
        on_press(self.save, self.keep)
        for dimension in self.rubric:
            self._show_anchor(dimension)
            self.choices[dimension.name].observe(
                lambda change, moved=dimension: self._moved(moved), names="value"
            )

    @property
    def levels(self) -> dict[str, int]:
        """The levels that are chosen, without the dimensions that are not rated."""
        return {name: choice.value for name, choice in self.choices.items() if choice.value != UNRATED}

    def keep(self) -> None:
        """Save the levels, and say when that was, and what they were before, or why they could not be saved."""
        if not self.levels:
            return self._say("Nothing saved: choose a level first.")
        if self.levels == self._saved:
            return self._say(f"{self._when} Nothing has changed since.")
        try:
            moment, more = self._save(self.levels)
        except CourseError as error:
            return self._say(f"Not saved: {error}")
        self._saved, self._when = self.levels, f"Saved at {moment.astimezone():%H:%M}."
        self._show_history()
        return self._say(" ".join(filter(None, [self._when, _compared(self._before), more])))

    def _save(self, levels: dict[str, int]) -> tuple[datetime, str]:
        """When the levels were saved, and what else is to be said about it."""
        if self.subject is None:
            raise CourseError("the story has no title yet: give it one, then run this cell again")
        moment = self._store().rate(self.subject, levels, {each.name: each.top for each in self.rubric})
        return moment, self._enclose()

    def _enclose(self) -> str:
        """Put what was saved beside the notebook, when that is the learner's own; what went wrong, if anything."""
        if not (folder := own_copy()) or self.subject is None:
            return ""
        try:
            enclose(folder, self.subject, self.story, self._store().latest(self.subject))
        except CourseError as error:
            return str(error)
        return ""

    def _show_history(self) -> None:
        """Draw the ratings over time, from the second one on."""
        history = self._store().history(self.subject)
        if len({rating.said_at for rating in history}) > 1:
            from loopready.drawings import rating_history

            self.plot.value = image(rating_history(self.title, history))

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

    def _layout(self) -> widgets.VBox:
        rows = [part for dimension in self.rubric for part in self._row(dimension)]
        title = lines(f"<b>{escape(self.title)}</b>")
        foot = beside(self.save, self.status)
        return widgets.VBox([title, *rows, foot, self.plot], layout={"max_width": "50em"})

    def _row(self, dimension: Dimension) -> tuple[widgets.Widget, widgets.Widget]:
        return lines(escape(dimension.says)), beside(
            self.choices[dimension.name], self.anchors[dimension.name]
        )

    def _moved(self, dimension: Dimension) -> None:
        self._show_anchor(dimension)
        self._say("Not saved yet: press Save." if self.levels else _last(self._before.values()))

    def _show_anchor(self, dimension: Dimension) -> None:
        level = self.choices[dimension.name].value
        sounds = (
            f"<b>{level} of {dimension.top}</b> &nbsp;{escape(dimension.anchors[level])}" if level else ""
        )
        self.anchors[dimension.name].value = text(sounds or "Not rated yet.")

    def _say(self, says: str) -> None:
        self.status.value = status(says)

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


class StoryCard(RatingCard):
    """The card of a story: with the levels it keeps the story itself in the story bank.

    In the learner's own copy of a week the text is kept as soon as the cell is run, elsewhere when Save is pressed.
    """

    def __init__(self, story: Story | str, ratings: Ratings | None = None):
        self.story = story if isinstance(story, Story) else None
        title = story.title if self.story else "" if story is ... else story
        self._ratings, self._title, self.subject = ratings, title, None
        trouble = self._begin()
        super().__init__(title or "A story without a title yet", self.subject, rubrics.STORY, self._ratings)
        if trouble:
            self._say(trouble)

    def _begin(self) -> str:
        """Find the story in the bank, or keep it there; what stood in the way."""
        key = slug(self._title)
        self.subject = Subject("story", key) if key else None
        try:
            if self.story and key and own_copy():
                return self._keep_text() or self._enclose()
            known = self._bank().find(self.story or Story.from_dict({"title": self._title})) if key else None
            self.subject = Subject("story", known.id) if known else self.subject
        except CourseError as error:
            return "" if self.subject else str(error)
        return ""

    def _keep_text(self) -> str:
        """Keep the story's text; what there is to say about it."""
        if not self.story or not self.story.slug:
            return ""
        try:
            kept, said = self._bank().keep(self.story), ""
        except Conflict as conflict:
            kept, said = conflict.mine, str(conflict)
        self.subject = Subject("story", kept.id)
        return said

    def _bank(self) -> Bank:
        folder = own_copy()
        return Bank(self._store().path, writer=folder.name if folder else "a rating card")

    def _save(self, levels: dict[str, int]) -> tuple[datetime, str]:
        said = self._keep_text()
        moment, more = super()._save(levels)
        return moment, " ".join(filter(None, [said, more]))


def rate_story(story: Story | str, ratings: Ratings | None = None) -> StoryCard:
    """A card with the five dimensions of a story; `story` is a Story, its title or its slug.

    The story itself goes into the story bank. For a story without a title, or one that is still `...`, the card
    shows itself and says why it cannot save.
    """
    return StoryCard(story, ratings)


def rate(
    subject: Subject | tuple[str, str], rubric: Iterable[Dimension], ratings: Ratings | None = None
) -> RatingCard:
    """A card for any subject, ("design", "url-shortener"), with a rubric given as dimensions."""
    subject = as_subject(subject)
    return RatingCard(f"{subject.kind.capitalize()}: {subject.id}", subject, rubric, ratings)


def _choice(dimension: Dimension) -> widgets.Dropdown:
    """A list with the dimension's name as its label, which a screen reader says; a slider has none."""
    levels = [(f"{level}  {sounds}", level) for level, sounds in dimension.anchors.items()]
    return widgets.Dropdown(
        description=dimension.name,
        options=[("Not rated", UNRATED), *levels],
        value=UNRATED,
        style={"description_width": "11em"},
        layout={"width": "20em", "max_width": "100%", "flex": "0 1 auto"},
    )


def _last(before: Iterable[Rating]) -> str:
    moments = [rating.said_at for rating in before]
    if not moments:
        return "Not rated yet."
    return f"Last rated {_day(max(moments))}; the levels of that day are shown when you have rated again."


def _compared(before: Mapping[str, Rating]) -> str:
    """What the levels were before, for after the new ones are saved."""
    if not before:
        return ""
    day = _day(max(rating.said_at for rating in before.values()))
    return f"On {day}: {', '.join(f'{name} {rating.level}' for name, rating in before.items())}."


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y}"
