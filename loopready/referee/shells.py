"""The IPython in the box: cells run as in a notebook, and what they show is kept in order."""

import io
import json
import sys
from typing import Any

__all__ = ["Outputs", "redirected", "shell"]

MOST = 1_000_000  # characters that a cell may print; the rest is left out, and said to be


class _Stream(io.TextIOBase):
    """stdout or stderr of a cell: its text is kept in the order in which everything appears."""

    def __init__(self, name: str, outputs: "Outputs"):
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


class Outputs:
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


def shell(outputs: Outputs) -> Any:
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


def redirected(outputs: Outputs) -> None:
    """Send what is printed into `outputs`, and have input() say that nobody is there."""
    import builtins

    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    builtins.input = _no_input


def _no_input(prompt: str = "") -> str:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError("input() has nobody to ask while a notebook is graded")
