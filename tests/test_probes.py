"""The questions that a story invites: chosen by what it lacks, then by its own words."""

import pytest
from banks import told

from loopready.principles import PRINCIPLES
from loopready.probes import MOST, probes
from loopready.stories import Story


def questions(**changes):
    return [probe.question for probe in probes(told(**changes))]


@pytest.mark.parametrize(
    "changes, asked",
    [
        ({"result": "Errors fell 85%."}, "\u201cErrors fell 85%.\u201d. What was it before"),
        ({"action": "We chose it and we shipped it."}, "Which part of that did you do with your own hands?"),
        ({"action": "I shipped it. It was QA's fault."}, "What was your share in it?".lower()),
        ({"result": "Better.", "learned": ""}, "What would you do differently today"),
        ({"result": "Better."}, "read off a number"),
        ({"action": "I leveraged best practices and did some stuff."}, "Give me one instance"),
        ({"level": "L7"}, "How many people did this touch"),
        ({"level": "L7"}, "now that you no longer push?"),
    ],
    ids=["no baseline", "we", "blame", "no lesson", "no figures", "vague", "not L7 yet", "L7"],
)
def test_a_story_is_asked_for_what_it_lacks(changes, asked):
    assert any(asked in question or asked in question.lower() for question in questions(**changes))


def test_what_a_story_lacks_is_asked_before_what_it_says():
    asked = probes(told(result="Errors fell 85%."))
    assert asked[0].because.startswith("baseline:") and "fell 85%" in asked[0].question


@pytest.mark.parametrize(
    "action, asked",
    [
        (
            "I chose smaller batches over more servers.",
            "You say \u201cI chose smaller batches over more servers",
        ),
        ("I told my director no.", "What did your director answer"),
        ("I asked Mira for a date.", "What did Mira answer"),
        ("I made a mistake and said so.", "Where you say \u201cmistake\u201d: when did you notice"),
    ],
    ids=["a choice", "a person", "a name", "a trouble"],
)
def test_a_story_is_asked_about_its_own_words(action, asked):
    assert any(question.startswith(asked) for question in questions(action=action))


@pytest.mark.parametrize("principle", PRINCIPLES, ids=lambda each: each.slug)
def test_every_principle_has_a_question_of_its_own(principle):
    assert f"the story's main principle is {principle.name}" in [
        probe.because for probe in probes(told(principles=[principle]), most=20)
    ]


def test_the_questions_a_learner_expects_are_asked():
    assert "Who paid for it?" in [
        probe.question for probe in probes(told(follow_ups=["Who paid for it?"]), 20)
    ]


def test_no_story_is_asked_more_than_a_listener_has_time_for_or_anything_twice():
    asked = questions(action="We did some stuff.", result="Errors fell 85%.", level="L7")
    assert len(asked) == len(set(asked)) <= MOST


def test_an_empty_draft_is_asked_nothing():
    assert probes(Story(*[...] * 7)) == []


def test_the_same_story_is_asked_the_same():
    assert probes(told()) == probes(told())
