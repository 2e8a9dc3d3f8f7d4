import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from banks import MARCH, Clock, told
from hypothesis import given
from hypothesis import strategies as st

from loopready import drawings, migrations
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.grading import Report, Row
from loopready.planning.points import Points
from loopready.process import anchors, rounds
from loopready.process.documents import DOCUMENTS
from loopready.process.scorecards import Scorecard, Vote
from loopready.ratings import Ratings
from loopready.readiness import gathering
from loopready.readiness.answers import LONGEST, Answers
from loopready.readiness.areas import AREAS, ROADMAP_HOURS, SCALE, found, weights
from loopready.readiness.evidence import HALF_LIFE, KINDS, Claim, Shown
from loopready.readiness.gathering import gathered, of_cards, of_gradings, of_points, sections
from loopready.readiness.scores import READY, after, assess

TODAY = date(2025, 3, 1)
LESSONS = Path(__file__).parent.parent / "lessons"
KEYS = [one.key for area in AREAS for one in area.statements]
FIGURE, WORDS = "from eleven calls a week to two", "we had a review each week since"

a_level = st.sampled_from(rounds.LEVELS)
a_claim = st.builds(Claim, st.sampled_from(KEYS), st.integers(0, 3), st.sampled_from(["", WORDS, FIGURE]))
a_shown = st.builds(
    Shown,
    st.sampled_from([area.key for area in AREAS]),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from([work.where for area in AREAS for work in area.work]),
    st.floats(0, 1),
    st.dates(TODAY - timedelta(days=900), TODAY + timedelta(days=30)),
)
claims, shown = st.lists(a_claim, max_size=12), st.lists(a_shown, max_size=12)


# The areas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", rounds.LEVELS)
def test_the_areas_hours_are_the_roadmaps_by_activity(level):
    for activity, hours in ROADMAP_HOURS[level].items():
        assert sum(area.hours[level] for area in AREAS if area.activity == activity) == hours
    assert sum(weights(level).values()) == pytest.approx(1)


def test_every_statement_has_a_key_of_its_own_and_a_document():
    assert len(KEYS) == len(set(KEYS))
    assert {one.source for area in AREAS for one in area.statements} <= set(DOCUMENTS)
    assert all(len(area.asked("L7")) >= len(area.asked("L6")) >= 3 for area in AREAS)


def test_the_work_that_is_proposed_lies_in_headings_that_there_are():
    for area in AREAS:
        for work in area.work:
            lesson, _, heading = work.where.partition(": ")
            path = LESSONS / f"{lesson}.md"
            # The mock loop is a room of its own and may come later.
            assert lesson == "mock-loop" or f"## {heading}\n" in path.read_text(), work.where


# Claims and shown things ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "level, evidence, counts",
    [
        (3, FIGURE, 1.0),
        (3, WORDS, 0.8),
        (3, "", 0.5),
        (3, "trust me", 0.5),
        (0, FIGURE, 0.0),
        (1, FIGURE, 1 / 3),
    ],
    ids=["with a figure", "in words", "without", "two words", "not yet", "once"],
)
def test_a_claim_counts_for_less_without_evidence(level, evidence, counts):
    assert Claim("quiet", level, evidence).counts == pytest.approx(counts)


@pytest.mark.parametrize(
    "make, why",
    [
        (lambda: Claim("juggling", 1), "'juggling'"),
        (lambda: Claim("quiet", 4), "from 0 to 3; got 4"),
        (lambda: Claim("quiet", True), "got True"),
        (lambda: Shown("juggling", "bank", "x", 1, TODAY), "'juggling'"),
        (lambda: Shown("coding", "hearsay", "x", 1, TODAY), "'hearsay'"),
        (lambda: Shown("coding", "bank", "x", 1.2, TODAY), "from 0 to 1; got 1.2"),
        (lambda: Shown("coding", "bank", "x", float("nan"), TODAY), "got nan"),
        (lambda: assess("L5"), "'L5'"),
        (lambda: assess("L6", weighs={"coding": -1}), "from 0 up; got -1"),
        (lambda: assess("L6", weighs={area.key: 0 for area in AREAS}), "all weights are 0"),
    ],
    ids=["statement", "level", "no number", "area", "kind", "score", "no score", "L5", "weight", "weights"],
)
def test_what_cannot_be_counted_is_refused_in_one_line(make, why):
    with pytest.raises(CourseError, match=why) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_a_shown_thing_loses_half_of_its_weight_in_a_half_life_and_a_day_to_come_counts_as_today():
    old, new, ahead = (
        Shown("coding", "exercise", "x", 1, TODAY + timedelta(days=days)) for days in (-HALF_LIFE, 0, 9)
    )
    assert old.weight(TODAY) == pytest.approx(new.weight(TODAY) / 2)
    assert ahead.weight(TODAY) == new.weight(TODAY) == KINDS["exercise"]


