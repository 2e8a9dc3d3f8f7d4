"""Checks, asked as a learner asks them: a cell is run and its score and table are read."""

import textwrap

import nbformat
import pytest
from cells import Shell
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from loopready import tables

ANSWERS = '''
import sys, warnings

def half(number):
    return number / 2

def hang(number):
    while True:
        try:
            number += 1
        except Exception:
            pass

def loud(number):
    warnings.warn("this is old")
    print("careful", file=sys.stderr)
    return number

def broken(number):
    raise KeyError(number)

def checked(number):
    assert number > 0, "the answer's own assert"
    return number

def blank(number):
    """Not written yet."""

class Odd:
    def __repr__(self):
        raise RuntimeError("no repr")

def odd(number):
    return Odd()

many = list(range(1000))
calls = []

def counted():
    calls.append(1)
    return len(calls)
'''


@pytest.fixture(scope="module")
def shell():
    shell = Shell()
    shell.run(ANSWERS)
    yield shell
    shell.close()


def graded(shell, body, points=1):
    return shell.run(textwrap.dedent(body) + f"\nchecks.score({points})")


def case(shell, body):
    """The one case of a tests cell whose block is `body`."""
    (only,) = graded(
        shell, 'with checks("the case"):\n' + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    ).cases
    return only


@pytest.mark.parametrize(
    "body, mark, called, expected, got",
    [
        ("assert half(4) == 2", "pass", "half(4)", "", ""),
        ("assert half(4) == 3", "fail", "half(4)", "3", "2.0"),
        ("assert half(many[3]) == 3", "fail", "half(many[3])", "3", "1.5"),
        ("assert len(many) == 3", "fail", "len([0, 1, 2, 3, 4, 5, ...])", "3", "1000"),
        ("assert half(4) != 2", "fail", "half(4)", "!= 2", "2.0"),
        ("assert 3 <= half(4) <= 9", "fail", "half(4)", "3 <= half(4) <= 9", "2.0"),
        ("assert not half(4)", "fail", "half(4)", "false", "2.0"),
        ("assert isinstance(half(4), int)", "fail", "isinstance(half(4), int)", "true", "False"),
        ("assert half(4) in (1, 3)", "fail", "half(4)", "in (1, 3)", "2.0"),
        ("assert half(4) is None", "fail", "half(4)", "None", "2.0"),
        ("assert half(number=4) == 3", "fail", "half(number=4)", "3", "2.0"),
        ("assert half(*[4]) == 3", "fail", "half(4)", "3", "2.0"),
        ("for n in (4, 6):\n    assert half(n) == 2", "fail", "half(6)", "2", "3.0"),
        ("assert broken(4) == 2", "error", "broken(4)", "2", "KeyError: 4 (line 19 of broken)"),
        ("assert missing(4) == 2", "error", "missing(4)", "2",
         "NameError: name 'missing' is not defined; has the answer's cell been run, without an error?"),
        ("assert checked(-4) == 2", "error", "checked(-4)", "2",
         "AssertionError: the answer's own assert (line 22 of checked)"),
        ("assert odd(1) == 2", "fail", "odd(1)", "2", "<Odd, whose repr raises RuntimeError>"),
        ("exit_code = 1\nraise SystemExit(3)", "error", "raise SystemExit(3)", "", "SystemExit: 3"),
        ("with raises(KeyError):\n    broken(4)", "pass", "broken(4)", "", ""),
        ("with raises(KeyError):\n    half(4)", "fail", "half(4)", "raises KeyError", "2.0"),
        ("with raises(ValueError, TypeError):\n    broken(4)", "fail", "broken(4)",
         "raises ValueError or TypeError", "KeyError: 4 (line 19 of broken)"),
    ],
)  # fmt: skip
def test_a_case_says_what_was_called_expected_and_got(shell, body, mark, called, expected, got):
    it = case(shell, body)
    assert (it.mark, it.called) == (mark, called)
    if mark != "pass":
        assert (it.expected, it.got) == (expected, got)


def test_an_answer_is_asked_once(shell):
    shell.run("calls.clear()")
    case(shell, "assert counted() == 5")
    assert shell.run("len(calls)") == 1


def test_a_message_of_the_author_is_shown(shell):
    assert case(shell, 'assert half(4) == 3, "look at odd numbers"').notes == ["look at odd numbers"]


def test_a_case_that_hangs_costs_its_own_share_and_the_next_one_counts(shell):
    result = graded(
        shell,
        """
        with checks("hangs", seconds=0.2):
            assert hang(1) == 2
        with checks("goes on"):
            assert half(4) == 2
        """,
        points=4,
    )
    assert [it.mark for it in result.cases] == ["time", "pass"]
    assert result.cases[0].got == "no answer within 0.2 s"
    assert result.earned == 2


def test_an_answer_that_swallows_every_exception_still_runs_out_of_time(shell):
    shell.run(
        "def stubborn():\n    try:\n        while True: pass\n    except BaseException:\n        while True: pass"
    )
    assert case(shell, "checks.recorder.forget()\nassert stubborn() == 1").mark == "time"


def test_an_answer_that_sleeps_runs_out_of_time_too(shell):
    shell.run("import time\ndef sleepy():\n    time.sleep(30)")
    (it,) = graded(shell, 'with checks("sleeps", seconds=0.1):\n    assert sleepy() == 1').cases
    assert it.mark == "time"


