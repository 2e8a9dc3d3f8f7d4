"""A class on JupyterHub, by the files and commands of docs/class.md: three learners, an instructor, the exchange."""

import html
import re
import time

import nbformat
import psutil
import pytest
from formgraders import formgrader
from hand_ins import FILE, HAND_INS, WEEK
from hub import HUB, PAGE, Hub, Person, lines, running, set_up
from lab import PATIENCE, WINDOW
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect
from traitlets.config import PyFileConfigLoader

pytestmark = pytest.mark.browser

DESK = "/services/loopready/"
DESIGN, STORY = "url-shortener-design", "ownership-story"
BY_MOUSE, BY_COMMAND, NOTHING = "ann", "ben", "cara"
FROM_TESTS = {BY_MOUSE: [12, 10, 8, 12, 12, 10], BY_COMMAND: [2, 6, 1, 2, 4, 0], NOTHING: [0] * 6}
PAPERS = {one.learner: one for one in HAND_INS}
HANDED_IN = {BY_MOUSE: HAND_INS[0], BY_COMMAND: PAPERS["rosa"], NOTHING: PAPERS["ann"]}


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with running(set_up(tmp_path_factory.mktemp("hub") / "class")) as hub:
        yield hub


def enter(browser, hub: Hub, name: str, path: str) -> Page:
    """Log in in a browser of one's own, and wait for JupyterLab."""
    page = browser.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{hub.address}/hub/login?next={path}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(hub.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("menuitem", name="Nbgrader", exact=True)).to_be_visible()
    return page


@pytest.fixture(scope="module")
def instructor(hub, browser):
    """Iris at the desk, with her formgrader open."""
    return formgrader(enter(browser, hub, "iris", DESK))


@pytest.fixture(scope="module")
def released(hub, instructor):
    """The roster in the gradebook, and the week in the exchange."""
    desk = Person(hub, "iris").at(DESK)
    imported, _ = lines("desk")
    said = desk.types(imported)
    # The hub refuses to enter them where the desk lacks the right, and nbgrader ends with 0 all the same.
    assert (said.code, said.text.count("NOT added")) == (0, 0), said.text
    instructor.press("Generate", WEEK)
    instructor.press("Release", WEEK)
    return instructor


@pytest.fixture(scope="module")
def ann(hub, released, browser):
    """Ann's JupyterLab with her list of assignments."""
    page = enter(browser, hub, BY_MOUSE, "/hub/spawn")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Assignment List", exact=True).click()
    return page


@pytest.fixture(scope="module")
def others(hub, released):
    """Ben and Cara, each with a terminal of their own server."""
    return [Person(hub, name).start() for name in (BY_COMMAND, NOTHING)]