# The engine -------------------------------------------------------------------------------------------------------


@given(a_level, claims, shown)
def test_readiness_is_a_share_and_the_whole_lies_between_its_areas(level, said, done):
    seen = assess(level, said, done, TODAY)
    levels = list(seen.by_area.values())
    assert all(0 <= each <= 1 for each in levels)
    assert min(levels) - 1e-9 <= seen.overall <= max(levels) + 1e-9


@given(a_level, claims, shown, a_claim)
def test_claiming_more_or_proving_it_never_lowers_readiness(level, said, done, claim):
    better = [
        Claim(claim.statement, min(3, claim.level + 1), claim.evidence),
        Claim(claim.statement, claim.level, FIGURE),
    ]
    before = assess(level, [*said, claim], done, TODAY)
    for one in better:
        raised = assess(level, [*said, one], done, TODAY)
        assert all(raised.by_area[key] >= share - 1e-12 for key, share in before.by_area.items())


@given(a_level, claims, shown, a_shown)
def test_what_is_shown_pulls_its_area_towards_its_score_and_moves_no_other(level, said, done, one):
    before, now = assess(level, said, done, TODAY), assess(level, said, [*done, one], TODAY)
    for key, share in before.by_area.items():
        if key != one.area:
            assert now.by_area[key] == share
    moved, was = now.by_area[one.area], before.by_area[one.area]
    assert min(was, one.score) - 1e-9 <= moved <= max(was, one.score) + 1e-9


@given(a_level, claims, shown)
def test_with_the_courses_weights_the_next_hour_goes_where_readiness_is_lowest(level, said, done):
    seen = assess(level, said, done, TODAY)
    levels = [gap.readiness for gap in seen.gaps]
    assert levels == pytest.approx(sorted(levels), abs=1e-6)
    assert (seen.next_hour is None) == (min(levels) >= READY)


@given(a_level, claims, shown)
def test_the_gain_of_an_hour_is_the_slope_of_the_learning_curve(level, said, done):
    seen, little = assess(level, said, done, TODAY), 1e-4
    for gap in seen.gaps:
        slope = (after(gap.readiness, little, gap.area, level) - gap.readiness) / little
        assert gap.gain == pytest.approx(gap.weight * slope, rel=1e-3, abs=1e-9)


@given(a_level, claims, shown)
def test_the_hours_to_ready_lead_there_by_the_same_curve(level, said, done):
    for gap in assess(level, said, done, TODAY).gaps:
        reached = after(gap.readiness, gap.hours, gap.area, level)
        assert reached == pytest.approx(max(READY, gap.readiness))


def test_from_nothing_the_hours_left_are_the_roadmaps():
    for level, whole in (("L6", 280), ("L7", 330)):
        assert sum(gap.hours for gap in assess(level, today=TODAY).gaps) == pytest.approx(whole)


def test_changed_weights_change_where_the_next_hour_goes():
    done = [Shown("coding", "mock with a partner", "x", 0.6, TODAY)]
    assert assess("L6", (), done, TODAY).next_hour.area.key != "coding"
    only = {area.key: 0 for area in AREAS if area.key != "coding"}
    assert assess("L6", (), done, TODAY, only).next_hour.area.key == "coding"


def test_work_that_was_shown_is_not_proposed_again():
    first, second = (work.where for work in found("coding").work[:2])
    done = [Shown("coding", "exercise", first, 0.0, TODAY)]
    assert (
        next(gap for gap in assess("L6", (), done, TODAY).gaps if gap.area.key == "coding").work.where
        == second
    )


def test_somebody_who_is_ready_everywhere_is_told_to_rest():
    said = [Claim(key, 3, FIGURE) for key in KEYS]
    seen = assess("L7", said, (), TODAY)
    assert seen.overall == pytest.approx(1) and seen.next_hour is None
    assert "rest" in seen.headline


