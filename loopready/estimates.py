"""Capacity estimates: chains of named quantities, each step judged by itself and on the learner's own earlier numbers.

The author writes the chain once, as the answer of an exercise: plain assignments. The build seals that text, so that
the released notebook can tell right from wrong, and say which slip it was, without the number in sight. A seal keeps
an answer out of sight, not out of reach: whoever unseals it has found the solution by other means.

    shortener = sealed("shortener-given", "shortener-estimate")
    with checks("redirects a second, on your own new links"):
        shortener.reads(reads, new_links=new_links)
"""

import ast
import base64
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pint

from loopready import units
from loopready.checks import Disagreement
from loopready.units import Quantity, readable

__all__ = ["Reference", "Step", "seal", "sealed", "slip"]

WITHIN = 1.25  # an estimate is right within this factor, either way, unless its check says otherwise

# What a ratio of given to right answer gives away. Sources: the sizes of the units themselves.
_SLIPS = [
    (8, "bits where bytes were meant? a byte is 8 bits"),
    (60, "a minute for a second? there are 60"),
    (3_600, "an hour for a second? there are 3,600"),
    (24, "a day for an hour? there are 24"),
    (86_400, "a day for a second? there are 86,400"),
    (30, "a month for a day? a month is 30 days here"),
    (365, "a year for a day? a year is 365 days here"),
    (12, "a month for a year? there are 12"),
    (30 * 86_400, "a month for a second? there are 2,592,000"),
    (1_000, "a factor of a thousand: kilo, mega and giga are easily one step off"),
    (1_000_000, "a factor of a million: two steps of kilo, mega, giga"),
    (1_000_000_000, "a factor of a billion: three steps of kilo, mega, giga"),
    (100, "a factor of a hundred: a percentage taken as a number?"),
    (10, "a factor of ten: count the zeros once more"),
]


def seal(text: str) -> str:
    """`text` put out of sight: printable ASCII without quotes or backslashes, the same for the same text."""
    return base64.b32encode(_veil(text.encode())).decode().rstrip("=").lower()


def unseal(blob: str) -> str:
    """The text behind a seal; ValueError for anything that `seal` did not make."""
    try:
        padded = blob.upper() + "=" * (-len(blob) % 8)
        return _veil(base64.b32decode(padded)).decode()
    except ValueError as error:
        raise ValueError(f"this is no sealed estimate: {blob[:20]}…") from error


def _veil(data: bytes) -> bytes:
    # Not a cipher and not meant as one: only so that common words do not show through the encoding.
    return bytes(byte ^ (0x5A + 31 * place) % 256 for place, byte in enumerate(data))


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


class Reference:
    """The reference chain of an estimate; each step is a method that judges an answer to it."""

    def __init__(self, text: str):
        self._steps = {step.name: step for step in _assignments(text)}

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_") or name not in self._steps:
            raise AttributeError(f"the estimate has no step {name!r}; it has {', '.join(self._steps)}")

        def judge(answer: Any, within: float = WITHIN, **own: Any) -> None:
            """Raise Disagreement unless `answer` is right within a factor, on the reference's or one's own numbers."""
            self._judge(self._steps[name], answer, within, own)

        return judge

    def _known(self, upto: str, own: dict[str, Any]) -> dict[str, Any]:
        """The values before step `upto`; a name in `own` counts as its own value where that is usable."""
        known: dict[str, Any] = {}
        for name, step in self._steps.items():
            if name == upto:
                break
            right = step.value(known)
            known[name] = own[name] if _usable(own.get(name), right) else right
        return known

    def _judge(self, step: Step, answer: Any, within: float, own: dict[str, Any]) -> None:
        right = step.value(self._known(step.name, {}))
        expected = f"{_kind(right)}, within a factor of {within:g}"
        given = _checked(step.name, answer, right, expected)
        carried = step.value(self._known(step.name, own))
        if any(_close(given, target, within) for target in (carried, right)):
            return
        raise Disagreement(
            f"{step.name} = {readable(given)}", expected, self._diagnosis(step, given, carried, right, own)
        )

    def _diagnosis(self, step: Step, given: Quantity, carried: Quantity, right: Quantity, own: dict) -> str:
        ratio = _ratio(given, carried)
        # The ratio itself stays unsaid: with it, the right number would be one multiplication away.
        return (
            self._factor(step, given, ratio, own)
            or slip(ratio)
            or slip(_ratio(given, right))
            or _direction(ratio)
        )

    def _factor(self, step: Step, given: Quantity, ratio: float, own: dict[str, Any]) -> str:
        """The plain factor of the chain that the answer lacks, has twice, or has where it does not belong."""
        known = self._known(step.name, own)
        for name, value in known.items():
            value = Quantity(value)
            if not value.dimensionless or value.m_as("") in (0, 1) or not _is_given(self._steps[name]):
                continue
            said = name.replace("_", " ")
            if name not in step.names:
                if _near(ratio, value.m_as("")):
                    return f"too large by the {said}, which has no place in this step?"
                continue
            for instead, says in ((1, f"the {said} forgotten?"), (value**2, f"the {said} counted twice?")):
                if self._would_be(step, given, {**known, name: Quantity(instead)}):
                    return says
        return ""

    def _would_be(self, step: Step, given: Quantity, known: dict[str, Any]) -> bool:
        """Whether the step comes to `given` with these numbers; a number that breaks the formula does not."""
        try:
            value = step.value(known)
        except ArithmeticError:
            return False
        return _positive(value) and value.is_compatible_with(given) and _near(_ratio(given, value), 1)


