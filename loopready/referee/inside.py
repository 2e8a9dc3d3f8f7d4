"""The box's side of a conversation: whatever the referee asks is done, with what the learner's cells have made."""

import copy
import functools
import io
import operator
import random
import sys
import weakref
from collections.abc import Callable
from typing import Any

from loopready.referee.errors import nearest
from loopready.referee.guests import Guest, guest
from loopready.referee.operations import COMMON, IN_PLACE
from loopready.referee.plain import has_long
from loopready.referee.records import BASED
from loopready.referee.session import FRAMES, MOST, Session
from loopready.referee.signatures import parameters
from loopready.referee.wire import Line, Tree, WireError

__all__ = ["Inside"]


_CONTAINERS = (list, dict, set)


class Inside(Session):
    """The box's side of a conversation: whatever is asked is done, with what the learner's cells have made."""

    def __init__(self, line: Line, names: dict[str, Any]):
        super().__init__(line)
        self.names = names
        self._late: BaseException | None = None
        self._guests: weakref.WeakValueDictionary[int, Guest] = weakref.WeakValueDictionary()

    def operation(self, what: str) -> Callable:
        """Anything that one can do with a value."""
        own = {"known": self._known, "about": self._about, "each": self._each, "plain": self._plain}
        return own.get(what) or _OPERATIONS[what]

    def stand_in(self, number: int, kind: str, about: Tree) -> Guest | type:
        """A guest for something of the tests cell: the same for the same thing. An error's class is one here, too."""
        if kind == "error":
            return nearest(about, self.error_class)
        if (found := self._guests.get(number)) is None:
            found = self._guests[number] = guest(self, number, kind, about)
        return found

    def printed(self) -> str:
        """What the answer has printed since the last time; no more than a test could want to hear."""
        said = sys.stdout.getvalue()[:MOST] if isinstance(sys.stdout, io.StringIO) else ""
        if said:
            sys.stdout.seek(0)
            sys.stdout.truncate()
        return said.encode("utf-8", "replace").decode()

    def own_class(self, name: str) -> type | None:
        """The course's class of that name, as the notebook has it."""
        found = self.names.get(name)
        return found if isinstance(found, type) else None

    def values_here(self) -> list[Any]:
        """What the notebook has given a name."""
        return list(self.names.values())

    def error_class(self, name: str) -> type | None:
        """The course's error of that name."""
        return self.own_class(name)

    def foreign(self, value: Any) -> Tree | None:
        """A guest goes home."""
        return ["y", object.__getattribute__(value, "_guest")[1]] if isinstance(value, Guest) else None

    def introduce(self, value: Any) -> tuple[str, Tree]:
        """What a test may know of a value: its kind and its name."""
        if isinstance(value, type):
            if issubclass(value, BaseException):
                return "error", [[one.__module__, one.__qualname__] for one in value.__mro__]
            return "class", value.__name__
        kind = type(value)
        if hasattr(kind, "__await__"):
            return "coroutine", kind.__name__
        if hasattr(kind, "__next__") and kind.__module__ != "__main__":
            return "iterator", kind.__name__
        if (
            callable(value)
            and not hasattr(kind, "__enter__")
            and (kind.__module__ != "__main__" or kind.__name__ == "function")
        ):
            return "function", str(getattr(value, "__name__", kind.__name__))
        base = next((one.__name__ for one in _CONTAINERS if isinstance(value, one)), "")
        bases = [one.__name__ for one in kind.__mro__[1:] if one.__module__ == "__main__"]
        return "object", [kind.__name__, id(kind), base, bases, *_fixed(value)]

    def based(self, value: Any, base: type) -> Tree:
        """An object of the notebook's own class: a container as a reference, anything else as data with a reference."""
        if base in _CONTAINERS and type(value).__module__ == "__main__":
            return self.refer(value)
        return self.with_methods(value, super().based(value, base))

    def with_methods(self, value: Any, tree: Tree) -> Tree:
        """Data, and beside it the object that has the methods, where the class of the notebook has any."""
        kind = type(value)
        shows = not isinstance(value, tuple) or any(
            callable(one) or isinstance(one, (property, staticmethod, classmethod))
            for name, one in vars(kind).items()
            if not name.startswith("_")
        )
        return ["v", tree, self.refer(value)] if shows and kind.__module__ == "__main__" else tree

    def _plain(self, thing: Any) -> Any:
        """What a container of the notebook's own class holds, as the built-in container."""
        return BASED[next(one for one in _CONTAINERS if isinstance(thing, one))](thing)

    def resolve(self, tree: list) -> Any:
        """A name of the notebook, or what any reference may be."""
        return self.names[tree[1]] if tree[0] == "n" else super().resolve(tree)

    def named(self, kind: str, names: list, values: list) -> tuple:
        """A named tuple of the tests cell, so that its fields can be read by name."""
        from collections import namedtuple

        return tuple.__new__(namedtuple(kind, names), values)

    def _known(self, target: None, names: list[str]) -> dict:
        """The values of those names that the notebook has."""
        return {name: self.names[name] for name in names if name in self.names}

    def _about(self, thing: Any) -> tuple:
        """The names of a value's class and of those it is based on, of all their methods, and of the special ones."""
        kinds = [kind for kind in type(thing).__mro__ if kind is not object]
        named = [kind.__name__ for kind in kinds]
        named += [f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if kind.__module__ != "__main__"]
        methods = {name for kind in kinds for name, one in vars(kind).items() if callable(one) or
                   isinstance(one, (staticmethod, classmethod))}  # fmt: skip
        special = {name for kind in kinds for name in vars(kind) if name.startswith("__")}
        can = sorted(name for name in special if getattr(type(thing), name, None) is not None)
        public = sorted(name for name in methods if not name.startswith("__"))
        return named, public, can

    def _each(self, thing: Any, name: str | None, rows: list) -> tuple:
        """The results for each row of arguments, and the error that ended it or None."""
        call, results = getattr(thing, name) if name else thing, []
        try:
            for args in rows:
                results.append(call(*args))
        except Exception as error:
            return results, error
        return results, None

    def _done(self, message: list) -> Tree:
        if message[0] == "&":
            self._put_off(*message[1:])
            return None
        if self._late is not None:
            error, self._late = self._late, None
            return self._failed(error)
        if not self._asked:
            return super()._done(message)
        # What this package calls in between is not to count as the answer's own depth; more than that it has not.
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + FRAMES)
        try:
            return super()._done(message)
        finally:
            sys.setrecursionlimit(limit)

    def _answer(self, message: list) -> None:
        if message[0] == "&":
            self._done(message)
        else:
            super()._answer(message)

    def _put_off(self, target: Tree, name: str | None, rows: list) -> None:
        if self._late is not None:
            return
        try:
            thing = self.decode(target)
            call = getattr(thing, name) if name else thing
            for args in rows:
                call(*args)
        except WireError:
            raise
        except BaseException as error:
            self._late = error


