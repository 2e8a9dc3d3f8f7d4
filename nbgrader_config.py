# What differs from nbgrader's defaults. nbgrader reads this file when its commands run in this folder.
from loopready.levels.settings import rubric_panel

c = get_config()

# Named, because the exchange refuses to release an assignment of a course without a name.
c.CourseDirectory.course_id = "loopready"

# No `raise NotImplementedError()`: an unsolved notebook must run from top to bottom.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}

# nbgrader copies every file beside a source notebook into the release and into each submission; editors and
# file managers leave hidden files and backups there. The first four are nbgrader's own.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".*",
    "*~",
    "*.bak",
    "*.orig",
    "*.tmp",
]

# The feedback page. nbgrader's own prints the hidden tests, and one learner's page is soon everybody's;
# `c.HideTests.enabled = False` leaves them in. Penalties first: points given by hand have come since the grading.
c.GenerateFeedback.exporter_class = "loopready.feedback.page.Page"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.GetGrades",
    "loopready.feedback.HideTests",
]

# Late work: nothing is taken until it says so here, as `c.LateWork.percent = 10`; docs/instructor.md has the rest.
c.AssignLatePenalties.plugin_class = "loopready.lateness.plugin.LateWork"

# The list of points: quoted, with never graded told from nothing earned. nbgrader's own does neither.
c.ExportApp.plugin_class = "loopready.exports.plugin.Grades"

# The formgrader with a rubric's levels under each design and story, and a learner's HTML inert.
rubric_panel(c)

# nbgrader's own list, with kernels forked from a warm parent in the place of cold ones; both give the same grades.
c.Autograde.autograde_preprocessors = [
    "loopready.warm.execute.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The tests run outside of the learner's process, and that process behind walls: docs/referee.md. Without these two
# lines both run in one kernel, as nbgrader has it.
from loopready.referee.settings import refereed  # noqa: E402

refereed(c)
