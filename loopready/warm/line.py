"""A line between two processes: Jupyter's messages as JSON, one after the other over a socket.

Nothing but JSON crosses, so whoever writes on the other end can make nothing run on this one.
"""

import base64
import json
import select
import socket
import struct
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

_LENGTH = struct.Struct("!I")
LONGEST = 64 << 20  # bytes of one message


class LineError(Exception):
    """The other end wrote something that is no message."""


class Line:
    """One end of a line. `recv` returns None once the other end is gone."""

    def __init__(self, end: socket.socket, default: Callable[[Any], Any] = str):
        """`default` is json's: what becomes of a value that JSON has not."""
        self.end = end
        self.default = default
        self.received = 0
        self._buffer, self._waiting = bytearray(), bytearray()

    def put(self, message: dict[str, Any], buffers: list[Any] | None = None) -> int:
        """Keep a message for `flush`; the bytes that wait for it."""
        if buffers:
            message = {**message, "buffers": [base64.b64encode(one).decode() for one in buffers]}
        data = json.dumps(message, default=self.default, ensure_ascii=False).encode(errors="surrogatepass")
        self._waiting += _LENGTH.pack(len(data)) + data
        return len(self._waiting)

    def flush(self) -> None:
        """Write what has been put; raises OSError when the other end is gone."""
        data, self._waiting = self._waiting, bytearray()
        self.end.sendall(data)

    def send(self, message: dict[str, Any]) -> None:
        """Write a message at once; raises OSError when the other end is gone."""
        self.put(message)
        self.flush()

    def recv(self, seconds: float | None = None) -> dict[str, Any] | None:
        """The next message, or None when the line is closed. Raises TimeoutError after `seconds`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while (message := self.complete()) is None:
            if not self._readable(deadline):
                raise TimeoutError
            if not self.fill():
                return None
        return message

    def _readable(self, deadline: float | None) -> bool:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        poll = select.poll()
        poll.register(self.end, select.POLLIN)
        return bool(poll.poll(None if left is None else left * 1000))

    def fill(self) -> bool:
        """Read what has come; False when the other end is gone."""
        try:
            data = self.end.recv(1 << 20)
        except ConnectionError:
            return False
        self.received += len(data)
        self._buffer += data
        return bool(data)

    def complete(self) -> dict[str, Any] | None:
        """The first message that has come whole, or None."""
        if len(self._buffer) < _LENGTH.size:
            return None
        [length] = _LENGTH.unpack_from(self._buffer)
        if length > LONGEST:
            raise LineError(f"a message of {length >> 20} MB, and {LONGEST >> 20} is the most")
        if len(self._buffer) < _LENGTH.size + length:
            return None
        data = bytes(self._buffer[_LENGTH.size : _LENGTH.size + length])
        del self._buffer[: _LENGTH.size + length]
        return _message(data)

    def close(self) -> None:
        """Close this end; the other sees it."""
        self.end.close()


def _message(data: bytes) -> dict[str, Any]:
    try:
        message = json.loads(data.decode(errors="surrogatepass"))
        header = message["header"]
        if "date" in header:
            header["date"] = datetime.fromisoformat(header["date"])
        message.setdefault("parent_header", {})
        message["msg_id"], message["msg_type"] = header["msg_id"], header["msg_type"]
        message["buffers"] = [base64.b64decode(one) for one in message.get("buffers", ())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LineError(f"no message: {type(error).__name__}: {error}") from error
    return message
