"""The room of the self-assessment: thin widgets over a sheet for claims, for what they come to, and for weights."""

from html import escape

import ipywidgets as widgets

from loopready.arrivals import on_press
from loopready.course import CourseError
from loopready.grids import grid
from loopready.layouts import image, labelled, lines, row, status, text
from loopready.pauses import Pause, Saving
from loopready.readiness.areas import AREAS, SCALE, Area, Statement, weights
from loopready.readiness.evidence import MEASURED, SENTENCE, TOLD, UNPROVEN, Claim
from loopready.readiness.scores import READY, Assessment, Gap
from loopready.readiness.sheet import Sheet
from loopready.rooms import Room

SAVED = (0.6, 2.0)  # seconds without a key, and at most, until evidence is saved
DRAWN = (1.0, 6.0)  # the same until the picture is up to date
_OPEN = -1  # a list always has a value, so there must be one that is no answer
_COUNTS = {
    UNPROVEN: f"Counts half: {SENTENCE} words or more on when and how would count more.",
    TOLD: "Counts four fifths: a figure would make it count whole.",
    MEASURED: "Counts whole.",
}
_STYLE = """<style>
.loopready-claim > label.widget-label {white-space: normal; overflow: visible}
.loopready-claims {border-left: 3px solid var(--jp-border-color2, #ccc); padding-left: 10px; margin: 8px 0 0}
</style>"""


class Claiming(widgets.VBox):
    """One statement with its answer, its evidence and what it counts; kept when it changes."""

    def __init__(self, statement: Statement, claim: Claim | None, view: "Statements"):
        self.statement, self._view, self._known = statement, view, claim
        self._filling, self._other = False, ""  # what another tab gave as evidence, where this one's stands
        options = [("not answered", _OPEN), *((says, level) for level, says in enumerate(SCALE))]
        self.level = labelled(
            widgets.Dropdown(
                description=statement.says, options=options, value=claim.level if claim else _OPEN
            )
        )
        self.level.add_class("loopready-claim")
        evidence = claim.evidence if claim else ""
        self.evidence = labelled(
            widgets.Textarea(description="Evidence: when, how large, what changed", value=evidence, rows=2)
        )
        self.evidence.add_class("loopready-claim")
        self.counts, self._saving = lines(), Saving(self.keep, *SAVED)
        super().__init__([self.level, self.evidence, self.counts])
        self.add_class("loopready-claims")
        self._say_counts()
        self.level.observe(lambda change: self._answered(), names="value")
        self.evidence.observe(lambda change: self._typed(), names="value")

    @property
    def claim(self) -> Claim:
        """The answer as it stands; evidence without one stands beside "not yet"."""
        return Claim(self.statement.key, max(0, self.level.value), self.evidence.value.strip())

    def finish(self) -> bool:
        """Keep what is not kept yet, before another area comes; whether all is."""
        return self._saving.finish()

    def keep(self) -> bool:
        """Keep the answer, and say so, or why not; whether it is kept."""
        if self.level.value == _OPEN and not self.evidence.value.strip():
            self._say_counts()
            self._view.say_told()
            return True
        there = self._view.sheet.claims().get(self.statement.key)
        claim, clash = self._merged(there)
        if trouble := self._view.keep(claim, there if clash else None):
            self.counts.value = text(f"<small>{escape(trouble)}</small>")
            return False
        if "evidence" in clash:
            self._other = there.evidence
        self._known = claim
        self._fill(claim)
        self._say_counts()
        return True

    def _merged(self, there: Claim | None) -> tuple[Claim, list[str]]:
        """The answer as it stands, what this tab left alone taken from `there`; and what both tabs have changed."""
        known = (self._known.level, self._known.evidence) if self._known else (_OPEN, "")
        mine, theirs = (
            (self.level.value, self.claim.evidence),
            (there.level, there.evidence) if there else known,
        )
        merged = [other if own == old else own for old, own, other in zip(known, mine, theirs, strict=True)]
        names = zip(("level", "evidence"), known, merged, theirs, strict=True)
        clash = [name for name, old, kept, other in names if other not in (old, kept)]
        return Claim(self.statement.key, max(0, merged[0]), merged[1]), clash

    def _fill(self, claim: Claim) -> None:
        """Show what was kept, and leave alone what shows it."""
        self._filling = True
        try:
            self.level.value = claim.level
            if self.evidence.value.strip() != claim.evidence:
                self.evidence.value = claim.evidence
        finally:
            self._filling = False

    def _answered(self) -> None:
        if self._filling:
            return
        if self.level.value == _OPEN:
            if self._known:
                self.level.value = self._known.level
            self._view.say("An answer that was given is changed, not taken back: choose another one.")
            return
        self.keep()

    def _typed(self) -> None:
        if self._filling:
            return
        self._view.say("Not saved yet ...")
        self._saving.touch()

    def _say_counts(self) -> None:
        if self.level.value <= 0:
            says = "" if self.level.value == _OPEN else "Counts nothing yet."
        else:
            says = _COUNTS[self.claim.proof]
        other = f" Another tab's evidence was: {escape(self._other)}" if self._other else ""
        asked = f"Asked for by the {escape(self.statement.source)}."
        self.counts.value = text(f"<small>{says} {asked}{other}</small>")


