"""Chains of named quantities as text: plain assignments, sealed for a released notebook and worked out again there."""

import ast
import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pint

from loopready import units
from loopready.units import Quantity

__all__ = ["Step", "seal", "steps", "unseal"]


@dataclass(frozen=True)
class Step:
    """One named quantity of a chain: the expression that gives it, and the names that the expression uses."""

    name: str
    expression: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name in the expression, units included."""
        tree = ast.parse(self.expression, mode="eval")
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))

    @property
    def is_given(self) -> bool:
        """Whether it is a given number rather than one worked out from others."""
        return not self.names - _VOCABULARY.keys()

    def value(self, known: dict[str, Any]) -> Quantity:
        """The step's quantity, with `known` values for the names before it."""
        scope = {**_VOCABULARY, **known}
        result = eval(compile(self.expression, f"<{self.name}>", "eval"), {"__builtins__": {}}, scope)
        return result if isinstance(result, pint.Quantity) else Quantity(result)


_VOCABULARY = {
    **{name: getattr(units, name) for name in units.__all__},
    **{name: getattr(math, name) for name in ("ceil", "floor", "log", "log2", "log10", "sqrt", "exp")},
    **{
        "max": max,
        "min": min,
        "sum": sum,
        "round": round,
        "abs": abs,
        "range": range,
        "float": float,
        "int": int,
    },
}


def steps(text: str) -> Iterator[Step]:
    """The steps of a chain in order; ValueError for anything that is not a plain assignment."""
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            raise ValueError(f"a chain is plain assignments only; got: {ast.unparse(statement)}")
        yield Step(statement.targets[0].id, ast.unparse(statement.value))


def seal(text: str) -> str:
    """A chain's text put out of sight: printable ASCII without quotes or backslashes, the same for the same chain.

    Comments and layout are left out, so that a seal stays short.
    """
    plain = "\n".join(f"{step.name}={step.expression}" for step in steps(text))
    return base64.urlsafe_b64encode(_veil(plain.encode())).decode().rstrip("=")


def unseal(blob: str) -> str:
    """The text behind a seal; ValueError for anything that `seal` did not make."""
    try:
        padded = blob + "=" * (-len(blob) % 4)
        return _veil(base64.b64decode(padded, altchars="-_", validate=True)).decode()
    except ValueError as error:
        raise broken(blob) from error


def broken(blob: str) -> ValueError:
    """The error for a text that is no seal."""
    return ValueError(f"this is no sealed estimate: {blob[:20]}…; take the cell from the course again")


def _veil(data: bytes) -> bytes:
    # Not a cipher and not meant as one: only so that common words do not show through the encoding.
    return bytes(byte ^ (0x5A + 31 * place) % 256 for place, byte in enumerate(data))
