"""Grades the same class with stock nbgrader and with loopready, in turn, and prints what it costs: `make race`.

loopready grades twice: refereed, as the course is, and without the referee, where the cells run as stock nbgrader runs
them; `--no-referee` leaves the first out. Fails when a row of the gradebooks or an autograded notebook differs; where
the class is refereed, when a score does. Beside both: the floor, which is the same cells
in a forked IPython without notebooks, messages, files or a gradebook. `--sizes` grades growing classes and draws what
they cost.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat
import numpy as np
import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from big_week import hand_in, released, source  # noqa: E402
from tiny_class import files, refereed, rows, stock, unrefereed  # noqa: E402
from tiny_course import lay_out  # noqa: E402

from loopready.marking.workers import cores  # noqa: E402

WEEK = "week-01"


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds by the clock, seconds of the machine's processors, and megabytes at its peak."""

    wall: float
    cpu: float
    memory: float


def cost(words: list[str], folder: Path) -> Cost:
    """Run a command to its end; the cost of it and of all that it starts."""
    before, begun = _cpu(), time.perf_counter()
    with (folder / "said.txt").open("w") as said:
        run = subprocess.Popen(
            words, cwd=folder, stdout=said, stderr=said, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        peak = _watched(run)
    if run.returncode:
        raise SystemExit(
            f"{' '.join(words)} ended with {run.returncode}:\n{(folder / 'said.txt').read_text()[-2000:]}"
        )
    return Cost(time.perf_counter() - begun, _cpu() - before, peak)


def _cpu() -> float:
    """Seconds of the machine's processors so far: a box of the referee's is nobody's child when it has ended."""
    spent = psutil.cpu_times()
    return spent.user + getattr(spent, "nice", 0.0) + spent.system


def _watched(run: subprocess.Popen) -> float:
    """Wait for a process; the most memory that it and its descendants had at once, shared pages counted once, in MB."""
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.5):
            peak = max(peak, sum(_memory(pid) for pid in _tree(run.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    run.wait()
    over.set()
    watcher.join()
    return peak


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def make_class(top: Path, size: int, week: str | None) -> None:
    """A course below `top` in which `size` learners have handed in the benchmark's week, or one of the course's own."""
    unrefereed(lay_out(top))
    if week:
        shutil.copy(ROOT / "source" / week / f"{week}.ipynb", top / "source" / WEEK / f"{WEEK}.ipynb")
    else:
        nbformat.write(source(), top / "source" / WEEK / f"{WEEK}.ipynb")
    words = [sys.executable, "-m", "nbgrader", "generate_assignment", WEEK, "--force"]
    subprocess.run(words, cwd=top, check=True, capture_output=True)
    paper = nbformat.read(ROOT / "source" / week / f"{week}.ipynb", 4) if week else released()
    for number in range(size):
        hand_in(top / "submitted" / f"learner-{number:04}" / WEEK, WEEK, paper, number)


def ours(top: Path, workers: int) -> Cost:
    """Grade with loopready."""
    words = ["grade", WEEK, "--class", *(["--workers", str(workers)] if workers else [])]
    return cost([sys.executable, "-m", "loopready.cli", *words], top)


def theirs(top: Path) -> Cost:
    """Grade with stock nbgrader."""
    return cost([sys.executable, "-m", "nbgrader", "autograde", WEEK], top)


def floor(top: Path, workers: int) -> Cost:
    """Run the cells of every submission, `workers` at a time, and do nothing with what they show."""
    return cost([sys.executable, __file__, "--floor", str(top), "--workers", str(workers)], top)


def run_floor(top: Path, workers: int) -> None:
    """In a process of its own: fork for each submission, and run its cells in the IPython that was built before."""
    from IPython.core.interactiveshell import InteractiveShell

    from loopready.warm import ahead
    from loopready.warm.stack import stack

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell = InteractiveShell.instance()
    once = stack(top / "source" / WEEK / f"{WEEK}.ipynb")
    ahead.import_modules(once)
    ahead.draw(once)
    running = 0
    for path in sorted(top.glob(f"submitted/*/{WEEK}/{WEEK}.ipynb")):
        if running == workers:
            os.wait()
            running -= 1
        if not os.fork():
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            for cell in json.loads(path.read_text())["cells"]:
                if cell["cell_type"] == "code":
                    shell.run_cell("".join(cell["source"]), store_history=True)
            os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()


def race(size: int, rounds: int, workers: int, week: str | None, referee: bool) -> None:
    """Grade a class of `size` with each in turn, and print medians and ratios."""
    names = ["stock nbgrader", *(["refereed"] if referee else []), "loopready", "floor"]
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name) / "fresh"
        make_class(fresh, size, week)
        for number in range(rounds):
            mine = Path(name) / f"{number}" / "mine"
            shutil.copytree(fresh, mine)
            stocked = stock(mine)
            judged = refereed(Path(shutil.copytree(mine, mine.with_name("judged"))))
            runs: list[tuple[str, Callable[[], Cost]]] = [
                ("stock nbgrader", lambda top=stocked: theirs(top)),
                ("refereed", lambda top=judged: ours(top, workers)),
                ("loopready", lambda top=mine: ours(top, workers)),
                ("floor", lambda top=mine: floor(top, workers)),
            ]
            for who, run in runs if number % 2 else reversed(runs):
                if who in costs:
                    costs[who].append(run())
            agree(stocked, mine)
            if referee and rows(judged)["grade"] != rows(stocked)["grade"]:
                raise SystemExit("refereed, the scores differ")
            shutil.rmtree(mine.parent)
    show(costs, size)


def agree(stocked: Path, mine: Path) -> None:
    """End the benchmark when the two have not come to the same rows and files."""
    same, counted = rows(mine), 0
    for table, listed in rows(stocked).items():
        if listed != same[table]:
            raise SystemExit(f"the gradebooks differ in the table {table}")
        counted += len(listed)
    if files(stocked) != files(mine):
        raise SystemExit("the files below autograded/ differ")
    print(f"agreed: {counted} rows in {len(same)} tables, {len(files(mine))} files")


def show(costs: dict[str, list[Cost]], size: int) -> None:
    """The table."""

    def middle(who: str, what: str) -> float:
        return statistics.median(getattr(one, what) for one in costs[who])

    print(f"\n{size} submissions, medians of {len(costs['floor'])} rounds, start-up counted")
    print(f"{'':<16}{'seconds':>9}{'each':>9}{'a second':>10}{'CPU s each':>12}{'peak MB':>9}{'ratio':>8}")
    for who in costs:
        wall, ratio = middle(who, "wall"), middle("stock nbgrader", "wall") / middle(who, "wall")
        cpu, memory = middle(who, "cpu") / size, middle(who, "memory")
        print(
            f"{who:<16}{wall:9.1f}{wall / size:9.3f}{size / wall:10.2f}{cpu:12.3f}{memory:9.0f}{ratio:8.1f}"
        )
    to_floor = middle("loopready", "wall") / middle("floor", "wall")
    print(f"loopready takes {to_floor:.2f} times the floor by the clock, "
          f"{middle('loopready', 'cpu') / middle('floor', 'cpu'):.2f} times in CPU seconds")  # fmt: skip


def growth(sizes: list[int], workers: int, week: str | None, picture: Path | None, referee: bool) -> None:
    """Grade growing classes with loopready, refereed or not, and run their cells alone; print and draw the costs."""
    who = "refereed" if referee else "loopready"
    costs: dict[str, list[Cost]] = {who: [], "floor": []}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            top = Path(name) / "c"
            make_class(top, size, week)
            costs[who].append(ours(refereed(top) if referee else top, workers))
            costs["floor"].append(floor(top, workers))
        for whose, found in costs.items():
            one = found[-1]
            print(f"{size:5} submissions, {whose:<10}{one.wall:7.1f} s, {one.wall / size:.3f} s each, "
                  f"CPU {one.cpu:7.1f} s, peak {one.memory:.0f} MB", flush=True)  # fmt: skip
    for whose, found in costs.items():
        each, start = line(sizes, [one.wall for one in found])
        print(f"{whose}: {start:.1f} s and {1000 * each:.0f} ms for each submission")
    if picture:
        draw(sizes, costs, picture)


def line(sizes: list[int], seconds: list[float]) -> tuple[float, float]:
    """The seconds for each submission and those at the start: the straight line that is nearest to all sizes.

    Nearest in proportion (weighted least squares, weights 1 / seconds), or the largest class alone would decide.
    """
    return tuple(np.polyfit(sizes, seconds, 1, w=1 / np.array(seconds)))


def draw(sizes: list[int], costs: dict[str, list[Cost]], path: Path) -> None:
    """The seconds and the memory against the size of the class."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for who, found in costs.items():
        left.plot(sizes, [one.wall for one in found], "o-", label=who)
        right.plot(sizes, [one.memory for one in found], "o-", label=who)
    left.set(xlabel="submissions", ylabel="seconds by the clock", xlim=0, ylim=0)
    right.set(xlabel="submissions", ylabel="MB at the peak", xlim=0, ylim=0)
    left.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--submissions", type=int, default=40)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--workers", type=int, default=cores())
    options.add_argument("--no-referee", action="store_true", help="leave out the refereed grading")
    options.add_argument("--week", help="a week of the course, in the place of the benchmark's own")
    options.add_argument(
        "--sizes", help="sizes of classes to grade without stock nbgrader, as 10,50,200,1000"
    )
    options.add_argument("--refereed", action="store_true", help="with --sizes: the classes are refereed")
    options.add_argument("--draw", type=Path, help="where the picture of --sizes goes")
    options.add_argument("--floor", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.floor:
        return run_floor(asked.floor, asked.workers)
    names = (
        "nbgrader",
        "nbconvert",
        "nbclient",
        "jupyter_client",
        "ipykernel",
        "ipython",
        "numpy",
        "pandas",
        "matplotlib",
    )
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}"
    )
    print(", ".join(f"{name} {version(name)}" for name in names))
    if asked.sizes:
        sizes = [int(one) for one in asked.sizes.split(",")]
        return growth(sizes, asked.workers, asked.week, asked.draw, asked.refereed)
    race(asked.submissions, asked.rounds, asked.workers, asked.week, not asked.no_referee)


if __name__ == "__main__":
    main()
