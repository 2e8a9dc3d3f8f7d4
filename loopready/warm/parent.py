"""The parent of warm kernels: a process with one thread that has imported everything, and forks when it is asked.

A request comes over a socket: a JSON object, and with it the files that the kernel is to use. When the last process
that could ask has gone, the parent goes too.
"""

import gc
import json
import os
import socket
import sys
import threading
from contextlib import suppress

from loopready.warm import ahead, kernel
from loopready.warm.guard import guard

LONGEST = 1 << 18  # bytes of a request; an environment is its largest part
FILES = 8


def main(words: list[str]) -> None:
    """Import the modules `words[1:]`, then fork for each request at the socket `words[0]` until nobody is there."""
    del sys.path[0]
    doorbell = socket.socket(fileno=int(words[0]))
    before = dict(os.environ)
    prepare(words[1:])
    added = {name: value for name, value in os.environ.items() if before.get(name) != value}
    if threading.active_count() > 1:
        raise SystemExit("a module of the stack starts threads, so a fork is not safe")
    while True:
        data, files, _, _ = socket.recv_fds(doorbell, LONGEST, FILES)
        _reap(os.WNOHANG)
        if not data:
            _reap(0)
            # At once: there is nothing to tidy, and somebody waits.
            os._exit(0)
        if os.fork() == 0:
            request = json.loads(data)
            request["env"] = {**added, **request["env"]}
            _serve(request, files)
        for number in files:
            os.close(number)


def _reap(how: int) -> None:
    """Take note of the guards that have ended, so that their time counts as this process's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def prepare(modules: list[str]) -> None:
    """Build the shell, then import: what is imported before a shell exists misses its hooks."""
    kernel.LineApp.instance().initialize([])
    ahead.import_modules(modules)
    ahead.draw_once()
    ahead.draw(modules)
    gc.enable()
    gc.collect()
    gc.freeze()
    sys.stdout.flush()


def _serve(request: dict, files: list[int]) -> None:
    """In the fork: become the guard of one kernel; never returns."""
    control = socket.socket(fileno=files[0])
    try:
        guard(control, lambda: _become(request, files[1:]))
    finally:
        os._exit(0)


def _become(request: dict, files: list[int]) -> None:
    # Not the parent's, and so what a cold kernel has: its own place among the processes.
    request["env"]["JPY_PARENT_PID"] = str(os.getppid())
    begin = kernel.on_line if request["kind"] == "line" else kernel.on_sockets
    begin(request, files)
