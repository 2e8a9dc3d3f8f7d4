"""Comments that an instructor uses again: one list for each kind of rubric, a text file in the course's folder.

    # design
    - Say what the cache costs.

The file is made with the first comment that is added. Until then there are a few to begin with.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loopready.course import CourseError, write_atomically
from loopready.levels.scale import RUBRICS

NAME = "comments.md"
LONGEST = 500  # characters of one comment, which is a sentence or two

Remarks = dict[str, list[str]]

TO_BEGIN_WITH: Remarks = {
    "design": [
        "Begin with who uses it and how often: one figure for reads, one for writes.",
        "Follow one request from the client to the disk and back, in one paragraph.",
        "Open the part at risk, not the part you know best: its data, its limit, its price.",
        "Say what the user sees when this part is gone, and who is woken.",
        "Name the price of this choice, and who pays it.",
    ],
    "story": [
        "Say in the first three sentences who was hurt and by how much.",
        "I hear what the team did. What would not have happened without you?",
        "Name the choice that you did not take, and why.",
        "Give the number before and the number after, and over how long.",
        "What do you do differently since? Name one time that you did.",
    ],
}


def read(root: Path) -> Remarks:
    """The comments of the course, by kind of rubric. Raises CourseError, with the line, for a file not to be read."""
    try:
        text = (root / NAME).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {kind: list(texts) for kind, texts in TO_BEGIN_WITH.items()}
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{NAME} cannot be read ({error}): save it as text, UTF-8") from error
    found, kind = {kind: [] for kind in RUBRICS}, ""
    for number, line in enumerate(text.splitlines(), 1):
        kind = _line(line.strip(), f"{NAME} line {number}", kind, found)
    return found


def _line(line: str, place: str, kind: str, found: Remarks) -> str:
    """Take in a line; the kind that the lines after it are of."""
    if line.startswith("#"):
        kind = line.lstrip("#").strip().lower()
        if kind not in RUBRICS:
            raise CourseError(f"{place}: a heading is {' or '.join(RUBRICS)}; got {kind!r}")
    elif line.startswith("- ") and kind:
        found[kind].append(line[2:].strip())
    elif line:
        raise CourseError(
            f"{place}: a comment is a line that begins with `- `, below a heading; got {line[:40]!r}"
        )
    return kind


def add(root: Path, kind: str, comment: str) -> Remarks:
    """Keep `comment` for all rubrics of its kind; one that is there is not added twice. What there is afterwards.

    Two who add at once are both heard. Raises CourseError for an empty or overlong comment, an unknown kind, or a
    folder that cannot be written.
    """
    said = " ".join(comment.split())
    if kind not in RUBRICS:
        raise CourseError(f"a comment is for a {' or a '.join(RUBRICS)}; got {kind!r}")
    if not 0 < len(said) <= LONGEST:
        raise CourseError(f"a comment to keep has 1 to {LONGEST} characters; got {len(said)}")
    try:
        with _alone(root):
            remarks = read(root)
            if said not in remarks[kind]:
                remarks[kind].append(said)
                write_atomically(root / NAME, _text(remarks))
            return remarks
    except OSError as error:
        raise CourseError(f"cannot write {NAME} ({error.strerror}): make its folder writable") from error


def _text(remarks: Remarks) -> str:
    return (
        "\n\n".join(
            "\n".join([f"# {kind}", "", *(f"- {said}" for said in texts)]) for kind, texts in remarks.items()
        )
        + "\n"
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / f".{NAME}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