def _fixed(value: Any) -> list:
    """The values of a frozen dataclass's fields, where they are numbers and texts: a set goes by them."""
    how = getattr(type(value), "__dataclass_params__", None)
    if how is None or not (how.frozen and how.eq):
        return []
    values = [getattr(value, name, None) for name in type(value).__dataclass_fields__]
    return [values] if all(type(one) in _SIMPLE for one in values) and not has_long(values) else []


_SIMPLE = (bool, int, float, str, type(None))


def _subclass(kind: type, other: type) -> bool:
    return issubclass(other, kind)


def _seed(_: None, library: str, seed: Any) -> None:
    """As a test has seeded its own numbers."""
    if library == "random":
        random.seed(seed)
    else:
        import numpy

        numpy.random.seed(seed)


def _run(thing: Any) -> Any:
    async def waited() -> Any:
        return await thing

    return _loop().run_until_complete(waited())


@functools.cache
def _loop() -> Any:
    """One for all, since an asynchronous generator ends with its own."""
    import asyncio

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


_OPERATIONS: dict[str, Callable] = {
    **COMMON, **{name: getattr(operator, name) for name in IN_PLACE},
    "method": lambda thing, name, /, *args, **kwargs: getattr(thing, name)(*args, **kwargs),
    "del": delattr, "subclass": _subclass, "run": _run, "seed": _seed, "signature": parameters, "copy": copy.copy,
    "deepcopy": copy.deepcopy, "vars": lambda thing: dict(vars(thing)),
    "kin": lambda thing: [one.__name__ for one in thing.__mro__[1:]],
    "aiter": aiter, "anext": lambda thing: _run(anext(thing)), "aenter": lambda thing: _run(thing.__aenter__()),
    "aexit": lambda thing, *error: _run(thing.__aexit__(*error)),
}  # fmt: skip
