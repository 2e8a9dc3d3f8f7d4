"""The rule as nbgrader's plugin, so that whatever grades applies it.

c.AssignLatePenalties.plugin_class = "loopready.lateness.plugin.LateWork"
c.LateWork.percent = 10
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Enum, Float, TraitError, Unicode
from traitlets.config import Config

from loopready.course import CourseError
from loopready.lateness import extensions
from loopready.lateness.rules import PERIODS, HandedIn, Rule

__all__ = ["LateWork", "checked", "checked_names", "handed_in"]


class LateWork(LateSubmissionPlugin):
    """A share of the points for each hour or day begun; nothing unless the course says so.

    nbgrader's own setting, `c.LateSubmissionPlugin.penalty_method = "zero"`, still takes all points of whoever is
    late, after the grace and the extension.
    """

    percent = Float(0.0, help="Percent of the points earned, for each period begun.").tag(config=True)
    per = Enum(tuple(PERIODS), "day", help="The period: hour or day.").tag(config=True)
    grace_hours = Float(0.0, help="Hours after the due time that are not counted.").tag(config=True)
    most_percent = Float(100.0, help="Percent of the points that are never exceeded.").tag(config=True)
    extensions = Unicode("extensions.csv", help="Who was given longer, in the course's folder.").tag(
        config=True
    )

    @property
    def rule(self) -> Rule:
        """The course's rule. Raises CourseError when it cannot be meant."""
        percent = 100.0 if self.penalty_method == "zero" else self.percent
        return Rule(percent, self.per, self.grace_hours, self.most_percent)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that are taken, or None when none are: asked by nbgrader for whoever missed the due time."""
        late = timedelta(seconds=total_seconds_late)
        if gradebook := getattr(self.parent, "gradebook", None):
            submission = gradebook.find_submission(self.parent.assignment_id, student_id)
            # nbgrader converts in the course's folder.
            late = handed_in(submission, extensions.read(Path(self.extensions))).late
        return self.rule.penalty(score, late) or None


def handed_in(submission: SubmittedAssignment, given: extensions.Extensions) -> HandedIn:
    """When it was handed in and due; the longer of the file's extension and that of nbgrader's gradebook counts."""
    by_file = given.get((submission.student_id, submission.assignment.name), timedelta())
    extension = max(by_file, submission.extension or timedelta())
    return HandedIn(submission.timestamp, submission.assignment.duedate, extension)


def checked(config: Config, root: Path) -> tuple[LateWork, extensions.Extensions]:
    """The course's plugin and its extensions. Raises CourseError when either cannot be meant."""
    try:
        plugin = LateWork(config=config)
    except TraitError as error:
        raise CourseError(f"nbgrader_config.py: {str(error).splitlines()[0]}") from error
    plugin.rule  # noqa: B018
    return plugin, extensions.read(root / plugin.extensions)


def checked_names(config: Config, root: Path, db_url: str, handed_in: Iterable[str]) -> None:
    """Raise CourseError when the rule or an extension cannot be meant, or one is for nobody in the course.

    Those who have `handed_in` are in it, whether the gradebook knows them yet or not.
    """
    plugin, given = checked(config, root)
    if given:
        with Gradebook(db_url) as book:
            learners = {one.id for one in book.students} | set(handed_in)
            weeks = {one.name for one in book.assignments}
            # The workers are forked next, and a connection is no thing to share.
            book.engine.dispose()
        extensions.check(given, learners, weeks, plugin.extensions)
