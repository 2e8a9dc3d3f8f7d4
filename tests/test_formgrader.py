"""A week at the instructor's desk, by the formgrader's own buttons in a browser: what is in the gradebook after."""

import html
import re
import sqlite3
import time
from urllib.parse import urlsplit

import nbformat
import pytest
from formgraders import Formgrader, formgrader, is_save
from hand_ins import FILE, HAND_INS, ON_TIME, WEEK
from lab import WINDOW, Lab, copy_course, jupyterlab, until
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from tiny_course import TOP

pytestmark = pytest.mark.browser

RIGHT, WRONG = "ana maria", "rosa"  # one has an id with a space in it
DESIGN, STORY = "url-shortener-design", "ownership-story"
FROM_TESTS = {RIGHT: [12, 10, 8, 12, 12, 10], WRONG: [2, 6, 1, 2, 4, 0]}
MARKUP = "Say what the cache costs: <b>per</b> request & second."


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """JupyterLab on the course, with an exchange of its own and no way out to the network."""
    course, home = copy_course(tmp_path_factory.mktemp("course")), tmp_path_factory.mktemp("home")
    for folder in ("config_dir", "exchange"):
        (home / folder).mkdir()
    # As nbgrader wants it.
    (home / "exchange").chmod(0o777)
    exchange = f"c = get_config()\nc.Exchange.root = {str(home / 'exchange')!r}\n"
    (home / "config_dir" / "nbgrader_config.py").write_text(exchange)
    with jupyterlab(course, home) as address:
        page = browser.new_context(viewport=WINDOW).new_page()
        lab = Lab(page, address, course)
        lab.home, lab.elsewhere = home, []
        page.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: refused(route, lab))
        page.goto(urlsplit(address)._replace(path="/lab").geturl())
        yield lab
        page.context.close()


def refused(route, lab):
    lab.elsewhere.append(route.request.url)
    route.abort()


def book(lab) -> dict[str, dict[str, tuple]]:
    """Each learner's cells in the gradebook: points from tests, points by hand, comment, waits for a person."""
    with Gradebook(f"sqlite:///{lab.course / 'gradebook.db'}", "loopready") as opened:
        notebooks = {one.student.id: one.notebooks[0] for one in opened.find_assignment(WEEK).submissions}
        comments = {learner: {c.name: c.comment for c in one.comments} for learner, one in notebooks.items()}
        return {
            learner: {
                g.name: (g.auto_score, g.manual_score, comments[learner].get(g.name), g.needs_manual_grade)
                for g in one.grades
            }
            for learner, one in notebooks.items()
        }


@pytest.fixture(scope="module")
def released(lab):
    """The week generated and released."""
    desk = formgrader(lab.page)
    desk.press("Generate", WEEK)
    desk.press("Release", WEEK)
    return desk


@pytest.fixture(scope="module")
def collected(lab, released):
    """What two learners handed in, collected."""
    outbound = lab.home / "exchange" / "loopready" / "outbound" / WEEK / FILE
    papers = {one.learner: one for one in HAND_INS}
    for learner, one in ((RIGHT, HAND_INS[0]), (WRONG, papers["rosa"])):
        target = lab.home / "exchange" / "loopready" / "inbound" / f"{learner}+{WEEK}+{ON_TIME}+x"
        target.mkdir()
        files = one.files(nbformat.read(outbound, as_version=4))
        for name, text in {"timestamp.txt": ON_TIME, "submission_secret.txt": learner, **files}.items():
            (target / name).write_text(text)
    released.press("Collect", WEEK)
    return released


@pytest.fixture(scope="module")
def autograded(collected):
    """Both graded by the tests, each by the button in its row."""
    collected.submissions(WEEK)
    collected.press("Autograde", RIGHT)
    collected.press("Autograde", WRONG)
    return collected


