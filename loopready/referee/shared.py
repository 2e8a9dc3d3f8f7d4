"""Mutable arguments on both sides of a line: who has changed what since the other side last heard of it.

A list that goes in as an argument is one list for as long as somebody in there holds it. Each message carries the new
content of what has changed since the last, and it is put into the same object on the other side.
"""

import base64
import collections
import sys
from collections.abc import Callable
from dataclasses import dataclass
from operator import is_
from typing import Any

from loopready.referee.plain import Codec
from loopready.referee.records import fields, set_fields
from loopready.referee.things import STATES
from loopready.referee.wire import Tree, WireError

__all__ = ["Shared"]

MOST = 20_000  # elements that are compared with each message, once a call has kept what it was given


@dataclass
class _Kind:
    """How one kind of container is remembered, compared, sent and filled."""

    copy: Callable[[Any], Any]
    same: Callable[[Any, Any], bool]
    content: Callable[[Codec, Any], Tree]
    fill: Callable[[Codec, Any, Tree], None]


def _alike(value: list, before: list) -> bool:
    return len(value) == len(before) and all(map(is_, value, before))


def _fill_list(codec: Codec, value: list, content: Tree) -> None:
    value[:] = codec.values(content)


def _fill_dict(codec: Codec, value: dict, content: Tree) -> None:
    pairs = list(zip(codec.values(content[0]), codec.values(content[1]), strict=True))
    value.clear()
    value.update(pairs)


def _fill_other(codec: Codec, value: Any, content: Tree) -> None:
    items = codec.values(content)
    value.clear()
    (value.update if isinstance(value, set) else value.extend)(items)


def _fill_bytes(codec: Codec, value: bytearray, content: Tree) -> None:
    value[:] = base64.b64decode(content, validate=True)


def _fill_array(codec: Codec, value: Any, content: Tree) -> None:
    new = Codec().decode(content)
    if new.shape != value.shape:
        raise WireError("an array cannot change its shape where it is")
    value[...] = new


def _fill_frame(codec: Codec, value: Any, content: Tree) -> None:
    value._update_inplace(Codec().decode(content))


def _items(value: dict) -> list:
    return [*value.keys(), *value.values()]


_LIST = _Kind(list, _alike, lambda codec, value: codec.trees(value), _fill_list)
_OTHER = _Kind(type.__call__, lambda a, b: a == b, lambda codec, value: codec.trees(value), _fill_other)
_DICT = _Kind(
    _items,
    lambda value, before: _alike(_items(value), before),
    lambda codec, value: [codec.trees(dict.keys(value)), codec.trees(dict.values(value))],
    _fill_dict,
)
_BYTES = _Kind(bytes, lambda a, b: a == b, lambda codec, value: base64.b64encode(value).decode(), _fill_bytes)
_ARRAY = _Kind(
    lambda value: value.copy(),
    lambda value, before: value.tobytes() == before.tobytes(),
    lambda codec, value: Codec().encode(value),
    _fill_array,
)
_RECORD = _Kind(
    lambda value: [getattr(value, name, None) for name in type(value).__dataclass_fields__],
    lambda value, before: _alike(_RECORD.copy(value), before),
    lambda codec, value: fields(codec, value),
    lambda codec, value, content: set_fields(value, codec.values(content)),
)
_FRAME = _Kind(
    lambda value: value.copy(),
    lambda value, before: value.equals(before) and value.columns.equals(before.columns)
    and value.index.equals(before.index),
    lambda codec, value: Codec().encode(value),
    _fill_frame,
)  # fmt: skip


def _kind(value: Any) -> _Kind:
    if isinstance(value, list):
        return _LIST
    if isinstance(value, dict):
        return _DICT
    if isinstance(value, bytearray):
        return _BYTES
    if isinstance(value, (set, collections.deque)):
        return _Kind(type(value).copy, _OTHER.same, _OTHER.content, _OTHER.fill)
    if hasattr(type(value), "__dataclass_fields__"):
        return _RECORD
    if state := STATES.get(type(value).__name__):
        take, put = state
        return _Kind(take, lambda value, before: take(value) == before, lambda _, value: take(value),
                     lambda _, value, content: put(value, content))  # fmt: skip
    return _ARRAY if type(value).__name__ == "ndarray" else _FRAME


def _size(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 1


def _references(box: list) -> int:
    value = box.pop()
    return sys.getrefcount(value)


# What a value counts that nobody holds; it differs between versions of Python.
_NOBODY = _references([object()])


class Shared:
    """The containers that both sides of one session hold, under the numbers of the side that made them."""

    def __init__(self, codec: Codec):
        self._codec = codec
        self._kept: dict[int, list] = {}
        self._numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, number: int) -> Any:
        return self._kept[number][0]

    def number(self, value: Any) -> int | None:
        """The number of a container that is shared already."""
        return self._numbers.get(id(value))

    def add(self, number: int, value: Any) -> None:
        """Share a container; what it holds is noted by `settled`, when all of it is there."""
        self._kept[number] = [value, None]
        self._numbers[id(value)] = number

    def settled(self) -> None:
        """Both sides know everything as it is now."""
        for entry in self._kept.values():
            if entry[1] is None:
                entry[1] = _kind(entry[0]).copy(entry[0])

    def changes(self) -> Tree:
        """What has changed since both sides knew everything: [number, content] of each."""
        changed = []
        for number, entry in list(self._kept.items()):
            kind = _kind(entry[0])
            if entry[1] is not None and not kind.same(entry[0], entry[1]):
                changed.append([number, kind.content(self._codec, entry[0])])
                entry[1] = kind.copy(entry[0])
        return changed

    def apply(self, changes: Tree) -> None:
        """Put what the other side has changed into the same objects here. Raises WireError."""
        for number, content in changes:
            if number not in self._kept:
                raise WireError("a change to an unknown container")
            entry = self._kept[number]
            kind = _kind(entry[0])
            kind.fill(self._codec, entry[0], content)
            entry[1] = kind.copy(entry[0])

    def held(self) -> list[int]:
        """Let go of what nobody holds any more but this table; the numbers of the rest.

        Raises nothing: what is too large to be compared with every message is let go of as well.
        """
        for number in list(self._kept):
            held = [self._kept.pop(number)[0]]
            if _references([held[0]]) > _NOBODY + 1:
                self._kept[number] = [held[0], None]
            else:
                del self._numbers[id(held[0])]
        self.settled()
        if sum(_size(entry[0]) for entry in self._kept.values()) > MOST:
            self.keep([])
        return list(self._kept)

    def keep(self, numbers: list[int]) -> None:
        """Let go of everything that is not among these numbers."""
        for number in set(self._kept).difference(numbers):
            del self._numbers[id(self._kept.pop(number)[0])]
