"""The referee as a stage of nbgrader's pipeline, in the place of Execute.

    c.Autograde.autograde_preprocessors = ["loopready.referee.stages.Refereed", ...]

The notebook gets the outputs of the learner's cells, and each tests cell the referee's word; nbgrader reads its score
there as ever.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Bool, Callable, Float, List, Unicode

from loopready.referee import papers
from loopready.referee.bench import tried
from loopready.referee.boxes import Limits
from loopready.referee.trial import Job, Step, Verdict
from loopready.warm.stack import stack_of

__all__ = ["Refereed", "job"]


class Refereed(NbGraderPreprocessor):
    """Runs a submission in boxes and its tests outside of them."""

    uncontained = Bool(False, help="Grade also where this machine has no walls for a learner's process.").tag(
        config=True
    )
    timeout = Float(30, help="Seconds that a cell of the learner's may take.").tag(config=True)
    together = List(Unicode(), help="Tests cells whose functions share what they remember.").tag(config=True)
    trial = Callable(tried, help="Holds a trial: a job and `uncontained` in, a verdict out.")

    def preprocess(self, nb: nbformat.NotebookNode, resources: Any) -> tuple[nbformat.NotebookNode, Any]:
        """The notebook with its outputs."""
        who = resources["nbgrader"]
        source, files = self._source(who)
        todo = job(nb, source, Limits(cell_seconds=self.timeout), tuple(self.together), files)
        verdict = self.trial(todo, uncontained=self.uncontained)
        if verdict.doubtful and (sharing := self._sharing(source, todo)).intersection(verdict.doubtful):
            todo = replace(todo, together=(*todo.together, *sharing))
            verdict = self.trial(todo, uncontained=self.uncontained)
        for line in verdict.says:
            self.log.warning("%s: %s", who["student"], line)
        shown(nb, verdict)
        return nb, resources

    def _sharing(self, source: nbformat.NotebookNode, todo: Job) -> frozenset[str]:
        """The tests cells that the reference itself fails while its functions answer apart: they are to share."""
        key = nbformat.writes(source)
        if key not in _SHARING:
            own = job(source, source, todo.limits, todo.together, todo.files)
            _SHARING.clear()
            _SHARING[key] = frozenset(self.trial(own, uncontained=self.uncontained).doubtful)
        return _SHARING[key]

    def _source(self, who: dict) -> tuple[nbformat.NotebookNode, tuple[tuple[str, str], ...]]:
        """The instructor's notebook, and the data that lies beside it."""
        course = getattr(getattr(self.parent, "parent", None), "coursedir", None) or CourseDirectory(
            parent=self
        )
        folder = Path(course.format_path(course.source_directory, ".", who["assignment"]))
        return nbformat.read(folder / f"{who['notebook']}.ipynb", as_version=4), data_files(folder)


_SHARING: dict[str, frozenset[str]] = {}  # by the text of a source; a run grades one week after the other


def data_files(folder: Path) -> tuple[tuple[str, str], ...]:
    """What lies beside the instructor's notebook: each file's name from there, and where it is."""
    found = (path for path in sorted(folder.rglob("[!.]*")) if path.is_file() and path.suffix != ".ipynb")
    names = ((path.relative_to(folder), path.resolve()) for path in found)
    return tuple(
        (str(name), str(path)) for name, path in names if not _HIDDEN & {*name.parts, name.parts[0][:1]}
    )


_HIDDEN = {".", "__pycache__", ".ipynb_checkpoints"}


def job(
    nb: nbformat.NotebookNode,
    source: nbformat.NotebookNode,
    limits: Limits,
    together: tuple[str, ...] = (),
    files: tuple[tuple[str, str], ...] = (),
) -> Job:
    """The trial of a submission that was rebuilt from its source; the same for the same submission."""
    models = {_name(cell): cell.source for cell in source.cells if is_solution(cell)}
    steps = tuple(_step(cell, models) for cell in papers.code_cells(nb))
    others = [cell for cell in papers.code_cells(source) if not is_grade(cell) and not is_solution(cell)]
    loose = tuple(place for place, cell in enumerate(others) if not is_locked(cell))
    # Random tests differ from attempt to attempt, and are the same whenever the same attempt is graded. What is
    # hidden counts as well: a learner who could work the seed out would choose it.
    text = "\0".join([*(step.text for step in steps), *(cell.source for cell in source.cells)])
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    wanted = stack_of(cell.source for cell in papers.code_cells(source))
    return Job(steps, tuple(cell.source for cell in others), loose, seed, limits, together, files, wanted)


def _name(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _step(cell: nbformat.NotebookNode, models: dict[str, str]) -> Step:
    name = _name(cell)
    if is_solution(cell):
        return Step("answer", cell.source, name, model=models.get(name, ""))
    if is_grade(cell):
        points = float(cell.metadata.nbgrader.points)
        return Step("tests", cell.source, name, points, papers.released(cell.source))
    return Step("given" if is_locked(cell) else "own", cell.source, name)


def shown(nb: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Put into each code cell what the verdict says it shows."""
    for number, (cell, outputs) in enumerate(zip(papers.code_cells(nb), verdict.shown, strict=True), 1):
        cell.execution_count = number
        for output in outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
