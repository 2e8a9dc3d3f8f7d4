"""The referee: an answer means the same to a test as in its own process, and nothing of the test is in that process."""

import os

import pytest
from proofs import papers
from trials import attempts, honest_answers, score, together, trial, words

from loopready.referee.plans import plan, taught


@pytest.mark.parametrize("kind", ["right", "wrong"])
@pytest.mark.parametrize("week", papers())
def test_every_kept_answer_scores_refereed_what_it_scores_in_its_own_process(week, kind):
    found = attempts(week, kind)
    assert {label: score for label, (_, score) in found.items()} == {
        label: one for label, (one, _) in found.items()
    }


HONEST = honest_answers()
GIVEN = "from loopready.checks import checks, raises\nfrom loopready.units import *\nlimit = 10"


@pytest.fixture(scope="module")
def honest() -> dict[str, list[dict]]:
    return dict(zip(HONEST, together(list(HONEST.values()), GIVEN), strict=True))


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_answer_passes_a_test_that_it_passes_in_its_own_process(honest, name):
    assert score(honest[name]) == 10, words(honest[name])


FAILING = {
    "another value": ("def f(): return 4", "assert f() == 5", "4"),
    "an error": ("def f(): return [] + 1", "assert f() == 5", "TypeError"),
    "no answer": ("def g(): pass", "assert missing() == 5", "NameError"),
    "what cannot go in": ("def f(x): pass", "import threading\nassert f(threading.Lock()) == 5", "cannot be handed"),
    "what cannot come out": (
        "def f(deep=()):\n    for _ in range(999): deep = [deep]\n    return deep", "assert f() == 5", "nested"),
    "a dead process": ("import os\ndef f(): os._exit(0)", "assert f() == 5", "ended its process"),
    "equal to everything": (
        "class Yes:\n    def __eq__(self, o): return True\ndef f(): return Yes()", "assert f() == 5", "Yes"),
}  # fmt: skip


@pytest.fixture(scope="module")
def failing() -> dict[str, list[dict]]:
    shown = together([case[:2] for case in FAILING.values()], GIVEN)
    return dict(zip(FAILING, shown, strict=True))


@pytest.mark.parametrize("name", FAILING)
def test_a_case_that_fails_says_why(failing, name):
    assert score(failing[name]) == 0
    assert FAILING[name][2] in words(failing[name])


def test_of_a_hidden_case_nothing_is_shown_but_its_name_and_whether_it_passes():
    tests = """
        with checks("seen"):
            assert f(1) == 2
        ### BEGIN HIDDEN TESTS
        with checks("not seen"):
            assert f(31337) == 62674
        ### END HIDDEN TESTS
        checks.score(10, cases=2)
    """
    verdict = trial("def f(n): raise ValueError(f'called with {n}')", tests)
    assert "called with 1" in words(verdict)
    assert "not seen" in words(verdict)
    assert "31337" not in str(verdict)
    assert "62674" not in str(verdict)


def test_a_plain_tests_cell_shows_its_own_error_and_none_of_the_hidden_ones():
    tests = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(31337) == 62674\n### END HIDDEN TESTS"
    right, wrong, half = (trial(f"def f(n): return {body}", tests) for body in ("2 * n", "n", "2"))
    assert right.shown[2] == []
    assert wrong.shown[2][-1]["ename"] == "AssertionError"
    assert "31337" not in str(half)
    assert half.shown[2][-1]["evalue"] == "a hidden test fails"


def test_a_number_as_the_last_value_is_partial_credit_within_the_points():
    for last, points in (("7", 7.0), ("400", 10.0), ("-3", 0.0)):
        assert score(trial("def f(): return 1", f"assert f() == 1\n{last}")) == points


def test_a_later_cell_cannot_show_what_a_test_has_asked():
    answer = "SEEN = []\ndef f(n):\n    SEEN.append(n)\n    return n"
    tests = 'with checks("one"):\n    assert f(4711) == 4711\nchecks.score(10, cases=1)'
    verdict = trial(answer, tests, after="print(SEEN)")
    assert score(verdict) == 10
    assert verdict.shown[3] == [{"output_type": "stream", "name": "stdout", "text": "[]\n"}]


def test_the_same_submission_gets_the_same_random_numbers_and_another_gets_others():
    answer = "import random\ndef f(): return random.random()"
    tests = 'import random\nwith checks("drawn"):\n    assert f() == random.random() == 0\nchecks.score(10, cases=1)'
    one, again, other = (words(trial(answer, tests, seed=seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="processes cannot be kept on a processor here"
)
def test_both_sides_of_a_conversation_run_on_one_processor_and_afterwards_on_any():
    before = os.sched_getaffinity(0)
    tests = "import os\nassert f() == os.sched_getaffinity(0) and len(f()) == 1\nassert len(ALL) == limit"
    answer = "import os\nALL = os.sched_getaffinity(0)\ndef f(): return os.sched_getaffinity(0)"
    assert trial(answer, tests, given=f"limit = {len(before)}").shown[2] == []
    assert os.sched_getaffinity(0) == before


def test_own_cells_run_as_in_a_notebook():
    own = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1]);\n!echo shell\n"
    own += "import warnings; warnings.warn('careful')\nawait __import__('asyncio').sleep(0)\n7"
    kinds = [
        one.get("name", one["output_type"]) for one in trial("x = 1", "checks.score(1)", after=own).shown[3]
    ]
    assert kinds == ["stdout", "stderr", "execute_result", "display_data"]


@pytest.mark.parametrize("cell", ["input('name?')", "1 / 0", "def f(:", "raise SystemExit", "exit()"])
def test_a_cell_that_fails_says_so_and_keeps_no_other_from_running(cell):
    verdict = trial(f"{cell}\n" if "(:" not in cell else cell, 'with checks("one"):\n    assert limit == 10\n'
                    "checks.score(10, cases=1)", given=GIVEN, after="print('goes on')")  # fmt: skip
    assert verdict.shown[1] != []
    assert score(verdict) == 10
    assert verdict.shown[3][0]["text"] == "goes on\n"


MODEL = "def encode(n): pass\ndef decode(t): pass\nclass Ring:\n    def __len__(self): pass"


@pytest.mark.parametrize(
    "test, boxes",
    [
        ('with checks("a"):\n    assert decode(encode(1)) == 1', 2),
        ('with checks("a"):\n    assert encode(1) == 1\nwith checks("b"):\n    assert decode(1) == 1', 1),
        ('with checks("a"):\n    encode(1)\n    assert decode(1) == 1', 1),
        ('with checks("a"):\n    with raises(ValueError):\n        encode(1)\n    assert decode(1) == 1', 2),
        ('with checks("a"):\n    assert decode(encode(Ring())) == 1', 1),
        ("assert decode(encode(1)) == 1", 2),
    ],
    ids=["a round trip", "one function a case", "a call for its effect", "a call to raise", "objects", "a plain cell"],
)  # fmt: skip
def test_two_functions_of_one_case_answer_apart_unless_they_are_to_share(test, boxes):
    assert plan(test, taught([MODEL])).boxes == boxes
