"""A class held as the instructor's page says: its commands are read out of it and run one after the other."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import copy, copytree

import nbformat
from hand_ins import ABSENT, BY_MAIL, FILE, HAND_INS, ON_TIME, USER, WEEK
from nbgrader.api import Gradebook

from loopready.enclosure import Enclosed, enclose
from loopready.ratings import Rating, Subject
from loopready.store import now
from loopready.stories import Story

TOP = Path(__file__).resolve().parents[1]
PAGE = (TOP / "docs" / "instructor.md").read_text(encoding="utf-8")


def steps() -> list[tuple[str, str]]:
    """The commands of the page in its order, each with who types it: "" for the instructor, or "learner"."""
    blocks = re.findall(r"^```sh ?(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [(who, line) for who, lines in blocks for line in lines.splitlines()]


def table(*columns: str) -> list[dict[str, str]]:
    """The rows of the page's table that begins with these columns."""
    text = PAGE[PAGE.index(f"| {' | '.join(columns)} |") :].split("\n\n")[0]
    heading, _, *rows = ([part.strip() for part in line.strip("|").split("|")] for line in text.splitlines())
    return [dict(zip(heading, row, strict=True)) for row in rows]


@dataclass
class Said:
    """A command of the page that was run: its line, how it ended, and what it printed."""

    line: str
    code: int
    text: str

    @property
    def grades(self) -> bool:
        """Whether it is a grading."""
        return "autograde" in self.line or "--class" in self.line

    def of(self, learner: str) -> str:
        """Why a grading says that it did not grade this learner; empty when it does not say so."""
        reasons = dict(line.split(": ", 1) for line in self.text.splitlines() if ": " in line)
        return reasons.get(learner, "")


@dataclass
class Held:
    """The class that was held: what each command said, and the gradebook after each run of the grading.

    A gradebook is {learner: {cell: [points from tests, points by hand, waits for a person]}}.
    """

    folder: str
    said: list[Said] = field(default_factory=list)
    gradebooks: list[dict[str, dict[str, list]]] = field(default_factory=list)
    logged: dict[str, str] = field(default_factory=dict)
    late: dict[str, float] = field(default_factory=dict)
    formgrader: dict = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Held:
        data = json.loads(text)
        data["said"] = [Said(**one) for one in data["said"]]
        return cls(**data)

    def grading(self, run: int) -> Said:
        """What a run of the grading said, 0 for the first."""
        return [one for one in self.said if one.grades][run]


def hold(folder: Path) -> Held:
    """Hold the class of the page in a course of its own below `folder`."""
    assert USER not in [one.learner for one in HAND_INS[1:]], f"the class has a learner called {USER} already"
    lay_out(folder)
    held = Held(str(folder))
    for who, line in steps():
        prepare(line, held, folder)
        held.said.append(typed(line, folder, who))
        if held.said[-1].grades:
            held.gradebooks.append(gradebook(folder))
    held.late = seconds_late(folder)
    return held


def lay_out(folder: Path) -> None:
    """The course as a clone has it, a learner's folder, and an exchange that is nobody else's."""
    (folder / "clone" / "my").mkdir(parents=True)
    for name in ("source", "lessons"):
        copytree(TOP / name, folder / "course" / name)
    copy(TOP / "nbgrader_config.py", folder / "course")
    (folder / "config").mkdir()
    exchange = f"c = get_config()\nc.Exchange.root = {str(folder / 'exchange')!r}\n"
    (folder / "config" / "nbgrader_config.py").write_text(exchange)


def environment(folder: Path) -> dict[str, str]:
    """An environment in which nobody's own settings count."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOOPREADY_")}
    jupyter = {f"JUPYTER_{kind}_DIR": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return {**clean, **jupyter, "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(TOP), "PATH": path}


def typed(line: str, folder: Path, who: str = "") -> Said:
    """Run a command as the instructor, or as the learner, types it."""
    done = subprocess.run(
        shlex.split(line),
        cwd=folder / ("clone/my" if who == "learner" else "course"),
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1500,
    )
    return Said(line, done.returncode, done.stdout)


def prepare(line: str, held: Held, folder: Path) -> None:
    """What people do before this command of the page is typed."""
    course = folder / "course"
    if "student import" in line:
        write_roster(course / "roster.csv")
    elif "submit" in line:
        mine = folder / "clone" / "my" / WEEK / FILE
        mine.write_text(HAND_INS[0].files(nbformat.read(mine, as_version=4))[FILE])
        # As the cards leave it there when the learner presses Save.
        levels = {"Depth": Rating(STORY.subject, "Depth", 4, 5, now())}
        enclose(mine.parent, STORY.subject, STORY.story, levels)
    elif "collect" in line:
        others_hand_in(course, folder / "exchange" / "loopready" / "inbound")
    elif "--class" in line and len(held.gradebooks) == 1:
        held.logged = warnings(course / "autograded" / ".loopready" / "log.txt")
        mend(course / "submitted")
    elif "generate_feedback" in line:
        with formgrader(folder) as ask:
            held.formgrader = graded_by_hand(ask)


def write_roster(path: Path) -> None:
    """The page's roster with the whole class in it; the last name of the absent one has a comma."""
    heading = re.search(r"^```csv\n(.*)$", PAGE, re.MULTILINE)[1]
    rows = [f"{one.learner},{one.learner.title()},Abe,{one.learner}@example.org" for one in HAND_INS]
    path.write_text("\n".join([heading, *rows, f'{ABSENT},Tom,"Abe, Jr.",tom@example.org', ""]))


