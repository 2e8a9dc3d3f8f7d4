"""What goes over the line: trees of plain JSON in frames of limited size, and nothing that could execute.

A tree is None, a bool, an int, a float, a str, or a list of trees; JSON objects are refused. Whoever reads believes
nothing: a frame that is too long, too wide, too deep or no tree raises WireError, and no other exception leaves here.
"""

import json
import math
import socket
import struct
from typing import Any

__all__ = ["LONGEST", "WIDEST", "Closed", "Line", "Tree", "WireError", "check", "dumped", "loaded"]

LONGEST = 32 * 2**20  # bytes of one frame; the largest honest one, 400,000 numbers, is a tenth of it
WIDEST = 6_000_000  # trees in one frame, so that a few megabytes of "[],[],…" do not become gigabytes here

Tree = Any
_HEAD = struct.Struct("!I")


class WireError(Exception):
    """What came over the line cannot be read, or what should go cannot be sent; one line says why."""


class Closed(WireError):
    """The other side is gone."""


def check(holds: bool, otherwise: str) -> None:
    """Raise WireError, which says `otherwise`, unless something holds."""
    if not holds:
        raise WireError(otherwise)


def _no_object(_: object) -> Any:
    raise WireError("a JSON object came where only lists may")


# One nan for all, as `math.nan` is: a list that holds it is then equal to another that does.
_CONSTANTS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_decoder = json.JSONDecoder(object_pairs_hook=_no_object, parse_constant=_CONSTANTS.__getitem__)


def dumped(tree: Tree) -> bytes:
    """The tree as the bytes of one frame, head included."""
    try:
        body = json.dumps(tree, separators=(",", ":"), check_circular=False).encode()
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise WireError(f"this cannot be sent: {error}") from error
    if len(body) > LONGEST:
        raise WireError(f"too much to send at once: {len(body):,} bytes, at most {LONGEST:,}")
    return _HEAD.pack(len(body)) + body


def loaded(body: bytes) -> Tree:
    """The tree that the body of a frame holds. Raises WireError for anything else."""
    if len(body) > LONGEST:
        raise WireError(f"a frame of {len(body):,} bytes, at most {LONGEST:,} may come")
    if body.count(b",") + body.count(b"[") > WIDEST:
        raise WireError(f"a frame of more than {WIDEST:,} parts")
    try:
        return _decoder.decode(body.decode("ascii"))
    except WireError:
        raise
    except Exception as error:  # the reader of hostile bytes has one error, whatever the parser thinks of
        raise WireError(f"no tree: {type(error).__name__}") from error


class Line:
    """One end of a stream socket on which frames go both ways."""

    def __init__(self, end: socket.socket):
        self.socket = end
        self._read, self._held = bytearray(), b""
        self.descriptors: list[int] = []

    def hold(self, tree: Tree) -> None:
        """Have one tree go with the next that is sent: the other side wakes once for both."""
        self._held += dumped(tree)

    def send(self, tree: Tree, descriptors: tuple[int, ...] = ()) -> None:
        """Send one tree, and open descriptors beside it."""
        frame, self._held = self._held + dumped(tree), b""
        try:
            if descriptors:
                # The descriptors ride on the first bytes.
                sent = socket.send_fds(self.socket, [frame], list(descriptors))
                frame = frame[sent:]
            self.socket.sendall(frame)
        except OSError as error:
            raise Closed("the other side is gone") from error

    def receive(self, takes_descriptors: bool = False) -> Tree:
        """The next tree; descriptors that came beside it are kept in `descriptors` where they are taken."""
        (length,) = _HEAD.unpack(self._bytes(_HEAD.size, takes_descriptors))
        if length > LONGEST:
            raise WireError(f"a frame of {length:,} bytes is announced, at most {LONGEST:,} may come")
        return loaded(self._bytes(length, takes_descriptors))

    def _bytes(self, count: int, takes_descriptors: bool) -> bytes:
        while len(self._read) < count:
            try:
                if takes_descriptors:
                    more, descriptors, _, _ = socket.recv_fds(self.socket, 65_536, 4)
                    self.descriptors += descriptors
                else:
                    more = self.socket.recv(max(65_536, min(count - len(self._read), 2**20)))
            except OSError as error:
                raise Closed("the other side is gone") from error
            if not more:
                raise Closed("the other side is gone")
            self._read += more
        taken = bytes(self._read[:count])
        del self._read[:count]
        return taken

    def close(self) -> None:
        """Close this end."""
        self.socket.close()
