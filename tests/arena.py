"""A class in which attackers hand in beside an honest learner, graded by stock nbgrader or by the referee.

An attack is data, in tests/attacks/: what is handed in, and the points that it deserves. What is looked at afterwards
is the same for both graders: points beyond those, secrets in what the attacker gets to see, harm to others.
"""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import socket
import subprocess
import sysconfig
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import pytest
from jupytext.myst import myst_to_notebook
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from loopready import cells, lessons
from loopready.referee.walls import missing

HERE = Path(__file__).parent / "attacks"
TOP = HERE.parents[1]
FAMILIES = ("forging", "stealing", "exhausting", "breaking", "malformed")
WEEK, HONEST, FULL = "arena", "zz-honest", 24.0
PORT = 47111

# Numbers that only hidden cases hold, and texts that lie where a learner has no business.
SECRETS = ("31337", "98765", "48611", "27644", "55119", "15252", "honest-4711", "private-4711", "secret-4711")

REFEREED = """
from loopready.referee.settings import refereed
refereed(c)
c.Refereed.timeout = 3
"""


@dataclass(frozen=True)
class Attack:
    """One submission: `deserves` is its points, or None where it cannot be graded."""

    family: str
    name: str
    says: str
    deserves: float | None
    text: str
    after: str = ""

    @property
    def learner(self) -> str:
        return f"{FAMILIES.index(self.family)}-{re.sub(r'[^a-z0-9]+', '-', self.name.lower())}"


@dataclass(frozen=True)
class Fate:
    """What came of an attack; `gained` are points beyond the deserved, None a record where there should be none."""

    score: float | None
    gained: float
    lost: float
    stole: tuple[str, ...] = ()
    harmed: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        return not (self.gained or self.lost or self.stole or self.harmed)

    def __str__(self) -> str:
        parts = (
            [f"+{self.gained:g} points"]
            if self.gained
            else [f"{self.lost:g} points lost"]
            if self.lost
            else []
        )
        parts += [f"sees {one}" for one in self.stole[:1]]
        return "; ".join([*parts, *self.harmed]) or "held"


@cache
def corpus() -> tuple[Attack, ...]:
    """All attacks, by family."""
    found = []
    for family in FAMILIES:
        for cell in myst_to_notebook((HERE / f"{family}.md").read_text()).cells:
            if cell.cell_type == "code":
                data = cell.metadata
                points = None if str(data["deserves"]) == "none" else float(data["deserves"])
                found.append(
                    Attack(
                        family, str(data["attack"]), data["says"], points, cell.source, data.get("after", "")
                    )
                )
    return tuple(found)


@cache
def source() -> NotebookNode:
    """The instructor's notebook."""
    made = lessons.notebook(cells.lesson(HERE / "arena.md"))
    for cell in made.cells:
        if "with checks(" not in cell.source:
            cell.source = re.sub(r"\n*checks\.score\(.*\)$", "", cell.source)
    return made


def answered(released: NotebookNode) -> NotebookNode:
    """The notebook with everything right, and a mark by which its copy is known."""
    paper = copy.deepcopy(released)
    models = {
        one.metadata.nbgrader.grade_id: one.source for one in source().cells if "nbgrader" in one.metadata
    }
    for one in paper.cells:
        if one.metadata.get("nbgrader", {}).get("solution"):
            one.source = models[one.metadata.nbgrader.grade_id]
    paper.cells.append(nbformat.v4.new_markdown_cell("honest-4711"))
    return paper


def hand_in(attack: Attack, released: NotebookNode, folder: Path) -> None:
    """Put the attacker's files into their folder."""
    folder.mkdir(parents=True)
    path = folder / f"{WEEK}.ipynb"
    if attack.family == "malformed":
        changed(attack, answered(released), released, path)
        return
    paper = copy.deepcopy(released)
    paper.cells[place(paper, "double")].source = attack.text
    if attack.after:
        paper.cells.append(nbformat.v4.new_code_cell(attack.after))
    path.write_text(nbformat.writes(paper))


