"""Numbers, times and the like as trees, and what of them is out of all proportion."""

import datetime
import decimal
import fractions
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, check

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

__all__ = ["DECODERS", "ENCODERS"]

LONGEST_NUMBER = 2**20  # bits of a whole number that an answer gives
LONGEST_FRACTION = 2**16  # bits of each part of a fraction
LONGEST_RANGE = 10**7  # numbers in a range that an answer gives
_SINGLES = {"ellipsis": ..., "not implemented": NotImplemented}


def _decimal(codec: "Codec", value: decimal.Decimal) -> Tree:
    return ["D", str(value)]


def _in_decimal(codec: "Codec", text: str) -> decimal.Decimal:
    value = decimal.Decimal(text)
    # A few letters can stand for a number that takes all memory to write out.
    check(not value.is_finite() or abs(value.adjusted()) <= 10_000, "a decimal out of all proportion")
    return value


def _in_int(codec: "Codec", text: str) -> int:
    check(not codec.wary or len(text) <= LONGEST_NUMBER // 4, "a number out of all proportion")
    return int(text, 16)


def _in_fraction(codec: "Codec", above: Tree, below: Tree) -> fractions.Fraction:
    parts = _whole(codec.value(above)), _whole(codec.value(below))
    # Their common divisor is sought here, which takes time with the square of their length.
    check(max(part.bit_length() for part in parts) <= LONGEST_FRACTION, "a fraction out of all proportion")
    return fractions.Fraction(*parts)


def _whole(value: Any) -> int:
    check(type(value) is int, "a whole number is missing")
    return value


def _in_range(codec: "Codec", *ends: Tree) -> range:
    made = range(*(_whole(codec.value(end)) for end in ends))
    # One that goes into a box may be as long as it likes: there it costs the answer's own time.
    check(not codec.wary or not made or abs(made[-1] - made[0]) // abs(made.step) < LONGEST_RANGE,
           "a range out of all proportion")  # fmt: skip
    return made


def _moment(codec: "Codec", value: Any) -> Tree:
    zone = value.tzinfo
    if zone is not None and not isinstance(zone, datetime.timezone):
        name = getattr(zone, "key", None)
        return ["zt", type(value).__name__, value.replace(tzinfo=None).isoformat(), name, value.fold] if name else \
            codec.tree(value.replace(tzinfo=datetime.timezone(value.utcoffset())))  # fmt: skip
    return ["dt", type(value).__name__, value.isoformat()]


def _in_moment(codec: "Codec", kind: str, text: str) -> Any:
    return {"datetime": datetime.datetime, "time": datetime.time, "date": datetime.date}[kind].fromisoformat(
        text
    )


def _in_zoned(codec: "Codec", kind: str, text: str, zone: str, fold: int) -> Any:
    from zoneinfo import ZoneInfo

    return _in_moment(codec, kind, text).replace(tzinfo=ZoneInfo(zone), fold=fold)


ENCODERS: dict[type, Callable] = {
    complex: lambda codec, value: ["c", value.real, value.imag],
    fractions.Fraction: lambda codec, value: ["f", *codec.trees([value.numerator, value.denominator])],
    decimal.Decimal: _decimal,
    range: lambda codec, value: ["r", *codec.trees([value.start, value.stop, value.step])],
    slice: lambda codec, value: ["sl", *codec.trees([value.start, value.stop, value.step])],
    datetime.datetime: _moment,
    datetime.time: _moment,
    datetime.date: lambda codec, value: ["dt", "date", value.isoformat()],
    datetime.timedelta: lambda codec, value: ["td", value.days, value.seconds, value.microseconds],
    datetime.timezone: lambda codec, value: ["tz", codec.tree(value.utcoffset(None))],
    uuid.UUID: lambda codec, value: ["uu", value.hex],
    **{type(one): lambda codec, value, name=name: ["e", name] for name, one in _SINGLES.items()},
}
DECODERS: dict[str, Callable] = {
    "c": lambda codec, real, imag: complex(real, imag),
    "i": _in_int,
    "f": _in_fraction,
    "D": _in_decimal,
    "r": _in_range,
    "sl": lambda codec, *ends: slice(*(codec.value(end) for end in ends)),
    "dt": _in_moment,
    "zt": _in_zoned,
    "td": lambda codec, days, seconds, micro: datetime.timedelta(days, seconds, micro),
    "tz": lambda codec, offset: datetime.timezone(codec.value(offset)),
    "uu": lambda codec, text: uuid.UUID(hex=text),
    "e": lambda codec, name: _SINGLES[name],
}
