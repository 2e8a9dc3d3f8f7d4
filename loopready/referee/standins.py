"""Outside: what stands in the tests cell for a learner's functions, classes and objects. Using one asks the box.

Nothing here compares by what a learner's class says: `==` is identity. An operator that would hand the learner's code
the value it is compared with, as `answer - expected` does, is carried out only where the reference's own class has it.
"""

import abc
import copy
import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from loopready.referee.operations import BINARY, COMPARING, IN_PLACE, REFLECTED, UNARY
from loopready.referee.signatures import signature

if TYPE_CHECKING:
    from loopready.referee.seats import Outside
    from loopready.referee.wire import Tree

__all__ = [
    "Class",
    "Function",
    "Instance",
    "Iterator",
    "Method",
    "StandIn",
    "has_attribute",
    "is_callable",
    "is_kind_of",
    "is_one_of",
    "kind_of",
    "later",
    "with_fields",
    "with_methods",
]


class StandIn:
    """Something of the learner's: `_session()` is the conversation in which `_target` names it."""

    def __init__(self, session: "Callable[[], Outside]", target: "Tree", name: str):
        self._session, self._target, self._name = session, target, name

    def _ask(self, what: str, /, *args: Any, **kwargs: Any) -> Any:
        return self._session().ask(what, self._target, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__wrapped__":
            raise AttributeError(f"{self._name} has no {name} that a test can read")
        return self._ask("get", name)

    def __repr__(self) -> str:
        return f"<{self._name}>"


class Function(StandIn):
    """A function, or anything else of the learner's that is there to be called."""

    @property
    def __name__(self) -> str:
        return self._name

    @property
    def __doc__(self) -> str | None:
        return self._ask("get", "__doc__")

    @property
    def __annotations__(self) -> Any:
        return self._ask("get", "__annotations__")

    @property
    def __signature__(self) -> Any:
        return signature(self._ask("signature"))

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN:
            object.__setattr__(self, name, value)
        else:
            self._ask("set", name, value)

    def __get__(self, thing: Any, kind: type | None = None) -> Any:
        # As a method of a class that the test makes.
        return self if thing is None else types.MethodType(self, thing)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """What comes of the call on the other side."""
        return self._ask("call", *args, **kwargs)

    def _rows(self, rows: list, wait: bool) -> Any:
        session = self._session()
        return (session.each if wait else session.put_off)(self._target, None, rows)

    def _at_once(self) -> bool:
        return self._session().may_wait()


_OWN = ("_session", "_target", "_name", "_dunders", "_data_fields", "_data_frozen", "_seats")


class Method(Function):
    """A method of a learner's object: found and called in one go."""

    def __init__(self, owner: "Instance", name: str):
        super().__init__(owner._session, owner._target, name)

    @property
    def __doc__(self) -> str | None:
        return self._session().ask("get", self._target, self._name).__doc__

    @property
    def __signature__(self) -> Any:
        return self._session().ask("get", self._target, self._name).__signature__

    def __get__(self, thing: Any, kind: type | None = None) -> "Method":
        return self

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """What comes of the call on the other side."""
        return self._ask("method", self._name, *args, **kwargs)

    def _rows(self, rows: list, wait: bool) -> Any:
        session = self._session()
        return (session.each if wait else session.put_off)(self._target, self._name, rows)


class Class(Function):
    """A learner's class: calling it makes an instance; `dunders` are the operators that the reference's class has."""

    def __init__(self, session: "Callable[[], Outside]", target: "Tree", name: str, dunders: frozenset[str]):
        super().__init__(session, target, name)
        self._dunders = dunders
        self._data_fields: dict[str, Any] = {}
        self._data_frozen = False

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """A new object over there; one that is its fields is made when it is used."""
        if (values := _values(self._data_fields, args, kwargs)) is not None:
            return with_fields(Value, tuple(values))(self, values, args, kwargs)
        return self._new(*args, **kwargs)

    def _new(self, /, *args: Any, **kwargs: Any) -> Any:
        made = self._ask("call", *args, **kwargs)
        if isinstance(made, Instance):
            made._dunders = self._dunders
        return made

    def __instancecheck__(self, value: Any) -> bool:
        thing = _thing(value)
        if issubclass(type(thing), Instance):
            return self._name in thing._session().kin(thing)
        # A named tuple is its fields and its name.
        return hasattr(type(value), "_fields") and type(value).__name__ == self._name

    def __subclasscheck__(self, kind: Any) -> bool:
        return isinstance(kind, Class) and self._ask("subclass", kind)

    def __get__(self, thing: Any, kind: type | None = None) -> "Class":
        return self

    @property
    def __bases__(self) -> tuple[type, ...]:
        # By them `issubclass` takes it for a class, and knows what it has of the course's.
        kinds = self._session().common.kinds
        return (*(kinds[name] for name in self._ask("kin") if name in kinds), object)

    def __mro_entries__(self, bases: tuple) -> tuple:
        raise TypeError(f"a tests cell cannot base a class on {self._name}: it is in another process")

    # An enum is gone through, counted and asked by name.

    def __iter__(self) -> Any:
        return self._ask("iter")

    def __len__(self) -> int:
        return self._ask("len")

    def __getitem__(self, name: Any) -> Any:
        return self._ask("item", name)

    def __contains__(self, item: Any) -> bool:
        return any(one is item or one == item for one in self)

    def __bool__(self) -> bool:
        return True


class Iterator(StandIn):
    """A generator or another iterator of the learner's, read item by item."""

    @property
    def __class__(self) -> type:
        return types.GeneratorType if self._name == "generator" else Iterator

    def __iter__(self) -> "Iterator":
        return self

    def __next__(self) -> Any:
        return self._ask("next")


class Instance(StandIn):
    """An object of a learner's class: methods and attributes are the learner's, identity is ours."""

    _dunders: frozenset[str] = frozenset()
    _base: type | None = None  # the built-in container that its class is based on
    _course: type | None = None  # the course's class that it is an object of
    _data: Any = None  # the data that it also is
    _fixed: tuple | None = None  # the fields of a frozen dataclass, which a set goes by
    _own = ("_session", "_target", "_name", "_dunders")

    @property
    def __class__(self) -> type:
        # One that is made of a class of the course's is an instance of it here as well.
        return self._course or self._base or Instance

    @property
    def __dict__(self) -> dict:
        # As `vars` asks for it.
        return self._ask("vars")

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and name in self._session().methods(self):
            return Method(self, name)
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own:
            object.__setattr__(self, name, value)
        else:
            self._ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        self._ask("del", name)

    def __eq__(self, other: Any) -> Any:
        # What the container holds is compared out here; two things of the learner's are the same thing or are not.
        if isinstance(other, Value):
            return other == self
        if self is not other and self._is_exactly_the_courses(other):
            return self._course.__eq__(self, other)  # as the course's own class says
        if isinstance(other, StandIn):
            return self is other
        return self is other if self._base is None else self._plain() == other

    def __hash__(self) -> int:
        return object.__hash__(self) if self._fixed is None else hash((self._name, self._fixed))

    def _plain(self) -> Any:
        found = self._ask("plain")
        if type(found) is not self._base:
            raise TypeError(f"a {self._name} that is no {self._base.__name__}")
        return found

    def __repr__(self) -> str:
        return _text(self._ask("repr"))

    def __str__(self) -> str:
        return _text(self._ask("str"))

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """What comes of the call on the other side."""
        return self._ask("call", *args, **kwargs)

    def __format__(self, how: str) -> str:
        return _text(self._ask("format", how))

    def __bool__(self) -> bool:
        return self._ask("bool") is True

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        # A test that fails is not the learner's to swallow, nor to see.
        if error is None or isinstance(error, AssertionError) or not isinstance(error, Exception):
            self._ask("exit", None, None, None)
            return False
        return self._ask("exit", type(error), error, None) is True

    async def __anext__(self) -> Any:
        return self._ask("anext")

    async def __aenter__(self) -> Any:
        return self._ask("aenter")

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if error is None or isinstance(error, AssertionError) or not isinstance(error, Exception):
            self._ask("aexit", None, None, None)
            return False
        return self._ask("aexit", type(error), error, None) is True

    def _compared(self, name: str, what: str, other: Any) -> Any:
        if name in self._dunders or (self._base and name == "__iadd__"):
            return self._ask(what, other)
        if self._is_exactly_the_courses(other) and hasattr(self._course, name):
            return getattr(self._course, name)(self, other)
        if self._base is not None and isinstance(other, Instance) and other._base is not None:
            other = other._plain()
        if self._base is not None and hasattr(operator, name) and not isinstance(other, StandIn):
            return getattr(operator, name)(self._plain(), other)
        return NotImplemented

    def _is_exactly_the_courses(self, other: Any) -> bool:
        """Whether this is an object of a class of the course's and `other` is one as well, made here or over there."""
        if self._course is None or isinstance(other, Instance):
            return self._course is not None and {self._name, other._name} == {self._course.__name__}
        return type(other) is self._course

    def __copy__(self) -> "Instance":
        return self._ask("copy")

    def __deepcopy__(self, memo: dict) -> "Instance":
        return self._ask("deepcopy")

    def __contains__(self, item: Any) -> bool:
        found = self._compared("__contains__", "contains", item)
        # Without a method of its own, what it gives one by one is compared out here.
        return any(one is item or one == item for one in self) if found is NotImplemented else found is True


def _values(fields: dict[str, Any], args: tuple, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """The value of each field, where all of them are given or have a default, and are data."""
    made = {name: one() if isinstance(one, type) else one for name, one in fields.items()}
    found = made | dict(zip(fields, args, strict=False)) | kwargs
    twice = kwargs.keys() & list(fields)[: len(args)]
    clear = fields and not twice and len(args) + len(kwargs) <= len(fields) and found.keys() == fields.keys()
    return found if clear and _is_data(tuple(found.values())) else None


def _is_data(value: Any, deep: int = 0) -> bool:
    """Whether a value is numbers, texts and the like, or lists and the like of them."""
    if type(value) not in (list, tuple, set, frozenset, dict):
        return type(value) in _SCALARS
    parts = [*value, *value.values()] if type(value) is dict else value
    return deep < 5 and all(_is_data(one, deep + 1) for one in parts)


class Value(Instance):
    """An object that a test has made of a dataclass of the answer's: it goes into the box when it is used there.

    So one that is only compared with stays out here, and the fields of what came are asked for and compared.
    """

    _own = (*Instance._own, "_of", "_values", "_given", "_made")

    def __init__(self, kind: Class, values: dict[str, Any], args: tuple, kwargs: dict[str, Any]):
        self._of, self._values, self._given = kind, values, (args, kwargs)
        self._made: dict[Any, Instance] = {}  # in each conversation that has used it
        self._name, self._dunders = kind._name, kind._dunders
        if kind._data_frozen:
            object.__setattr__(self, "_fixed", tuple(values[name] for name in kind._data_fields))

    def _real(self) -> Instance:
        session = self._of._session()
        if session not in self._made:
            args, kwargs = self._given
            made = self._of._new(*args, **kwargs)
            if not isinstance(made, Instance):
                raise TypeError(f"{self._name} makes no object of a class")
            self._made[session] = made
            object.__setattr__(self, "_kind", object.__getattribute__(made, "_kind"))
            # Where it comes back, it is this one.
            made._session()._known[made._target[1]] = self
        return self._made[session]

    _session = property(lambda self: self._real()._session)
    _target = property(lambda self: self._real()._target)
    __class__ = property(lambda self: Value)

    def __eq__(self, other: Any) -> bool:
        if self is other or not isinstance(other, Instance) or other._name != self._name:
            return self is other
        if not self._made and isinstance(other, Value) and not other._made:
            return self._values == other._values and self._ask("eq", other) is True
        known, asked = (other, self) if self._made else (self, other)
        # What has been in the box can be seen in there, and is nothing to compare with.
        if not isinstance(known, Value) or known._made:
            return False
        return all(_same(asked._ask("get", name), value) for name, value in known._values.items())

    __hash__ = Instance.__hash__

    def __copy__(self) -> Instance:
        return super().__copy__() if self._made else type(self)(self._of, self._values, *self._given)

    def __deepcopy__(self, memo: dict) -> Instance:
        if self._made:
            return super().__deepcopy__(memo)
        args, kwargs = copy.deepcopy(self._given, memo)
        return self._of(*args, **kwargs)

    def __repr__(self) -> str:
        return f"{self._name}({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"

    __str__ = __repr__
    __format__ = object.__format__


def kind_of(space: dict[str, Any], value: Any) -> Any:
    """What `type` says of a value in the tests cell whose names are in `space`: of an answer's object, its class."""
    thing = _thing(value)
    if not issubclass(type(thing), Instance):
        return type(value)
    if issubclass(type(thing), Value):
        return thing._of
    named = space.get(thing._name)
    return named if isinstance(named, Class) else thing._course or thing._ask("get", "__class__")


def is_one_of(value: Any, kinds: Any) -> bool:
    """What `isinstance` says; an answer's object is a `Sized` and the like where its own class has what that takes."""
    if isinstance(kinds, Class) or not _is_bare(value):
        return isinstance(value, kinds)
    if isinstance(kinds, tuple) or typing.get_origin(kinds) in (types.UnionType, typing.Union):
        return any(is_one_of(value, kind) for kind in (typing.get_args(kinds) or kinds))
    kind = typing.get_origin(kinds) or kinds
    # A library's class is known by its name on both sides.
    name = f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}"
    if name in value._session().kin(value):
        return True
    if not isinstance(kind, abc.ABCMeta):
        return isinstance(value, kinds)
    try:
        return any(issubclass(one, kind) for one in _kinds(value))
    except TypeError:  # a protocol with data in it
        return isinstance(value, kinds)


def is_callable(value: Any) -> bool:
    """What `callable` says; of an answer's object, whether its own class has a `__call__`."""
    return has_attribute(value, "__call__") if _is_bare(value) else callable(value)


def has_attribute(value: Any, name: str) -> bool:
    """What `hasattr` says; an answer's object has the special methods of its own class and no others."""
    if not _is_bare(value) or not name.startswith("__") or name == "__wrapped__":
        return hasattr(value, name)
    # Not by `getattr`, which finds what classes have as well.
    return any(vars(base).get(name) is not None for one in _kinds(value) for base in one.__mro__)


def _is_bare(value: Any) -> bool:
    """Whether it is an object of an answer's class, and no data that has methods."""
    return issubclass(type(value), Instance)


def _kinds(thing: Instance) -> list[type]:
    """What an answer's object is: an empty class with the names that its own has, and those known here."""
    session = thing._session()
    special = session.special(thing)
    names = {one for one in special | session.methods(thing) if one.isidentifier()} - _EVERY
    hashed = {} if "__hash__" in special else {"__hash__": None}
    shape = type("Shape", (), dict.fromkeys(names, _nothing) | hashed)
    return [shape, *(kind for kind in (thing._course, thing._base) if kind is not None)]


def _nothing(*args: Any) -> None:
    """A method of which only the name is looked at."""


# What each class has, and what would do something to one that is made with it.
_EVERY = frozenset(dir(object)) | {
    "__slots__", "__classcell__", "__classdictcell__", "__qualname__", "__dict__", "__weakref__", "__annotations__",
    "__module__",
}  # fmt: skip


def is_kind_of(one: Any, kinds: Any) -> bool:
    """What `issubclass` says; of an answer's class it goes by the course's classes that it is based on."""
    if not isinstance(one, Class) or isinstance(kinds, Class):
        return issubclass(one, kinds)
    if isinstance(kinds, tuple):
        return any(is_kind_of(one, kind) for kind in kinds)
    return any(issubclass(base, kinds) for base in one.__bases__)


def _thing(value: Any) -> Any:
    """The learner's object behind data that has methods; any other value itself."""
    return value.__dict__["_thing"] if hasattr(type(value), "_thing") else value


@functools.lru_cache(1000)
def with_fields(kind: type, names: tuple[str, ...]) -> type:
    """The same kind of stand-in with a dataclass's fields, by which `asdict` and `replace` know it."""
    fields = dataclasses.make_dataclass("Fields", names).__dataclass_fields__
    return type(kind.__name__, (kind,), {"__dataclass_fields__": fields, "__match_args__": names})


def _same(one: Any, other: Any) -> bool:
    return _is_data(one) and one == other


def with_methods(data: Any, thing: Any) -> Any:
    """Data of a learner's own class: it compares as the data that it is, and has the learner's methods."""
    if not isinstance(thing, Instance) or isinstance(data, StandIn) or not isinstance(data, _DATA):
        return data
    kind = _kind_with_methods(type(data), thing._name)
    before = thing._data
    if type(before) is kind and before == data:
        # So that an enum's member is the same whenever it comes.
        return before
    made = kind.__new__(kind, data) if type(data) in _DATA else tuple.__new__(kind, data)
    made.__dict__["_thing"] = thing
    object.__setattr__(thing, "_data", made)
    return made


_DATA = (int, float, str, bytes, tuple, frozenset, complex)


@functools.lru_cache(1000)
def _kind_with_methods(base: type, name: str) -> type:
    return type(
        name.replace("\0", ""), (base,), {"__getattr__": _its_own, "__module__": "__main__", "_thing": None}
    )


def _its_own(data: Any, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(data.__dict__["_thing"], name)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("what should be a text is none")
    return value


def _plain(what: str) -> Callable:
    def do(self: Instance, *args: Any) -> Any:
        return self._ask(what, *args)

    return do


def _operator(name: str, what: str) -> Callable:
    def do(self: Instance, other: Any) -> Any:
        return self._compared(name, what, other)

    return do


# These see no value that a test compares with; what they give is plain data, or the learner's own.
for _name, _what in {
    "len": "len", "iter": "iter", "next": "next", "getitem": "item", "setitem": "set item", "delitem": "del item",
    "enter": "enter", "round": "round", "aiter": "aiter", **{name: name for name in UNARY},
}.items():  # fmt: skip
    setattr(Instance, f"__{_name}__", _plain(_what))
_IN_PLACE = frozenset(f"__{name}__" for name in IN_PLACE)
for _name in (*COMPARING, *BINARY, *REFLECTED, *IN_PLACE):
    setattr(Instance, f"__{_name}__", _operator(f"__{_name}__", _name))


def later(settle: Callable[[], None], function: Any, /, *args: Any, **kwargs: Any) -> None:
    """A call whose result nobody reads: put off where that cannot be noticed, and made at once elsewhere.

    What is no learner's may look at what the calls before it have done, and so they are settled first.
    """
    if isinstance(function, Function) and not kwargs and scalars(args) and function._at_once():
        function._rows([args], wait=False)
        return
    if not isinstance(function, StandIn):
        settle()
    function(*args, **kwargs)


def each(function: Any, rows: Any) -> Any:
    """The results of a function for one row of arguments after the other; many go over the line at once.

    A generator, so that nothing happens before it is asked for; it may read a few thousand rows ahead.
    """
    many: list[tuple] = []
    for args in rows:
        if isinstance(function, Function) and scalars(args) and function._at_once():
            many.append(args)
            if len(many) < 4096:
                continue
            yield from function._rows(many, wait=True)
        else:
            yield from function._rows(many, wait=True) if many else ()
            yield function(*args)
        many = []
    if many:
        yield from function._rows(many, wait=True)


_SCALARS = frozenset({type(None), bool, int, float, str})


def scalars(args: Iterable) -> bool:
    """Whether all of them are numbers, texts and the like, which nobody can change."""
    return all(type(arg) in _SCALARS for arg in args)
