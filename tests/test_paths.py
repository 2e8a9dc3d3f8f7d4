import os
import stat
import threading
from pathlib import Path

import pytest
from tiny_course import lay_out

from loopready import course
from loopready.course import CourseError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("LOOPREADY_COURSE", "LOOPREADY_MY"):
        monkeypatch.delenv(name, raising=False)


def test_the_course_is_found_from_any_folder_below_it(tmp_path):
    top = lay_out(tmp_path)
    assert course.root(top / "source" / "week-01") == top


def test_the_course_is_found_from_elsewhere_when_the_environment_names_it(tmp_path, monkeypatch):
    top = lay_out(tmp_path / "course")
    monkeypatch.setenv("LOOPREADY_COURSE", str(top))
    monkeypatch.chdir(tmp_path)
    assert course.root() == top


def test_a_folder_without_a_course_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(CourseError, match="LOOPREADY_COURSE"):
        course.root(tmp_path)


def test_weeks_and_rooms_share_no_lesson_and_miss_none(tmp_path):
    top = lay_out(tmp_path)
    (top / "lessons" / "week-10.md").touch()
    assert course.weeks(top) == ["week-01", "week-10"]
    assert course.rooms(top) == ["start-here"]


@pytest.mark.parametrize("spelling", ["week-01", "week-1", "01", "1", " Week-01 "])
def test_a_week_has_several_spellings(tmp_path, spelling):
    assert course.named_week(lay_out(tmp_path), spelling) == "week-01"


@pytest.mark.parametrize("spelling", ["week-02", "0", "", "start-here", "../week-01", "week-01x", "week-²"])
def test_an_unknown_week_is_refused_by_naming_those_there_are(tmp_path, spelling):
    with pytest.raises(CourseError, match="there is week-01"):
        course.named_week(lay_out(tmp_path), spelling)


def test_the_learners_folder_can_be_moved(tmp_path, monkeypatch):
    assert course.learner_folder(tmp_path) == tmp_path / "my"
    monkeypatch.setenv("LOOPREADY_MY", "~/elsewhere")
    assert course.learner_folder(tmp_path) == Path.home().resolve() / "elsewhere"


def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "notes.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space"):
        course.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_never_sees_a_part_of_a_write(tmp_path):
    path, seen, done = tmp_path / "notes.txt", set(), threading.Event()
    path.write_text("a" * 100_000)

    def read():
        while not done.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for letter in "bcdefgh" * 5:
        course.write_atomically(path, letter * 100_000)
    done.set()
    reader.join()
    assert {len(text) for text in seen} == {100_000}


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755], ids=["private", "usual", "executable"])
def test_a_file_written_again_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "notes.txt"
    path.touch()
    path.chmod(mode)
    course.write_atomically(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_gets_the_permissions_any_new_file_gets(tmp_path):
    course.write_atomically(tmp_path / "ours", "")
    (tmp_path / "usual").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode
