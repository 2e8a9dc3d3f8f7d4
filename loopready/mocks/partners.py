"""The partner's page: one self-contained HTML file with the guide, the questions, what to listen for, the scorecard.

    write(mocks, mock.id, place, Path("partner.html"))
    received(mocks, mock.id, place, line)      # the line that the page gives back

It needs no network and can be printed. On a screen, the partner ticks levels and types evidence, and the page makes
one line of it, which the candidate pastes into the room (or into a terminal) and has the scorecard in the file.
"""

import json
from html import escape
from pathlib import Path

from loopready.course import CourseError, write_atomically
from loopready.grids import grid
from loopready.mocks.boards import Board
from loopready.mocks.interviews import QUESTIONS
from loopready.mocks.records import Mocks
from loopready.mocks.scores import filled
from loopready.mocks.sittings import Mock, Sitting
from loopready.process import questions
from loopready.process.anchors import of
from loopready.process.scorecards import Scorecard, Vote

PREFIX = "loopready-card"
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
table { width: 100% } th { white-space: nowrap }
fieldset { margin: 1rem 0; border: 1px solid #8888; border-radius: 4px }
legend { font-weight: bold } label { display: block; margin: .2rem 0 } textarea { width: 100%; box-sizing: border-box }
li { margin: .4rem 0 } output { display: block; overflow-wrap: anywhere; border: 1px dashed #888; padding: .5rem }
@media print { .screen { display: none } fieldset, li { break-inside: avoid } }
"""
_SCRIPT = """
const form = document.querySelector("form");
function line() {
  const levels = {}, evidence = {};
  for (const each of form.querySelectorAll("fieldset[data-name]")) {
    const name = each.dataset.name, level = each.querySelector("input:checked");
    const heard = each.querySelector("textarea").value.trim();
    if (level) levels[name] = Number(level.value);
    if (heard) evidence[name] = heard;
  }
  const said = form.querySelector("input[name=vote]:checked");
  const card = {mock: MOCK, place: PLACE, levels, evidence, vote: said ? Number(said.value) : 0};
  document.querySelector("output").value = "PREFIX " + JSON.stringify(card);
}
form.addEventListener("input", line);
line();
"""


def page(mocks: Mocks, mock: int, place: int) -> str:
    """The page as HTML. A design problem is drawn for it when there is none yet."""
    held = mocks.mock(mock)
    sitting = held.sitting(place)
    parts = [_guide(held, sitting), _asks(mocks, held, sitting), _listen(sitting), _form(sitting)]
    script = _SCRIPT.replace("MOCK", str(mock)).replace("PLACE", str(place)).replace("PREFIX", PREFIX)
    title = escape(f"{sitting.of.name}: for the interviewer")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{''.join(parts)}<script>{script}</script></body></html>\n"
    )


def write(mocks: Mocks, mock: int, place: int, path: Path) -> Path:
    """Write the page to `path`, in place of an earlier one of ours; the path.

    Raises CourseError for a file that is not a partner's page, and for one that cannot be written.
    """
    try:
        if path.exists() and PREFIX not in path.read_text(encoding="utf-8", errors="replace"):
            raise CourseError(f"{path} is something else: name another file")
        write_atomically(path, page(mocks, mock, place))
    except OSError as error:
        raise CourseError(f"{path} cannot be written: check that the folder is there ({error})") from error
    return path


def received(mocks: Mocks, mock: int, place: int, line: str) -> Scorecard:
    """Keep the scorecard of a line that the page gave. Raises CourseError for any other text, or another round's."""
    prefix, _, text = line.strip().partition(" ")
    try:
        data = json.loads(text)
        numbers = (int(data["mock"]), int(data["place"]))
        levels, evidence, vote = dict(data["levels"]), dict(data["evidence"]), int(data["vote"])
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"paste the whole line of the partner's page; it begins with {PREFIX}") from error
    if prefix != PREFIX:
        raise CourseError(f"paste the whole line of the partner's page; it begins with {PREFIX}")
    if numbers != (mock, place):
        raise CourseError(
            f"this line is from mock {numbers[0]}, round {numbers[1]}; here is mock {mock}, round {place}"
        )
    if vote not in (0, *map(int, Vote)) or not all(isinstance(said, str) for said in evidence.values()):
        raise CourseError("a vote is 1 to 4 and evidence is text: take the line from the page again")
    card = filled(mocks, mocks.mock(mock), place, levels, evidence, vote, rater="partner")
    mocks.rate(mock, place, card)
    return card


def _guide(mock: Mock, sitting: Sitting) -> str:
    of_round, minute, rows = sitting.of, 0, []
    for slot, minutes in sitting.agenda:
        rows.append((f"{minute}:00", [escape(slot.says), f"{minutes} min"]))
        minute += minutes
    expects = of_round.expects.get(mock.level)
    said = [
        f"You are the interviewer of {of_round.name}, for {mock.level}, {sitting.minutes} minutes. "
        f"What it decides: {of_round.decides}.",
        f"At {mock.level}: {expects}." if expects else "",
        "Ask, then listen. When an answer says we, ask who. When it has no figure, ask for it. "
        "Write down what was said, not what you think of it; rate when the candidate has left.",
        "The Bar Raiser stays with one answer: ask why at least three times before the next question."
        if of_round.focus == "bar raiser" else "",
    ]  # fmt: skip
    told = "".join(f"<p>{escape(one)}</p>" for one in said if one)
    return told + grid("The clock", ("from", "", ""), rows)


def _asks(mocks: Mocks, mock: Mock, sitting: Sitting) -> str:
    focus = sitting.of.focus
    if focus == "coding":
        return "<h2>The problem</h2>" + _kata(mocks, mock, sitting)
    if focus == "design":
        problem = Board(mocks, mock.id, sitting.place).problem
        return (
            f"<h2>The problem</h2><p>{escape(problem.question.asks)}</p>{_items(problem.question.follow_ups)}"
        )
    known = {one.key for one in mocks.asked() if one.kind == "question" and one.mock != mock.id}
    pool = questions.chosen(focus=focus, level=mock.level)
    pool.sort(key=lambda one: (one.id in known, not one.principles))
    asked = "".join(
        f"<li>{escape(one.asks)} <small>{escape(', '.join(one.principles))}</small>{_items(one.follow_ups)}</li>"
        for one in pool[: 2 * QUESTIONS[focus]]
    )
    return f"<h2>Questions to choose from</h2><ol>{asked}</ol>"


def _kata(mocks: Mocks, mock: Mock, sitting: Sitting) -> str:
    from loopready import reserve
    from loopready.mocks.katas import kata_of

    if not (given := kata_of(mocks, mock.id, sitting.place)):
        return "<p>The kata is drawn when the round starts; make this page again then.</p>"
    style = "white-space:pre-wrap;font:inherit"
    return f'<p>{escape(given.text)}</p><pre style="{style}">{escape(reserve.guide(given.key))}</pre>'


def _items(texts: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>" if texts else ""


def _listen(sitting: Sitting) -> str:
    looked_for = sitting.of.signals or sitting.of.criteria
    return f"<h2>What to listen for</h2>{_items(looked_for)}"


def _form(sitting: Sitting) -> str:
    rows = "".join(
        f'<fieldset data-name="{escape(each.name)}"><legend>{escape(each.name)}: {escape(each.says)}</legend>'
        + "".join(_choice(f"c{number}", level, f"{level}  {says}") for level, says in each.anchors.items())
        + f'<label>What I heard<textarea rows="2" aria-label="{escape(each.name)}: what I heard"></textarea></label>'
        + "</fieldset>"
        for number, each in enumerate(of(sitting.of.focus))
    )
    votes = "".join(_choice("vote", int(vote), str(vote)) for vote in Vote)
    return (
        f"<h2>Scorecard</h2><form>{rows}<fieldset><legend>Your vote; without one it follows from the levels</legend>"
        f'{votes}</fieldset></form><p class="screen">When you are done, give the candidate this line:</p>'
        '<output class="screen" tabindex="0"></output>'
    )


def _choice(name: str, value: int, says: str) -> str:
    return f'<label><input type="radio" name="{name}" value="{value}"> {escape(says)}</label>'
