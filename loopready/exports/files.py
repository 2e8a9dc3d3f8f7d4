"""The file that an export makes: written whole, and never over another unless one says so."""

import errno
from pathlib import Path

from loopready.course import CourseError, refuse_taken, write_new
from loopready.exports import canvas, moodle
from loopready.exports.columns import Choice, Made
from loopready.exports.grades import handed_in, marks
from loopready.exports.listing import listing
from loopready.marking.books import opened

__all__ = ["FORMATS", "export"]

FORMATS = {
    "csv": lambda found, _: Made(listing(found)),
    "canvas": canvas.gradebook,
    "moodle": moodle.grade_items,
    "moodle-xml": moodle.results,
}


def export(
    root: Path,
    file: Path,
    to: str,
    weeks: tuple[str, ...] = (),
    exported: Path | None = None,
    choice: Choice = Choice(),  # noqa: B008 - it cannot be changed
    over: bool = False,
) -> list[str]:
    """Write the class's points to `file` in the format `to`; what a person should know of it, a line each.

    `exported` is a file that Canvas exported. Raises CourseError, and writes nothing, when the format is unknown,
    the file is there and it is not said to go `over` it, or there is nothing to write.
    """
    if to not in FORMATS:
        raise CourseError(f"no format {to!r}: there is {', '.join(FORMATS)}")
    if exported and to != "canvas":
        raise CourseError("--merge belongs to --to canvas: no other format has a file to merge with")
    refuse_taken(file, over)
    with opened(root) as book:
        found = marks(book, weeks, came=handed_in(root / "submitted"))
        made = canvas.merged(found, _text(exported), choice) if exported else FORMATS[to](found, choice)
    write_new(file, made.text, over)
    return made.notes


def _text(file: Path) -> str:
    try:
        # As the bytes have them: a line end inside of a quoted cell is part of it.
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{file} is not UTF-8: export it from Canvas again") from error
    except OSError as error:
        said = "is not there" if error.errno == errno.ENOENT else f"cannot be read ({error.strerror})"
        raise CourseError(f"{file} {said}: name the file that Canvas exported") from error
