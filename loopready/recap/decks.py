"""The recap cards, read from the lessons: what is asked, what to say, and an id that outlives both.

A card is a `<details>` of a lesson's Recap. Its id stands with its question in `lessons/recap-cards.txt`, so that a
card whose words are mended keeps its history.
"""

import html
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from loopready.course import CourseError, learner_folder, weeks

LEDGER = "recap-cards.txt"
_RECAP = re.compile(r"^## \d+\. Recap$(.*)", re.MULTILINE | re.DOTALL)
_CARD = re.compile(r"<details><summary>(.*?)</summary>\s*\n(.*?)\n\s*</details>", re.DOTALL)
_LINE = re.compile(r"([a-z0-9-]+/[a-z0-9-]+) \| (.+)")


@dataclass(frozen=True)
class Flashcard:
    """One card: its id, the week it is from, the question, and the answer (plain text, a sentence a line)."""

    id: str
    week: str
    question: str
    answer: str


def deck(root: Path, chosen: list[str] | None = None) -> list[Flashcard]:
    """The cards of the weeks' lessons, in their order; of those `chosen`, or of all.

    A question that the list of ids does not know gets an id of its own words.
    """
    ids = ledger(root)
    return [
        Flashcard(ids.get(question) or f"{week}/{_digest(question)}", week, question, answer)
        for week in (weeks(root) if chosen is None else chosen)
        for question, answer in _cards(root / "lessons" / f"{week}.md")
    ]


def ledger(root: Path) -> dict[str, str]:
    """The id of each question, as `lessons/recap-cards.txt` has them. Raises CourseError for a line it cannot read."""
    file = root / "lessons" / LEDGER
    if not file.is_file():
        return {}
    found: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not (match := _LINE.fullmatch(line.strip())):
            raise CourseError(f"lessons/{LEDGER}: a line is `week-01/name | question`; got {line[:60]!r}")
        found[match[2]] = match[1]
    return found


def begun(root: Path) -> list[str]:
    """The weeks that the learner has started: whose notebook lies in the learner's folder."""
    return [week for week in weeks(root) if (learner_folder(root) / week / f"{week}.ipynb").is_file()]


def _cards(lesson: Path) -> list[tuple[str, str]]:
    found = _RECAP.search(lesson.read_text(encoding="utf-8"))
    pairs = _CARD.findall(found[1]) if found else []
    return [(html.unescape(question).strip(), html.unescape(answer).strip()) for question, answer in pairs]


def _digest(question: str) -> str:
    return sha256(question.encode()).hexdigest()[:12]
