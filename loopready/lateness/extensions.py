"""Who was given longer: a small table, `extensions.csv` in the course's folder, kept by hand.

    learner,week,hours,why
    ann,week-01,48,ill

More columns may stand in it; nobody reads them but you.
"""

import csv
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from loopready.course import CourseError

COLUMNS = ("learner", "week", "hours")

Extensions = dict[tuple[str, str], timedelta]


def read(path: Path) -> Extensions:
    """The extensions in the file at `path`, by learner and week; none when there is no such file.

    Raises CourseError, with the line, for a file that cannot be meant so.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{path.name} cannot be read as a table ({error}): save it as CSV, UTF-8"
        ) from error
    rows = csv.DictReader(text.splitlines())
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise CourseError(f"{path.name} has no column {missing[0]}: its first line is {','.join(COLUMNS)}")
    found: Extensions = {}
    for row in rows:
        key, hours = _extension(row, f"{path.name} line {rows.line_num}")
        if key in found:
            raise CourseError(
                f"{path.name} line {rows.line_num}: {key[0]} has an extension for {key[1]} already; keep one"
            )
        found[key] = hours
    return found


def _extension(row: dict[str, str | None], place: str) -> tuple[tuple[str, str], timedelta]:
    learner, week, hours = ((row[name] or "").strip() for name in COLUMNS)
    if not learner or not week:
        raise CourseError(f"{place}: name the learner and the week; got {learner!r} and {week!r}")
    try:
        length = float(hours)
    except ValueError:
        length = -1.0
    if not 0 <= length < 24 * 3660:
        raise CourseError(f"{place}: hours is a number from 0 on; got {hours!r}")
    return (learner, week), timedelta(hours=length)


def check(given: Extensions, learners: Collection[str], weeks: Collection[str], name: str) -> None:
    """Raise CourseError when an extension is for a learner or a week that the course does not have."""
    for learner, week in given:
        if learner not in learners:
            raise CourseError(f"{name} names the learner {learner!r}, whom the course does not know")
        if week not in weeks:
            known = ", ".join(sorted(weeks)) or "none yet"
            raise CourseError(f"{name} names the week {week!r} for {learner}; the gradebook has {known}")
