import asyncio
import json
import urllib.request
from urllib.parse import urlsplit

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from lab import jupyterlab
from tiny_course import answered, command, lay_out, sources

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


@pytest.fixture
def home(tmp_path_factory):
    """A folder for all that Jupyter keeps for a user."""
    return tmp_path_factory.mktemp("home")


def test_a_second_jupyterlab_on_the_folder_is_refused_by_naming_the_first(top, home):
    with jupyterlab(top, home) as address:
        done = command(top, "lab", JUPYTER_RUNTIME_DIR=str(home / "runtime_dir"))
    port, token = urlsplit(address).port, address.partition("token=")[2]
    assert done.returncode == 1
    assert f"already runs on this folder at http://127.0.0.1:{port}/: " in done.stderr
    assert f"jupyter server stop {port}` ends it" in done.stderr
    assert token not in done.stderr
    assert done.stderr.count("\n") == 1


def test_jupyterlab_does_not_ask_for_its_news_first(top, home):
    settings = "lab/api/settings/@jupyterlab/apputils-extension:notification"
    with jupyterlab(top, home) as address:
        asked = urlsplit(address)._replace(path=f"/{settings}").geturl()
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer)["schema"]["properties"]["fetchNews"]["default"] == "false"
