"""What goes with a hand-in: written only where it belongs, read from whoever wrote it."""

import json
import os

import pytest
from banks import told
from tiny_course import TOP, command, lay_out

from loopready.bank import Bank
from loopready.cards import rate, rate_story
from loopready.course import CourseError
from loopready.enclosure import LARGEST, NAME, own_copy, read
from loopready.handins import hand_ins, table
from loopready.ratings import Ratings
from loopready.rubrics import DESIGN

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The learner's own copy of week 1, as the folder in which its notebook runs."""
    folder = tmp_path / "my" / "week-01"
    folder.mkdir(parents=True)
    (folder / "week-01.ipynb").touch()
    monkeypatch.setenv("LOOPREADY_COURSE", str(TOP))
    monkeypatch.chdir(folder)
    return folder


def rated(card, level=4):
    for choice in card.choices.values():
        choice.value = level
    card.save.click()
    return card


def test_running_the_card_s_cell_keeps_the_story_in_the_bank_and_beside_the_notebook(own):
    rate_story(told())
    [kept] = Bank().stories()
    [enclosed] = read(own / NAME)
    assert kept.story == enclosed.story == told() and kept.writer == "week-01"
    assert enclosed.subject == ("story", kept.id) and enclosed.total == "not rated"


def test_saving_the_card_adds_the_levels_to_what_lies_beside_the_notebook(own):
    rated(rate_story(told()))
    rated(rate(("design", "url-shortener"), DESIGN), 3)
    assert [(each.subject.kind, each.total) for each in read(own / NAME)] == [
        ("story", "20 of 25"),
        ("design", "15 of 20"),
    ]


def test_a_story_under_a_new_title_takes_its_old_place_in_bank_and_file(own):
    rated(rate_story(told()))
    rated(rate_story(told(title="Six teams, one pipeline")), 5)
    assert [kept.story.title for kept in Bank().stories()] == ["Six teams, one pipeline"]
    [enclosed] = read(own / NAME)
    assert enclosed.total == "25 of 25" and enclosed.story.title == "Six teams, one pipeline"
    assert len(Ratings().history(("story", "the-queue-nobody-owned"))) == 10


def test_a_week_run_again_after_the_bank_went_on_says_so_and_keeps_both(own):
    rate_story(told())
    bank = Bank()
    bank.save(told(task="Better."), of=bank.stories()[0])
    rate_story(told())
    assert bank.stories()[0].story.task == "Better." and bank.rivals(bank.stories()[0].id) == []
    card = rate_story(told(task="From the notebook."))
    assert "both texts are kept, choose between them in the story bank" in card.status.value
    assert [rival.story.task for rival in bank.rivals(bank.stories()[0].id)] == ["From the notebook."]


@pytest.mark.parametrize(
    "where",
    ["notebooks", "autograded/me/week-01", "my", "my/other"],
    ids=["read", "graded", "above", "other"],
)
def test_elsewhere_a_run_writes_nothing_and_a_press_writes_no_file(tmp_path, monkeypatch, where):
    folder = tmp_path / where
    folder.mkdir(parents=True)
    (folder / "week-01.ipynb").touch()
    monkeypatch.setenv("LOOPREADY_COURSE", str(TOP))
    monkeypatch.chdir(folder)
    assert own_copy() is None
    card = rate_story(told())
    assert not (tmp_path / "my" / "loopready.db").exists()
    rated(card)
    assert Bank().stories()[0].story == told() and not (folder / NAME).exists()


def test_a_story_without_a_title_is_not_kept_by_a_run(own):
    rate_story(told(title=""))
    rate_story(...)
    assert os.listdir(own) == ["week-01.ipynb"] and Bank().stories() == []


def test_a_file_that_somebody_spoilt_is_written_anew(own):
    (own / NAME).write_text("hello")
    rate_story(told())
    assert read(own / NAME)[0].story == told()


ENTRY = {"kind": "story", "id": "x", "story": None, "levels": {"Depth": [4, 5]}}


def file(*entries, **changes):
    return json.dumps({"schema": 1, "rated": [{**ENTRY, **entry} for entry in entries or [{}]], **changes})


HOSTILE = {
    "nothing": "",
    "a word": "hello",
    "a list": "[]",
    "deep": "[" * 200_000,
    "huge": " " * (LARGEST + 1),
    "newer": file(schema=2),
    "too many": file(*[{"id": str(number)} for number in range(51)]),
    "not text": "\x00\xff",
    "no name": file({"id": ""}),
    "a long name": file({"id": "x" * 301}),
    "a level of 9": file({"levels": {"Depth": [9, 9]}}),
    "a level that is none": file({"levels": {"Depth": [float("nan"), 5]}}),
    "a level yes": file({"levels": {"Depth": [True, 5]}}),
    "three levels": file({"levels": {"Depth": [1, 2, 3]}}),
    "a story that is none": file({"story": {"title": 3}}),
    "a story with code": file({"story": {"title": "x", "__class__": "os.system"}}),
    "a number": file({"story": 3}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_file_of_another_shape_is_refused_in_one_line(tmp_path, content):
    (tmp_path / NAME).write_bytes(content.encode("latin-1"))
    with pytest.raises(CourseError) as refused:
        read(tmp_path / NAME)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 500


def test_a_link_to_somebody_else_s_file_is_not_followed(tmp_path):
    (tmp_path / "other.json").write_text(file())
    (tmp_path / NAME).symlink_to(tmp_path / "other.json")
    with pytest.raises(CourseError, match="cannot be read"):
        read(tmp_path / NAME)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_file_s_place_does_not_hold_up_the_reader(tmp_path):
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(CourseError):
        read(tmp_path / NAME)


@pytest.fixture
def course(tmp_path):
    """A course in which four learners have handed in: a story with markup, nothing, rubbish, a terminal's codes."""
    top = lay_out(tmp_path / "course")
    story = told(title=SCRIPT).to_dict()
    for learner, content in {
        "ann": file({"story": story}),
        "ben": None,
        "cara": "hello",
        "dan": file({"story": told(title="\x1b[2J\x1b]0;owned\x07").to_dict()}),
    }.items():
        folder = top / "submitted" / learner / "week-01"
        folder.mkdir(parents=True)
        if content:
            (folder / NAME).write_text(content)
    return top


def test_a_class_s_stories_are_listed_and_a_broken_file_is_a_line(course):
    found = {one.learner: one for one in hand_ins("1", course)}
    assert found["ann"].rated.total == "4 of 5" and found["ann"].given == "not graded yet"
    assert found["ben"].trouble == "no ratings came with the notebook"
    assert "is not a file that the course wrote" in found["cara"].trouble


def test_markup_and_terminal_codes_of_a_learner_are_text(course):
    shown = table(hand_ins("week-01", course))
    assert "<script>" not in shown.html and "&lt;script&gt;" in shown.html
    assert "\x1b" not in shown.text and "\x07" not in shown.text and "owned" in shown.text


def test_the_command_lists_the_class_and_says_when_nothing_came(course):
    done = command(course, "stories", "week-01")
    assert done.returncode == 0 and "ben: no ratings came with the notebook" in done.stdout
    for folder in (course / "submitted").iterdir():
        (folder / "week-01").rename(folder / "week-02")
    done = command(course, "stories", "week-01")
    assert done.returncode == 1 and done.stderr.startswith("loopready: nothing was handed in for week-01")
