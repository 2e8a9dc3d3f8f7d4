"""What a bank covers: what counts, what is thin, and which story comes next."""

import pytest
from banks import told

from loopready.course import CourseError
from loopready.coverage import FURTHER, MAIN, NONE, PHONE, coverage
from loopready.drawings import rating_history, story_matrix
from loopready.principles import PRINCIPLES

NAMES = [each.name for each in PRINCIPLES]
FULL = [told(title=f"{place}", principles=[NAMES[place], NAMES[(place + 1) % 16]]) for place in range(16)]


def test_an_empty_bank_is_thin_everywhere_and_begins_with_the_phone_screen():
    empty = coverage([])
    assert len(empty.thin) == 16 and set(empty.thin[:3]) == set(PHONE)
    assert empty.headline == "0 of 12 to 15 stories, and 16 of 16 principles are thin."
    assert "phone screen already (process guide)" in empty.next_story().reason


def test_two_stories_for_each_principle_leave_nothing_thin():
    assert coverage(FULL).thin == [] and coverage(FULL).next_story().principle == ""


def test_fewer_stories_than_the_target_ask_for_one_more_although_nothing_is_thin():
    eight = [told(principles=NAMES[at : at + 4]) for at in (0, 4, 8, 12)] * 2
    assert coverage(eight).thin == []
    assert (
        "4 more stories leave you a choice (process guide: 12 to 15)" in coverage(eight).next_story().reason
    )


def test_main_and_further_principles_both_count():
    covered = coverage([told(principles=["Ownership", "Dive Deep"])])
    assert covered.row("Ownership") == [MAIN] and covered.row("Dive Deep") == [FURTHER]
    assert covered.row("Frugality") == [NONE]
    assert covered.counts["Ownership"] == covered.counts["Dive Deep"] == 1


def test_a_draft_is_shown_and_does_not_count():
    covered = coverage([told(result=...), told()])
    assert covered.counts["Ownership"] == 1 and len(covered.drafts) == 1 and "(draft)" in str(covered)
    assert "a draft is begun" in coverage([told(result=...)]).next_story().reason


def test_no_story_comes_before_one_story_and_a_round_before_none():
    stories = [told(principles=[name]) for name in NAMES if name not in ("Think Big", "Frugality")]
    covered = coverage(stories)
    assert covered.thin[:2] == ["Think Big", "Frugality"]
    assert (
        covered.next_story().reason
        == "no story shows it yet; it is looked for in the round Director (process page)"
    )


@pytest.mark.parametrize("lens, count", [("", 3), ("L6", 3), ("L7", 1)], ids=["both", "L6", "L7"])
def test_an_l7_loop_hears_the_l7_stories_and_an_l6_loop_hears_all(lens, count):
    stories = [told(level="L6"), told(level="L7"), told(level="")]
    assert len(coverage(stories, lens).written) == count


def test_a_story_told_for_l7_that_does_not_sound_like_it_is_named():
    loud = told(title="Loud", level="L7", action="I changed the organisation over three years.")
    covered = coverage([told(title="Quiet", level="L7"), loud], "L7")
    assert [story.title for story in covered.quiet] == ["Quiet"]
    assert "not yet heard as that: Quiet." in str(covered)


def test_a_lens_that_there_is_not_is_refused():
    with pytest.raises(CourseError, match="got 'L8'"):
        coverage([], "L8")


def test_the_text_has_a_line_for_each_principle_and_names_the_sources():
    lines = str(coverage(FULL)).splitlines()
    assert [any(line.startswith(name) for line in lines) for name in NAMES] == [True] * 16
    assert "process guide" in lines[-1] and "process page" in lines[-1]


def test_the_picture_says_in_words_what_is_thin():
    assert "16 of 16 principles are thin" in story_matrix().says
    assert story_matrix(coverage(FULL)).says.endswith("Every principle has its two examples.")


def test_a_bank_of_five_hundred_stories_is_drawn_at_the_same_width():
    assert story_matrix(coverage(FULL * 32)).size == story_matrix().size
    assert "The first 30 stories are drawn." in story_matrix(coverage(FULL * 32)).says


def test_the_history_of_a_story_without_ratings_is_said():
    assert rating_history("The queue").says == "The queue has 0 ratings so far."
