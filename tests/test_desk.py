"""The desk's widgets without a browser: what a hand does to a trait, and what is saved and said."""

import asyncio
import re
from datetime import timedelta

import pytest
from banks import Clock, told

from loopready import pauses
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.desk import Desk
from loopready.pauses import Pause
from loopready.planning.plans import Plans
from loopready.planning.wishes import wish
from loopready.practice import Practice
from loopready.stories import Story
from loopready.timers import Timer, minutes


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bank(tmp_path, clock):
    return Bank(tmp_path / "my" / "loopready.db", clock, writer="this tab")


@pytest.fixture
def other(bank, clock):
    return Bank(bank.path, clock, writer="other tab")


@pytest.fixture
def desk(bank):
    return Desk(bank)


def read(widget):
    return re.sub(r"<[^>]+>", "", widget.value).strip()


def test_an_untouched_form_saves_nothing(desk, bank):
    desk.write()
    assert not bank.path.parent.exists()


def test_what_is_typed_is_saved_and_reviewed(desk, bank):
    writing = desk.write()
    writing.form.fields["title"].value = "The queue nobody owned"
    writing.form.fields["action"].value = "We chose it and we shipped it."
    assert bank.stories()[0].story.title == "The queue nobody owned"
    assert "and we (us, our) twice" in read(writing.form.says["action"])
    assert read(writing.saved).startswith("Saved ") and "0.1 minutes" in read(writing.length)
    assert "parts" in read(writing.whole)


def test_every_field_of_a_story_goes_through_the_form_and_back(desk, bank):
    everything = told(
        principles=["Ownership", "Dive Deep", "Frugality", "Earn Trust"],
        level="L7", team_size="14", duration="a year", metrics=["a", "b"], follow_ups=["Who paid?", "Why?"],
    )  # fmt: skip
    desk.choose(bank.save(everything))
    assert desk.write().form.story == everything


def test_a_text_that_a_cell_broke_into_lines_is_shown_in_paragraphs(desk, bank):
    wrapped = (
        "I read the last sixty failures myself, over two evenings, and forty-one\nhad one cause.\n\n"
        "Then I wrote.\n- a\n- b"
    )
    desk.choose(bank.save(told(action=wrapped)))
    assert desk.write().form.fields["action"].value == wrapped.replace("forty-one\nhad", "forty-one had")


def test_a_principle_that_is_chosen_twice_counts_once(desk, bank):
    writing = desk.write()
    for choice in writing.form.principles[:2]:
        choice.value = "Ownership"
    assert bank.stories()[0].story.principles == ("Ownership",)


def test_a_new_story_whose_words_are_deleted_again_is_not_called_unsaved(desk, bank):
    async def typed_and_deleted():
        for title in ("Mine", ""):
            writing.form.fields["title"].value = title
        assert read(writing.saved) == "Not saved yet ..."
        assert desk.finish()

    writing = desk.write()
    asyncio.run(typed_and_deleted())
    assert read(writing.saved) == "A new story: it is saved as you type." and bank.stories() == []


def test_another_story_can_be_chosen_and_a_new_one_begun(desk, bank, clock):
    bank.save(told())
    clock.at += timedelta(minutes=1)
    bank.save(told(title="Second"))
    desk = Desk(bank)
    writing = desk.write()
    assert writing.form.fields["title"].value == "Second"
    writing.chooser.value = "the-queue-nobody-owned"
    assert writing.form.story == told() and desk.kept.id == "the-queue-nobody-owned"
    writing.new.click()
    assert writing.form.story == Story.from_dict({}) and len(bank.stories()) == 2
    writing.form.fields["title"].value = "Third"
    assert [name for name, _ in writing.chooser.options][-1] == "3. Third"


def test_a_story_that_is_put_away_stands_last_in_the_list_and_comes_back_from_there(desk, bank):
    first, second = bank.save(told()), bank.save(told(title="Second"))
    desk.choose(first)
    writing, cover = desk.write(), desk.cover()
    assert "2 of 12 to 15" in cover.picture.value
    writing.away.click()
    assert bank.stories() == [second] and "at the end of the list" in read(writing.saved)
    assert "1 of 12 to 15" in cover.picture.value
    assert [name for name, _ in writing.chooser.options] == [
        "a new story", "1. Second", "2. The queue nobody owned (put away)"
    ]  # fmt: skip
    writing.chooser.value = first.id
    assert "It is put away: Bring back returns it" in read(writing.saved)
    assert writing.form.story == told() and writing.away.description == "Bring back"
    writing.away.click()
    assert bank.stories() == [first, second] and "2 of 12 to 15" in cover.picture.value
    assert "Brought back" in read(writing.saved) and writing.away.description == "Put away"
    assert [name for name, _ in writing.chooser.options][1:] == ["1. The queue nobody owned", "2. Second"]


