"""Warm kernels: what they show is what cold ones show, they begin as fresh, and nothing of them is left."""

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute as ColdExecute
from tiny_course import TOP

import loopready
from loopready import drawings
from loopready.warm import asker
from loopready.warm.execute import Execute
from loopready.warm.stack import USUAL, stack, stack_of

KERNELS = Path(loopready.__file__).parent / "jupyter"
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def ran(
    *cells: str, execute: type[ColdExecute] = Execute, folder: Path | str = ".", **traits
) -> NotebookNode:
    """A notebook of these cells after it has been run."""
    notebook = new_notebook(cells=[new_code_cell(text) for text in cells], metadata=PYTHON)
    execute(**traits).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return notebook


def shown(*cells: str, **how) -> str:
    """What the last of the cells printed or returned."""
    [output] = ran(*cells, **how).cells[-1].outputs
    return output.get("text") or output["data"]["text/plain"]


CELLS = {
    "prints": "print('one'); print('two', end='')",
    "prints to stderr": "import sys; print('oh', file=sys.stderr)",
    "returns": "6 * 7",
    "raises": "def f(): return 1 / 0\nf()",
    "is not Python": "def f(:",
    "draws": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);",
    "shows a frame": "import pandas as pd\npd.DataFrame({'a': [1]})",
    "shows a widget": "import ipywidgets\nipywidgets.IntSlider()",
    "captures in a widget": "out = ipywidgets.Output()\nwith out:\n    print('inside')\nout",
    "replaces what it shows": "from IPython.display import clear_output\nprint(1); clear_output(); print(2)",
    "updates what it shows": "h = display('a', display_id='x'); h.update('b')",
    "awaits": "import asyncio\nawait asyncio.sleep(0.01)\n'slept'",
    "runs a command": "!echo from a shell",
    "writes past Python": "import os\nos.system('echo below; echo there >&2');",
    "forks and prints": "if not (pid := os.fork()):\n    print('a', flush=True); os._exit(0)\nos.waitpid(pid, 0)[1]",
    "asks for input": "input('name? ')",
    "has magic": "%timeit -n 1 -r 1 -q 1",
    "knows where it is": "__name__, sys.argv[0].endswith('ipykernel_launcher.py'), os.path.basename(os.getcwd())",
    "knows its path": "[one for one in sys.path]",
    "knows its environment": "sorted(name for name in os.environ if name != 'JPY_PARENT_PID')",
    "counts": "In[1], get_ipython().execution_count",
    "leaves tasks running": "task = asyncio.create_task(asyncio.sleep(0, 'done'))",
    "finds them done": "task.result()",
    "is empty": "  ",
}  # fmt: skip


def comparable(cell: NotebookNode) -> tuple[int | None, list]:
    """What a cell shows, less what is random, and streams in one piece each."""
    text = json.dumps(cell.outputs, sort_keys=True)
    outputs, streams = [], {}
    for output in json.loads(re.sub(r"\b[0-9a-f]{32}\b|0x[0-9a-f]+", "-", text)):
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
        else:
            outputs.append(output)
    return cell.execution_count, [outputs, streams]


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> list[NotebookNode]:
    """The same notebook run by nbgrader's own Execute and in a warm kernel."""
    folder = tmp_path_factory.mktemp("here")
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # ipykernel would not look past Python's streams
    return [ran(*CELLS.values(), execute=one, folder=folder) for one in (ColdExecute, Execute)]


@pytest.mark.parametrize("place", range(len(CELLS)), ids=list(CELLS))
def test_a_warm_kernel_shows_what_a_cold_one_shows(both, place):
    cold, warm = (comparable(one.cells[place]) for one in both)
    assert warm == cold


def test_what_nbgrader_keeps_beside_the_cells_is_the_same(both):
    cold, warm = both
    assert warm.metadata.language_info == cold.metadata.language_info
    kinds = [
        sorted(state["model_name"] for state in one.metadata.widgets.popitem()[1].state.values())
        for one in both
    ]
    assert kinds[0] == kinds[1]
    assert [set(one.metadata.execution) for one in warm.cells if one.source.strip()] == [
        set(one.metadata.execution) for one in cold.cells if one.source.strip()
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "import random; random.random()",
        "import numpy; numpy.random.random()",
        "import numpy; numpy.random.default_rng().random()",
        "import uuid; uuid.uuid4()",
    ],
    ids=["random", "numpy's old generator", "numpy's new one", "uuid"],
)
def test_two_warm_kernels_draw_different_numbers(cell):
    assert shown(cell) != shown(cell)


NAMES = "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']"
SOCKETS = """
import os
files = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
len([file for file in files if "socket" in file])"""


