import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_docs import headings

from loopready.build import build, differences
from loopready.course import CourseError
from loopready.principles import PRINCIPLES, principle
from loopready.process import anchors, pages, questions, rounds
from loopready.process.documents import DOCUMENTS, FACTS, PROCESS_PAGE, Fact
from loopready.process.stages import AFTER_THE_LOOP, OVERALL, TIMELINE, passing_all

TOP = Path(__file__).parent.parent
LESSONS = TOP / "lessons"
BANK = questions.bank()


def test_the_five_rounds_take_the_285_minutes_that_their_page_states():
    assert rounds.minutes(rounds.FIVE_ROUNDS) == (285, 285)


def test_the_stages_do_not_multiply_to_the_whole_that_is_stated():
    low, high = passing_all()
    assert (low, high) == (pytest.approx(0.03), pytest.approx(0.105))
    assert low < OVERALL.low and high < OVERALL.high


@pytest.mark.parametrize("one", rounds.ROUNDS, ids=lambda one: one.key)
def test_every_round_names_its_source_its_criteria_and_real_principles(one):
    assert one.source in DOCUMENTS and one.interviewer and one.criteria and one.signals + one.criteria
    assert 0 < one.low <= one.high
    assert [principle(name).name for name in one.principles] == list(one.principles)
    assert bool(one.part) == one.in_loop
    assert anchors.of(one.focus)


@pytest.mark.parametrize("one", rounds.ROUNDS, ids=lambda one: one.key)
@given(st.integers(0, 300))
def test_a_rounds_agenda_adds_up_to_any_length_that_has_a_minute_for_each_part(one, minutes):
    if minutes < len(one.agenda):
        with pytest.raises(CourseError):
            one.clock(minutes)
        return
    spent = [part for _, part in one.clock(minutes)]
    assert sum(spent) == minutes and min(spent) >= 1 and len(spent) == len(one.agenda)


@pytest.mark.parametrize(
    "key, minutes, spent",
    [
        ("seven-phone", 30, [5, 15, 5, 5]),
        ("seven-technical-phone", 45, [5, 30, 10]),
        ("seven-design", 70, [10, 20, 20, 10, 10]),
        ("seven-manager", 60, [15, 20, 15, 10]),
    ],
)
def test_at_the_length_that_the_guide_divides_the_agenda_is_the_guides(key, minutes, spent):
    assert [part for _, part in rounds.found(key).clock(minutes)] == spent


def test_a_rehearsal_of_either_loop_has_a_round_for_each_part_of_the_rule():
    for loop in rounds.REHEARSALS.values():
        parts = [one.part for one in loop if one.in_loop]
        assert set(parts) == set(rounds.PARTS)
        assert parts.count("bar raiser") == parts.count("hiring manager") == 1


def test_a_level_lengthens_only_the_design_round():
    longer = [one.key for one in rounds.ROUNDS if one.length("L7") > one.length("L6")]
    assert longer == ["seven-design"]
    with pytest.raises(CourseError, match="L5"):
        rounds.found("seven-design").length("L5")


def test_an_unknown_round_or_focus_is_answered_with_those_there_are():
    with pytest.raises(CourseError, match="five-design"):
        rounds.found("lunch")
    with pytest.raises(CourseError, match="people"):
        anchors.of("lunch")


def test_every_focus_has_four_levels_for_each_of_at_least_three_criteria():
    for focus in rounds.FOCUSES:
        criteria = anchors.of(focus)
        assert len(criteria) >= 3 and all(sorted(one.anchors) == [1, 2, 3, 4] for one in criteria), focus
        assert len({one.name for one in criteria}) == len(criteria)


def test_the_documents_disagree_on_what_the_lessons_say_they_disagree_on():
    apart = {fact.about for fact in FACTS if len(set(fact.said.values())) > 1}
    assert apart >= {
        "conversations",
        "minutes in all",
        "duration",
        "coding rounds",
        "system design",
        "title at L7",
    }


def test_a_fact_of_a_document_that_there_is_not_is_refused():
    with pytest.raises(CourseError, match="hearsay"):
        Fact("lunch", {PROCESS_PAGE: "none", "hearsay": "long"})


def test_the_weeks_of_the_way_come_one_after_the_other():
    for steps in (TIMELINE[:-1], AFTER_THE_LOOP):
        assert all(step.first <= step.last for step in steps)
        assert [step.first for step in steps] == sorted(step.first for step in steps)


def test_every_question_that_a_document_lists_is_covered():
    assert questions.uncovered() == []


def test_no_place_of_a_document_is_claimed_by_two_questions():
    claimed = [place for one in BANK for place in one.asked]
    assert len(claimed) == len(set(claimed)) == len(questions.listed())


@pytest.mark.parametrize("one", BANK, ids=lambda one: one.id)
def test_a_question_has_two_or_three_follow_ups_and_a_heading_that_prepares(one):
    assert 2 <= len(one.follow_ups) <= 3 and len(set(one.follow_ups)) == len(one.follow_ups)
    assert all(text.rstrip(".?").strip() and text[-1] in ".?" for text in (one.asks, *one.follow_ups))
    assert one.prepared and one.topic
    for week, heading in one.prepared:
        assert questions.anchor(heading) in headings(LESSONS / f"{week}.md")


def test_the_bank_holds_about_120_questions_and_no_two_alike():
    assert 110 <= len(BANK) <= 140
    assert len({one.asks for one in BANK}) == len(BANK)


def test_every_principle_and_every_focus_has_a_question():
    named = {name for one in BANK for name in one.principles}
    assert named == {each.name for each in PRINCIPLES}
    assert {focus for one in BANK for focus in one.focuses} == set(rounds.FOCUSES)


