"""The recap cards as a package for Anki, which schedules them by itself.

Ids of the deck, the model and each note are made of our own, so that importing a later package changes the cards that
are there and keeps what Anki knows of them.
"""

import tempfile
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from loopready.course import CourseError, write_atomically
from loopready.recap.decks import Flashcard

DECK, MODEL = "loopready recap", "loopready recap card"
_CSS = ".card { font-family: sans-serif; font-size: 20px; text-align: left; line-height: 1.4; }"


def write(cards: Sequence[Flashcard], file: Path, moment: float | None = None) -> int:
    """Write the cards to `file`; how many. `moment` is in seconds since 1970, now if not given.

    Raises CourseError when the name does not end in .apkg, when there are no cards, or it cannot be written.
    """
    from genanki import Package

    if file.suffix != ".apkg":
        raise CourseError(f"{file} does not end in .apkg, by which Anki knows it: name it recap.apkg")
    if not cards:
        raise CourseError("there are no cards to write: the lessons have none")
    if file.exists() and file.read_bytes()[:4] != b"PK\x03\x04":
        raise CourseError(f"{file} is there already and no package: choose a name that is free")
    try:
        with tempfile.TemporaryDirectory(prefix="loopready-") as folder:
            made = Path(folder) / "recap.apkg"
            Package(_deck(cards)).write_to_file(made, timestamp=moment)
            write_atomically(file, made.read_bytes())
    except OSError as error:
        raise CourseError(f"{file} cannot be written ({error.strerror}): choose another folder") from error
    return len(cards)


def _deck(cards: Sequence[Flashcard]):
    from genanki import Deck, Model, Note, guid_for

    front = {"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}
    fields = [{"name": "Question"}, {"name": "Answer"}, {"name": "Card id"}]
    model = Model(_number(MODEL), MODEL, fields=fields, templates=[front], css=_CSS)
    made = Deck(_number(DECK), DECK)
    for card in cards:
        answer = escape(card.answer).replace("\n", "<br>")
        texts = [escape(card.question), answer, card.id]
        made.add_note(Note(model=model, fields=texts, guid=guid_for("loopready", card.id), tags=[card.week]))
    return made


def _number(name: str) -> int:
    """An id as Anki wants it, between 2^30 and 2^31, made of a name."""
    return (1 << 30) + int.from_bytes(sha256(name.encode()).digest()[:4]) % (1 << 30)
