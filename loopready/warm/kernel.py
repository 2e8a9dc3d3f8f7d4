"""IPython's kernel without sockets, built before the fork; and the ordinary one, around the shell of the parent.

All that depends on how ipykernel is made inside is here: the shell as a singleton that a second kernel adopts, a
kernel whose session takes whole messages, streams whose thread is never started.
"""

import asyncio
import atexit
import os
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipykernel
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import Instance, default

from loopready.warm.fresh import freshen, limit_memory
from loopready.warm.line import Line

_MUCH = 1 << 20  # bytes
_HANDLED = {signal.SIGINT, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGUSR1, signal.SIGUSR2}
_LAUNCHER = str(Path(ipykernel.__file__).parents[1] / "ipykernel_launcher.py")


class LineSession(Session):
    """Sends whole messages over a line, and takes them as they are."""

    line = AnyTrait()
    owner = AnyTrait()
    lock = AnyTrait(threading.RLock())

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None,
             track=False, header=None, metadata=None):  # fmt: skip
        """Send a message; what a process forked by a cell prints goes where its cell's own output goes."""
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        if os.getpid() == self.owner:
            self._send_whole(message, buffers)
        elif message["msg_type"] == "stream":
            os.write(1 + (message["content"]["name"] == "stderr"), message["content"]["text"].encode())
        return message

    def _send_whole(self, message: dict[str, Any], buffers: list | None) -> None:
        # An interrupted message would garble the line, so no signal's handler and no thread comes between.
        with self.lock:
            before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
            try:
                # Nobody looks at a cell before it has ended.
                if (
                    self.line.put(message, buffers) > _MUCH
                    or message["content"].get("execution_state") == "idle"
                ):
                    self.line.flush()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def feed_identities(self, msg_list, copy=True):
        """A line has one other end, so there are no identities."""
        return [], msg_list

    def deserialize(self, msg_list, content=True, copy=True):
        """The message, which is whole already."""
        return msg_list


class LineThread(IOPubThread):
    """Does at once what ipykernel hands to a thread."""

    thread = None
    io_loop = SimpleNamespace(call_later=lambda *later: None)

    def __init__(self):
        """Without the sockets that wake a thread."""

    def schedule(self, f):
        """Do it."""
        f()


class LineStream(OutStream):
    """Sends what is printed when somebody flushes it, or when it is much."""

    most = 1 << 16
    waiting = 0

    def write(self, string: str) -> int | None:
        """Keep it, and send what is kept when it has become much."""
        written = super().write(string)
        self.waiting += len(string)
        if self.waiting > self.most:
            self.flush()
        return written

    def flush(self) -> None:
        """Send it."""
        self.waiting = 0
        super().flush()


class LineKernel(IPythonKernel):
    """A kernel with one thread, that is given its messages one by one."""

    session = Instance(LineSession)
    # Asked for its thread where a cell awaits.
    shell_channel_thread = AnyTrait(SimpleNamespace(parent_thread=threading.main_thread()))
    _supports_kernel_subshells = False
    streams = AnyTrait(())
    # ipykernel waits after each cell, for clients that miss what comes too fast; a line keeps everything.
    _execute_sleep = 0

    @default("session")
    def _default_session(self):
        return LineSession(parent=self)

    async def do_execute(self, *args, **kwargs):
        """Run a cell, then take in what was written past Python's own streams."""
        reply = await super().do_execute(*args, **kwargs)
        for stream, file in self.streams:
            if text := os.read(file, 1 << 20):
                stream.write(text.decode(errors="replace"))
        return reply

    def _abort_queues(self, subshell_id=None):
        """Nothing is queued on a line."""


class LineApp(IPKernelApp):
    """The kernel's application as far as it can be built without sockets, threads or files of a connection."""

    kernel_class = LineKernel

    def init_connection_file(self):
        """None."""

    init_poller = init_sockets = init_heartbeat = log_connection_info = init_io = init_connection_file
    # What the user's settings run may start anything, so it is run after the fork.
    init_extensions = init_code = init_connection_file

    def write_connection_file(self, **kwargs):
        """None."""

    def init_kernel(self):
        """The kernel; its history is in memory, since one in a file has a thread that writes it."""
        self.config.HistoryManager.hist_file = ":memory:"
        self.kernel = self.kernel_class.instance(parent=self, profile_dir=self.profile_dir, log=self.log)


def on_line(request: dict[str, Any], files: list[int]) -> None:
    """Be the kernel at the end of a line until the other end closes it."""
    app = LineApp.instance()
    end = socket.socket(fileno=files[0])
    caught = [_catch(number) for number in (1, 2)]
    freshen(request["env"], request["cwd"], [files[0], *caught])
    limit_memory(request.get("memory", 0))
    sys.argv = [_LAUNCHER]
    kernel = app.kernel
    session = kernel.session
    session.line, session.owner, session.session = Line(end, json_default), os.getpid(), os.urandom(16).hex()
    thread = LineThread()
    sys.stdout, sys.stderr = (
        LineStream(session, thread, name, watchfd=False) for name in ("stdout", "stderr")
    )
    kernel.streams = tuple(zip((sys.stdout, sys.stderr), caught, strict=True))
    shell = app.shell
    shell.init_environment()
    app.init_gui_pylab()
    IPKernelApp.init_extensions(app)
    IPKernelApp.init_code(app)
    _converse(kernel, session.line)
    shell.user_ns.clear()
    os._exit(0)


def _catch(number: int) -> int:
    """Point the file `number` at a nameless one; another number for reading it from the start."""
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), number)
        return os.open(f"/proc/self/fd/{file.fileno()}", os.O_RDONLY)


def _converse(kernel: LineKernel, line: Line) -> None:
    loop = kernel.io_loop = IOLoop.current()
    messages: asyncio.Queue = asyncio.Queue()

    def readable(*_):
        alive = line.fill()
        while message := line.complete():
            messages.put_nowait(message)
        if not alive:
            loop.remove_handler(line.end)
            messages.put_nowait(None)

    async def answer():
        while (message := await messages.get()) is not None:
            await kernel.dispatch_shell(message)
        loop.stop()

    loop.add_handler(line.end, readable, IOLoop.READ)
    loop.add_callback(answer)
    loop.start()


class SocketApp(IPKernelApp):
    """The ordinary kernel, around the shell that the parent has built."""

    def init_kernel(self):
        """The kernel; what asks for the one shell of the process finds the parent's."""
        super().init_kernel()
        shell = self.kernel.shell
        shell.kernel = shell.parent = self.kernel
        shell.update_config(self.config)
        shell.init_environment()
        # Its own history: where the user's is kept, unless the arguments say otherwise.
        if shell.config.HistoryManager.hist_file == ":memory:" and "HistoryManager" not in self.cli_config:
            del shell.config.HistoryManager["hist_file"]
        shell.init_history()
        # `In` and `Out` are the history's own lists.
        shell.init_user_ns()


def on_sockets(request: dict[str, Any], files: list[int]) -> None:
    """Be an ordinary kernel, on the sockets of the connection file that its arguments name, until it is shut down."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    freshen(request["env"], request["cwd"], [])
    LineApp.clear_instance()
    LineKernel.clear_instance()
    sys.argv = [_LAUNCHER, *request["argv"]]
    app = SocketApp.instance(parent_handle=os.getppid())
    app.initialize(request["argv"])
    app.start()
    # Also joins the kernel's threads, without which its exit can hang.
    atexit._run_exitfuncs()
    os._exit(0)
