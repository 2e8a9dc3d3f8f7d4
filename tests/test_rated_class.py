"""A class graded by tests and by hand: its pages say what the gradebook says, and do nothing that a learner wants."""

import html
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from lab import jupyterlab, until
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from rated_class import LATE, WEEK, course, hand_in, handed_in, page
from tiny_class import nbgrader
from tiny_course import command

SETTINGS = """
c.LateWork.percent = 10
c.LateWork.grace_hours = 0.25
"""
NAMES = ["Questions and numbers", "The whole", "Depth", "Failure and running it", "Trade-offs"]


def attacks() -> list[tuple[str, str, str]]:
    """What is tried: where it stands, what it is called, and its text."""
    text = Path(__file__).with_name("scripts.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w+) (.+?)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


_MIME = {"html": "text/html", "javascript": "application/javascript", "svg": "image/svg+xml"}


def attacking():
    """A week in which every attack stands: in prose, in what a cell shows, in a design, a file, and metadata."""
    tried = attacks()
    prose = "\n\n".join(text for kind, _, text in tried if kind == "markdown")
    paper = handed_in("print('<script>document.title=1</script>'); return 2 * n", design=prose)
    for kind, _, text in tried:
        if kind == "markdown":
            paper.cells.insert(0, new_markdown_cell(text))
        else:
            shows = f"display({{{_MIME[kind]!r}: {text!r}}}, raw=True, metadata={{'text/html': {{'isolated': True}}}})"
            paper.cells.insert(0, new_code_cell(shows))
    paper.cells.insert(
        0,
        new_markdown_cell("![file](attachment:a.svg)", attachments={"a.svg": {"text/html": "PHNjcmlwdD4="}}),
    )
    paper.cells[0].metadata.tags = ['"><script>document.title="owned"</script>']
    return paper


def gradebook(top: Path, learner: str) -> SimpleNamespace:
    """What nbgrader has of a learner."""
    with Gradebook(f"sqlite:///{top / 'gradebook.db'}", "loopready") as book:
        notebook = book.find_submission_notebook(WEEK, WEEK, learner)
        found = SimpleNamespace(
            id=notebook.id,
            score=notebook.score,
            penalty=notebook.late_submission_penalty,
            points={grade.name: grade.manual_score for grade in notebook.grades},
            comments={one.name: one.manual_comment for one in notebook.comments},
        )
        book.engine.dispose()
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """The class after its grading: ann is right, bob wrong and late, cy late with an extension, mal attacks."""
    top = course(tmp_path_factory.mktemp("rated") / "course", SETTINGS)
    hand_in(top, "ann", handed_in())
    hand_in(top, "bob", handed_in("return 4"), LATE)
    hand_in(top, "cy", handed_in(), LATE)
    hand_in(top, "mal", attacking())
    (top / "extensions.csv").write_text("learner,week,hours,why\ncy,week-01,48,ill\n")
    done = command(top, "grade", WEEK, "--class")
    assert done.returncode == 0, done.stderr
    return top


@pytest.fixture(scope="module")
def rated(graded) -> Path:
    """The class after ann and bob were rated, and everybody's page was made."""
    for words in [
        ("ann", "design", "3", "3", "4", "2", "3", "--comment", "Say what the cache costs."),
        ("bob", "story", "4", "4", "4", "4", "4"),
    ]:
        assert command(graded, "rubric", WEEK, *words).returncode == 0
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}", "loopready") as book:
        book.update_or_create_student("ann", first_name="Ann <i>", last_name="O'Abe")
        book.engine.dispose()
    nbgrader(graded, "generate_feedback", WEEK)
    return graded


def words(path: Path, between: str = " ") -> str:
    """What a reader sees of a page, with `between` in the place of markup and each run of white space one space."""
    text = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]+>", between, text)).split())


def test_a_page_begins_with_the_points_by_room_against_their_targets(rated):
    said = words(page(rated, "ann"))
    assert "week-01: 25 of 47 points; 16 of them are not graded yet" in said
    assert (
        "Estimates 6 of 6 at or above 4.8 Katas 4 of 5 at or above 4 Design 15 of 20 at or above 15 Story 0 of 16 not"
        in said
    )


def test_a_page_shows_comment_and_levels_and_what_the_next_level_sounds_like(rated):
    said = words(page(rated, "ann"))
    assert "queue design Say what the cache costs." in said
    assert (
        "Failure and running it 2 of 4 Everything is replicated, and that is the end of it. Loss of each part"
        in said
    )
    assert "This is the highest." in said


