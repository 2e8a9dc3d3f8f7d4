"""The whole bank outside of its file: as JSON that holds everything, and as Markdown to read and edit.

    write_atomically(Path("bank.json"), to_json(bank))
    from_json(other, Path("bank.json").read_text())

What comes in is added and never written over: a text of a story that went on here in the meantime becomes a rival
of it, as if another tab had saved it.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from loopready.bank import SINCE, Bank
from loopready.course import CourseError, write_new
from loopready.practice import LONGEST
from loopready.ratings import TOP
from loopready.revisions import (
    COLUMNS,
    INSERT,
    OF_ONE,
    Conflict,
    Kept,
    cells,
    head_of,
    kept_row,
    number_after,
    rows,
)
from loopready.store import SCHEMA
from loopready.stories import Story

FORMAT = "loopready story bank"
LARGEST = 50_000_000  # characters of JSON; a bank of 500 stories with all their texts has a tenth of that

_TABLES = {
    "stories": ("story", "id, made_at, away"),
    "texts": ("revision", COLUMNS),
    "ratings": ("rating", "kind, subject, dimension, level, out_of, said_at"),
    "takes": ("practice", "story, question, answer, words, seconds, said_at"),
}
# Kinds and limits of what is not a text, in any of the tables.
_NUMBERS = {
    "away": (int, 0, 1),
    "number": (int, 1, 10**9),
    "base": (int, 0, 10**9),
    "level": (int, 1, TOP),
    "out_of": (int, 2, TOP),
    "words": (int, 0, 10**9),
    "seconds": (float, 0.1, LONGEST),
}
_ORIGIN = re.compile(r"\A(#[^\n]*\n\n?)- Kept: (\S+), text (\d+)\n")
_TITLE = re.compile(r"^#(?!#)", re.MULTILINE)


def to_json(bank: Bank) -> str:
    """Everything in the bank's file, earlier texts, ratings and practice too; `from_json` reads it back."""
    with bank.store.reading(SINCE) as database:
        tables = {name: _dumped(database, *table) if database else [] for name, table in _TABLES.items()}
    for text in tables["texts"]:
        text["text"] = json.loads(text["text"])
    return json.dumps({"format": FORMAT, "schema": SCHEMA, **tables}, indent=1) + "\n"


def from_json(bank: Bank, text: str) -> int:
    """Add what `to_json` wrote to the bank, all of it or nothing; how many texts are new here.

    Raises CourseError of one line for anything that `to_json` does not write.
    """
    if len(text) > LARGEST:
        raise CourseError(
            f"this export has {len(text):,} characters, more than any bank: is it another file?"
        )
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise CourseError("this JSON is no story bank: it was not written by its export")
        if data["schema"] not in range(2, SCHEMA + 1):
            raise CourseError(
                f"this export has schema {data['schema']!r} and this loopready knows {SCHEMA}: update the course"
            )
        tables = {name: [_row(row, *table) for row in data[name]] for name, table in _TABLES.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CourseError(f"this JSON is no story bank ({type(error).__name__}: {error})") from error
    try:
        with bank.store.writing() as database:
            return _merged(database, tables)
    except CourseError as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):
            raise CourseError(
                f"this JSON contradicts itself ({error.__cause__}): nothing was added"
            ) from error
        raise


def write_to(file: Path, bank: Bank | None = None) -> int:
    """Write the bank to `file`, by its ending as JSON or as Markdown; how many stories it has.

    Raises CourseError when the file is there already, has another ending, or cannot be written.
    """
    bank, (out, _) = bank or Bank(), _by_ending(file)
    write_new(file, out(bank).encode("utf-8", "surrogatepass"))
    return len(bank.stories())


def read_from(file: Path, bank: Bank | None = None) -> int:
    """Add what `write_to` wrote; how many texts are new. Raises CourseError as `from_json` and `from_markdown` do."""
    bank, (_, read) = bank or Bank(), _by_ending(file)
    try:
        content = file.read_bytes()[: 4 * LARGEST + 1].decode("utf-8", "surrogatepass")
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read ({error}): is it the file that was exported?") from error
    before = _texts(bank)
    read(bank, content)
    return _texts(bank) - before


def _texts(bank: Bank) -> int:
    return sum(len(bank.revisions(kept.id)) for kept in bank.stories() + bank.stories(away=True))


def _by_ending(file: Path) -> tuple[Callable, Callable]:
    ways = {".json": (to_json, from_json), ".md": (to_markdown, from_markdown)}
    if file.suffix not in ways:
        raise CourseError(f"{file} ends neither in .json nor in .md: name it stories.json or stories.md")
    return ways[file.suffix]


def to_markdown(bank: Bank) -> str:
    """The newest text of each story, one after the other, to read, print or edit; see `Story.to_markdown`."""
    return "\n".join(_with_origin(kept) for kept in bank.stories())