def test_the_alarm_is_off_after_a_case(shell):
    import signal

    graded(shell, 'with checks("quick", seconds=0.05):\n    assert half(4) == 2')
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.filterwarnings("ignore:this is old")
def test_a_warning_in_a_right_answer_costs_nothing_and_is_noted(shell, capsys):
    it = case(shell, "assert loud(3) == 3")
    assert it.passed
    assert it.notes == ["careful"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "right, points, earned",
    [(3, 4, 3.0), (4, 4, 4.0), (0, 4, 0.0), (1, 3, 0.75), (3, 1, 0.75)],
    ids=["three of four", "all", "none", "a quarter of three", "part of one point"],
)
def test_a_score_is_the_share_of_cases_that_pass(shell, right, points, earned):
    body = "\n".join(
        f'with checks("case {n}"):\n    assert half(4) == {2 if n < right else 3}' for n in range(4)
    )
    assert graded(shell, body, points).earned == earned


def test_cases_that_are_hidden_here_are_announced_and_not_yet_earned(shell):
    result = shell.run('with checks("halves"):\n    assert half(4) == 2\nchecks.score(8, cases=4)')
    assert result.earned == 2
    assert str(result).endswith("1 of 1 checks pass; 3 more are run when you grade the week")


def test_the_hidden_cases_of_a_kata_belong_to_no_week(shell):
    result = shell.run('with checks("halves"):\n    assert half(4) == 2\nchecks.score(8, cases=2, of="kata")')
    assert str(result).endswith("1 more is run when you grade the kata")


def test_what_a_table_says_of_its_cases_can_be_read_back(shell):
    cell = """
        with checks("a < b & 'c'"):
            assert half(4) == 2
        with checks("wrong"):
            assert half(4) == "</td>"
        with checks("warns"):
            import sys; print("oh", file=sys.stderr)
        with checks("breaks"):
            half(None)
    """
    result = graded(shell, textwrap.dedent(cell))
    says = [("a < b & 'c'", "pass"), ("wrong", "fail"), ("warns", "pass"), ("breaks", "error")]
    seen = tables.read(result._repr_html_())
    assert [(case.says, case.mark) for case in seen] == says
    assert [case.got.partition(":")[0] for case in seen] == ["", "2.0", "", "TypeError"]


def test_when_every_case_is_there_the_points_are_said(shell):
    result = shell.run('with checks("halves"):\n    assert half(4) == 2\nchecks.score(8, cases=1)')
    assert str(result).endswith("1 of 1 checks pass: 8 of 8 points")


def test_a_cell_without_cases_earns_nothing(shell):
    assert graded(shell, "", 3).earned == 0.0


def test_the_cases_of_a_cell_that_broke_off_are_not_counted_in_the_next(shell):
    with pytest.raises(ZeroDivisionError):
        graded(shell, 'with checks("left over"):\n    assert half(4) == 2\n1 / 0')
    assert [it.says for it in graded(shell, 'with checks("new"):\n    assert half(4) == 2').cases] == ["new"]


def test_stopping_the_kernel_stops_the_cell(shell):
    with pytest.raises(KeyboardInterrupt):
        graded(shell, 'with checks("stopped"):\n    raise KeyboardInterrupt')


def test_the_table_escapes_what_an_answer_returns(shell):
    shell.run('def page():\n    return "<script>alert(1)</script>"')
    html = graded(shell, 'with checks("a page"):\n    assert page() == ""')._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_table_holds_no_memory_address(shell):
    html = graded(
        shell, 'with checks("an object"):\n    assert half == 3\n    assert object() == 3'
    )._repr_html_()
    assert "0x" not in html


def test_a_blank_answer_is_told_apart_from_a_wrong_one(shell):
    assert "Nothing comes back yet" in str(graded(shell, 'with checks("blank"):\n    assert blank(4) == 2'))
    assert "0 of 1 checks pass" in str(graded(shell, 'with checks("wrong"):\n    assert half(4) == 3'))


def test_a_terminal_reads_the_same_table_as_text(shell):
    text = str(graded(shell, 'with checks("halves"):\n    assert half(4) == 3', 2))
    for part in (
        "✗ halves",
        "called    half(4)",
        "expected  3",
        "got       2.0",
        "0 of 1 checks pass: 0 of 2 points",
    ):
        assert part in text


def test_checks_outside_ipython_still_fail_with_the_line_that_failed():
    from loopready.checks import checks

    with checks("plain Python") as it:
        assert 1 + 1 == 3
    assert it.mark == "fail"
    assert it.called == "assert 1 + 1 == 3"


def kernel_run(*sources: str) -> nbformat.NotebookNode:
    setup = "from loopready.checks import checks\n" + ANSWERS
    notebook = new_notebook(cells=[new_code_cell(source) for source in (setup, *sources)])
    tests = notebook.cells[-1]
    tests.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "grade_id": "t",
        "points": 4,
        "locked": True,
    }
    return NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()


def test_a_log_line_of_a_handler_made_before_the_case_costs_nothing():
    early = "import logging\nlogging.basicConfig()\ndef logs():\n    logging.warning('careful')\n    return 1"
    tests = kernel_run(early, 'with checks("logs"):\n    assert logs() == 1\n\nchecks.score(4)').cells[-1]
    assert determine_grade(tests) == (4.0, 4.0)
    assert "note: WARNING:root:careful" in tests.outputs[-1].data["text/html"]


def test_a_variable_of_the_learner_called_score_changes_nothing(shell):
    shell.run("score = 7")
    assert graded(shell, 'with checks("halves"):\n    assert half(4) == 2', 3).earned == 3


def test_nbgrader_reads_three_of_four_cases_as_three_of_four_points():
    body = "\n".join(f'with checks("case {n}"):\n    assert loud({n}) == {n if n else 9}' for n in range(4))
    tests = kernel_run(body + "\n\nchecks.score(4)").cells[-1]
    assert determine_grade(tests) == (3.0, 4.0)
    assert tests.outputs[-1].data["text/plain"] == "3.0"
    assert "3 of 4 checks pass" in tests.outputs[-1].data["text/html"]
