"""Where a submission's time goes, step by step, in one worker: `python benchmarks/budget.py`.

By the clock, so that waiting counts, for which the machine should do nothing else; and in processor time of the
grading process alone, which does not count the kernel's.
"""

import argparse
import contextlib
import tempfile
import time
import warnings
from collections import defaultdict
from pathlib import Path

import grading
import numpy as np
from nbgrader import preprocessors

from loopready import shortcuts
from loopready.course import settings
from loopready.marking import gradebook, papers, runs, submissions, workers
from loopready.warm import asker, execute
from loopready.warm.stack import stack

STEPS = {
    "a kernel: fork to first answer": [(execute.Execute, "_forked"), (execute.Execute, "wait_for_reply")],
    "cells and their messages": [(execute.Execute, "execute_cell")],
    "the kernel's end": [(asker.Kernel, "close")],
    "gradebook": [
        (papers.Paper, "init_assignment"),
        (preprocessors.OverwriteKernelspec, "preprocess"),
        (preprocessors.OverwriteCells, "preprocess"),
        (preprocessors.SaveAutoGrades, "preprocess"),
        (preprocessors.AssignLatePenalties, "preprocess"),
        (gradebook.Book, "keep"),
    ],
    "into its place, on disk": [(submissions.Submission, "finish")],
}
REST = "reading, checking and writing the notebook"


def clocks() -> np.ndarray:
    """Seconds by the clock, and of this process's processor time."""
    return np.array([time.perf_counter(), time.process_time()])


def timed(spent: dict[str, np.ndarray]) -> contextlib.ExitStack:
    """Count the seconds inside each step's functions; a step inside another counts for the outer one alone."""
    stack_, inside = contextlib.ExitStack(), []

    def wrap(owner: type, name: str, step: str) -> None:
        original = getattr(owner, name)

        def counted(*args, **kwargs):
            if inside:
                return original(*args, **kwargs)
            inside.append(step)
            begun = clocks()
            try:
                return original(*args, **kwargs)
            finally:
                inside.pop()
                spent[step] = spent[step] + clocks() - begun

        setattr(owner, name, counted)
        stack_.callback(setattr, owner, name, original)

    for step, places in STEPS.items():
        for owner, name in places:
            wrap(owner, name, step)
    return stack_


def budget(size: int, week: str | None) -> list[dict[str, np.ndarray]]:
    """The seconds of each step, for each of `size` submissions after the first few."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name) / "c"
        grading.make_class(top, size + 2, week)
        modules = list(stack(top / "source" / grading.WEEK / f"{grading.WEEK}.ipynb"))
        asker.parent(modules)
        run = runs._Run(grading.WEEK, top, settings(top), modules, 1)
        gradebook.ready(run.coursedir.db_url, run.coursedir.course_id, grading.WEEK)
        workers._log_to(top / "log.txt")
        shortcuts.validated_at_the_end(run.config)
        found = []
        with gradebook.one_gradebook(run.coursedir.db_url) as book, shortcuts.checked_once():
            for one in submissions.submissions(run.coursedir, grading.WEEK):
                spent: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(2))
                begun = clocks()
                with timed(spent):
                    outcome = papers.grade(one, run.config, book)
                assert outcome.graded, outcome.reason
                spent[REST] = clocks() - begun - sum(spent.values())
                found.append(spent)
        asker.close()
        return found[2:]


def main() -> None:
    """Print the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--submissions", type=int, default=20)
    options.add_argument("--week", help="a week of the course, in the place of the benchmark's own")
    asked = options.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = budget(asked.submissions, asked.week)
    print(f"{'milliseconds, medians':<46}{'clock':>8}{'CPU':>8}")
    for step in (*STEPS, REST):
        line(step, [one[step] for one in found])
    line("a submission", [sum(one.values()) for one in found])


def line(says: str, times: list[np.ndarray]) -> None:
    """One line of the table."""
    clock, cpu = 1000 * np.median(times, axis=0)
    print(f"{says:<46}{clock:8.1f}{cpu:8.1f}")


if __name__ == "__main__":
    main()
