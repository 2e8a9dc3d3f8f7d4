"""nbgrader's settings for a course whose tests are refereed.

    from loopready.referee.settings import refereed
    refereed(c)

as the last lines of a course's nbgrader_config.py. Imports nothing of nbgrader where the course names its own stages:
a Jupyter server reads the file as well.
"""

from typing import Any

__all__ = ["is_refereed", "refereed"]

STAGE, INTAKE = "loopready.referee.stages.Refereed", "loopready.referee.intake.Intake"


def refereed(c: Any, uncontained: bool = False) -> None:
    """Switch the referee on; `uncontained` lets it grade on a machine that has no walls for a learner's process."""
    c.Autograde.exporter_class = INTAKE
    # The course's stages, or nbgrader's own, with the referee in the place of the one that runs the cells.
    stages = c.Autograde.get("autograde_preprocessors")
    named = stages if isinstance(stages, list) else _usual()
    c.Autograde.autograde_preprocessors = [STAGE if _runs_cells(stage) else stage for stage in named]
    c.Refereed.uncontained = uncontained
    # nbgrader's feedback page prints the hidden tests.
    if not c.GenerateFeedback.get("preprocessors"):
        c.GenerateFeedback.preprocessors = [
            "nbgrader.preprocessors.GetGrades",
            "loopready.feedback.HideTests",
            "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
        ]


def is_refereed(config: Any) -> bool:
    """Whether these settings have the referee grade."""
    stages = config.Autograde.get("autograde_preprocessors")
    return isinstance(stages, list) and STAGE in stages


def _usual() -> list:
    from nbgrader.converters import Autograde

    return Autograde.class_traits()["autograde_preprocessors"].default()


def _runs_cells(stage: Any) -> bool:
    name = stage if isinstance(stage, str) else stage.__name__
    return name.rpartition(".")[2] == "Execute"
