"""Cells of a file that a spreadsheet may open: text that is no formula, points, and the lines as CSV."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["as_csv", "harmless", "is_formula", "points", "restored"]

# What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian keyboards:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")  # noqa: RUF001


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, or has taken one that `harmless` made harmless."""
    return bool(_FORMULA.match(text))


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> harmless("=1+1"), harmless("O'Neill")
    ("'=1+1", "O'Neill")
    """
    return f"'{text}" if is_formula(text) else text


def restored(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def points(value: float | None) -> str:
    """Points to the hundredth, as gradebooks show them; empty for none at all.

    >>> points(12.80), points(0.0), points(None)
    ('12.8', '0', '')
    """
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def as_csv(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """The rows as RFC 4180 has it: CRLF between them, quotes around what needs them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
