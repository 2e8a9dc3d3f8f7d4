"""What the cohort's page costs for a class of 60 and for one of 1,000, and what the demonstration class costs.

The class of 60 is made and graded by `loopready demo-class`; the larger one is that class again and again under other
names, its gradebook filled row by row as grading fills it. `--folder` takes a demonstration class that is there.
"""

import argparse
import os
import platform
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "notebooks" / "cohort.ipynb"


def make(folder: Path, size: int) -> float:
    """Make and grade the demonstration class; the seconds."""
    begun = time.perf_counter()
    words = [sys.executable, "-m", "loopready.cli", "demo-class", str(folder), f"--size={size}"]
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def enlarge(folder: Path, size: int) -> None:
    """Have the class's learners again under other names until there are `size`."""
    with sqlite3.connect(folder / "gradebook.db") as database:
        learners = [row[0] for row in database.execute("SELECT id FROM student ORDER BY id")]
        for number in range(len(learners), size):
            one = learners[number % len(learners)]
            again(database, one, f"{one}-{number:04}")
            for kind in ("submitted", "autograded"):
                if (folder / kind / one).is_dir():
                    shutil.copytree(
                        folder / kind / one, folder / kind / f"{one}-{number:04}", copy_function=os.link
                    )


def again(database: sqlite3.Connection, one: str, name: str) -> None:
    """Enter a learner's rows once more under another name."""
    copied(database, "student", "id", one, {"id": name})
    for old, new in copied(database, "submitted_assignment", "student_id", one, {"student_id": name}):
        for paper, twin in copied(
            database, "submitted_notebook", "assignment_id", old, {"assignment_id": new}
        ):
            for table in ("grade", "comment"):
                copied(database, table, "notebook_id", paper, {"notebook_id": twin})


def copied(
    database: sqlite3.Connection, table: str, column: str, value: str, change: dict[str, str]
) -> list[tuple[str, str]]:
    """Copy the rows of a table in which the column has the value, with what changes; each old id and its new one."""
    found = database.execute(f"SELECT * FROM {table} WHERE {column} = ?", [value])
    names = [each[0] for each in found.description]
    ids = []
    for row in found.fetchall():
        old = dict(zip(names, row, strict=True))
        new = {**old, "id": uuid.uuid4().hex, **change}
        marks = ", ".join("?" * len(names))
        database.execute(f"INSERT INTO {table} VALUES ({marks})", [new[name] for name in names])
        ids.append((old["id"], new["id"]))
    return ids


def page(folder: Path) -> tuple[float, float, float]:
    """Run the notebook on the class as Jupyter does: seconds with the kernel's start, CPU seconds, megabytes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        words = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", str(PAGE)]
        environment = {**os.environ, "LOOPREADY_CLASS": str(folder)}
        subprocess.run([*words, "--output-dir", name], check=True, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, cpu, after.ru_maxrss / 1024


def steps(folder: Path) -> None:
    """What each cell takes, in a process of its own."""
    code = (
        "import sys, time\n"
        "begun = time.perf_counter()\n"
        "from loopready.cohort.desk import Desk\n"
        "desk = Desk()\n"
        "print(f'  {\"open\":<14}{time.perf_counter() - begun:7.2f} s')\n"
        "for name in [n for n, v in vars(Desk).items() if hasattr(v, '__wrapped__')]:\n"
        "    begun = time.perf_counter()\n"
        "    shown = getattr(desk, name)()\n"
        "    getattr(shown, 'png', None)\n"
        "    print(f'  {name:<14}{time.perf_counter() - begun:7.2f} s')\n"
    )
    environment = {**os.environ, "LOOPREADY_CLASS": str(folder)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, help="a demonstration class of 60 that is there already")
    options.add_argument("--sizes", default="60,1000", help="sizes of classes, the first one's as made")
    asked = options.parse_args()
    sizes = [int(one) for one in asked.sizes.split(",")]
    names = ("nbgrader", "pandas", "matplotlib", "sqlalchemy")
    load = os.getloadavg()[0]
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    print(", ".join(f"{name} {version(name)}" for name in names))
    with tempfile.TemporaryDirectory() as name:
        top = Path(name) / "class"
        if asked.folder:
            shutil.copytree(asked.folder, top)
        else:
            print(f"demo-class of {sizes[0]}: {make(top, sizes[0]):.0f} s, made and graded")
        for size in sizes:
            enlarge(top, size)
            seconds, cpu, memory = page(top)
            print(
                f"cohort notebook, {size:5} learners: {seconds:6.1f} s, {cpu:6.1f} CPU s, peak {memory:.0f} MB"
            )
            steps(top)


if __name__ == "__main__":
    main()
