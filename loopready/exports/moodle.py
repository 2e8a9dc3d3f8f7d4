"""Files for Moodle's two ways to import grades, as https://docs.moodle.org/en/Grade_import has them.

CSV has a line for each learner, found by ID number or by email, and a column for each grade item; on the import page
the instructor says which is which. Moodle writes `-` for no grade, and reads it so: a new item would take an
empty cell for a grade. XML names the learner and the activity by their ID numbers, one grade an element.
"""

from xml.etree import ElementTree

from loopready.exports.columns import Choice, Made, left_empty, transferable
from loopready.exports.grades import Learner, Marks
from loopready.exports.texts import as_csv, harmless, points

__all__ = ["grade_items", "results"]

NO_GRADE = "-"


def grade_items(marks: Marks, choice: Choice = Choice()) -> Made:  # noqa: B008 - it cannot be changed
    """The class as Moodle's CSV: names, ID number, email, then a column for each week.

    A learner without any points is left out, since no line of theirs could say anything.
    """
    head = ["First name", "Surname", "ID number", "Email address", *(week.name for week in marks.weeks)]
    learners, notes = transferable(marks.learners)
    rows = [
        [
            *map(harmless, (one.first_name, one.last_name)),
            one.id,
            harmless(one.email),
            *_cells(marks, one, choice),
        ]
        for one in learners
    ]
    kept = [row for row in rows if set(row[4:]) != {NO_GRADE}]
    return Made(as_csv([head, *kept]), [*notes, *left_empty(marks, choice), *_beyond(marks, choice)])


def results(marks: Marks, choice: Choice = Choice()) -> Made:  # noqa: B008
    """The class as Moodle's XML: a result for each grade; the week's name is the activity's ID number."""
    learners, notes = transferable(marks.learners)
    top = ElementTree.Element("results", batch="loopready")
    for week in marks.weeks:
        for one in learners:
            if (value := choice.points_of(marks.of(week, one))) is not None:
                result = ElementTree.SubElement(top, "result")
                for name, text in (("assignment", week.name), ("student", one.id), ("score", points(value))):
                    ElementTree.SubElement(result, name).text = text
    ElementTree.indent(top)
    text = ElementTree.tostring(top, encoding="unicode")
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
    return Made(declared, [*notes, *left_empty(marks, choice), *_beyond(marks, choice)])


def _cells(marks: Marks, one: Learner, choice: Choice) -> list[str]:
    values = (choice.points_of(marks.of(week, one)) for week in marks.weeks)
    return [NO_GRADE if value is None else points(value) for value in values]


def _beyond(marks: Marks, choice: Choice) -> list[str]:
    """Extra credit can come to more than a week has, and Moodle then refuses the whole file."""
    found = [
        f"{one.id} has {points(value)} of {points(week.out_of)} for {week.name}: allow grades over 100 % in Moodle"
        for week in marks.weeks
        for one in marks.learners
        if (value := choice.points_of(marks.of(week, one))) is not None and value > week.out_of
    ]
    return found
