"""The list of points: a line for each learner and week, with nbgrader's own columns and one that says what came."""

from datetime import datetime

from loopready.exports.grades import Entry, Learner, Marks, Week
from loopready.exports.texts import as_csv, harmless, points

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "status",
)


def listing(marks: Marks) -> str:
    """The class as CSV; points are empty for who was never graded, and times are in UTC.

    It begins with a byte order mark, without which Excel shows letters beyond ASCII wrongly.
    """
    rows = [
        _row(week, learner, marks.of(week, learner)) for week in marks.weeks for learner in marks.learners
    ]
    return "\ufeff" + as_csv([COLUMNS, *rows])


def _row(week: Week, learner: Learner, entry: Entry) -> list[str]:
    who = (learner.id, learner.last_name, learner.first_name, learner.email)
    earned = (points(one) for one in (entry.earned, entry.penalty, entry.score, week.out_of))
    return [
        harmless(week.name),
        _time(week.due),
        _time(entry.came),
        *map(harmless, who),
        *earned,
        entry.status,
    ]


def _time(moment: datetime | None) -> str:
    return "" if moment is None else str(moment)
