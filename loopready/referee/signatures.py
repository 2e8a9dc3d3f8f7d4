"""The parameters of a function as data, so that either side can say how a function of the other is called."""

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["parameters", "signature"]

_PLAIN = frozenset({type(None), bool, float, str})


def parameters(function: Callable, defaults: bool = True) -> list | None:
    """Of each parameter its name, its kind, if it has a default, and that where it is plain; None where unknown.

    Without `defaults` it is not told which they are.
    """
    try:
        found = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    return [[one.name, int(one.kind), *_default(one.default, defaults)] for one in found]


def _default(value: Any, told: bool) -> tuple[bool, Any]:
    # A default that is no plain value is known to be there and no more.
    plain = told and (type(value) in _PLAIN or (type(value) is int and value.bit_length() < 64))
    return value is not inspect.Parameter.empty, value if plain else None


def signature(told: Any) -> inspect.Signature | None:
    """The signature of what was told, or None where it makes no sense."""
    try:
        made = [
            inspect.Parameter(
                name, inspect._ParameterKind(kind), default=value if has else inspect.Parameter.empty
            )
            for name, kind, has, value in told
        ]
        return inspect.Signature(made)
    except (TypeError, ValueError):
        return None
