"""A class whose gradebook or whose learners' ids nbgrader cannot use: one line each, and nothing lost."""

import json
import sqlite3
from contextlib import closing

import pytest
from tiny_class import WEEK, classroom, empty_classroom, grade, nbgrader
from tiny_course import answered, command

from loopready.marking.learners import fault

BOOK = "gradebook.db"
# The tables as nbgrader had them before its last migration: no courses.
BEFORE_COURSES = """
    PRAGMA foreign_keys = OFF;
    CREATE TABLE before (
        id VARCHAR(32) NOT NULL, name VARCHAR(128) NOT NULL, duedate DATETIME, PRIMARY KEY (id), UNIQUE (name)
    );
    INSERT INTO before SELECT id, name, duedate FROM assignment;
    DROP TABLE assignment;
    ALTER TABLE before RENAME TO assignment;
    DROP TABLE course;
    UPDATE alembic_version SET version_num = '282d30a0218e';
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return empty_classroom(tmp_path_factory.mktemp("empty") / "course")


@pytest.fixture
def top(empty, tmp_path):
    """A class of one who did everything right."""
    return classroom(empty, tmp_path / "course", {"ann": answered()})


def older(top):
    change(top, BEFORE_COURSES)


def newer(top):
    change(top, "UPDATE alembic_version SET version_num = 'ffffffffffff'")


def no_gradebook(top):
    (top / BOOK).unlink()
    change(top, "CREATE TABLE songs (title TEXT)")


def no_database(top):
    (top / BOOK).write_text("not a database, but long enough to be looked at as one " * 20)


def change(top, script: str) -> None:
    with closing(sqlite3.connect(top / BOOK)) as book:
        book.executescript(script)


FOREIGN = [
    (older, "made by an older nbgrader", "run `nbgrader db upgrade`"),
    (newer, "made by a newer nbgrader", "install that nbgrader"),
    (no_gradebook, "is not a gradebook of nbgrader's", "move it away"),
    (no_database, "the gradebook cannot be used", "put a copy of the gradebook back"),
]


@pytest.mark.parametrize("made, says, remedy", FOREIGN, ids=[made.__name__ for made, *_ in FOREIGN])
def test_a_gradebook_that_this_nbgrader_cannot_use_is_one_line_and_stays_as_it_is(top, made, says, remedy):
    made(top)
    before = (top / BOOK).read_bytes()
    done = grade(top)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert says in done.stderr and remedy in done.stderr
    assert (top / BOOK).read_bytes() == before


def test_the_doctor_says_it_too_and_is_silent_without_a_gradebook(top):
    said = findings(top)
    assert [mark for mark, what in said if "gradebook.db is of this nbgrader" in what] == ["ok"]
    older(top)
    assert [mark for mark, what in findings(top) if "made by an older nbgrader" in what] == ["fail"]
    (top / BOOK).unlink()
    assert [what for _, what in findings(top) if "gradebook" in what] == []


def findings(top) -> list[tuple[str, str]]:
    return [(one["mark"], one["what"]) for one in json.loads(command(top, "doctor", "--json").stdout)]


def test_an_older_gradebook_is_used_after_the_remedy_and_a_copy_of_it_is_kept(top):
    older(top)
    before = (top / BOOK).read_bytes()
    nbgrader(top, "db", "upgrade")
    done = grade(top)
    assert done.returncode == 0, done.stderr
    [kept] = [path for path in top.glob(f"{BOOK}.*") if path.suffix not in (".db-wal", ".db-shm")]
    assert kept.read_bytes() == before


IDS = [
    ("ann", ""),
    ("Ana María", ""),
    ("o'neill", ""),
    ("a-b_c.d@example.org", ""),
    ("ann/abe", "cannot have a slash in it"),
    (" ann", "cannot begin or end with a space"),
    ("", "cannot begin or end with a space, or be empty"),
    (".ann", "begins with a dot"),
    ("a+b", "another use for '+'"),
    ("a*", "another use for '*'"),
    ("abe, ann", "another use for ','"),
    ("a\nb", "another use for '\\n'"),
]


@pytest.mark.parametrize("learner, says", IDS, ids=[repr(one) for one, _ in IDS])
def test_an_id_is_what_can_be_a_folder_and_a_name_in_the_exchange(learner, says):
    assert (says in fault(learner)) if says else fault(learner) == ""


@pytest.fixture(scope="module")
def odd(empty, tmp_path_factory):
    """A class with a slash in one id of the roster and in one folder's place, a space in a third, and what it said."""
    learners = {"ann": answered(), "Ana María": answered(), "cara/cruz": answered()}
    top = classroom(empty, tmp_path_factory.mktemp("odd") / "course", learners)
    # A folder inside of a hand-in is no learner.
    (top / "submitted" / "ann" / WEEK / WEEK).mkdir()
    (top / "roster.csv").write_text("id,first_name\nann,Ann\nben/öz,Ben\n")
    nbgrader(top, "db", "student", "import", "roster.csv")
    return top, grade(top)


def test_a_learner_with_a_slash_is_one_line_and_keeps_what_was_handed_in(odd):
    top, done = odd
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["ben/öz", "cara/cruz"]
    assert done.stderr.count("cannot have a slash in it: give this learner another id") == 2
    assert (top / "submitted" / "cara" / "cruz" / WEEK / f"{WEEK}.ipynb").is_file()


def test_everybody_else_is_graded_and_a_learner_with_a_space_gets_feedback(odd):
    top, done = odd
    assert "2 graded, 2 not graded" in done.stdout
    nbgrader(top, "generate_feedback", WEEK)
    assert (top / "feedback" / "Ana María" / WEEK / f"{WEEK}.html").is_file()
