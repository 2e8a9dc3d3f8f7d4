"""What one side may ask of a thing of the other's by a word: the operators of the language, and what goes with them."""

import math
import operator
from collections.abc import Callable

__all__ = ["BINARY", "COMMON", "COMPARING", "IN_PLACE", "REFLECTED", "UNARY"]

COMPARING = ("lt", "le", "gt", "ge")
_BOTH = (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "and",
    "or",
    "xor",
    "lshift",
    "rshift",
    "matmul",
)
BINARY = (*_BOTH, "divmod")
IN_PLACE = tuple(f"i{name}" for name in _BOTH)
REFLECTED = tuple(f"r{name}" for name in BINARY)
UNARY = ("neg", "pos", "invert", "abs", "int", "float", "index", "floor", "ceil", "trunc", "reversed")

_FUNCTIONS: dict[str, Callable] = {
    "abs": abs, "int": int, "float": float, "reversed": reversed, "divmod": divmod, "floor": math.floor,
    "ceil": math.ceil, "trunc": math.trunc, "and": operator.and_, "or": operator.or_,
}  # fmt: skip


def _function(name: str) -> Callable:
    return _FUNCTIONS.get(name) or getattr(operator, name)


def _turned(name: str) -> Callable:
    """An operator whose second operand is the thing."""
    return lambda thing, other: _function(name)(other, thing)


COMMON: dict[str, Callable] = {
    **{name: _function(name) for name in (*COMPARING, *BINARY, *UNARY)},
    **{f"r{name}": _turned(name) for name in BINARY},
    "call": lambda thing, /, *args, **kwargs: thing(*args, **kwargs),
    "next": lambda thing: next(thing), "iter": iter, "len": len, "item": operator.getitem,
    "set item": operator.setitem, "del item": operator.delitem, "contains": operator.contains, "eq": operator.eq,
    "str": str, "repr": repr, "bool": bool, "get": getattr, "set": setattr, "round": round, "format": format,
    "enter": lambda thing: thing.__enter__(), "exit": lambda thing, *error: thing.__exit__(*error),
}  # fmt: skip
