"""The program in the box: runs the learner's cells, keeps still copies of itself, and answers the referee's calls.

Nothing that comes out of this process is believed. It holds no test and no expected value: a learner's cell can read
and change everything in here, this program included.
"""

import contextlib
import gc
import io
import json
import os
import resource
import signal
import socket
import sys
import threading
import types
from typing import Any

# What else a conversation needs: there is one for each case, and each would import it anew.
from loopready.referee import science, things  # noqa: F401
from loopready.referee.inside import Inside
from loopready.referee.processors import stay
from loopready.referee.randomness import seeded
from loopready.referee.shells import Outputs, redirected, shell
from loopready.referee.wire import Closed, Line, WireError

__all__ = ["Box", "serve"]


class CellTimeoutError(BaseException):
    """A cell has had its time. Not an Exception, so that `except Exception` in the cell lets it through."""


class Box:
    """The learner's notebook as it runs: cells in, outputs out, and still copies for the tests."""

    def __init__(self) -> None:
        self.outputs = Outputs()
        self.shell = shell(self.outputs)

    def work(self, line: Line) -> None:
        """Do what the referee says until it hangs up."""
        self.line = line
        redirected(self.outputs)
        signal.signal(signal.SIGALRM, _ring)
        line.send("ready")
        while True:
            what, *rest = line.receive(takes_descriptors=True)
            if what == "cell":
                line.send(json.dumps(self._cell(*rest)))
            elif what == "still":
                self._still(line.descriptors.pop())
            elif what == "unseen":
                # Nobody sees what this one shows, and to draw a figure takes longer than all else.
                display = self.shell.display_formatter
                display.active_types = ["text/plain"]
                display.mimebundle_formatter.enabled = display.ipython_display_formatter.enabled = False
            elif what == "seed":
                import numpy  # noqa: F401 - here already when a cell imports it, and so seeded

                seeded(*rest)

    def _cell(self, text: str, seconds: float) -> list[dict]:
        self.outputs.__init__()
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            self.shell.run_cell(text, store_history=True)
        except CellTimeoutError:
            self.outputs.all.append({"output_type": "error", **_TIMED_OUT})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return self.outputs.all

    def _still(self, descriptor: int) -> None:
        """Leave a copy of everything behind, as it is now."""
        if os.fork() == 0:
            self.line.close()
            # A search for garbage would make a copy's memory its own, page by page.
            gc.freeze()
            _copies(Line(socket.socket(fileno=descriptor)), self.shell)
            os._exit(0)
        os.close(descriptor)
        self.line.send(threading.active_count())


_TIMED_OUT = {
    "ename": "CellTimeoutError",
    "evalue": "the cell ran too long and was stopped",
    "traceback": ["CellTimeoutError: the cell ran too long and was stopped"],
}


def _ring(signum: int, frame: Any) -> None:
    raise CellTimeoutError


def _copies(line: Line, running: Any) -> None:
    """Give each conversation that is asked for a copy of this process of its own."""
    children: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with contextlib.suppress(WireError):
        while True:
            what, number, *rest = line.receive(takes_descriptors=True)
            if what == "end":
                with contextlib.suppress(OSError, KeyError):
                    os.kill(children.pop(number), signal.SIGKILL)
                continue
            if what == "known":
                line.send(_at_a_glance(running.user_ns, number, *rest))
                continue
            descriptor = line.descriptors.pop()
            child = os.fork()
            if child == 0:
                line.close()
                _converse(descriptor, running, *rest)
            children[number] = child
            os.close(descriptor)


def _at_a_glance(space: dict[str, Any], names: list[str], others: list[str]) -> list | None:
    """[name, what it is, its value] of the names that there are, of `others` that alone; None where one must ask.

    Types alone tell here. Nothing of the learner's runs for it, so this copy stays what it was.
    """
    there = [[name, "there", None] for name in others if name in space]
    told = [[name, _KINDS.get(type(space[name])), space[name]] for name in names if name in space]
    if any(kind is None or (kind == "class" and issubclass(value, BaseException)) for _, kind, value in told):
        return None
    return there + [[name, kind, value if kind == "data" else None] for name, kind, value in told]


_KINDS = {bool: "data", float: "data", type(None): "data", types.FunctionType: "function", type: "class"}


def _converse(
    descriptor: int, running: Any, seconds: float, seed: int, records: list[str], processor: int | None
) -> None:
    """Answer the referee until it hangs up; what is printed meanwhile goes to it, and nowhere else."""
    stay(processor)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    limit = int(-(-seconds // 1))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    sys.stdout, sys.stderr = io.StringIO(), open(os.devnull, "w")  # noqa: SIM115
    seeded(seed)
    names = running.user_ns
    session = Inside(Line(socket.socket(fileno=descriptor)), names)
    session.records = {name: names[name] for name in records if isinstance(names.get(name), type)}
    try:
        session.serve()
    except Closed:
        os._exit(0)
    finally:
        os._exit(1)


def main() -> None:
    """Run the box on the descriptor that was handed over."""
    serve(Box(), int(sys.argv[1]))


def serve(box: Box, descriptor: int) -> None:
    """Run a box until the referee hangs up."""
    with contextlib.suppress(Closed):
        box.work(Line(socket.socket(fileno=descriptor)))


if __name__ == "__main__":
    main()
