"""nbgrader's settings for a course whose tests are refereed.

    from loopready.referee.settings import refereed
    refereed(c)

as the last lines of a course's nbgrader_config.py.
"""

from typing import Any

from nbgrader.converters import Autograde

__all__ = ["refereed"]


def refereed(c: Any, uncontained: bool = False) -> None:
    """Switch the referee on; `uncontained` lets it grade on a machine that has no walls for a learner's process."""
    c.Autograde.exporter_class = "loopready.referee.intake.Intake"
    c.Autograde.pre_convert_hook = "loopready.referee.intake.forget_before"
    # nbgrader's own stages, with the referee in the place of the first, its Execute.
    _, *rest = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = ["loopready.referee.stages.Refereed", *rest]
    c.Refereed.uncontained = uncontained
