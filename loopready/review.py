"""A review of a story: what was counted, against which target, where the target comes from, and what to try.

It is no verdict and adds up to no score: the counts cannot hear a story. Each rule is one function in RULES
and can be switched off: `review(story, skip={"length"})`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from math import isfinite
from numbers import Real
from textwrap import fill

from loopready.course import CourseError
from loopready.grids import grid
from loopready.rules import MINUTES, PACE, RULES, Counted, Rule, Setting
from loopready.stories import Story


@dataclass(frozen=True)
class Finding:
    """One answer: `kind` is "good" or "look", `number` the count behind `says`, `remedy` what to try."""

    rule: str
    kind: str
    part: str
    says: str
    number: float
    target: str
    source: str
    remedy: str


def review(story: Story, pace: float = PACE, where: str = "bank", skip: Collection[str] = ()) -> "Review":
    """What can be counted in `story`, with the targets of where it is told: "bank" (in full) or "phone".

    `pace` is in words a minute; `skip` holds ids of RULES to leave out; a story that is still `...` is an
    empty draft. Raises CourseError for a pace, a place or a rule that there is not.
    """
    story = Story.from_dict({}) if story is ... else story
    setting = _setting(story, pace, where)
    chosen = _chosen({skip} if isinstance(skip, str) else set(skip))
    counted = [(rule, rule.check(story, setting)) for rule in chosen]
    return Review(
        story=story,
        setting=setting,
        findings=tuple(_finding(rule, found) for rule, found in counted if found),
        waiting=tuple(rule.id for rule, found in counted if not found),
    )


@dataclass(frozen=True)
class Review:
    """The findings of the rules that could count; `waiting` holds the ids of those that could not yet.

    It shows itself as text in a terminal and as a table in a notebook.
    """

    story: Story
    setting: Setting
    findings: tuple[Finding, ...]
    waiting: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __getitem__(self, rule: str) -> Finding:
        """The finding of the rule called `rule`. Raises KeyError when it was skipped or is waiting."""
        return {finding.rule: finding for finding in self.findings}[rule]

    @property
    def looks(self) -> tuple[Finding, ...]:
        """The findings that deserve a look."""
        return tuple(finding for finding in self.findings if finding.kind == "look")

    def __str__(self) -> str:
        return "\n".join([self._heading(), *map(_lines, self.findings), *filter(None, [self._waiting()])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        heads = ("", "Counted", "Target and source")
        table = grid(self._heading(), heads, map(_row, self.findings))
        waiting = f'<p style="margin:4px 0">{escape(self._waiting())}</p>'
        return f'<div class="loopready-review">{table}{waiting}</div>'

    def _heading(self) -> str:
        where = {"bank": "for the loop", "phone": "for the phone screen"}[self.setting.where]
        return f"{self.story.title or 'A story without a title yet'}, {where}: {len(self.looks)} to look at"

    def _waiting(self) -> str:
        return f"Not counted yet, for want of text: {', '.join(self.waiting)}." if self.waiting else ""


def _row(finding: Finding) -> tuple[str, list[str]]:
    mark = "✓ good" if finding.kind == "good" else "→ look"
    heading = f'{mark}<br><span style="font-weight:normal">{escape(finding.rule)}</span>'
    remedy = f"<br><i>Try: {escape(finding.remedy)}</i>" if finding.remedy else ""
    target = f"{escape(finding.target)}<br><small>{escape(finding.source)}</small>"
    return heading, [escape(finding.says) + remedy, target]


def _lines(finding: Finding) -> str:
    mark = "✓" if finding.kind == "good" else "→"
    told = [f"{finding.rule}: {finding.says}", f"target: {finding.target} ({finding.source})"]
    told += [f"try: {finding.remedy}"] if finding.remedy else []
    first, *rest = (fill(line, 100, initial_indent="   ", subsequent_indent="     ") for line in told)
    return "\n".join([f" {mark}{first[2:]}", *rest])


def _finding(rule: Rule, found: Counted) -> Finding:
    kind, remedy = ("good", "") if found.good else ("look", found.remedy)
    return Finding(rule.id, kind, rule.part, found.says, found.number, found.target, rule.source, remedy)


def _setting(story: Story, pace: float, where: str) -> Setting:
    if not isinstance(story, Story):
        raise CourseError(f"review reads a Story; got {story!r:.60}")
    if isinstance(pace, bool) or not isinstance(pace, Real) or not isfinite(pace) or pace <= 0:
        raise CourseError(f"pace is words a minute, so more than 0; got {pace!r}")
    if where not in MINUTES:
        raise CourseError(f"where is 'bank' or 'phone'; got {where!r}")
    return Setting(pace, where)


def _chosen(skip: set[str]) -> list[Rule]:
    if unknown := sorted(skip - set(RULES)):
        near = get_close_matches(unknown[0], RULES, n=1) or RULES
        raise CourseError(f"no rule is called {unknown[0]!r}: try {', '.join(near)}")
    return [rule for rule in RULES.values() if rule.id not in skip]
