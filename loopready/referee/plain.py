"""Values as trees and back: what has a meaning without its process crosses as data, everything else by reference.

A tagged list stands for what JSON has no word for: ["t", [1, 2]] is a tuple. Lists, dicts and sets carry a number, so
that a value that is met twice, or that holds itself, is one value on the other side too. Subclasses of the built-in
types are sent as what they are based on: nothing that a learner's class says of itself counts here.
"""

import base64
import builtins
import collections
import datetime
import decimal
import enum
import fractions
import itertools
import math
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from loopready.referee.wire import Tree, WireError

__all__ = ["DEEPEST", "Codec", "Uncrossable", "builtin_name", "plain"]

DEEPEST = 150  # containers inside each other
_SCALARS = frozenset({type(None), bool, int, float, str})
_LONG = 10_000  # bits; Python refuses to write much longer numbers in decimal


class Uncrossable(TypeError):
    """A value that has no way over the line; the message says what it is."""


# Types and errors that both sides have under the same name; all are plain classes without a door behind them.
_TYPES = {
    name: one
    for name, one in vars(builtins).items()
    if isinstance(one, type) and (issubclass(one, Exception) or one in (
        bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object))
}  # fmt: skip
_NAMES = {one: name for name, one in _TYPES.items() if one.__name__ == name}
_SINGLES = {"ellipsis": ..., "not implemented": NotImplemented, "none type": type(None)}


def builtin_name(one: object) -> str | None:
    """The name of a built-in type or error that both sides have."""
    try:
        return _NAMES.get(one)
    except TypeError:
        return None


class Codec:
    """Turns values into trees and trees into values, for one side of a line.

    What is no data goes through `refer` and comes through `resolve`, which a session provides; without them it
    raises Uncrossable and WireError. `keep` is told of every mutable container that crosses as part of an argument.
    """

    wary = False

    def __init__(self) -> None:
        self.records: dict[str, type] = {}
        self._met: dict[int, tuple[int, Any]] = {}
        self._made: dict[int, Any] = {}
        self._next = itertools.count(1)
        self._depth = 0

    def refer(self, value: Any) -> Tree:
        """A reference to a value that does not cross itself."""
        raise Uncrossable(f"a value of type {type(value).__name__} cannot cross")

    def resolve(self, tree: list) -> Any:
        """What a reference stands for."""
        raise WireError("a reference came where only data may")

    def shared(self, number: int) -> Any:
        """The container that an earlier message has shared under that number."""
        raise WireError("an unknown container is named")

    def number(self, value: Any) -> tuple[int, bool]:
        """A number for a mutable container, and whether it is known to the other side already."""
        known = self._met.get(id(value))
        if known:
            return known[0], True
        number = -next(self._next)
        # Kept beside its number, or another value could be given its address before the message is written.
        self._met[id(value)] = number, value
        return number, False

    def made(self, number: int, value: Any) -> None:
        """A container of that number has come."""
        self._made[number] = value

    def based(self, value: Any, base: type) -> Tree:
        """The tree of a value whose class is based on a built-in one."""
        return self.tree(plain(value, base))

    def with_methods(self, value: Any, tree: Tree) -> Tree:
        """The tree of a value that may be more than its data."""
        return tree

    def encode(self, value: Any) -> Tree:
        """The tree of one value. Raises Uncrossable."""
        self._met, self._depth = {}, 0
        return self.tree(value)

    def decode(self, tree: Tree) -> Any:
        """The value of one tree. Raises WireError, whatever the tree."""
        self._made, self._depth = {}, 0
        try:
            return self.value(tree)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"a value that makes no sense: {type(error).__name__}: {error}"[:200]) from error

    def tree(self, value: Any) -> Tree:
        """The tree of a value inside the message that is being written."""
        kind = type(value)
        if kind in _SCALARS:
            return ["i", hex(value)] if kind is int and value.bit_length() > _LONG else value
        self._depth += 1
        if self._depth > DEEPEST:
            raise Uncrossable(f"a value nested more than {DEEPEST} deep cannot cross")
        encoder = _ENCODERS.get(kind) or _encoder(kind)
        tree = encoder(self, value) if encoder else self.refer(value)
        self._depth -= 1
        return tree

    def value(self, tree: Tree) -> Any:
        """The value of a tree inside the message that is being read."""
        if type(tree) is not list:
            return tree
        self._depth += 1
        if self._depth > DEEPEST:
            raise WireError(f"a value nested more than {DEEPEST} deep")
        decoder = _DECODERS.get(tree[0]) or _library(tree[0])
        value = decoder(self, *tree[1:]) if decoder else self.resolve(tree)
        self._depth -= 1
        return value

    def trees(self, values: Iterable[Any]) -> list[Tree]:
        """The trees of several values; for scalars alone, at the speed of a copy."""
        values = list(values)
        kinds = set(map(type, values))
        if kinds <= _SCALARS and not (int in kinds and _has_long(values)):
            return values
        return [self.tree(value) for value in values]

    def values(self, trees: list[Tree]) -> list[Any]:
        """The values of several trees."""
        _check(type(trees) is list, "a list is missing")
        return [self.value(tree) for tree in trees] if list in set(map(type, trees)) else trees


