"""Late work: the rule, who was given longer, and both in words."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from loopready.course import CourseError
from loopready.lateness import extensions
from loopready.lateness.plugin import LateWork, checked
from loopready.lateness.rules import HandedIn, Rule
from loopready.lateness.words import applied, duration, rule_in_words

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
DUE = datetime(2027, 1, 31, 18)

shares = st.floats(0, 100, allow_nan=False)
rules = st.builds(Rule, shares, st.sampled_from(["hour", "day"]), st.floats(0, 100), shares)
lengths = st.timedeltas(timedelta(), timedelta(days=400))
scores = st.floats(0, 1000, allow_nan=False)


@given(rules, scores, lengths)
def test_a_penalty_is_never_negative_and_never_more_than_the_score(rule, score, late):
    assert 0 <= rule.penalty(score, late) <= score


@given(rules, scores, lengths, lengths)
def test_whoever_is_later_never_pays_less(rule, score, one, other):
    sooner, later = sorted([one, other])
    assert rule.penalty(score, sooner) <= rule.penalty(score, later)


@given(rules, lengths, scores, scores)
def test_the_better_of_two_who_are_equally_late_keeps_no_less(rule, late, one, other):
    lower, higher = sorted([one, other])
    # Penalties are rounded to hundredths.
    assert lower - rule.penalty(lower, late) <= higher - rule.penalty(higher, late) + 0.0101


@given(scores)
def test_a_rule_that_takes_everything_leaves_nothing(score):
    assert Rule(100).penalty(score, MINUTE) == score


@given(st.builds(Rule), scores, lengths)
def test_without_a_setting_nothing_is_taken(rule, score, late):
    assert rule.penalty(score, late) == 0


@pytest.mark.parametrize(
    "rule, late, penalty",
    [
        (Rule(10), timedelta(seconds=1), 8),
        (Rule(10), DAY, 8),
        (Rule(10), DAY + timedelta(seconds=1), 16),
        (Rule(10, "hour"), 3 * HOUR - MINUTE, 24),
        (Rule(10, grace=1), HOUR, 0),
        (Rule(10, grace=1), HOUR + MINUTE, 8),
        (Rule(10, grace=1), HOUR + DAY + MINUTE, 16),
        (Rule(10, most=25), 9 * DAY, 20),
        (Rule(30), 9 * DAY, 80),
        (Rule(100), MINUTE, 80),
    ],
    ids=["a second begins a day", "a whole day is one", "the next second begins another", "by the hour", "in the grace",
         "after the grace", "days are counted from the end of the grace", "a limit", "no more than all", "all"],
)  # fmt: skip
def test_each_period_that_has_begun_takes_its_share(rule, late, penalty):
    assert rule.penalty(80, late) == penalty


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"grace": -1}, "the grace for late work is hours from 0 on; got -1"),
        ({"grace": float("nan")}, "got nan"),
        ({"percent": -5}, "percent for late work is from 0 to 100; got -5"),
        ({"most": 101}, "most_percent for late work is from 0 to 100; got 101"),
        ({"per": "week"}, "per hour or per day; got 'week'"),
    ],
    ids=["a negative grace", "a grace that is no number", "negative", "more than all", "another period"],
)
def test_a_rule_that_cannot_be_meant_is_refused_in_one_line(settings, says):
    with pytest.raises(CourseError, match=says.replace("(", r"\(")):
        Rule(**settings)


@pytest.mark.parametrize(
    "hand_in, late",
    [
        (HandedIn(DUE + HOUR, DUE), HOUR),
        (HandedIn(DUE - HOUR, DUE), timedelta()),
        (HandedIn(DUE + HOUR, DUE, 2 * HOUR), timedelta()),
        (HandedIn(DUE + 3 * HOUR, DUE, 2 * HOUR), HOUR),
        (HandedIn(None, DUE), timedelta()),
        (HandedIn(DUE, None), timedelta()),
    ],
    ids=["late", "in time", "within an extension", "after an extension", "no time known", "nothing due"],
)
def test_a_hand_in_is_late_by_what_is_over_its_own_due_time(hand_in, late):
    assert hand_in.late == late


@pytest.mark.parametrize(
    "rule, hand_in, score, says",
    [
        (Rule(10, grace=0.25, most=50), HandedIn(DUE + 2 * HOUR, DUE), 79.8,
         ["Handed in on 31 January 2027, 20:00 UTC, due on 31 January 2027, 18:00 UTC.", "That is 2 hours late.",
          "Each day begun after a grace of 15 minutes takes 10 % of the points earned, 50 % at most.",
          "1 day begun: 7.98 of your 79.8 points are taken."]),
        (Rule(10), HandedIn(DUE + HOUR, DUE, 2 * DAY), 50,
         ["Handed in on 31 January 2027, 19:00 UTC, due on 31 January 2027, 18:00 UTC.",
          "You were given 2 days longer, until 2 February 2027, 18:00 UTC.", "That is in time."]),
        (Rule(10, grace=3), HandedIn(DUE + HOUR, DUE), 50,
         ["Handed in on 31 January 2027, 19:00 UTC, due on 31 January 2027, 18:00 UTC.", "That is 1 hour late.",
          "Each day begun after a grace of 3 hours takes 10 % of the points earned.", "Nothing is taken."]),
        (Rule(), HandedIn(DUE + HOUR, DUE), 50,
         ["Handed in on 31 January 2027, 19:00 UTC, due on 31 January 2027, 18:00 UTC.", "That is 1 hour late.",
          "Lateness costs nothing in this course."]),
        (Rule(10), HandedIn(None, DUE), 50, ["No time of hand-in is known, so nothing counts as late."]),
    ],
    ids=["points are taken", "an extension", "within the grace", "no rule", "no time"],
)  # fmt: skip
def test_a_learner_reads_the_rule_with_their_own_numbers(rule, hand_in, score, says):
    assert applied(rule, hand_in, score, rule.penalty(score, hand_in.late)) == says


@pytest.mark.parametrize(
    "length, says",
    [
        (timedelta(seconds=90), "90 seconds"),
        (DAY + 3 * HOUR + MINUTE, "1 day 3 hours"),
        (61 * MINUTE, "1 hour 1 minute"),
    ],
    ids=str,
)
def test_a_length_of_time_is_said_in_its_two_largest_units(length, says):
    assert duration(length) == says


def test_a_rule_that_takes_everything_is_said_so():
    assert rule_in_words(Rule(100)) == "Late work earns nothing."


def table(folder, text: str):
    path = folder / "extensions.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_extensions_are_read_by_learner_and_week_whatever_else_the_table_says(tmp_path):
    path = table(
        tmp_path, '\ufefflearner,why,week,hours\nann,"ill, with a note",week-01,48\nZoë,,week-02,0.5\n'
    )
    assert extensions.read(path) == {("ann", "week-01"): 2 * DAY, ("Zoë", "week-02"): HOUR / 2}


def test_no_file_is_no_extension(tmp_path):
    assert extensions.read(tmp_path / "extensions.csv") == {}


@pytest.mark.parametrize(
    "text, says",
    [
        ("learner,hours\nann,3\n", "extensions.csv has no column week: its first line is learner,week,hours"),
        ("", "extensions.csv has no column learner"),
        ("learner,week,hours\nann,week-01,soon\n", "extensions.csv line 2: hours is a number from 0 on; got 'soon'"),
        ("learner,week,hours\nann,week-01,-1\n", "extensions.csv line 2: hours is a number from 0 on; got '-1'"),
        ("learner,week,hours\nann,week-01,nan\n", "line 2: hours is a number from 0 on; got 'nan'"),
        ("learner,week,hours\nann,week-01\n", "line 2: hours is a number from 0 on; got ''"),
        ("learner,week,hours\n,week-01,3\n", "line 2: name the learner and the week; got '' and 'week-01'"),
        ("learner,week,hours\nann,week-01,3\nann,week-01,4\n", "line 3: ann has an extension for week-01 already"),
    ],
    ids=["a column missing", "empty", "no number", "negative", "not a number", "cut short", "nobody", "twice"],
)  # fmt: skip
def test_a_table_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, says):
    with pytest.raises(CourseError) as refused:
        extensions.read(table(tmp_path, text))
    assert says in str(refused.value) and "\n" not in str(refused.value)


def test_a_table_that_is_no_text_is_refused_in_one_line(tmp_path):
    path = tmp_path / "extensions.csv"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(CourseError, match="cannot be read as a table"):
        extensions.read(path)


@pytest.mark.parametrize(
    "learner, week, says",
    [("anne", "week-01", "the learner 'anne', whom the course does not know"),
     ("ann", "week-1", "the week 'week-1' for ann; the gradebook has week-01")],
    ids=["learner", "week"],
)  # fmt: skip
def test_an_extension_for_nobody_is_named(learner, week, says):
    with pytest.raises(CourseError, match=says):
        extensions.check({(learner, week): DAY}, {"ann"}, {"week-01"}, "extensions.csv")


@pytest.mark.parametrize(
    "settings, taken",
    [
        ({}, None),
        ({"LateSubmissionPlugin": {"penalty_method": "zero"}}, 5),
        ({"LateWork": {"percent": 10, "per": "hour"}}, 1),
        ({"LateWork": {"percent": 10, "grace_hours": 2}}, None),
    ],
    ids=["nothing set", "nbgrader's own setting", "a share", "in the grace"],
)
def test_nbgraders_plugin_takes_what_the_course_has_set(settings, taken):
    plugin = LateWork(config=Config(settings))
    assert plugin.late_submission_penalty("ann", 5, 90 * 60) == taken


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"grace_hours": -1}, "the grace for late work is hours from 0 on; got -1"),
        (
            {"percent": "ten"},
            "nbgrader_config.py: The 'percent' trait of a LateWork instance expected a float",
        ),
        ({"per": "week"}, "nbgrader_config.py: The 'per' trait of a LateWork instance expected any of"),
    ],
    ids=["a negative grace", "a word for a number", "another period"],
)
def test_a_setting_that_cannot_be_meant_is_one_line(tmp_path, settings, says):
    with pytest.raises(CourseError) as refused:
        checked(Config({"LateWork": settings}), tmp_path)
    assert str(refused.value).startswith(says) and "\n" not in str(refused.value)
