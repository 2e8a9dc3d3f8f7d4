"""The tables of the documentation that are made from the data, between two marks that a page holds.

    <!-- made from the data: rounds -->
    <!-- end -->

`loopready build` fills what stands between the marks, and `loopready build --check` says when it is stale. The rest of
a page is written by hand.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from loopready.course import CourseError
from loopready.process import anchors, documents, lenses, questions, rounds, stages
from loopready.process.debrief import NEEDED
from loopready.process.reasons import REASONS
from loopready.process.rounds import Round
from loopready.process.scorecards import Vote

_REGION = re.compile(r"(<!-- made from the data: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(root: Path) -> dict[str, bytes]:
    """The pages below `docs/` that hold marks, as they should be, by their name in the course.

    Raises CourseError for a mark that names no table.
    """
    pages = {f"docs/{path.name}": path.read_text("utf-8") for path in sorted((root / "docs").glob("*.md"))}
    return {name: fill(text, name).encode() for name, text in pages.items() if _REGION.search(text)}


def fill(text: str, name: str = "this page") -> str:
    """A page's text with each of its tables made anew."""

    def made(region: re.Match) -> str:
        if region[2] not in TABLES:
            raise CourseError(f"{name}: no table is called {region[2]!r}; there are {', '.join(TABLES)}")
        return f"{region[1]}\n{TABLES[region[2]]()}\n\n{region[3]}"

    return _REGION.sub(made, text)


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what stands in a cell is Markdown, kept on one line and its bars escaped."""
    rows = [head, [":--"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _loop(loop: tuple[Round, ...]) -> str:
    head = ("round", "minutes", "who asks", "what it decides", "judged by", "hoped for", "principles named")
    return table(
        head,
        (
            (one.name, _minutes(one), one.interviewer, one.decides, ", ".join(one.criteria),
             ", ".join(one.signals), ", ".join(one.principles))
            for one in loop
        ),
    )  # fmt: skip


def _minutes(one: Round) -> str:
    by_level = ", ".join(f"{level} {minutes}" for level, minutes in one.by_level.items())
    return _span(one.low, one.high) + (f" ({by_level})" if by_level else "")


def _agendas() -> str:
    lines = []
    for one in rounds.ROUNDS:
        parts = [f"{_span(slot.low, slot.high)} {slot.says}" for slot in one.agenda]
        sources = ", ".join(dict.fromkeys(slot.source for slot in one.agenda))
        lines.append((one.name, one.source, "; ".join(parts), sources))
    return table(("round", "of the", "minutes and what they are for", "the division is the"), lines)


def _expectations() -> str:
    levels = [one for one in rounds.ROUNDS if one.expects]
    return table(
        ("round", *rounds.LEVELS),
        ((one.name, *(one.expects.get(level, "") for level in rounds.LEVELS)) for one in levels),
    )


def _disagreements() -> str:
    lines = (
        (fact.about, *(fact.said.get(name, "") for name in documents.DOCUMENTS)) for fact in documents.FACTS
    )
    return table(("question", *documents.DOCUMENTS), lines)


def _stages() -> str:
    low, high = stages.passing_all()
    lines = [(one.name, f"{one.low:.0%} to {one.high:.0%}", one.source) for one in stages.STAGES]
    lines.append(("the three multiplied", f"{low:.1%} to {high:.1%}", "arithmetic"))
    whole = stages.OVERALL
    return table(
        ("stage", "pass", "says the"),
        [*lines, (whole.name, f"{whole.low:.0%} to {whole.high:.0%}", whole.source)],
    )


def _days(steps: Iterable[stages.Step], counted: str) -> str:
    lines = ((step.what, _span(step.first, step.last), step.source) for step in steps)
    return table(("what", counted, "says the"), lines)


def _levels() -> str:
    lines = ((one.about, one.l6, one.l7, one.source) for one in lenses.LEVEL_LENSES)
    return table(("", *rounds.LEVELS, "says the"), lines)


def _regions() -> str:
    lines = [(one.region, one.weighs, one.ready, one.source) for one in lenses.REGION_LENSES]
    lines += [(f"remote: {what}", says, "", source) for what, says, source in lenses.REMOTE]
    return table(("where", "what is weighed, or different", "have ready (ours)", "says the"), lines)


def _rule() -> str:
    return table(("part", "needs at least"), ((part, f"{vote}") for part, vote in NEEDED.items()))


def _reasons() -> str:
    lines = (
        (
            one.says,
            ", ".join(one.focuses),
            one.in_the_room,
            "; ".join(f"{task.says} ({task.hours:g} h, {task.within} days)" for task in one.tasks),
            ", ".join(one.sources),
        )
        for one in REASONS
    )
    return table(
        ("reason", "rounds", "still in the room", "before the next loop (ours)", "given by the"), lines
    )


def _anchors() -> str:
    lines = (
        (focus, f"**{each.name}** {each.says}", *each.anchors.values())
        for focus in rounds.FOCUSES
        for each in anchors.of(focus)
    )
    return table(("round", "criterion", *(f"{int(vote)} {vote}" for vote in Vote)), lines)


def _questions(group: str) -> str:
    lines = (
        (one.asks, _asked_in(one), ", ".join(one.principles), one.by, "<br>".join(map(_link, one.prepared)))
        for one in questions.chosen(group=group)
    )
    return table(("question", "round", "principles", "asked by", "prepared in"), lines)


def _asked_in(one: questions.Question) -> str:
    only = ", ".join(filter(None, (one.level, one.region)))
    return ", ".join(one.focuses if len(one.focuses) < len(rounds.FOCUSES) else ("any",)) + (
        f" ({only})" if only else ""
    )


def _link(place: tuple[str, str]) -> str:
    week, heading = place
    return f"[week {int(week[-2:])}: {heading}](../lessons/{week}.md#{questions.anchor(heading)})"


def _count() -> str:
    return table(
        ("questions in the bank", "questions that the documents list", "of those without one of ours"),
        [(str(len(questions.bank())), str(len(questions.listed())), str(len(questions.uncovered())))],
    )


TABLES: dict[str, Callable[[], str]] = {
    "five-rounds": lambda: _loop(rounds.FIVE_ROUNDS),
    "full-loop": lambda: _loop(rounds.FULL_LOOP),
    "agendas": _agendas,
    "expectations": _expectations,
    "disagreements": _disagreements,
    "stages": _stages,
    "timeline": lambda: _days(stages.TIMELINE, "days from the application"),
    "after-the-loop": lambda: _days(stages.AFTER_THE_LOOP, "days from the last interview"),
    "levels": _levels,
    "regions": _regions,
    "rule": _rule,
    "reasons": _reasons,
    "anchors": _anchors,
    "question-count": _count,
    **{f"questions-{group}": lambda group=group: _questions(group) for group in questions.GROUPS},
}
