"""The story bank in a real browser: typed, reviewed and saved meanwhile, found again after a restart."""

import re

import pytest
from banks import told
from lab import WINDOW, choose, until
from playwright.sync_api import expect

from loopready.bank import Bank
from loopready.practice import Practice
from loopready.ratings import Ratings

pytestmark = pytest.mark.browser

ROOM = "notebooks/story-bank.ipynb"
NARROW = {"width": 480, "height": 800}
WRITE, RATE, COVER = "desk.write()", "desk.rate()", "desk.cover()"
ASK, TELL, BACK = "desk.ask()", "desk.tell()", "desk.look_back()"
SCRIPT = "<script>window.owned = true</script><img src=x onerror='window.owned = true'>"
SAVED = re.compile(r"Saved (at )?\d\d:\d\d\.")
FIELDS = [
    "Story", "Title", "Main principle", "Further principle 1", "Further principle 2", "Further principle 3", "Level",
    "Team size", "Duration", "Situation", "Task", "Action", "Result", "Metrics, one a line",
    "What I do differently since", "Questions I expect, one a line",
]  # fmt: skip


@pytest.fixture
def lab(new_lab):
    return new_lab


@pytest.fixture
def bank(lab):
    return Bank(lab.course / "my" / "loopready.db", writer="the test")


def opened(lab):
    """The room with a kernel that has just started, all of it run."""
    room = lab.open(ROOM)
    room.restart()
    room.run_all()
    expect(room.output(WRITE).get_by_label("Title", exact=True)).to_be_visible()
    return room


def field(room, label, cell=WRITE):
    return room.output(cell).get_by_label(label, exact=True)


def typed(room, label, text):
    """Type key by key, as a hand does."""
    into = field(room, label)
    into.click()
    into.press_sequentially(text)


def test_a_story_is_reviewed_while_it_is_typed_and_found_after_a_restart_with_its_rating(lab, bank):
    room = opened(lab)
    form = room.output(WRITE)
    typed(room, "Title", "The queue nobody owned")
    field(room, "Main principle").select_option("Ownership")
    typed(room, "Action", "We read the traces and we chose smaller batches.")
    expect(form).to_contain_text("Action says I (me, my) 0 times and we (us, our) twice")
    field(room, "Action").fill("I read the traces and I chose smaller batches.")
    expect(form).not_to_contain_text("and we (us, our) twice")
    expect(form).to_contain_text(SAVED)
    expect(room.output(COVER)).to_contain_text("a draft is begun: The queue nobody owned")

    field(room, "Depth", RATE).select_option(index=4)
    room.output(RATE).get_by_role("button", name="Save").click()
    expect(room.output(RATE)).to_contain_text(SAVED)
    until(lambda: stories(bank)[0].action == "I read the traces and I chose smaller batches.", lab.page)
    [kept] = bank.stories()
    assert Ratings(bank.path).latest(("story", kept.id))["Depth"].level == 4

    room.restart()
    room.run_all()
    expect(field(room, "Title")).to_have_value("The queue nobody owned")
    expect(field(room, "Action")).to_have_value("I read the traces and I chose smaller batches.")
    expect(field(room, "Main principle")).to_have_value("Ownership")
    expect(room.output(RATE)).to_contain_text("Last rated ")
    expect(room.output(RATE)).not_to_contain_text("4 of 5")
    expect(room.errors()).to_have_count(0)


def test_the_second_of_two_kernels_is_shown_both_texts_and_can_keep_both(lab, bank):
    start = bank.save(told())
    room = opened(lab)
    expect(field(room, "Task")).to_have_value(told().task)
    bank.save(told(task="Written in the other tab."), of=start)
    typed(room, "Task", "Written here. ")
    form = room.output(WRITE)
    expect(form).to_contain_text("Both texts are kept; choose.")
    expect(form).to_contain_text("Written in the other tab.")
    typed(room, "Duration", "a year")
    expect(form).to_contain_text("Duration, yours, in this tab")
    form.get_by_role("button", name="Keep both").click()
    expect(form).not_to_contain_text("Both texts are kept; choose.")
    assert bank.rivals(start.id) == []
    texts = [kept.story.task for kept in bank.stories()]
    assert texts[0] == "Written in the other tab." and "Written here." in texts[1]
    assert bank.stories()[1].story.duration == "a year"