def test_the_picture_says_what_the_text_says():
    seen = assess("L7", [Claim("quiet", 2, WORDS)], (), TODAY)
    assert drawings.readiness_radar(seen).says == seen.headline


# What the learner's file shows ------------------------------------------------------------------------------------


def test_points_of_a_week_become_shares_by_section():
    known = sections(LESSONS / "week-02.md")
    assert known["token-bucket-tests"] == "5. Katas" and set(known.values()) >= {
        "4. Estimates",
        "5. Katas",
        "7. Story",
    }
    katas = [name for name, section in known.items() if section == "5. Katas"]
    estimates = [name for name, section in known.items() if section == "4. Estimates"]
    points = {
        katas[0]: (3, 4),
        katas[1].removesuffix("-tests"): (0, 4),
        estimates[0]: (5, 5),
        "lunch": (9, 9),
    }
    told_by = {one.what: (one.area, one.score) for one in of_points("week-02", points, TODAY, known)}
    assert told_by == {"week-02: 5. Katas": ("coding", 0.375), "week-02: 4. Estimates": ("operations", 1.0)}


def test_gradings_of_several_weeks_are_read_beside_their_lessons_and_a_week_that_is_gone_is_left_out():
    name = next(name for name, section in sections(LESSONS / "week-01.md").items() if section == "5. Katas")
    one = SimpleNamespace(week="week-01", exercises={name: (2, 4)}, said_at=MARCH)
    gone = SimpleNamespace(week="week-99", exercises={name: (4, 4)}, said_at=MARCH)
    assert of_gradings([one, gone], LESSONS) == [
        Shown("coding", "exercise", "week-01: 5. Katas", 0.5, MARCH.date())
    ]


def test_every_graded_exercise_of_a_week_is_in_a_section_that_speaks_for_an_area():
    for lesson in sorted(LESSONS.glob("week-*.md")):
        known = sections(lesson)
        assert len(known) >= 8, lesson.name
        shown = of_points(lesson.stem, dict.fromkeys(known, (1, 1)), TODAY, known)
        assert {one.what for one in shown} == {f"{lesson.stem}: {section}" for section in known.values()}


def test_a_rated_story_speaks_for_stories_and_for_what_it_is_about(tmp_path):
    bank = Bank(tmp_path / "loopready.db", clock=Clock())
    assert gathered(bank, TODAY) == []
    kept = bank.save(told(principles=["Dive Deep"]))
    Ratings(bank.path, clock=Clock()).rate(("story", kept.id), {"Depth": 5, "Numbers": 3})
    Ratings(bank.path, clock=Clock()).rate(("design", "url-shortener"), {"Depth": 1}, {"Depth": 4})
    shown = gathered(bank, TODAY)
    assert [(one.area, one.kind, one.score) for one in shown] == [
        ("stories", "bank", pytest.approx(1 / 12)),
        ("stories", "rating", 0.75),
        ("operations", "rating", 0.75),
        ("design", "rating", 0.0),
    ]


def test_a_week_that_was_graded_at_home_speaks_for_its_sections(tmp_path):
    bank = Bank(tmp_path / "loopready.db")
    rows = (Row("base62 codec", 4, 8), Row("top links", 12, 12), Row("shortener estimate", 3, 12))
    Points(bank.path, Clock()).keep(Report("week-01", MARCH, rows, Path("feedback.html")))
    assert [(one.area, one.kind, one.score) for one in gathered(bank, TODAY)] == [
        ("coding", "exercise", 0.8),
        ("design", "exercise", 0.25),
    ]


def test_a_room_that_keeps_mocks_adds_what_they_show(tmp_path, monkeypatch):
    bank, mock = Bank(tmp_path / "loopready.db"), Shown("room", "mock alone", "mock: Coding 1", 0.5, TODAY)
    monkeypatch.setattr(gathering, "sources", [lambda path: [mock] if path == bank.path else []])
    assert gathered(bank, TODAY) == [mock]


def test_a_mock_round_speaks_for_its_area_and_for_being_in_the_room():
    names = [one.name for one in anchors.of("people")][:2]
    card = Scorecard(
        "seven-people",
        dict.fromkeys(names, 4),
        dict.fromkeys(names, "she told me on Monday"),
        rater="partner",
    )
    voted = Scorecard("seven-coding-1", said=Vote.LEAN_NO)
    shown = of_cards([card, voted], TODAY)
    assert [(one.area, one.kind, round(one.score, 2)) for one in shown] == [
        ("people", "mock with a partner", 1.0),
        ("room", "mock with a partner", 1.0),
        ("coding", "mock alone", 0.33),
        ("room", "mock alone", 0.33),
    ]


