"""Where the course's files lie, and how a file is written so that it is whole or not there."""

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config


class CourseError(Exception):
    """A failure the user can act on; its message is one line: what is wrong and what to do."""


def root(start: Path | None = None) -> Path:
    """The course's top folder: the nearest at or above `start` with `lessons/` and `nbgrader_config.py`.

    `start` is the environment's LOOPREADY_COURSE when that is set, else the current folder.
    Raises CourseError when there is none.
    """
    begin = Path(start or os.environ.get("LOOPREADY_COURSE") or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / "lessons").is_dir() and (folder / "nbgrader_config.py").is_file():
            return folder
    raise CourseError(
        f"no course at or above {begin}: run this in the course's folder, or set LOOPREADY_COURSE to it"
    )


def settings(root: Path) -> "Config":
    """The course's nbgrader_config.py, for its folder whatever the current one is.

    Raises CourseError when it cannot be read.
    """
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"nbgrader_config.py: cannot be read ({reason}); correct it") from error
    config.CourseDirectory.merge({"root": str(root)})
    return config


def weeks(root: Path) -> list[str]:
    """The names of the weeks that have a lesson, in order: `["week-01", ...]`."""
    return sorted(path.stem for path in (root / "lessons").glob("week-*.md"))


def named_week(root: Path, spelling: str) -> str:
    """The week's name, from any of `week-01`, `week-1`, `01` and `1`.

    Raises CourseError, naming the weeks there are, when there is no such week.
    """
    match = re.fullmatch(r"(?:week-)?0*(\d+)", spelling.strip().lower())
    name = f"week-{int(match[1]):02}" if match else spelling
    if name not in weeks(root):
        raise CourseError(
            f"no week {spelling!r} in this course: there is {', '.join(weeks(root)) or 'none yet'}"
        )
    return name


def katas(root: Path) -> list[str]:
    """The names of the katas of the reserve that have a lesson, in order: `["kata-blast-radius", ...]`."""
    return sorted(path.stem for path in (root / "lessons").glob("kata-*.md"))


def assignments(root: Path) -> list[str]:
    """The names of all that is handed out and graded: the weeks, then the katas of the reserve."""
    return weeks(root) + katas(root)


def named_assignment(root: Path, spelling: str) -> str:
    """The name of a kata, spelled in full, or of a week, from any spelling that `named_week` takes.

    Raises CourseError, naming what there is, when there is neither.
    """
    if not spelling.startswith("kata-"):
        return named_week(root, spelling)
    if spelling not in katas(root):
        raise CourseError(
            f"no kata {spelling!r} in this course: there is {', '.join(katas(root)) or 'none yet'}"
        )
    return spelling


def rooms(root: Path) -> list[str]:
    """The names of the lessons that nobody grades, in order: `["start-here", ...]`."""
    return sorted({path.stem for path in (root / "lessons").glob("*.md")} - set(assignments(root)))


def learner_folder(root: Path) -> Path:
    """Where the learner's own copies lie: the environment's LOOPREADY_MY when that is set, else `my/`."""
    chosen = os.environ.get("LOOPREADY_MY")
    return Path(chosen).expanduser().resolve() if chosen else root / "my"


def own_folder() -> Path:
    """The learner's folder, for who is in it: LOOPREADY_MY when that is set, whether there is a course or not.

    Raises CourseError when neither is there. On a class's hub a learner has no course, which holds the answers.
    """
    chosen = os.environ.get("LOOPREADY_MY")
    return Path(chosen).expanduser().resolve() if chosen else learner_folder(root())


def notebook(root: Path, week: str) -> Path:
    """The learner's own copy of `week`, whether it is there yet or not."""
    return learner_folder(root) / week / f"{week}.ipynb"


def shown(path: Path, root: Path) -> str:
    """How a message names `path`: from the course's folder when it lies there, else in full."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write `data` to `path` so that a reader, or a crash, sees the old file or the new one and never a part.

    The new file keeps the old one's permissions. Raises OSError when the folder cannot be written.
    """
    content = data.encode() if isinstance(data, str) else data
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_permissions(path))
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_new(file: Path, data: bytes | str, over: bool | None = None) -> None:
    """Write `data` to a file that somebody has named, whole or not at all, and over another one only if told so.

    `over` is None where nobody can tell. Raises CourseError where the file may not or cannot be written.
    """
    refuse_taken(file, over)
    try:
        write_atomically(file, data)
    except OSError as error:
        raise CourseError(f"{file} cannot be written ({error.strerror}): choose another folder") from error


def refuse_taken(file: Path, over: bool | None = None) -> None:
    """Raise CourseError where a file that somebody has named is a folder, or is there and not to be written over."""
    if file.is_dir():
        raise CourseError(f"{file} is a folder: name a file")
    if not over and (file.exists() or file.is_symlink()):
        option = "" if over is None else ", or say --over"
        raise CourseError(f"{file} is there already: choose a name that is free{option}")


def _permissions(path: Path) -> int:
    """The mode of the file at `path`, or the one a new file gets here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    # The mask can only be read by setting it; mkstemp itself always gives 0600.
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o666 & ~mask
