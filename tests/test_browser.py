"""A learner's first evening, in a real browser: from the start page that `loopready lab` opens to the grade."""

import io
import re

import numpy as np
import pytest
from lab import WINDOW, Lab
from matplotlib.image import imread
from playwright.sync_api import Locator, expect
from tiny_course import TOP

pytestmark = pytest.mark.browser

START, WEEK, BUILT_WEEK = "notebooks/start-here.ipynb", "my/week-01/week-01.ipynb", "notebooks/week-01.ipynb"
SLIDER, CARD = "explore(\n    drawings.waiting", 'cards.rate(("design"'
TITLE, CURVE = slice(None, 40), slice(40, None)  # rows of the figure's pixels
RIGHT_CODEC = """\
from string import ascii_lowercase, ascii_uppercase, digits

DIGITS = digits + ascii_uppercase + ascii_lowercase


def encode(number):
    if number < 0:
        raise ValueError("negative")
    rest, last = divmod(number, 62)
    return (encode(rest) if rest else "") + DIGITS[last]


def decode(key):
    if not key:
        raise ValueError("empty")
    return sum(DIGITS.index(digit) * 62**place for place, digit in enumerate(reversed(key)))
"""
CHECKS = (
    "shortener-estimate",
    "concurrency-estimate",
    "base62-codec",
    "top-links",
    "hit-counter",
    "pair-for-budget",
)


@pytest.fixture
def second_window(lab, browser):
    """JupyterLab once more, with no tabs open."""
    page = browser.new_page(viewport=WINDOW)
    yield Lab(page, f"{lab.address}&reset", lab.course)
    page.close()


@pytest.fixture(scope="module")
def start_page(lab):
    """The start page, all of it run."""
    page = lab.open(START)
    page.run_all()
    return page


@pytest.fixture(scope="module")
def week(lab, start_page):
    """Week 1, as one press of the button opens it."""
    start_page.show().press("Open week-01")
    return lab.notebook(WEEK)


@pytest.fixture(scope="module")
def unsolved(week):
    """Week 1 with every cell run before anything is answered."""
    week.run_all()
    return week


@pytest.fixture(scope="module")
def solved(unsolved):
    """Week 1 with one kata answered and checked again, which had failed before."""
    expect(unsolved.output("base62-codec-tests")).to_contain_text("Nothing comes back yet")
    unsolved.type_in("base62-codec", RIGHT_CODEC)
    unsolved.run("base62-codec")
    unsolved.run("base62-codec-tests")
    return unsolved


def test_the_start_page_shows_the_plan_and_the_button_and_nothing_covers_them(lab, start_page):
    expect(start_page.output("drawings.plan()").locator("img")).to_be_visible()
    expect(
        start_page.output('start_button("week-01")').get_by_role("button", name="Open week-01")
    ).to_be_visible()
    expect(start_page.errors()).to_have_count(0)
    expect(lab.dialogs()).to_have_count(0)
    expect(lab.notifications()).to_have_count(0)


def test_the_button_copies_the_week_and_opens_the_copy(lab, week):
    assert week.file.read_bytes() == (TOP / "release/week-01/week-01.ipynb").read_bytes()
    expect(lab.panel(WEEK).get_by_role("heading", name="Week 1: The loop")).to_be_visible()


def test_an_unsolved_week_runs_to_its_end_and_every_check_says_what_is_missing(unsolved):
    expect(unsolved.errors()).to_have_count(0)
    for name in CHECKS:
        table = unsolved.output(f"{name}-tests")
        expect(table).to_contain_text(re.compile(r"Nothing comes back yet|\b0 of \d+ checks pass"))
        expect(table.get_by_label("pass")).to_have_count(0)
        expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile("None|not answered yet"))


def test_a_kata_typed_into_its_cell_turns_the_table_from_failed_to_passed(solved):
    table = solved.output("base62-codec-tests")
    expect(table).to_contain_text("4 of 4 checks pass; 4 more are run when you grade the week")
    expect(table.get_by_label("pass")).to_have_count(4)


