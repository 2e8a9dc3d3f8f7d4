"""The program in the box: runs the learner's cells, keeps still copies of itself, and answers the referee's calls.

Nothing that comes out of this process is believed. It holds no test and no expected value: a learner's cell can read
and change everything in here, this program included.
"""

import contextlib
import io
import json
import operator
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from loopready.referee.guests import Guest, guest
from loopready.referee.session import Session
from loopready.referee.wire import Closed, Line, Tree, WireError

MOST = 1_000_000  # characters that a cell may print; the rest is left out, and said to be


class CellTimeoutError(BaseException):
    """A cell has had its time. Not an Exception, so that `except Exception` in the cell lets it through."""


class _Stream(io.TextIOBase):
    """stdout or stderr of a cell: its text is kept in the order in which everything appears."""

    def __init__(self, name: str, outputs: "_Outputs"):
        self.name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        """Keep the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.print(self.name, text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """It is none."""
        return False

    @property
    def encoding(self) -> str:
        """As everywhere."""
        return "utf-8"


class _Outputs:
    """What the running cell has shown so far, as nbformat has it."""

    def __init__(self) -> None:
        self.all: list[dict] = []
        self._room = MOST

    def print(self, name: str, text: str) -> None:
        """Add to the last stream, or begin one."""
        if len(text) > self._room:
            text = text[: self._room] + ("\n[more is left out]\n" if self._room else "")
        self._room = max(self._room - len(text), 0)
        if not text:
            return
        last = self.all[-1] if self.all else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.all.append({"output_type": "stream", "name": name, "text": text})

    def add(self, kind: str, data: dict, metadata: dict) -> None:
        """Add a picture, a table, a value."""
        self.all.append({"output_type": kind, "data": _json(data), "metadata": _json(metadata)})


def _json(data: dict) -> dict:
    import base64

    texts = {
        kind: base64.b64encode(one).decode() if isinstance(one, bytes) else one for kind, one in data.items()
    }
    return json.loads(json.dumps(texts, default=str))


def shell(outputs: _Outputs) -> Any:
    """An IPython that shows into `outputs`, with nobody to ask and no history."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, data: dict, metadata: dict | None = None) -> None:
            outputs.add("execute_result", data, metadata or {})

        def finish_displayhook(self) -> None:
            pass

    class Publisher(DisplayPublisher):
        def publish(self, data: dict, metadata: dict | None = None, **_: Any) -> None:
            outputs.add("display_data", data, metadata or {})

        def clear_output(self, wait: bool = False) -> None:
            outputs.all.clear()

    class Shell(InteractiveShell):
        displayhook_class = Hook
        display_pub_class = Publisher

        def _showtraceback(self, kind: type, error: BaseException, lines: list[str]) -> None:
            said = {"ename": kind.__name__, "evalue": str(error), "traceback": list(lines)}
            outputs.all.append({"output_type": "error", **said})

        def ask_exit(self) -> None:
            print("exit() is left out here", file=sys.stderr)

        def enable_gui(self, gui: str | None = None) -> None:
            pass

        def enable_matplotlib(self, gui: str | None = None) -> Any:
            return super().enable_matplotlib(gui or "inline")

        def system(self, cmd: str) -> None:
            """A command's output as text: the usual way needs a terminal, and none is in here."""
            import subprocess

            line = self.var_expand(cmd, depth=1)
            done = subprocess.run(
                line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            print(done.stdout, end="")
            self.user_ns["_exit_code"] = done.returncode

        def init_virtualenv(self) -> None:
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.cache_size = 0
    made = Shell.instance(config=config)
    made.user_ns["exit"] = made.user_ns["quit"] = lambda *_: made.ask_exit()
    return made


def _no_input(prompt: str = "") -> str:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError("input() has nobody to ask while a notebook is graded")


class Inside(Session):
    """The box's side of a conversation: whatever is asked is done, with what the learner's cells have made."""

    def __init__(self, line: Line, names: dict[str, Any]):
        super().__init__(line)
        self.names = names
        self._late: BaseException | None = None

    def operation(self, what: str) -> Callable:
        """Anything that one can do with a value."""
        own = {"known": self._known, "about": self._about, "each": self._each}
        return own.get(what) or _OPERATIONS[what]

    def stand_in(self, number: int, kind: str, about: Tree) -> Guest:
        """A guest for something of the tests cell."""
        return guest(self, number, kind, about)

    def foreign(self, value: Any) -> Tree | None:
        """A guest goes home."""
        return ["y", object.__getattribute__(value, "_guest")[1]] if isinstance(value, Guest) else None

    def introduce(self, value: Any) -> tuple[str, Tree]:
        """What a test may know of a value: its kind and its name."""
        if isinstance(value, type):
            if issubclass(value, BaseException):
                return "error", [[one.__module__, one.__qualname__] for one in value.__mro__]
            return "class", value.__name__
        kind = type(value)
        if hasattr(kind, "__await__"):
            return "coroutine", kind.__name__
        if hasattr(kind, "__next__"):
            return "iterator", kind.__name__
        if callable(value) and (kind.__module__ != "__main__" or kind.__name__ == "function"):
            return "function", str(getattr(value, "__name__", kind.__name__))
        return "object", [kind.__name__, id(kind)]

    def resolve(self, tree: list) -> Any:
        """A name of the notebook, or what any reference may be."""
        return self.names[tree[1]] if tree[0] == "n" else super().resolve(tree)

    def named(self, kind: str, names: list, values: list) -> tuple:
        """A named tuple of the tests cell, so that its fields can be read by name."""
        from collections import namedtuple

        return tuple.__new__(namedtuple(kind, names), values)

    def _known(self, target: None, names: list[str]) -> dict:
        """The values of those names that the notebook has."""
        return {name: self.names[name] for name in names if name in self.names}

    def _about(self, thing: Any) -> tuple:
        """The names of a value's class and of those it is based on, and the methods of all of them."""
        kinds = [kind for kind in type(thing).__mro__ if kind is not object]
        methods = {name for kind in kinds for name, one in vars(kind).items() if callable(one) or
                   isinstance(one, (staticmethod, classmethod))}  # fmt: skip
        return [kind.__name__ for kind in kinds], sorted(
            name for name in methods if not name.startswith("__")
        )

    def _each(self, thing: Any, name: str | None, rows: list) -> tuple:
        """The results for each row of arguments, and the error that ended it or None."""
        call, results = getattr(thing, name) if name else thing, []
        try:
            for args in rows:
                results.append(call(*args))
        except Exception as error:
            return results, error
        return results, None

    def _done(self, message: list) -> Tree:
        if message[0] == "&":
            self._put_off(*message[1:])
            return None
        if self._late is not None:
            error, self._late = self._late, None
            return self._failed(error)
        return super()._done(message)

    def _answer(self, message: list) -> None:
        if message[0] == "&":
            self._done(message)
        else:
            super()._answer(message)

    def _put_off(self, target: Tree, name: str | None, rows: list) -> None:
        if self._late is not None:
            return
        try:
            thing = self.decode(target)
            call = getattr(thing, name) if name else thing
            for args in rows:
                call(*args)
        except WireError:
            raise
        except BaseException as error:
            self._late = error


def _subclass(kind: type, other: type) -> bool:
    return issubclass(other, kind)


def _run(thing: Any) -> Any:
    import asyncio

    async def waited() -> Any:
        return await thing

    return asyncio.run(waited())


_OPERATIONS: dict[str, Callable] = {
    "call": lambda thing, *args, **kwargs: thing(*args, **kwargs),
    "method": lambda thing, name, /, *args, **kwargs: getattr(thing, name)(*args, **kwargs),
    "get": getattr, "set": setattr, "del": delattr, "len": len, "iter": iter, "next": next, "item": operator.getitem,
    "set item": operator.setitem, "del item": operator.delitem, "contains": operator.contains, "str": str,
    "repr": repr, "bool": bool, "int": int, "float": float, "index": operator.index, "abs": abs, "neg": operator.neg,
    "round": round, "reversed": reversed, "subclass": _subclass, "run": _run,
    "enter": lambda thing: thing.__enter__(), "exit": lambda thing, *error: thing.__exit__(*error),
    "and": operator.and_, "or": operator.or_,
    **{name: getattr(operator, name) for name in ("lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv",
                                                  "mod", "pow", "xor", "matmul")},
    "radd": lambda thing, other: other + thing, "rsub": lambda thing, other: other - thing,
    "rmul": lambda thing, other: other * thing, "rtruediv": lambda thing, other: other / thing,
}  # fmt: skip


class Box:
    """The learner's notebook as it runs: cells in, outputs out, and still copies for the tests."""

    def __init__(self, line: Line):
        self.line, self.outputs = line, _Outputs()
        sys.stdout, sys.stderr = _Stream("stdout", self.outputs), _Stream("stderr", self.outputs)
        self.shell = shell(self.outputs)
        import builtins

        builtins.input = _no_input
        signal.signal(signal.SIGALRM, _ring)

    def work(self) -> None:
        """Do what the referee says until it hangs up."""
        self.line.send("ready")
        while True:
            what, *rest = self.line.receive(takes_descriptors=True)
            if what == "cell":
                self.line.send(json.dumps(self._cell(*rest)))
            elif what == "still":
                self._still(self.line.descriptors.pop())

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
            descriptor = line.descriptors.pop()
            child = os.fork()
            if child == 0:
                line.close()
                _converse(descriptor, running, *rest)
            children[number] = child
            os.close(descriptor)
            line.send(True)


def _converse(descriptor: int, running: Any, seconds: float, seed: int, records: list[str]) -> None:
    """Answer the referee until it hangs up; what is printed meanwhile goes nowhere."""
    import resource

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    limit = int(-(-seconds // 1))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    _seeded(seed)
    names = running.user_ns
    session = Inside(Line(socket.socket(fileno=descriptor)), names)
    session.records = {name: names[name] for name in records if isinstance(names.get(name), type)}
    try:
        session.serve()
    except Closed:
        os._exit(0)
    finally:
        os._exit(1)


def _seeded(seed: int) -> None:
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


def main() -> None:
    """Run the box on the descriptor that was handed over."""
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    with contextlib.suppress(Closed):
        Box(line).work()


if __name__ == "__main__":
    main()
