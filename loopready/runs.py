"""A released notebook run once from top to bottom, with its outputs kept as they come out on every machine.

A fresh kernel, an empty folder, no settings of the user who builds. What would differ between two runs (timings,
ids of widgets) is left out, and what should not be there at all (errors, warnings, addresses, paths) is refused.
"""

import copy
import os
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.output_widget import OutputWidget
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import default

from loopready.course import CourseError

__all__ = ["IGNORED", "RunError", "run"]

IGNORED = "nbval-ignore-output"  # nbval's own word
_VIEW = "application/vnd.jupyter.widget-view+json"
_DEFAULT_REPR = re.compile(r"[A-Za-z]\w*\(.*\)\s*$", re.DOTALL)
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


class RunError(Exception):
    """A cell whose run must not be kept; `identity` is the cell's id."""

    def __init__(self, identity: str, message: str):
        super().__init__(message)
        self.identity = identity


class _ThisPython(AsyncKernelManager):
    """Starts the interpreter that builds, whatever else is installed as `python3` for the user."""

    @default("kernel_spec_manager")
    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[], parent=self)


class _QuietOutput(OutputWidget):
    """Keeps what a widget captures, and does not tell the kernel.

    Telling it writes to the socket on which nbclient waits for the cell's reply, and now and then the reply is
    then noticed only when the cell's whole time is up.
    """

    def send(
        self, data: dict | None = None, metadata: dict | None = None, buffers: list | None = None
    ) -> None:
        """Nothing: no cell of a lesson asks its widget what it has shown."""


def run(notebook: NotebookNode, folder: Path, course: Path, seconds: int = 120) -> NotebookNode:
    """The notebook with the outputs of its cells when run in `folder`, which holds its data and nothing else.

    The folder above is scratch: the run keeps its settings and an empty learner's folder there. Raises RunError
    for a cell that raises, warns, takes more than `seconds`, or shows what differs between runs.
    """
    ran = copy.deepcopy(notebook)
    (folder.parent / "my").mkdir(exist_ok=True)
    client = NotebookClient(
        ran,
        kernel_name="python3",
        kernel_manager_class=_ThisPython,
        resources={"metadata": {"path": str(folder)}},
        timeout=seconds,
        allow_errors=True,
        coalesce_streams=True,  # where a kernel cuts its prints in two is chance
        record_timing=False,
        shutdown_kernel="immediate",
    )
    client.widget_registry["@jupyter-widgets/output"]["OutputModel"] = _QuietOutput
    _execute(client, _environment(folder.parent, course))
    here = _Here([folder.parent, course, Path.home(), Path(sys.prefix)])
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.outputs = _kept(cell, client, here)
    return ran


def _execute(client: NotebookClient, environment: dict[str, str]) -> None:
    running = ""
    try:
        # What a kernel says outside of cells, such as that it talks over a local port, is no lesson's concern.
        # Not `client.execute`: it takes Ctrl-C for the end of the kernel.
        with client.setup_kernel(env=environment, stderr=DEVNULL):
            for place, cell in enumerate(client.nb.cells):
                running = cell.id
                client.execute_cell(cell, place, execution_count=client.code_cells_executed + 1)
    except CellTimeoutError as error:
        raise RunError(running, f"ran longer than {client.timeout} s; make it faster") from error
    except DeadKernelError as error:
        raise RunError(running, "ended its kernel; run it alone to see why") from error
    except RuntimeError as error:
        raise CourseError(
            f"no kernel starts to run notebooks ({error}); try `python -m ipykernel`"
        ) from error


def _environment(scratch: Path, course: Path) -> dict[str, str]:
    """The builder's environment, less everything by which a user's settings change what a cell shows."""
    plain = find_spec("matplotlib")
    # The package that builds is the one that runs, installed or not.
    packages = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    settings = {
        "LOOPREADY_MY": str(scratch / "my"),
        "LOOPREADY_COURSE": str(course),
        # Nothing of a class that lies in the course's folder goes into a notebook that is handed out.
        "LOOPREADY_CLASS": str(scratch / "my"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(packages),
        "COLUMNS": "100",
        "LINES": "50",
    }
    if plain and plain.origin:
        settings["MATPLOTLIBRC"] = str(Path(plain.origin).parent / "mpl-data" / "matplotlibrc")
    return {**os.environ, **settings}


class _Here:
    """Finds this machine's own paths in a text."""

    def __init__(self, paths: Iterable[Path]):
        both = {one for path in paths for one in (path, path.resolve()) if len(one.parts) > 1}
        names = sorted(map(str, both))
        self._pattern = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, names))})(?![\w.-])")

    def first(self, text: str) -> str:
        found = self._pattern.search(text)
        return found[0] if found else ""


def _kept(cell: NotebookNode, client: NotebookClient, here: _Here) -> list[NotebookNode]:
    """The cell's outputs, widgets replaced by what they show; RunError for one that must not be kept."""
    widgets = any(_VIEW in output.get("data", {}) for output in cell.outputs)
    if widgets and IGNORED not in cell.metadata.get("tags", []):
        raise RunError(cell.id, f"shows a widget, which nbval cannot compare; add ':tags: [{IGNORED}]'")
    kept = [still for output in cell.outputs for still in _still(output, client)]
    for output in kept:
        if fault := _fault(output, here):
            raise RunError(cell.id, fault)
    return kept


def _fault(output: NotebookNode, here: _Here) -> str:
    if output.output_type == "error":
        said = output.evalue.strip().partition("\n")[0]
        return f"raises {output.ename}: {said}; a released notebook runs from top to bottom"
    if output.output_type == "stream" and output.name == "stderr":
        # nbgrader gives no points to a cell with one line here.
        return f'writes to stderr: "{output.text.strip().partition(chr(10))[0]}"; make it silent'
    for text in _texts(output):
        if address := _ADDRESS.search(text):
            return f'shows a memory address, "{address[0]}", new in each run; end the line with a semicolon'
        if path := here.first(text):
            return f"shows the path {path} of this machine; show a relative one"
    return ""


def _texts(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "stream":
        yield output.text
    for kind, content in output.get("data", {}).items():
        if isinstance(content, str) and (not kind.startswith("image/") or kind == "image/svg+xml"):
            yield content


def _still(output: NotebookNode, client: NotebookClient) -> list[NotebookNode]:
    """The output itself; for a widget, whose ids are random, what it holds, or else its picture, HTML or words."""
    data = output.get("data", {})
    if _VIEW not in data:
        return [output]
    if inside := [one for held in _held(data[_VIEW]["model_id"], client) for one in _still(held, client)]:
        return inside
    # A widget that says nothing of its own has a text all the same: its class and what it was made with.
    rest = {kind: text for kind, text in data.items() if kind != _VIEW and not _DEFAULT_REPR.match(str(text))}
    return [new_output("display_data", data=rest, metadata=output.metadata)] if rest else []


def _held(model: str, client: NotebookClient) -> Iterator[NotebookNode]:
    """What the Output widgets of that widget and its children have captured, in order."""
    state = client.widget_state.get(model, {})
    yield from state.get("outputs", ())
    for child in state.get("children", ()):
        yield from _held(child.removeprefix("IPY_MODEL_"), client)
