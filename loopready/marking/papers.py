"""Grading one submission: nbgrader's Autograde, from what was handed in to rows in the gradebook and a folder."""

import errno
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooOldError
from sqlalchemy.exc import OperationalError
from traitlets import Any as AnyTrait
from traitlets.config import Config

from loopready.course import CourseError
from loopready.marking.gradebook import Book, said
from loopready.marking.submissions import Submission, unfinished


class Halt(Exception):
    """What keeps every further submission from being graded as well; the message says what."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission: graded, or the reason why not."""

    student: str
    graded: bool
    reason: str = ""
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Paper(Autograde):
    """nbgrader's Autograde for one learner, that remembers why it failed."""

    book = AnyTrait()
    failure: BaseException | None = AnyTrait(None, allow_none=True)

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As nbgrader does; the learner and the submission are known to the gradebook from then on."""
        with self._remembered():
            try:
                super().init_assignment(assignment_id, student_id)
            except NbGraderException:
                # A learner whose notebook is not there is known all the same.
                self.book.keep()
                raise
            self.book.keep()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """As nbgrader does."""
        with self._remembered():
            super().convert_single_notebook(notebook_filename)

    def _remembered(self) -> "_Remember":
        return _Remember(self)


class _Remember:
    """Notes the error that nbgrader is about to log and forget."""

    def __init__(self, paper: Paper):
        self.paper = paper

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.paper.failure = error


def grade(one: Submission, config: Config, book: Book) -> Outcome:
    """Grade one submission. Raises Halt when the gradebook or the disk would fail the next one too."""
    begun = time.perf_counter()
    own = CourseDirectory(config=config)
    own.student_id, own.student_id_exclude = one.student, ""
    own.autograded_directory = unfinished(own.autograded_directory)
    paper = Paper(coursedir=own, config=config, book=book)
    try:
        one.begin()
        paper.start()
        book.keep()
        one.finish()
        reason = ""
    except Exception as error:
        reason = _reason(one, paper.failure or error)
    finally:
        book.forget()
    return Outcome(one.student, not reason, reason, round(time.perf_counter() - begun, 3))


def _reason(one: Submission, error: BaseException) -> str:
    """Why a submission could not be graded, in one line. Raises Halt for what every other would meet as well."""
    if isinstance(error, OperationalError):
        raise Halt(said(error)) from error
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        raise Halt(
            f"no room for what is graded ({error.strerror}): make some, then run the command again"
        ) from error
    if isinstance(error, SchemaTooOldError) and (copied := _copied(one.handed_in)):
        return f"the cell {copied} is there twice: delete the copy"
    if isinstance(error, CourseError):
        return str(error)
    first = (str(error).strip().splitlines() or [""])[0]
    return _REASONS.get(type(error).__name__, "{kind}: {first}").format(
        kind=type(error).__name__, first=first
    )


def _copied(folder: Path) -> str:
    """A cell that stands twice in one of the notebooks, by nbgrader's name for it."""
    for path in folder.glob("*.ipynb"):
        marks = (cell.metadata.get("nbgrader", {}) for cell in nbformat.read(path, as_version=4).cells)
        names = Counter(mark.get("grade_id") for mark in marks)
        for name, times in names.items():
            if name and times > 1:
                return name
    return ""


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
_REASONS = {
    "CourseError": "{first}",
    "DeadKernelError": "the kernel died while a cell ran: look for what ends it, or takes all memory",
    "CellTimeoutError": "a cell went on after its time and could not be stopped",
    "NotJSONError": "the file is not a notebook: ask for it again",
    "UnicodeDecodeError": "the file is not a notebook: ask for it again",
    "SchemaTooOldError": "the cells' nbgrader metadata is of an old format: run `nbgrader update` on the folder",
    "SchemaTooNewError": "the cells' nbgrader metadata is of a newer nbgrader than this one: update nbgrader",
    "ValidationError": "the cells' nbgrader metadata is damaged: move the answers into a released notebook",
    "NbGraderException": "no notebook with the name that the gradebook knows: rename it",
}
