"""Pint's quantities and units on their way over the line: by the names of the units in a registry that both sides have.

Nothing is parsed but the names. Quantities of two registries cannot be added, so each side makes what comes in the
registry that its own names are of.
"""

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, WireError

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

__all__ = ["DECODERS", "ENCODERS", "registries"]


def registries(values: Iterable[Any]) -> list[Any]:
    """The registries that values are, or are of, the nearest first; then that of estimates, then Pint's own."""
    import pint

    from loopready.units import units

    found, own = [], False
    for value in values:
        kind = type(value)
        if kind.__module__.partition(".")[0] == "pint":
            # A registry itself, or that of a unit or a quantity.
            found += [value] if hasattr(kind, "parse_units") else [getattr(value, "_REGISTRY", None)]
        own = own or value is pint or value is pint.Quantity or value is pint.Unit
    shared = pint.get_application_registry()
    return [
        *dict.fromkeys(one for one in found if one is not None),
        *([shared] if own else []),
        units,
        shared,
    ]


def _quantity(codec: "Codec", value: Any) -> Tree:
    return ["q", codec.tree(value.magnitude), _powers(codec, value._units)]


def _unit(codec: "Codec", value: Any) -> Tree:
    return ["u", _powers(codec, value._units)]


def _powers(codec: "Codec", units: Any) -> Tree:
    return [[str(name), codec.tree(power)] for name, power in dict(units).items()]


def _in_unit(codec: "Codec", powers: list) -> Any:
    from pint.util import UnitsContainer

    known = {name: codec.value(power) for name, power in powers}
    for name, power in known.items():
        # What is parsed below is one name, such as kilobyte, and runs nothing.
        if not isinstance(name, str) or not re.fullmatch(r"\w{1,60}", name):
            raise WireError("a unit without a name")
        if not isinstance(power, (int, float, Fraction)) or not abs(power) <= 100:
            raise WireError("a unit to a power out of all proportion")
    registry = next((one for one in codec.registries() if all(name in one for name in known)), None)
    if registry is None:
        raise WireError(f"the course has no unit {' or '.join(known)[:80]!r}")
    return registry.Unit(UnitsContainer(known))


def _in_quantity(codec: "Codec", magnitude: Tree, powers: list) -> Any:
    number, unit = codec.value(magnitude), _in_unit(codec, powers)
    library = type(number).__module__.partition(".")[0] == "numpy"
    plain = isinstance(number, (int, float, complex, Fraction)) or type(number).__name__ == "Decimal"
    if not library and not plain:
        raise WireError("a quantity whose magnitude is no number")
    return unit._REGISTRY.Quantity(number, unit)


ENCODERS: dict[str, Callable] = {"PlainQuantity": _quantity, "PlainUnit": _unit}
DECODERS: dict[str, Callable] = {"q": _in_quantity, "u": _in_unit}