@pytest.fixture(scope="module")
def handed_in(hub, ann, others):
    """The week fetched, worked on and handed in: by the list in the browser, and by the page's commands."""
    ann.get_by_role("button", name="Fetch", exact=True).click()
    expect(ann.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    work(hub, BY_MOUSE)
    ann.get_by_role("button", name="Submit", exact=True).click()
    expect(ann.get_by_role("button", name="Fetch Feedback", exact=True)).to_be_visible()
    fetch, submit, _ = lines("learner")
    for one in others:
        said = one.types(fetch)
        assert said.code == 0, said.text
        work(hub, one.name)
        said = one.types(submit)
        assert said.code == 0, said.text
    return ann


def work(hub: Hub, learner: str) -> None:
    """Answer in the fetched notebook, as it is saved in the learner's home."""
    path = hub.folder / "homes" / learner / WEEK / FILE
    path.write_text(HANDED_IN[learner].files(nbformat.read(path, as_version=4))[FILE])


@pytest.fixture(scope="module")
def graded(hub, handed_in, released):
    """Collected, graded by the tests by button and by command, and Ann's design and story rated by hand."""
    desk = released
    desk.press("Collect", WEEK)
    desk.submissions(WEEK)
    desk.press("Autograde", BY_MOUSE)
    _, grade = lines("desk")
    said = Person(hub, "iris").at(DESK).types(grade)
    assert said.code == 0, said.text
    begun, desk.clicks = time.monotonic(), 0
    desk.open(WEEK, "Abe, Ann")
    desk.give(DESIGN, "15", "Say what the cache costs.")
    desk.give(STORY, "12.8", "The result is a number.")
    print(f"\nmanual grade at the desk: {desk.clicks} clicks, {time.monotonic() - begun:.1f} s for two cells")
    return desk


@pytest.fixture(scope="module")
def given_back(hub, graded, ann, others):
    """Feedback generated and released, and fetched by each."""
    graded.go("Manual Grading")
    graded.go("Manage Assignments")
    graded.press("Generate Feedback", WEEK)
    graded.press("Release Feedback", WEEK)
    ann.get_by_role("button", name="Fetch Feedback", exact=True).click()
    expect(ann.get_by_text("(view feedback)")).to_be_visible()
    *_, fetch = lines("learner")
    for one in others:
        said = one.types(fetch)
        assert said.code == 0, said.text
    return ann


def grades(hub: Hub, learner: str) -> dict[str, tuple]:
    """The learner's cells in the gradebook: points from tests, and by hand."""
    with Gradebook(f"sqlite:///{hub.folder / 'course' / 'gradebook.db'}", "loopready") as book:
        [notebook] = book.find_submission(WEEK, learner).notebooks
        return {one.name: (one.auto_score, one.manual_score) for one in notebook.grades}


def test_the_hub_does_not_start_with_an_id_that_cannot_be_a_folder(tmp_path):
    folder = set_up(tmp_path / "class")
    with (folder / "roster.csv").open("a") as roster:
        roster.write("dan/dee,Dan,Dee,dan@example.org\n")
    with pytest.raises(SystemExit, match=r"^roster.csv: 'dan/dee': .*cannot have a slash in it"):
        PyFileConfigLoader("jupyterhub_config.py", path=str(folder / "hub")).load_config()


def test_a_learner_s_stories_are_kept_in_their_home(hub, others):
    said = others[0].types('python -c "from loopready.store import Store; print(Store().path)"')
    assert str(hub.folder / "homes" / BY_COMMAND / "loopready.db") in said.text


def test_the_page_shows_the_files_that_the_test_runs():
    shown = re.findall(r"^```python (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(shown) == 3
    assert [name for name, text in shown if (HUB.parents[1] / name).read_text() != text] == []


@pytest.mark.parametrize("learner", FROM_TESTS)
def test_each_learner_gets_the_points_that_the_answers_earn(hub, graded, learner):
    cells = grades(hub, learner)
    assert [cells[name][0] for name in cells if name.endswith("-tests")] == FROM_TESTS[learner]


def test_points_given_at_the_desk_are_in_the_gradebook(hub, graded):
    cells = grades(hub, BY_MOUSE)
    assert (cells[DESIGN][1], cells[STORY][1]) == (15.0, 12.8)


@pytest.mark.parametrize("learner, total", [(BY_MOUSE, "91.8"), (BY_COMMAND, "15"), (NOTHING, "0")])
def test_each_learner_has_their_own_feedback_in_their_home(hub, given_back, learner, total):
    [page] = (hub.folder / "homes" / learner / WEEK / "feedback").glob(f"*/{WEEK}.html")
    said = html.unescape(re.sub("<[^>]+>", "", page.read_text(encoding="utf-8")))
    assert f"{WEEK}: {total} of 100 points" in said


def test_the_learner_reads_the_feedback_in_jupyterlab(hub, given_back):
    given_back.get_by_text("(view feedback)").click()
    given_back.locator(".jp-DirListing-item", has_text=f"{WEEK}.html").dblclick()
    page = given_back.frame_locator(".jp-HTMLViewer iframe, iframe.jp-IFrame-iframe, .jp-IFrame iframe").first
    expect(page.get_by_text("Say what the cache costs.").first).to_be_visible()


def test_the_roster_stands_in_the_gradebook_with_its_names(hub, released):
    with Gradebook(f"sqlite:///{hub.folder / 'course' / 'gradebook.db'}", "loopready") as book:
        assert {one.id: one.last_name for one in book.students} == {
            "ann": "Abe",
            "ben": "Öz",
            "cara": "de la Cruz",
        }


def test_a_learner_is_not_let_to_the_desk(hub):
    ben = Person(hub, BY_COMMAND)
    assert ben.web.get(f"{hub.address}{DESK}formgrader/", timeout=PATIENCE).status_code == 403


def test_a_learner_has_no_formgrader_of_their_own(hub, others):
    for one in others:
        assert one.asks("formgrader/api/assignments").status_code == 404


def test_somebody_who_is_not_in_the_roster_does_not_come_in(hub):
    assert Person(hub, "mallory").logged_in.status_code == 403


def test_the_hub_and_all_that_it_started_end_with_the_program_that_started_it(hub, given_back):
    hub.end()
    assert len(hub.started) > 4
    _, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in hub.started if psutil.pid_exists(pid)], timeout=10
    )
    assert alive == []