def sealed(*blob: str) -> Reference:
    """The reference chain behind a seal that the build has put into the notebook."""
    return Reference(unseal("".join(blob)))


def slip(ratio: float) -> str:
    """What a ratio of given to right answer gives away, or an empty text; it may be off by 5 per cent, either way."""
    for factor, says in _SLIPS:
        if _near(ratio, factor) or _near(ratio, 1 / factor):
            return says
    for step in range(1, 6):
        if any(max(ratio / power, power / ratio) < 1.005 for power in (1.024**step, 1.024**-step)):
            return "powers of 1,024 for powers of 1,000?"
    return ""


def _near(ratio: float, target: float) -> bool:
    return max(ratio / target, target / ratio) < 1.05


def _is_given(step: Step) -> bool:
    """Whether a step is a given number rather than one worked out from others."""
    return not step.names - _VOCABULARY.keys()


def _assignments(text: str) -> Iterator[Step]:
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            raise ValueError(f"a chain is plain assignments only; got: {ast.unparse(statement)}")
        yield Step(statement.targets[0].id, ast.unparse(statement.value))


def _checked(name: str, answer: Any, right: Quantity, expected: str) -> Quantity:
    """The answer as a quantity of the right kind, or a Disagreement that says what it is instead."""
    if answer is ... or answer is None:
        raise Disagreement(name, expected, "not answered yet")
    if isinstance(answer, pint.Unit):
        answer = 1 * answer
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        if not right.dimensionless:
            raise Disagreement(f"{name} = {answer}", expected, "a bare number; give it a unit")
        answer = Quantity(answer)
    if not isinstance(answer, pint.Quantity):
        raise Disagreement(name, expected, f"{type(answer).__name__}, which is no quantity")
    if not answer.is_compatible_with(right):
        raise Disagreement(f"{name} = {readable(answer)}", expected, f"measured in {answer.units:P}")
    if not _positive(answer):
        raise Disagreement(f"{name} = {readable(answer)}", expected, "not a number above zero")
    return answer


def _usable(own: Any, right: Quantity) -> bool:
    if isinstance(own, (int, float)) and not isinstance(own, bool):
        own = Quantity(own)
    return isinstance(own, pint.Quantity) and own.is_compatible_with(right) and _positive(own)


def _positive(value: Quantity) -> bool:
    number = value.to_base_units().magnitude
    return isinstance(number, (int, float)) and math.isfinite(number) and number > 0


def _ratio(given: Quantity, right: Quantity) -> float:
    return float((given / right).to_base_units().magnitude)


def _close(given: Quantity, right: Quantity, within: float) -> bool:
    # A hair of slack, so that an answer exactly at the stated factor is inside it.
    ratio = _ratio(given, right)
    return max(ratio, 1 / ratio) <= within * (1 + 1e-9)


def _direction(ratio: float) -> str:
    """Which way and how far off, in tens: enough to look again, too little to correct by."""
    size, way = max(ratio, 1 / ratio), "large" if ratio > 1 else "small"
    if size < 10:
        return f"too {way}, by less than a factor of 10"
    return f"too {way}, by more than a factor of {10 ** int(math.log10(size)):,}"


_KINDS = {"[information]": "an amount of data", "[time]": "a time", "[information]/[time]": "data a second",
          "1/[time]": "a rate", "[money]": "an amount of money", "": "a count or a plain number"}  # fmt: skip


def _kind(right: Quantity) -> str:
    for dimension, says in _KINDS.items():
        if right.check(dimension):
            return says
    return f"a quantity in {right.units:P}"
