"""The list of points as nbgrader's plugin, so that `nbgrader export` writes it.

c.ExportApp.plugin_class = "loopready.exports.plugin.Grades"
"""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool

from loopready.course import CourseError, write_new
from loopready.exports.grades import handed_in, marks
from loopready.exports.listing import listing

__all__ = ["Grades"]


class Grades(ExportPlugin):
    """A line for each learner and week, as CSV that every name survives and no spreadsheet runs.

    nbgrader's options --to, --student and --assignment are heeded.
    """

    over = Bool(False, help="Write over a file that is there.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; a failure is one line, and ends the command with code 1."""
        file = Path(self.to or "grades.csv")
        folders = self.parent.coursedir
        came = handed_in(Path(folders.root, folders.submitted_directory))
        try:
            found = marks(gradebook, list(map(str, self.assignment)), list(map(str, self.student)), came)
            write_new(file, listing(found), self.over)
        except CourseError as error:
            self.log.error(str(error).replace("say --over", "say --Grades.over=True"))
            raise SystemExit(1) from error
        self.log.info("Exported %d learners, %d weeks to %s", len(found.learners), len(found.weeks), file)
