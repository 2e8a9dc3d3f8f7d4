"""How the learner's file came to its present shape: one step for each version, and never one taken back.

A step is not changed once it is released: files out there were made by it.
"""

import json
import sqlite3
from collections.abc import Callable

_RATING = """
CREATE TABLE rating (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    dimension TEXT NOT NULL,
    level INTEGER NOT NULL CHECK (typeof(level) = 'integer' AND level BETWEEN 1 AND out_of),
    out_of INTEGER NOT NULL CHECK (out_of BETWEEN 2 AND 5),
    said_at TEXT NOT NULL
)
"""
_STORY = """
CREATE TABLE story (
    id TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    away INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1))
)
"""
# `number` counts the saves of one story. `base` is the number of the text that this one was made from.
# A rival was made from a text that was no longer the newest; it waits for its writer to choose.
_REVISION = """
CREATE TABLE revision (
    story TEXT NOT NULL REFERENCES story (id),
    number INTEGER NOT NULL,
    base INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('kept', 'rival', 'settled')),
    writer TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (story, number)
)
"""
_PRACTICE = """
CREATE TABLE practice (
    id INTEGER PRIMARY KEY,
    story TEXT NOT NULL REFERENCES story (id),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    words INTEGER NOT NULL,
    seconds REAL NOT NULL CHECK (seconds > 0),
    said_at TEXT NOT NULL
)
"""
# Answers and weights are only ever added to; the last one counts. A row that is being typed is changed by its writer.
_ASSESSMENT = """
CREATE TABLE assessment (
    id INTEGER PRIMARY KEY,
    statement TEXT NOT NULL,
    level INTEGER NOT NULL CHECK (typeof(level) = 'integer' AND level BETWEEN 0 AND 3),
    evidence TEXT NOT NULL,
    writer TEXT NOT NULL,
    said_at TEXT NOT NULL
)
"""
_ASSESSMENT_WEIGHT = """
CREATE TABLE assessment_weight (
    id INTEGER PRIMARY KEY,
    lens TEXT NOT NULL,
    area TEXT NOT NULL,
    weight REAL CHECK (weight IS NULL OR weight >= 0),
    said_at TEXT NOT NULL
)
"""
# A plan is never changed: another one takes over from its day on, and the days before it stay as they were planned.
# `counted` is what was done by then, `days` the calendar itself, because a later loopready may plan otherwise.
_PLAN = """
CREATE TABLE plan (
    number INTEGER PRIMARY KEY,
    calendar TEXT NOT NULL,
    since TEXT NOT NULL,
    made_at TEXT NOT NULL,
    wish TEXT NOT NULL,
    counted TEXT NOT NULL,
    days TEXT NOT NULL
)
"""
_WORK = """
CREATE TABLE work (
    id INTEGER PRIMARY KEY,
    activity TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    pieces INTEGER NOT NULL CHECK (pieces BETWEEN 0 AND 1000),
    on_day TEXT NOT NULL,
    note TEXT NOT NULL,
    said_at TEXT NOT NULL,
    away INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1))
)
"""
# The last tick of a thing counts.
_TICK = """
CREATE TABLE tick (
    id INTEGER PRIMARY KEY,
    thing TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    said_at TEXT NOT NULL
)
"""
_GRADED = """
CREATE TABLE graded (
    id INTEGER PRIMARY KEY,
    week TEXT NOT NULL,
    points REAL NOT NULL,
    out_of REAL NOT NULL,
    exercises TEXT NOT NULL,
    said_at TEXT NOT NULL
)
"""
# `state` is what the scheduler knows of the card after its last answer, in the words of py-fsrs.
_CARD = """
CREATE TABLE card (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    due TEXT NOT NULL,
    answers INTEGER NOT NULL
)
"""
_ANSWER = """
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    card TEXT NOT NULL REFERENCES card (id),
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    said_at TEXT NOT NULL
)
"""
# A round's clock is what was counted by the moment `marked_at`, which is NULL while it stands still.
_MOCK = """
CREATE TABLE mock (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    rater TEXT NOT NULL CHECK (rater IN ('alone', 'partner')),
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    end TEXT NOT NULL DEFAULT '' CHECK (end IN ('', 'finished', 'closed')),
    consensus INTEGER CHECK (consensus IN (0, 1))
)
"""
_MOCK_ROUND = """
CREATE TABLE mock_round (
    mock INTEGER NOT NULL REFERENCES mock (id),
    place INTEGER NOT NULL,
    round TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'left out')),
    counted REAL NOT NULL DEFAULT 0 CHECK (counted >= 0),
    marked_at TEXT,
    patience REAL NOT NULL DEFAULT 0 CHECK (patience >= 0),
    ended_at TEXT,
    PRIMARY KEY (mock, place)
)
"""
# What was asked and handed out, in order; `follows` is the id of the question that a follow-up digs into.
_MOCK_ASKED = """
CREATE TABLE mock_asked (
    id INTEGER PRIMARY KEY,
    mock INTEGER NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('question', 'follow-up', 'kata', 'design')),
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    because TEXT NOT NULL,
    follows INTEGER,
    asked_at TEXT NOT NULL,
    FOREIGN KEY (mock, place) REFERENCES mock_round (mock, place)
)
"""
# Texts are only added to; the last one of a field counts. The row that is being typed is changed by its writer.
_MOCK_TEXT = """
CREATE TABLE mock_text (
    id INTEGER PRIMARY KEY,
    mock INTEGER NOT NULL,
    place INTEGER NOT NULL,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    writer TEXT NOT NULL,
    said_at TEXT NOT NULL,
    FOREIGN KEY (mock, place) REFERENCES mock_round (mock, place)
)
"""
# The last card of a round counts.
_MOCK_CARD = """
CREATE TABLE mock_card (
    id INTEGER PRIMARY KEY,
    mock INTEGER NOT NULL,
    place INTEGER NOT NULL,
    card TEXT NOT NULL,
    said_at TEXT NOT NULL,
    FOREIGN KEY (mock, place) REFERENCES mock_round (mock, place)
)
"""
_RATED = "SELECT subject, min(said_at) FROM rating WHERE kind = 'story' GROUP BY subject ORDER BY min(id)"


