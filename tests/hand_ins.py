"""What the learners of a class hand in: one who did everything right, and one for each way in which it can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import get_username
from proofs import cell_named, notebook, wrong_answers

WEEK = "week-01"
FILE = f"{WEEK}.ipynb"
ON_TIME, LATE = "2027-01-31 17:00:00 UTC", "2027-01-31 19:30:00 UTC"

USER = get_username()  # nbgrader hands in under the account's name
BY_MAIL = "ann"  # the page's example of one who does not use the exchange
ABSENT = "tom"

Files = dict[str, str]


@dataclass(frozen=True)
class HandIn:
    """What one learner hands in: `says` is its line in the page's table, `change` what sets it apart."""

    learner: str
    says: str
    answered: bool
    change: Callable[[NotebookNode], Files | None]

    def files(self, released: NotebookNode) -> Files:
        """The files of the submission, by name."""
        paper = deepcopy(released)
        if self.answered:
            for name in answer_names():
                cell(paper, name).source = cell_named("source", WEEK, name).source
        files = self.change(paper)
        return {FILE: nbformat.writes(paper)} if files is None else files


HAND_INS: list[HandIn] = []


def hands_in(learner: str, says: str, answered: bool = True):
    """The function changes a notebook in which everything is right, or, if not `answered`, the released one."""

    def kept(change: Callable[[NotebookNode], Files | None]):
        HAND_INS.append(HandIn(learner, says, answered, change))
        return change

    return kept


def role(one: NotebookNode) -> dict:
    return one.metadata.get("nbgrader", {})


def answer_names() -> list[str]:
    return [role(one)["grade_id"] for one in notebook("source", WEEK).cells if role(one).get("solution")]


def place(paper: NotebookNode, name: str) -> int:
    return next(place for place, one in enumerate(paper.cells) if role(one).get("grade_id") == name)


def cell(paper: NotebookNode, name: str) -> NotebookNode:
    return paper.cells[place(paper, name)]


def wrong(paper: NotebookNode, **scores: int) -> None:
    """Put in wrong answers that are kept for these scores."""
    kept = {(one.exercise, one.score): one.source for one in reversed(wrong_answers(WEEK))}
    for exercise, score in scores.items():
        name = exercise.replace("_", "-")
        cell(paper, name).source = kept[name, score]


@hands_in(USER, "everything right")
def right(paper):
    pass


@hands_in(BY_MAIL, "the notebook as released", answered=False)
def untouched(paper):
    pass


@hands_in("ben", "a copied answer cell")
def copied(paper):
    first = place(paper, "top-links")
    paper.cells.insert(first, deepcopy(paper.cells[first]))
    # JupyterLab gives the copy an id of its own, and leaves nbgrader's metadata in it.
    paper.cells[first].id = "the-copy"


@hands_in("cara", "a deleted tests cell")
def deleted(paper):
    del paper.cells[place(paper, "pair-for-budget-tests")]


@hands_in("dan", "rewritten tests cells")
def rewritten(paper):
    wrong(paper, base62_codec=5, pair_for_budget=8)
    cell(paper, "base62-codec-tests").source = "checks.score(8)"
    cell(paper, "pair-for-budget-tests").source = "assert True"


@hands_in("eva", "`exit()` in an answer")
def ends_the_kernel(paper):
    cell(paper, "hit-counter").source += "\n\nexit()"


@hands_in("finn", "an answer that never returns in two of six cases")
def hangs(paper):
    cell(paper, "top-links").source = """
from collections import Counter

def top_links(clicks, k):
    ranked = sorted(Counter(clicks).items(), key=lambda pair: (-pair[1], pair[0]))
    top = []
    while len(top) < k:
        if ranked:
            top.append(ranked.pop(0))
    return top"""


@hands_in("gus", "an import of something that is not installed")
def imports(paper):
    answer = cell(paper, "hit-counter")
    answer.source = "from interview_helpers import SlidingWindow\n\n" + answer.source


@hands_in("hana", "a variable of the learner's own called `checks`")
def shadows(paper):
    cell(paper, "top-links").source += '\n\nchecks = top_links("abca", 1)[0][1]'


@hands_in("ivo", "an answer that logs a warning")
def logs(paper):
    answer = cell(paper, "top-links")
    first = "    from collections"
    answer.source = answer.source.replace(
        first, f"    import logging\n    logging.warning('counting')\n{first}"
    )


@hands_in("jan", "partly right and 90 minutes late")
def late(paper):
    wrong(paper, shortener_estimate=10, concurrency_estimate=8, base62_codec=5)
    wrong(paper, top_links=10, hit_counter=8, pair_for_budget=8)
    return {FILE: nbformat.writes(paper), "timestamp.txt": LATE}


@hands_in("kim", "all answers in new cells", answered=False)
def elsewhere(paper):
    for name in answer_names():
        answer = cell_named("source", WEEK, name)
        new = new_code_cell if answer.cell_type == "code" else new_markdown_cell
        paper.cells.insert(place(paper, name) + 1, new(answer.source))


@hands_in("leo", "a file that is not a notebook")
def not_json(paper):
    return {FILE: "<!DOCTYPE html><title>week-01</title>"}


@hands_in("mia", "a notebook under another name")
def renamed(paper):
    return {"week-01 (1).ipynb": nbformat.writes(paper)}


@hands_in("nora", "a notebook without its metadata")
def stripped(paper):
    for one in paper.cells:
        one.metadata.clear()


@hands_in("omar", "`checks.score` made to give all points, and no answers", answered=False)
def tampers(paper):
    cell(paper, "shortener-estimate").source += "\nchecks.score = lambda points, cases: points"


@hands_in("pia", "a syntax error in one answer")
def misspelt(paper):
    cell(paper, "top-links").source = "def top_links(clicks, k)\n    return []"


@hands_in("quin", "an answer that warns on stderr")
def warns(paper):
    answer = cell(paper, "top-links")
    first = "    from collections"
    answer.source = answer.source.replace(
        first, f"    import warnings\n    warnings.warn('slow for large k')\n{first}"
    )


@hands_in("rosa", "every exercise wrong")
def all_wrong(paper):
    wrong(paper, shortener_estimate=2, concurrency_estimate=6, base62_codec=1)
    wrong(paper, top_links=2, hit_counter=4, pair_for_budget=0)


@hands_in("sam", "a folder without a notebook")
def empty(paper):
    return {}
