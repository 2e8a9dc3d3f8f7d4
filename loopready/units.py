"""Quantities for capacity estimates: a number that knows what it counts.

>>> readable((100 * million * link / month).to(link / second))
'38.6 link/s'
>>> readable((30 * million * link * 500 * byte).to(byte))
'15 GB'
"""

from importlib import resources
from math import floor, isfinite, log10
from numbers import Real

import pint

__all__ = [
    "Quantity", "average_rate", "bare", "billion", "bit", "byte", "character", "connection", "day",
    "dollar", "engineer", "gigabit", "gigabyte", "hour", "item", "kilobit", "kilobyte", "link", "megabit",
    "megabyte", "message", "microsecond", "million", "millisecond", "minute", "month", "percent",
    "petabyte", "plain", "quantity", "readable", "request", "second", "server", "terabyte", "thousand", "thread",
    "trillion", "units", "user", "week", "year",
]  # fmt: skip


def _registry() -> pint.UnitRegistry:
    text = resources.files(__package__).joinpath("units.txt").read_text(encoding="utf-8")
    registry = pint.UnitRegistry(None, autoconvert_to_preferred=False)
    registry.load_definitions(text.splitlines())
    registry.formatter.default_format = "~P"
    return registry


units = _registry()
Quantity = units.Quantity

thousand, million, billion, trillion = 10**3, 10**6, 10**9, 10**12

bit, byte = units.bit, units.byte
kilobyte, megabyte, gigabyte = units.kilobyte, units.megabyte, units.gigabyte
terabyte, petabyte = units.terabyte, units.petabyte
kilobit, megabit, gigabit = units.kilobit, units.megabit, units.gigabit
second, minute, hour, day = units.second, units.minute, units.hour, units.day
week, month, year = units.week, units.month, units.year
millisecond, microsecond = units.millisecond, units.microsecond
request, user, link, message = units.request, units.user, units.link, units.message
connection, thread, server = units.connection, units.thread, units.server
engineer, character, item, percent = units.engineer, units.character, units.item, units.percent
dollar = units.dollar


def quantity(value, like: pint.Unit, name: str = "value") -> Quantity:
    """`value` as a quantity that has the dimension of `like`; a bare number passes only where `like` is a count.

    Raises TypeError for something that is not a number, and a pint.DimensionalityError, whose message says
    what was expected and what came, for the wrong dimension.

    >>> quantity(3 * minute, second).to(second)
    <Quantity(180, 'second')>
    """
    if isinstance(value, pint.Unit):
        value = 1 * value
    if isinstance(value, Real) and not isinstance(value, bool):
        value = Quantity(value)
    if not isinstance(value, pint.Quantity):
        raise TypeError(f"{name} is a number with a unit, such as 3 {like:P}; got {value!r}")
    if not value.is_compatible_with(like):
        raise pint.DimensionalityError(
            value.units, 1 * like, value.dimensionality, (1 * like).dimensionality,
            extra_msg=f": {name} was to be measured in {like:P} and came in {value.units:P}",
        )  # fmt: skip
    return value


def bare(value, unit: pint.Unit | None = None) -> float:
    """The plain number: `value` in `unit`, or in the base units of a count where none is named.

    >>> bare(2 * hour, minute)
    120.0
    """
    return float(quantity(value, unit or units.dimensionless).m_as(unit or units.dimensionless))


def average_rate(events: Quantity, period: Quantity = 1 * day) -> Quantity:
    """The steady rate that would deliver `events` over `period`, in events a second.

    >>> f"{average_rate(500e6 * request):.0f~P}"
    '5787 request/s'
    """
    events = quantity(events, request, "events")
    return (events / quantity(period, second, "period")).to(events.units / second)


def plain(value: Quantity) -> Quantity:
    """The same amount with rates by the second and without percentages, as one would say it.

    >>> plain(864 * thousand * link / day)
    <Quantity(10.0, 'link / second')>
    """
    kept, time = units.Unit(""), 0
    for name, power in value.unit_items():
        if units.Unit(name).is_compatible_with(second):
            time += power
        elif name != "percent":
            kept *= units.Unit(name) ** power
    # A time by itself keeps its unit: nobody says 7,200 seconds for two hours.
    return value if time > 0 else value.to(kept * second**time)


# The thousandfold steps that a reader says aloud; counts of things use words, not prefixes.
_WORDS = {0: "", 1: "", 2: " million", 3: " billion", 4: " trillion"}
_PREFIXES = {0: "", 1: "k", 2: "M", 3: "G", 4: "T", 5: "P", 6: "E"}
_SMALL_TIMES = [(1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1, "s"), (60, "min"), (3600, "h"), (86400, "d")]


def readable(value, digits: int = 3) -> str:
    """`value` as one would write it on a whiteboard, with `digits` significant digits.

    >>> readable(86_400 * request / second)
    '86,400 request/s'
    >>> readable(0.25 * second)
    '250 ms'
    """
    if isinstance(value, pint.Unit):
        value = 1 * value
    if not isinstance(value, pint.Quantity):
        return _counted(float(value), "", digits) if isinstance(value, Real) else str(value)
    if not isinstance(value.magnitude, Real) or not isfinite(value.magnitude):
        return f"{value:~P}"
    if value.check("[time]"):
        return _time(value.m_as("second"), digits)
    if value.check("[information]") or value.check("[information]/[time]"):
        return _information(value, digits)
    return _counted(value.magnitude, f"{value.units:~P}", digits)


def _significant(number: float, digits: int) -> str:
    """`number` rounded to `digits` significant digits, thousands separated, no exponent below a million million."""
    if number == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(number)))
    text = f"{round(number, places):,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counted(number: float, unit: str, digits: int) -> str:
    step = min(int(log10(abs(number)) // 3), 4) if abs(number) >= 1e6 else 0
    if step == 0 and abs(number) >= 1:
        digits = max(digits, floor(log10(abs(number))) + 1)
    text = f"{_significant(number / 1000**step, digits)}{_WORDS[step]} {unit}".strip()
    return text.replace(" %", "%")


def _time(seconds: float, digits: int) -> str:
    # Days say more than years only up to a few; years take over at two.
    if abs(seconds) >= 2 * 365 * 86_400:
        return f"{_significant(seconds / (365 * 86_400), digits)} years"
    fitting = [(size, name) for size, name in _SMALL_TIMES if abs(seconds) >= size] or _SMALL_TIMES[:1]
    size, name = fitting[-1]
    return f"{_significant(seconds / size, digits)} {name}"


def _information(value: Quantity, digits: int) -> str:
    base = "bit" if "bit" in str(value.units) else "byte"
    rate = value.check("[information]/[time]")
    number = value.m_as(f"{base}/second" if rate else base)
    step = min(max(int(log10(abs(number)) // 3), 0), 6) if number else 0
    unit = "B" if base == "byte" and step else base
    return f"{_significant(number / 1000**step, digits)} {_PREFIXES[step]}{unit}{'/s' if rate else ''}"


def _show(self, printer, cycle) -> None:
    printer.text(readable(self))


# A notebook shows what one would write on the whiteboard; repr and f-strings stay Pint's own.
Quantity._repr_pretty_ = _show
Quantity._repr_html_ = Quantity._repr_latex_ = None
