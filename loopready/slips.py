"""What a wrong estimate gives away: the ratio of given to right answer names many a slip."""

import math

__all__ = ["direction", "near", "slip"]

# What a ratio of given to right answer gives away. Sources: the sizes of the units themselves.
_SLIPS = {
    60: "a factor of 60, as between minutes and seconds",
    3_600: "a factor of 3,600, the seconds in an hour",
    24: "a factor of 24, the hours in a day",
    86_400: "a factor of 86,400, the seconds in a day",
    30: "a factor of 30, the days in a month",
    365: "a factor of 365, the days in a year",
    12: "a factor of 12, the months in a year",
    30 * 86_400: "a factor of 2,592,000, the seconds in a month",
    10: "a factor of ten: count the zeros once more",
    100: "a factor of a hundred: a percentage taken as a number?",
    1_000: "a factor of a thousand, one step of kilo, mega, giga",
    1_000_000: "a factor of a million, two steps of kilo, mega, giga",
    1_000_000_000: "a factor of a billion, three steps of kilo, mega, giga",
}
_BITS = {8: "bits and bytes: there are 8 bits in a byte"}


def slip(ratio: float, of_data: bool = True) -> str:
    """What a ratio of given to right answer gives away, or an empty text; it may be off by 5 per cent, either way.

    Bits for bytes and powers of 1,024 are suspected only `of_data`.
    """
    for factor, says in {**(_BITS if of_data else {}), **_SLIPS}.items():
        if near(ratio, factor) or near(ratio, 1 / factor):
            return says
    for step in range(1, 6) if of_data else ():
        if any(max(ratio / power, power / ratio) < 1.005 for power in (1.024**step, 1.024**-step)):
            return "powers of 1,024 for powers of 1,000?"
    return ""


def near(ratio: float, target: float) -> bool:
    """Whether two ratios are the same for somebody who rounds on a whiteboard: within 5 per cent, either way."""
    return max(ratio / target, target / ratio) < 1.05


def direction(ratio: float, within: float) -> str:
    """Which way and how far off, in tens: enough to look again, too little to correct by."""
    size, way = max(ratio, 1 / ratio), "large" if ratio > 1 else "small"
    if within == 1 and size < 1.35:
        return f"close, and too {way}: look at the rounding, and at each condition of the prompt"
    if size < 10:
        return f"too {way}, by less than a factor of 10"
    return f"too {way}, by more than a factor of {10 ** int(math.log10(size)):,}"
