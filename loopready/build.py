"""Lessons become what is handed out: instructor notebooks, released ones, and ones to read on the web.

lessons/week-01.md -> source/week-01/week-01.ipynb -> release/week-01/week-01.ipynb -> notebooks/week-01.ipynb

A kata of the reserve stops at its release.

Everything is built in a temporary folder first, so a refused lesson leaves the course as it was, and to compare
the course with its lessons is to build it and not to write.
"""

import logging
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory

from loopready import course
from loopready.cells import Lesson
from loopready.course import CourseError
from loopready.leaks import data_files, refuse_leaks
from loopready.lessons import identities, notebook, notebook_text, written
from loopready.process.pages import filled
from loopready.runs import RunError, run

__all__ = ["build", "differences", "stale"]

_FOLDERS = ("source", "release", "notebooks")


def build(root: Path, names: Iterable[str] | None = None) -> list[Path]:
    """Build the lessons of those names, or all and the documentation's tables; returns the files whose bytes changed.

    Raises CourseError when a lesson is refused, a name is unknown or a file cannot be written.
    """
    files = _built(root, _chosen(root, names)) | ({} if names else filled(root))
    changed = [root / name for name, data in files.items() if _bytes(root / name) != data]
    for path in changed:
        _write(path, files[_name(path, root)], root)
    return changed


def differences(root: Path) -> list[str]:
    """What a build would change, one line each; empty when the built files are those of the lessons."""
    files = _built(root, _chosen(root, None)) | filled(root)
    found = []
    for name, data in files.items():
        there = _bytes(root / name)
        if there != data:
            source = "the data" if name.startswith("docs/") else "its lesson"
            says = "is missing" if there is None else f"differs from {source}"
            found.append(f"{name}: {says}; run `loopready build`")
    return found + [f"{_name(path, root)}: no lesson builds it; delete it" for path in stale(root)]


def stale(root: Path) -> list[Path]:
    """The files in the built folders that no lesson accounts for: a lesson was renamed or removed."""
    weeks, graded = course.weeks(root), course.assignments(root)
    data = {name: [path.name for path in _data(root, name)] for name in graded}
    known = {root / "notebooks" / f"{name}.ipynb" for name in weeks + course.rooms(root)}
    known |= {root / "notebooks" / name for week in weeks for name in data[week]}
    for assignment in graded:
        for name in (f"{assignment}.ipynb", *data[assignment]):
            known |= {root / "source" / assignment / name, root / "release" / assignment / name}
    return [path for path in _standing(root) if path not in known]


def _standing(root: Path) -> list[Path]:
    """The files in the built folders, without what editors hide there."""
    files = (path for folder in _FOLDERS for path in sorted((root / folder).rglob("*")) if not path.is_dir())
    return [path for path in files if not any(part.startswith(".") for part in path.relative_to(root).parts)]


def _chosen(root: Path, names: Iterable[str] | None) -> list[str]:
    every = course.assignments(root) + course.rooms(root)
    chosen = list(dict.fromkeys(names or ())) or every
    for name in chosen:
        if name not in every:
            raise CourseError(f"no lesson is called '{name}'; there are {', '.join(every) or 'none yet'}")
    return chosen


