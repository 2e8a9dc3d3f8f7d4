"""A class through nbgrader, as docs/instructor.md says: every command of the page, every score, every surprise.

The points are written down from what was handed in, and the page's tables are held against the same ones.
"""

import csv
import fcntl
import html
import os
import re
from pathlib import Path

import pytest
from classes import STORY, Held, hold, steps, table, typed
from hand_ins import ABSENT, BY_MAIL, FILE, HAND_INS, USER, WEEK
from proofs import is_tests, notebook

from loopready import rubrics
from loopready.enclosure import NAME, read
from loopready.levels import scale

SAYS = {one.learner: one.says for one in HAND_INS}
MANUAL = ("url-shortener-design", "ownership-story")

RIGHT = {
    "shortener-estimate": 12,
    "concurrency-estimate": 10,
    "base62-codec": 8,
    "top-links": 12,
    "hit-counter": 12,
    "pair-for-budget": 10,
}
NOTHING = dict.fromkeys(RIGHT, 0)


def but(**points: float | None) -> dict[str, float | None]:
    """Everything right, but these exercises get these points; None is no score at all."""
    return RIGHT | {name.replace("_", "-"): one for name, one in points.items()}


# Learner, points by exercise, and why it is these.
POINTS = [
    (USER, RIGHT, "the reference answers"),
    ("ann", NOTHING, "no case passes on an empty answer"),
    ("ben", RIGHT, "the last of two copies is the answer"),
    ("cara", RIGHT, "her tests cell is put back"),
    ("dan", but(base62_codec=5, pair_for_budget=8), "the kept wrong answers' points: his tests are put back"),
    ("eva", RIGHT, "exit() is left out, and her answer stands above it"),
    ("finn", but(top_links=8), "four of six cases ask for no more links than there are: 12 * 4/6"),
    ("gus", but(hit_counter=0), "the cell stops at its first line, so there is no HitCounter"),
    ("hana", RIGHT, "her own checks are not the tests' checks"),
    ("ivo", RIGHT, "a log line costs nothing"),
    (
        "jan",
        dict(zip(RIGHT, (10, 8, 5, 10, 8, 8), strict=True)),
        "the kept wrong answers' points; late costs nothing",
    ),
    ("kim", RIGHT, "a new cell runs before the tests as the answer's own would"),
    ("nora", RIGHT, "the cells' ids say what the metadata said"),
    ("omar", NOTHING, "what he changed is in the box, and the score is not"),
    ("pia", but(top_links=0), "there is no top_links; no other exercise calls it"),
    ("quin", RIGHT, "a warning costs nothing"),
    ("rosa", dict(zip(RIGHT, (2, 6, 1, 2, 4, 0), strict=True)), "the kept wrong answers' points"),
]

