"""The learner's ratings: added and never changed, kept through a kill, a second writer and a strange file."""

import functools
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from loopready.course import CourseError
from loopready.ratings import Rating, Ratings, Subject
from loopready.store import SCHEMA

STORY = Subject("story", "the-queue-nobody-owned")
MARCH = datetime(2025, 3, 1, 21, 4, 5, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at=MARCH):
        self.at = at

    def __call__(self):
        return self.at


def started(path, code):
    """Python running `code` with `path` as its argument and its output open to read."""
    command = [sys.executable, "-c", textwrap.dedent(code), str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_rating_is_kept_with_its_moment_for_the_next_reader(path):
    Ratings(path, Clock()).rate(STORY, {"Depth": 4})
    assert Ratings(path).latest(STORY) == {"Depth": Rating(STORY, "Depth", 4, 5, MARCH)}


def test_rating_again_adds_to_the_history_and_changes_what_is_latest(path):
    clock = Clock()
    ratings = Ratings(path, clock)
    ratings.rate(STORY, {"Depth": 2, "Numbers": 3})
    clock.at += timedelta(days=30)
    ratings.rate(STORY, {"Depth": 4})
    assert [(said.dimension, said.level) for said in ratings.history(STORY)] == [
        ("Depth", 2),
        ("Numbers", 3),
        ("Depth", 4),
    ]
    latest = ratings.latest(STORY)
    assert (latest["Depth"].level, latest["Numbers"].level) == (4, 3)
    assert latest["Depth"].said_at - latest["Numbers"].said_at == timedelta(days=30)


def test_the_last_rating_saved_is_the_latest_also_when_the_clock_goes_back(path):
    clock = Clock()
    ratings = Ratings(path, clock)
    ratings.rate(STORY, {"Depth": 2})
    clock.at -= timedelta(hours=1)
    ratings.rate(STORY, {"Depth": 4})
    assert ratings.latest(STORY)["Depth"].level == 4


def test_a_moment_is_kept_in_utc_and_in_whole_seconds(path):
    there = MARCH.replace(microsecond=999_999).astimezone(timezone(timedelta(hours=5, minutes=30)))
    moment = Ratings(path, Clock(there)).rate(STORY, {"Depth": 4})
    assert moment == MARCH and moment.utcoffset() == timedelta(0)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT said_at FROM rating").fetchall() == [("2025-03-01T21:04:05+00:00",)]


def test_subjects_do_not_see_each_other(path):
    ratings = Ratings(path)
    ratings.rate(("story", "a"), {"Depth": 1})
    ratings.rate(("design", "a"), {"Depth": 2})
    assert ratings.latest(("story", "a"))["Depth"].level == 1
    assert ratings.latest(("design", "a"))["Depth"].level == 2
    assert ratings.history(("story", "b")) == []


def test_a_scale_of_four_is_kept_beside_its_level(path):
    Ratings(path).rate(("design", "a"), {"Scale": 4, "Depth": 4}, tops={"Scale": 4})
    assert {name: said.out_of for name, said in Ratings(path).latest(("design", "a")).items()} == {
        "Scale": 4,
        "Depth": 5,
    }


def test_reading_where_nothing_was_saved_creates_nothing(path):
    assert Ratings(path).history(STORY) == [] and Ratings(path).latest(STORY) == {}
    assert not path.parent.exists()


@pytest.mark.parametrize("level", [0, 6, -1, 3.0, "4", True, None], ids=str)
def test_a_level_that_is_no_whole_number_from_1_to_5_is_refused(path, level):
    with pytest.raises(CourseError, match="Depth is rated with a whole number from 1 to 5; got"):
        Ratings(path).rate(STORY, {"Numbers": 4, "Depth": level})
    assert not path.exists()


def test_a_level_above_its_own_scale_is_refused(path):
    with pytest.raises(CourseError, match="from 1 to 4; got 5"):
        Ratings(path).rate(STORY, {"Depth": 5}, tops={"Depth": 4})


@pytest.mark.parametrize(
    "subject", ["story", ("story",), ("story", ""), ("", "a"), (1, 2), None, ("a", "b", "c")], ids=str
)
def test_a_subject_that_is_no_kind_and_key_is_refused(path, subject):
    with pytest.raises(CourseError, match="a subject is a kind and a key"):
        Ratings(path).rate(subject, {"Depth": 4})


def test_saving_no_level_at_all_is_refused(path):
    with pytest.raises(CourseError, match="nothing to save"):
        Ratings(path).rate(STORY, {})


def test_the_file_lies_in_the_learner_s_folder_unless_another_is_named(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.delenv("LOOPREADY_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    Ratings().rate(STORY, {"Depth": 4})
    assert (tmp_path / "my" / "loopready.db").is_file()
    monkeypatch.setenv("LOOPREADY_MY", str(tmp_path / "elsewhere"))
    assert Ratings().latest(STORY) == {}


def test_a_path_with_marks_that_mean_something_in_an_address_is_only_a_path(tmp_path):
    path = tmp_path / "50% of #1?mode=ro & mine" / "a b.db"
    Ratings(path).rate(STORY, {"Depth": 4})
    assert path.is_file() and Ratings(path).latest(STORY)["Depth"].level == 4


# Files that are not ours --------------------------------------------------------------------------------------------


def both_ways(path):
    """The lines with which reading and saving at `path` are refused."""
    said = []
    for ask in (lambda: Ratings(path).latest(STORY), lambda: Ratings(path).rate(STORY, {"Depth": 4})):
        with pytest.raises(CourseError) as refused:
            ask()
        said.append(str(refused.value))
    return said


def database(path, *statements):
    with sqlite3.connect(path) as made:
        for statement in statements:
            made.execute(statement)
    made.close()


@pytest.mark.parametrize(
    "content", [b"hello", b"x" * 5000, b"PK\x03\x04" + bytes(2000)], ids=["short", "long", "zip"]
)
def test_a_file_that_is_no_database_gets_one_line_and_is_not_touched(tmp_path, content):
    path = tmp_path / "loopready.db"
    path.write_bytes(content)
    for said in both_ways(path):
        assert (
            str(path) in said and "is not a database" in said and "move it away" in said and "\n" not in said
        )
    assert path.read_bytes() == content and os.listdir(tmp_path) == ["loopready.db"]


def test_another_program_s_database_is_not_touched(tmp_path):
    path = tmp_path / "loopready.db"
    database(path, "CREATE TABLE bird (name TEXT)")
    before = path.read_bytes()
    assert all("another program's database" in said for said in both_ways(path))
    assert path.read_bytes() == before


def test_another_program_s_database_with_our_version_is_not_touched(tmp_path):
    path = tmp_path / "loopready.db"
    database(path, "CREATE TABLE bird (name TEXT)", "PRAGMA user_version = 1")
    before = path.read_bytes()
    assert all("another program's database" in said for said in both_ways(path))
    assert path.read_bytes() == before


def test_a_file_of_a_newer_loopready_is_refused_and_not_touched(path):
    Ratings(path).rate(STORY, {"Depth": 4})
    database(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    assert all(
        f"has schema 99 and this loopready knows {SCHEMA}: update the course" in said
        for said in both_ways(path)
    )
    assert path.read_bytes() == before


def test_a_folder_in_the_file_s_place_is_refused_in_one_line(tmp_path):
    assert all(str(tmp_path) in said and "\n" not in said for said in both_ways(tmp_path))


def test_a_file_in_the_folder_s_place_is_refused_in_one_line(tmp_path):
    (tmp_path / "my").write_text("not a folder")
    with pytest.raises(CourseError, match="cannot be used: check that the folder"):
        Ratings(tmp_path / "my" / "loopready.db").rate(STORY, {"Depth": 4})


def test_an_empty_file_is_a_store_with_nothing_in_it_yet(tmp_path):
    path = tmp_path / "loopready.db"
    path.touch()
    assert Ratings(path).latest(STORY) == {}
    Ratings(path).rate(STORY, {"Depth": 4})
    assert Ratings(path).latest(STORY)["Depth"].level == 4


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_file_that_cannot_be_written_can_still_be_read(path):
    Ratings(path).rate(STORY, {"Depth": 4})
    path.chmod(stat.S_IREAD)
    assert Ratings(path).latest(STORY)["Depth"].level == 4
    with pytest.raises(CourseError, match="cannot be used"):
        Ratings(path).rate(STORY, {"Depth": 5})


# Kills and second writers -------------------------------------------------------------------------------------------

SAVES_WITHOUT_END = """
    import sys
    from loopready.ratings import Ratings
    ratings = Ratings(sys.argv[1])
    while True:
        ratings.rate(("story", "a"), dict.fromkeys(("Situation", "My part", "Depth", "Numbers", "Learning"), 4))
        print("saved", flush=True)
"""


@pytest.mark.parametrize("said_first", [1, 2, 3, 5, 8, 13, 21], ids=str)
def test_a_kill_in_the_middle_of_a_save_loses_at_most_that_save(path, said_first):
    saving = started(path, SAVES_WITHOUT_END)
    lines = [saving.stdout.readline() for _ in range(said_first)]
    saving.send_signal(signal.SIGKILL)
    rest, errors = saving.communicate()
    acknowledged = len(lines) + rest.count("\n")
    kept = len(Ratings(path).history(("story", "a")))
    assert set(lines) == {"saved\n"} and not errors
    assert kept in (5 * acknowledged, 5 * (acknowledged + 1))
    Ratings(path).rate(("story", "a"), {"Depth": 5})
    assert Ratings(path).latest(("story", "a"))["Depth"].level == 5
    with sqlite3.connect(path) as after:
        assert after.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_save_half_written_to_the_file_is_taken_back_by_the_next_reader(path):
    Ratings(path).rate(STORY, {"Depth": 4})
    # The smallest cache makes SQLite write pages of an open transaction to the file; then the process is gone.
    half = """
        import os, sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None)
        database.execute("PRAGMA cache_size = 1")
        database.execute("BEGIN")
        row = ("story", "the-queue-nobody-owned", "Depth" * 200, 1, 5, "2025-03-01T21:04:05+00:00")
        for _ in range(300):
            database.execute(
                "INSERT INTO rating (kind, subject, dimension, level, out_of, said_at) VALUES (?, ?, ?, ?, ?, ?)", row
            )
        os.kill(os.getpid(), 9)
    """
    before = path.stat().st_size
    started(path, half).communicate()
    assert path.with_name("loopready.db-journal").exists() and path.stat().st_size > before
    assert [said.level for said in Ratings(path).history(STORY)] == [4]


def test_two_writers_at_once_lose_no_rating(path):
    saves = """
        import sys
        from loopready.ratings import Ratings
        input()
        for level in [1, 2, 3, 4, 5] * 8:
            Ratings(sys.argv[1]).rate(("story", sys.argv[2]), {"Depth": level})
    """
    command = [sys.executable, "-c", textwrap.dedent(saves), str(path)]
    writers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    for name in ("a", "b"):
        assert [said.level for said in Ratings(path).history(("story", name))] == [1, 2, 3, 4, 5] * 8


def test_three_tabs_that_make_the_file_at_once_all_find_it_theirs(tmp_path):
    def begin(path, together, name):
        together.wait()
        Ratings(path).rate(("story", name), {"Depth": 3})
        return Ratings(path).latest(("story", name))["Depth"].level

    with ThreadPoolExecutor(3) as tabs:
        for number in range(60):
            path, together = tmp_path / f"{number}.db", threading.Barrier(3)
            assert list(tabs.map(functools.partial(begin, path, together), "abc")) == [3, 3, 3]