# The file ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_there_in_another_session_and_a_second_one_stands_beside_the_first(path):
    clock = Clock()
    Answers(path, clock, "one").keep(Claim("quiet", 1, WORDS))
    clock.at += timedelta(days=30)
    Answers(path, clock, "two").keep(Claim("quiet", 3, FIGURE))
    answers = Answers(path)
    assert answers.claims() == {"quiet": Claim("quiet", 3, FIGURE)}
    assert [claim.level for _, claim in answers.history()] == [1, 3]


def test_typing_in_one_sitting_keeps_one_answer_and_another_tab_begins_its_own(path):
    one, other = (Answers(path, Clock(), writer) for writer in ("one", "other"))
    for text in ("from", "from eleven", FIGURE):
        one.keep(Claim("quiet", 2, text))
    other.keep(Claim("quiet", 2, WORDS))
    one.keep(Claim("quiet", 2, FIGURE))
    assert [claim.evidence for _, claim in one.history()] == [FIGURE, WORDS, FIGURE]


def test_an_answer_said_again_adds_nothing_and_a_clock_moved_back_loses_nothing(path):
    clock = Clock()
    answers = Answers(path, clock)
    answers.keep(Claim("quiet", 2, FIGURE))
    clock.at -= timedelta(days=400)
    answers.keep(Claim("quiet", 2, FIGURE))
    answers.keep(Claim("quiet", 1, FIGURE))
    assert [claim.level for _, claim in answers.history()] == [2, 1]
    assert answers.claims()["quiet"].level == 1


def test_weights_are_kept_by_level_and_given_back(path):
    answers = Answers(path, Clock())
    answers.weigh("L6", "coding", 0.5)
    assert answers.weights("L6") == {"coding": 0.5} and answers.weights("L7") == {}
    answers.weigh("L6", "coding", None)
    assert answers.weights("L6") == {}
    with pytest.raises(CourseError, match="from 0 to 1; got 2"):
        answers.weigh("L6", "coding", 2)


def test_looking_creates_nothing(path):
    answers = Answers(path)
    assert answers.claims() == {} and answers.weights("L6") == {} and not path.parent.exists()


def test_too_long_a_text_is_refused_and_the_answer_before_it_stays(path):
    answers = Answers(path, Clock())
    answers.keep(Claim("quiet", 2, FIGURE))
    with pytest.raises(CourseError, match="at most 2,000 characters; got 2,001"):
        answers.keep(Claim("quiet", 2, "x" * (LONGEST + 1)))
    assert answers.claims()["quiet"].evidence == FIGURE


def test_an_answer_to_a_statement_that_is_gone_stays_in_the_file_and_out_of_the_way(path):
    answers = Answers(path, Clock())
    answers.keep(Claim("quiet", 2, FIGURE))
    with sqlite3.connect(path) as database:
        database.execute("UPDATE assessment SET statement = 'of-another-course'")
    database.close()
    assert answers.claims() == {}


def test_a_file_from_before_the_assessment_keeps_its_stories_readable_and_gets_its_answers(path):
    before = migrations.STEPS[: migrations.STEPS.index(migrations.assessment)]
    text, moment = json.dumps(told().to_dict()), MARCH.isoformat()
    path.parent.mkdir()
    with sqlite3.connect(path) as made:
        for step in before:
            step(made)
        made.execute("INSERT INTO story (id, made_at) VALUES ('x', ?)", (moment,))
        made.execute("INSERT INTO revision VALUES ('x', 1, 0, 'kept', 'a', ?, ?, ?)", (moment, moment, text))
        made.execute(f"PRAGMA user_version = {len(before)}")
    made.close()
    assert Answers(path).claims() == {} and [kept.story for kept in Bank(path).stories()] == [told()]
    Answers(path, Clock()).keep(Claim("quiet", 2, FIGURE))
    assert [kept.story for kept in Bank(path).stories()] == [told()]
    assert Answers(path).claims()["quiet"].level == 2
    assert path.with_name(f"loopready-schema-{len(before)}.db").exists()


def test_the_scale_is_what_the_file_allows():
    assert len(SCALE) == 4