@pytest.fixture(scope="module")
def rated(lab, autograded):
    """Design and story of the one with everything right, rated by hand."""
    desk = autograded
    desk.clicks, begun = 0, time.monotonic()
    desk.open(WEEK, RIGHT)
    desk.give(DESIGN, "15", MARKUP)
    desk.give(STORY, "12.8", "The result is a number. Good.")
    lab.cost = f"{desk.clicks} clicks and {time.monotonic() - begun:.1f} s for the two grades of one learner"
    return desk


@pytest.fixture(scope="module")
def given_back(lab, rated):
    """Feedback generated and released."""
    rated.go("Manual Grading")
    rated.go("Manage Assignments")
    rated.press("Generate Feedback", WEEK)
    rated.press("Release Feedback", WEEK)
    return rated


def test_generate_makes_the_notebook_that_the_repository_shows_and_enters_the_points(lab, released):
    made = (lab.course / "release" / WEEK / FILE).read_bytes()
    assert made == (TOP / "release" / WEEK / FILE).read_bytes()
    with Gradebook(f"sqlite:///{lab.course / 'gradebook.db'}", "loopready") as opened:
        assert opened.find_assignment(WEEK).max_score == 100


def test_release_puts_the_notebook_into_the_exchange_and_says_so_in_its_row(lab, released):
    outbound = lab.home / "exchange" / "loopready" / "outbound" / WEEK / FILE
    assert outbound.read_bytes() == (lab.course / "release" / WEEK / FILE).read_bytes()


def test_collect_brings_what_was_handed_in(lab, collected):
    assert {path.name for path in (lab.course / "submitted").iterdir()} == {RIGHT, WRONG}


@pytest.mark.parametrize("learner", [RIGHT, WRONG])
def test_autograde_records_the_points_that_were_earned(lab, autograded, learner):
    cells = book(lab)[learner]
    assert [cells[name][0] for name in cells if name.endswith("-tests")] == FROM_TESTS[learner]
    assert (lab.course / "autograded" / learner / WEEK / FILE).is_file()


def test_points_and_comment_given_in_the_page_are_in_the_gradebook(lab, rated):
    print("manual grade:", lab.cost)
    cells = book(lab)[RIGHT]
    assert cells[DESIGN] == (None, 15.0, MARKUP, False)
    assert cells[STORY] == (None, 12.8, "The result is a number. Good.", False)


def test_the_learner_who_was_not_rated_still_waits(lab, rated):
    assert [book(lab)[WRONG][name][1:] for name in (DESIGN, STORY)] == [(None, None, True)] * 2


def test_feedback_has_points_and_comments_and_shows_markup_as_it_was_typed(lab, given_back):
    text = (lab.course / "feedback" / RIGHT / WEEK / f"{WEEK}.html").read_text(encoding="utf-8")
    said = html.unescape(re.sub("<[^>]+>", "", text))
    assert f"{WEEK}: 91.8 of 100 points" in said
    assert "The result is a number. Good." in said


def test_released_feedback_is_the_page_that_was_generated(lab, given_back):
    pages = {path.read_bytes() for path in (lab.home / "exchange" / "loopready" / "feedback").glob("*.html")}
    made = (lab.course / "feedback").glob(f"*/{WEEK}/{WEEK}.html")
    assert pages == {path.read_bytes() for path in made} and len(pages) == 2


@pytest.fixture
def notebook(lab, rated):
    """The wrong learner's notebook in a tab of its own, as often as one asks for it."""
    with Gradebook(f"sqlite:///{lab.course / 'gradebook.db'}", "loopready") as opened:
        one = opened.find_submission_notebook(WEEK, WEEK, WRONG).id
    pages = []

    def opened_again():
        page = lab.page.context.new_page()
        pages.append(page)
        page.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: refused(route, lab))
        page.goto(urlsplit(lab.address)._replace(path=f"/formgrader/submissions/{one}/").geturl())
        desk = Formgrader(page, page)
        desk.ready()
        return desk

    yield opened_again
    for page in pages:
        page.close()


