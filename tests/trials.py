"""Trials for tests: an answer and a tests cell go in, and what the tests cell came to comes back."""

from __future__ import annotations

import html
import re
import textwrap
from functools import cache
from pathlib import Path

from jupytext.myst import myst_to_notebook
from proofs import RESERVE, cell_named, given, is_tests, notebook, wrong_answers

from loopready.markers import HIDDEN_TESTS, without
from loopready.referee.papers import released
from loopready.referee.trial import Job, Step, Verdict, held
from loopready.referee.walls import uncontained

HONEST = Path(__file__).parent / "honest.md"
SETUP = "from loopready.checks import checks, raises"


def trial(
    answer: str,
    tests: str,
    given: str = SETUP,
    after: str = "",
    start=uncontained,
    model: str = "",
    **settings,
) -> Verdict:
    """The verdict on one answer, with walls or without makes no difference to it; `model` is the reference's text."""
    answer, tests = textwrap.dedent(answer), textwrap.dedent(tests)
    steps = [
        Step("given", given),
        Step("answer", answer, "it", model=textwrap.dedent(model) or answer),
        Step("tests", tests, "it-tests", 10.0, released(tests)),
        *([Step("own", after)] if after else []),
    ]
    return held(Job(tuple(steps), (given,), **settings), start)


def together(pairs: list[tuple[str, str]], given: str) -> list[list[dict]]:
    """The outcome of each of several (answer, case), all in one notebook."""
    steps = [Step("given", given)]
    for number, (answer, body) in enumerate(pairs):
        tests = one_case(body)
        steps += [Step("answer", answer, model=answer), Step("tests", tests, f"it-{number}", 10.0, tests)]
    verdict = held(Job(tuple(steps), (given,)), uncontained)
    return [shown for step, shown in zip(steps, verdict.shown, strict=True) if step.kind == "tests"]


def one_case(body: str) -> str:
    """A tests cell with `body` as its only case."""
    block = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    return f'with checks("it holds"):\n{block}\nchecks.score(10, cases=1)'


def score(shown: Verdict | list[dict]) -> float | None:
    """The points of a tests cell; None for an error."""
    [last] = (shown.shown[2] if isinstance(shown, Verdict) else shown)[-1:]
    return float(last["data"]["text/plain"]) if last["output_type"] == "execute_result" else None


def words(shown: Verdict | list[dict]) -> str:
    """What a reader sees of a tests cell."""
    last = (shown.shown[2] if isinstance(shown, Verdict) else shown)[-1]
    return html.unescape(
        re.sub("<[^>]+>", " ", last.get("data", {}).get("text/html", last.get("evalue", "")))
    )


@cache
def honest_answers() -> dict[str, tuple[str, str]]:
    """Answers, each with a test that it passes, by name."""
    cells = [cell for cell in myst_to_notebook(HONEST.read_text()).cells if cell.cell_type == "code"]
    pairs = zip(cells[::2], cells[1::2], strict=True)
    return {answer.metadata["answer"]: (answer.source, test.source) for answer, test in pairs}


@cache
def attempts(week: str, kind: str) -> dict[str, tuple[float, float | None]]:
    """For each attempt of a week, "right" or "wrong", the points it deserves and those under the referee."""
    cells = [cell for cell in notebook("source", week).cells if cell.cell_type == "code"]
    locked = given(week)
    if kind == "right":
        names = [cell.metadata.nbgrader.grade_id.removesuffix("-tests") for cell in cells if is_tests(cell)]
        tried = [(name, name, cell_named("source", week, name).source, None) for name in names]
    else:
        # A case that is too slow takes twice its time here, and each week has shown one.
        kept = [one for one in wrong_answers(week) if week != RESERVE or not one.slip.startswith("too slow,")]
        tried = [(one.id, one.exercise, one.source, one.score) for one in kept]
    steps = [Step("given", text) for text in locked]
    deserved = {}
    for number, (label, exercise, answer, points) in enumerate(tried):
        tests, model = (cell_named("source", week, name) for name in (f"{exercise}-tests", exercise))
        worth, shown = tests.metadata.nbgrader.points, without(tests.source, HIDDEN_TESTS)
        deserved[label] = worth if points is None else points
        steps += [
            Step("own", cell_named("release", week, exercise).source),
            Step("answer", answer, model=model.source),
            Step("tests", tests.source, f"{exercise}-{number}", worth, shown),
        ]
    verdict = held(Job(tuple(steps), tuple(locked)), uncontained)
    shown = [outputs[-1] for step, outputs in zip(steps, verdict.shown, strict=True) if step.kind == "tests"]
    scores = [float(one["data"]["text/plain"]) if "data" in one else None for one in shown]
    return {label: (points, score) for (label, points), score in zip(deserved.items(), scores, strict=True)}
