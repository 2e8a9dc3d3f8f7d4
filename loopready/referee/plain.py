"""Values as trees and back: what has a meaning without its process crosses as data, everything else by reference.

A tagged list stands for what JSON has no word for: ["t", [1, 2]] is a tuple. Lists, dicts and sets carry a number, so
that a value that is met twice, or that holds itself, is one value on the other side too. Subclasses of the built-in
types are sent as what they are based on: nothing that a learner's class says of itself counts here.
"""

import builtins
import collections
import datetime
import decimal
import enum
import fractions
import itertools
from collections.abc import Callable, Iterable
from typing import Any

from loopready.referee import containers, quantities, records, scalars
from loopready.referee.wire import WIDEST, Tree, WireError, check

__all__ = ["DEEPEST", "Codec", "Uncrossable", "builtin_name", "has_long"]

DEEPEST = 150  # containers inside each other
_SCALARS = frozenset({type(None), bool, int, float, str})
_LONG = 10_000  # bits; Python refuses to write much longer numbers in decimal


class Uncrossable(Exception):
    """A value that has no way over the line; the message says what it is.

    No TypeError, which a test may expect of an answer that it hands such a value.
    """


# Types and errors that both sides have under the same name; all are plain classes without a door behind them.
_TYPES = {
    name: one
    for name, one in vars(builtins).items()
    if isinstance(one, type) and (issubclass(one, Exception) or one in (
        bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object))
}  # fmt: skip
_TYPES |= {one.__name__: one for one in (
    decimal.Decimal, fractions.Fraction, datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
    collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque,
)}  # fmt: skip
_NAMES = {one: name for name, one in _TYPES.items() if one.__name__ == name}


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
    One that is `wary` refuses what is small to send and takes minutes to use.
    """

    wary = False

    def __init__(self) -> None:
        self.records: dict[str, type] = {}
        self._met: dict[int, tuple[int, Any]] = {}
        self._made: dict[int, Any] = {}
        self._next = itertools.count(1)
        self._depth = self._count = 0
        self._sizes: dict[int, int] = {}
        self._registries: list[Any] | None = None

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

    def named(self, kind: str, names: list, values: list) -> tuple:
        """A named tuple whose class is not known here."""
        return tuple(values)

    def error_class(self, name: str) -> type | None:
        """The error class of that name that the course or the test has."""
        return None

    def registries(self) -> list[Any]:
        """Where Pint's units are looked up, the nearest first."""
        if self._registries is None:
            self._registries = quantities.registries(self.values_here())
        return self._registries

    def values_here(self) -> list[Any]:
        """What has a name on this side."""
        return []

    def based(self, value: Any, base: type) -> Tree:
        """The tree of a value whose class is based on a built-in one."""
        return self.tree(records.BASED[base](value))

    def with_methods(self, value: Any, tree: Tree) -> Tree:
        """The tree of a value that may be more than its data."""
        return tree

    def encode(self, value: Any) -> Tree:
        """The tree of one value. Raises Uncrossable."""
        self._met, self._depth = {}, 0
        return self.tree(value)

    def decode(self, tree: Tree) -> Any:
        """The value of one tree. Raises WireError, whatever the tree."""
        self.begin()
        try:
            return self.value(tree)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"a value that makes no sense: {type(error).__name__}: {error}"[:200]) from error

    def begin(self) -> None:
        """Begin to read a message."""
        self._made, self._depth, self._count, self._sizes = {}, 0, 0, {}

    def weigh(self, size: int) -> None:
        """So many bytes come with a value: they count as the numbers that they could be. Raises WireError."""
        self._count += size // 8
        if self.wary and self._count > WIDEST:
            raise WireError("a value that is too large")

    def counted(self, number: int) -> None:
        """A container is named again: what it holds counts again, since whoever writes it out writes it again."""
        self._count += self._sizes.get(number, 1)
        if self.wary and self._count > WIDEST:
            raise WireError("a value that is too large when it is written out")

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
        decoder, before = _DECODERS.get(tree[0]) or _library(tree[0]), self._count
        value = decoder(self, *tree[1:]) if decoder else self.resolve(tree)
        if tree[0] in containers.NUMBERED:
            self._sizes[tree[1]] = self._count - before + 1
        self._depth -= 1
        return value

    def trees(self, values: Iterable[Any]) -> list[Tree]:
        """The trees of several values; for scalars alone, at the speed of a copy."""
        values = list(values)
        kinds = set(map(type, values))
        if kinds <= _SCALARS and not (int in kinds and has_long(values)):
            return values
        return [self.tree(value) for value in values]

    def values(self, trees: list[Tree]) -> list[Any]:
        """The values of several trees."""
        check(type(trees) is list, "a list is missing")
        self._count += len(trees)
        return [self.value(tree) for tree in trees] if list in set(map(type, trees)) else trees


def _library(tag: Any) -> Callable | None:
    """How the values of libraries are read; with none of them in sight the libraries are not imported."""
    from loopready.referee import science, things

    return science.DECODERS.get(tag) or things.DECODERS.get(tag)


def has_long(values: Iterable[Any]) -> bool:
    """Whether there is a number among them that is too long to be written as one."""
    return any(type(value) is int and value.bit_length() > _LONG for value in values)


def _encoder(kind: type) -> Callable | None:
    """How a subclass of a built-in type is sent: as its base. Also the types of libraries, by name."""
    from loopready.referee import science, things

    if found := science.encoder(kind) or things.encoder(kind):
        return found
    if issubclass(kind, enum.Enum):
        return records.record
    if issubclass(kind, tuple) and isinstance(getattr(kind, "_fields", None), tuple):
        return records.record
    if hasattr(kind, "_thing"):
        return lambda codec, value: codec.refer(value._thing)
    for base in records.BASED:
        if issubclass(kind, base):
            return lambda codec, value: codec.based(value, base)
    if issubclass(kind, BaseException):
        return records.error
    if issubclass(kind, type):
        return lambda codec, value: ["ty", name] if (name := builtin_name(value)) else codec.refer(value)
    return records.record if "__dataclass_fields__" in vars(kind) else None


_ENCODERS: dict[type, Callable] = containers.ENCODERS | scalars.ENCODERS
_DECODERS: dict[Any, Callable] = {
    **containers.DECODERS, **scalars.DECODERS, **records.DECODERS, "ty": lambda codec, name: _TYPES[name]
}  # fmt: skip