def test_all_of_it_can_be_done_at_a_narrow_window_by_keyboard_alone(lab, bank):
    lab.page.set_viewport_size(NARROW)
    room = opened(lab)
    keyboard = lab.page.keyboard
    field(room, "Story").focus()
    seen = []
    for _ in range(len(FIELDS) + 2):
        seen.append(focused(lab.page))
        if seen[-1] == "Title":
            keyboard.type("By hand")
        elif seen[-1] == "Main principle":
            choose(lab.page, 2)
        elif seen[-1] == "Action":
            keyboard.type("I read the logs.")
        keyboard.press("Tab")
    assert [name for name in seen if name not in ("New story", "Put away")] == FIELDS
    told_by_hand = ("By hand", ("Ownership",), "I read the logs.")
    until(lambda: [told_by_hand] == [(s.title, s.principles, s.action) for s in stories(bank)], lab.page)
    [kept] = bank.stories()

    field(room, "Depth", RATE).focus()
    choose(lab.page, 3)
    while focused(lab.page) != "Save":
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(room.output(RATE)).to_contain_text(SAVED)
    assert Ratings(bank.path).latest(("story", kept.id))["Depth"].level == 3


def stories(bank):
    return [kept.story for kept in bank.stories()]


def focused(page):
    """The label of what has the focus, or the words on it."""
    read = "() => (e => e.labels?.[0]?.textContent || e.textContent)(document.activeElement)"
    return page.evaluate(read).strip()


@pytest.mark.parametrize("window", [WINDOW, NARROW], ids=["wide", "narrow"])
def test_no_field_is_cut_off_or_lies_on_another(lab, bank, window):
    bank.save(told(action="We chose it and we shipped it.", result="Errors fell 85%."))
    lab.page.set_viewport_size(window)
    room = opened(lab)
    lab.page.keyboard.press("Escape")
    boxes = [field(room, label).bounding_box() for label in FIELDS]
    form = room.output(WRITE).bounding_box()
    for place, box in enumerate(boxes):
        assert form["x"] <= box["x"] and box["x"] + box["width"] <= form["x"] + form["width"] + 1
        assert box["height"] >= 20 and box["width"] >= 60
        assert not any(overlap(box, other) for other in boxes[place + 1 :])


def overlap(one, other):
    apart_x = one["x"] + one["width"] <= other["x"] + 0.5 or other["x"] + other["width"] <= one["x"] + 0.5
    apart_y = one["y"] + one["height"] <= other["y"] + 0.5 or other["y"] + other["height"] <= one["y"] + 0.5
    return not (apart_x or apart_y)


def test_everything_that_can_be_used_has_a_name_that_a_screen_reader_says(lab, bank):
    bank.save(told())
    room = opened(lab)
    for label in FIELDS:
        role = "textbox" if label in FIELDS[1:2] + FIELDS[7:] else "combobox"
        expect(room.output(WRITE).get_by_role(role, name=label, exact=True)).to_have_count(1)
    for cell in (WRITE, RATE, COVER, ASK, TELL, BACK):
        tree = room.output(cell).aria_snapshot()
        assert re.findall(r"- (?:textbox|combobox|button|img|slider)(?! \"\S)", tree) == [], cell
    expect(room.output(COVER).get_by_role("img")).to_have_attribute("alt", re.compile("principles are thin"))


def test_markup_in_a_story_is_text_wherever_it_is_shown(lab, bank):
    start = bank.save(
        told(title=SCRIPT, action=f"We {SCRIPT} and we blamed him.", result=f"{SCRIPT} fell 85%.")
    )
    bank.save(told(title=SCRIPT, task=SCRIPT), of=start)
    room = opened(lab)
    expect(room.output(WRITE)).to_contain_text("<script>")
    expect(room.output(BACK)).to_contain_text("\\<script>")
    expect(room.output(ASK)).to_contain_text("Asked because")
    typed(room, "Situation", "x")
    expect(room.output(WRITE)).to_contain_text(SAVED)
    assert lab.page.evaluate("window.owned") is None
    expect(lab.panel(ROOM).locator("img[src=x]")).to_have_count(0)


