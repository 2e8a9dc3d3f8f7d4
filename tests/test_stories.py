"""A story as data: what may be written, what is refused, and that nothing is lost on the way to Markdown and back."""

import json
import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from loopready.course import CourseError
from loopready.principles import PRINCIPLES
from loopready.stories import PARTS, Story

DRAFT = dict.fromkeys(("title", "principles", "level", *PARTS), ...)
WRITTEN = {
    "title": "The queue nobody owned",
    "principles": ["Ownership", "Are Right, A Lot", "Have Backbone; Disagree and Commit"],
    "level": "L6",
    "situation": "In March the checkout queue filled every Friday.",
    "task": "Keep Friday's orders under two seconds.",
    "action": "I read the traces.\n\nI chose smaller batches over more servers.",
    "result": "p99 fell from 8 s to 900 ms in one quarter.",
    "metrics": ["p99: 8 s to 900 ms", "pages a week: 11 to 2"],
}


def story(**changes):
    return Story(**{**WRITTEN, **changes})


def test_a_story_that_is_all_dots_is_an_empty_draft():
    draft = Story(**DRAFT)
    assert draft == Story("", (), "", "", "", "", "")
    assert draft.words() == 0 and draft.slug == ""


@pytest.mark.parametrize("field", ["title", *PARTS])
@pytest.mark.parametrize(
    "blank", [..., "", "  \n ", "...", "\u2026"], ids=["dots", "empty", "spaces", "text", "one"]
)
def test_a_text_of_nothing_is_not_written_yet(field, blank):
    assert getattr(story(**{field: blank}), field) == ""


def test_a_story_keeps_its_principles_by_their_public_names_the_main_one_first():
    assert story(principles=["dive deep", "ownership"]).principles == ("Dive Deep", "Ownership")


def test_one_principle_may_stand_without_a_list():
    assert story(principles="Frugality").principles == ("Frugality",)


def test_a_story_takes_principles_as_the_things_themselves():
    assert story(principles=PRINCIPLES[:4]).principles == tuple(each.name for each in PRINCIPLES[:4])


def test_metrics_may_be_numbers_and_drop_what_is_not_written():
    assert story(metrics=["- p99  8 s", 4.5, ..., ""]).metrics == ("p99 8 s", "4.5")


def test_the_cell_s_own_indentation_is_not_part_of_the_story():
    typed = """In March it filled.
        Every Friday.

        Two hundred shops waited.
        """
    assert (
        story(situation=typed).situation == "In March it filled.\nEvery Friday.\n\nTwo hundred shops waited."
    )


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"level": "L5"}, "level is 'L6' or 'L7'; got 'L5'"),
        ({"level": 6}, "got 6"),
        ({"principles": ["Ownershp"]}, "did you mean Ownership?"),
        ({"principles": [each.name for each in PRINCIPLES[:5]]}, "up to three more; got 5"),
        ({"principles": ["Ownership", "ownership"]}, "names Ownership twice"),
        ({"principles": {"Ownership": 1}}, "principles is a list"),
        ({"situation": 3}, "situation is a text, or ... while it is not written; got 3"),
        ({"action": None}, "action is a text"),
        ({"metrics": [None]}, "a metric is a text"),
        ({"metrics": {"p99": 2}}, "metrics is a list"),
        ({"team_size": True}, "team_size is a text"),
        ({"follow_ups": [None]}, "a follow-up is a text"),
    ],
    ids=[
        "unknown level",
        "level as a number",
        "misspelt principle",
        "too many",
        "twice",
        "principles as a dict",
        "a number for a text",
        "None for a text",
        "None as a metric",
        "metrics as a dict",
        "yes for a team",
        "None as a follow-up",
    ],
)
def test_what_a_story_cannot_hold_is_refused_in_one_line(changes, said):
    with pytest.raises(CourseError) as refused:
        story(**changes)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_story_is_not_changed_once_made():
    with pytest.raises(AttributeError):
        story().title = "Another"


@pytest.mark.parametrize(
    "text, count",
    [
        ("I read the traces.", 4),
        ("It fell \u2014 at last.", 4),
        ("p99: 8 s", 3),
        ("on-call, 24/7", 2),
        ("- one\n- two", 2),
        ("", 0),
    ],
    ids=["sentence", "a dash alone", "figures", "joined", "list marks", "nothing"],
)
def test_words_are_counted_as_they_are_spoken(text, count):
    assert story(action=text).words("action") == count


def test_the_words_of_a_story_are_those_of_its_four_parts():
    told = story()
    assert told.words() == sum(told.words(part) for part in PARTS)
    assert list(told.parts) == list(PARTS)


MARKDOWN = """\
# The queue nobody owned

- Level: L6
- Principle: Ownership
- Principle: Are Right, A Lot
- Principle: Have Backbone; Disagree and Commit

## Situation

In March the checkout queue filled every Friday.

## Task

Keep Friday's orders under two seconds.

## Action

I read the traces.

I chose smaller batches over more servers.

## Result

p99 fell from 8 s to 900 ms in one quarter.

## Metrics

- p99: 8 s to 900 ms
- pages a week: 11 to 2
"""


