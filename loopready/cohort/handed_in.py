"""What lies in the class's folders: the graded papers of a week, and what keeps a hand-in from being graded."""

from __future__ import annotations

import json
from pathlib import Path

from loopready.cohort.papers import Answer, answers


def papers(week: str, root: Path) -> dict[str, list[Answer]]:
    """By learner, the answers of each paper of `week` that was graded and can be read."""
    found = {
        path.parts[-3]: answers(path)
        for path in sorted((root / "autograded").glob(f"[!.]*/{week}/{week}.ipynb"))
    }
    return {learner: given for learner, given in found.items() if given}


def trouble(folder: Path, week: str) -> str:
    """Why what lies in a learner's folder for a week was not graded, as far as its files say."""
    wanted = folder / f"{week}.ipynb"
    if wanted.is_symlink():
        return "the notebook is a symlink"
    if wanted.is_file():
        return _of_notebook(wanted)
    others = sorted(path.name for path in folder.glob("*.ipynb")) if folder.is_dir() else []
    if others:
        return f"the notebook is called {others[0]!r} and must be {wanted.name!r}: rename it and grade again"
    return "no notebook came: ask for it" if folder.is_dir() else "its folder is gone from submitted/"


def _of_notebook(path: Path) -> str:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        marked = any(cell["metadata"].get("nbgrader") for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "the file is not a notebook: ask for it again"
    if not marked:
        return "a notebook without its metadata: ask for the file as JupyterLab saved it"
    return "grading stopped there, or has not run: `loopready grade --class` says why"