def test_a_paste_of_a_megabyte_is_saved_and_said_to_be_no_story(lab, bank):
    room = opened(lab)
    field(room, "Action").fill("long " * 200_000)
    expect(room.output(WRITE)).to_contain_text("200000 words, 1428.6 minutes")
    until(lambda: [len(story.action) for story in stories(bank)] == [999_999], lab.page)
    typed(room, "Title", "After it")
    expect(room.output(WRITE).get_by_role("combobox", name="Story")).to_contain_text("After it")


def test_emoji_and_right_to_left_text_come_back_as_they_were_typed(lab, bank):
    room = opened(lab)
    text = "\U0001f680 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 I said"
    field(room, "Action").fill(text)
    until(lambda: [story.action for story in stories(bank)] == [text], lab.page)


def test_an_answer_is_kept_while_it_is_typed_and_a_told_story_when_the_clock_stops(lab, bank):
    kept = bank.save(told())
    room = opened(lab)
    typed_answer = field(room, "Answer", ASK)
    typed_answer.click()
    typed_answer.press_sequentially("More servers cost less to try.")
    expect(room.output(ASK)).to_contain_text("Answer saved: 0:0")
    room.output(TELL).get_by_role("button", name="Start telling").click()
    expect(room.output(TELL)).to_contain_text("0:06")
    room.output(TELL).get_by_role("button", name="Stop the clock").click()
    expect(room.output(TELL)).to_contain_text("Kept.")
    answer, whole = Practice(bank.path).takes(kept.id)
    assert answer.answer == "More servers cost less to try." and answer.question
    assert 5 < whole.seconds < 60 and whole.words == told().words()


def test_an_earlier_text_can_be_read_and_brought_back(lab, bank):
    first = bank.save(told())
    bank.save(told(action="Worse."), of=first)
    room = opened(lab)
    expect(field(room, "Action")).to_have_value("Worse.")
    field(room, "Earlier text", BACK).select_option(index=1)
    expect(room.output(BACK)).to_contain_text(told().action)
    room.output(BACK).get_by_role("button", name="Bring this text back").click()
    expect(field(room, "Action")).to_have_value(told().action)
    assert bank.story(first.id).story == told()


def test_a_file_that_cannot_be_used_is_said_in_the_room_and_left_alone(lab, bank):
    bank.path.parent.mkdir()
    bank.path.write_text("no database")
    room = opened(lab)
    expect(room.output(WRITE)).to_contain_text("is not a database loopready can read: move it away")
    typed(room, "Title", "Mine")
    expect(room.output(WRITE)).to_contain_text("Not saved: ")
    expect(room.errors()).to_have_count(0)
    assert bank.path.read_text() == "no database"
    # What was typed is tried again and again, and would be the next test's as soon as there is no such file.
    room.restart()


@pytest.mark.parametrize("leave", ["New story", "Story"])
def test_the_last_letters_stay_with_their_story_when_a_busy_kernel_hears_them_late(lab, bank, leave):
    other = bank.save(told(title="The other one"))
    bank.save(told(title="The one on the desk"))
    room = opened(lab)
    field(room, "Story").select_option("2. The one on the desk")
    expect(field(room, "Title")).to_have_value("The one on the desk")
    room.hold_kernel("desk.tell()", 5)
    field(room, "Title").press("End")
    field(room, "Title").press_sequentially(", and after")
    if leave == "New story":
        room.press(leave)
    else:
        field(room, leave).select_option("1. The other one")
    expect(field(room, "Title")).to_have_value("" if leave == "New story" else "The other one")
    lab.page.wait_for_timeout(3000)  # until all that could still come was saved
    assert {kept.story.title for kept in bank.stories()} == {
        "The other one",
        "The one on the desk, and after",
    }
    assert bank.story(other.id).story.title == "The other one"
