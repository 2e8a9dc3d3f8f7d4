"""The rating cards, through the traits a hand on a list would move, and as they show themselves without a hand."""

import os
import re
from datetime import UTC, datetime, timedelta

import ipywidgets
import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from loopready.cards import UNRATED, VIEW, rate, rate_story
from loopready.course import CourseError
from loopready.enclosure import NAME
from loopready.ratings import Ratings
from loopready.rubrics import DESIGN, STORY, Dimension
from loopready.stories import Story

TITLE = "The queue nobody owned"
SUBJECT = ("story", "the-queue-nobody-owned")
FOUR = Dimension(
    "Scale", "Does it hold at ten times?", {1: "No.", 2: "I hope so.", 3: "Yes.", 4: "Yes, computed."}
)


class Clock:
    """A clock that stands still until it is moved."""

    at = datetime(2025, 3, 1, 21, 4, 5, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ratings(tmp_path, clock):
    return Ratings(tmp_path / "my" / "loopready.db", clock)


@pytest.fixture
def card(ratings):
    return rate_story(TITLE, ratings)


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder that belongs to no course, of nobody who has said where their own folder is."""
    monkeypatch.delenv("LOOPREADY_COURSE", raising=False)
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(widget):
    """The words a text widget shows."""
    return re.sub(r"<[^>]+>", "", widget.value).replace("&nbsp;", "").strip()


def texts(box):
    """Every text widget in `box`."""
    for child in box.children:
        if isinstance(child, ipywidgets.Box):
            yield from texts(child)
        elif isinstance(child, ipywidgets.HTML):
            yield child


def clock_time(clock):
    return f"{clock.at.astimezone():%H:%M}"


def test_a_new_card_has_a_list_for_each_dimension_and_none_of_them_is_rated(card):
    assert list(card.choices) == [dimension.name for dimension in STORY]
    assert card.levels == {}
    assert {read(anchor) for anchor in card.anchors.values()} == {"Not rated yet."}
    assert read(card.status) == "Not rated yet."


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_choosing_a_level_shows_what_its_level_sounds_like(card, level):
    depth = next(dimension for dimension in STORY if dimension.name == "Depth")
    card.choices["Depth"].value = level
    assert read(card.anchors["Depth"]) == f"{level} of 5 {depth.anchors[level]}"


def test_choosing_a_level_saves_nothing_and_says_so(card, ratings):
    card.choices["Depth"].value = 4
    assert read(card.status) == "Not saved yet: press Save."
    assert not ratings.path.exists()


def test_a_level_that_is_taken_back_is_not_called_unsaved(card):
    before = read(card.status)
    for level in (4, UNRATED):
        card.choices["Depth"].value = level
    assert read(card.status) == before
    card.choices["Depth"].value = 4
    assert read(card.status) == "Not saved yet: press Save."


def test_the_button_saves_what_was_rated_and_says_when(card, ratings, clock):
    card.choices["Depth"].value, card.choices["Numbers"].value = 4, 2
    card.save.click()
    assert {name: said.level for name, said in ratings.latest(SUBJECT).items()} == {"Depth": 4, "Numbers": 2}
    assert read(card.status) == f"Saved at {clock_time(clock)}."


def test_the_button_saves_nothing_while_nothing_is_rated(card, ratings):
    card.save.click()
    assert read(card.status) == "Nothing saved: choose a level first."
    assert not ratings.path.exists()


def test_a_second_press_without_a_change_adds_nothing(card, ratings):
    card.choices["Depth"].value = 4
    card.save.click()
    card.save.click()
    assert "Nothing has changed since." in read(card.status)
    assert len(ratings.history(SUBJECT)) == 1


def test_a_level_taken_back_keeps_what_was_saved_before(card, ratings):
    card.choices["Depth"].value = 4
    card.save.click()
    card.choices["Depth"].value = 0
    card.save.click()
    assert [said.level for said in ratings.history(SUBJECT)] == [4]


def test_a_card_made_again_shows_the_anchors_and_not_the_numbers_of_last_time(card, ratings, clock):
    card.choices["Depth"].value = 2
    card.save.click()
    again = rate_story(TITLE, Ratings(ratings.path, clock))
    assert again.levels == {} and {read(anchor) for anchor in again.anchors.values()} == {"Not rated yet."}
    assert read(again.status) == (
        "Last rated 1 March 2025; the levels of that day are shown when you have rated again."
    )
    assert [sounds for sounds, _ in again.choices["Depth"].options][1:] == [
        f"{level}  {says}" for level, says in STORY[2].anchors.items()
    ]


def test_the_numbers_of_last_time_are_shown_once_the_new_ones_are_saved(card, ratings, clock):
    card.choices["Depth"].value = 2
    card.save.click()
    assert "<img" not in card.plot.value
    clock.at += timedelta(days=30)
    again = rate_story(TITLE, ratings)
    again.choices["Depth"].value = 4
    again.save.click()
    assert read(again.status) == f"Saved at {clock_time(clock)}. On 1 March 2025: Depth 2."
    assert 'alt="The queue nobody owned, rated on 2 days: Depth 2 to 4."' in again.plot.value


def test_saying_the_same_level_again_another_day_is_a_new_rating(card, ratings, clock):
    card.choices["Depth"].value = 4
    card.save.click()
    clock.at += timedelta(days=30)
    again = rate_story(TITLE, ratings)
    again.choices["Depth"].value = 4
    again.save.click()
    assert [(said.level, said.said_at) for said in ratings.history(SUBJECT)] == [
        (4, clock.at - timedelta(days=30)),
        (4, clock.at),
    ]


@pytest.mark.parametrize(
    "named",
    [TITLE, "the-queue-nobody-owned", Story(TITLE, *[...] * 6)],
    ids=["title", "slug", "story"],
)
def test_a_story_is_the_same_subject_by_title_slug_or_itself(named, ratings):
    card = rate_story(named, ratings)
    card.choices["Depth"].value = 3
    card.save.click()
    assert ratings.latest(SUBJECT)["Depth"].level == 3


@pytest.mark.parametrize("draft", [..., "", Story(*[...] * 7)], ids=["dots", "no title", "a draft"])
def test_a_story_without_a_title_shows_its_card_and_says_why_it_is_not_saved(draft, ratings):
    card = rate_story(draft, ratings)
    card.choices["Depth"].value = 3
    card.save.click()
    assert read(card.status) == "Not saved: the story has no title yet: give it one, then run this cell again"
    assert not ratings.path.exists()


def test_a_rubric_of_another_scale_is_saved_with_that_scale(ratings):
    card = rate(("design", "url-shortener"), [FOUR, *STORY[:1]], ratings)
    assert [level for _, level in card.choices["Scale"].options] == [0, 1, 2, 3, 4]
    card.choices["Scale"].value, card.choices["Situation"].value = 4, 5
    card.save.click()
    latest = ratings.latest(("design", "url-shortener"))
    assert {name: (said.level, said.out_of) for name, said in latest.items()} == {
        "Scale": (4, 4),
        "Situation": (5, 5),
    }


def test_a_subject_that_is_no_pair_is_refused():
    with pytest.raises(CourseError, match="a subject is a kind and a key"):
        rate("design", DESIGN)


def test_a_file_that_cannot_be_read_or_saved_leaves_the_levels_as_they_were_chosen_and_says_why(ratings):
    ratings.path.parent.mkdir()
    ratings.path.write_text("these are not ratings")
    card = rate_story(TITLE, ratings)
    assert "is not a database" in read(card.status)
    card.choices["Depth"].value = 4
    card.save.click()
    assert read(card.status).startswith("Not saved: ") and card.levels == {"Depth": 4}
    ratings.path.unlink()
    card.save.click()
    assert read(card.status).startswith("Saved at ") and ratings.latest(SUBJECT)["Depth"].level == 4


def test_outside_a_course_a_card_shows_itself_and_says_why_it_cannot_save(nowhere):
    card = rate_story(TITLE)
    assert "no course at or above" in read(card.status)
    card.choices["Depth"].value = 4
    card.save.click()
    assert read(card.status).startswith("Not saved: no course") and os.listdir(nowhere) == []


def test_without_a_course_a_rating_is_kept_in_the_folder_that_the_learner_has_named(nowhere, monkeypatch):
    monkeypatch.setenv("LOOPREADY_MY", str(nowhere))
    (nowhere / "week-01").mkdir()
    (nowhere / "week-01" / "week-01.ipynb").touch()
    monkeypatch.chdir(nowhere / "week-01")
    card = rate_story(TITLE)
    card.choices["Depth"].value = 4
    card.save.click()
    assert (nowhere / "loopready.db").is_file()
    assert (nowhere / "week-01" / NAME).is_file()


# Names and anchors come from authors, a title from the learner: each is text, never markup.
def test_what_people_write_is_shown_as_they_wrote_it(ratings):
    marks = Dimension("A < B", "x & y?", {1: "<i>", 2: "&amp;", 3: "<b>", 4: "'"})
    card = rate(("design", "<script>"), [marks], ratings)
    card.choices["A < B"].value = 1
    shown = card._repr_mimebundle_()["text/html"] + "".join(text.value for text in texts(card.box))
    assert "<script>" not in shown and "A < B" not in shown and "<i>" not in shown
    assert "&lt;i&gt;" in shown and "A &lt; B" in shown and "&amp;amp;" in shown


@pytest.mark.parametrize("levels", [[1, 2, 3], [0, 1, 2, 3], [1, 2, 4, 5], [1, 2, 3, 4, 5, 6], []], ids=str)
def test_a_dimension_with_a_level_missing_is_refused(levels):
    with pytest.raises(CourseError, match="Depth has anchors for levels 1 to 4 or 1 to 5; got"):
        Dimension("Depth", "?", dict.fromkeys(levels, "x"))


@pytest.mark.parametrize("dimension", [*STORY, *DESIGN], ids=lambda each: each.name)
def test_every_level_sounds_different_from_the_others(dimension):
    assert len(set(dimension.anchors.values())) == dimension.top and all(dimension.anchors.values())


def test_a_card_s_text_and_table_hold_every_level_and_the_last_rating(card, ratings):
    card.choices["Depth"].value = 4
    card.save.click()
    bundle = rate_story(TITLE, ratings)._repr_mimebundle_()
    assert bundle[VIEW]["model_id"]
    for words in (bundle["text/plain"], bundle["text/html"].replace("&#x27;", "'")):
        assert all(sounds in words for dimension in STORY for sounds in dimension.anchors.values())
        assert "4 on 1 March 2025" in words


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook with two cards, run from top to bottom in a course without a learner's folder."""
    course = tmp_path_factory.mktemp("course")
    (course / "lessons").mkdir()
    (course / "nbgrader_config.py").touch()
    sources = [
        "from loopready import cards, rubrics",
        f"cards.rate_story({TITLE!r})",
        "cards.rate(('design', 'url-shortener'), rubrics.DESIGN)",
        "cards.rate_story(...)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LOOPREADY_MY", raising=False)
        patch.setenv("LOOPREADY_COURSE", str(course))
        NotebookClient(notebook, resources={"metadata": {"path": str(course)}}, timeout=60).execute()
    return course, notebook


def test_a_run_without_a_front_end_writes_no_file_and_no_line_of_error(executed):
    course, notebook = executed
    assert [output.output_type for cell in notebook.cells for output in cell.outputs] == [
        "execute_result"
    ] * 3
    assert sorted(os.listdir(course)) == ["lessons", "nbgrader_config.py"]


def test_a_page_made_from_a_run_shows_the_levels_where_no_widget_can_be(executed):
    notebook = nbformat.from_dict(executed[1])
    notebook.metadata.pop("widgets", None)
    page = HTMLExporter().from_notebook_node(notebook)[0]
    assert STORY[2].anchors[4] in page and DESIGN[0].anchors[1] in page
