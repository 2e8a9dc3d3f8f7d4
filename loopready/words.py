"""What can be counted in a told story: its words, who acts in them, and the figures they carry.

Everything here is a count of words. None of it understands a sentence, so the review that uses it says what
it counted and leaves the judgement to the teller.
"""

import re
from dataclasses import dataclass

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\uff07\u2032\u00b4`", "'"))
_QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»"
    # A single quote opens a quotation only before a word and closes only after one; else it is an apostrophe.
    r"|(?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)"
)


def words(text: str) -> list[str]:
    """The words a speaker would say: what stands between spaces and holds a letter or a digit."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def own_words(text: str) -> str:
    """`text` without what it quotes: the `we` in `I asked: "are we ready?"` says nothing about who acted.

    A text that stands in quotation marks as a whole is the teller's own, so it comes back as it is.
    """
    plain = text.translate(_APOSTROPHES)
    told = _QUOTED.sub(" ", plain)
    return told if 4 * len(words(told)) >= len(words(plain)) else plain


@dataclass(frozen=True)
class Pronouns:
    """How often the teller says I (me, my, mine, myself) and we (us, our, ours, ourselves)."""

    i: int
    we: int

    @property
    def share(self) -> float:
        """The part of both that is I, from 0 to 1; 0 when neither is said."""
        return self.i / (self.i + self.we) if self.i + self.we else 0.0


# Joined by a hyphen, a slash or a dot a word is part of a name: us-east-1, I/O, I.T., our_queue.
_APART = r"(?<![\w/.&@-])(?:{})(?:'(?:d|m|ve|ll|re|s))?(?![/&@]|-\w|\.\w|\w)"
_NUMERAL_AFTER = (
    r"(?:Phase|Part|Type|Tier|Level|Stage|Class|Series|Volume|Chapter|Section|Appendix|Wave|Step|Round)"
)
_NUMERAL = re.compile(
    rf"\b{_NUMERAL_AFTER} I(?![\w'])"
    rf"|\b{_NUMERAL_AFTER.lower()} I(?=\s*[,.;:)]|\s+(?:of|and II|or II|errors?)\b)"
    r"|\bI(?=(?:,| and| or) II\b)"
)
_I = re.compile(_APART.format(r"I|[Mm]e|[Mm]y|[Mm]yself|i(?=\s+[a-z]|')|(?<!\bto )(?<!\bdata )[Mm]ine"))
# No "US": in capitals it is a country.
_WE = re.compile(_APART.format(r"[Ww]e|WE|[Uu]s|[Oo]ur|[Oo]urs|[Oo]urselves"))


def pronouns(text: str) -> Pronouns:
    """Who acts in `text`, by its pronouns. Quotations, the country US, I/O and Phase I are not counted."""
    told = _NUMERAL.sub(" ", own_words(text))
    return Pronouns(len(_I.findall(told)), len(_WE.findall(told)))


def we_said(text: str, most: int = 3) -> tuple[str, ...]:
    """The first places where `text` says we, each with the three words after it."""
    told = own_words(text)
    found = zip(range(most), _WE.finditer(told), strict=False)
    return tuple(" ".join([one.group(), *told[one.end() :].split()[:3]]) for _, one in found)


# Numbers that date or name a thing instead of measuring one.
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_BEFORE_A_YEAR = (
    f"in|since|during|until|of|late|early|mid|FY|[QH][1-4]|spring|summer|autumn|fall|winter|{_MONTH}"
)
_LABEL = (
    "phase|tier|level|sev|severity|version|type|step|stage|round|part|option|priority|python|java|day|week"
)
_NO_MEASURE = re.compile(
    rf"\b(?:{_BEFORE_A_YEAR})[ -](?:19|20)\d\d\b(?![%,.]\d|\s?%)"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d\b|\b\d+:1s?\b|\b24/7\b|\b\d+(?:st|nd|rd|th)\b|^\s*\d+[.)]\s"
    rf"|\b(?:{_LABEL})[ -]\d+(?:\.\d+)*\b"
    # p99, S3, us-east-1, HTTP/2: digits that hang on a letter; but sub-200ms and USD5 measure.
    r"|(?<![\w-])(?!sub-|(?:USD|EUR|GBP|INR)\d)[^\W\d]\w*(?:-\w+)*?(?:[-/]?)\d[\w.-]*\b",
    re.IGNORECASE | re.MULTILINE,
)
_COUNT_WORDS = (
    "zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|"
    "millions?|billions?|trillions?"
)
_SPELLED = (
    rf"\b(?:one (?=hundred|thousand|million|billion))?(?:{_COUNT_WORDS})"
    rf"(?:(?:[\s-]|\sand\s)(?:{_COUNT_WORDS}))*\b"
    r"|\bone (?:percent|second|minute|hour|day|week|month|year|quarter)\b"
)
_CHANGE = (
    r"\b(?:halv|doubl|tripl|trebl|quadrupl)(?:ed|es|ing)\b|\btwice\b|\b\w+fold\b"
    r"|(?<!first )(?<!second )\bhalf\b"
    r"|\b(?:a|one) (?:third|fifth|tenth)\b|\b(?:two|three)[ -](?:thirds|quarters|fifths)\b"
)
_AMOUNT = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,/]\d+)*)"
_UNIT = r"(?:\s?%|\s?(?:ms|s|min|h|[KMGTP]B)\b|[^\W\d_]{1,4}\b)"
_DIGITS = rf"[$€£₹¥]?{_AMOUNT}(?:[-\u2013]{_AMOUNT})?{_UNIT}?(?:\s(?:{_COUNT_WORDS}))*"
_FIGURE = re.compile(f"{_CHANGE}|{_DIGITS}|{_SPELLED}", re.IGNORECASE)


def figures(text: str) -> list[str]:
    """The figures in `text` as they stand there: digits, money, percent, number words, changes like `halved`.

    Dates, times of day and numbers that only name a thing (Q3, p99, phase 2, Sev-1) are left out.
    """
    return [found.group().strip() for found in _FIGURE.finditer(_NO_MEASURE.sub(" ; ", text))]


_SIGNALS = {
    "L6": {
        "the team": r"\b(?:my|our|the|a|each|both|one|two|three|four|[2-4]) (?:\w+ ){0,2}teams?\b|\bteam's\b"
        r"|\bdirect reports?\b|\bsquads?\b",
        "the quarter": r"(?<!a )(?<!three )(?<!head)\bquarter(?:s|ly)?\b|\bQ[1-4]\b|\bsprints?\b|\bmonths?\b",
    },
    "L7": {
        "the organisation": r"\b(?:re)?organi[sz]ations?(?:al|-wide)?\b|\borgs?\b"
        r"|\bcompany(?:-wide)?\b|\bbusiness units?\b|\bdivisions?\b",
        "years": r"\b(?:multi|two|three|four|five|several)[ -]years?\b|\b\d+[ -]years?\b"
        r"|\byears(?! (?:ago|old|of experience))\b|\byear on year\b|\broadmap\b",
        "many teams": r"\b(?:many|several|dozens of|all|every|across(?: the)?|[5-9]|[1-9]\d+|five|six|seven"
        r"|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty) (?:\w+ ){0,2}teams\b"
        r"|\b(?:[5-9]\d|[1-9]\d\d+)\+? (?:\w+ )?(?:engineers|people)\b",
    },
}


def level_signals(text: str, level: str) -> dict[str, list[str]]:
    """The words in `text` that speak of the scope of `level`, by what they speak of.

    That is the team and the quarter for L6, the organisation, years and many teams for L7.
    """
    return {
        scope: [found.group() for found in re.finditer(pattern, text, re.IGNORECASE)]
        for scope, pattern in _SIGNALS[level].items()
    }