@pytest.mark.parametrize(
    "cell, says",
    [
        ("import threading; threading.active_count()", "1"),
        ("import matplotlib.pyplot as plt; plt.get_fignums()", "[]"),
        ("sorted(name for name in globals() if name[0] != '_')", NAMES),
        ("import os; os.environ['LEFT'] = 'x'; open('left.txt', 'w').close(); os.chdir('/'); 0", "0"),
        ("import os; os.environ.get('LEFT'), os.path.basename(os.getcwd())", "(None, 'own')"),
        ("%history -n", "   1: %history -n\n"),
        ("import signal; signal.getsignal(signal.SIGTERM) == signal.SIG_DFL", "True"),
        ("import gc; gc.isenabled(), gc.get_debug()", "(True, 0)"),
        (SOCKETS, "3"),  # the line, and the two by which asyncio wakes itself
    ],
    ids=["threads", "figures", "names", "(one that leaves things)", "environment and folder", "history",
         "signals", "garbage", "open sockets"],
)  # fmt: skip
def test_a_warm_kernel_begins_as_fresh(tmp_path, cell, says):
    (tmp_path / "own").mkdir()
    assert re.sub(r"\x1b\[[\d;]*m", "", shown(cell, folder=tmp_path / "own")) == says


def test_a_kernel_takes_the_environment_of_the_moment(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("A_SETTING", "now")
    assert shown("import os, time; os.environ['A_SETTING'], time.tzname[0]") == "('now', 'JST')"


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(int(seconds / 0.05)):
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.05)
    return False


LEAVES = {
    "a child": "subprocess.Popen(['sleep', '600']).pid",
    "a child in a session of its own": "subprocess.Popen(['sleep', '600'], start_new_session=True).pid",
    "a daemon": "int(subprocess.check_output('setsid sleep 600 >/dev/null 2>&1 & echo $!', shell=True))",
    "a fork": "os.fork() or time.sleep(600)",
}


@pytest.mark.parametrize("cell", LEAVES.values(), ids=LEAVES.keys())
def test_what_a_cell_started_ends_with_its_kernel(cell):
    assert gone(int(shown(f"import os, subprocess, time\n{cell}")), seconds=0.1)


def test_a_file_that_a_cell_leaves_open_is_written(tmp_path):
    ran("open_file = open('left.txt', 'w'); open_file.write('all of it');", folder=tmp_path)
    assert (tmp_path / "left.txt").read_text() == "all of it"


@pytest.mark.parametrize(
    "cell",
    ["import os; os._exit(3)", "import os, signal; os.kill(0, signal.SIGKILL)", "exit()",
     "import os, time\nif os.fork(): os._exit(0)\ntime.sleep(600)"],
    ids=["ends at once", "kills its group", "exits", "dies and leaves a fork that holds the line"],
)  # fmt: skip
def test_a_kernel_that_dies_is_said_to_have_died(cell):
    with pytest.raises(DeadKernelError):
        ran(cell, "import time; time.sleep(1)", "1")


def test_a_cell_that_never_ends_is_stopped_and_the_next_one_runs():
    both = [
        ran("print('begun')\nwhile True: pass", "2", execute=one, timeout=1) for one in (ColdExecute, Execute)
    ]
    cold, warm = ([comparable(cell) for cell in one.cells] for one in both)
    assert [output["ename"] for output in warm[0][1][0]] == ["KeyboardInterrupt", "CellTimeoutError"]
    assert warm == cold


def test_a_cell_that_cannot_be_stopped_ends_the_notebook():
    deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    with pytest.raises(CellTimeoutError):
        ran(deaf, timeout=1, iopub_timeout=1)


def test_memory_beyond_the_limit_is_an_error_in_the_cell_that_asks_for_it():
    notebook = ran("x = bytearray(8 << 30)", "'alive'", memory=2 << 30)
    assert [cell.outputs[0].get("ename", "-") for cell in notebook.cells] == ["MemoryError", "-"]


def test_a_flood_of_output_ends_the_kernel_and_not_the_grader():
    with pytest.raises(DeadKernelError, match="more than 8 MB"):
        ran("while True: print('x' * 1000)", most_output=8 << 20)


HOLDER = """
import os, sys, time
from loopready.warm import asker
kernel = asker.parent(()).on_line(os.environ, ".")
print(kernel.started(), flush=True)
time.sleep(600)
"""


def test_a_kernel_ends_with_the_process_that_asked_for_it():
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        pid = int(holder.stdout.readline())
        assert not gone(pid, seconds=0.1)
        holder.kill()
        assert gone(pid)


def test_the_parent_is_kept_and_replaced_when_the_packages_change(monkeypatch):
    first = asker.parent(("json",))
    assert asker.parent(("json",)) is first
    monkeypatch.setattr(asker, "fingerprint", lambda environment: ("changed",))
    second = asker.parent(("json",))
    assert second is not first
    assert first._process.wait(10) == 0
    second.close()