def saves(desk, cell: str, points: str):
    """Type points; gives the server's answer."""
    with desk.page.expect_response(is_save("grade")) as saved:
        desk.score(cell).fill(points)
        desk.page.keyboard.press("Tab")
    return saved.value


def test_the_second_of_two_instructors_is_shown_the_firsts_points_and_chooses(lab, notebook):
    first, second = notebook(), notebook()
    assert saves(first, DESIGN, "10").ok
    assert saves(second, DESIGN, "12").status == 409
    expect(second.unsaved(DESIGN)).to_contain_text(
        "since you opened this page somebody else has changed it to 10 points"
    )
    expect(second.score(DESIGN)).to_have_value("12")
    assert book(lab)[WRONG][DESIGN][1] == 10
    with second.page.expect_response(is_save("grade")):
        second.click(second.unsaved(DESIGN).get_by_role("button", name="Save mine"))
    expect(second.unsaved(DESIGN)).to_have_count(0)
    assert book(lab)[WRONG][DESIGN][1] == 12


def test_points_that_another_program_has_written_meanwhile_are_shown_too(lab, notebook):
    desk = notebook()
    set_points(lab, 4)
    assert saves(desk, DESIGN, "5").status == 409
    desk.click(desk.unsaved(DESIGN).get_by_role("button", name="Take theirs"))
    expect(desk.score(DESIGN)).to_have_value("4")
    assert book(lab)[WRONG][DESIGN][1] == 4


def test_a_comment_is_not_written_over_unasked_either(lab, notebook):
    first, second = notebook(), notebook()
    for desk, text, status in ((first, "Sound.", 200), (second, "Thin.", 409)):
        with desk.page.expect_response(is_save("comment")) as saved:
            desk.comment(STORY).fill(text)
            desk.page.keyboard.press("Tab")
        assert saved.value.status == status
    expect(second.frame.get_by_role("alert")).to_contain_text("somebody else has changed it to “Sound.”")
    assert book(lab)[WRONG][STORY][2] == "Sound."


def test_extra_credit_that_is_being_typed_when_the_points_are_saved_stays(lab, notebook):
    desk, late = notebook(), []
    desk.page.route("**/formgrader/api/grade/*", lambda route: late.append(route))
    desk.score(DESIGN).fill("7")
    desk.page.keyboard.press("Tab")
    until(lambda: late, desk.page)
    extra = desk.frame.locator(f"[id='{DESIGN}_extra_credit']")
    extra.press_sequentially("2")
    with desk.page.expect_response(is_save("grade")):
        late[0].continue_()
    desk.page.unroute("**/formgrader/api/grade/*")
    extra.press_sequentially(".5")
    with desk.page.expect_response(is_save("grade")) as saved:
        desk.page.keyboard.press("Tab")
    said = saved.value.json()
    assert (said["manual_score"], said["extra_credit"]) == (7, 2.5)
    with desk.page.expect_response(is_save("grade")) as saved:
        extra.fill("")
        desk.page.keyboard.press("Tab")
    assert saved.value.ok


def test_points_typed_before_the_page_has_those_of_the_gradebook_are_saved(lab, notebook):
    set_points(lab, 3)
    desk, late = notebook(), []
    desk.page.route("**/formgrader/api/grades?*", lambda route: late.append(route))
    desk.page.reload()
    until(lambda: late, desk.page)
    desk.score(DESIGN).fill("9")
    desk.page.keyboard.press("Tab")
    with desk.page.expect_response(is_save("grade")) as saved:
        late[0].continue_()
    assert saved.value.ok and book(lab)[WRONG][DESIGN][1] == 9
    expect(desk.score(DESIGN)).to_have_value("9")