def test_a_name_with_markup_in_it_is_a_name(rated):
    assert "Feedback for Ann <i> O'Abe (ann)" in words(page(rated, "ann"))
    assert "<i> O" not in page(rated, "ann").read_text()


def test_whoever_was_late_reads_the_rule_and_what_it_took_of_all_points(rated):
    assert gradebook(rated, "bob").penalty == pytest.approx(0.2 * gradebook(rated, "bob").score, abs=0.005)
    said = words(page(rated, "bob"))
    assert (
        "That is 1 day 1 hour late. Each day begun after a grace of 15 minutes takes 10 % of the points earned."
        in said
    )
    assert (
        f"2 days begun: {gradebook(rated, 'bob').penalty:g} of your {gradebook(rated, 'bob').score:g} points"
        in said
    )


def test_whoever_was_given_longer_pays_nothing_and_reads_until_when(rated):
    assert gradebook(rated, "cy").penalty is None
    assert "You were given 2 days longer, until 2 February 2027, 18:00 UTC. That is in time." in words(
        page(rated, "cy")
    )


def test_nbgraders_own_grading_takes_what_ours_takes(graded, tmp_path):
    ours = gradebook(graded, "bob")
    copy = shutil.copytree(graded, tmp_path / "copy")
    nbgrader(copy, "autograde", WEEK, "--student", "bob", "--force")
    assert gradebook(copy, "bob").penalty == ours.penalty != 0


def test_the_list_of_late_work_names_everybody(rated):
    listed = command(rated, "late", WEEK).stdout.splitlines()
    assert listed[0] == "Each day begun after a grace of 15 minutes takes 10 % of the points earned."
    assert listed[1] == "ann: in time" and listed[3] == "cy: in time; given 2 days"
    assert listed[2].startswith("bob: 1 day 1 hour; takes ")


@pytest.mark.parametrize(
    "text, says",
    [("learner,week,hours\nzoe,week-01,3\n", "extensions.csv names the learner 'zoe', whom the course does not know"),
     ("learner,week,hours\nann,week-09,3\n", "extensions.csv names the week 'week-09' for ann; the gradebook has "
      "week-01"),
     ("learner;week;hours\n", "extensions.csv has no column learner: its first line is learner,week,hours")],
    ids=["an unknown learner", "an unknown week", "semicolons"],
)  # fmt: skip
def test_a_class_is_not_graded_by_extensions_that_cannot_be_meant(graded, tmp_path, text, says):
    kept = (graded / "extensions.csv").read_text()
    (graded / "extensions.csv").write_text(text)
    try:
        done = command(graded, "grade", WEEK, "--class")
    finally:
        (graded / "extensions.csv").write_text(kept)
    assert (done.returncode, done.stderr.strip()) == (1, f"loopready: {says}")


def test_hidden_tests_are_on_no_page_unless_the_course_says_so(rated, tmp_path):
    hidden, shown = "assert double(-31337) == -62674", "assert double(5) == 10"
    assert shown in words(page(rated, "ann"), "") and "twice a debt" in words(page(rated, "ann"))
    assert hidden not in words(page(rated, "ann"), "")
    copy = shutil.copytree(rated, tmp_path / "copy")
    config = copy / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.HideTests.enabled = False\n")
    nbgrader(copy, "generate_feedback", WEEK, "--student", "ann", "--force")
    assert hidden in words(page(copy, "ann"), "")


def test_with_the_referee_on_a_page_has_no_value_of_a_hidden_case(graded, tmp_path):
    copy = shutil.copytree(graded, tmp_path / "copy")
    with (copy / "nbgrader_config.py").open("a") as config:
        config.write("\nfrom loopready.referee.settings import refereed\nrefereed(c, uncontained=True)\n")
    nbgrader(copy, "autograde", WEEK, "--student", "bob", "--force")
    nbgrader(copy, "generate_feedback", WEEK, "--student", "bob", "--force")
    text = page(copy, "bob").read_text()
    assert "twice a debt" in text and "double(5)" in text
    assert "31337" not in text and "62674" not in text


def test_the_command_says_what_the_rubrics_are_worth_and_who_waits(rated):
    listed = command(rated, "rubric", WEEK).stdout
    assert "queue-design: the sum of the levels: 20 at most, 15 for a 3 in each row" in listed
    assert "outage-story: the sum of the levels times 0.64: 16 at most, 12.8 for a 4 in each row" in listed
    assert "ann: outage-story waits" in listed and "ann: queue-design waits" not in listed