def test_a_tab_that_writes_on_is_told_that_its_story_was_put_away_elsewhere_and_brings_it_back(
    desk, bank, other
):
    kept = bank.save(told())
    desk.choose(kept)
    writing = desk.write()
    other.put_away(kept.id)
    for task in ("Written on.", "Written on and on."):
        writing.form.fields["task"].value = task
        assert re.match(r"Saved \d\d:\d\d. It was put away in another tab: ", read(writing.saved))
    assert bank.story(kept.id).story.task == "Written on and on." and bank.stories() == []
    assert writing.chooser.label == "1. The queue nobody owned (put away)"
    writing.away.click()
    assert [each.story.task for each in bank.stories()] == ["Written on and on."]
    writing.form.fields["task"].value = "And further."
    assert read(writing.saved).endswith(".") and "put away" not in read(writing.saved)


def test_a_story_that_was_put_away_and_written_elsewhere_has_both_texts_and_comes_back(desk, bank, other):
    writing = conflict(desk, bank, other)
    other.put_away(desk.kept.id)
    writing.conflict.children[1].children[0].click()
    assert "It is put away" in read(writing.saved) and bank.stories() == []
    writing.away.click()
    assert [each.story.task for each in bank.stories()] == ["Mine."]


def conflict(desk, bank, other):
    desk.choose(bank.save(told()))
    writing = desk.write()
    other.save(told(task="Theirs."), of=desk.kept)
    writing.form.fields["task"].value = "Mine."
    return writing


@pytest.mark.parametrize("button, task, count", [(0, "Mine.", 1), (1, "Theirs.", 1), (2, "Mine.", 2)])
def test_in_a_conflict_both_texts_are_shown_and_either_or_both_are_kept(
    desk, bank, other, button, task, count
):
    writing = conflict(desk, bank, other)
    shown = read(writing.conflict.children[0])
    assert "Mine." in shown and "Theirs." in shown and "Two texts" in read(writing.saved)
    assert read(writing.saved).endswith("both texts are kept, choose below.")
    writing.conflict.children[1].children[button].click()
    assert writing.conflict.children == () and writing.form.fields["task"].value == task
    assert len(bank.stories()) == count and read(writing.saved).startswith("Saved ")


def test_a_conflict_that_was_left_open_is_shown_at_the_next_start(desk, bank, other):
    conflict(desk, bank, other)
    writing = Desk(Bank(bank.path)).write()
    assert (
        "a second text" in read(writing.conflict.children[0])
        and writing.form.fields["task"].value == "Theirs."
    )


def test_a_conflict_with_a_week_s_notebook_is_shown_when_the_story_is_chosen(desk, bank):
    kept = bank.save(told())
    with pytest.raises(CourseError):
        Bank(bank.path, writer="week-01").keep(told(task="From the week."))
    desk.choose(kept)
    assert "From the week." in read(desk.write().conflict.children[0])


def test_what_people_write_is_text_in_every_part_of_the_room(desk, bank, other):
    script = "<script>alert(1)</script>"
    start = bank.save(
        told(title=script, action=f"We {script}.", result=f"{script} fell 85%.", follow_ups=[script])
    )
    desk.choose(start)
    parts = [desk.write(), desk.rate(), desk.cover(), desk.ask(), desk.tell(), desk.look_back()]
    other.save(told(title=script, task=script), of=desk.kept)
    parts[0].form.fields["duration"].value = script
    parts[3].answer.value = script
    shown = "".join(text.value for part in parts for text in html_of(part))
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def html_of(widget):
    import ipywidgets

    if isinstance(widget, ipywidgets.HTML):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from html_of(child)


def test_a_file_that_cannot_be_used_is_said_and_what_was_typed_stays(bank):
    bank.path.parent.mkdir()
    bank.path.write_text("no database")
    writing = Desk(bank).write()
    assert "is not a database" in read(writing.saved)
    writing.form.fields["title"].value = "Mine"
    assert read(writing.saved).startswith("Not saved: ") and writing.form.fields["title"].value == "Mine"
    bank.path.unlink()
    writing.form.fields["title"].value = "Mine, again"
    assert read(writing.saved).startswith("Saved ")


def test_the_rating_card_is_the_story_s_on_the_desk_whatever_its_title(desk, bank):
    desk.choose(bank.save(told()))
    writing, rated = desk.write(), desk.rate()
    writing.form.fields["title"].value = "Another title"
    card = rated.card
    card.choices["Depth"].value = 4
    card.save.click()
    assert desk.ratings.latest(("story", "the-queue-nobody-owned"))["Depth"].level == 4


