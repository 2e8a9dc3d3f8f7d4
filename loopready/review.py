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

from loopready.counts import MINUTES, PACE, Counted, Rule, Setting
from loopready.course import CourseError
from loopready.grids import grid
from loopready.rules import RULES
from loopready.stories import Story

# Characters; a story has about 5,000. What is pasted by accident must not keep the learner waiting.
LONGEST = 60_000


@dataclass(frozen=True)
class Finding:
    """One answer: `kind` is "good" or "look", `number` the count behind `says`, `remedy` what to try.

    `quotes` are the story's own words that it is about, when it is about certain ones.
    """

    rule: str
    kind: str
    part: str
    says: str
    number: float
    target: str
    source: str
    remedy: str
    quotes: tuple[str, ...] = ()


def review(story: Story, pace: float = PACE, where: str = "bank", skip: Collection[str] = ()) -> "Review":
    """What can be counted in `story`, with the targets of where it is told: "bank" (in full) or "phone".

    `pace` is in words a minute; `skip` holds ids of RULES to leave out; a story that is still `...` is an
    empty draft. Raises CourseError for a pace, a place or a rule that there is not.
    """
    story = Story.from_dict({}) if story is ... else story
    setting = _setting(story, pace, where)
    chosen = _chosen({skip} if isinstance(skip, str) else set(skip))
    counted = [(rule, rule.check(story, setting) if _fits(story, rule) else None) for rule in chosen]
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
        if not self.waiting:
            return ""
        why = (
            ", for want of text"
            if _is_told(self.story)
            else f": more than {LONGEST:,} characters are no story"
        )
        return f"Not counted yet{why}: {', '.join(self.waiting)}."


def _is_told(story: Story) -> bool:
    return sum(map(len, story.parts.values())) <= LONGEST


def _fits(story: Story, rule: Rule) -> bool:
    return rule.id in ("parts", "length") or _is_told(story)


def _row(finding: Finding) -> tuple[str, list[str]]:
    mark = "✓ good" if finding.kind == "good" else "→ look"
    heading = f'{mark}<br><span style="font-weight:normal">{escape(finding.rule)}</span>'
    remedy = f"<br><i>Try: {escape(finding.remedy)}</i>" if finding.remedy else ""
    remedy = (f"<br>{escape(_quoted(finding))}" if finding.quotes else "") + remedy
    target = f"{escape(finding.target)}<br><small>{escape(finding.source)}</small>"
    return heading, [escape(finding.says) + remedy, target]


def _lines(finding: Finding) -> str:
    mark = "✓" if finding.kind == "good" else "→"
    quoted = f" {_quoted(finding)}" if finding.quotes else ""
    told = [f"{finding.rule}: {finding.says}{quoted}", f"target: {finding.target} ({finding.source})"]
    told += [f"try: {finding.remedy}"] if finding.remedy else []
    first, *rest = (fill(line, 100, initial_indent="   ", subsequent_indent="     ") for line in told)
    return "\n".join([f" {mark}{first[2:]}", *rest])


def _quoted(finding: Finding) -> str:
    return "In: " + ", ".join(f"\u201c{quote}\u201d" for quote in finding.quotes) + "."


def _finding(rule: Rule, found: Counted) -> Finding:
    kind, remedy = ("good", "") if found.good else ("look", found.remedy)
    counted = (found.says, found.number, found.target, rule.source, remedy, found.quotes)
    return Finding(rule.id, kind, rule.part, *counted)


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
