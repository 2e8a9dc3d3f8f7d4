"""What a bank of stories covers: principles against stories, what is thin, and which story to write next.

    print(coverage(kept.story for kept in Bank().stories()))

A story counts once all four of its parts are written; until then it is shown as a draft.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from loopready.counts import OURS, Setting
from loopready.course import CourseError
from loopready.principles import PRINCIPLES
from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE
from loopready.process.rounds import FIVE_ROUNDS
from loopready.rules import level_scope
from loopready.stories import LEVELS, PARTS, Story

STORIES = (12, 15)  # in all; the process guide
EXAMPLES = (2, 3)  # for each principle; the process page
PHONE = ("Ownership", "Customer Obsession", "Deliver Results")  # ready at the phone screen; the process guide
MAIN, FURTHER, NONE = 2, 1, 0
_MARKS = {MAIN: "●", FURTHER: "○", NONE: "·"}


@dataclass(frozen=True)
class Suggestion:
    """The story most worth writing next: its main principle, or "" when nothing is thin, and the reason."""

    principle: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """The stories that a loop at `lens` ("L6", "L7", or "" for both) could hear, and what they cover."""

    stories: tuple[Story, ...]
    lens: str = ""

    @cached_property
    def written(self) -> tuple[Story, ...]:
        """The stories whose four parts are written."""
        return tuple(story for story in self.stories if all(map(story.words, PARTS)))

    @cached_property
    def drafts(self) -> tuple[Story, ...]:
        """The stories that do not count yet."""
        return tuple(story for story in self.stories if story not in self.written)

    def row(self, principle: str) -> list[int]:
        """For each story MAIN, FURTHER or NONE: how it shows the principle."""
        return [_mark(story, principle) for story in self.stories]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many written stories show each principle, by its name."""
        named = [name for story in self.written for name in story.principles]
        return {each.name: named.count(each.name) for each in PRINCIPLES}

    @cached_property
    def thin(self) -> list[str]:
        """The principles with fewer than two examples, the one most worth a story first.

        No story comes before one, a draft that waits before nothing, the phone screen before the rounds.
        """
        begun = {name for story in self.drafts for name in story.principles}

        def place(name: str) -> tuple:
            return self.counts[name], name not in begun, name not in PHONE, -len(_rounds(name))

        return sorted((name for name, count in self.counts.items() if count < EXAMPLES[0]), key=place)

    @cached_property
    def quiet(self) -> list[Story]:
        """The written stories that are told for the lens's level and do not yet sound like it."""
        level = self.lens or "L7"
        scoped = ((story, level_scope(story, Setting())) for story in self.written if story.level == level)
        return [story for story, found in scoped if found and not found.good]

    @property
    def headline(self) -> str:
        """One sentence: how many stories of how many, and how many principles are thin."""
        low, high = STORIES
        level = f" for {self.lens}" if self.lens else ""
        thin = (
            f"{len(self.thin)} of {len(PRINCIPLES)} principles are thin"
            if self.thin
            else "no principle is thin"
        )
        return f"{len(self.written)} of {low} to {high} stories{level}, and {thin}."

    def next_story(self) -> Suggestion:
        """The story to write next, with the reason; nothing is thin when its principle is empty."""
        if self.thin:
            return Suggestion(self.thin[0], self._reason(self.thin[0]))
        if len(self.written) < STORIES[0]:
            fewest = min(self.counts, key=lambda name: self.counts[name])
            more = f"{STORIES[0] - len(self.written)} more stories leave you a choice"
            targets = f"{PROCESS_GUIDE}: {STORIES[0]} to {STORIES[1]}"
            return Suggestion(fewest, f"every principle has its two examples; {more} ({targets})")
        return Suggestion(
            "", "every principle has its two examples: rate the stories again and mend the lowest"
        )

    def _reason(self, name: str) -> str:
        count = self.counts[name]
        reasons = [
            "no story shows it yet" if not count else "one story shows it, and one may be asked for twice"
        ]
        if draft := next((story for story in self.drafts if name in story.principles), None):
            reasons.append(f"a draft is begun: {draft.title or 'without a title yet'}")
        if name in PHONE:
            reasons.append(f"it is asked for on the phone screen already ({PROCESS_GUIDE})")
        if rounds := _rounds(name):
            asked = f"round{'s' * (len(rounds) > 1)} {' and '.join(rounds)}"
            reasons.append(f"it is looked for in the {asked} ({PROCESS_PAGE})")
        return "; ".join(reasons)

    def __str__(self) -> str:
        suggestion = self.next_story()
        lines = [self.headline, "", *map(self._line, PRINCIPLES), ""]
        lines += [f"{number:>3}  {_titled(story, self)}" for number, story in enumerate(self.stories, 1)]
        lines += ["", f"Next: {suggestion.principle or 'nothing new'}: {suggestion.reason}."]
        if self.quiet:
            titles = ", ".join(story.title or "one without a title" for story in self.quiet)
            lines.append(f"Told for {self.lens or 'L7'} and not yet heard as that: {titles}.")
        return "\n".join([*lines, SOURCES])

    __repr__ = __str__

    def _line(self, each: object) -> str:
        marks = "".join(_MARKS[mark] for mark in self.row(each.name))
        return f"{each.name:<45} {self.counts[each.name]} of {EXAMPLES[0]} to {EXAMPLES[1]}  {marks}"


SOURCES = (
    f"Targets: {STORIES[0]} to {STORIES[1]} stories over all sixteen ({PROCESS_GUIDE}), {EXAMPLES[0]} or {EXAMPLES[1]} "
    f"examples for each ({PROCESS_PAGE}); that a further principle counts like a main one is {OURS}."
)


def coverage(stories: Iterable[Story], lens: str = "") -> Coverage:
    """What the stories cover, seen for a level: for L7 those told for L7, for L6 all, as a larger story serves too.

    Raises CourseError for a level that there is not.
    """
    if lens not in ("", *LEVELS):
        raise CourseError(f"the lens is 'L6' or 'L7', or '' for both; got {lens!r}")
    return Coverage(tuple(story for story in stories if lens != "L7" or story.level == "L7"), lens)


def _mark(story: Story, principle: str) -> int:
    if principle not in story.principles:
        return NONE
    return MAIN if story.principles[0] == principle else FURTHER


def _rounds(name: str) -> list[str]:
    return [one.name for one in FIVE_ROUNDS if name in one.principles]


def _titled(story: Story, seen: Coverage) -> str:
    return (story.title or "without a title yet") + ("" if story in seen.written else " (draft)")
