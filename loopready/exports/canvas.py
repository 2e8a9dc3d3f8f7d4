"""A file for Canvas's gradebook: made anew, or made of the file that Canvas exports, whose IDs are kept.

Canvas documents the columns in its instructor guide (How do I import grades in the Gradebook?): Student, ID,
SIS User ID, SIS Login ID, Section, then one for each assignment, titled `name (id)`; `Points Possible` is the second
row. It finds a learner by ID, else by SIS User ID, else by SIS Login ID, else by name. A score in the file goes over
the one in Canvas, and an empty cell takes one away: so a cell for which there are no points keeps what Canvas said.
"""

import csv
import io
import re
from dataclasses import dataclass

from loopready.course import CourseError
from loopready.exports.columns import Choice, Made, left_empty, transferable
from loopready.exports.grades import Learner, Marks, Week
from loopready.exports.texts import as_csv, harmless, points

__all__ = ["gradebook", "merged"]

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "Points Possible"
_IDS = ("SIS Login ID", "SIS User ID", "ID")
_TITLE = re.compile(r"(?P<title>.*?)(?:\s*\(\d+\))?\s*", re.DOTALL)
_NOT_A_LEARNER = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
# Canvas's words for excused, and for an assignment that a learner does not have.
_FIXED = ("EX", "N/A")


def gradebook(marks: Marks, choice: Choice = Choice()) -> Made:  # noqa: B008 - it cannot be changed
    """The class for a Canvas course that has none of its weeks yet; the learner's id is the SIS Login ID."""
    learners, notes = transferable(marks.learners)
    rows = [
        [
            *(harmless(one.sortable), "", "", one.id, ""),
            *(points(choice.points_of(marks.of(week, one))) for week in marks.weeks),
        ]
        for one in learners
    ]
    head = [*HEAD, *(week.name for week in marks.weeks)]
    worth = [f"    {POSSIBLE}", "", "", "", "", *(points(week.out_of) for week in marks.weeks)]
    return Made(as_csv([head, worth, *rows]), [*notes, *left_empty(marks, choice)])


def merged(marks: Marks, exported: str, choice: Choice = Choice()) -> Made:  # noqa: B008
    """The class's points in the text of a file that Canvas exported: its lines, its IDs, its columns for these weeks.

    Other assignments are left out, so that what was graded in Canvas since stays there. A learner whom Canvas does
    not have, or who is excused there, is a line of the notes.
    Raises CourseError when it is not such a file, when two lines or columns could be meant, and when an assignment
    has other points possible than the week.
    """
    sheet = _read(exported)
    places = {week: sheet.place(week) for week in marks.weeks}
    found = sheet.learners(marks.learners)
    heads = [sheet.head[place] if place is not None else week.name for week, place in places.items()]
    rows = [[*sheet.head[: sheet.info], *heads]]
    notes = [f"not in Canvas: {one.id}" for one in marks.learners if one not in found.values()]
    notes += [f"new in Canvas: {week.name}" for week, place in places.items() if place is None]
    for number, row in enumerate(sheet.rows):
        there = {week: None if place is None else row[place] for week, place in places.items()}
        cells = _cells(row, there, found.get(number), marks, choice, notes)
        rows.append([*row[: sheet.info], *cells])
    return Made(as_csv(rows, sheet.delimiter), [*notes, *left_empty(marks, choice)])


def _cells(
    row: list[str],
    there: dict[Week, str | None],
    learner: Learner | None,
    marks: Marks,
    choice: Choice,
    notes: list[str],
) -> list[str]:
    """What stands under each week in one line of the file; `there` is what Canvas has, None in a new column."""
    if POSSIBLE in row[0]:
        return [_worth(week, cell) for week, cell in there.items()]
    if learner is None:
        return [cell or "" for cell in there.values()]
    cells = []
    for week, cell in there.items():
        value = choice.points_of(marks.of(week, learner))
        fixed = (cell or "").strip().upper() in _FIXED
        if fixed and value is not None:
            notes.append(f"{learner.id} stays {cell} in Canvas for {week.name}")
        cells.append((cell or "") if fixed or value is None else points(value))
    return cells


@dataclass(frozen=True)
class _Sheet:
    """Canvas's file: its header, the other rows as long as that, how many columns say who it is, what parts them."""

    head: list[str]
    rows: list[list[str]]
    info: int
    delimiter: str

    def place(self, week: Week) -> int | None:
        """The week's column; None for one that is new."""
        places = [
            number
            for number, title in enumerate(self.head[self.info :], self.info)
            if _key(_TITLE.fullmatch(title)["title"]) == _key(week.name)
        ]
        if len(places) > 1:
            both = " and ".join(repr(self.head[number]) for number in places)
            raise CourseError(
                f"two columns of Canvas's file could be {week.name}, {both}: delete one of them"
            )
        return places[0] if places else None

    def learners(self, known: tuple[Learner, ...]) -> dict[int, Learner]:
        """Which row is whose; by id before email, and never by name, which two may have."""
        columns = [self.head.index(name) for name in _IDS if name in self.head[: self.info]]
        found: dict[int, Learner] = {}
        for one in known:
            rows = self._rows(columns, one.id) or (self._rows(columns, one.email) if one.email else [])
            if len(rows) > 1:
                raise CourseError(f"two lines of Canvas's file could be {one.id!r}: delete one of them")
            if rows and rows[0] in found:
                two = f"{found[rows[0]].id!r} and {one.id!r}"
                raise CourseError(f"{two} could be the same line of Canvas's file: correct the ids or emails")
            found.update((row, one) for row in rows)
        return found

    def _rows(self, columns: list[int], text: str) -> list[int]:
        wanted = text.casefold()
        return [
            number
            for number, row in enumerate(self.rows)
            if not _aside(row) and wanted in (row[column].strip().casefold() for column in columns)
        ]


def _aside(row: list[str]) -> bool:
    return POSSIBLE in row[0] or all(_NOT_A_LEARNER.fullmatch(cell) for cell in row)


def _key(title: str) -> str:
    """What two spellings of a week have in common: `Week 1` and `week-01` are one."""
    words = title.strip().casefold()
    number = re.fullmatch(r"week[\s_-]*0*(\d+)", words)
    return f"week-{int(number[1]):02}" if number else words


def _worth(week: Week, there: str | None) -> str:
    ours = points(week.out_of)
    if there is None:
        return ours
    try:
        same = points(float(there.replace(",", "."))) == ours
    except ValueError:
        same = False
    if not same:
        raise CourseError(
            f"{week.name} has {ours} points and {there.strip() or 'none'} in Canvas: make them equal"
        )
    return there


def _read(text: str) -> _Sheet:
    text = text.removeprefix("\ufeff")
    for delimiter in ",;":
        try:
            rows = [
                row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            ]
        except csv.Error:
            continue
        head = rows[0] if rows else []
        if (
            head[:2] == ["Student", "ID"] or head[:3] == ["LastName", "FirstName", "ID"]
        ) and "Section" in head:
            filled = [row + [""] * (len(head) - len(row)) for row in rows[1:] if any(map(str.strip, row))]
            return _Sheet(head, filled, head.index("Section") + 1, delimiter)
    raise CourseError(
        "not a file that Canvas exported: its first line begins with Student,ID and has Section"
    )
