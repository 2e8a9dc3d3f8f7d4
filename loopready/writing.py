"""Writing at the desk: the form with its list of stories, its saves, and the choice when two tabs wrote at once."""

from html import escape

import ipywidgets as widgets

from loopready.arrivals import on_press, settled
from loopready.course import CourseError
from loopready.desk import EMPTY, Desk
from loopready.forms import StoryForm, findings, length
from loopready.layouts import labelled, lines, row, status, text
from loopready.pauses import Pause, Saving
from loopready.review import review
from loopready.revisions import Conflict, Kept
from loopready.rooms import Room, day
from loopready.stories import PARTS, Story

REVIEWED = (0.15, 0.5)  # seconds without a key, and at most, until the review is up to date
SAVED = (0.6, 2.0)  # the same until the story is saved
_NEW = ""
_BEGUN = "A new story: it is saved as you type."
_AWAY = " It is put away: Bring back returns it to your stories."
_AWAY_ELSEWHERE = (
    " It was put away in another tab: what you type is kept in it, and Bring back returns it to your stories."
)


class Writing(Room):
    """The form with its list of stories, its state of saving, and the choice when two tabs wrote at once."""

    words = "A form for writing a story, which reviews and saves it while you type."

    def __init__(self, desk: Desk):
        self.form = StoryForm(self._typed)
        self.chooser = labelled(widgets.Dropdown(description="Story", layout={"flex": "1 1 16em"}))
        self.new = widgets.Button(description="New story", layout={"width": "auto", "align_self": "flex-end"})
        self.away = widgets.Button(description="Put away", layout={"width": "auto", "align_self": "flex-end"})
        self.saved, self.length, self.whole, self.saved_below = (lines() for _ in range(4))
        self.conflict = widgets.VBox()
        self._review, self._save = Pause(self._reviewed, *REVIEWED), Saving(self.keep, *SAVED)
        desk.finish = self._save.finish
        self._rival: Conflict | None = None
        self._away = ""  # what there is to say of a story that is put away
        top = widgets.HBox([self.chooser, self.new, self.away], layout={"flex_flow": "row wrap"})
        self.length.layout.margin = "6px 0 0 16px"
        state = row(self.saved, self.length)
        foot = lines("<b>The review</b> counts and does not judge; each line says whose advice it is.")
        super().__init__(desk, [top, state, self.conflict, self.form, self.saved_below, foot, self.whole])
        self.chooser.observe(self._chosen, names="value")
        on_press(self.new, lambda: self._go_to(None))
        on_press(self.away, self._away_or_back)
        self._fill()

    def keep(self) -> bool:
        """Save what stands in the form, and say so, or why not; whether it is in the file."""
        story, kept = self.form.story, self.desk.kept
        if kept is None and story == EMPTY:
            self._say(_BEGUN)
            return True
        try:
            saved = self.desk.bank.save(story, of=kept)
        except Conflict as conflict:
            self._show_conflict(conflict)
            return True
        except CourseError as error:
            self._say(f"Not saved: {error}")
            return False
        self.desk.trouble = ""
        # A rival that was not chosen yet stays to be chosen, also when its text is written on.
        if self._rival and (rivals := self._rivals(saved)):
            self._rival = Conflict(rivals[-1], saved)
        elif self._rival:
            self._settle_view()
        self._look(saved, _AWAY_ELSEWHERE)
        self._say(f"Saved {saved.saved_at.astimezone():%H:%M}.{self._away}")
        self.desk.saved(saved)
        return True

    def refresh(self, another: bool) -> None:
        """Show the text that is on the desk now, or its title in the list."""
        if another:
            self._fill()
        elif (kept := self.desk.kept) and not any(
            id == kept.id and name.partition(". ")[2] == _titled(kept, bool(self._away))
            for name, id in self.chooser.options
        ):
            self._list()

    def _typed(self) -> None:
        self._say("Not saved yet ...")
        self._review.touch()
        self._save.touch()

    def _reviewed(self) -> None:
        said = review(self.form.story, pace=self.desk.pace)
        self.form.show(said)
        self.whole.value, self.length.value = findings(said), status(length(said))

    def _say(self, says: str) -> None:
        # At both ends, as the form is longer than a window; a screen reader is told once.
        if self.saved.value != status(says):
            self.saved.value, self.saved_below.value = status(says), text(escape(says))

    def _fill(self) -> None:
        """Put the chosen story into the form."""
        self.form.fill(self.desk.story)
        self._settle_view()
        self._list()
        self._reviewed()
        kept, self._away = self.desk.kept, ""
        self._look(kept, _AWAY)
        self._say(self.desk.trouble or (f"Saved {day(kept.saved_at)}.{self._away}" if kept else _BEGUN))
        if kept and (rivals := self._rivals(kept)):
            self._show_conflict(Conflict(rivals[-1], kept), mine_is_here=False)

    def _look(self, kept: Kept | None, news: str) -> None:
        """See if the story is put away, which the button takes back; `news` is said of it if nothing is said yet."""
        try:
            away = kept is not None and self.desk.bank.is_away(kept.id)
        except CourseError:
            away = False
        self._away = (self._away or news) if away else ""
        self.away.description = "Bring back" if away else "Put away"

    def _rivals(self, kept: Kept) -> list[Kept]:
        try:
            return self.desk.bank.rivals(kept.id)
        except CourseError:
            return []

    def _list(self) -> None:
        """The stories to choose from, with the chosen one chosen."""
        try:
            stories = [(kept, away) for away in (False, True) for kept in self.desk.bank.stories(away)]
        except CourseError as error:
            self.desk.trouble = str(error)
            stories = []
        options = [
            ("a new story", _NEW),
            # Two stories may have one title, and a list needs names that differ.
            *((f"{place}. {_titled(*each)}", each[0].id) for place, each in enumerate(stories, 1)),
        ]
        chosen = self.desk.kept.id if self.desk.kept else _NEW
        self.chooser.unobserve(self._chosen, names="value")
        if tuple(options) != self.chooser.options:
            self.chooser.options = options
        self.chooser.value = chosen if any(id == chosen for _, id in options) else _NEW
        self.chooser.observe(self._chosen, names="value")

    def _chosen(self, change: dict) -> None:
        # The last letters belong to the story that they were typed in.
        settled(lambda: self._choose(change["new"]))

    def _choose(self, id: str) -> None:
        try:
            kept = self.desk.bank.story(id) if id else None
        except CourseError as error:
            self._say(str(error))
            return
        self._go_to(kept)

    def _go_to(self, kept: Kept | None) -> None:
        # A text that cannot be saved stays in the form, which is all there is of it.
        if self._save.finish():
            self.desk.choose(kept)
        else:
            self._list()

    def _away_or_back(self) -> None:
        """Put the chosen story away, or bring it back: what the button said when it was pressed."""
        back = bool(self._away)
        if not self._save.finish() or not (kept := self.desk.kept):
            return
        try:
            self.desk.bank.put_away(kept.id, away=not back)
        except CourseError as error:
            self._say(f"Not {'brought back' if back else 'put away'}: {error}")
            return
        title = kept.story.title or "a story without a title"
        if back:
            self._look(kept, "")
            self.desk.saved(kept)
            self._say(f"Brought back: {title}.")
        else:
            self._go_to(None)
            self._say(f"Put away: {title}. To bring it back, choose it at the end of the list of stories.")

    def _show_conflict(self, conflict: Conflict, mine_is_here: bool = True) -> None:
        """Show both texts and the three ways out; the fields stay as they are."""
        first = self._rival is None
        self._rival = conflict
        if mine_is_here:
            self.desk.kept = conflict.mine
        self._say(f"Two texts: {conflict.told}, choose below.")
        names = ("yours, in this tab" if mine_is_here else "a second text", "the other, saved elsewhere")
        both = _compared(conflict.mine.story, conflict.theirs.story, names)
        if first or not self.conflict.children:
            ways = (("Keep mine", "this"), ("Keep the other", "other"), ("Keep both", "both"))
            buttons = [self._way(label, keep) for label, keep in ways]
            self.conflict.children = [lines(both), row(*buttons)]
        else:
            self.conflict.children[0].value = lines(both).value

    def _way(self, label: str, keep: str) -> widgets.Button:
        button = widgets.Button(description=label, layout={"width": "auto"})
        on_press(button, lambda: self._settle(keep))
        return button

    def _settle(self, keep: str) -> None:
        if not self._save.finish():
            return
        try:
            kept = self.desk.bank.settle(self._rival.mine, keep)
        except CourseError as error:
            self._say(str(error))
            return
        self._go_to(kept)

    def _settle_view(self) -> None:
        self._rival, self.conflict.children = None, ()


