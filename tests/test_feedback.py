"""The feedback page's parts: a learner's HTML made harmless, formulas, rooms and targets."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output
from proofs import notebook
from test_rated_class import attacks

from loopready.checks import Case, Score
from loopready.feedback.bars import bar
from loopready.feedback.inert import clean, formula, image
from loopready.feedback.showing import outputs, prose
from loopready.feedback.standing import Exercise, Room, headline, room_of, rooms

LESSONS = Path(__file__).parents[1] / "lessons"
WEEKS = [f"week-0{number}" for number in range(1, 7)]
ACTS = re.compile(
    r"<(script|style|iframe|object|embed|form|input|meta|base|link|svg)\b|<[^>]*\son\w+=|<[^>]*javascript:",
    re.I,
)


@pytest.mark.parametrize(
    "kind, text", [(kind, text) for kind, _, text in attacks()], ids=[name for _, name, _ in attacks()]
)
def test_nothing_that_acts_is_left_of_an_attack(kind, text):
    assert ACTS.search(prose(text) if kind == "markdown" else clean(text)) is None


@given(st.text(st.sampled_from("<>/=\"'& abpstyle!-[]"), max_size=80))
def test_what_is_clean_stays_as_it_is_when_it_is_cleaned_again(text):
    assert clean(clean(text)) == clean(text)


def test_the_table_of_checks_keeps_its_words_its_columns_and_its_colours():
    score = Score((Case("one & two", "fail", "f(1 < 2)", "3", "'<b>'"), Case("three")), 4.0)
    table = clean(score._repr_html_())
    assert 'class="loopready-checks"' in table and "color:#c0392b" in table
    assert "f(1 &lt; 2)" in table and "'&lt;b&gt;'" in table and "one &amp; two" in table
    assert table.count("<td") == score._repr_html_().count("<td")


@pytest.mark.parametrize("week", WEEKS)
def test_every_displayed_formula_of_the_course_is_drawn_without_a_script(week):
    found = re.findall(r"^\$\$(.*?)\$\$$", (LESSONS / f"{week}.md").read_text(), re.MULTILINE | re.DOTALL)
    assert [text for text in found if not formula(text).startswith("<math")] == []


def test_a_formula_that_cannot_be_drawn_stays_as_it_was_written():
    assert prose(r"$$\left( x$$").strip() == r"<p><code>$$\left( x$$</code></p>"


def test_a_formula_makes_no_link():
    assert "javascript" not in prose(r"$$\href{javascript:alert(1)}{x}$$")


def test_money_is_no_formula():
    assert prose("It cost $5 a day, and $7 a night.") == "<p>It cost $5 a day, and $7 a night.</p>\n"


def test_a_cell_that_cannot_be_read_as_markdown_is_shown_as_it_is():
    assert prose("![gone](attachment:gone.png)") == "<pre>![gone](attachment:gone.png)</pre>"


@pytest.mark.parametrize(
    "kind, data, shown",
    [
        ("image/png", "aGk=", '<img src="data:image/png;base64,aGk=" alt="">'),
        ("image/png", '"><script>', "<p>[a picture that cannot be read]</p>"),
        ("image/svg+xml", "hi", '<img src="data:image/svg+xml;base64,aGk=" alt="">'),
    ],
    ids=["a picture", "markup", "a drawing"],
)
def test_a_picture_is_its_data_and_nothing_else(kind, data, shown):
    assert image(kind, data) == shown


def test_a_widget_gives_way_to_the_table_that_it_has_beside_it():
    data = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
        "text/html": "<b>2 of 5</b>",
        "text/plain": "2",
    }
    cell = new_code_cell(outputs=[new_output("display_data", data)])
    assert outputs(cell) == ["<b>2 of 5</b>"]


def test_what_only_a_script_could_show_is_left_out():
    cell = new_code_cell(outputs=[new_output("display_data", {"application/javascript": "alert(1)"})])
    assert outputs(cell) == []


@pytest.mark.parametrize("week", WEEKS)
def test_every_graded_cell_of_the_course_has_a_room_and_a_week_its_hundred_points(week):
    roles = [cell.metadata.get("nbgrader", {}) for cell in notebook("source", week).cells]
    exercises = [Exercise(role["grade_id"], 0, role["points"]) for role in roles if role.get("grade")]
    found = {room.name: room.out_of for room in rooms(exercises)}
    assert list(found) == ["Estimates", "Katas", "Design", "Story"]
    assert sum(found.values()) == 100


@pytest.mark.parametrize(
    "cell, room",
    [("cache-estimate-tests", "Estimates"), ("lru-cache-tests", "Katas"), ("feed-design", "Design"),
     ("outage-story", "Story"), ("reflection", "Other")],
)  # fmt: skip
def test_a_cell_is_in_the_room_that_its_name_says(cell, room):
    assert room_of(cell) == room


@pytest.mark.parametrize(
    "room, says",
    [
        (Room("Katas", 40, 42), "at or above 33.6"),
        (Room("Katas", 31, 42), "2.6 short of 33.6"),
        (Room("Design", 0, 20, waits=20), "not graded yet"),
        (Room("Katas", 30, 42, waits=10), "3.6 short of 33.6, 10 not graded yet"),
        (Room("Other", 1, 2), ""),
    ],
    ids=["above", "below", "not graded", "in part", "no target"],
)
def test_a_room_says_how_it_stands_to_its_target(room, says):
    assert room.said == says


def test_the_headline_counts_lateness_and_what_nobody_has_graded():
    exercises = [Exercise("a-tests", 8, 10), Exercise("b-design", 0, 20, waits=True)]
    assert (
        headline(exercises, 0.8) == "7.2 of 30 points, 0.8 taken for lateness; 20 of them are not graded yet"
    )
    assert headline(exercises[:1]) == "8 of 10 points"


@pytest.mark.parametrize("points, width", [(0, "0.0"), (21, "50.0"), (42, "100.0"), (60, "100.0")])
def test_a_bar_is_as_long_as_its_points_and_is_read_out(points, width):
    drawn = bar(Room("Katas", points, 42))
    assert f'class="have" width="{width}"' in drawn and 'x1="80.0"' in drawn
    assert f'aria-label="Katas: {points} of 42 points, target 33.6"' in drawn