def from_markdown(bank: Bank, text: str) -> list[Kept]:
    """Save each story of a document that `to_markdown` wrote and somebody may have edited.

    A story without the line that says where it was kept is a new one. Raises CourseError for what is no story,
    before anything is saved; and Conflict, with everything saved, when a story went on here in the meantime.
    """
    found = [_read(part) for part in _parts(text.replace("\r\n", "\n"))]
    here = {kept.id: bank.revisions(kept.id) for kept in bank.stories() + bank.stories(away=True)}
    saved, conflict = [], None
    for story, id, number in found:
        texts = here.get(id, [])
        # A text that is gone was written over in its own sitting, so what was made from it is a rival.
        gone = replace(texts[0], number=0) if texts else None
        of = next((one for one in texts if one.number == number), gone)
        try:
            saved.append(bank.save(story, of=of))
        except Conflict as told:
            conflict = conflict or told
    if conflict:
        raise conflict
    return saved


def _dumped(database: sqlite3.Connection, table: str, columns: str) -> list[dict]:
    names = columns.split(", ")
    rows = database.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _row(row: dict, table: str, columns: str) -> tuple:
    """A row as it goes into its table. Raises CourseError, or what `from_json` catches, for one that cannot."""
    names = columns.split(", ")
    if set(row) != set(names):
        raise CourseError(f"a row of {table} has {columns}; got {', '.join(map(str, row))[:80]}")
    if "text" in row:
        row = {**row, "text": json.dumps(Story.from_dict(row["text"]).to_dict())}
    for name, value in row.items():
        kind, least, most = _NUMBERS.get(name, (str, None, None))
        if type(value) not in (kind, int) or (kind is str) != isinstance(value, str):
            raise CourseError(f"{name} in {table} is {kind.__name__}; got {value!r:.60}")
        if least is not None and not least <= value <= most:
            raise CourseError(f"{name} in {table} is {least} to {most}; got {value!r}")
        if name.endswith("_at"):
            datetime.fromisoformat(value)
    return tuple(row[name] for name in names)


def _merged(database: sqlite3.Connection, tables: dict[str, list[tuple]]) -> int:
    """Add the rows that are not there yet; how many texts of stories that makes."""
    here = {id for (id,) in database.execute("SELECT id FROM story")}
    new = [row for row in tables["stories"] if row[0] not in here]
    database.executemany("INSERT INTO story (id, made_at, away) VALUES (?, ?, ?)", new)
    known = here | {row[0] for row in new}
    for name in ("texts", "takes"):
        if strays := [row[0] for row in tables[name] if row[0] not in known]:
            raise CourseError(f"this export has {name} of {strays[0]!r} and not the story itself")
    added = [row for row in tables["texts"] if row[0] not in here]
    for id in here:
        added += _arriving(rows(database, OF_ONE, id), [row for row in tables["texts"] if row[0] == id])
    database.executemany(INSERT, added)
    for name in ("ratings", "takes"):
        table, columns = _TABLES[name]
        present = set(database.execute(f"SELECT {columns} FROM {table}"))
        marks = ", ".join("?" * len(columns.split(", ")))
        database.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",
            [row for row in tables[name] if row not in present],
        )
    return len(added)


def _arriving(texts: list[Kept], coming: list[tuple]) -> list[tuple]:
    """The rows that are new to a story that is here: what came after its newest text, or a rival of that."""
    told = [kept_row(row) for row in sorted(coming, key=lambda row: row[1])]
    new = [text for text in told if text.story not in [one.story for one in texts]]
    head = head_of(texts, texts[0].id).story
    newest = max((text for text in told if text.state == "kept"), key=lambda text: text.number, default=None)
    # When our newest text is among theirs, they went on from it; else both went on, or are two stories.
    went_on = any(text.story == head and text.state == "kept" for text in told)
    rows = []
    for place, text in enumerate(new, number_after(texts)):
        state = text.state if went_on or text.state != "kept" else "rival" if text == newest else "settled"
        rows.append(cells(replace(text, number=place, state=state)))
    return rows


def _with_origin(kept: Kept) -> str:
    title, rest = kept.story.to_markdown().split("\n", 1)
    return f"{title}\n\n- Kept: {kept.id}, text {kept.number}\n{rest.lstrip()}"


def _parts(text: str) -> Iterator[str]:
    """The document cut before each title."""
    starts = [found.start() for found in _TITLE.finditer(text)]
    if text[: starts[0] if starts else None].strip("\ufeff \n"):
        raise CourseError(f"a story starts with its title, `# The title`; got {text.strip()[:40]!r}")
    for start, end in zip(starts, [*starts, None][1:], strict=True):
        yield text[start:end]


def _read(part: str) -> tuple[Story, str, int]:
    origin = _ORIGIN.match(part)
    id, number = (origin[2], int(origin[3])) if origin else ("", 0)
    return Story.from_markdown(_ORIGIN.sub(r"\1", part)), id, number