def _titled(kept: Kept, away: bool) -> str:
    return (kept.story.title or "without a title yet") + " (put away)" * away


def _compared(mine: Story, theirs: Story, names: tuple[str, str]) -> str:
    """Both texts of what differs, side by side where there is room."""
    ours, other = mine.to_dict(), theirs.to_dict()
    differing = [name for name in ours if ours[name] != other[name]]
    differing.sort(key=lambda name: name not in PARTS)
    cells = []
    for name in differing:
        label = name.replace("_", " ").capitalize()
        for who, told in zip(names, (ours[name], other[name]), strict=True):
            cells.append(f"<b>{label}, {who}</b><br>{_shown(told)}")
    style = "flex:1 1 16em;white-space:pre-wrap;border-left:3px solid var(--jp-border-color1,#bbb);padding-left:8px"
    columns = "".join(f'<div style="{style}">{cell}</div>' for cell in cells)
    return ("<b>This story was saved in two places. Both texts are kept; choose.</b>"
            f'<div style="display:flex;flex-wrap:wrap;gap:8px 16px;margin:6px 0">{columns}</div>')  # fmt: skip


def _shown(told: object) -> str:
    said = "\n".join(told) if isinstance(told, list) else str(told)
    return escape(said) if said else "<i>empty</i>"
