"""Lists, dicts, sets and their kin as trees: each carries a number, so that one met twice stays one."""

import base64
import collections
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, check

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

__all__ = ["DECODERS", "ENCODERS", "NUMBERED"]

# Tags of what can be named again, with what it holds.
NUMBERED = frozenset({"l", "d", "S", "dq", "dl", "rm", "nd", "pf", "B"})
_DICTS = {"od": collections.OrderedDict, "co": collections.Counter, "dd": collections.defaultdict}


def _list(codec: "Codec", value: list) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["l", number, codec.trees(value)]


def _in_list(codec: "Codec", number: int, items: list) -> list:
    made: list = []
    codec.made(number, made)
    made.extend(codec.values(items))
    return made


def _dict(codec: "Codec", value: dict) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["d", number, codec.trees(value.keys()), codec.trees(value.values())]


def _in_dict(codec: "Codec", number: int, keys: list, items: list) -> dict:
    made: dict = {}
    codec.made(number, made)
    # One by one, so that keys made to collide can be interrupted.
    for key, item in zip(codec.values(keys), codec.values(items), strict=True):
        made[key] = item
    return made


def _set(codec: "Codec", value: set) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["S", number, codec.trees(value)]


def _in_set(codec: "Codec", number: int, items: list) -> set:
    made: set = set()
    codec.made(number, made)
    for item in codec.values(items):
        made.add(item)
    return made


def _in_frozenset(codec: "Codec", items: list) -> frozenset:
    made = set()
    for item in codec.values(items):
        made.add(item)
    return frozenset(made)


def _bytearray(codec: "Codec", value: bytearray) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["B", number, _base64(value)]


def _in_bytearray(codec: "Codec", number: int, text: str) -> bytearray:
    made = bytearray(_from_base64(text))
    codec.made(number, made)
    return made


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _in_shared(codec: "Codec", number: int) -> Any:
    codec.counted(number)
    if number in codec._made:
        return codec._made[number]
    value = codec.shared(number)
    codec._sizes[number] = len(value) if hasattr(value, "__len__") else 1
    return value


def _deque(codec: "Codec", value: collections.deque) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["dq", number, codec.trees(value), value.maxlen]


def _in_deque(codec: "Codec", number: int, items: list, longest: int | None) -> collections.deque:
    made: collections.deque = collections.deque(maxlen=longest)
    codec.made(number, made)
    made.extend(codec.values(items))
    return made


def _dict_like(tag: str) -> Callable:
    def encode(codec: "Codec", value: dict) -> Tree:
        number, known = codec.number(value)
        if known:
            return ["s", number]
        factory = codec.tree(value.default_factory) if tag == "dd" else None
        pairs = codec.trees(dict.keys(value)), codec.trees(dict.values(value))
        return ["dl", number, tag, *pairs, factory]

    return encode


def _in_dict_like(codec: "Codec", number: int, tag: str, keys: list, items: list, factory: Tree) -> dict:
    made = _DICTS[tag]()
    codec.made(number, made)
    for key, item in zip(codec.values(keys), codec.values(items), strict=True):
        made[key] = item
    if tag == "dd" and factory is not None:
        made.default_factory = codec.value(factory)
    return made


def _views(codec: "Codec", value: Any) -> Tree:
    return ["vw", _VIEWS[type(value)], codec.trees(value)]


def _in_views(codec: "Codec", kind: str, items: list) -> Any:
    made: dict = {}
    for place, item in enumerate(codec.values(items)):
        key, one = (item, None) if kind == "keys" else item if kind == "items" else (place, item)
        made[key] = one
    check(kind in _VIEWS.values(), "a view of no such kind")
    return getattr(made, kind)()


def _read_only(codec: "Codec", value: types.MappingProxyType) -> Tree:
    return ["ro", codec.trees(value.keys()), codec.trees(value.values())]


def _in_read_only(codec: "Codec", keys: list, items: list) -> types.MappingProxyType:
    made: dict = {}
    for key, item in zip(codec.values(keys), codec.values(items), strict=True):
        made[key] = item
    return types.MappingProxyType(made)


def _in_chain(codec: "Codec", maps: list) -> collections.ChainMap:
    made = codec.values(maps)
    check(all(isinstance(one, dict) for one in made), "a chain of what are no dicts")
    return collections.ChainMap(*made)


_VIEWS = {type(getattr(kind(), name)()): name
          for kind in (dict, collections.OrderedDict) for name in ("keys", "values", "items")}  # fmt: skip

ENCODERS: dict[type, Callable] = {
    list: _list,
    tuple: lambda codec, value: ["t", codec.trees(value)],
    dict: _dict,
    set: _set,
    frozenset: lambda codec, value: ["F", codec.trees(value)],
    bytes: lambda codec, value: ["b", _base64(value)],
    bytearray: _bytearray,
    collections.deque: _deque,
    types.MappingProxyType: _read_only,
    collections.ChainMap: lambda codec, value: ["cm", codec.trees(value.maps)],
    **dict.fromkeys(_VIEWS, _views),
    **{kind: _dict_like(tag) for tag, kind in _DICTS.items()},
}
DECODERS: dict[str, Callable] = {
    "l": _in_list,
    "t": lambda codec, items: tuple(codec.values(items)),
    "d": _in_dict,
    "S": _in_set,
    "F": _in_frozenset,
    "b": lambda codec, text: _from_base64(text),
    "B": _in_bytearray,
    "dq": _in_deque,
    "dl": _in_dict_like,
    "vw": _in_views,
    "ro": _in_read_only,
    "cm": _in_chain,
    "s": _in_shared,
}
