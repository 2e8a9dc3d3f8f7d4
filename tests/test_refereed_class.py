"""The class of the instructor's page, refereed: the honest get their points, and what was broken is mended or named."""

from __future__ import annotations

import nbformat
import pytest
from classes import gradebook, lay_out, typed
from hand_ins import FILE, HAND_INS, USER, WEEK

SAYS = {one.learner: one.says for one in HAND_INS}
RIGHT = {
    "shortener-estimate": 12.0, "concurrency-estimate": 10.0, "base62-codec": 8.0, "top-links": 12.0,
    "hit-counter": 12.0, "pair-for-budget": 10.0,
}  # fmt: skip
NOTHING = dict.fromkeys(RIGHT, 0.0)


def but(**points: float) -> dict[str, float]:
    return RIGHT | {name.replace("_", "-"): one for name, one in points.items()}


POINTS = [
    (USER, RIGHT, "the reference answers"),
    ("ann", NOTHING, "no case passes on an empty answer"),
    ("ben", RIGHT, "the last of two copies is the answer"),
    ("cara", RIGHT, "her tests cell is put back"),
    ("dan", but(base62_codec=5.0, pair_for_budget=8.0), "his tests are put back"),
    ("eva", RIGHT, "exit() is left out, and her answer stands above it"),
    ("finn", but(top_links=8.0), "four of six cases ask for no more links than there are"),
    ("gus", but(hit_counter=0.0), "the cell stops at its first line"),
    ("hana", RIGHT, "her own checks are not the tests' checks"),
    ("ivo", RIGHT, "a log line costs nothing"),
    (
        "jan",
        dict(zip(RIGHT, (10.0, 8.0, 5.0, 10.0, 8.0, 8.0), strict=True)),
        "the kept wrong answers' points",
    ),
    ("kim", RIGHT, "a new cell runs before the tests as the answer's own would"),
    ("nora", RIGHT, "the cells' ids say what the metadata said"),
    ("omar", NOTHING, "what he changed is in the box, and the score is not"),
    ("pia", but(top_links=0.0), "there is no top_links"),
    ("quin", RIGHT, "a warning costs nothing"),
    ("rosa", dict(zip(RIGHT, (2.0, 6.0, 1.0, 2.0, 4.0, 0.0), strict=True)), "the kept wrong answers' points"),
]
UNGRADED = {"leo": "is not JSON", "mia": "No notebooks found"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The gradebook after one run of nbgrader's own command, and what it said."""
    folder = tmp_path_factory.mktemp("class")
    lay_out(folder)
    course = folder / "course"
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\nfrom loopready.referee.settings import refereed\nrefereed(c, uncontained=True)\n")
    assert typed(f"nbgrader generate_assignment {WEEK}", folder).code == 0
    released = nbformat.read(course / "release" / WEEK / FILE, as_version=4)
    for one in HAND_INS:
        target = course / "submitted" / one.learner / WEEK
        target.mkdir(parents=True)
        for name, text in one.files(released).items():
            (target / name).write_text(text)
    said = typed(f"nbgrader autograde {WEEK}", folder)
    return gradebook(folder), said


@pytest.mark.parametrize("learner, points, why", POINTS, ids=[SAYS[learner] for learner, _, _ in POINTS])
def test_a_learner_of_the_class_has_the_points_that_are_deserved(graded, learner, points, why):
    book, _ = graded
    assert {name: book[learner][f"{name}-tests"][0] for name in RIGHT} == points


@pytest.mark.parametrize("learner", UNGRADED, ids=SAYS.get)
def test_what_cannot_be_graded_is_named_and_has_no_points(graded, learner):
    book, said = graded
    assert UNGRADED[learner] in said.text
    assert f"assignment '{WEEK}' for student '{learner}'" in said.text
    assert [grade[0] for grade in book.get(learner, {}).values() if grade[0] is not None] == []
