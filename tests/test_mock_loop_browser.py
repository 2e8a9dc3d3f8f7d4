"""The mock loop in a real browser: a round of words by keyboard with a restart in it, and a coding round."""

import re

import pytest
from lab import WINDOW, choose, until
from playwright.sync_api import expect

from loopready import reserve
from loopready.mocks.partners import received, write
from loopready.mocks.records import Mocks
from loopready.process.scorecards import Vote

pytestmark = pytest.mark.browser

ROOM = "notebooks/mock-loop.ipynb"
CHOOSE, CLOCK, WORK, RATE, DECIDE = (
    f"desk.{name}()" for name in ("choose", "clock", "work", "rate", "decide")
)
VAGUE = "We had a team that was slow and in the end we all worked hard together and it was a lot better for everybody."
ANSWER = "Answer, typed or in keywords as you speak"


def begin(room, kind):
    """Begin a mock of that kind and start its clock, by keyboard."""
    keys = room.lab.page.keyboard
    form = room.output(CHOOSE)
    # A cell that is out of sight is laid out when it gets the focus, and not before.
    form.get_by_label("Rehearse").focus()
    form.get_by_label("Rehearse").select_option(label=kind)
    form.get_by_role("button", name="Begin").focus()
    keys.press("Space")
    clock = room.output(CLOCK)
    start = clock.get_by_role("button", name="Start the clock")
    expect(start).to_be_enabled()
    start.focus()
    keys.press("Space")
    expect(clock.get_by_role("button", name="Pause")).to_be_visible()


def test_a_bar_raiser_s_round_is_held_by_keyboard_and_survives_a_restart(lab):
    room = lab.open(ROOM)
    room.restart()
    room.run_all()
    begin(room, "Bar Raiser, 90 min")
    keys, work = lab.page.keyboard, room.output(WORK)
    work.get_by_label(ANSWER).focus()
    keys.insert_text(VAGUE)
    expect(work).to_contain_text("Saved.")
    keys.press("Tab")
    keys.press("Space")
    expect(work).to_contain_text("with your own hands?")
    expect(work.get_by_label(ANSWER)).to_be_focused()
    expect(room.output(CLOCK)).to_contain_text(re.compile(r"8\d:\d\d left of 90:00"))

    room.restart()
    room.run_all()
    expect(work).to_contain_text("with your own hands?")
    expect(work).to_contain_text("Asked before (1)")
    room.output(RATE).get_by_label("Learning", exact=True).focus()
    choose(lab.page, 2)
    room.output(RATE).get_by_role("button", name="Save the scorecard").focus()
    keys.press("Space")
    expect(room.output(RATE)).to_contain_text("Bar Raiser: lean no")
    room.output(DECIDE).get_by_role("button", name="Finish this mock").focus()
    keys.press("Space")
    expect(room.output(DECIDE)).to_contain_text("What to do before the next one")
    expect(room.errors()).to_have_count(0)

    lab.page.set_viewport_size({"width": 700, "height": 900})
    for cell in (CHOOSE, CLOCK, WORK, RATE, DECIDE):
        output = room.output(cell)
        output.scroll_into_view_if_needed()
        assert output.evaluate("cell => cell.scrollWidth <= cell.clientWidth + 1"), cell
    lab.page.set_viewport_size(WINDOW)


def test_a_coding_round_opens_its_kata_beside_and_grades_it(lab):
    room = lab.open(ROOM)
    room.restart()
    room.run_all()
    begin(room, "Coding 1, 45 min")
    mocks = Mocks(lab.course / "my" / "loopready.db")
    until(lambda: mocks.asked(2), lab.page)
    [asked] = mocks.asked(2)
    kata = reserve.kata(asked.key)
    room.output(WORK).get_by_role("button", name="Open the kata beside").focus()
    lab.page.keyboard.press("Space")
    beside = lab.notebook(f"my/{kata.assignment}/{kata.assignment}.ipynb")
    beside.type_in(kata.name, reserve.reference(kata.name))
    beside.save()
    room.show()
    room.output(WORK).get_by_role("button", name="Grade it").focus()
    lab.page.keyboard.press("Space")
    expect(room.output(WORK)).to_contain_text("20 of 20 points", timeout=120_000)
    assert "20 of 20" in mocks.texts(2, 1)["result"]
    room.output(CLOCK).get_by_role("button", name="End this round").focus()
    lab.page.keyboard.press("Space")
    expect(room.output(WORK)).to_contain_text("What is asked when it passes")
    expect(room.errors()).to_have_count(0)


def test_what_a_partner_ticks_and_types_on_the_page_is_the_line_that_comes_back(lab, tmp_path):
    mocks = Mocks(tmp_path / "loopready.db")
    mocks.begin("seven-people", "L6", "partner")
    page = lab.page.context.browser.new_page()
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(write(mocks, 1, 1, tmp_path / "partner.html").as_uri())
    page.get_by_label("2 The candidate called meetings; who decided, I do not know.").check()
    page.get_by_label("Own part: what I heard").fill('"we" <b>throughout</b>')
    page.get_by_label("lean no", exact=True).check()
    line = page.locator("output").text_content()
    card = received(mocks, 1, 1, line)
    assert (card.levels, card.said) == ({"Own part": 2}, Vote.LEAN_NO)
    assert card.evidence == {"Own part": '"we" <b>throughout</b>'}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