@pytest.mark.parametrize(
    "typed, says",
    [
        (("ann", "design", "4", "4", "4", "4", "4"), "ann has 15 of 20"),
        (("bob", "design", "4", "4", "4", "4", "7"), "Trade-offs has the levels 1 to 4; got 7"),
        (("zoe", "design"), "the gradebook has no hand-in of 'zoe' for week-01"),
        (("ann", "double-tests", "1"), "double-tests has no rubric"),
    ],
    ids=["given already", "no such level", "no such learner", "no rubric"],
)
def test_the_command_refuses_in_one_line(rated, typed, says):
    done = command(rated, "rubric", WEEK, *typed)
    assert done.returncode == 1 and says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_gradebook_the_commands_say_what_to_do(graded, tmp_path):
    shutil.copytree(graded, tmp_path / "new", ignore=shutil.ignore_patterns("gradebook.db"))
    done = command(tmp_path / "new", "rubric", WEEK)
    assert "no gradebook at gradebook.db: run `nbgrader generate_assignment` first" in done.stderr
    assert not (tmp_path / "new" / "gradebook.db").exists()


@pytest.fixture
def visit(browser):
    """Opens a page and says what it did; nothing of the network is there, and every request is written down."""
    contexts = []

    def opened(path: Path, **options) -> SimpleNamespace:
        context = browser.new_context(**options)
        contexts.append(context)
        sheet, asked = context.new_page(), []
        sheet.on(
            "request",
            lambda one: asked.append(one.url) if not one.url.startswith(("file:", "data:")) else None,
        )
        address = path.as_uri()
        sheet.goto(address)
        sheet.wait_for_timeout(600)
        return SimpleNamespace(page=sheet, asked=asked, address=address)

    yield opened
    for context in contexts:
        context.close()


# What is drawn at a point is the headline itself.
UNCOVERED = """() => {
    const box = document.querySelector("header h1").getBoundingClientRect();
    const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return box.height > 10 && over !== null && over.closest("h1") !== null && over.closest("header") !== null;
}"""
FORBIDDEN = (
    "main :is(script, iframe, object, embed, svg, form, input, button, link, meta, base, style)",
    "main [id]:not(section)",
)
HANDLERS = """() => [...document.querySelectorAll("*")]
    .filter((one) => [...one.attributes].some((each) => each.name.startsWith("on"))).length"""


@pytest.mark.browser
def test_nothing_that_a_learner_wrote_does_anything_on_their_page(rated, visit):
    seen = visit(page(rated, "mal"))
    assert seen.page.title() == "week-01: feedback for mal"
    assert (seen.page.url, seen.asked) == (seen.address, [])
    assert seen.page.evaluate(UNCOVERED)
    assert seen.page.locator("header").count() == 1
    assert [seen.page.locator(one).count() for one in FORBIDDEN] == [0, 0]
    assert seen.page.evaluate(HANDLERS) == 0


@pytest.mark.browser
def test_links_of_a_learner_lead_to_pages_and_run_nothing(rated, visit):
    seen = visit(page(rated, "mal"))
    addresses = seen.page.eval_on_selector_all(
        "main .box a", "all => all.map(one => one.getAttribute('href'))"
    )
    assert [one for one in addresses if one and not one.startswith(("http://", "https://", "mailto:"))] == []


@pytest.mark.browser
def test_a_script_that_slipped_through_would_not_run_nor_a_style_sheet_count(rated, visit, tmp_path):
    text = page(rated, "mal").read_text()
    slipped = tmp_path / "slipped.html"
    script = "document.title='owned'"
    evil = f'<script>{script}</script><img src="x" onerror="{script}"><style>h1 {{ display: none }}</style>'
    slipped.write_text(text.replace("</main>", f"{evil}</main>"))
    seen = visit(slipped)
    assert seen.page.title() == "week-01: feedback for mal"
    assert seen.page.evaluate(UNCOVERED)


