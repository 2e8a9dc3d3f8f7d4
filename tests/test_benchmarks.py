"""Every benchmark runs, on as little as it takes: a figure that nobody can measure again is worth nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
# What each is asked for here, and the last of its figures.
RUNS = {
    "budget": ("--submissions 2", r"a submission +\d+\.\d +\d+\.\d"),
    "cohort": ("--sizes 2,3", r"cohort notebook, +3 learners: +\d+\.\d s"),
    "figures": ("week-01", r"wrong answers: week-01: (\d+) kept, \1 earn exactly what they should"),
    "grading": ("--submissions 2 --rounds 1", r"loopready takes \d+\.\d\d times the floor by the clock"),
    "katas": ("week-01 --patience 1", r"\| 1 \| `pair-for-budget` \| tries every pair \|"),
    "mutants": ("week-01 --most 2", r"in all +8 mutants +\d caught"),
    "planning": ("", r"open progress in a new process, four pictures: \d+\.\d\d s"),
    "referee": ("week-01 --rounds 1", r"\| week-01 \| \d+\.\d\d \| \d+\.\d\d \(\d+\.\d\d\) \|"),
    "similar": ("", r"in all \d+\.\d s"),
    "stories": ("", r"precision \d\.\d\d, recall \d\.\d\d"),
}
ELSEWHERE = {"attacks"}  # each attack is a test of its own: test_attacks_*.py
PARTS = {"big_week", "timing"}  # of the others


def ran(name: str, *words: str) -> str:
    """What a benchmark prints; one that fails is this test's failure."""
    command = [sys.executable, BENCHMARKS / f"{name}.py", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_none_is_left_out():
    assert {path.stem for path in BENCHMARKS.glob("*.py")} == {*RUNS, *ELSEWHERE, *PARTS}


@pytest.mark.parametrize("name", RUNS)
def test_a_benchmark_runs_to_its_last_figure(name):
    words, last = RUNS[name]
    assert re.search(last, ran(name, *words.split()))


def test_growing_classes_are_measured_and_drawn(tmp_path):
    picture = tmp_path / "growth.png"
    assert "for each submission" in ran("grading", "--sizes", "1,2", "--refereed", "--draw", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
