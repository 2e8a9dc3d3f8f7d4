"""JupyterLab as a user starts it, and as somebody with a keyboard and a mouse meets it."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect, sync_playwright
from tiny_course import TOP

from loopready.doctor import chromium

WINDOW = {"width": 1280, "height": 900}
PATIENCE = 60  # seconds to wait for anything at all, on a machine that is busy with other tests
RAN = re.compile(r"\[\d+\]:")


@contextmanager
def launched() -> Iterator[Browser]:
    """A real Chromium; where there is none the tests are skipped, but not in CI."""
    program = chromium()
    if program is None:
        missing = "no Chromium for the browser tests: install chromium, or set LOOPREADY_CHROMIUM to one"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, as whom CI runs.
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        expect.set_options(timeout=PATIENCE * 1000)
        yield opened
        opened.close()


def copy_course(course: Path) -> Path:
    """Put what a clone has into the folder `course`, without what a learner made here."""
    hidden = shutil.ignore_patterns(".*")
    for folder in ("lessons", "source", "release", "notebooks"):
        shutil.copytree(TOP / folder, course / folder, ignore=hidden)
    shutil.copy(TOP / "nbgrader_config.py", course)
    return course


@contextmanager
def jupyterlab(course: Path, home: Path) -> Iterator[str]:
    """Run `loopready lab` in `course`, with all that Jupyter keeps for a user in `home`; gives its address."""
    token, port = secrets.token_hex(16), _free_port()
    for_jupyter = ["--allow-root", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    words = ["lab", "--no-browser", "--port", str(port), "--", *for_jupyter]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "loopready.cli", *words],
            cwd=course,
            env=_environment(home),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(server, port, home / "log.txt")
        yield f"http://127.0.0.1:{port}/lab/tree/{{path}}?token={token}"
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(home: Path) -> dict[str, str]:
    """The developer's environment without the settings, the tabs and the answers that are the developer's own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "LOOPREADY_"))}
    own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    return {
        **kept,
        **{f"JUPYTER_{name}": str(home / name.lower()) for name in own},
        **{f"JUPYTERLAB_{name}_DIR": str(home / name.lower()) for name in ("SETTINGS", "WORKSPACES")},
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(TOP),
    }


def _wait_until_it_answers(server: subprocess.Popen, port: int, log: Path) -> None:
    last = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < last:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def _stop(server: subprocess.Popen) -> None:
    # Asked first, since only the server knows its kernels: each has a process group of its own.
    server.terminate()
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class Lab:
    """JupyterLab in a browser."""

    def __init__(self, page: Page, address: str, course: Path) -> None:
        self.page, self.address, self.course = page, address, course
        # Of the context: a second tab is as patient.
        page.context.set_default_timeout(PATIENCE * 1000)

    def open(self, path: str) -> "Notebook":
        """Go to a notebook by its address, as a bookmark does, and wait until it can be used."""
        self.page.goto(self.address.format(path=quote(path)))
        return self.notebook(path)

    def notebook(self, path: str) -> "Notebook":
        """A notebook that JupyterLab opens by itself, once all its cells and its kernel are there."""
        notebook = Notebook(self, path)
        expect(notebook.tab).to_have_class(re.compile("jp-mod-current"))
        # A cell that is run before the kernel is there is not run at all.
        kernel = self.page.get_by_title(f"Change kernel for {notebook.file.name}")
        expect(kernel).to_have_text("Python 3 (ipykernel) | Idle")
        expect(notebook.cells).to_have_count(len(notebook.written()))
        return notebook

    def menu(self, name: str, item: str) -> None:
        """Choose an item of a menu."""
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def tab(self, path: str) -> Locator:
        """The tab of a file."""
        return self.page.locator(f'.lm-TabBar-tab[title*="Path: {path}"]')

    def panel(self, path: str) -> Locator:
        """What the tab of a file shows."""
        return self.page.locator(f"[id='{self.tab(path).get_attribute('data-id')}']")

    def dialogs(self) -> Locator:
        """What must be answered before anything else can be done."""
        return self.page.locator(".jp-Dialog")

    def notifications(self) -> Locator:
        """What pops up over the page's corner."""
        return self.page.locator(".Toastify__toast")


