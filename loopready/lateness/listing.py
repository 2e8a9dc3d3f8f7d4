"""The class and its due time: who was late, who was given longer, and what it takes."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import SubmittedAssignment

from loopready.course import settings
from loopready.lateness import words
from loopready.lateness.plugin import checked, checked_names, handed_in
from loopready.lateness.rules import HandedIn, Rule
from loopready.marking.books import opened, week_of

__all__ = ["Late", "listing"]


@dataclass(frozen=True)
class Late:
    """One learner's hand-in, and the points that the gradebook has taken for lateness by now."""

    learner: str
    hand_in: HandedIn
    taken: float

    @property
    def said(self) -> tuple[str, str, str]:
        """How late it is, the extension and the points, in words."""
        late = words.duration(self.hand_in.late) if self.hand_in.late else "in time"
        given = words.duration(self.hand_in.extension) if self.hand_in.extension else ""
        return (late if self.hand_in.at else "no time known", given, f"{self.taken:g}" if self.taken else "")


def listing(week: str, root: Path) -> tuple[Rule, list[Late]]:
    """The course's rule, and every hand-in of the week by learner.

    Raises CourseError for a rule or an extension that cannot be meant, and for a week that is not in the gradebook.
    """
    config = settings(root)
    plugin, given = checked(config, root)
    with opened(root) as book:
        assignment = week_of(book, root, week)
        checked_names(config, root, str(book.engine.url), ())
        return plugin.rule, [
            _late(one, given) for one in sorted(assignment.submissions, key=lambda one: one.student_id)
        ]


def _late(one: SubmittedAssignment, given: dict) -> Late:
    return Late(one.student_id, handed_in(one, given), one.late_submission_penalty or 0.0)