def _library(tag: Any) -> Callable | None:
    """How the values of libraries are read; with none of them in sight the libraries are not imported."""
    from loopready.referee import science, things

    return science.DECODERS.get(tag) or things.DECODERS.get(tag)


def _has_long(values: list[Any]) -> bool:
    return any(type(value) is int and value.bit_length() > _LONG for value in values)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WireError(otherwise)


def _encoder(kind: type) -> Callable | None:
    """How a subclass of a built-in type is sent: as its base. Also the types of libraries, by name."""
    from loopready.referee import science, things

    if found := science.encoder(kind) or things.encoder(kind):
        return found
    if issubclass(kind, enum.Enum):
        return _record
    if issubclass(kind, tuple) and isinstance(getattr(kind, "_fields", None), tuple):
        return _record
    if hasattr(kind, "_thing"):
        return lambda codec, value: codec.refer(value._thing)
    for base in _BASED:
        if issubclass(kind, base):
            return lambda codec, value: codec.based(value, base)
    if issubclass(kind, BaseException):
        return _error
    if issubclass(kind, type):
        return lambda codec, value: ["ty", name] if (name := builtin_name(value)) else codec.refer(value)
    return _record if "__dataclass_fields__" in vars(kind) else None


# By the base's own methods: a learner's class may have others under the same names.
_BASED: dict[type, Callable] = {
    bool: bool, int: lambda v: int.__add__(v, 0), float: lambda v: float.__add__(v, 0.0) if v == v else math.nan,
    str: lambda v: str.__str__(v), list: lambda v: list(list.__iter__(v)), tuple: lambda v: tuple(tuple.__iter__(v)),
    dict: lambda v: dict(dict.items(v)), set: lambda v: set(set.__iter__(v)),
    frozenset: lambda v: frozenset(frozenset.__iter__(v)), bytes: lambda v: bytes.__getitem__(v, slice(None)),
    bytearray: lambda v: bytearray(bytearray.__getitem__(v, slice(None))), complex: lambda v: complex.__add__(v, 0),
}  # fmt: skip


def plain(value: Any, base: type) -> Any:
    """The value as the built-in type that its class is based on has it."""
    return _BASED[base](value)


def _list(codec: Codec, value: list) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["l", number, codec.trees(value)]


def _in_list(codec: Codec, number: int, items: list) -> list:
    made: list = []
    codec.made(number, made)
    made.extend(codec.values(items))
    return made


def _dict(codec: Codec, value: dict) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["d", number, codec.trees(value.keys()), codec.trees(value.values())]


def _in_dict(codec: Codec, number: int, keys: list, items: list) -> dict:
    made: dict = {}
    codec.made(number, made)
    # One by one, so that keys made to collide can be interrupted.
    for key, item in zip(codec.values(keys), codec.values(items), strict=True):
        made[key] = item
    return made


def _set(codec: Codec, value: set) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["S", number, codec.trees(value)]


def _in_set(codec: Codec, number: int, items: list) -> set:
    made: set = set()
    codec.made(number, made)
    for item in codec.values(items):
        made.add(item)
    return made


def _in_frozenset(codec: Codec, items: list) -> frozenset:
    made = set()
    for item in codec.values(items):
        made.add(item)
    return frozenset(made)


