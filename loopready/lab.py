"""JupyterLab on the start page: one at a time on this folder, and the course's own pages kept as built."""

import base64
import os
import socket
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from loopready.course import CourseError, learner_folder, shown, write_atomically

START_PAGE = "notebooks/start-here.ipynb"


def running(root: Path) -> str | None:
    """The address of the Jupyter server that already runs on the course's folder, without its token."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        # A killed server leaves its note behind, and its process number may be another's by now.
        if Path(server["root_dir"]).resolve() == root and _taken(server["port"]):
            return server["url"]
    return None


def command(root: Path, port: int | None, browser: bool, more: Sequence[str]) -> list[str]:
    """The command line that opens JupyterLab on the start page; `more` are options for JupyterLab itself.

    Raises CourseError when JupyterLab already runs here, when `port` is taken, or when the page is not built.
    """
    if url := running(root):
        jupyter = shown(Path(sysconfig.get_path("scripts"), "jupyter"), root)
        remedy = (
            f"`{jupyter} server list` says how to enter, `{jupyter} server stop {urlsplit(url).port}` ends it"
        )
        raise CourseError(f"JupyterLab already runs on this folder at {url}: {remedy}")
    if port and _taken(port):
        raise CourseError(f"port {port} is taken: choose another with --port, or leave it out")
    if not (root / START_PAGE).is_file():
        raise CourseError(f"{START_PAGE} is not built: run `loopready build`")
    options = [f"--ServerApp.root_dir={root}"]
    if port:
        # Without this JupyterLab would silently take the next free port.
        options += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        options.append("--no-browser")
    return [sys.executable, "-m", "jupyterlab", *options, *more, START_PAGE]


def environment(root: Path) -> dict[str, str]:
    """The environment JupyterLab is started in: this one, the course's settings, and its programs on PATH."""
    settings = str(Path(__file__).with_name("jupyter"))
    before = os.environ
    return {
        **before,
        "LOOPREADY_COURSE": str(root),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [settings, before.get("JUPYTER_CONFIG_PATH")])),
        # The warm kernel's kernelspec.
        "JUPYTER_PATH": os.pathsep.join(filter(None, [settings, before.get("JUPYTER_PATH")])),
        # A terminal in JupyterLab finds `loopready`, and nbgrader finds alembic.
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), before.get("PATH", os.defpath)]),
    }


def open_lab(root: Path, port: int | None = None, browser: bool = True, more: Sequence[str] = ()) -> None:
    """Become JupyterLab: this process is replaced and does not come back. Raises what `command` raises."""
    arguments = command(root, port, browser, more)
    os.chdir(root)
    os.execve(sys.executable, arguments, environment(root))


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does, so that a port just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def keep_page(model: dict, path: str, contents_manager: object) -> None:
    """Jupyter's hook before a save: a page that the course builds keeps the bytes it has on disk.

    Reading a page runs it and JupyterLab saves what it ran; an update would then find the page changed. What
    the reader typed into it is not lost: it goes to `pages/` in the learner's folder. Every other file saves
    as it is.
    """
    root = Path(contents_manager.root_dir)
    page = root / path.strip("/")
    if model.get("type") != "notebook" or not _is_built(page, root):
        return
    _keep_edits(page, model["content"], learner_folder(root) / "pages" / page.name)
    # As a plain file: written as a notebook it would come out in this nbformat's order and spacing.
    model.update(type="file", format="base64", content=base64.b64encode(page.read_bytes()).decode())


def _is_built(page: Path, root: Path) -> bool:
    lesson = root / "lessons" / f"{page.stem}.md"
    return (
        page.parent == root / "notebooks" and page.suffix == ".ipynb" and page.is_file() and lesson.is_file()
    )


def _keep_edits(page: Path, content: dict, target: Path) -> None:
    """Write `content` to `target` when a cell of it reads differently from the page's."""
    import nbformat

    def texts(notebook: dict) -> list[str]:
        return [cell["source"] for cell in notebook["cells"]]

    edited = nbformat.from_dict(content)
    if texts(edited) != texts(nbformat.read(page, as_version=4)):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, nbformat.writes(edited))