@pytest.mark.browser
def test_the_same_attacks_own_nbgraders_page(rated, visit, tmp_path):
    stock = shutil.copytree(rated, tmp_path / "stock")
    (stock / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'loopready'\n")
    nbgrader(stock, "generate_feedback", WEEK, "--student", "mal", "--force")
    seen = visit(page(stock, "mal"))
    assert seen.page.title() == "owned" or seen.asked


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 700, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_fits_its_window_and_its_words_can_be_told_from_their_ground(rated, visit, width, theme):
    seen = visit(page(rated, "ann"), viewport={"width": width, "height": 900}, color_scheme=theme)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = (
        seen.page.evaluate(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor")
    )
    assert (light(ink) - light(paper)) * (1 if theme == "dark" else -1) > 400


def light(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


@pytest.fixture
def desk(rated, browser, tmp_path):
    """The formgrader in JupyterLab's server, in a copy of the class; gives a function that opens a learner's work."""
    top = shutil.copytree(rated, tmp_path / "course")
    (tmp_path / "home").mkdir()
    with jupyterlab(top, tmp_path / "home") as address:
        base, token = re.match(r"(http://[^/]+)/.*token=(\w+)", address).groups()
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.request.get(f"{base}/login?token={token}")

        def opened(learner: str):
            sheet = context.new_page()
            sheet.set_default_timeout(60_000)
            sheet.goto(f"{base}/formgrader/submissions/{gradebook(top, learner).id}/")
            expect(rubric(sheet)).to_be_visible(timeout=60_000)
            return sheet

        yield SimpleNamespace(top=top, open=opened)
        context.close()


def rubric(sheet, cell: str = "queue-design"):
    return sheet.get_by_role("group", name=f"Rubric of {cell}", exact=True)


def state(sheet, cell: str = "queue-design"):
    return rubric(sheet, cell).get_by_role("status")


def give(sheet, keys: str) -> None:
    """By keyboard alone, from nbgrader's own field for extra credit on."""
    sheet.locator("#queue-design_extra_credit").focus()
    sheet.keyboard.press("Tab")
    for key in keys:
        sheet.keyboard.press(key)


@pytest.mark.browser
def test_an_instructor_gives_levels_and_comments_by_keyboard_and_two_at_once_lose_nothing(desk):
    first, second = desk.open("cy"), desk.open("cy")
    give(first, "33423bd")
    expect(state(first)).to_contain_text("15 of 20 points by ")
    expect(first.locator("#queue-design")).to_have_value("15")
    expect(first.locator("#queue-design-comment")).to_have_value(
        re.compile("^Follow one request.*\n\nSay what the user")
    )
    until(lambda: gradebook(desk.top, "cy").comments["queue-design"], first)
    kept = gradebook(desk.top, "cy")
    assert kept.points["queue-design"] == 15
    assert kept.comments["queue-design"].startswith("Follow one request")

    give(second, "11111")
    expect(state(second)).to_contain_text("nothing saved: ")
    expect(state(second)).to_contain_text("gave 15 points at")
    assert gradebook(desk.top, "cy").points["queue-design"] == 15
    # A comment that is saved meanwhile takes neither the choice nor the levels away.
    with second.expect_response(lambda one: "/loopready/levels/" in one.url and one.request.method == "GET"):
        second.evaluate("""() => {
            const [comment] = formgrader.comments.filter(one => one.get("name") === "queue-design");
            comment.trigger("request", comment, $.ajax(location.href));
        }""")
    second.evaluate("fetch(location.href).then(answer => answer.text())")
    expect(state(second)).to_contain_text("gave 15 points at")
    expect(rubric(second).get_by_role("radio", name=re.compile("^1"), checked=True)).to_have_count(5)
    second.get_by_role("button", name="Show what is there").press("Enter")
    expect(second.locator("#queue-design")).to_have_value("15")
    expect(rubric(second).get_by_role("radio", checked=True)).to_have_count(5)

    give(second, "4")
    expect(second.locator("#queue-design")).to_have_value("16")

    second.locator("#queue-design").fill("13")
    second.locator("#queue-design").blur()
    expect(state(second)).to_contain_text("do not come to the 13 points that stand here")

    second.reload()
    expect(second.locator("#queue-design")).to_have_value("13")
    second.locator("#queue-design-comment").fill("Who pays for the cache?")
    second.locator("#queue-design-comment").blur()
    rubric(second).get_by_role("button", name="Keep the last paragraph").press("Enter")
    expect(rubric(second).get_by_role("button", name="Who pays for the cache?")).to_be_visible()
    assert "- Who pays for the cache?" in (desk.top / "comments.md").read_text()


@pytest.mark.browser
def test_a_learners_script_does_nothing_in_the_formgrader(desk):
    sheet = desk.open("mal")
    sheet.wait_for_timeout(500)
    assert sheet.title() == WEEK
    assert "/formgrader/submissions/" in sheet.url
    # nbconvert's frame for a table that asked for one holds what was cleaned.
    inside = (
        "#notebook :is(iframe:not(.isolated-iframe), object, embed, form, meta, base, [onerror], [onload])"
    )
    assert sheet.locator(inside).count() == 0