def others_hand_in(course: Path, inbound: Path) -> None:
    """Everybody but the account's own learner: as nbgrader's submit leaves it, or by mail."""
    released = nbformat.read(course / "release" / WEEK / FILE, as_version=4)
    for one in HAND_INS[1:]:
        files = {"timestamp.txt": ON_TIME, "submission_secret.txt": one.learner, **one.files(released)}
        target = inbound / f"{one.learner}+{WEEK}+{files['timestamp.txt']}+x"
        if one.learner == BY_MAIL:
            target = course / "submitted" / BY_MAIL / WEEK
            del files["timestamp.txt"], files["submission_secret.txt"]
        target.mkdir(parents=True)
        for name, text in files.items():
            (target / name).write_text(text)


def warnings(log: Path) -> dict[str, str]:
    """What the log of a run warns of, by learner."""
    return dict(re.findall(r" WARNING (\w+): (.*)", log.read_text()))


def mend(submitted: Path) -> None:
    """What the page's table tells the instructor to mend."""
    (submitted / "mia" / WEEK / "week-01 (1).ipynb").rename(submitted / "mia" / WEEK / FILE)


def gradebook(folder: Path) -> dict[str, dict[str, list]]:
    """Each learner's grades in the gradebook, by cell."""
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}", "loopready") as book:
        return {
            one.student.id: {
                grade.name: [grade.auto_score, grade.manual_score, grade.needs_manual_grade]
                for grade in one.notebooks[0].grades
            }
            for one in book.find_assignment(WEEK).submissions
        }


def seconds_late(folder: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}", "loopready") as book:
        return {one.student.id: one.total_seconds_late for one in book.find_assignment(WEEK).submissions}


# The story that the first learner rated, with markup in it as a careless or a clever one might write.
STORY = Enclosed(Subject("story", "the-pipeline"), Story("The <b>pipeline</b>", *[...] * 6), {})

Ask = Callable[..., str]


@contextmanager
def formgrader(folder: Path) -> Iterator[Ask]:
    """A Jupyter server on the course's folder, and a function that asks it for a page as a browser would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"port": port, "port_retries": 0, "open_browser": False, "allow_root": True}
    words = ["jupyter", "server", "--IdentityProvider.token=secret"]
    words += [f"--ServerApp.{name}={value}" for name, value in options.items()]

    def ask(path: str, body: dict | None = None, method: str = "") -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token secret"},
            method=method or ("GET" if body is None else "PUT"),
        )
        with urllib.request.urlopen(request, timeout=900) as answer:
            return answer.read().decode()

    log = folder / "server.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            words, cwd=folder / "course", env=environment(folder), stdout=file, stderr=file
        ) as server,
    ):
        try:
            while not answers(ask):
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            yield ask
        finally:
            server.terminate()


def answers(ask: Ask) -> bool:
    try:
        return bool(ask("api/status"))
    except urllib.error.URLError:
        return False


def graded_by_hand(ask: Ask) -> dict:
    """Rate the one with everything right, and the one whose answers stand in new cells, in the formgrader."""
    listed = {
        one["student"]: one for one in json.loads(ask(f"formgrader/api/submitted_notebooks/{WEEK}/{WEEK}"))
    }
    waiting = {learner: one["needs_manual_grade"] for learner, one in listed.items()}
    page = ask(f"formgrader/submissions/{listed[USER]['id']}")
    for learner, points in [
        (USER, {"url-shortener-design": 15, "ownership-story": 12.8}),
        ("kim", {"url-shortener-design": 14}),
    ]:
        submission = f"submission_id={listed[learner]['id']}"
        for grade in json.loads(ask(f"formgrader/api/grades?{submission}")):
            if grade["name"] in points:
                ask(f"formgrader/api/grade/{grade['id']}", {"manual_score": points[grade["name"]]})
        for comment in json.loads(ask(f"formgrader/api/comments?{submission}")):
            if comment["name"] in points:
                ask(
                    f"formgrader/api/comment/{comment['id']}", {"manual_comment": "Say what the cache costs."}
                )
    return {"waiting": waiting, "page": page, "again": pressed(ask, "omar")}


def pressed(ask: Ask, learner: str) -> dict[str, float]:
    """Have the formgrader's button grade a learner anew; the points that it then shows."""
    said = json.loads(ask(f"formgrader/api/submission/{WEEK}/{learner}/autograde", {}, "POST"))
    assert said["success"], said
    listed = json.loads(ask(f"formgrader/api/submissions/{WEEK}"))
    return {one["student"]: one["score"] for one in listed if one["student"] == learner}
