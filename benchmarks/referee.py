"""What the referee and the walls add to one submission: the same notebook run by nbgrader and by the referee.

    python benchmarks/referee.py [--rounds 3] [week ...]

Each way runs the reference answers of a week, in turn and several times; the median counts. nbgrader's way runs tests
and answers in one cold kernel. The referee's runs the answers in boxes that are forked behind the walls, as in a class
after its first submission; the others start each box cold, with walls and without.
"""

import argparse
import copy
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from nbgrader.preprocessors import Execute
from proofs import notebook, weeks

from loopready.referee import walls
from loopready.referee.bench import tried
from loopready.referee.boxes import Limits
from loopready.referee.stages import job
from loopready.referee.trial import held


def main() -> None:
    """Print a row a week."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("weeks", nargs="*", default=weeks(), metavar="week-01", help="all, if none is named")
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    if unknown := set(asked.weeks) - set(weeks()):
        options.error(f"no such week: {', '.join(sorted(unknown))}")
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()},", end=" ")
    print(", ".join(f"{name} {metadata.version(name)}" for name in ("nbgrader", "nbclient", "ipykernel")))
    print(
        f"walls: {walls.way() or 'none'}; seconds, median of {asked.rounds}; in brackets the ratio to nbgrader\n"
    )
    print("| week | nbgrader | refereed | boxes started cold, with walls | and without |")
    print("|:--|--:|--:|--:|--:|")
    for week in asked.weeks:
        times = measured(ways(week), asked.rounds)
        first = times[0]
        cells = [f"{first:.2f}", *(f"{one:.2f} ({one / first:.2f})" for one in times[1:])]
        print(f"| {week} | {' | '.join(cells)} |", flush=True)


def ways(week: str) -> list[Callable[[], object]]:
    """The ways to run a week's notebook."""
    source = notebook("source", week)
    todo = job(source, source, Limits())
    stock = Execute(extra_arguments=["--log-level=ERROR"])
    return [
        lambda: stock.preprocess(copy.deepcopy(source), {"metadata": {"path": "."}}),
        partial(tried, todo),
        partial(held, todo, walls.contained),
        partial(held, todo, walls.uncontained),
    ]


def measured(ways: list[Callable[[], object]], rounds: int) -> list[float]:
    """The median time of each way, taken in turns."""
    times: list[list[float]] = [[] for _ in ways]
    ways[1]()  # the process that forks has imported by then
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            begun = time.perf_counter()
            way()
            taken.append(time.perf_counter() - begun)
    return [median(taken) for taken in times]


if __name__ == "__main__":
    main()
