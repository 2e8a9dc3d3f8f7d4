"""The sixteen principles, and finding one by what a learner types."""

import pytest

from loopready.course import CourseError
from loopready.principles import PRINCIPLES, principle, slug

NAMES = [
    "Customer Obsession",
    "Ownership",
    "Invent and Simplify",
    "Are Right, A Lot",
    "Learn and Be Curious",
    "Hire and Develop the Best",
    "Insist on the Highest Standards",
    "Think Big",
    "Bias for Action",
    "Frugality",
    "Earn Trust",
    "Dive Deep",
    "Have Backbone; Disagree and Commit",
    "Deliver Results",
    "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
]


def test_the_principles_are_the_sixteen_public_names_in_their_public_order():
    assert [each.name for each in PRINCIPLES] == NAMES


def test_every_slug_finds_its_own_principle():
    assert [principle(each.slug) for each in PRINCIPLES] == list(PRINCIPLES)


@pytest.mark.parametrize("each", PRINCIPLES, ids=lambda each: each.slug)
def test_a_meaning_is_one_sentence_that_does_not_repeat_the_name(each):
    assert each.meaning.endswith(".") and each.meaning.count(".") == 1
    assert each.name.lower() not in each.meaning.lower()


@pytest.mark.parametrize(
    "typed, name",
    [
        ("Ownership", "Ownership"),
        ("ownership", "Ownership"),
        ("Dive_Deep", "Dive Deep"),
        ("are right a lot", "Are Right, A Lot"),
        ("Strive to be Earth\u2019s Best Employer", "Strive to be Earth's Best Employer"),
        ("have backbone, disagree and commit", "Have Backbone; Disagree and Commit"),
        ("  think-big ", "Think Big"),
    ],
    ids=["name", "slug", "underscores", "no comma", "curly apostrophe", "another mark", "spaces around"],
)
def test_a_principle_is_found_however_its_name_is_typed(typed, name):
    assert principle(typed).name == name


def test_a_principle_finds_itself():
    assert principle(PRINCIPLES[3]) is PRINCIPLES[3]


@pytest.mark.parametrize(
    "typed, advice",
    [
        ("Ownershp", "did you mean Ownership?"),
        ("disagree", "did you mean Have Backbone; Disagree and Commit?"),
        ("dive depe", "did you mean Dive Deep?"),
        ("synergy", "loopready.principles.PRINCIPLES"),
        ("", "loopready.principles.PRINCIPLES"),
        (7, "got 7"),
    ],
    ids=["a slip", "half a name", "letters swapped", "no such thing", "nothing", "a number"],
)
def test_an_unknown_principle_gets_one_line_with_what_to_type(typed, advice):
    with pytest.raises(CourseError) as refused:
        principle(typed)
    assert advice in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text, key",
    [
        ("The queue nobody owned", "the-queue-nobody-owned"),
        ("Don't panic: p99 > 2 s!", "dont-panic-p99-2-s"),
        ("Über die Brücke", "über-die-brücke"),
        ("...", ""),
        ("a_b", "a-b"),
    ],
    ids=["words", "marks", "letters of other languages", "no letters", "underscore"],
)
def test_a_slug_keeps_letters_and_digits_and_nothing_else(text, key):
    assert slug(text) == key == slug(key)