def _built(root: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The bytes of every file that the lessons of those names make, by its name in the course."""
    lessons = [written(root / "lessons" / f"{name}.md") for name in names]
    files: dict[str, bytes] = {}
    for lesson in lessons:
        with TemporaryDirectory(prefix="loopready-") as scratch:
            # Resolved, because a path that is shown in a cell is, and has to be recognised.
            for name, data in _files(root, lesson, Path(scratch).resolve()).items():
                if files.setdefault(name, data) != data:
                    raise CourseError(f"{name}: two weeks have data of that name; rename one of the two")
    refuse_leaks(lessons, _handed_out(root, files))
    return files


def _files(root: Path, lesson: Lesson, scratch: Path) -> dict[str, bytes]:
    """What one lesson makes, built in the folder `scratch`."""
    name, instructor = lesson.name, notebook(lesson)
    work = scratch / "work"
    work.mkdir()
    if not lesson.is_graded:
        return {f"notebooks/{name}.ipynb": _read_version(root, lesson, instructor, work)}
    files = _assignment(root, name, instructor, scratch)
    if lesson.is_kata:  # whoever can read it has seen it
        return files
    for path in sorted((scratch / "release" / name).iterdir()):
        if path.suffix != ".ipynb":
            files[f"notebooks/{path.name}"] = path.read_bytes()
            shutil.copyfile(path, work / path.name)
    student = nbformat.read(scratch / "release" / name / f"{name}.ipynb", as_version=4)
    files[f"notebooks/{name}.ipynb"] = _read_version(root, lesson, student, work)
    return files


def _assignment(root: Path, name: str, instructor: NotebookNode, scratch: Path) -> dict[str, bytes]:
    """The instructor's notebook and what is released, built in the folder `scratch`."""
    source = scratch / "source" / name
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_text(notebook_text(instructor), encoding="utf-8")
    for path in _data(root, name):
        shutil.copyfile(path, source / path.name)
    _release(root, scratch, name)
    files = {f"source/{name}/{name}.ipynb": (source / f"{name}.ipynb").read_bytes()}
    for path in sorted((scratch / "release" / name).iterdir()):
        files[f"release/{name}/{path.name}"] = path.read_bytes()
    return files


def _data(root: Path, week: str) -> list[Path]:
    return data_files(root / "source" / week, f"source/{week}")


def _read_version(root: Path, lesson: Lesson, released: NotebookNode, work: Path) -> bytes:
    """The notebook to read: the released one, run in the folder `work`."""
    try:
        return notebook_text(run(released, work, root)).encode()
    except RunError as error:
        cells = dict(zip(identities(lesson.cells), lesson.cells, strict=True))
        if error.identity not in cells:
            raise CourseError(f"{lesson.file}: a cell that is not its own {error}") from error
        raise cells[error.identity].error(str(error)) from error


def _release(root: Path, scratch: Path, week: str) -> None:
    """Let nbgrader make scratch/release/<week> of scratch/source/<week>, with the course's own configuration.

    Without a gradebook: the course's own is the instructor's, and an empty one would only be thrown away.
    """
    said = _Said()
    config = course.settings(root)
    config.SaveCells.enabled = False
    folders = CourseDirectory(config=config, log=said.log, root=str(scratch), assignment_id=week)
    try:
        GenerateAssignment(coursedir=folders, config=config, log=said.log, no_database=True).start()
    except NbGraderException as error:
        raise CourseError(f"{week}: nbgrader cannot release it ({said.reason or error})") from error


class _Said(logging.Handler):
    """Keeps nbgrader's log to itself, and from it the reason of a failure."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.reason = ""
        self.log = logging.Logger("loopready.build")
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        # nbgrader logs the failure's traceback, and around it lines that only say there was one.
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            self.reason = message.splitlines()[-1]


def _handed_out(root: Path, files: dict[str, bytes]) -> dict[str, str]:
    """What learners would get, as text by file name: the course's folders with the new files in place."""
    there = {_name(path, root): path for path in _standing(root)}
    old = {name: _bytes(path) or b"" for name, path in there.items() if name not in files}
    both = {**old, **files}
    return {name: _text(name, both[name]) for name in both if not name.startswith("source/")}


def _text(name: str, data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    if not name.endswith(".ipynb"):
        return text
    try:
        cells = nbformat.reads(text, as_version=4).cells
    except Exception:  # an unreadable notebook left there is text like any other
        return text
    shown = [part for cell in cells for output in cell.get("outputs", ()) for part in _strings(output)]
    return "\n".join([cell.source for cell in cells] + shown)


def _strings(node: object) -> Iterable[str]:
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(part)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, data: bytes, root: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        course.write_atomically(path, data)
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); make its folder writable"
        raise CourseError(f"{_name(path, root)}: {reason}") from error
