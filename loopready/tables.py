"""The table of a tests cell: HTML for a notebook in either theme, plain text for a terminal."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from loopready.checks import Case, Score

MARKS = {"pass": "✓", "fail": "✗", "error": "✗", "time": "✗"}
_COLOURS = {"pass": "#2e8b57", "fail": "#c0392b", "error": "#c0392b", "time": "#b8690b"}
_HEADING = "text-align:left;vertical-align:top;padding:3px 12px 3px 0;white-space:nowrap"
_CELL = "text-align:left;vertical-align:top;padding:3px 12px 3px 0;white-space:normal;overflow-wrap:anywhere"
_CODE = "font-family:var(--jp-code-font-family,monospace);font-size:90%"


def headline(score: Score) -> str:
    """One sentence: how many cases passed and what that is worth, or how many are still to come."""
    passed, total = sum(case.passed for case in score.cases), len(score.cases)
    worth = f"{score.earned:g} of {score.points:g} points"
    if score.hidden:
        worth = (
            f"{score.hidden} more {'is' if score.hidden == 1 else 'are'} run when you grade the {score.of}"
        )
    if total and all(case.got == "None" for case in score.cases if not case.passed) and not passed:
        return "Nothing comes back yet: is the answer written and its cell run?"
    return f"{passed} of {total} checks pass{';' if score.hidden else ':'} {worth}"


def text(score: Score) -> str:
    """The table for a terminal."""
    lines = []
    for case in score.cases:
        lines.append(f" {MARKS[case.mark]} {case.says}")
        if not case.passed:
            said = {"called": case.called, "expected": case.expected, "got": case.got}
            lines += [f"     {name:<9} {value}" for name, value in said.items() if value]
        lines += [f"     note      {note}" for note in case.notes]
    return "\n".join([*lines, headline(score)])


def html(score: Score) -> str:
    """The table for a notebook: colours by mark, everything else inherited, so that it reads in a dark theme."""
    names = ("", "check", "called", "expected", "got")
    if all(case.passed for case in score.cases):
        names = names[:3]
    head = "".join(f'<th scope="col" style="{_HEADING}">{name}</th>' for name in names)
    rows = "".join(_row(case, len(names)) for case in score.cases)
    return (
        f'<div class="loopready-checks"><p style="margin:0 0 4px"><b>{escape(headline(score))}</b></p>'
        f'<table style="margin:0"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


class Seen(NamedTuple):
    """What a table says of one case: its sentence, its mark as `Case` has it, and what came where it failed."""

    says: str
    mark: str
    got: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case counts."""
        return self.mark == "pass"


_ROW = re.compile(r'<tr><td [^>]*title="(\w+)"[^>]*>[^<]*</td>(.*?)</tr>', re.DOTALL)
_VALUE = re.compile(r"<td [^>]*>(.*?)</td>", re.DOTALL)


def read(html: str) -> tuple[Seen, ...]:
    """The cases of a table that `html` has made, from top to bottom.

    >>> from loopready.checks import Case, Score
    >>> score = Score((Case("no links, no servers", "fail", "servers(0)", "0", "<1>"),), 3)
    >>> read(score._repr_html_())
    (Seen(says='no links, no servers', mark='fail', got='<1>'),)
    """
    return tuple(_seen(mark, _VALUE.findall(rest)) for mark, rest in _ROW.findall(html))


def _seen(mark: str, values: list[str]) -> Seen:
    # The sentence with its notes, then what was called, what was expected, and what came.
    says = unescape(values[0].partition("<br>")[0])
    return Seen(says, mark, unescape(values[3]) if len(values) > 3 else "")


def _row(case: Case, columns: int) -> str:
    mark = (
        f'<td style="{_CELL};color:{_COLOURS[case.mark]};font-weight:bold" '
        f'title="{case.mark}" aria-label="{case.mark}">{MARKS[case.mark]}</td>'
    )
    says = escape(case.says) + "".join(f"<br><small>note: {escape(note)}</small>" for note in case.notes)
    values = (case.called, "" if case.passed else case.expected, "" if case.passed else case.got)
    code = "".join(f'<td style="{_CELL};{_CODE}">{escape(value)}</td>' for value in values[: columns - 2])
    return f'<tr>{mark}<td style="{_CELL}">{says}</td>{code}</tr>'