# Learner, and what is said of a submission that is not graded.
UNGRADED = [
    ("leo", "week-01.ipynb is not JSON, so no notebook; ask for the file again"),
    ("mia", "no notebook with the name that the gradebook knows"),
]


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> Held:
    """The class, held once: with several pytest workers the first one holds it and the others wait."""
    own = tmp_path_factory.mktemp("class")
    shared = own.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    notes = shared / "class.json"
    with (shared / "class.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not notes.exists():
            notes.write_text(hold(own).to_json())
    return Held.from_json(notes.read_text())


def from_tests(cells: dict[str, list]) -> dict[str, float | None]:
    """Points by exercise, of those that tests grade."""
    return {name: cells[f"{name}-tests"][0] for name in RIGHT}


def page(held: Held, learner: str) -> Path:
    return Path(held.folder, "course", "feedback", learner, WEEK, f"{WEEK}.html")


def words(path: Path) -> str:
    """What a reader sees of a feedback page."""
    return html.unescape(re.sub("<[^>]+>", "", path.read_text(encoding="utf-8")))


def test_every_command_of_the_page_succeeds_but_a_grading_that_leaves_somebody_ungraded(held):
    gradings = [one.grades for one in held.said]
    ended = [one.code for one in held.said]
    assert [code for code, grading in zip(ended, gradings, strict=True) if not grading] == [0] * 17
    assert [code for code, grading in zip(ended, gradings, strict=True) if grading] == [1, 1]


@pytest.mark.parametrize("learner, points, why", POINTS, ids=[SAYS[learner] for learner, _, _ in POINTS])
def test_nbgrader_records_the_points_that_were_earned(held, learner, points, why):
    assert from_tests(held.gradebooks[0][learner]) == points, why


def test_what_was_rated_travels_with_the_notebook_and_survives_the_grading(held):
    course = Path(held.folder, "course")
    [enclosed] = read(course / "submitted" / USER / WEEK / NAME)
    assert enclosed.story == STORY.story and enclosed.total == "4 of 5"
    assert read(course / "autograded" / USER / WEEK / NAME) == [enclosed]


def test_the_list_of_self_ratings_stands_beside_the_points_that_were_given(held):
    [listed] = [one.text for one in held.said if one.line.startswith("loopready stories")]
    assert f"{USER}: The <b>pipeline</b>; 4 of 5; 12.8 of 16" in listed
    assert "kim: no ratings came with the notebook" in listed


@pytest.mark.parametrize("learner, says", UNGRADED, ids=[SAYS[learner] for learner, _ in UNGRADED])
def test_a_submission_that_cannot_be_graded_is_named_with_the_reason_and_has_no_points(held, learner, says):
    run, book = held.grading(0), held.gradebooks[0]
    assert says in run.of(learner)
    assert {points for points, _, _ in book[learner].values()} == {None}


def test_nothing_is_said_of_whoever_is_graded_but_how_many_they_are(held):
    run = held.grading(0)
    refused = {*dict(UNGRADED), "sam"}
    assert {learner for learner in SAYS if run.of(learner)} == refused
    assert f"{len(SAYS) - len(refused)} graded, {len(refused)} not graded" in run.text
    assert "Traceback" not in run.text


def test_a_folder_without_a_notebook_leaves_no_trace_in_the_gradebook(held):
    assert "no notebook" in held.grading(0).of("sam")
    assert "sam" not in held.gradebooks[-1]


def test_what_was_set_right_in_a_submission_stands_in_the_log(held):
    assert held.logged["ben"] == "cell 'top-links' is there more than once: the last one is the answer"
    assert held.logged["cara"] == "cell 'pair-for-budget-tests' was missing and is put back"


def test_what_the_page_says_to_mend_earns_its_points_afterwards(held):
    assert from_tests(held.gradebooks[0]["mia"]) == dict.fromkeys(RIGHT)
    assert from_tests(held.gradebooks[1]["mia"]) == RIGHT


def test_a_second_run_leaves_alone_what_is_graded(held):
    run = held.grading(1)
    assert {learner for learner in SAYS if run.of(learner)} == {"leo", "sam"}
    assert f"1 graded, 2 not graded, {len(SAYS) - 3} unchanged" in run.text


@pytest.mark.parametrize(
    "learner, points, waits",
    [(BY_MAIL, 0, False), ("kim", 0, False), (USER, None, True), ("rosa", None, True), ("leo", None, True)],
    ids=["as released", "written into a new cell", "written", "written with wrong answers", "not graded"],
)
def test_design_and_story_wait_for_a_person_unless_their_own_cell_is_as_released(
    held, learner, points, waits
):
    cells = held.gradebooks[0][learner]
    assert {name: cells[name] for name in MANUAL} == {name: [points, None, waits] for name in MANUAL}


def test_only_the_late_one_is_late_and_one_without_a_time_is_not(held):
    # The account's own learner hands in when the test is run, whenever that is.
    late = {learner: seconds for learner, seconds in held.late.items() if seconds and learner != USER}
    assert late == {"jan": 90 * 60}
    assert held.late[BY_MAIL] == 0


def test_the_formgrader_offers_what_was_graded_and_marks_what_waits(held):
    waiting = held.formgrader["waiting"]
    assert set(waiting) == set(SAYS) - {"leo", "sam"}
    assert {learner for learner, waits in waiting.items() if not waits} == {"ann", "kim", "omar"}
    assert held.formgrader["page"].count('class="loopready-checks"') == len(RIGHT)


def test_the_formgrader_shows_each_level_of_the_rubric_above_the_design(held):
    shown = html.unescape(held.formgrader["page"])
    sounds = [anchor for one in rubrics.DESIGN for anchor in one.anchors.values()]
    assert [anchor for anchor in sounds if anchor not in shown] == []


def test_everybody_who_was_graded_has_a_feedback_page_and_nobody_else(held):
    pages = Path(held.folder, "course", "feedback").glob(f"*/{WEEK}/{WEEK}.html")
    assert {path.parts[-3] for path in pages} == set(held.formgrader["waiting"])


@pytest.mark.parametrize("learner", sorted(set(SAYS) - {"leo", "sam"}), ids=SAYS.get)
def test_a_feedback_page_has_a_table_of_checks_for_each_exercise(held, learner):
    tables = page(held, learner).read_text(encoding="utf-8").count('class="loopready-checks"')
    assert tables == len(RIGHT)


def hidden_lines() -> list[str]:
    """The asserts that only the hidden tests contain."""
    tests = [cell.source for cell in notebook("source", WEEK).cells if is_tests(cell)]
    hidden = re.findall(r"BEGIN HIDDEN TESTS\n(.*?)### END", "".join(tests), re.DOTALL)
    shown = "".join(cell.source for cell in notebook("release", WEEK).cells)
    lines = [line.strip() for part in hidden for line in part.splitlines()]
    return [line for line in lines if line.startswith("assert") and line not in shown]


@pytest.mark.parametrize("learner", [USER, "rosa", "dan", "nora"], ids=SAYS.get)
def test_a_feedback_page_shows_the_visible_tests_and_no_line_of_the_hidden_ones(held, learner):
    text = words(page(held, learner))
    assert 'assert encode(0) == "0"' in text
    assert len(hidden_lines()) > 15
    assert [line for line in hidden_lines() if line in text] == []


def test_the_button_of_the_formgrader_referees_too(held):
    assert held.formgrader["again"] == {"omar": 0}


def test_points_and_comments_of_the_formgrader_are_on_the_page_that_the_learner_fetches(held):
    [fetched] = Path(held.folder, "clone", "my", WEEK, "feedback").glob(f"*/{WEEK}.html")
    assert fetched.read_bytes() == page(held, USER).read_bytes()
    assert f"{WEEK}: 91.8 of 100 points" in words(fetched)
    assert words(fetched).count("Say what the cache costs.") == 4


def test_releasing_feedback_stops_at_whoever_handed_in_by_mail_unless_they_are_left_out(held):
    [line] = [line for _, line in steps() if "release_feedback" in line]
    done = typed(line.split(" --")[0], Path(held.folder))
    assert done.code == 1
    assert re.search(rf"FileNotFoundError.*{BY_MAIL}/{WEEK}/timestamp.txt", done.text)


@pytest.fixture(scope="module")
def exported(held) -> dict[str, dict[str, str]]:
    with Path(held.folder, "course", "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "learner, score, penalty, status",
    [
        (USER, "91.8", "0", "graded"),
        ("kim", "78", "0", "graded"),
        ("ann", "0", "0", "graded"),
        ("leo", "", "", "not graded"),
        (ABSENT, "", "", "nothing came"),
    ],
    ids=lambda value: SAYS.get(value, ""),
)
def test_the_list_shows_points_from_tests_and_by_hand_and_none_for_whoever_has_no_score(
    exported, learner, score, penalty, status
):
    row = exported[learner]
    assert (row["score"], row["late_submission_penalty"], row["status"]) == (score, penalty, status)


def test_the_list_has_everybody_of_the_roster(exported):
    assert set(exported) == {*SAYS, ABSENT}


def test_a_comma_in_a_name_stays_in_its_column_of_the_list(exported):
    assert (exported[ABSENT]["last_name"], exported[ABSENT]["first_name"]) == ("Abe, Jr.", "Tom")


def test_the_files_for_canvas_and_moodle_have_who_is_graded_and_no_grade_for_the_others(held):
    course = Path(held.folder, "course")
    with (course / "canvas.csv").open(newline="") as file:
        canvas = {row["SIS Login ID"]: row[WEEK] for row in csv.DictReader(file)}
    assert (canvas[USER], canvas["leo"], canvas[ABSENT]) == ("91.8", "", "")
    with (course / "moodle.csv").open(newline="") as file:
        moodle = {row["ID number"]: row[WEEK] for row in csv.DictReader(file)}
    assert moodle[USER] == "91.8"
    assert "leo" not in moodle and ABSENT not in moodle


def test_the_class_gets_the_notebook_that_the_repository_shows(held):
    top = Path(__file__).parents[1]
    released = Path(held.folder, "course", "release", WEEK, FILE)
    assert released.read_bytes() == (top / "release" / WEEK / FILE).read_bytes()


def test_the_page_names_every_kind_of_submission_with_its_points():
    totals = {learner: sum(one or 0 for one in points.values()) for learner, points, _ in POINTS}
    expected = {SAYS[learner]: f"{total:g}" for learner, total in totals.items()}
    none = {SAYS[learner]: "none" for learner in ("leo", "mia", "sam")}
    assert {row["what comes in"]: row["points"] for row in table("what comes in")} == expected | none


def test_the_page_says_what_levels_come_to_as_the_rubrics_have_it():
    roles = [cell.metadata.get("nbgrader", {}) for cell in notebook("source", WEEK).cells]
    worth = scale.worth((role["grade_id"], float(role["points"])) for role in roles if role.get("grade"))
    assert [tuple(row.values()) for row in table("cell", "criteria")] == [
        (f"`{name}`", *rest) for name, *rest in worth
    ]


@pytest.mark.parametrize("week", [f"week-0{number}" for number in range(1, 7)])
def test_every_week_has_the_same_rubrics_for_the_same_points(week):
    roles = [cell.metadata.get("nbgrader", {}) for cell in notebook("source", week).cells]
    worth = scale.worth((role["grade_id"], float(role["points"])) for role in roles if role.get("grade"))
    assert [rest for _, *rest in worth] == [list(row.values())[1:] for row in table("cell", "criteria")]


def test_the_page_gives_each_cell_the_points_it_has():
    cells = [
        cell for cell in notebook("source", WEEK).cells if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    roles = [cell.metadata["nbgrader"] for cell in cells]
    expected = [
        (f"`{role['grade_id']}`", str(role["points"]), "you" if role["solution"] else "tests")
        for role in roles
    ]
    assert [tuple(row.values()) for row in table("cell", "points")] == expected