def test_a_wrong_step_of_an_estimate_is_told_which_slip_it_looks_like(unsolved):
    unsolved.add_line("shortener-estimate", "new_links = 100 * million * link / day")
    unsolved.run("shortener-estimate")
    unsolved.run("shortener-estimate-tests")
    row = unsolved.output("shortener-estimate-tests").get_by_role("row").nth(1)
    expect(row).to_contain_text("links made a second")
    expect(row).to_contain_text("a factor of 30, the days in a month")


def test_the_start_page_leaves_an_answered_week_byte_for_byte_as_it_was(lab, start_page, solved):
    solved.save()
    before = solved.file.read_bytes()
    assert b"reversed(key)" in before
    start_page.show().press("Open week-01")
    expect(solved.tab).to_have_class(re.compile("jp-mod-current"))
    assert solved.file.read_bytes() == before


def test_the_slider_redraws_the_figure_and_its_title(unsolved):
    slider = unsolved.output(SLIDER).get_by_role("slider").first
    picture = unsolved.output(SLIDER).locator("img")
    shown, before = picture.get_attribute("src"), pixels(picture)
    slider.press("ArrowRight")
    expect(unsolved.output(SLIDER)).to_contain_text("0.71")
    expect(picture).not_to_have_attribute("src", shown)
    after = pixels(picture)
    assert (after[TITLE] != before[TITLE]).any()
    assert (after[CURVE] != before[CURVE]).any()


def pixels(picture: Locator) -> np.ndarray:
    """The picture as it was drawn, at twice the size at which it is shown."""
    read = "async image => [...new Uint8Array(await (await fetch(image.src)).arrayBuffer())]"
    return imread(io.BytesIO(bytes(picture.evaluate(read))))


def test_a_saved_rating_is_kept_through_a_restart_and_shown_when_the_next_is_saved(unsolved):
    card = unsolved.output(CARD)
    level = card.get_by_label("Questions and numbers")
    level.select_option(index=3)
    expect(card).to_contain_text("Not saved yet")
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Saved at ")

    unsolved.restart()
    unsolved.run("setup")
    unsolved.run(CARD)
    expect(card).to_contain_text("Last rated ")
    expect(card).not_to_contain_text("3 of 4")
    level.select_option(index=4)
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Questions and numbers 3.")


def test_the_worked_answer_opens_once_an_answer_is_written_and_not_before(solved):
    design = solved.output("worked_answer")
    solved.run("worked_answer")
    solved.press("Open a worked answer")
    expect(design).to_contain_text("your answer has 0 words as saved")
    solved.write_prose("url-shortener-design", "Six billion links in five years, " * 12)
    solved.press("Open a worked answer")
    expect(design.locator("strong").filter(has_text="Trade-offs.")).to_be_visible()


def test_the_grade_button_shows_the_points_and_the_feedback_page(lab, solved):
    solved.run("grade_button")
    solved.press("Grade week-01")
    report = solved.output("grade_button")
    expect(report.get_by_role("row").filter(has_text="base62 codec")).to_contain_text("8 of 8")
    report.get_by_text("Feedback, cell by cell").click()
    feedback = lab.panel("my/week-01/feedback.html").frame_locator("iframe")
    expect(feedback.get_by_text("8 points: 8 earned")).to_be_visible()
    expect(lab.dialogs()).to_have_count(0)


@pytest.mark.parametrize("path", [START, BUILT_WEEK])
def test_a_course_page_that_is_run_and_saved_keeps_its_bytes(second_window, path):
    page = second_window.open(path)
    for _ in range(2):
        page.run("drawings.plan()" if path == START else "setup")
        page.save()
    assert page.file.read_bytes() == (TOP / path).read_bytes()
    expect(second_window.dialogs()).to_have_count(0)
