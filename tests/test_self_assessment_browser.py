"""The self-assessment in a real browser: answered by keyboard, saved meanwhile, there after a restart, and no wider
than its window."""

import pytest
from lab import choose, until
from playwright.sync_api import expect

from loopready.readiness.answers import Answers

pytestmark = pytest.mark.browser

ROOM = "notebooks/self-assessment.ipynb"
ANSWER, SHOW = "sheet.answer()", "sheet.show()"
EVIDENCE = "Evidence: when, how large, what changed"


def test_an_answer_by_keyboard_is_saved_counted_drawn_and_there_after_a_restart(lab):
    room = lab.open(ROOM)
    room.restart()
    room.run_all()
    form, keys = room.output(ANSWER), lab.page.keyboard
    area = form.get_by_label("Area", exact=True)
    area.focus()
    choose(lab.page, 2)
    first = form.get_by_label("I solve a problem of medium difficulty in half an hour, thinking aloud.")
    expect(first).to_be_visible()
    for _ in range(2):
        keys.press("Tab")
    expect(first).to_be_focused()
    choose(lab.page, 4)
    keys.press("Tab")
    keys.type("40 problems since March, 31 of them in time")
    expect(form).to_contain_text("Counts whole.")
    expect(room.output(SHOW)).to_contain_text("7% ready for L6")
    answers = Answers(lab.course / "my" / "loopready.db")
    until(lambda: [one.evidence[-4:] for one in answers.claims().values()] == ["time"], lab.page)
    [claim] = answers.claims().values()
    assert (claim.level, claim.evidence) == (3, "40 problems since March, 31 of them in time")

    room.restart()
    room.run_all()
    form.get_by_label("Area", exact=True).select_option("Coding")
    expect(form.get_by_label(EVIDENCE).first).to_have_value(claim.evidence)
    expect(room.errors()).to_have_count(0)

    lab.page.set_viewport_size({"width": 480, "height": 900})
    for cell in (ANSWER, SHOW, "sheet.weigh()"):
        output = room.output(cell)
        output.scroll_into_view_if_needed()
        assert output.evaluate("cell => cell.scrollWidth <= cell.clientWidth + 1"), cell
