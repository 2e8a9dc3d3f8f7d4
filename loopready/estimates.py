"""Capacity estimates: chains of named quantities, each step judged by itself and on the learner's own earlier numbers.

The author writes the chain once, as the answer of an exercise: plain assignments. The build seals that text, so that
the released notebook can tell right from wrong, and say which slip it was, without the number in sight. A seal keeps
an answer out of sight, not out of reach: whoever unseals it has found the solution by other means.

    shortener = sealed("shortener-given", "shortener-estimate")
    with checks("redirects a second, on your own new links"):
        shortener.reads(reads, new_links=new_links)
"""

import math
from collections.abc import Callable
from typing import Any

import pint

from loopready.chains import Step, broken, seal, steps, unseal
from loopready.checks import Disagreement, checks
from loopready.slips import direction, near, slip
from loopready.units import Quantity, plain, readable

__all__ = ["Reference", "seal", "sealed"]

WITHIN = 1.25  # an estimate is right within this factor, either way, unless its check says otherwise


class Reference:
    """The reference chain of an estimate; each step is a method that judges an answer to it."""

    def __init__(self, text: str):
        self._steps = {step.name: step for step in steps(text)}

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_") or name not in self._steps:
            raise AttributeError(f"the estimate has no step {name!r}; it has {', '.join(self._steps)}")

        def judge(answer: Any, within: float = WITHIN, **own: Any) -> None:
            """Raise Disagreement unless `answer` is right within a factor, on the reference's or one's own numbers."""
            self._judge(self._steps[name], answer, within, own)

        return judge

    def _value(self, step: Step, own: dict[str, Any], instead: dict[str, Quantity] | None = None) -> Quantity:
        """What `step` comes to; a usable name in `own` counts as its own value, one in `instead` in any case."""
        known: dict[str, Any] = {}
        for name, before in self._steps.items():
            if name == step.name:
                break
            right = before.value(known)
            known[name] = own[name] if _usable(own.get(name), right) else right
            known.update({name: instead[name]} if instead and name in instead else {})
        return step.value(known)

    def _judge(self, step: Step, answer: Any, within: float, own: dict[str, Any]) -> None:
        right = self._value(step, {})
        expected = f"{_kind(right)}, {'exact' if within == 1 else f'within a factor of {within:g}'}"
        given = _checked(step.name, answer, right, expected)
        called = f"{step.name} = {readable(plain(given))}"
        checks.recorder.seen.called = called
        targets = (self._value(step, own), right)
        if not any(_close(given, target, within) for target in targets):
            raise Disagreement(called, expected, self._diagnosis(step, given, targets, within, own))

    def _diagnosis(
        self,
        step: Step,
        given: Quantity,
        targets: tuple[Quantity, Quantity],
        within: float,
        own: dict[str, Any],
    ) -> str:
        """Which slip it looks like, else which way it is off; never by how much.

        With the ratio, the right number would be one multiplication away.
        """
        if within == 1 and given.m_as("") % 1:
            return "not a whole number: round as the prompt says"
        ratios = [_ratio(given, target) for target in targets]
        of_data = "[information]" in targets[1].dimensionality
        sizes = next(filter(None, (slip(ratio, of_data) for ratio in ratios)), "")
        return (
            self._missed(step, given, own)
            or sizes
            or self._strange(step, ratios)
            or direction(ratios[0], within)
        )

    def _missed(self, step: Step, given: Quantity, own: dict[str, Any]) -> str:
        """The plain given numbers that the answer may lack or have twice."""
        values = {name: one for name, one in self._plain_givens(step).items() if name in self._needed(step)}
        for says, power in (("forgotten", 0), ("counted twice", 2)):
            instead = {name: value**power for name, value in values.items()}
            found = [name for name in values if self._would_be(step, given, own, {name: instead[name]})]
            if found:
                return f"the {' or the '.join(name.replace('_', ' ') for name in found)} {says}?"
        return ""

    def _strange(self, step: Step, ratios: list[float]) -> str:
        """The plain given numbers that the answer may have where they do not belong."""
        found = [
            name.replace("_", " ")
            for name, value in self._plain_givens(step).items()
            if name not in self._needed(step)
            and any(near(ratio, size) for ratio in ratios for size in (value.m_as(""), 1 / value.m_as("")))
        ]
        return f"the {' or the '.join(found)}: what place has it in this step?" if found else ""

    def _plain_givens(self, step: Step) -> dict[str, Quantity]:
        """The given numbers before `step` that have no dimension: factors that are easily forgotten."""
        givens = {}
        for name, before in self._steps.items():
            if name == step.name:
                break
            if before.is_given and (value := before.value({})).dimensionless and value.m_as("") not in (0, 1):
                givens[name] = value
        return givens

    def _needed(self, step: Step) -> set[str]:
        """Every name that `step` rests on, directly or through the steps before it."""
        needed = set(step.names)
        for name, before in reversed(self._steps.items()):
            needed |= before.names if name in needed else set()
        return needed

    def _would_be(
        self, step: Step, given: Quantity, own: dict[str, Any], instead: dict[str, Quantity]
    ) -> bool:
        """Whether the step comes to `given` with these numbers; a number that breaks the formula does not."""
        for numbers in (own, {}):
            try:
                value = self._value(step, numbers, instead)
            except ArithmeticError:
                continue
            # A number that changes nothing, because an own one stands in its way, explains nothing.
            if _positive(value) and value != self._value(step, numbers) and near(_ratio(given, value), 1):
                return True
        return False


def sealed(*blob: str) -> Reference:
    """The reference chain behind a seal that the build has put into the notebook; ValueError for any other text."""
    text = "".join(blob)
    try:
        return Reference(unseal(text))
    except SyntaxError as error:
        raise broken(text) from error


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
    return ratio > 0 and max(ratio, 1 / ratio) <= within * (1 + 1e-9)


_KINDS = {"[information]": "an amount of data", "[time]": "a time", "[information]/[time]": "data a second",
          "1/[time]": "a rate", "[money]": "an amount of money", "": "a count or a plain number"}  # fmt: skip


def _kind(right: Quantity) -> str:
    for dimension, says in _KINDS.items():
        if right.check(dimension):
            return says
    return f"a quantity in {right.units:P}"
