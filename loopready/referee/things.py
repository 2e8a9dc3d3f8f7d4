"""What tests hand in besides data: random numbers, paths, files and databases in memory. They cross as they are."""

import base64
import contextlib
import io
import pathlib
import random
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, WireError

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

__all__ = ["DECODERS", "STATES", "encoder"]


def encoder(kind: type) -> Callable | None:
    """How things of this class become trees, or None."""
    if issubclass(kind, pathlib.PurePath) and kind.__module__.partition(".")[0] == "pathlib":
        return lambda codec, value: ["pa", str(value)]
    name = _NAMES.get((kind.__module__.partition(".")[0], kind.__name__))
    return name and (lambda codec, value: _encoded(codec, value, name))


def _encoded(codec: "Codec", value: Any, name: str) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else [name, number, STATES[type(value).__name__][0](value)]


def _in_path(codec: "Codec", text: str) -> pathlib.PurePath:
    # One that an answer gives opens nothing here.
    if not isinstance(text, str):
        raise WireError("a path that is no text")
    return (pathlib.PurePosixPath if codec.wary else pathlib.Path)(text)


def _decoder(make: Callable[[], Any]) -> Callable:
    def decode(codec: "Codec", number: int, state: list) -> Any:
        made = make()
        STATES[type(made).__name__][1](made, state)
        codec.made(number, made)
        return made

    return decode


def _random_state(value: random.Random) -> Tree:
    _, numbers, gauss = value.getstate()
    return [list(numbers), gauss]


def _set_random(value: random.Random, state: list) -> None:
    numbers, gauss = state
    value.setstate((3, tuple(numbers), gauss))


def _generator() -> Any:
    import numpy as np

    return np.random.Generator(np.random.PCG64(0))


def _generator_state(value: Any) -> Tree:
    state = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise TypeError(f"random numbers by {state['bit_generator']} cannot cross: use numpy's default_rng")
    return [state["state"]["state"], state["state"]["inc"], state["has_uint32"], state["uinteger"]]


def _set_generator(value: Any, state: list) -> None:
    now, step, has, number = state
    value.bit_generator.state = {
        "bit_generator": "PCG64", "state": {"state": now, "inc": step}, "has_uint32": has, "uinteger": number,
    }  # fmt: skip


def _text_state(value: io.StringIO) -> Tree:
    return [value.getvalue(), value.tell()]


def _bytes_state(value: io.BytesIO) -> Tree:
    return [base64.b64encode(value.getvalue()).decode(), value.tell()]


def _set_file(value: Any, state: list) -> None:
    content, place = state
    value.seek(0)
    value.truncate()
    value.write(base64.b64decode(content, validate=True) if isinstance(value, io.BytesIO) else content)
    value.seek(place)


def _database_state(value: Any) -> Tree:
    """All tables of a database in memory, and how its rows come; nothing of one that is closed."""
    try:
        (_, _, file), *others = sqlite3.Connection.execute(value, "PRAGMA database_list").fetchall()
    except sqlite3.ProgrammingError:
        return []
    if others or file:
        raise TypeError("a database in a file cannot cross: use sqlite3.connect(':memory:')")
    keys = sqlite3.Connection.execute(value, "PRAGMA foreign_keys").fetchone()[0]
    return [base64.b64encode(value.serialize()).decode(), value.row_factory is sqlite3.Row, keys]


def _set_database(value: Any, state: list) -> None:
    if not state:
        value.close()
        return
    content, rows, keys = state
    value.rollback()
    # By way of another, since one that is read from bytes no longer tells of what is not committed.
    with contextlib.closing(sqlite3.connect(":memory:")) as read:
        read.deserialize(base64.b64decode(content, validate=True))
        read.backup(value)
    value.row_factory = sqlite3.Row if rows else None
    # Its views are another's, who may have had them call anything and take any memory.
    for line in (
        f"foreign_keys={keys == 1}",
        "trusted_schema=OFF",
        "temp_store=MEMORY",
        f"hard_heap_limit={_HEAP}",
    ):
        value.execute(f"PRAGMA {line}")
    # An alarm is heard between two functions of Python's.
    value.set_progress_handler(lambda: 0, 100_000)


_HEAP = 2**28  # bytes of memory for the databases of one process


# How the state of each is taken and put back; shared.py asks for it as well.
STATES: dict[str, tuple[Callable, Callable]] = {
    "Random": (_random_state, _set_random), "Generator": (_generator_state, _set_generator),
    "StringIO": (_text_state, _set_file), "BytesIO": (_bytes_state, _set_file),
    "Connection": (_database_state, _set_database),
}  # fmt: skip
_NAMES = {
    ("random", "Random"): "rn", ("numpy", "Generator"): "rg", ("_io", "StringIO"): "si", ("_io", "BytesIO"): "bi",
    ("sqlite3", "Connection"): "db",
}  # fmt: skip
DECODERS: dict[str, Callable] = {
    "rn": _decoder(random.Random), "rg": _decoder(_generator), "si": _decoder(io.StringIO),
    "bi": _decoder(io.BytesIO), "db": _decoder(lambda: sqlite3.connect(":memory:")), "pa": _in_path,
}  # fmt: skip