def test_a_setting_that_python_reads_at_its_start_has_a_parent_of_its_own(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert shown("import os; os.environ['PYTHONHASHSEED'], hash('a')") == shown(
        "import os; os.environ['PYTHONHASHSEED'], hash('a')", execute=ColdExecute
    )


def test_a_module_that_is_not_there_is_missed_by_the_cell_that_imports_it():
    [cell] = ran("import not_there", modules=["not_there", "numpy"]).cells
    assert cell.outputs[0].ename == "ModuleNotFoundError"


def test_where_kernels_cannot_be_forked_they_are_started_cold_and_it_is_said_once(monkeypatch, caplog):
    monkeypatch.setenv("LOOPREADY_WARM", "0")
    assert [shown("1 + 1"), shown("1 + 2")] == ["2", "3"]
    assert [one.getMessage() for one in caplog.records if "cold" in one.getMessage()] == [
        "Kernels are started cold, which is slower: LOOPREADY_WARM is 0"
    ]


def named(kernel: str, *cells: str) -> NotebookNode:
    """A notebook after nbclient has run it with the kernel of that name."""
    notebook = new_notebook(cells=[new_code_cell(text) for text in cells])
    NotebookClient(notebook, kernel_name=kernel).execute()
    return notebook


@pytest.fixture
def found(monkeypatch):
    """The kernelspec is where Jupyter looks."""
    monkeypatch.setenv("JUPYTER_PATH", str(KERNELS))


def test_jupyter_lists_the_warm_kernel(found):
    assert "loopready-warm" in KernelSpecManager().find_kernel_specs()


def test_a_notebook_that_names_the_warm_kernel_gets_one_and_its_figure(found):
    cells = ("import os; os.getpid()", "import matplotlib.pyplot as plt; plt.plot([1]);")
    first, second = (named("loopready-warm", *cells) for _ in range(2))
    assert "image/png" in first.cells[1].outputs[0].data
    assert gone(int(first.cells[0].outputs[0].data["text/plain"]), seconds=1)
    assert first.cells[0].outputs != second.cells[0].outputs


def test_the_named_kernel_is_cold_where_it_cannot_be_warm(found, monkeypatch):
    monkeypatch.setenv("LOOPREADY_WARM", "0")
    assert named("loopready-warm", "6 * 7").cells[0].outputs[0].data["text/plain"] == "42"


def test_nbval_can_name_it(found, tmp_path):
    import nbformat

    notebook = named("loopready-warm", "6 * 7")
    nbformat.write(notebook, tmp_path / "a.ipynb")
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-kernel-name",
        "loopready-warm",
    ]
    done = subprocess.run([sys.executable, *words, "a.ipynb"], cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in done.stdout


def test_the_named_kernel_is_interrupted_by_a_signal(found):
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="loopready-warm")
    try:
        asked = client.execute("import time\nprint('begun')\nfor _ in range(600): time.sleep(0.1)")
        while client.get_iopub_msg(timeout=20)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        while (reply := client.get_shell_msg(timeout=20))["parent_header"]["msg_id"] != asked:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        for _ in range(100):
            if not manager.is_alive():
                break
            time.sleep(0.05)
        assert not manager.is_alive()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    "text, once",
    [
        ("import numpy as np, os.path", ["numpy", "os.path"]),
        ("from loopready.checks import checks", ["loopready.checks", "loopready.checks.checks"]),
        ("from loopready.units import *", ["loopready.units"]),
        ("%matplotlib inline\n!ls\nimport json", ["json"]),
        ("def f():\n    import csv", ["csv"]),
        ("drawings.funnel()\ndrawings.funnel()", ["picture funnel {}"]),
        ("drawings.waiting(servers=2)", ['picture waiting {"servers": 2}']),
        ("explore(drawings.waiting, servers=(1, 9, 1, 3, 'n'))", ['picture waiting {"servers": 3}']),
        ("drawings.waiting(servers=n); drawings.tail(2); explore(drawings.waiting, servers=(1,))", USUAL),
        ("from . import x", USUAL),
        ("def (", USUAL),
    ],
    ids=["imports", "from", "star", "magic", "inside", "picture", "values", "slider", "unknown", "relative", "broken"],
)  # fmt: skip
def test_what_is_done_once_is_read_from_the_cells(text, once):
    assert stack_of([text]) == tuple(once)


@pytest.mark.parametrize("week", sorted(path.parent.name for path in TOP.glob("source/week-*/*.ipynb")))
def test_the_pictures_of_a_week_are_known_before_it_is_run(week):
    lines = [one.split(" ", 2)[1:] for one in stack(TOP / "source" / week / f"{week}.ipynb") if " " in one]
    assert lines
    for name, values in lines:
        inspect.signature(getattr(drawings, name)).bind(**json.loads(values))


AHEAD = """
from loopready import drawings
from loopready.warm import ahead

def shown():
    return drawings.machines(), drawings.waiting(service=2), drawings.funnel()

new = shown()
ahead.draw(["picture machines {}", 'picture waiting {"service": 2}', "picture nothing {}", 'picture funnel {"x": 1}'])
assert [one is other for one, other in zip(shown(), shown())] == [True, True, False]
assert [one.png for one in shown()] == [one.png for one in new]
assert drawings.waiting(service=2.0) is not drawings.waiting(service=2)
assert drawings.waiting(service=3).png != new[1].png
"""


def test_a_picture_drawn_ahead_is_the_one_that_a_notebook_would_draw():
    # In a process of its own, since it stays drawn.
    subprocess.run([sys.executable, "-c", AHEAD], check=True, cwd=TOP)