def test_what_is_entered_before_the_rubric_is_there_stays(lab, notebook):
    set_points(lab, 6)
    desk, late = notebook(), []
    desk.page.route("**/loopready/levels/submissions/*", lambda route: late.append(route))
    desk.page.reload()
    desk.ready()
    until(lambda: late, desk.page)
    seen = late[0].fetch()
    assert saves(desk, DESIGN, "8").ok
    desk.comment(DESIGN).fill("Half a sentence")
    desk.page.unroute("**/loopready/levels/submissions/*")
    late[0].fulfill(response=seen)
    panel = desk.frame.get_by_role("group", name=f"Rubric of {DESIGN}", exact=True)
    expect(panel).to_be_visible()
    expect(desk.score(DESIGN)).to_have_value("8")
    expect(desk.comment(DESIGN)).to_have_value("Half a sentence")
    # What the panel was told is older than the points; levels given now are not taken for a second instructor's.
    panel.get_by_role("radio").first.focus()
    for _ in range(panel.get_by_role("radiogroup").count()):
        desk.page.keyboard.press("3")
    expect(panel.get_by_role("status")).to_contain_text("points by ")
    assert book(lab)[WRONG][DESIGN][2] == "Half a sentence"


def test_two_instructors_on_different_cells_both_save(lab, notebook):
    first, second = notebook(), notebook()
    assert saves(first, DESIGN, "11").ok
    assert saves(second, STORY, "9").ok
    assert [book(lab)[WRONG][name][1] for name in (DESIGN, STORY)] == [11, 9]


def test_the_same_instructor_may_change_their_mind(lab, notebook):
    desk = notebook()
    assert [saves(desk, STORY, points).ok for points in ("5", "6", "7")] == [True] * 3
    assert book(lab)[WRONG][STORY][1] == 7


def test_a_key_goes_on_to_the_next_learner(lab, notebook):
    desk = notebook()
    begun = desk.page.url.split("?")[0]
    desk.page.keyboard.press("Control+.")
    # After the last comes the list.
    expect(desk.page).to_have_url(re.compile(r"/formgrader/(submissions/\w+/\?index=\d+|gradebook/)"))
    assert begun not in desk.page.url


def test_a_gradebook_that_another_program_holds_is_said_and_the_next_save_works(lab, notebook):
    desk = notebook()
    with sqlite3.connect(lab.course / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert saves(desk, DESIGN, "13").status == 503
        other.execute("ROLLBACK")
    other.close()
    expect(desk.unsaved(DESIGN)).to_contain_text(
        "Not saved: the gradebook cannot be used (database is locked)"
    )
    expect(desk.score(DESIGN)).to_have_value("13")
    with desk.page.expect_response(is_save("grade")) as again:
        desk.click(desk.unsaved(DESIGN).get_by_role("button", name="Try again"))
    assert again.value.ok
    assert book(lab)[WRONG][DESIGN][1] == 13


@pytest.mark.parametrize(
    "version, says",
    [("724cde206c17", "older nbgrader"), ("ffffffffffff", "newer nbgrader")],
    ids=["older", "newer"],
)
def test_a_gradebook_of_another_nbgrader_is_said_in_the_page(lab, given_back, version, says):
    before = set_version(lab, version)
    try:
        given_back.go("Manage Students")
        expect(given_back.frame.locator("#unusable")).to_contain_text(says)
    finally:
        set_version(lab, before)


def set_points(lab, points: float) -> None:
    with Gradebook(f"sqlite:///{lab.course / 'gradebook.db'}", "loopready") as opened:
        opened.find_grade(DESIGN, WEEK, WEEK, WRONG).manual_score = points
        opened.db.commit()


def set_version(lab, version: str) -> str:
    with sqlite3.connect(lab.course / "gradebook.db") as opened:
        [before] = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        opened.execute("UPDATE alembic_version SET version_num = ?", (version,))
    opened.close()
    return before


def test_nothing_is_asked_of_any_other_machine(lab, given_back):
    assert lab.elsewhere == []