def _bytearray(codec: Codec, value: bytearray) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["B", number, _base64(value)]


def _in_bytearray(codec: Codec, number: int, text: str) -> bytearray:
    made = bytearray(_from_base64(text))
    codec.made(number, made)
    return made


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _in_shared(codec: Codec, number: int) -> Any:
    return codec._made[number] if number in codec._made else codec.shared(number)


def _deque(codec: Codec, value: collections.deque) -> Tree:
    number, known = codec.number(value)
    return ["s", number] if known else ["dq", number, codec.trees(value), value.maxlen]


def _in_deque(codec: Codec, number: int, items: list, longest: int | None) -> collections.deque:
    made: collections.deque = collections.deque(maxlen=longest)
    codec.made(number, made)
    made.extend(codec.values(items))
    return made


_DICTS = {"od": collections.OrderedDict, "co": collections.Counter, "dd": collections.defaultdict}


def _dict_like(tag: str) -> Callable:
    def encode(codec: Codec, value: dict) -> Tree:
        number, known = codec.number(value)
        if known:
            return ["s", number]
        factory = codec.tree(value.default_factory) if tag == "dd" else None
        pairs = codec.trees(dict.keys(value)), codec.trees(dict.values(value))
        return ["dl", number, tag, *pairs, factory]

    return encode


def _in_dict_like(codec: Codec, number: int, tag: str, keys: list, items: list, factory: Tree) -> dict:
    made = _DICTS[tag]()
    codec.made(number, made)
    for key, item in zip(codec.values(keys), codec.values(items), strict=True):
        made[key] = item
    if tag == "dd" and factory is not None:
        made.default_factory = codec.value(factory)
    return made


def _decimal(codec: Codec, value: decimal.Decimal) -> Tree:
    return ["D", str(value)]


def _in_decimal(codec: Codec, text: str) -> decimal.Decimal:
    value = decimal.Decimal(text)
    # A few letters can stand for a number that takes all memory to write out.
    _check(not value.is_finite() or abs(value.adjusted()) <= 10_000, "a decimal out of all proportion")
    return value


def _in_int(codec: Codec, text: str) -> int:
    return int(text, 16)


def _in_fraction(codec: Codec, above: Tree, below: Tree) -> fractions.Fraction:
    return fractions.Fraction(_whole(codec.value(above)), _whole(codec.value(below)))


def _whole(value: Any) -> int:
    _check(type(value) is int, "a whole number is missing")
    return value


def _in_range(codec: Codec, *ends: Tree) -> range:
    return range(*(_whole(codec.value(end)) for end in ends))


def _moment(codec: Codec, value: Any) -> Tree:
    zone = value.tzinfo
    if zone is not None and not isinstance(zone, datetime.timezone):
        name = getattr(zone, "key", None)
        return ["zt", type(value).__name__, value.replace(tzinfo=None).isoformat(), name, value.fold] if name else \
            codec.tree(value.replace(tzinfo=datetime.timezone(value.utcoffset())))  # fmt: skip
    return ["dt", type(value).__name__, value.isoformat()]


def _in_moment(codec: Codec, kind: str, text: str) -> Any:
    return {"datetime": datetime.datetime, "time": datetime.time, "date": datetime.date}[kind].fromisoformat(
        text
    )


