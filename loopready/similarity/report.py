"""The pairs as lines for a terminal and as a page with both answers side by side."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from loopready.similarity.fingerprints import Print
from loopready.similarity.handed_in import HandedIn, read
from loopready.similarity.pairs import Pair, alike

__all__ = ["lines", "page", "similar"]

SAYS = (
    "Alike is no proof: two may have learned from the same page, or worked together where that was allowed. "
    "Read both answers, and talk with both learners."
)
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1rem }
h2 { font-size: 1.1rem; margin: 2.5rem 0 0 }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem }
figure { margin: .5rem 0; min-width: 0 }
figcaption { font-weight: 600 }
pre { font-size: 13px; line-height: 1.45; margin: .3rem 0; padding: .6rem; overflow: auto; border: 1px solid #8888 }
mark { background: #ffe08a; color: #1a1a1a }
"""


def similar(week: str, root: Path) -> tuple[HandedIn, list[Pair]]:
    """What was handed in for the week's katas, and its pairs worth a look, most unusual first.

    Raises CourseError as `read` does.
    """
    found = read(week, root)
    pairs = [
        pair for name, answers in found.answers.items() for pair in alike(name, answers, found.given[name])
    ]
    return found, sorted(pairs, key=lambda one: (-one.unusual, one.exercise, one.learners))


def lines(found: HandedIn, pairs: list[Pair]) -> Iterator[str]:
    """A line for each pair, and for each hand-in that could not be read."""
    for one in pairs:
        yield f"{one.exercise}: {_plain(' and '.join(one.learners))}: {_said(one)}"
    yield from (f"not compared: {_plain(one)}" for one in found.troubles)
    learners = len({learner for answers in found.answers.values() for learner in answers})
    number = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
    yield f"{found.week}: {number} worth a look among {learners} learners"


def page(found: HandedIn, pairs: list[Pair]) -> str:
    """The report as one HTML page that runs nothing and loads nothing; what learners wrote is text in it."""
    troubles = "".join(f"<li>{_html(one)}</li>" for one in found.troubles)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Alike in {escape(found.week)}</title><style>{_STYLE}</style></head><body>
<h1>Answers that are alike in {escape(found.week)}</h1>
<p>{escape(SAYS)} Most unusual first. Marked is what both have and what was neither shown to everybody nor
written by many.</p>
{"".join(map(_section, pairs)) or "<p>No pair is worth a look.</p>"}
{f"<h2>Not compared</h2><ul>{troubles}</ul>" if troubles else ""}
</body></html>
"""


def _section(one: Pair) -> str:
    sides = "".join(
        f"<figure><figcaption>{_html(learner)}</figcaption><pre>{_with_marks(text, one)}</pre></figure>"
        for learner, text in zip(one.learners, one.prints, strict=True)
    )
    names = " and ".join(one.learners)
    head = f"{_html(one.exercise)}: {_html(names)}"
    return f'<h2>{head}</h2><p>{_said(one)}</p><div class="pair">{sides}</div>\n'


def _said(one: Pair) -> str:
    lines = "1 line" if one.lines == 1 else f"{one.lines} lines"
    if not one.others:
        return f"{lines} alike, which nobody else has"
    return f"{lines} alike, some of it also in {one.others} {'answer' if one.others == 1 else 'answers'} of others"


def _with_marks(side: Print, pair: Pair) -> str:
    """The text with the shared passages marked, line by line."""
    parts, at = [], 0
    for first, last in _spans(side, pair):
        parts += [_html(side.text[at:first]), f"<mark>{_html(side.text[first:last])}</mark>"]
        at = last
    return "".join([*parts, _html(side.text[at:])])


def _spans(side: Print, pair: Pair) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    before = None
    for token in sorted(side.covered(pair.shared)):
        first, last = side.tokens.places[token]
        # White space at the beginning of a line and comments between lines stay unmarked.
        if before is not None and token == before + 1 and "\n" not in side.text[spans[-1][1] : first]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
        before = token
    return spans


def _html(text: str) -> str:
    return escape("".join(_seen(one) for one in text))


def _seen(letter: str) -> str:
    """A letter that cannot change how its neighbours are shown, as marks of writing direction do."""
    return letter if letter in "\n\t" or letter.isprintable() else "\ufffd"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
