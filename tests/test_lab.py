import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_course import KERNEL, TOP, answered, command, lay_out, sources

from loopready.doctor import chromium
from loopready.lab import keep_page

PAGE = "notebooks/start-here.ipynb"
# The manager sets the hook twice, and warns.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding existing pre_save_hook")


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    return lay_out(tmp_path)


def save(top, path: str, notebook: nbformat.NotebookNode) -> dict:
    """Save through the manager JupyterLab's server uses."""
    manager = AsyncLargeFileManager(root_dir=str(top), pre_save_hook=keep_page)
    return asyncio.run(manager.save({"type": "notebook", "format": "json", "content": notebook}, path))


def ran(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with an output more, as a reader's run leaves it."""
    notebook.cells[2].execution_count = 7
    notebook.cells[2].outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "1"}, execution_count=7)
    ]
    return notebook


@pytest.mark.parametrize(
    "text",
    [None, '{"cells":[],"metadata":{},"nbformat_minor":5,"nbformat":4}'],
    ids=["usual", "other spacing"],
)
def test_a_page_that_was_only_run_keeps_its_bytes(top, text):
    if text:
        (top / PAGE).write_text(text)
    before = (top / PAGE).read_bytes()
    page = nbformat.read(top / PAGE, as_version=4)
    model = save(top, PAGE, page if text else ran(page))
    assert (top / PAGE).read_bytes() == before
    assert model["type"] == "notebook"
    assert not (top / "my").exists()


def test_what_a_reader_typed_into_a_page_goes_to_the_learners_folder(top):
    before, page = (top / PAGE).read_bytes(), answered("return 'typed'")
    save(top, PAGE, page)
    assert (top / PAGE).read_bytes() == before
    assert "return 'typed'" in sources(top / "my/pages/start-here.ipynb")[0]


@pytest.mark.parametrize(
    "path",
    ["notebooks/scratch.ipynb", "my/week-01/week-01.ipynb", "week-01.ipynb"],
    ids=["own page", "own week", "top"],
)
def test_every_other_notebook_is_saved_as_it_is(top, path):
    (top / path).parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered("pass"), top / path)
    save(top, path, answered("return 'typed'"))
    assert "return 'typed'" in sources(top / path)[0]


def test_a_new_notebook_can_be_made_beside_the_pages(top):
    save(top, "notebooks/Untitled.ipynb", answered())
    assert (top / "notebooks/Untitled.ipynb").exists()


@contextmanager
def jupyterlab(top):
    """JupyterLab as `loopready lab` starts it; the address with its token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["lab", "--no-browser", "--port", str(port), "--", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(TOP),
        "JUPYTER_TOKEN": "secret",
        # Not the tabs that the developer's own JupyterLab had open.
        "JUPYTERLAB_WORKSPACES_DIR": str(top / "run"),
        "JUPYTER_RUNTIME_DIR": str(top / "run"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "loopready.cli", *words], cwd=top, env=environment, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield _answering(server, port)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def _answering(server: subprocess.Popen, port: int) -> str:
    """The server's address, once it answers."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api"):
                return f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab ended with code {server.returncode}")


def test_a_second_jupyterlab_on_the_folder_is_refused_by_naming_the_first(top):
    with jupyterlab(top) as address:
        done = command(top, "lab", JUPYTER_RUNTIME_DIR=str(top / "run"))
    port = address.rsplit(":", 1)[1]
    assert done.returncode == 1
    assert f"already runs on this folder at http://127.0.0.1:{port}/: " in done.stderr
    assert f"jupyter server stop {port}` ends it" in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_jupyterlab_does_not_ask_for_its_news_first(top):
    settings = "lab/api/settings/@jupyterlab/apputils-extension:notification?token=secret"
    with jupyterlab(top) as address, urllib.request.urlopen(f"{address}/{settings}") as answer:
        assert json.load(answer)["schema"]["properties"]["fetchNews"]["default"] == "false"


@pytest.fixture
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, as whom CI runs.
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
def test_a_learner_starts_the_week_and_grades_it_by_two_clicks(top, browser):
    button = "from loopready.{0} import {1}\n{1}()"
    start = [new_markdown_cell("# Start here"), new_code_cell(button.format("start", "start_button"))]
    nbformat.write(new_notebook(cells=start, metadata=KERNEL), top / PAGE)
    week = answered()
    week.cells = [new_code_cell(button.format("grading", "grade_button")), *week.cells]
    nbformat.write(week, top / "release/week-01/week-01.ipynb")
    before = (top / PAGE).read_bytes()

    with jupyterlab(top) as address:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/lab/tree/{PAGE}?token=secret")
        press(page, "Open week-01")
        page.get_by_role("tab", name="week-01.ipynb").wait_for()
        press(page, "Grade week-01")
        page.get_by_text("week-01: 4 of 5 points").wait_for()
        page.get_by_text("Feedback, cell by cell").click()
        page.get_by_role("tab", name="feedback.html").wait_for()

    assert (top / "my/week-01/week-01.ipynb").stat().st_mtime > (
        top / "release/week-01/week-01.ipynb"
    ).stat().st_mtime
    assert (top / PAGE).read_bytes() == before


def press(page, name: str) -> None:
    """Run the open notebook's first code cell and press the button it shows."""
    notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    # A cell that is run before the kernel is there is not run at all.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    notebook.locator(".jp-CodeCell:visible .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    notebook.get_by_role("button", name=name).click()
