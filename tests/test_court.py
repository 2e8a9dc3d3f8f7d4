"""The referee's own process: one trial after the other, and an end to what hangs where no alarm is heard."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from trials import SETUP, score

from loopready.referee import bench
from loopready.referee.box import _at_a_glance
from loopready.referee.seats import Still
from loopready.referee.trial import Job, Step
from loopready.referee.walls import missing
from loopready.referee.wire import Line, WireError

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


RIGHT = 'with checks("one"):\n    assert f() == 1\nchecks.score(10, cases=1)'


def in_a_worker(pipe) -> None:
    verdict = bench.tried(job("def f(): return 1", RIGHT))
    pipe.send((score(verdict), bench._courts[0].process.pid))


def test_a_worker_has_a_fork_of_the_same_court_and_one_of_its_own_when_that_has_ended():
    bench.ready(())
    court = bench._courts[0].process
    for gone in (False, True):
        if gone:
            court.kill()
            court.wait()
        ours, theirs = multiprocessing.get_context("fork").Pipe()
        worker = multiprocessing.get_context("fork").Process(target=in_a_worker, args=(theirs,))
        worker.start()
        points, pid = ours.recv()
        worker.join()
        assert points == 10 and (pid == court.pid) is not gone


ASKS = """
import psutil
from test_court import RIGHT, job
from loopready.referee import bench
bench.tried(job("def f(): return 1", RIGHT))
court = psutil.Process(bench._courts[0].process.pid)
print(court.pid, *(one.pid for one in court.children(recursive=True)))
"""


def test_nothing_is_left_of_a_court_when_those_who_asked_have_ended():
    done = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    begun = list(map(int, done.stdout.split()))
    for _ in range(200):
        if not any(map(psutil.pid_exists, begun)):
            break
        time.sleep(0.05)
    assert len(begun) >= 3 and not any(map(psutil.pid_exists, begun))


@pytest.mark.parametrize(
    "told, known",
    [
        (None, None),
        ([], {}),
        ([["n", "data", True], ["np", "there", None]], {"n": True, "np": None}),
        ([["f", "function"]], WireError),
        ([["f", "data", "a text"]], WireError),
        ([[1, "data", 1.0]], WireError),
        ("f", WireError),
    ],
    ids=["one must ask", "nothing", "data", "short", "another kind", "no name", "no list"],
)
def test_what_a_still_copy_says_at_a_glance_is_believed_no_further_than_it_makes_sense(told, known):
    ours, theirs = socket.socketpair()
    with theirs:
        Line(theirs).send(told)
        still = Still(Line(ours), socket.socketpair)
        if known is WireError:
            with pytest.raises(WireError):
                still.known(["n"], ["np"])
        else:
            assert still.known(["n"], ["np"]) == known


def test_functions_and_classes_are_known_by_name_and_nothing_of_the_learners_runs():
    class Loud(type):
        def __getattribute__(cls, name):
            raise AssertionError("looked at")

    space = {"f": len, "g": lambda: 1, "Plain": type("Plain", (), {}), "Odd": Loud("Odd", (), {}), "n": 2.5}
    assert _at_a_glance(space, ["g", "Plain", "n", "absent"], ["f", "h"]) == [
        ["f", "there", None],
        ["g", "function", None],
        ["Plain", "class", None],
        ["n", "data", 2.5],
    ]
    assert _at_a_glance(space, ["Odd"], []) is None and _at_a_glance(space, ["f"], []) is None
    assert _at_a_glance({"E": type("E", (ValueError,), {})}, ["E"], []) is None
