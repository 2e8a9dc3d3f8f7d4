"""What was handed in for a week, and whether it is graded, has changed since, or is still to be graded."""

import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import rmtree

from loopready.course import write_atomically

LARGEST = 200 * 2**20  # bytes of a hand-in that are read to see whether it has changed
APART = ".loopready"  # in autograded/: nbgrader passes over names that begin with a dot


@dataclass(frozen=True)
class Submission:
    """One learner's folder for a week, where its grading is kept, and where it is made."""

    student: str
    handed_in: Path
    graded: Path
    unfinished: Path
    note: Path

    @cached_property
    def digest(self) -> str:
        """A hash of every file that was handed in, names included."""
        found, left = hashlib.sha256(), LARGEST
        for path in sorted(one for one, is_folder in _below(self.handed_in) if not is_folder):
            found.update(os.fsencode(os.path.relpath(path, self.handed_in)) + b"\0")
            content, size = _content(path, left)
            found.update(content)
            left -= size
        return found.hexdigest()

    def is_graded(self, coursedir: CourseDirectory) -> bool:
        """Whether what lies there now was graded: by its hash, or, where nbgrader graded it, by its timestamp."""
        if not self.graded.exists():
            return False
        if self.note.exists():
            return self.note.read_text() == self.digest
        stamp = self.handed_in / "timestamp.txt"
        if stamp.is_symlink() or (stamp.exists() and not stamp.is_file()):
            return False
        try:
            handed_in, graded = (
                coursedir.get_existing_timestamp(str(one)) for one in (self.handed_in, self.graded)
            )
        except (Exception, SystemExit):  # a timestamp.txt that is none; nbgrader would end the run
            return False
        return not (handed_in and graded and handed_in > graded)

    def begin(self) -> None:
        """Take away what an interrupted grading has left."""
        if self.unfinished.exists():
            rmtree(str(self.unfinished))

    def finish(self) -> None:
        """Put the finished folder in its place, in one step, the one that was there before out of the way."""
        _on_disk(self.unfinished)
        self.graded.parent.mkdir(parents=True, exist_ok=True)
        before = self.unfinished.with_name(f"{self.unfinished.name}.before")
        if self.graded.exists():
            self.graded.rename(before)
        self.unfinished.rename(self.graded)
        if before.exists():
            rmtree(str(before))
        self.note.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.note, self.digest)

    def discard(self) -> None:
        """Take away what an earlier grading has left, as if there had been none."""
        self.note.unlink(missing_ok=True)
        if self.graded.exists():
            rmtree(str(self.graded))


def _content(path: Path, most: int) -> tuple[bytes, int]:
    """A hash of a file's first `most` bytes and its size, and how many were read; of a symlink, of where it leads.

    Of what is not read, the time of its last change counts; of what cannot be looked at, that it cannot.
    """
    try:
        if path.is_symlink():
            return hashlib.sha256(os.fsencode(os.readlink(path))).digest(), 0
        about = path.stat()
        found = hashlib.sha256(str(about.st_size).encode())
        if about.st_size > most:
            found.update(str(about.st_mtime_ns).encode())
        if not stat.S_ISREG(about.st_mode):
            return found.digest(), 0
        with path.open("rb") as file:
            found.update(file.read(most))
        return found.digest(), min(about.st_size, most)
    except OSError as error:
        return str(error.errno).encode(), 0


def _below(folder: Path) -> Iterator[tuple[Path, bool]]:
    """All that lies in a folder, however deep, and whether it is a folder itself; one that is unreadable is none."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = [(Path(one.path), one.is_dir(follow_symlinks=False)) for one in os.scandir(here)]
        except OSError:
            entries = [(here, False)] if here != folder else []
        for path, is_folder in entries:
            yield path, is_folder
            if is_folder:
                waiting.append(path)


def _on_disk(folder: Path) -> None:
    """Have the system write the folder's files out, so that a power cut leaves no empty file behind its name."""
    for path, _ in _below(folder):
        try:
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:  # what cannot be opened was copied by nobody
            continue
        try:
            os.fsync(file)
        finally:
            os.close(file)


def submissions(coursedir: CourseDirectory, week: str) -> list[Submission]:
    """What was handed in for `week`, by learner, less those whom the configuration leaves out."""
    left_out = set(filter(None, coursedir.student_id_exclude.split(",")))
    pattern = coursedir.format_path(coursedir.submitted_directory, "(?P<student>.*)", week, escape=True)
    found = glob.glob(coursedir.format_path(coursedir.submitted_directory, coursedir.student_id, week))
    students = sorted(match["student"] for match in (re.fullmatch(pattern, path) for path in found) if match)
    return [_submission(coursedir, week, student) for student in students if student not in left_out]


def _submission(coursedir: CourseDirectory, week: str, student: str) -> Submission:
    def folder(step: str) -> Path:
        return Path(coursedir.format_path(step, student, week))

    autograded = coursedir.autograded_directory
    return Submission(
        student,
        folder(coursedir.submitted_directory),
        folder(autograded),
        folder(unfinished(autograded)),
        apart(coursedir) / "seen" / week / student,
    )


def apart(coursedir: CourseDirectory) -> Path:
    """The folder for what grading keeps for itself."""
    return Path(coursedir.root) / coursedir.autograded_directory / APART


def unfinished(autograded: str) -> str:
    """The step, as nbgrader calls it, in which a submission is graded before it moves to `autograded`."""
    return os.path.join(autograded, APART, "unfinished")