def place(paper: NotebookNode, name: str) -> int:
    return next(
        n for n, one in enumerate(paper.cells) if one.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def changed(attack: Attack, paper: NotebookNode, released: NotebookNode, path: Path) -> None:
    """Carry out what a malformed submission's text says."""

    def blank(*names: str) -> None:
        for one in paper.cells:
            role = one.metadata.get("nbgrader", {})
            if role.get("solution") and (not names or role["grade_id"] in names):
                one.source = released.cells[place(released, role["grade_id"])].source

    names = {
        "paper": paper, "path": path, "blank": blank, "place": lambda name: place(paper, name), "copy": copy,
        "json": json, "nbformat": nbformat, "write": lambda one: json.dumps(one), "data": None,
    }  # fmt: skip
    exec(attack.text, names)
    if names["data"] is not None:
        path.write_bytes(names["data"])
    elif not path.exists() and not path.is_symlink() and not path.with_name(f"{WEEK} (1).ipynb").exists():
        path.write_text(json.dumps(paper))


def prepare(folder: Path, refereed: bool) -> Path:
    """The course with its gradebook and an honest submission, and the instructor's home beside it."""
    course = folder / "course"
    (course / "source" / WEEK).mkdir(parents=True)
    (folder / "home").mkdir()
    nbformat.write(source(), course / "source" / WEEK / f"{WEEK}.ipynb")
    (course / "private.txt").write_text("private-4711")
    (folder / "home" / "private.txt").write_text("private-4711")
    config = 'c = get_config()\nc.CourseDirectory.course_id = "arena"\n'
    (course / "nbgrader_config.py").write_text(config + (REFEREED if refereed else ""))
    done = nbgrader(course, "generate_assignment", WEEK)
    assert done.returncode == 0, done.stderr
    honest = course / "submitted" / HONEST / WEEK
    honest.mkdir(parents=True)
    nbformat.write(answered(released(course)), honest / f"{WEEK}.ipynb")
    return course


def released(course: Path) -> NotebookNode:
    return nbformat.read(course / "release" / WEEK / f"{WEEK}.ipynb", as_version=4)


def nbgrader(course: Path, *words: str, seconds: float = 900) -> subprocess.CompletedProcess:
    """Run one of nbgrader's commands as the instructor would."""
    home = course.parent / "home"
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    environment = {
        "PATH": path, "HOME": str(home), "ARENA_SECRET": "secret-4711", "ARENA_HOME": str(home), "LANG": "C.UTF-8",
        "PYTHONPATH": str(TOP), **{f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")},
    }  # fmt: skip
    words = (sysconfig.get_path("scripts") + "/nbgrader", *words)
    with subprocess.Popen(
        words, cwd=course, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        said: list[str] = []
        # Not communicate: what an attacker leaves behind holds the pipe open.
        reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
        reader.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        reader.join(2)
        return subprocess.CompletedProcess(words, process.wait(), "", "".join(said))


@contextmanager
def listening(attacks: list[Attack]) -> Iterator[list[bytes]]:
    """A server that somebody without a network cannot reach, where somebody tries to; what it was told."""
    told: list[bytes] = []
    if not any(str(PORT) in one.text for one in attacks):
        yield told
        return
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", PORT))
        server.listen()
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    line, _ = server.accept()
                    told.append(line.recv(100))
                except OSError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield told
        finally:
            over.set()
            thread.join()


def hold(
    folder: Path, attacks: Iterable[Attack], refereed: bool, course: Path | None = None, seconds: float = 1800
) -> dict[str, Fate]:
    """Grade the attacks and the honest learner after them, for so long; the fate of each attack by name."""
    attacks = list(attacks)
    course = course or prepare(folder, refereed)
    stale = [one for one in attacks if "stale = True" in one.text]
    for one in stale:
        first = course / "submitted" / one.learner / WEEK
        first.mkdir(parents=True)
        nbformat.write(answered(released(course)), first / f"{WEEK}.ipynb")
        nbgrader(course, "autograde", WEEK, "--student", one.learner)
        shutil.rmtree(first)
        shutil.rmtree(course / "autograded" / one.learner, ignore_errors=True)
    for one in attacks:
        hand_in(one, released(course), course / "submitted" / one.learner / WEEK)
    before = state(course)
    with listening(attacks) as told:
        done = nbgrader(course, "autograde", WEEK, seconds=seconds)
    after = state(course)
    common = harm(course, before, after, told)
    return {one.name: fate(one, course, common, done.stderr) for one in attacks}


def fate(attack: Attack, course: Path, common: tuple[str, ...], said: str) -> Fate:
    """What came of one attack."""
    score = points(course, attack.learner)
    deserved = attack.deserves or 0.0
    gained = max((score or 0.0) - deserved, 0.0) if score is not None else 0.0
    lost = max(deserved - (score or 0.0), 0.0)
    harmed = [*common, *took(attack, course)]
    if attack.deserves is None and score == 0.0:
        harmed.append("a zero that nobody earned")
    return Fate(score, gained, lost, tuple(stolen(attack, course)), tuple(harmed))


def points(course: Path, learner: str) -> float | None:
    """The points in the gradebook; None where no cell has a score."""
    try:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "arena") as book:
            grades = book.find_submission(WEEK, learner).notebooks[0].grades
            scores = [one.manual_score if one.manual_score is not None else one.auto_score for one in grades]
    except (MissingEntry, IndexError):
        return None
    except Exception:
        return None
    return None if all(one is None for one in scores) else sum(one or 0.0 for one in scores)


def seen(attack: Attack, course: Path) -> list[str]:
    """What the attacker gets to see: the outputs, cell by cell, and files beside them."""
    folder, texts = course / "autograded" / attack.learner / WEEK, []
    for path in folder.rglob("*") if folder.exists() else ():
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            texts += [json.dumps(cell.get("outputs", "")).replace("\\", "") for cell in cells]
        elif path.suffix == ".txt" and path.name != "timestamp.txt":
            texts.append(f"stolen:{path.read_bytes()[:100_000]!r}")
    return texts


def stolen(attack: Attack, course: Path) -> Iterator[str]:
    """The secrets that stand behind a mark which attackers set before their loot, in the same cell."""
    shown = seen(attack, course)
    loot = "".join(
        shown if attack.name == "a traceback" else (text.partition("stolen:")[2] for text in shown)
    )
    yield from (one for one in SECRETS if one in loot)


def took(attack: Attack, course: Path) -> Iterator[str]:
    """What an attacker says that they could take."""
    text = "".join(seen(attack, course))
    # A traceback shows the cell's text, and with it what would have been printed.
    what = "took:(memory|processes|threads|files|disk)"
    printed = re.findall(f'"name": "stdout", "output_type": "stream", "text": "{what}', text)
    yield from (f"took too much ({what})" for what in printed[:1])
    if len(text) > 20_000_000:
        yield "a notebook of more than 20 MB"


def state(course: Path) -> dict[str, str]:
    """What nobody but the instructor may change."""
    kept = [course / "private.txt", course / "nbgrader_config.py", *(course / "source").rglob("*")]
    kept += (course / "submitted").rglob("*")
    found = {str(path.relative_to(course)): path.read_bytes()[:1_000_000].hex() for path in kept if path.is_file()
             and not path.is_symlink()}  # fmt: skip
    return {
        **found,
        "files": str(sorted(path.name for path in course.iterdir() if path.name not in ("autograded",))),
    }


def harm(course: Path, before: dict[str, str], after: dict[str, str], told: list[bytes]) -> tuple[str, ...]:
    """What happened to others."""
    harmed = [] if points(course, HONEST) == FULL else ["the honest learner is not graded right"]
    harmed += ["the course's files changed"] if before != after else []
    harmed += ["a server was reached"] if told else []
    startup = course.parent / "home" / ".ipython" / "profile_default" / "startup" / "00.py"
    harmed += ["the instructor's home changed"] if startup.exists() else []
    harmed += ["processes outlive the grading"] if left_behind() else []
    return tuple(harmed)


def left_behind() -> bool:
    """Whether the process that attackers leave behind is there; it is ended."""
    done = subprocess.run(["pgrep", "-f", "^sleep 4711$"], capture_output=True, text=True)
    for pid in done.stdout.split():
        os.kill(int(pid), 9)
    return bool(done.stdout.split())


# What a machine without these walls lets through is no news, and is said by `loopready doctor`.
WALLS = pytest.mark.skipif(bool(missing()), reason=f"this machine lacks: {'; '.join(missing())}")


def family(name: str) -> tuple[Callable, Callable]:
    """A family's attacks as pytest runs them: the fixture that grades them, once and in one class, and the test."""
    attacks = [one for one in corpus() if one.family == name]

    @pytest.fixture(scope="module")
    def fates(tmp_path_factory) -> dict[str, Fate]:
        return hold(tmp_path_factory.mktemp(name), attacks, refereed=True)

    @WALLS
    @pytest.mark.parametrize("attack", attacks, ids=lambda one: one.name)
    def test(fates: dict[str, Fate], attack: Attack) -> None:
        held = fates[attack.name]
        assert held.held, str(held)
        if attack.deserves is None:
            assert held.score is None

    return fates, test
