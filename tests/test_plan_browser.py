"""The planner, the review and progress in a real browser: by keyboard, over a restart, in a narrow window."""

import shutil
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from loopready.planning.plans import Plans
from loopready.recap.reviews import Rating, Reviews

pytestmark = pytest.mark.browser

START, REVIEW, PROGRESS = (f"notebooks/{name}.ipynb" for name in ("start-here", "review", "progress"))
PLANNER = "planner()"
NARROW = {"width": 700, "height": 900}


@pytest.fixture
def lab(new_lab):
    return new_lab


def opened(lab, path):
    """The room with a kernel that has just started, all of it run."""
    room = lab.open(path)
    room.restart()
    room.run_all()
    return room


def tab_to(page, words, most=60):
    """Press Tab until what has the focus says so."""
    for _ in range(most):
        said = page.evaluate(
            "[document.activeElement.innerText, document.activeElement.labels?.[0]?.innerText].join(' ')"
        )
        if words in said:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {words!r}")


def wider_than_the_window(place):
    """What is cut off at the right, in CSS pixels."""
    return place.evaluate("element => element.scrollWidth - element.clientWidth")


def test_a_plan_is_made_by_keyboard_and_found_after_a_restart_in_a_narrow_window(lab):
    interview = date.today() + timedelta(days=100)
    room = opened(lab, START)
    page, panel = lab.page, room.output(PLANNER)
    panel.get_by_label("Interview").focus()
    page.keyboard.type(f"{interview:%m%d%Y}")
    tab_to(page, "Sat")
    page.keyboard.press("Space")
    tab_to(page, "Plan")
    page.keyboard.press("Space")
    expect(panel).to_contain_text(f"L6 interview on {interview.day} {interview:%B %Y}, in 100 days")
    expect(panel).to_contain_text("Left out: weeks")
    tab_to(page, "Have one example of your own")
    page.keyboard.press("Space")
    plans = Plans(lab.course / "my" / "loopready.db")
    expect(panel.get_by_label("Have one example of your own")).to_be_checked()
    page.set_viewport_size(NARROW)
    room = opened(lab, START)
    panel = room.output(PLANNER)
    expect(panel).to_contain_text("in 100 days")
    assert plans.current().wish.free == {5} and plans.ticked() == {"eight-weeks/map"}
    assert wider_than_the_window(panel) <= 0 and room.errors().count() == 0
    panel.get_by_role("button", name="Write plan.ics").click()
    expect(panel).to_contain_text("events in plan.ics")
    assert b"BEGIN:VEVENT" in (lab.course / "my" / "plan.ics").read_bytes()


def test_a_press_that_a_busy_kernel_hears_late_counts_what_stood_on_the_page(lab):
    interview = date.today() + timedelta(days=100)
    room = opened(lab, START)
    page, panel = lab.page, room.output(PLANNER)
    room.hold_kernel("drawings.plan()", 5)
    panel.get_by_label("Interview").focus()
    page.keyboard.type(f"{interview:%m%d%Y}")
    panel.get_by_label("Hours a week").focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    panel.get_by_role("button", name="Plan", exact=True).press("Space")
    expect(panel).to_contain_text("in 100 days")
    wish = Plans(lab.course / "my" / "loopready.db").current().wish
    assert wish.interview == interview and wish.hours == 12


def test_a_card_is_answered_by_keyboard_alone_and_is_in_the_progress(lab):
    week = lab.course / "my" / "week-01" / "week-01.ipynb"
    week.parent.mkdir(parents=True)
    shutil.copy(lab.course / "release" / "week-01" / "week-01.ipynb", week)
    lab.page.set_viewport_size(NARROW)
    room = opened(lab, REVIEW)
    cards = room.output("review()")
    expect(cards).to_contain_text("What does Little's law need")
    cards.get_by_role("button", name="Show the answer").focus()
    for done in (1, 2):
        lab.page.keyboard.press("Space")
        expect(cards.get_by_role("button", name="Known", exact=True)).to_be_focused()
        lab.page.keyboard.press("Space")
        expect(cards.get_by_role("button", name="Show the answer")).to_be_focused()
        expect(cards).to_contain_text(f"{6 - done} cards to go")
    assert wider_than_the_window(cards) <= 0
    answers = Reviews(lab.course / "my" / "loopready.db").answers()
    assert [answer.rating for answer in answers] == [Rating.Good, Rating.Good]
    page = opened(lab, PROGRESS)
    expect(page.output("mine = progress()")).to_contain_text(
        "2 of 69 recap cards were asked, 2 are known by now"
    )
    expect(page.output("mine = progress()")).not_to_contain_text("made-up")
    assert page.errors().count() == 0
