"""Measures what a user waits for, and prints it with the machine and the versions: `make figures`.

Not a test: nothing passes or fails by these numbers. `--setup` also makes virtualenvs from nothing, with pip's
cache and without, which takes minutes and the network.
"""

import argparse
import contextlib
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def import_time(module: str, runs: int = 15) -> float:
    """Median milliseconds of importing `module` in a Python that has just started."""
    code = f"import time; t = time.perf_counter(); import {module}; print(1000 * (time.perf_counter() - t))"
    told = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True) for _ in range(runs)
    ]
    return statistics.median(float(one.stdout) for one in told)


def check_time(runs: int = 50) -> float:
    """Median milliseconds of one check cell with four cases that pass, compiled and run as a notebook does it."""
    from cells import Shell

    shell = Shell()
    cases = "".join(f'with checks("case {n}"):\n    assert abs(-{n}) == {n}\n' for n in range(4))
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        times = [seconds(lambda: shell.run(f"{cases}\nchecks.score(4)._repr_html_()")) for _ in range(runs)]
    return 1000 * statistics.median(times)


def week_time(week: str) -> float:
    """Seconds to run the instructor's notebook of `week` from top to bottom, its kernel's start included."""
    notebook = nbformat.read(ROOT / "source" / week / f"{week}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": folder}})
        return seconds(client.execute)


def lab_time(command: list[str], folder: Path) -> float:
    """Seconds from the command until JupyterLab answers on its port; it is ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"--no-browser --port {port} -- --allow-root --IdentityProvider.token="
    whole = [*command[:2], f"LAB={options}"] if command[0] == "make" else [*command, *options.split()]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    begun = time.perf_counter()
    lab = subprocess.Popen(whole, cwd=folder, start_new_session=True, **quiet)
    try:
        while not _answers(port):
            if lab.poll() is not None or time.perf_counter() - begun > 900:
                raise RuntimeError(f"{' '.join(whole)} did not come up")
            time.sleep(0.05)
        return time.perf_counter() - begun
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)


def _answers(port: int) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).status == 200
    except OSError:
        return False


def setup_times() -> dict[str, float]:
    """Seconds of `make lab` in a fresh clone until JupyterLab answers: without pip's cache, with it, and again."""
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name) / "loopready"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        times = {}
        # The second fills the cache that the third reads.
        runs = (("packages not cached", "1"), ("filling the cache", "0"), ("packages cached", "0"))
        for says, off in (*runs, ("set up before", "0")):
            os.environ["PIP_NO_CACHE_DIR"] = off
            if says != "set up before":
                shutil.rmtree(clone / ".venv", ignore_errors=True)
            times[f"make lab answers, {says}"] = lab_time(["make", "lab"], clone)
        return times


def wrong_answers(weeks: list[str]) -> str:
    """How many wrong answers are kept, and how many of them earn what they should."""
    from proofs import scores
    from proofs import wrong_answers as kept

    parts = []
    for week in weeks:
        wrong = kept(week)
        earned = scores(week, [(one.exercise, one.source) for one in wrong])
        right = sum(got == one.score for got, one in zip(earned, wrong, strict=True))
        parts.append(f"{week}: {len(wrong)} kept, {right} earn exactly what they should")
    return "; ".join(parts)


def main() -> None:
    """Print the figures."""
    from proofs import weeks

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("weeks", nargs="*", default=weeks(), metavar="week-01", help="all, if none is named")
    options.add_argument("--setup", action="store_true", help="also set up from nothing")
    asked = options.parse_args()
    names = ("jupyterlab", "nbgrader", "ipykernel", "ipython", "numpy", "matplotlib", "pint")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in names))
    print(f"import loopready                     {import_time('loopready'):8.1f} ms")
    print(f"import loopready.checks, .units      {import_time('loopready.checks, loopready.units'):8.1f} ms")
    print(f"one check cell of four cases         {check_time():8.2f} ms")
    for week in asked.weeks:
        print(f"{week} from top to bottom          {week_time(week):8.1f} s")
    lab = lab_time([sys.executable, "-m", "loopready.cli", "lab"], ROOT)
    print(f"loopready lab answers                {lab:8.1f} s")
    print(f"wrong answers: {wrong_answers(asked.weeks)}")
    for says, took in setup_times().items() if asked.setup else ():
        print(f"{says:<36} {took:8.1f} s")


if __name__ == "__main__":
    main()
