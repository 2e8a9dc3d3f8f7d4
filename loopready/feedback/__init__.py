"""A learner's feedback page, made by nbgrader's own GenerateFeedback.

Its first half is the course's word: points, comments, levels, lateness. Its second is the notebook, in which whatever
a learner wrote is shown and does nothing.
"""

from loopready.feedback.hiding import HideTests

__all__ = ["HideTests"]