class Statements(Room):
    """The statements of one area, with a list of the areas and the level they are seen for."""

    words = "What you can claim, area by area, with the evidence for it."

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.level = labelled(
            widgets.Dropdown(description="Seen for", options=["L6", "L7"], value=sheet.level)
        )
        self.chooser = labelled(
            widgets.Dropdown(
                description="Area", options=[(area.name, place) for place, area in enumerate(AREAS)]
            )
        )
        self.next = widgets.Button(
            description="Next area", layout={"width": "auto", "align_self": "flex-end"}
        )
        self.claims, self.saved = widgets.VBox(), lines()
        top = widgets.HBox([self.level, self.chooser, self.next], layout={"flex_flow": "row wrap"})
        self.level.layout.flex, self.chooser.layout.flex = "0 1 8em", "1 1 14em"
        style = widgets.HTML(_STYLE, layout={"height": "0", "margin": "0"})
        super().__init__(sheet, [style, top, self.saved, self.claims])
        self.level.observe(lambda change: self._seen_for(), names="value")
        self.chooser.observe(lambda change: self._fill(), names="value")
        on_press(self.next, self._go_on)
        self._fill()

    @property
    def area(self) -> Area:
        """The area whose statements are shown."""
        return AREAS[self.chooser.value]

    def keep(self, claim: Claim, rival: Claim | None) -> str:
        """Keep an answer, and say so; the line that says why not, or none.

        Where it takes the place of what another tab had said meanwhile, that is said, too.
        """
        try:
            self.sheet.keep(claim)
        except CourseError as error:
            self.say(f"Not saved: {error}")
            return f"Not saved: {error}"
        self.say(f"Saved. Another tab had said: {_said(rival)}. That is kept, too." if rival else "Saved.")
        return ""

    def say(self, says: str) -> None:
        """Say how things are."""
        self.saved.value = status(says)

    def say_told(self) -> None:
        """Say how many statements of the area are answered, or why that cannot be read."""
        claims, asked = self.sheet.claims(), self.area.asked(self.sheet.level)
        told = sum(one.key in claims for one in asked)
        self.say(self.sheet.trouble or f"{told} of {len(asked)} answered; saved as you go.")

    def _fill(self) -> None:
        if not self._finish():
            return
        self._shown = self.chooser.value, self.level.value
        claims = self.sheet.claims()
        asked = self.area.asked(self.sheet.level)
        self.claims.children = [Claiming(one, claims.get(one.key), self) for one in asked]
        self.say_told()

    def _finish(self) -> bool:
        """Keep what is not kept yet; what cannot be kept stays where it stands, and so do the area and the level."""
        if all([claiming.finish() for claiming in self.claims.children]):
            return True
        said = self.saved.value
        self.chooser.value, self.level.value = self._shown
        self.saved.value = said
        return False

    def _seen_for(self) -> None:
        if self._finish():
            self.sheet.choose(self.level.value)
            self._fill()

    def _go_on(self) -> None:
        self.chooser.value = (self.chooser.value + 1) % len(AREAS)


