"""Every exercise is proven: the reference earns everything, a blank nothing, a wrong answer what it deserves."""

from collections import Counter
from functools import cache

import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade
from patterns import kept, patterns
from proofs import (
    Wrong,
    cell_named,
    exercises,
    is_tests,
    notebook,
    papers,
    pattern_of,
    scores,
    tried,
    weeks,
    wrong_answers,
)

WRONG = [wrong for week in papers() for wrong in wrong_answers(week)]


def points(week: str, exercise: str) -> float:
    return cell_named("source", week, f"{exercise}-tests").metadata["nbgrader"]["points"]


@cache
def tried_wrong(week: str) -> dict[Wrong, NotebookNode]:
    """The tests cell of each kept wrong answer after its run."""
    wrong = wrong_answers(week)
    return dict(zip(wrong, tried(week, [(one.exercise, one.source) for one in wrong]), strict=True))


@pytest.mark.parametrize("week", papers())
def test_every_reference_answer_earns_full_marks(week):
    names = exercises(week)
    earned = scores(week, [(name, cell_named("source", week, name).source) for name in names])
    assert dict(zip(names, earned, strict=True)) == {name: points(week, name) for name in names}


@pytest.mark.parametrize("week", papers())
def test_every_blank_earns_nothing(week):
    names = exercises(week)
    earned = scores(week, [(name, cell_named("release", week, name).source) for name in names])
    assert dict(zip(names, earned, strict=True)) == dict.fromkeys(names, 0.0)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_answer_earns_what_it_deserves(wrong):
    assert determine_grade(tried_wrong(wrong.week)[wrong])[0] == wrong.score


@pytest.mark.parametrize("week", weeks())
def test_the_kept_patterns_say_which_cases_a_wrong_answer_passes(week):
    found = {wrong: pattern_of(cell) for wrong, cell in tried_wrong(week).items()}
    assert kept().get(week) == patterns(found), f"run `python tests/patterns.py {week}`"


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_answer_is_kept_only_for_losing_something(wrong):
    assert wrong.score < points(wrong.week, wrong.exercise)


@pytest.mark.parametrize("week", papers())
def test_every_exercise_keeps_wrong_answers(week):
    kept = Counter(wrong.exercise for wrong in wrong_answers(week))
    assert set(kept) == set(exercises(week))
    assert min(kept.values()) >= 4


@pytest.mark.parametrize("week", weeks())
def test_a_week_is_worth_a_hundred_points(week):
    graded = [
        cell.metadata["nbgrader"] for cell in notebook("source", week).cells if "nbgrader" in cell.metadata
    ]
    assert sum(role["points"] for role in graded if role["grade"]) == 100


@pytest.mark.parametrize("week", papers())
def test_the_released_tests_keep_a_visible_case_for_each_exercise(week):
    for cell in notebook("release", week).cells:
        if is_tests(cell):
            assert "with checks(" in cell.source, cell.metadata["nbgrader"]["grade_id"]