def test_what_is_asked_of_one_level_or_in_one_region_is_left_out_elsewhere():
    at_six, at_seven = (questions.chosen(level=level) for level in rounds.LEVELS)
    assert {one.level for one in at_six} == {""} and {one.level for one in at_seven} == {"", "L7"}
    india = questions.chosen(region="India")
    assert {one.region for one in india} == {"", "India"}


@given(seed=st.integers(), count=st.integers(0, 20), focus=st.sampled_from(rounds.FOCUSES))
def test_drawn_questions_are_of_the_round_differ_and_come_out_the_same_for_the_same_seed(seed, count, focus):
    taken = questions.drawn(count, Random(seed), focus=focus)
    assert taken == questions.drawn(count, Random(seed), focus=focus)
    assert len(taken) == min(count, len(questions.chosen(focus=focus))) == len({one.id for one in taken})
    assert all(focus in one.focuses for one in taken)


def test_a_question_that_was_asked_comes_again_only_when_no_other_is_left():
    pool = questions.chosen(focus="coding")
    seen = [one.id for one in pool[:-2]]
    taken = questions.drawn(3, Random(1), seen=seen, focus="coding")
    assert {one.id for one in taken[:2]} == {one.id for one in pool[-2:]}
    assert taken[2].id in seen


def test_three_drawn_questions_ask_for_three_principles():
    taken = questions.drawn(3, Random(7), focus="people", level="L6")
    mains = [one.principles[0] for one in taken if one.principles]
    assert len(set(mains)) == len(mains)


@pytest.mark.parametrize(
    "said, why",
    [
        ({"rounds": ["lunch"]}, "no round is called 'lunch'"),
        ({"asked": ["page/common 21"]}, "no place is called 'page/common 21'"),
        ({"level": "L5"}, "no level"),
        ({"region": "Mars"}, "no region"),
        ({"prepared": ["week 6"]}, "week and heading"),
        ({"follow_ups": None}, "follow_ups"),
    ],
    ids=["round", "place", "level", "region", "heading", "nothing to ask on"],
)
def test_a_question_with_a_fault_is_refused_by_its_name(said, why):
    whole = {
        "asks": "Why?", "rounds": ["people"], "topic": "why", "follow_ups": ["And?", "So?"],
        "prepared": ["6: The debrief"], **said,
    }  # fmt: skip
    with pytest.raises(CourseError, match=why):
        questions.question("people", "why", {key: value for key, value in whole.items() if value is not None})


# The rows that docs/questions.md had before it was made from the bank: what the documents ask, each once.
_ROWS = """
who-are-you why-here way-of-managing strengths-weaknesses bring-to-team best-qualities your-questions change-the-offer
url-shortener notifications sql-or-nosql reliable-system rate-limiter key-value-store leaderboard monolith feed
checkout-spike thousand-to-million messaging content-network distributed-cache complex-system
underperformer hiring careers to-the-next-level conflict-in-team two-seniors delegating reviews-and-feedback bad-news
decision-the-team-felt productive-and-engaged team-against-business safe-to-invent several-places
half-the-facts deep-problem held-the-bar broken-commitment disagreed invented risk-that-failed failure
from-the-customer not-your-job against-obstacles rule-nobody-checks
long-against-short technical-priorities competing-demands not-to-build debt-or-features date-is-fixed
technical-decision without-authority difficult-stakeholder goals agile quality-of-delivery staying-current
future-of-cloud data-protection writing-sample
arrays-and-strings
"""
ROWS = _ROWS.split()


def test_none_of_the_documents_66_questions_was_lost_when_the_bank_was_made():
    assert len(ROWS) == 66
    assert [id for id in ROWS if not questions.found(id).asked] == []


def test_the_tables_of_the_documentation_are_those_of_the_data():
    stale = [name for name, text in pages.filled(TOP).items() if (TOP / name).read_bytes() != text]
    assert stale == [], "run `loopready build`"


def test_every_table_is_on_a_page_and_every_question_with_it():
    told = "".join(text.decode() for text in pages.filled(TOP).values())
    assert [name for name in pages.TABLES if f"made from the data: {name} -->" not in told] == []
    assert [one.id for one in BANK if one.asks not in told] == []


def test_a_mark_that_names_no_table_is_refused_and_a_page_without_marks_stays():
    with pytest.raises(CourseError, match=r"README: no table is called 'lunch'"):
        pages.fill("<!-- made from the data: lunch -->\n<!-- end -->", "README")
    assert pages.fill("# A page\n") == "# A page\n"


def test_the_build_fills_a_pages_tables_and_its_check_says_when_they_are_stale(tmp_path):
    for folder in ("lessons", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lessons/start-here.md").write_text("# A room\n")
    shutil.copy(TOP / "nbgrader_config.py", tmp_path)
    page = tmp_path / "docs/page.md"
    page.write_text("By hand.\n\n<!-- made from the data: rule -->\n<!-- end -->\n\nBy hand too.\n")
    assert page in build(tmp_path)
    assert "| bar raiser | strong hire |" in page.read_text() and page.read_text().endswith("By hand too.\n")
    assert build(tmp_path) == [] and differences(tmp_path) == []
    page.write_text(page.read_text().replace("strong hire", "strong no"))
    assert differences(tmp_path) == ["docs/page.md: differs from the data; run `loopready build`"]


def test_a_bar_and_a_line_break_in_a_cell_do_not_break_the_table():
    assert pages.table(("a",), [("x | y\nz",)]).splitlines()[-1] == "| x \\| y z |"
