"""The provisioner of the kernelspec `loopready-warm`: jupyter_client's own way to say how a kernel is started."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from loopready.warm import asker
from loopready.warm.stack import USUAL

NAME = "loopready-warm"
_said: set[str] = set()


class _Process:
    """A warm kernel as jupyter_client sees a process."""

    stdin = stdout = stderr = None

    def __init__(self, kernel: asker.Kernel):
        self.kernel = kernel
        self.pid = kernel.started()
        self.send_signal = kernel.signal

    def poll(self) -> int | None:
        return self.kernel.poll()

    def wait(self) -> int | None:
        code = self.kernel.poll(5)
        self.kernel.close()
        return code


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel from a parent that has imported `modules`; starts it cold where that cannot be."""

    modules: list[str] = List(Unicode(), list(USUAL), help="What the parent imports before it forks.").tag(
        config=True
    )

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that `cmd` would start; says once why it is a cold one, when it is."""
        try:
            self.process = await asyncio.to_thread(self._forked, cmd, kwargs)
        except asker.NoWarmKernel as error:
            if str(error) not in _said:
                _said.add(str(error))
                self.log.warning("Kernels are started cold, which is slower: %s", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    def _forked(self, cmd: list[str], kwargs: dict[str, Any]) -> _Process:
        if "ipykernel_launcher" not in cmd:
            raise asker.NoWarmKernel(f"{cmd[0]} is not started as ipykernel_launcher")
        argv = cmd[cmd.index("ipykernel_launcher") + 1 :]
        environment = kwargs.get("env") or dict(os.environ)
        folder = str(kwargs.get("cwd") or os.getcwd())
        with _streams(kwargs) as streams:
            parent = asker.parent(self.modules, environment)
            return _Process(parent.on_sockets(argv, environment, folder, streams))

    async def wait(self) -> int | None:
        """The exit code once the kernel has ended."""
        if not isinstance(self.process, _Process):
            return await super().wait()
        while (code := self.process.poll()) is None:
            await asyncio.sleep(0.01)
        self.process.wait()
        self.process = None
        return code


@contextmanager
def _streams(kwargs: dict[str, Any]) -> Iterator[list[int]]:
    """The files for stdin, stdout and stderr that Popen would have used."""
    null = os.open(os.devnull, os.O_RDWR)
    try:
        yield [null, *(_file(kwargs.get(name), own, null) for name, own in (("stdout", 1), ("stderr", 2)))]
    finally:
        os.close(null)


def _file(asked: Any, own: int, null: int) -> int:
    if asked is None:
        return own
    if asked in (subprocess.DEVNULL, subprocess.PIPE):
        return null
    return asked if isinstance(asked, int) else asked.fileno()
