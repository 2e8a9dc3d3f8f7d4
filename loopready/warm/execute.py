"""nbgrader's `Execute` over a line: the same cells, outputs and limits, without sockets, waits and cold starts.

`c.Autograde.autograde_preprocessors` names it in the place of nbgrader's own. What becomes of each message is decided
by nbclient, as before; only the way on which messages come and go is another.
"""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute as ColdExecute
from traitlets import Integer, Unicode
from traitlets import List as ListTrait

from loopready.warm import asker
from loopready.warm.line import Line, LineError
from loopready.warm.stack import USUAL

_SILENT = ("--log-level", "--HistoryManager.hist_file")
_said: set[str] = set()


class Channel:
    """nbclient's kernel client, as far as nbclient asks for one: it makes requests and sends them over a line."""

    def __init__(self, line: Line):
        self.line = line
        self.shell_channel = self
        self.session = self
        self._session = uuid.uuid4().hex

    def msg(self, msg_type: str, content: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:
        """A message of this client."""
        header = {
            "msg_id": uuid.uuid4().hex, "msg_type": msg_type, "session": self._session, "username": "grader",
            "date": datetime.now(UTC), "version": "5.3",
        }  # fmt: skip
        return {"header": header, "parent_header": {}, "metadata": {}, "content": content or {}}

    def send(self, message: dict[str, Any]) -> str:
        """Send a message; its id. That nobody hears it any more is seen when the answer is awaited."""
        with suppress(OSError):
            self.line.send(message)
        return message["header"]["msg_id"]

    def kernel_info(self) -> str:
        """Ask what kernel it is; the request's id."""
        return self.send(self.msg("kernel_info_request"))

    def execute(self, code: str, store_history: bool = True) -> str:
        """Have a cell's code executed; the request's id."""
        content = {
            "code": code, "silent": False, "store_history": store_history, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": False,
        }  # fmt: skip
        return self.send(self.msg("execute_request", content))


class Execute(ColdExecute):
    """Runs a notebook in a kernel forked from a warm parent; where there is none, as nbgrader runs it."""

    modules = ListTrait(
        Unicode(), list(USUAL), help="What the parent of the kernels imports before it forks."
    ).tag(config=True)
    memory = Integer(0, help="Bytes of memory that a kernel may have; 0 is no limit.").tag(config=True)
    most_output = Integer(
        256 << 20, help="Bytes that a kernel may send for one notebook before it is ended."
    ).tag(config=True)

    kernel: asker.Kernel | None = None

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Have a kernel for the notebook, and nothing of it afterwards."""
        try:
            self.kernel = self._forked()
        except asker.NoWarmKernel as error:
            self._say_once(f"Kernels are started cold, which is slower: {error}")
            with super().setup_kernel(**kwargs):
                yield
            return
        self.kc = Channel(self.kernel.line)
        try:
            yield
        finally:
            self.kernel.close()
            self.kernel = self.kc = None

    def _forked(self) -> asker.Kernel:
        name = self.kernel_name or self.nb.metadata.get("kernelspec", {}).get("name", "python3")
        if name not in ("python3", "loopready-warm"):
            raise asker.NoWarmKernel(f"the notebook asks for the kernel {name}")
        if unknown := [word for word in self.extra_arguments if not word.startswith(_SILENT)]:
            raise asker.NoWarmKernel(f"a warm kernel does not know {unknown[0]}")
        folder = self.resources.get("metadata", {}).get("path") or os.getcwd()
        return asker.parent(self.modules).on_line(os.environ, os.path.abspath(folder), self.memory)

    def _say_once(self, sentence: str) -> None:
        if sentence not in _said:
            _said.add(sentence)
            self.log.warning(sentence)

    def wait_for_reply(self, msg_id: str, cell: NotebookNode | None = None) -> dict[str, Any] | None:
        """The kernel's reply to a request; raises DeadKernelError when it has died."""
        if not self.kernel:
            return super().wait_for_reply(msg_id, cell)
        reply, _ = self._hear(msg_id, self.startup_timeout, lambda message: None)
        return reply

    def execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> NotebookNode:
        """Run one cell and keep its outputs in it. An error in it is an output, as nbgrader has it."""
        if not self.kernel:
            return super().execute_cell(cell, cell_index, execution_count, store_history)
        if cell.cell_type != "code" or not cell.source.strip() or self._skipped(cell):
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        msg_id = self.kc.execute(cell.source, store_history)
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._reply(msg_id, cell, cell_index)
        if execution_count:
            cell["execution_count"] = execution_count
        self.on_cell_executed(cell=cell, cell_index=cell_index, execute_reply=reply)
        return cell

    def _skipped(self, cell: NotebookNode) -> bool:
        return self.skip_cells_with_tag in cell.metadata.get("tags", [])

    def _reply(self, msg_id: str, cell: NotebookNode, index: int) -> dict[str, Any]:
        """The reply to the cell's request, or, when its time is up, the one that nbgrader makes in its place."""

        def keep(message: dict[str, Any]) -> None:
            self.process_message(message, cell, index)

        reply, idle = self._hear(msg_id, self._seconds(cell), keep)
        if reply is None:
            self.log.error("Timeout waiting for execute reply (%is).", self._seconds(cell))
            self.kernel.signal(signal.SIGINT)
            reply = {"content": {**self.error_on_timeout, "status": "error"}}
            _, idle = self._hear(msg_id, self.iopub_timeout, keep)
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = _stamp(reply)
        if not idle:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Timeout waiting for IOPub output", self.iopub_timeout, cell
            )
        return reply

    def _seconds(self, cell: NotebookNode) -> float | None:
        asked = self.timeout_func(cell) if self.timeout_func is not None else self.timeout
        return asked if asked and asked > 0 else None

    def _hear(
        self, msg_id: str, seconds: float | None, keep: Callable[[dict], object]
    ) -> tuple[dict[str, Any] | None, bool]:
        """Hand each output of a request to `keep`; its reply, and whether its end was heard, within `seconds`."""
        reply, deadline = None, None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                message = self._next(left)
            except TimeoutError:
                return reply, False
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"].endswith("_reply"):
                # A cell that is done has some time to send its last outputs.
                reply, deadline = message, time.monotonic() + self.iopub_timeout
                continue
            try:
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    keep(message)
                    return reply, True
                keep(message)
            except CellExecutionComplete:
                return reply, True

    def _next(self, seconds: float | None) -> dict[str, Any]:
        """The kernel's next message. Raises DeadKernelError when it has died or says what no kernel says."""
        line = self.kernel.line
        # Seconds of quiet go by in steps: what a cell has forked may hold the line open after the kernel's death.
        ends = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                message = line.recv(min(1.0, max(0.0, ends - time.monotonic())) if ends is not None else 1.0)
            except LineError as error:
                raise DeadKernelError(f"Kernel died: {error}") from error
            except TimeoutError:
                if self.kernel.poll() is not None:
                    raise DeadKernelError(f"Kernel died with code {self.kernel.code}") from None
                if ends is not None and time.monotonic() >= ends:
                    raise
                continue
            if message is None:
                self.kernel.poll(2)
                raise DeadKernelError("Kernel died")
            if line.received > self.most_output:
                raise DeadKernelError(f"Kernel died: it sent more than {self.most_output >> 20} MB")
            return message


def _stamp(message: dict[str, Any]) -> str:
    said = message["header"]["date"] if "header" in message else datetime.now(UTC)
    return said.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