def test_the_coverage_follows_the_lens(desk, bank):
    desk.choose(bank.save(told(level="L6")))
    cover = desk.cover()
    assert "1 of 12 to 15 stories, and" in cover.picture.value
    cover.lens.value = "L7"
    assert "0 of 12 to 15 stories for L7" in cover.picture.value


def test_the_coverage_opens_for_the_level_of_the_plan(desk, bank, clock):
    Plans(bank.path, clock).make(wish("10w", "L7", 10, [], clock().date()))
    assert desk.cover().lens.value == "L7"
    bank.path.write_text("no database")
    assert desk.cover().lens.value == ""


def test_an_answer_that_goes_on_is_one_take_and_the_next_question_another(desk, bank):
    desk.choose(bank.save(told()))
    questions = desk.ask()
    first = questions.probe.question
    for text in ("I", "I did", "I did it."):
        questions.answer.value = text
    questions.chooser.value = 1
    assert questions.answer.value == "" and questions.probe.question != first
    questions.answer.value = "Next."
    takes = Practice(bank.path).takes(desk.kept.id)
    assert [take.answer for take in takes] == ["I did it.", "Next."] and takes[0].question == first
    questions.chooser.value = 0
    assert "Last time, " in read(questions.said) and "I did it." in read(questions.said)


@pytest.mark.parametrize("leave", ["the question", "the story"])
def test_an_answer_typed_a_moment_ago_stays_with_its_question_and_its_story(desk, bank, leave):
    async def typed_and_left():
        questions.answer.value = "Just typed."
        if leave == "the question":
            questions.chooser.value = 1
        else:
            desk.choose(other)

    other, here = bank.save(told(title="Another")), bank.save(told())
    desk.choose(here)
    questions = desk.ask()
    first = questions.probe.question
    asyncio.run(typed_and_left())
    assert [(take.answer, take.question) for take in Practice(bank.path).takes(here.id)] == [
        ("Just typed.", first)
    ]
    assert Practice(bank.path).takes(other.id) == [] and questions.answer.value == ""


def test_a_told_story_is_kept_and_gives_the_review_its_pace(desk, bank):
    words = " ".join(["word"] * 298)
    desk.choose(bank.save(told(situation="word", task="...", result="word", action=words)))
    teller, writing = desk.tell(), desk.write()
    teller.timer._done(120.0)
    assert "2:00, 150 words a minute" in read(teller.said)
    writing.form.fields["duration"].value = "a year"
    assert read(writing.length) == "300 words, 2.0 minutes at 150 words a minute."


@pytest.mark.parametrize("seconds, said", [(3, "Not kept: under 5 seconds."), (7200, "at most an hour")])
def test_a_slip_of_the_finger_and_a_forgotten_clock_are_not_kept(desk, bank, seconds, said):
    desk.choose(bank.save(told()))
    teller = desk.tell()
    teller.timer._done(seconds)
    assert said in read(teller.said) and Practice(bank.path).takes(desk.kept.id) == []


def test_an_earlier_text_comes_back_as_the_newest(desk, bank):
    first = bank.save(told())
    desk.choose(bank.save(told(action="Worse, " * 20), of=first))
    writing, earlier = desk.write(), desk.look_back()
    earlier.chooser.value = 1
    assert told().action in earlier.text.value
    earlier.back.click()
    assert writing.form.story == told() and bank.story(first.id).story == told()
    assert len(bank.revisions(first.id)) == 3


def test_an_earlier_text_that_meets_another_tab_s_is_shown_beside_it_where_one_writes(desk, bank, other):
    first = bank.save(told(task="First."))
    desk.choose(bank.save(told(task="Second."), of=first, anew=True))
    writing, earlier = desk.write(), desk.look_back()
    other.save(told(task="Theirs."), of=desk.kept)
    earlier.chooser.value = 1
    earlier.back.click()
    shown = read(writing.conflict.children[0])
    assert "First." in shown and "Theirs." in shown and "choose above" in read(earlier.says)
    writing.conflict.children[1].children[0].click()
    assert bank.story(first.id).story.task == "First." and bank.rivals(first.id) == []


def test_every_part_of_the_room_is_a_sentence_until_its_cell_is_run_and_where_no_widget_can_be_shown(desk):
    for part in (desk.write(), desk.rate(), desk.cover(), desk.ask(), desk.tell(), desk.look_back()):
        assert part._repr_mimebundle_()["text/plain"].endswith(
            "In JupyterLab, choose Run All Cells in the Run menu."
        )


# Pauses and clocks --------------------------------------------------------------------------------------------------


