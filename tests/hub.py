"""A class on JupyterHub as docs/class.md sets it up: its hub, and the people who log in."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests
import websocket
from classes import Said
from lab import PATIENCE, copy_course

TOP = Path(__file__).resolve().parents[1]
HUB = TOP / "examples" / "hub"
PAGE = (TOP / "docs" / "class.md").read_text(encoding="utf-8")
PLACE = "/srv/loopready"  # where the page has the class's folder
WEEK = "week-01"


def blocks(kind: str) -> list[str]:
    """The page's code blocks of a kind, as "sh desk", in its order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def lines(who: str) -> list[str]:
    """The commands that somebody types, in the page's order."""
    return [line for block in blocks(f"sh {who}") for line in block.splitlines()]


def set_up(folder: Path) -> Path:
    """Lay out the class's folder by the page's commands; gives the folder."""
    if not (HUB / "node_modules").is_dir():
        missing = "no proxy for JupyterHub: run `make proxy`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    folder.mkdir()
    # In place of a clone, which would not have what is changed here and not committed.
    (copy_course(folder / "course") / "examples").mkdir()
    shutil.copytree(HUB, folder / "course/examples/hub", ignore=shutil.ignore_patterns("node_modules"))
    for line in lines("admin"):
        if line.startswith("npm ci"):
            (folder / "hub" / "node_modules").symlink_to(HUB / "node_modules")
        elif not line.startswith("git clone"):
            subprocess.run(["sh", "-euc", line.replace(PLACE, str(folder))], check=True, timeout=60)
    [roster] = blocks("csv")
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    return folder


@dataclass
class Hub:
    """A hub that runs: where, its class's folder, and its process, whose input is to be kept open."""

    folder: Path
    address: str
    password: str
    process: subprocess.Popen
    started: list[int] = field(default_factory=list)

    def log(self) -> str:
        return (self.folder / "hub.log").read_text(errors="replace")

    def end(self) -> None:
        """Close the hub's input, as the system does when the program that started it is killed."""
        self.started = descendants(self.process.pid)
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)


@contextmanager
def running(folder: Path) -> Iterator[Hub]:
    """The hub of the class in `folder`, by its trial configuration, until the block ends or this process does."""
    password, port = secrets.token_urlsafe(12), free_port()
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(folder / "hub" / "trial_config.py")],
            cwd=folder,
            env=environment(password, port),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    hub = Hub(folder, f"http://127.0.0.1:{port}", password, process)
    try:
        wait_for(lambda: answers(f"{hub.address}/hub/api/"), hub)
        yield hub
    finally:
        if process.poll() is None:
            hub.end()


def environment(password: str, port: int) -> dict[str, str]:
    """As somebody's shell has it after the page's `activate`, without what is their own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "LOOPREADY_"))}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    trial = {"PASSWORD": password, "PORT": str(port), "ENDS_WITH_INPUT": "1"}
    return {**kept, "PATH": path, "PYTHONPATH": str(TOP)} | {
        f"LOOPREADY_TRIAL_{name}": text for name, text in trial.items()
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def wait_for(true: Callable[[], bool], hub: Hub) -> None:
    last = time.monotonic() + PATIENCE
    while not true():
        assert hub.process.poll() is None and time.monotonic() < last, hub.log()[-4000:]
        time.sleep(0.2)


def descendants(pid: int) -> list[int]:
    """The processes that this one started, and those that they started."""
    return [one.pid for one in psutil.Process(pid).children(recursive=True)]


class Person:
    """Somebody of the class, logged in at the hub, without a browser."""

    def __init__(self, hub: Hub, name: str):
        self.hub, self.name, self.base = hub, name, f"{hub.address}/user/{name}/"
        self.web = requests.Session()
        page = self.web.get(f"{hub.address}/hub/login", timeout=PATIENCE).text
        form = {
            "username": name,
            "password": hub.password,
            "_xsrf": re.search(r'name="_xsrf" value="(.*?)"', page)[1],
        }
        self.logged_in = self.web.post(f"{hub.address}/hub/login", data=form, timeout=PATIENCE)

    def token(self) -> str:
        """A token of their own, with which a program asks in their name."""
        [xsrf] = {one.value for one in self.web.cookies if one.name == "_xsrf" and one.path == "/hub/"}
        asked = self.web.post(
            f"{self.hub.address}/hub/api/users/{self.name}/tokens",
            headers={"X-XSRFToken": xsrf},
            timeout=PATIENCE,
        )
        asked.raise_for_status()
        return asked.json()["token"]

    def start(self) -> Person:
        """Have the hub start their server, and wait until it answers."""
        self.headers = {"Authorization": f"token {self.token()}"}
        url = f"{self.hub.address}/hub/api/users/{self.name}"
        requests.post(f"{url}/server", headers=self.headers, timeout=PATIENCE).raise_for_status()
        wait_for(lambda: requests.get(url, headers=self.headers, timeout=PATIENCE).json()["server"], self.hub)
        return self

    def at(self, path: str) -> Person:
        """Be at a service of the hub in place of a server of one's own."""
        self.headers = {"Authorization": f"token {self.token()}"}
        self.base = f"{self.hub.address}{path}"
        return self

    def asks(self, path: str) -> requests.Response:
        """What their server answers to a path of it."""
        return requests.get(f"{self.base}{path}", headers=self.headers, timeout=PATIENCE)

    def types(self, line: str) -> Said:
        """Type a command into a terminal of their JupyterLab, and wait for its end."""
        opened = requests.post(f"{self.base}api/terminals", headers=self.headers, timeout=PATIENCE).json()
        address = urlsplit(self.base)._replace(scheme="ws").geturl()
        terminal = websocket.create_connection(
            f"{address}terminals/websocket/{opened['name']}", header=self.headers, timeout=PATIENCE
        )
        try:
            # The end is put together by the shell, so that the echo of the line does not look like it.
            terminal.send(json.dumps(["stdin", f"{line}; printf '<%s:%d>' end $?\r"]))
            text = ""
            while not (end := re.search(r"<end:(\d+)>", text)):
                kind, said = json.loads(terminal.recv())[:2]
                text += said if kind == "stdout" else ""
            return Said(line, int(end[1]), text[: end.start()])
        finally:
            terminal.close()
