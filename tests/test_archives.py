"""The bank as JSON, as Markdown and as tables: what goes out comes in again, and nothing is written over."""

import json
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from banks import PLAIN, Clock, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from loopready import frames
from loopready.archives import from_json, from_markdown, to_json, to_markdown
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.practice import Practice
from loopready.principles import PRINCIPLES
from loopready.ratings import Ratings
from loopready.revisions import Conflict
from loopready.stories import PARTS, Story

texts = some.text(
    some.sampled_from("ab #<>\\-*.\n\r\t\u2028\u00a0'\"\u2026:") | some.characters(codec="utf-8"), max_size=40
)
stories = some.builds(
    Story,
    title=texts,
    principles=some.lists(some.sampled_from([each.name for each in PRINCIPLES]), unique=True, max_size=4),
    level=some.sampled_from(["L6", "L7", ""]),
    metrics=some.lists(texts, max_size=2),
    follow_ups=some.lists(texts, max_size=2),
    **dict.fromkeys((*PARTS, "team_size", "duration", "learned"), texts),
)
# Every second or third texts of one story, by this tab or another, at once or the day after.
banks = some.lists(
    some.lists(some.tuples(stories, some.booleans(), some.booleans()), min_size=1, max_size=3), max_size=3
)


@pytest.fixture
def bank(tmp_path):
    return Bank(tmp_path / "a" / "loopready.db", Clock(), writer="here")


@pytest.fixture
def empty(tmp_path):
    return Bank(tmp_path / "b" / "loopready.db", Clock(), writer="there")


def filled(folder, content):
    """A bank with these stories in it, some of them in conflict, rated and practised."""
    clock = Clock()
    path = Path(folder) / "loopready.db"
    here, there = Bank(path, clock, writer="here"), Bank(path, clock, writer="there")
    for history in content:
        kept = here.save(history[0][0])
        for story, elsewhere, later in history[1:]:
            clock.at += timedelta(days=later)
            try:
                (there if elsewhere else here).save(story, of=kept)
            except Conflict as conflict:
                assert conflict.mine.story == story
        Ratings(path, clock).rate(("story", kept.id), {"Depth": 3, "Numbers": 4})
        Practice(path, clock).answered(kept.id, "Who paid?", history[0][0].task, 61)
    return here


def tables(bank):
    return json.loads(to_json(bank))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(banks)
def test_every_bank_survives_json(content):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        bank, again = filled(one, content), Bank(Path(two) / "loopready.db")
        from_json(again, to_json(bank))
        assert tables(again) == tables(bank)
        assert from_json(again, to_json(bank)) == 0 and tables(again) == tables(bank)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(banks)
def test_every_bank_s_newest_texts_survive_markdown(content):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        bank, again = filled(one, content), Bank(Path(two) / "loopready.db")
        from_markdown(again, to_markdown(bank))
        assert [kept.story for kept in again.stories()] == [kept.story for kept in bank.stories()]
        before = tables(bank)
        from_markdown(bank, to_markdown(bank))
        assert tables(bank) == before


def test_an_edited_markdown_export_is_the_next_text_of_its_story(bank):
    kept = bank.save(told())
    edited = to_markdown(bank).replace("Keep Friday's orders under two seconds.", "Keep orders quick.")
    [again] = from_markdown(bank, edited)
    assert again.id == kept.id and bank.story(kept.id).story == told(task="Keep orders quick.")


def test_an_edited_export_of_a_story_that_went_on_here_is_its_rival(bank):
    kept = bank.save(told())
    edited = to_markdown(bank).replace("Keep Friday's orders under two seconds.", "Keep orders quick.")
    bank.save(told(task="Whoever owns it."), of=kept)
    with pytest.raises(Conflict):
        from_markdown(bank, edited + "\n# A second one\n")
    assert bank.rivals(kept.id)[0].story.task == "Keep orders quick."
    assert [one.story.title for one in bank.stories()] == [PLAIN["title"], "A second one"]


def test_a_story_that_somebody_wrote_in_an_editor_is_a_new_one(bank):
    text = "# Two stories\n\n- Level: L6\n\n## Task\n\n- Kept: x, text 3\n\n# Another\n"
    assert [kept.story.title for kept in from_markdown(bank, text)] == ["Two stories", "Another"]
    assert bank.stories()[0].story.task == "- Kept: x, text 3"


