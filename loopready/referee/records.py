"""Errors, enums, named tuples and dataclasses as trees: by the name of a class that both sides have from the course."""

import enum
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopready.referee.errors import described, rebuilt
from loopready.referee.wire import Tree, check

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

__all__ = ["BASED", "DECODERS", "error", "fields", "record", "set_fields"]

# By the base's own methods: a learner's class may have others under the same names.
BASED: dict[type, Callable] = {
    bool: bool, int: lambda v: int.__add__(v, 0), float: lambda v: float.__add__(v, 0.0) if v == v else math.nan,
    str: lambda v: str.__str__(v), list: lambda v: list(list.__iter__(v)), tuple: lambda v: tuple(tuple.__iter__(v)),
    dict: lambda v: dict(dict.items(v)), set: lambda v: set(set.__iter__(v)),
    frozenset: lambda v: frozenset(frozenset.__iter__(v)), bytes: lambda v: bytes.__getitem__(v, slice(None)),
    bytearray: lambda v: bytearray(bytearray.__getitem__(v, slice(None))), complex: lambda v: complex.__add__(v, 0),
}  # fmt: skip


def error(codec: "Codec", value: BaseException) -> Tree:
    """An error, by the names of its classes."""
    return ["x", described(value, codec)]


def _in_error(codec: "Codec", tree: Tree) -> Exception:
    return rebuilt(tree, codec)


def record(codec: "Codec", value: Any) -> Tree:
    """An enum's member, a named tuple or a dataclass: by its class's name where the course gave the class to both."""
    kind = type(value)
    given = codec.records.get(kind.__name__)
    if isinstance(value, enum.Enum):
        if given is kind:
            flag = isinstance(value, enum.Flag)
            return ["en", kind.__name__, [value.value] if flag else value.name]
        based = next((base for base in (int, str, float) if isinstance(value, base)), None)
        return codec.with_methods(value, codec.tree(BASED[based](value))) if based else codec.refer(value)
    if isinstance(value, tuple):
        tree = ["nt", kind.__name__, list(kind._fields), codec.trees(tuple.__iter__(value))]
        return tree if given is kind else codec.with_methods(value, tree)
    if given is not kind:
        return codec.refer(value)
    names, frozen = list(kind.__dataclass_fields__), kind.__dataclass_params__.frozen
    if frozen:
        return ["rc", kind.__name__, names, codec.trees(getattr(value, name) for name in names)]
    number, known = codec.number(value)
    return ["s", number] if known else ["rm", number, kind.__name__, names, fields(codec, value)]


def fields(codec: "Codec", value: Any) -> Tree:
    """The values of a dataclass's fields."""
    return codec.trees(getattr(value, name, None) for name in type(value).__dataclass_fields__)


def _in_member(codec: "Codec", kind: str, name: Tree) -> Any:
    if isinstance(name, list):  # several flags at once, by their number
        check(issubclass(codec.records[kind], enum.Flag) and type(name[0]) is int, "no flags")
        return codec.records[kind](name[0])
    return codec.records[kind].__members__[name]


def _in_named(codec: "Codec", kind: str, names: list, items: list) -> tuple:
    given = codec.records.get(kind)
    values = codec.values(items)
    if given is not None and list(getattr(given, "_fields", ())) == names:
        return tuple.__new__(given, values)
    return codec.named(kind, names, values)


def _in_record(codec: "Codec", kind: str, names: list, items: list) -> Any:
    given = codec.records[kind]
    check(list(getattr(given, "__dataclass_fields__", ())) == names, "another class of that name")
    made = object.__new__(given)
    set_fields(made, codec.values(items))
    return made


def _in_shared_record(codec: "Codec", number: int, kind: str, names: list, items: list) -> Any:
    given = codec.records[kind]
    check(list(getattr(given, "__dataclass_fields__", ())) == names, "another class of that name")
    made = object.__new__(given)
    codec.made(number, made)
    set_fields(made, codec.values(items))
    return made


def set_fields(made: Any, values: list) -> None:
    """Give a dataclass's fields their values, whatever its class does when one is set."""
    for name, value in zip(type(made).__dataclass_fields__, values, strict=True):
        object.__setattr__(made, name, value)


DECODERS: dict[str, Callable] = {
    "x": _in_error,
    "en": _in_member,
    "nt": _in_named,
    "rc": _in_record,
    "rm": _in_shared_record,
}
