"""The reference tried as a submission: a tests cell that it does not pass refereed asks for what cannot be had.

A test that only works inside of the learner's process, such as one that looks into a file which the answer has
written, would give nobody any points, and nobody would say why.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from loopready.referee.bench import tried
from loopready.referee.boxes import Limits
from loopready.referee.stages import data_files, job
from loopready.referee.trial import Job, Verdict

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["unfair"]


def unfair(source: Path, config: "Config") -> dict[str, str]:
    """The tests cells of the instructor's notebook that its own solutions do not pass refereed, and what they say.

    Raises TrialError where there is no verdict.
    """
    own, about = nbformat.read(source, as_version=4), config.Refereed
    limits = Limits(cell_seconds=float(about.get("timeout", 30)))
    todo = job(own, own, limits, tuple(about.get("together", ())), data_files(source.parent))
    return dict(_lost(todo, _shared(todo, bool(about.get("uncontained")))))


def _shared(todo: Job, uncontained: bool) -> Verdict:
    """The verdict, where the functions that are meant to share something do so."""
    verdict = tried(todo, uncontained)
    if verdict.doubtful:
        verdict = tried(replace(todo, together=(*todo.together, *verdict.doubtful)), uncontained)
    return verdict


def _lost(todo: Job, verdict: Verdict) -> Iterator[tuple[str, str]]:
    for step, shown in zip(todo.steps, verdict.shown, strict=True):
        if step.kind == "tests" and (says := _says(shown, step.points)):
            yield step.name, says


def _says(shown: list[dict], points: float) -> str:
    """What a tests cell shows that has not given all of its points; nothing where it has."""
    for output in shown:
        if output["output_type"] == "error":
            return f"{output['ename']}: {output['evalue']}".splitlines()[0][:200].rstrip(": ")
        value = output.get("data", {}).get("text/plain", "")
        if output["output_type"] == "execute_result" and float(value) < points:
            return f"{float(value):g} of {points:g} points"
    return ""