class Notebook:
    """One open notebook; a cell goes by its name, or by words that no other code cell has."""

    def __init__(self, lab: Lab, path: str) -> None:
        self.lab, self.path, self.file = lab, path, lab.course / path
        self.tab = lab.tab(path)

    def show(self) -> "Notebook":
        """Bring its tab to the front."""
        self.tab.click()
        return self

    def written(self) -> list[dict]:
        """The cells of the file, once it is whole: JupyterLab empties a file before it writes it anew."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return json.loads(self.file.read_text(encoding="utf-8"))["cells"]
            except json.JSONDecodeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    @property
    def cells(self) -> Locator:
        """The cells on the screen."""
        return self.lab.panel(self.path).locator(".jp-Notebook-cell")

    def cell(self, name: str) -> Locator:
        """The cell with this name, or the code cell with these words in it."""
        return self.cells.nth(self._place(name))

    def output(self, name: str) -> Locator:
        """What the cell shows."""
        return self.cell(name).locator(".jp-Cell-outputArea")

    def code(self) -> Locator:
        """Every code cell."""
        return self.lab.panel(self.path).locator(".jp-CodeCell")

    def errors(self) -> Locator:
        """Every traceback and every line on stderr."""
        return self.lab.panel(self.path).locator("[data-mime-type*=error], [data-mime-type*=stderr]")

    def run_all(self) -> None:
        """Run the cells from top to bottom, once, and wait for the last of them."""
        self.show()
        self.lab.menu("Run", "Run All Cells")
        prompts = self.code().locator(".jp-InputPrompt")
        expect(prompts).to_have_text([RAN] * self.code().count())

    def run(self, name: str) -> None:
        """Click into a cell, run it, and wait until it has run."""
        prompt = self.cell(name).locator(".jp-InputPrompt")
        before = prompt.text_content()
        self._click_into(name)
        self.lab.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(RAN)

    def hold_kernel(self, name: str, seconds: float) -> None:
        """Stop the whole kernel for a while, from the cell with this name: what the page says meanwhile, it hears late.

        Stopped by a signal, since JupyterLab lets widgets speak to a kernel whose main thread has a cell to run.
        """
        on = f"import os, signal; os.system('(sleep {seconds}; kill -CONT %d) &' % os.getpid())"
        self.type_in(name, f"{on}; os.kill(os.getpid(), signal.SIGSTOP)")
        self.lab.page.keyboard.press("Control+Enter")
        expect(self.cell(name).locator(".jp-InputPrompt")).to_have_text("[*]:")

    def type_in(self, name: str, text: str) -> None:
        """Click into a cell and enter `text` in place of its own, in one go as an input method does."""
        self._click_into(name)
        self.lab.page.keyboard.press("ControlOrMeta+a")
        # Key by key, the editor would indent each line once more.
        self.lab.page.keyboard.insert_text(text)

    def write_prose(self, name: str, text: str) -> None:
        """Enter `text` in place of what a cell of prose says, and have it rendered."""
        self.show()
        self.cell(name).locator(".jp-MarkdownOutput").dblclick()
        self.cell(name).locator(".cm-content").click()
        self.lab.page.keyboard.press("ControlOrMeta+a")
        self.lab.page.keyboard.insert_text(text)
        self.lab.page.keyboard.press("Control+Enter")

    def add_line(self, name: str, line: str) -> None:
        """Type one line at a cell's end, key by key."""
        self._click_into(name)
        self.lab.page.keyboard.press("ControlOrMeta+End")
        self.lab.page.keyboard.press("Enter")
        self.lab.page.keyboard.type(line)

    def press(self, button: str) -> None:
        """Press a button that a cell shows."""
        self.lab.panel(self.path).get_by_role("button", name=button).click()

    def save(self) -> None:
        """Save by the keyboard what has changed, and wait until that is done."""
        self.show()
        with self.lab.page.expect_response(self._is_save):
            self.lab.page.keyboard.press("ControlOrMeta+s")
        expect(self.tab).not_to_have_class(re.compile("jp-mod-dirty"))

    def restart(self) -> None:
        """Restart the kernel and clear what the cells show."""
        self.show()
        self.lab.menu("Kernel", "Restart Kernel and Clear Outputs of All Cells…")
        self.lab.page.get_by_role("button", name="Confirm Kernel Restart").click()
        expect(self.code().locator(".jp-InputPrompt")).to_have_text(["[ ]:"] * self.code().count())

    def _click_into(self, name: str) -> None:
        self.show()
        self.cell(name).locator(".cm-content").click()

    def _is_save(self, response: Response) -> bool:
        return response.request.method == "PUT" and f"/api/contents/{self.path}" in response.url

    def _place(self, name: str) -> int:
        cells = self.written()
        named = [cell["metadata"].get("nbgrader", {}).get("grade_id") == name for cell in cells]
        having = [cell["cell_type"] == "code" and name in "".join(cell["source"]) for cell in cells]
        [place] = [place for place, found in enumerate(named if any(named) else having) if found]
        return place


def until(done: Callable[[], object], page: Page) -> None:
    """Wait until something is so, with the page going on meanwhile."""
    last = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < last:
        page.wait_for_timeout(100)
    assert done()


def choose(page: Page, steps: int) -> None:
    """Open the list that has the focus, and go down that far. Closed, JupyterLab takes the arrows for itself."""
    chosen = "() => document.activeElement.selectedIndex"
    wanted = page.evaluate(chosen) + steps
    for pause in (300, 1000, 3000):  # milliseconds; nothing in the page tells when its list is open
        page.keyboard.press("Space")
        page.wait_for_timeout(pause)
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        if page.evaluate(chosen) == wanted:
            return
    raise AssertionError(f"the list stands at {page.evaluate(chosen)} and not at {wanted}")