def test_a_story_is_written_as_markdown_that_a_person_could_have_written():
    assert story().to_markdown() == MARKDOWN


def test_markdown_from_another_editor_reads_the_same():
    assert Story.from_markdown("\ufeff" + MARKDOWN.replace("\n", "\r\n")) == story()


def test_a_section_that_is_missing_is_not_written_yet():
    assert Story.from_markdown("# Later\n- Level: L7\n\n## Task\nShip it.") == Story(
        **{**DRAFT, "title": "Later", "level": "L7", "task": "Ship it."}
    )


texts = some.text(
    some.sampled_from("ab #<>\\-*.\n\r\t\u2028\u00a0\x0c'\"\u2026:") | some.characters(codec="utf-8")
)
stories = some.builds(
    Story,
    title=texts,
    principles=some.lists(some.sampled_from([each.name for each in PRINCIPLES]), unique=True, max_size=4),
    level=some.sampled_from(["L6", "L7", ...]),
    metrics=some.lists(texts, max_size=3),
    follow_ups=some.lists(texts, max_size=3),
    **dict.fromkeys((*PARTS, "team_size", "duration", "learned"), texts),
)


@given(stories)
@example(
    story(action="# Not a title\n\\# nor this\n## Result\n### x", title="# of pages", metrics=["# of pages"])
)
@example(story(action="<b>\n\\<script>\n\\\\<i>", title="<h1>", metrics=["\\<x>"], duration="<1 week"))
@example(story(situation="a\n\n    - b\n      - c", metrics=["- - x", "* y", "-"]))
def test_every_story_survives_markdown_and_json(told):
    assert Story.from_markdown(told.to_markdown()) == told
    assert Story.from_dict(json.loads(json.dumps(told.to_dict()))) == told


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "starts with its title"),
        ("## Situation\nx", "starts with its title"),
        ("# T\n## Notes\nx", "no section '## Notes'"),
        ("# T\n## Task\nx\n### Details", "no section '### Details'"),
        ("# T\n## Task\nx\n## Task\ny", "two sections called Task"),
        ("# T\nOnce upon a time", "got 'Once upon a time'"),
        ("# T\n- Level: L9", "level is 'L6' or 'L7'"),
        ("# T\n- Principle: Luck", "no leadership principle"),
    ],
    ids=[
        "nothing",
        "no title",
        "a section of another kind",
        "deeper",
        "twice",
        "loose text",
        "level",
        "principle",
    ],
)
def test_markdown_that_is_no_story_is_refused_and_not_half_read(text, said):
    with pytest.raises(CourseError) as refused:
        Story.from_markdown(text)
    assert said in str(refused.value) and "\n" not in str(refused.value)


SCHEMA_1 = {
    "schema": 1,
    "title": "The queue nobody owned",
    "principles": ["Ownership", "Are Right, A Lot", "Have Backbone; Disagree and Commit"],
    "level": "L6",
    "situation": "In March the checkout queue filled every Friday.",
    "task": "Keep Friday's orders under two seconds.",
    "action": "I read the traces.\n\nI chose smaller batches over more servers.",
    "result": "p99 fell from 8 s to 900 ms in one quarter.",
    "metrics": ["p99: 8 s to 900 ms", "pages a week: 11 to 2"],
}


def test_a_story_saved_before_it_had_scope_learning_and_follow_ups_is_read_as_it_was():
    assert Story.from_dict(SCHEMA_1) == story()


def test_scope_learning_and_follow_ups_are_written_where_a_person_would_look_for_them():
    told = story(team_size=14, duration="seven weeks", learned="I ask first.", follow_ups=["Who paid?", ...])
    facts, text = told.to_markdown().split("## Situation")
    assert facts.endswith("- Team: 14\n- Duration: seven weeks\n\n")
    assert "## Learned\n\nI ask first.\n" in text and text.endswith("## Follow-ups\n\n- Who paid?\n")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\\<img src=x onerror=alert(1)>", "a <b>b</b>"]
)
def test_markup_in_a_story_is_no_markup_in_its_markdown_nor_on_a_page(text):
    from mistune import html

    told = Story(text, [], "L6", text, text, text, text, [text], text, text, text, [text])
    for page in (html(told.to_markdown()), told._repr_html_()):
        assert not re.search(r"<(script|img|b)\b", page) and "&lt;" in page


@pytest.mark.parametrize(
    "data, said",
    [({"schema": 3}, "schema 3"), ({"mood": "good"}, "a story has no mood")],
    ids=["newer", "unknown field"],
)
def test_data_of_another_shape_is_refused(data, said):
    with pytest.raises(CourseError, match=said):
        Story.from_dict(data)


def test_importing_stories_reviews_and_ratings_loads_no_widget_and_no_big_library():
    code = (
        "import sys, loopready.stories, loopready.review, loopready.ratings, loopready.rubrics;"
        "big = {'ipywidgets', 'pandas', 'matplotlib', 'nbgrader', 'IPython', 'pint', 'numpy'};"
        "print(sorted(big & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
