"""Levels given by an instructor: what they come to, what is kept, and who was first."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given as everything
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from loopready.course import CourseError
from loopready.levels import given, remarks, scale
from loopready.levels.given import TakenBefore

WEEK, CELL = "week-01", "queue-design"
NAMES = [each.name for each in scale.RUBRICS["design"]]
THREES = dict.fromkeys(NAMES, 3)
AT = datetime(2027, 2, 1, 19, 5, tzinfo=UTC)


def levels(rubric) -> st.SearchStrategy:
    return st.fixed_dictionaries({each.name: st.integers(1, each.top) for each in rubric})


@everything(st.data(), st.sampled_from(sorted(scale.RUBRICS)), st.floats(1, 100))
def test_levels_come_to_no_more_than_all_points_and_a_higher_one_never_to_less(data, kind, out_of):
    rubric = scale.RUBRICS[kind]
    chosen = data.draw(levels(rubric))
    row = data.draw(st.sampled_from(rubric))
    raised = chosen | {row.name: min(chosen[row.name] + 1, row.top)}
    assert (
        0 < scale.points(rubric, chosen, out_of) <= scale.points(rubric, raised, out_of) <= round(out_of, 2)
    )


@pytest.mark.parametrize(
    "cell, level, out_of, points",
    [("a-design", 3, 20, 15), ("a-design", 4, 20, 20), ("a-story", 4, 16, 12.8), ("a-story", 5, 16, 16)],
    ids=["solid design", "all of a design", "solid story", "all of a story"],
)
def test_the_same_level_in_each_row_comes_to_what_the_page_says(cell, level, out_of, points):
    rubric = scale.rubric_of(cell)
    assert scale.points(rubric, {each.name: level for each in rubric}, out_of) == points


@pytest.mark.parametrize(
    "typed, says",
    [
        (["3"] * 4, "5 levels are needed"),
        (["3", "3", "5", "3", "3"], "Depth has the levels 1 to 4; got 5"),
        (["3", "3", "0", "3", "3"], "Depth has the levels 1 to 4; got 0"),
        (["3", "3", "good", "3", "3"], "Depth has the levels 1 to 4; got 'good'"),
        (["3", "3", "²", "3", "3"], "Depth has the levels 1 to 4; got '²'"),
    ],
    ids=["too few", "too high", "nought", "a word", "a digit that is none"],
)
def test_levels_that_do_not_exist_are_refused_in_one_line(typed, says):
    with pytest.raises(CourseError, match=says):
        scale.in_order(scale.RUBRICS["design"], typed)


def test_a_cell_without_a_rubric_is_said_to_have_none():
    with pytest.raises(CourseError, match="top-links-tests has no rubric"):
        scale.rubric_of("top-links-tests")


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> str:
    """A gradebook with one design, handed in by ann and by bob."""
    address = f"sqlite:///{tmp_path_factory.mktemp('book') / 'gradebook.db'}"
    with Gradebook(address, "loopready") as book:
        book.add_assignment(WEEK)
        book.add_notebook(WEEK, WEEK)
        book.add_grade_cell(CELL, WEEK, WEEK, max_score=20, cell_type="markdown")
        book.add_solution_cell(CELL, WEEK, WEEK)
        for learner in ("ann", "bob"):
            book.add_student(learner)
            book.add_submission(WEEK, learner)
        book.engine.dispose()
    return address


@pytest.fixture
def book(url):
    with Gradebook(url, "loopready") as opened:
        yield opened
        for learner in ("ann", "bob"):
            grade = opened.find_grade(CELL, WEEK, WEEK, learner)
            grade.manual_score = None
            opened.find_comment(CELL, WEEK, WEEK, learner).manual_comment = None
        if opened.engine.dialect.has_table(opened.db.connection(), "loopready_levels"):
            opened.db.execute(given._TABLE.delete())
        opened.db.commit()
        opened.engine.dispose()


def of(book, learner: str = "ann"):
    return given.grade_of(book, WEEK, learner, CELL)


def test_levels_become_nbgraders_own_score_and_comment(book):
    given.give(book, of(book), THREES, "Say what the cache costs.", "kim", at=AT)
    with Gradebook(str(book.engine.url), "loopready") as fresh:
        grade = fresh.find_grade(CELL, WEEK, WEEK, "ann")
        assert (grade.manual_score, grade.needs_manual_grade) == (15, False)
        assert fresh.find_comment(CELL, WEEK, WEEK, "ann").comment == "Say what the cache costs."
        fresh.engine.dispose()


def test_what_was_given_is_read_back_with_its_author_and_for_its_learner_alone(book):
    given.give(book, of(book), THREES, "", "kim", at=AT)
    now = given.look(book, of(book))
    assert (now.levels, now.by, now.at, now.agrees) == (THREES, "kim", AT.replace(tzinfo=None), True)
    assert given.look(book, of(book, "bob")).levels == {}


def test_points_that_were_changed_in_the_formgrader_do_not_agree_with_the_levels(book):
    given.give(book, of(book), THREES, "", "kim")
    of(book).manual_score = 13
    book.db.commit()
    assert not given.look(book, of(book)).agrees


def test_the_second_of_two_is_told_who_was_first_and_changes_nothing(book):
    seen = given.look(book, of(book)).seen
    given.give(book, of(book), THREES, "First.", "kim", seen, at=AT)
    with pytest.raises(
        TakenBefore, match="nothing saved: kim gave 15 points at 19:05 UTC on 1 February"
    ) as taken:
        given.give(book, of(book), dict.fromkeys(NAMES, 1), "Second.", "lee", seen)
    now = given.look(book, of(book))
    assert (now.points, now.comment, now.by) == (15, "First.", "kim")
    assert taken.value.now == now


def test_the_second_can_give_theirs_after_having_seen_the_first(book):
    given.give(book, of(book), THREES, "First.", "kim", given.look(book, of(book)).seen)
    given.give(book, of(book), dict.fromkeys(NAMES, 4), "Second.", "lee", given.look(book, of(book)).seen)
    assert given.look(book, of(book)).points == 20


@pytest.mark.parametrize("what", ["score", "comment"])
def test_a_change_in_the_formgrader_counts_as_somebody_who_was_first(book, what):
    seen = given.look(book, of(book)).seen
    if what == "score":
        of(book).manual_score = 13
    else:
        book.find_comment(CELL, WEEK, WEEK, "ann").manual_comment = "Mine."
    book.db.commit()
    with pytest.raises(TakenBefore, match="in the formgrader"):
        given.give(book, of(book), THREES, "", "lee", seen)


def test_of_many_who_give_at_once_exactly_one_is_first(url, book):
    seen, outcomes = given.look(book, of(book)).seen, []

    def one(name: str) -> None:
        with Gradebook(url, "loopready") as own:
            try:
                given.give(own, of(own), THREES, name, name, seen)
                outcomes.append(name)
            except TakenBefore:
                outcomes.append("")
            own.engine.dispose()

    book.db.rollback()
    threads = [threading.Thread(target=one, args=(f"grader {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book.db.expire_all()
    [first] = filter(None, outcomes)
    assert len(outcomes) == 6 and given.look(book, of(book)).by == first


def test_a_level_that_does_not_exist_leaves_everything_as_it_was(book):
    before = given.look(book, of(book))
    with pytest.raises(CourseError, match="Depth has the levels 1 to 4; got 9"):
        given.give(book, of(book), THREES | {"Depth": 9}, "", "kim")
    assert given.look(book, of(book)) == before


@pytest.mark.parametrize(
    "learner, cell, says",
    [
        ("zoe", CELL, "no hand-in of 'zoe' for week-01"),
        ("ann", "poem", "no graded cell 'poem': there is queue-design"),
    ],
    ids=["learner", "cell"],
)
def test_a_name_that_is_not_there_is_said_in_one_line(book, learner, cell, says):
    with pytest.raises(CourseError, match=says):
        given.grade_of(book, WEEK, learner, cell)


def test_there_are_comments_to_begin_with(tmp_path):
    assert remarks.read(tmp_path) == remarks.TO_BEGIN_WITH
    assert list(tmp_path.iterdir()) == []


def test_a_comment_is_kept_once_for_its_kind_and_read_back(tmp_path):
    for _ in range(2):
        remarks.add(tmp_path, "design", "  Who pays for\n the cache? ")
    assert remarks.read(tmp_path)["design"] == [*remarks.TO_BEGIN_WITH["design"], "Who pays for the cache?"]
    assert remarks.read(tmp_path)["story"] == remarks.TO_BEGIN_WITH["story"]


def test_of_many_who_keep_comments_at_once_none_is_lost(tmp_path):
    said = [f"Comment {number}." for number in range(12)]
    threads = [threading.Thread(target=remarks.add, args=(tmp_path, "story", one)) for one in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(said) <= set(remarks.read(tmp_path)["story"])


@pytest.mark.parametrize(
    "text, says",
    [
        ("# poems\n- Nice.\n", "comments.md line 1: a heading is design or story; got 'poems'"),
        ("- Nice.\n", "comments.md line 1: a comment is a line that begins with `- `, below a heading"),
        ("# design\nNice.\n", "comments.md line 2: a comment is a line that begins"),
    ],
    ids=["an unknown heading", "no heading", "no dash"],
)
def test_a_file_of_comments_that_cannot_be_read_is_refused_with_its_line(tmp_path, text, says):
    (tmp_path / remarks.NAME).write_text(text)
    with pytest.raises(CourseError) as refused:
        remarks.add(tmp_path, "design", "More.")
    assert says in str(refused.value)
    assert (tmp_path / remarks.NAME).read_text() == text


@pytest.mark.parametrize(
    "kind, comment, says",
    [("poem", "Nice.", "for a design or a story"), ("design", " ", "1 to 500 characters; got 0"),
     ("design", "x" * 501, "got 501")],
    ids=["an unknown kind", "empty", "overlong"],
)  # fmt: skip
def test_a_comment_that_cannot_be_kept_is_refused(tmp_path, kind, comment, says):
    with pytest.raises(CourseError, match=says):
        remarks.add(tmp_path, kind, comment)
