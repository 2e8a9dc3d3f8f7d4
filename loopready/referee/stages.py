"""The referee as a stage of nbgrader's pipeline, in the place of Execute.

    c.Autograde.autograde_preprocessors = ["loopready.referee.stages.Refereed", ...]

The notebook gets the outputs of the learner's cells, and each tests cell the referee's word; nbgrader reads its score
there as ever.
"""

import hashlib
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
        for line in verdict.says:
            self.log.warning("%s: %s", who["student"], line)
        shown(nb, verdict)
        return nb, resources

    def _source(self, who: dict) -> tuple[nbformat.NotebookNode, tuple[str, ...]]:
        """The instructor's notebook, and the data that lies beside it."""
        course = getattr(getattr(self.parent, "parent", None), "coursedir", None) or CourseDirectory(
            parent=self
        )
        folder = Path(course.format_path(course.source_directory, ".", who["assignment"]))
        files = (
            str(path.resolve())
            for path in sorted(folder.iterdir())
            if path.is_file() and path.suffix != ".ipynb"
        )
        return nbformat.read(folder / f"{who['notebook']}.ipynb", as_version=4), tuple(files)


def job(
    nb: nbformat.NotebookNode,
    source: nbformat.NotebookNode,
    limits: Limits,
    together: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
) -> Job:
    """The trial of a submission that was rebuilt from its source; the same for the same submission."""
    models = {_name(cell): cell.source for cell in source.cells if is_solution(cell)}
    steps = tuple(_step(cell, models) for cell in papers.code_cells(nb))
    given = tuple(
        _given(cell) for cell in papers.code_cells(source) if not is_grade(cell) and not is_solution(cell)
    )
    # Random tests differ from attempt to attempt, and are the same whenever the same attempt is graded.
    text = "\0".join(step.text for step in steps)
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return Job(steps, given, seed, limits, together, files)


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


def _given(cell: nbformat.NotebookNode) -> str:
    """A locked cell's text; of a cell that learners may change, what it imports."""
    import ast

    from loopready.referee.plans import parsed

    if is_locked(cell):
        return cell.source
    imports = [node for node in parsed(cell.source).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return "\n".join(map(ast.unparse, imports))


def shown(nb: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Put into each code cell what the verdict says it shows."""
    for number, (cell, outputs) in enumerate(zip(papers.code_cells(nb), verdict.shown, strict=True), 1):
        cell.execution_count = number
        for output in outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