def _said(claim: Claim) -> str:
    return f"{SCALE[claim.level]}{', ' + claim.evidence if claim.evidence else ''}"


class Radar(Room):
    """The picture, the next best hour, and the gap list as a table."""

    words = "Your readiness by area, as a picture."

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.picture, self.says = widgets.HTML(layout={"height": "auto"}), lines()
        self._drawn = ""
        # Drawing takes a third of a second, which whoever types should not wait for.
        self._pause = Pause(self.draw, *DRAWN)
        super().__init__(sheet, [self.says, self.picture])
        self.draw()

    def refresh(self, another: bool) -> None:
        """Draw again, once nobody types."""
        self._pause.touch()

    def draw(self) -> None:
        """Draw what has changed since it was drawn."""
        try:
            seen = self.sheet.assessed()
        except CourseError as error:
            self._drawn, self.says.value = "", status(str(error))
            return
        if (told := str(seen)) != self._drawn:
            from loopready.drawings import readiness_gaps, readiness_radar

            self._drawn, self.says.value = told, _told(seen)
            # Side by side, or one below the other where the window is narrow.
            pictures = "".join(image(drawn(seen)) for drawn in (readiness_radar, readiness_gaps))
            self.picture.value = (
                f'<div style="display:flex;flex-wrap:wrap;align-items:center">{pictures}</div>'
            )


def _told(seen: Assessment) -> str:
    """The headline, and the gaps as a table for a narrow window and for who cannot see the picture."""
    rows = [(escape(gap.area.name), _cells(gap)) for gap in seen.gaps]
    table = grid("Gaps, the best next hour first", ("", f"ready, hours to {READY:.0%}", "next"), rows)
    return text(
        f'<span role="status"><b>{escape(seen.headline)}</b></span>'
        f"<details><summary>The gaps as a table</summary>{table}</details>"
    )


def _cells(gap: Gap) -> list[str]:
    work = f"{escape(gap.work.says)} ({escape(gap.work.where)})" if gap.work else "a mock with a partner"
    return [f"{gap.readiness:.0%}, {gap.hours:.0f} h", work]


class Weights(Room):
    """The areas' weights in per cent at the chosen level; the course's are the roadmap's shares of hours."""

    words = "The weights of the areas."

    def __init__(self, sheet: Sheet):
        self.sheet, self._filling = sheet, False
        self.fields = {
            area.key: labelled(
                widgets.BoundedFloatText(
                    description=area.name, min=0, max=100, step=1, layout={"flex": "0 1 11em"}
                )
            )
            for area in AREAS
        }
        self.back = widgets.Button(description="Take the course's weights", layout={"width": "auto"})
        self.says = lines()
        super().__init__(sheet, [row(*self.fields.values()), row(self.back, self.says)])
        for key, field in self.fields.items():
            field.observe(lambda change, key=key: self._changed(key), names="value")
        on_press(self.back, self._take_back)
        self._fill()

    def refresh(self, another: bool) -> None:
        """Show the weights of the level that is chosen now."""
        if another:
            self._fill()

    def _fill(self) -> None:
        self._filling = True
        try:
            own = self.sheet.answers.weights(self.sheet.level)
            for key, weight in {**weights(self.sheet.level), **own}.items():
                self.fields[key].value = round(100 * weight, 1)
            self._say_sum(f"{len(own)} of {len(AREAS)} are yours" if own else "These are the course's")
        except CourseError as error:
            self.says.value = status(str(error))
        finally:
            self._filling = False

    def _changed(self, key: str) -> None:
        if self._filling:
            return
        try:
            self.sheet.put(key, self.fields[key].value / 100)
        except CourseError as error:
            self.says.value = status(f"Not saved: {error}")
            return
        self._say_sum("Saved")

    def _say_sum(self, says: str) -> None:
        total = sum(field.value for field in self.fields.values())
        self.says.value = status(
            f"{says}, for {self.sheet.level}. Per cent, {total:.0f} in all, scaled to 100."
        )

    def _take_back(self) -> None:
        try:
            for key in self.sheet.answers.weights(self.sheet.level):
                self.sheet.put(key, None)
        except CourseError as error:
            self.says.value = status(f"Not saved: {error}")
            return
        self._fill()