def test_a_run_of_keys_is_one_look_and_a_long_run_is_looked_at_meanwhile():
    looks = []

    async def types():
        pause = Pause(lambda: looks.append(1), quiet=0.05, longest=0.5)
        for _ in range(3):
            pause.touch()
        assert pause.waiting and looks == []
        while not looks:
            await asyncio.sleep(0.01)
        assert not pause.waiting and len(looks) == 1
        slow = Pause(lambda: looks.append(2), quiet=60, longest=0.05)
        slow.touch()
        while 2 not in looks:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(types(), 30))


def test_a_clock_hands_over_the_seconds_between_two_presses():
    now, taken = [100.0], []
    timer = Timer("Start", taken.append, clock=lambda: now[0])
    timer.button.click()
    assert timer.running and timer.button.description == "Stop the clock"
    now[0] += 65
    timer.button.click()
    assert taken == [65.0] and read(timer.face) == "1:05" and timer.button.description == "Start"
    timer.stop()
    assert taken == [65.0]


@pytest.mark.parametrize("seconds, face", [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (605, "10:05")])
def test_a_span_is_shown_as_a_clock_shows_it(seconds, face):
    assert minutes(seconds) == face


def test_what_could_not_be_saved_is_tried_again(monkeypatch):
    monkeypatch.setattr(pauses, "AGAIN", 0.02)
    saved, tries = iter([False, False, True]), []

    async def typed():
        saving.touch()
        while len(tries) < 3:
            await asyncio.sleep(0.01)
        assert saving.finish() and len(tries) == 3

    def save():
        tries.append(next(saved))
        return tries[-1]

    saving = pauses.Saving(save, 0.01, 0.1)
    asyncio.run(asyncio.wait_for(typed(), 30))


def test_a_story_that_cannot_be_saved_stays_in_the_form(desk, bank, monkeypatch):
    other, here = bank.save(told(title="Another")), bank.save(told())
    desk.choose(here)
    writing, save = desk.write(), bank.save

    def full(*words, **more):
        raise CourseError("the disk is full: free some space")

    monkeypatch.setattr(desk.bank, "save", full)
    writing.form.fields["title"].value = "With an end"
    writing.chooser.value = other.id
    writing.new.click()
    writing.away.click()
    assert writing.form.fields["title"].value == "With an end" and "the disk is full" in read(writing.saved)
    assert desk.kept == here and writing.chooser.value == here.id
    monkeypatch.setattr(desk.bank, "save", save)
    writing.chooser.value = other.id
    assert (
        bank.story(here.id).story.title == "With an end" and writing.form.fields["title"].value == "Another"
    )


def test_an_answer_that_cannot_be_kept_stays_in_its_field(desk, bank, monkeypatch):
    desk.choose(bank.save(told()))
    questions, answered = desk.ask(), desk.practice.answered

    def full(*words):
        raise CourseError("the disk is full: free some space")

    monkeypatch.setattr(desk.practice, "answered", full)
    questions.answer.value = "I did it."
    questions.chooser.value = 1
    assert questions.answer.value == "I did it." and "Not saved: the disk is full" in read(questions.said)
    monkeypatch.setattr(desk.practice, "answered", answered)
    questions.chooser.value = 2
    assert [take.answer for take in Practice(bank.path).takes(desk.kept.id)] == ["I did it."]


def test_what_was_typed_a_moment_ago_is_a_text_before_an_earlier_one_is_brought_back(desk, bank):
    async def typed_and_brought_back():
        writing.form.fields["title"].value = "Just typed"
        earlier.back.click()

    first = bank.save(told(title="The first"))
    second = bank.save(told(title="The second"), of=first, anew=True)
    desk.choose(second)
    writing, earlier = desk.write(), desk.look_back()
    earlier.chooser.value = 1
    asyncio.run(typed_and_brought_back())
    titles = [kept.story.title for kept in bank.revisions(first.id)]
    assert titles == ["The first", "Just typed", "The first"]  # what one sitting writes is one text
    assert writing.form.fields["title"].value == "The first"


def test_a_second_text_stays_to_be_chosen_when_the_first_is_written_on(desk, bank):
    first = bank.save(told(title="One"))
    bank.save(told(title="Elsewhere"), of=first)
    with pytest.raises(CourseError):
        bank.save(told(title="Mine"), of=first)
    desk.choose(bank.story(first.id))
    writing = desk.write()
    assert writing.conflict.children
    writing.form.fields["title"].value = "Elsewhere, and on"
    assert writing.conflict.children and len(bank.rivals(first.id)) == 1
    assert bank.story(first.id).story.title == "Elsewhere, and on"
    writing.conflict.children[1].children[1].click()
    assert not writing.conflict.children and bank.rivals(first.id) == []
    assert bank.story(first.id).story.title == "Elsewhere, and on"