@pytest.mark.parametrize(
    "text", ["Hello", "# A\n## Notes\nx", "\n\n## Task\n"], ids=["loose", "section", "part"]
)
def test_markdown_that_is_no_bank_adds_nothing(bank, text):
    with pytest.raises(CourseError):
        from_markdown(bank, "# Good\n\n" * (text[0] == "#") + text)
    assert bank.stories() == []


def test_an_export_that_went_on_elsewhere_comes_home_as_the_next_text(bank, empty):
    kept = bank.save(told())
    from_json(empty, to_json(bank))
    better = empty.save(told(task="Better."), of=empty.story(kept.id))
    assert from_json(bank, to_json(empty)) == 1
    assert bank.story(kept.id).story == better.story and bank.rivals(kept.id) == []


def test_an_export_of_a_story_that_went_on_in_both_places_comes_as_a_rival(bank, empty):
    kept = bank.save(told())
    from_json(empty, to_json(bank))
    empty.save(told(task="There."), of=empty.story(kept.id))
    here = bank.save(told(task="Here."), of=kept)
    from_json(bank, to_json(empty))
    assert bank.story(kept.id).story == here.story
    assert [text.story.task for text in bank.rivals(kept.id)] == ["There."]


def export(**changes):
    kept = {"number": 1, "base": 0, "state": "kept", "writer": "a", "story": "x"}
    moments = dict.fromkeys(("begun_at", "saved_at"), "2025-03-01T21:04:05+00:00")
    good = {
        "format": "loopready story bank",
        "schema": 2,
        "stories": [{"id": "x", "made_at": "2025-03-01T21:04:05+00:00", "away": 0}],
        "texts": [{**kept, **moments, "text": told().to_dict()}],
        "ratings": [],
        "takes": [],
    }
    return json.dumps({**good, **changes})


def text(**changes):
    return [{**json.loads(export())["texts"][0], **changes}]


def test_the_smallest_export_is_read(bank):
    assert from_json(bank, export()) == 1 and bank.story("x").story == told()


RATING = {
    "kind": "story",
    "subject": "x",
    "dimension": "Depth",
    "level": 4,
    "out_of": 5,
    "said_at": "2025-03-01",
}


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "[]",
        "[" * 100_000,
        export(schema=99),
        export(format="bird list"),
        export(texts=3),
        export(texts=[3]),
        export(texts=text(mood="good")),
        export(texts=text(number="1")),
        export(texts=text(number=True)),
        export(texts=text(state="lost")),
        export(texts=text(saved_at="yesterday")),
        export(texts=text(text={"schema": 9})),
        export(texts=text(text={"title": 3})),
        export(texts=text(story="y")),
        export(texts=text() * 2),
        export(stories=[]),
        export(ratings=[{**RATING, "level": 6}]),
        export(ratings=[{**RATING, "level": float("nan")}]),
        export(ratings=[{**RATING, "subject": None}]),
    ],
    ids=[
        "a word",
        "a list",
        "a deep list",
        "newer",
        "another format",
        "texts a number",
        "a text a number",
        "a field more",
        "a number as text",
        "a flag as number",
        "an unknown state",
        "no moment",
        "a newer story",
        "a title that is none",
        "a text of no story",
        "a text twice",
        "texts without their story",
        "a level too high",
        "a level that is no number",
        "no subject",
    ],
)
def test_json_that_is_no_bank_is_refused_in_one_line_and_adds_nothing(bank, said):
    with pytest.raises(CourseError) as refused:
        from_json(bank, said)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400
    assert bank.stories() == []


def test_markup_in_an_export_to_read_is_text(bank):
    bank.save(told(title="<script>x</script>", action="<img src=x onerror=alert(1)>"))
    assert "<" not in to_markdown(bank).replace("\\<", "")


def test_the_bank_is_three_tables_for_pandas(bank):
    kept = bank.save(told())
    Ratings(bank.path, Clock()).rate(("story", kept.id), {"Depth": 3, "Numbers": 4})
    Practice(bank.path, Clock()).told(kept.id, 300, 700)
    assert frames.stories(bank).loc[kept.id, "words"] == told().words()
    assert list(frames.ratings(bank)["level"]) == [3, 4]
    assert frames.ratings(bank)["said_at"].dt.year.unique().tolist() == [2025]
    assert frames.takes(bank)["seconds"].sum() == 300


def test_an_empty_bank_is_three_empty_tables(empty):
    assert [len(table(empty)) for table in (frames.stories, frames.ratings, frames.takes)] == [0, 0, 0]
    assert "title" in frames.stories(empty).columns
