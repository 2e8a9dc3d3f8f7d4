"""The learner's own copy of a week, or of a kata: made once, never written over."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from loopready.course import CourseError, learner_folder, named_assignment, notebook, shown, write_atomically
from loopready.course import root as course_root

if TYPE_CHECKING:
    from loopready.panels import Panel


def start(week: str, root: Path, say: Callable[[str], None] = lambda line: None) -> Path:
    """Copy the week's release into the learner's folder and return the learner's notebook.

    A file that is already there is kept as it is and `say` is told; one that is missing is added.
    Raises CourseError when the week does not exist, is not built, or the folder cannot be written.
    """
    week = named_assignment(root, week)
    hand_out(week, learner_folder(root) / week, root, say)
    return notebook(root, week)


def hand_out(
    assignment: str, folder: Path, root: Path, say: Callable[[str], None] = lambda line: None
) -> None:
    """Copy the release of `assignment` into `folder`, by the same rules as `start`."""
    release = root / "release" / assignment
    if not (release / f"{assignment}.ipynb").is_file():
        raise CourseError(f"release/{assignment} is not built: run `loopready build {assignment}`")
    for source in _files(release):
        target = folder / source.relative_to(release)
        # is_symlink as well: a dangling link is somebody's file too.
        if target.exists() or target.is_symlink():
            say(f"kept {shown(target, root)} as it is")
        else:
            _copy(source, target, root)
            say(f"added {shown(target, root)}")


def _files(folder: Path) -> list[Path]:
    """The files of a release, without what editors and file managers hide there."""
    visible = (
        path
        for path in folder.rglob("*")
        if not any(part[0] == "." for part in path.relative_to(folder).parts)
    )
    return sorted(path for path in visible if path.is_file())


def _copy(source: Path, target: Path, root: Path) -> None:
    for folder in (target.parent, *target.parent.parents):
        if folder.is_symlink() or folder.exists():
            if not folder.is_dir():
                raise CourseError(
                    f"{shown(folder, root)} is a file where a folder must be: move it away and start again"
                )
            break
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, source.read_bytes())
    except OSError as error:
        raise CourseError(
            f"cannot write {shown(target, root)} ({error.strerror}): "
            "make its folder writable, or set LOOPREADY_MY to a folder of yours"
        ) from error


def start_button(week: str = "week-01") -> "Panel":
    """A button that starts `week` and opens it in JupyterLab; without JupyterLab, the command for it."""
    from loopready.panels import Panel

    root = course_root()
    panel = Panel(
        f"Open {week}", f"To open {week}, run: loopready start {week}", lambda panel: _open(panel, week, root)
    )
    if notebook(root, week).exists():
        panel.say(_where(week, root))
    return panel


def _open(panel: "Panel", week: str, root: Path) -> None:
    from loopready.panels import lab

    path = start(week, root)
    panel.say(_where(week, root))
    if path.is_relative_to(root):
        lab("docmanager:open", path=path.relative_to(root).as_posix())


def _where(week: str, root: Path) -> str:
    """Where the learner's copy is, as a link when JupyterLab can follow it."""
    from loopready.panels import link

    path = notebook(root, week)
    return f"Your copy: {link(path, shown(path, root)) if path.is_relative_to(root) else path}"
