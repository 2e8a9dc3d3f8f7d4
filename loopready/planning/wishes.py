"""What a plan is made from: the interview's date, the level, the hours a week, and the days off."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import isfinite
from numbers import Real

from loopready.course import CourseError
from loopready.planning.hours import LEVELS, QUARTERS

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 3 * 366  # days ahead; who has more should begin later
MOST = 12 * QUARTERS  # a day; more is a slip of the finger
_WEEKS = re.compile(r"(\d{1,3})w")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True)
class Wish:
    """What the learner has: `hours` a week in whole quarters of an hour, `free` weekdays (0 is Monday), days `off`."""

    interview: date
    level: str
    quarters: int
    free: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()

    @property
    def hours(self) -> float:
        """Hours a week."""
        return self.quarters / QUARTERS

    def room(self, day: date) -> int:
        """The quarters of an hour that there are on `day`: the week's, dealt out over the days that are not free.

        None on a day off, on the day before the interview, which is for rest, and from the interview on.
        """
        if day.weekday() in self.free or day in self.off or day >= self.interview - timedelta(days=1):
            return 0
        working = [weekday for weekday in range(7) if weekday not in self.free]
        place = working.index(day.weekday())
        return (place + 1) * self.quarters // len(working) - place * self.quarters // len(working)

    def to_dict(self) -> dict:
        """As plain data, for `from_dict`."""
        off = [day.isoformat() for day in sorted(self.off)]
        return {
            **asdict(self),
            "interview": self.interview.isoformat(),
            "free": sorted(self.free),
            "off": off,
        }

    @classmethod
    def from_dict(cls, data: dict) -> "Wish":
        """What `to_dict` wrote."""
        off = frozenset(map(date.fromisoformat, data["off"]))
        interview = date.fromisoformat(data["interview"])
        return cls(interview, data["level"], data["quarters"], frozenset(data["free"]), off)


def wish(interview: date | str, level: str, hours: float, off: Iterable[str], today: date) -> Wish:
    """A wish as a learner enters it; `off` names weekdays ("sat"), days ("2026-12-24") and spans ("a..b").

    The interview is a day, or weeks from today ("10w").

    Raises CourseError, one line, for a date that is no date, in the past or years away, for hours that no week has,
    and when no day is left.
    """
    ahead = _WEEKS.fullmatch(interview) if isinstance(interview, str) else None
    interview = today + timedelta(weeks=int(ahead[1])) if ahead else as_day(interview)
    if interview < today:
        raise CourseError(f"the interview, {interview}, is in the past: today is {today}")
    if (interview - today).days > LONGEST:
        raise CourseError(
            f"the interview, {interview}, is more than three years away: plan when it is nearer"
        )
    if level.upper() not in LEVELS:
        raise CourseError(f"the level is L6 or L7; got {level!r}")
    free, days = _off(off)
    if len(free) == len(WEEKDAYS):
        raise CourseError("all seven days of the week are off: leave one to work on")
    return Wish(interview, level.upper(), _quarters(hours, 7 - len(free)), free, days)


def as_day(text: date | str) -> date:
    """The day that `2027-03-01` names. Raises CourseError for anything else, such as the 29th of a short February."""
    if isinstance(text, date):
        return text
    try:
        # Only the long form: Python's own reader takes 20270301 and 2027-W09-1 as well.
        return date.fromisoformat(text if _SPAN.fullmatch(text) else "")
    except ValueError as error:
        raise CourseError(f"a day is a date of the calendar such as 2027-03-01; got {text!r}") from error


def _quarters(hours: float, days: int) -> int:
    real = isinstance(hours, Real) and not isinstance(hours, bool) and isfinite(hours)
    if not real or round(hours * QUARTERS) < 1:
        raise CourseError(
            f"hours a week are a number from 0.25 on; got {hours!r}: without time there is no plan"
        )
    if hours * QUARTERS > days * MOST:
        most = days * MOST // QUARTERS
        raise CourseError(
            f"{hours:g} hours a week are more than {days} days hold, at 12 a day: {most} at most"
        )
    return round(hours * QUARTERS)


def _off(words: Iterable[str]) -> tuple[frozenset[int], frozenset[date]]:
    free, days = set(), set()
    for word in (part.strip().lower() for text in words for part in re.split(r"[,\s]+", text)):
        if word[:3] in WEEKDAYS and word.isalpha():
            free.add(WEEKDAYS.index(word[:3]))
        elif found := _SPAN.fullmatch(word):
            days.update(_span(as_day(found[1]), as_day(found[2] or found[1])))
        elif word:
            got = word if len(word) <= 40 else f"{word[:40]}..."
            raise CourseError(
                f"a day off is a weekday (sat), a date (2026-12-24) or a span (2026-12-24..2027-01-02); got {got!r}"
            )
    return frozenset(free), frozenset(days)


def _span(first: date, last: date) -> list[date]:
    if last < first:
        raise CourseError(f"days off go from an earlier day to a later one; got {first}..{last}")
    if (last - first).days > LONGEST:
        raise CourseError(f"days off in one span are three years at most; got {first}..{last}")
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def spans(days: Iterable[date]) -> list[str]:
    """The days as somebody would enter them: those that follow each other as one span.

    >>> spans([date(2026, 12, 24), date(2026, 12, 26), date(2026, 12, 25), date(2027, 2, 1)])
    ['2026-12-24..2026-12-26', '2027-02-01']
    """
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [f"{run[0]}..{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
