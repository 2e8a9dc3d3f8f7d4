import asyncio
import re

import pytest
from nbformat import write
from tiny_course import answered, hand_in, lay_out, source

from loopready.course import CourseError
from loopready.notebooks import saved
from loopready.worked import ENOUGH, opened, worked_answer

REFERENCE = "**Numbers.** Twelve a second.\n\n- one queue"
NAME = "design-a-queue"


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.setenv("LOOPREADY_COURSE", str(tmp_path))
    built = source()
    built.cells[3].source = f"### BEGIN SOLUTION\n{REFERENCE}\n### END SOLUTION"
    lay_out(tmp_path)
    write(built, tmp_path / "source/week-01/week-01.ipynb")
    return tmp_path


def wrote(top, text):
    own = answered()
    own.cells[3].source = text
    return hand_in(top, own)


def pressed(panel):
    async def press():
        panel.button.click()
        await panel.pressed

    asyncio.run(press())
    return panel.answer.outputs[0]["data"]


def test_an_answer_of_enough_words_opens_the_worked_one_as_markdown(top):
    wrote(top, "word " * ENOUGH)
    assert pressed(worked_answer("week-01", NAME))["text/markdown"] == REFERENCE


@pytest.mark.parametrize(
    "text, counted",
    [
        ("YOUR ANSWER HERE", 0),
        ("YOUR ANSWER HERE " + "word " * (ENOUGH - 1), ENOUGH - 1),
        ("", 0),
    ],
    ids=["as released", "one word short, under the stub", "emptied"],
)
def test_a_shorter_answer_opens_nothing_and_is_counted(top, text, counted):
    wrote(top, text)
    said = pressed(worked_answer("week-01", NAME))
    assert f"your answer has {counted} words" in said["text/html"]
    assert REFERENCE not in str(said)


def test_a_deleted_cell_counts_as_an_answer_of_no_words(top):
    own = answered()
    del own.cells[3]
    hand_in(top, own)
    with pytest.raises(CourseError, match="has 0 words"):
        opened("week-01", NAME, top)


def test_a_week_that_is_not_started_says_how_to_start_it(top):
    with pytest.raises(CourseError, match=re.escape("week-01 is not started: run `loopready start week-01`")):
        opened("week-01", NAME, top)


def test_without_the_course_the_worked_answer_is_the_instructors_to_show(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "ask your instructor" in pressed(worked_answer("week-01", NAME))["text/html"]


def test_where_no_widget_can_be_shown_a_sentence_says_where_it_opens():
    assert "once your answer is written" in worked_answer("week-01", NAME)._repr_mimebundle_()["text/plain"]


def test_a_save_that_is_half_written_is_waited_for(top):
    path = wrote(top, "word " * ENOUGH)
    whole = path.read_text()

    async def save_slowly():
        waiting = asyncio.ensure_future(saved(path, patience=30))
        await asyncio.sleep(0.05)
        path.write_text(whole[: len(whole) // 2])
        await asyncio.sleep(0.5)
        assert not waiting.done()
        path.write_text(whole)
        await waiting

    asyncio.run(save_slowly())
    assert opened("week-01", NAME, top) == REFERENCE
