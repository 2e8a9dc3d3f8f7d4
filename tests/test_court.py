"""The referee's own process: one trial after the other, and an end to what hangs where no alarm is heard."""

from __future__ import annotations

import os
import signal

import pytest
from trials import SETUP, score

from loopready.referee import bench
from loopready.referee.trial import Job, Step
from loopready.referee.walls import missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"this machine lacks: {'; '.join(missing())}")


def job(answer: str, tests: str, **more) -> Job:
    steps = (
        Step("given", SETUP),
        Step("answer", answer, "f", model=answer),
        Step("tests", tests, "f-tests", 10.0, tests),
    )
    return Job(steps, (SETUP,), **more)


def test_a_case_that_hangs_in_the_tests_own_library_costs_its_own_share():
    tests = (
        'with checks("asks", seconds=0.2):\n    assert f(pow) == 1\n'
        'with checks("is there", seconds=0.2):\n    assert callable(f)\nchecks.score(10, cases=2)'
    )
    verdict = bench.tried(job("def f(power): return power(3, 10**9)", tests))
    assert score(verdict) == 5


def test_trials_of_one_process_know_nothing_of_each_other():
    tests = 'with checks("new"):\n    assert f() == 1\nchecks.score(10, cases=1)'
    answer = "import builtins\nbuiltins.met = getattr(builtins, 'met', 0) + 1\nopen('met', 'a').write('x')\n"
    answer += "def f(): return builtins.met * len(open('met').read())"
    assert [score(bench.tried(job(answer, tests))) for _ in range(2)] == [10, 10]


def test_the_courses_data_is_there_for_the_answer_and_for_the_tests(tmp_path):
    (tmp_path / "clicks.csv").write_text("1\n2\n")
    count = "len(open('data/clicks.csv').read().split())"
    tests = f'with checks("all"):\n    assert f() == {count} == 2\nchecks.score(10, cases=1)'
    files = (("data/clicks.csv", str(tmp_path / "clicks.csv")),)
    assert score(bench.tried(job(f"def f(): return {count}", tests, files=files))) == 10


def test_a_process_that_was_killed_is_replaced():
    tests = 'with checks("one"):\n    assert f() == 1\nchecks.score(10, cases=1)'
    assert score(bench.tried(job("def f(): return 1", tests))) == 10
    os.kill(bench._courts[0].process.pid, signal.SIGKILL)
    bench._courts[0].process.wait()
    assert score(bench.tried(job("def f(): return 1", tests))) == 10