def ratings(database: sqlite3.Connection) -> None:
    """Schema 1: ratings."""
    database.execute(_RATING)
    database.execute("CREATE INDEX rating_by_subject ON rating (kind, subject, id)")


def stories(database: sqlite3.Connection) -> None:
    """Schema 2: stories with their revisions, and practice.

    Ratings of a story were kept under its title's slug, and its text was not kept. The slug becomes the story's
    id, so the ratings stay where they are, and the text comes in when the story is saved the next time.
    """
    for table in (_STORY, _REVISION, _PRACTICE):
        database.execute(table)
    database.execute("CREATE INDEX practice_by_story ON practice (story, id)")
    for slug, moment in database.execute(_RATED).fetchall():
        title = slug.replace("-", " ").capitalize()
        blank = dict.fromkeys(("level", "situation", "task", "action", "result"), "")
        text = json.dumps({"schema": 1, "title": title, "principles": [], **blank, "metrics": []})
        database.execute("INSERT INTO story (id, made_at) VALUES (?, ?)", (slug, moment))
        row = (slug, 1, 0, "kept", "schema 1", moment, moment, text)
        database.execute("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def assessment(database: sqlite3.Connection) -> None:
    """The answers of the self-assessment, and the weights that the learner changed (NULL: back to the course's)."""
    for table in (_ASSESSMENT, _ASSESSMENT_WEIGHT):
        database.execute(table)
    database.execute("CREATE INDEX assessment_by_statement ON assessment (statement, id)")


def plans(database: sqlite3.Connection) -> None:
    """The plan, what was worked and ticked off, and the points of the weeks graded at home."""
    for table in (_PLAN, _WORK, _TICK, _GRADED):
        database.execute(table)
    database.execute("CREATE INDEX work_by_day ON work (on_day)")


def reviews(database: sqlite3.Connection) -> None:
    """The recap cards' states, and every answer that was given."""
    for table in (_CARD, _ANSWER):
        database.execute(table)
    database.execute("CREATE INDEX answer_by_card ON answer (card, id)")


def mocks(database: sqlite3.Connection) -> None:
    """Mocks with their rounds and clocks, what was asked, answered and heard."""
    for table in (_MOCK, _MOCK_ROUND, _MOCK_ASKED, _MOCK_TEXT, _MOCK_CARD):
        database.execute(table)
    for table in ("asked", "text", "card"):
        database.execute(f"CREATE INDEX mock_{table}_by_round ON mock_{table} (mock, place, id)")


# STEPS[n] takes a file from schema n to n + 1.
STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    ratings,
    stories,
    assessment,
    plans,
    reviews,
    mocks,
)


def since(step: Callable[[sqlite3.Connection], None]) -> int:
    """The schema from which on a file has what `step` made."""
    return STEPS.index(step) + 1
