"""In the box: what stands for the things that a test has passed in. Using one asks the referee."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopready.referee.operations import BINARY, COMPARING, REFLECTED, UNARY
from loopready.referee.signatures import signature

if TYPE_CHECKING:
    from loopready.referee.session import Session

__all__ = ["Guest", "GuestIterator", "guest"]


class Guest:
    """A function of the tests cell, or an instance of a class that the tests cell defines."""

    def __init__(self, session: "Session", number: int, name: str, compares: bool = False):
        object.__setattr__(self, "_guest", (session, number))
        object.__setattr__(self, "__name__", name)
        object.__setattr__(self, "_compares", compares)

    @property
    def __class__(self) -> type:
        session, _ = object.__getattribute__(self, "_guest")
        return session.own_class(object.__getattribute__(self, "__name__")) or type(self)

    def _ask(self, what: str, /, *args: Any, **kwargs: Any) -> Any:
        session, number = object.__getattribute__(self, "_guest")
        return session.ask(what, ["y", number], *args, **kwargs)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """What comes of the call on the other side."""
        return self._ask("call", *args, **kwargs)

    def __eq__(self, other: Any) -> Any:
        if self is other or not object.__getattribute__(self, "_compares"):
            return self is other
        return self._ask("eq", other)

    def __hash__(self) -> int:
        return self._ask("hash") if object.__getattribute__(self, "_compares") else object.__hash__(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_" if self.__class__ is type(self) else "__"):
            raise AttributeError(name)
        # A method of a class that is here as well need not be asked for before it is called.
        if callable(getattr(type(self) if self.__class__ is type(self) else self.__class__, name, None)):
            return functools.partial(self._ask, "method", name)
        return self._ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name, value)

    def __len__(self) -> int:
        return self._ask("len")

    def __bool__(self) -> bool:
        return self._ask("bool")

    def __iter__(self) -> Any:
        return self._ask("iter")

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("set item", key, value)

    def __contains__(self, item: Any) -> bool:
        return self._ask("contains", item)

    def __enter__(self) -> Any:
        return self._ask("enter")

    def __exit__(self, *error: Any) -> Any:
        return self._ask("exit", None, None, None)

    def __delitem__(self, key: Any) -> None:
        self._ask("del item", key)

    def __format__(self, how: str) -> str:
        return self._ask("format", how)

    def __round__(self, digits: int | None = None) -> Any:
        return self._ask("round", digits)

    def __str__(self) -> str:
        return self._ask("str")

    def __repr__(self) -> str:
        return self._ask("repr")


def _operator(what: str) -> Callable:
    def do(self: Guest, other: Any) -> Any:
        return self._ask(what, other)

    return do


def _unary(what: str) -> Callable:
    def do(self: Guest) -> Any:
        return self._ask(what)

    return do


for _name in (*COMPARING, *BINARY, *REFLECTED):
    setattr(Guest, f"__{_name}__", _operator(_name))
for _name in UNARY:
    setattr(Guest, f"__{_name}__", _unary(_name))


class GuestIterator(Guest):
    """A generator or another iterator of the tests cell: read once, item by item, over there."""

    def __iter__(self) -> "GuestIterator":
        return self

    def __next__(self) -> Any:
        return self._ask("next")

    def __bool__(self) -> bool:
        return True


@functools.lru_cache(100)
def _named(name: str) -> type[Guest]:
    """What stands for objects of one class: `type` says its name."""
    return type(name, (Guest,), {})


def guest(session: "Session", number: int, kind: str, about: Any) -> Guest:
    """What stands for one thing of the tests cell."""
    if kind == "iterator":
        return GuestIterator(session, number, about)
    if kind == "object":
        return _named(str(about[0]))(session, number, *about)
    name, doc, told = about
    made = Guest(session, number, name)
    # As functools.wraps and inspect.signature look for them.
    for attribute, value in {"__qualname__": name, "__doc__": doc, "__signature__": signature(told)}.items():
        object.__setattr__(made, attribute, value)
    return made