def _in_zoned(codec: Codec, kind: str, text: str, zone: str, fold: int) -> Any:
    from zoneinfo import ZoneInfo

    return _in_moment(codec, kind, text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def _error(codec: Codec, value: BaseException) -> Tree:
    from loopready.referee.errors import described

    return ["x", described(value, codec)]


def _in_error(codec: Codec, tree: Tree) -> Exception:
    from loopready.referee.errors import rebuilt

    return rebuilt(tree, codec)


def _record(codec: Codec, value: Any) -> Tree:
    """An enum's member, a named tuple or a dataclass: by its class's name where the course gave the class to both."""
    kind = type(value)
    given = codec.records.get(kind.__name__)
    if isinstance(value, enum.Enum):
        if given is kind:
            return ["en", kind.__name__, value.name]
        based = next((base for base in (int, str, float) if isinstance(value, base)), None)
        return codec.tree(_BASED[based](value)) if based else codec.refer(value)
    if isinstance(value, tuple):
        tree = ["nt", kind.__name__, list(kind._fields), codec.trees(tuple.__iter__(value))]
        return tree if given is kind else codec.with_methods(value, tree)
    if given is not kind:
        return codec.refer(value)
    names = list(kind.__dataclass_fields__)
    # One that can be changed stays one on both sides, as a list does.
    number, known = (0, False) if kind.__dataclass_params__.frozen else codec.number(value)
    values = (getattr(value, name) for name in names)
    return ["s", number] if known else ["rc", number, kind.__name__, names, codec.trees(values)]


def _in_member(codec: Codec, kind: str, name: str) -> Any:
    return codec.records[kind].__members__[name]


def _in_named(codec: Codec, kind: str, names: list, items: list) -> tuple:
    given = codec.records.get(kind)
    values = codec.values(items)
    if given is not None and list(getattr(given, "_fields", ())) == names:
        return tuple.__new__(given, values)
    return codec.named(kind, names, values)


def _in_record(codec: Codec, number: int, kind: str, names: list, items: list) -> Any:
    given = codec.records[kind]
    _check(list(getattr(given, "__dataclass_fields__", ())) == names, "another class of that name")
    made = object.__new__(given)
    if not given.__dataclass_params__.frozen:
        codec.made(number, made)
    for name, value in zip(names, codec.values(items), strict=True):
        object.__setattr__(made, name, value)
    return made


def _named(codec: Codec, kind: str, names: list, values: list) -> tuple:
    return tuple(values)


Codec.named = _named


_ENCODERS: dict[type, Callable] = {
    list: _list,
    tuple: lambda codec, value: ["t", codec.trees(value)],
    dict: _dict,
    set: _set,
    frozenset: lambda codec, value: ["F", codec.trees(value)],
    bytes: lambda codec, value: ["b", _base64(value)],
    bytearray: _bytearray,
    complex: lambda codec, value: ["c", value.real, value.imag],
    fractions.Fraction: lambda codec, value: ["f", *codec.trees([value.numerator, value.denominator])],
    decimal.Decimal: _decimal,
    range: lambda codec, value: ["r", *codec.trees([value.start, value.stop, value.step])],
    slice: lambda codec, value: ["sl", *codec.trees([value.start, value.stop, value.step])],
    datetime.datetime: _moment,
    datetime.time: _moment,
    datetime.date: lambda codec, value: ["dt", "date", value.isoformat()],
    datetime.timedelta: lambda codec, value: ["td", value.days, value.seconds, value.microseconds],
    datetime.timezone: lambda codec, value: ["tz", codec.tree(value.utcoffset(None))],
    uuid.UUID: lambda codec, value: ["uu", value.hex],
    collections.deque: _deque,
    **{kind: _dict_like(tag) for tag, kind in _DICTS.items()},
    **{type(one): lambda codec, value, name=name: ["e", name] for name, one in list(_SINGLES.items())[:2]},
}
_DECODERS: dict[Any, Callable] = {
    "l": _in_list,
    "t": lambda codec, items: tuple(codec.values(items)),
    "d": _in_dict,
    "S": _in_set,
    "F": _in_frozenset,
    "b": lambda codec, text: _from_base64(text),
    "B": _in_bytearray,
    "c": lambda codec, real, imag: complex(real, imag),
    "i": _in_int,
    "f": _in_fraction,
    "D": _in_decimal,
    "r": _in_range,
    "sl": lambda codec, *ends: slice(*(codec.value(end) for end in ends)),
    "dt": _in_moment,
    "zt": _in_zoned,
    "td": lambda codec, days, seconds, micro: datetime.timedelta(days, seconds, micro),
    "tz": lambda codec, offset: datetime.timezone(codec.value(offset)),
    "uu": lambda codec, text: uuid.UUID(hex=text),
    "e": lambda codec, name: _SINGLES[name],
    "dq": _in_deque,
    "dl": _in_dict_like,
    "s": _in_shared,
    "ty": lambda codec, name: _TYPES[name],
    "x": _in_error,
    "en": _in_member,
    "nt": _in_named,
    "rc": _in_record,
}
