"""The planner: hours that add up for any date, level, budget and days off; a past that stays; a calendar file."""

import json
import os
import re
import sqlite3
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from banks import Clock, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from loopready import migrations, store
from loopready.bank import Bank
from loopready.course import CourseError
from loopready.planning import mocks
from loopready.planning.countdown import COUNTDOWN
from loopready.planning.hours import HOURS, LEVELS, QUARTERS, WEEKS, quarters, total
from loopready.planning.plans import Plans
from loopready.planning.schedule import left, left_out, monday, room, schedule, shared
from loopready.planning.targets import weeks
from loopready.planning.telling import begun, headline, missed, shape, state, unwritten
from loopready.planning.topics import SIX, TOPICS, fitting
from loopready.planning.wishes import WEEKDAYS, Wish, spans, wish

TODAY = date(2027, 1, 4)  # a Monday
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
# Nobody's machine is to be judged by how long an example takes.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

DAYS_AHEAD = some.integers(0, 500)
STARTS = some.dates(date(2024, 1, 1), date(2032, 12, 31))
DONE = some.fixed_dictionaries({name: some.integers(0, 700) for name in HOURS["L6"]})


@some.composite
def wishes(draw, start=TODAY):
    """Any wish that is let in: a date, a level, hours, weekdays and single days off."""
    interview = start + timedelta(days=draw(DAYS_AHEAD))
    free = draw(some.frozensets(some.integers(0, 6), max_size=6))
    off = frozenset(
        start + timedelta(days=place) for place in draw(some.sets(some.integers(0, 60), max_size=20))
    )
    most = (7 - len(free)) * 12 * QUARTERS
    return Wish(interview, draw(some.sampled_from(LEVELS)), draw(some.integers(1, most)), free, off)


def worked(days):
    """Quarters of an hour by activity."""
    return sum((Counter(day.work) for day in days), Counter())


@PATIENT
@given(wishes(), DONE)
def test_the_hours_of_a_plan_are_the_roadmap_s_less_those_done_or_all_that_there_are(wish, done):
    days = schedule(wish, TODAY, done)
    wanted, there = left(wish.level, done), sum(room(wish, TODAY).values())
    assert worked(days).total() == min(sum(wanted.values()), there)
    if there >= sum(wanted.values()):
        assert worked(days) == +Counter(wanted)


@PATIENT
@given(wishes(), DONE)
def test_with_less_time_each_activity_has_its_share_to_a_quarter_of_an_hour(wish, done):
    wanted, spent = left(wish.level, done), worked(schedule(wish, TODAY, done))
    for activity, hours in wanted.items():
        assert abs(spent[activity] - hours * spent.total() / (sum(wanted.values()) or 1)) < 1


@PATIENT
@given(wishes())
def test_there_is_no_work_on_days_off_on_the_last_evening_or_beyond_and_no_day_has_more_than_its_room(wish):
    for day in schedule(wish, TODAY):
        assert day.day not in wish.off and day.day.weekday() not in wish.free
        assert TODAY <= day.day < wish.interview - timedelta(days=1)
        assert 0 < day.quarters <= wish.room(day.day)


@PATIENT
@given(wishes())
def test_no_week_has_more_than_the_hours_of_a_week(wish):
    by_week = Counter()
    for day in schedule(wish, TODAY):
        by_week[day.monday] += day.quarters
    assert all(there <= wish.quarters for there in by_week.values())


@PATIENT
@given(wishes())
def test_the_weeks_of_the_course_come_in_order_and_with_those_left_out_are_all_of_them(wish):
    days = schedule(wish, TODAY)
    order = [number for day in days for number in day.topics]
    assert order == sorted(order)
    assert sorted({*order, *left_out(days, wish.level)}) == [one.number for one in TOPICS]


@PATIENT
@given(wishes(), some.integers(0, 400), DONE)
def test_planning_later_never_plans_more_and_never_asks_for_what_was_done(wish, later, done):
    since = min(TODAY + timedelta(days=later), wish.interview)
    before, after = schedule(wish, TODAY, done), schedule(wish, since, done)
    assert worked(after).total() <= worked(before).total()
    assert all(worked(after)[name] <= hours for name, hours in left(wish.level, done).items())


@PATIENT
@given(wishes(), DONE, some.sampled_from(sorted(HOURS["L6"])), some.integers(1, 100))
def test_whoever_has_done_more_has_no_more_to_do(wish, done, activity, more):
    further = {**done, activity: done[activity] + more}
    assert worked(schedule(wish, TODAY, further)).total() <= worked(schedule(wish, TODAY, done)).total()


@PATIENT
@given(STARTS, some.data())
def test_any_day_can_be_the_first_also_in_leap_years_and_over_new_year(start, data):
    chosen = data.draw(wishes(start))
    there = room(chosen, start)
    assert worked(schedule(chosen, start)).total() == min(total(chosen.level) * QUARTERS, sum(there.values()))


@PATIENT
@given(some.dictionaries(some.sampled_from("abcd"), some.integers(0, 500), min_size=1), some.data())
def test_shares_add_up_and_none_is_more_than_was_wanted(wanted, data):
    planned = data.draw(some.integers(0, sum(wanted.values())))
    parts = shared(wanted, planned)
    assert sum(parts.values()) == planned and all(parts[name] <= wanted[name] for name in wanted)


def test_mocks_are_few_in_the_first_month_and_many_in_the_last():
    days = schedule(wish("2027-07-05", "L6", 12, ["sun"], TODAY), TODAY)
    first = worked(day for day in days if day.day < date(2027, 2, 4))["mocks"]
    last = worked(day for day in days if day.day > date(2027, 6, 4))["mocks"]
    assert 0 < first < last / 3


def test_the_roadmap_s_hours_are_the_seeds_own():
    assert HOURS["L6"] == {"design": 100, "coding": 80, "stories": 60, "mocks": 40} and total("L6") == 280
    assert HOURS["L7"] == {"design": 150, "coding": 40, "stories": 80, "mocks": 60} and total("L7") == 330


@pytest.mark.parametrize("level", LEVELS)
def test_with_less_time_it_is_the_six_week_plan_then_more_of_the_course_a_week_for_each_share(level):
    share = total(level) * QUARTERS // WEEKS
    assert fitting(level, 1, False) == SIX == fitting(level, 7 * share - 1, False)
    assert [len(fitting(level, weeks * share + weeks, False)) for weeks in (7, 12, 23)] == [7, 12, 23]
    assert fitting(level, 1, False, done={1, 2}) == (3, 4, 5, 6)
    assert len(fitting(level, 100, True)) == WEEKS


def test_each_order_of_the_later_weeks_names_each_once():
    for level in LEVELS:
        assert sorted(fitting(level, 10**6, False)) == [one.number for one in TOPICS]


def test_the_weeks_that_are_written_are_those_with_a_lesson_and_have_its_minutes():
    import re
    from pathlib import Path

    lessons = Path(__file__).parent.parent / "lessons"
    assert [one.name for one in TOPICS if one.written] == sorted(
        path.stem for path in lessons.glob("week-*.md")
    )
    for one in (one for one in TOPICS if one.written):
        text = (lessons / f"{one.name}.md").read_text()
        found = re.findall(r"^\| (\d)\. [^|]+\|[^|]+\| (\d+) \|$", text, re.M)
        minutes = {int(room): int(count) for room, count in found}
        assert one.minutes == (minutes[3] + minutes[4] + minutes[6], minutes[5], minutes[2] + minutes[7])


@pytest.mark.parametrize(
    "interview, level, hours, off, said",
    [
        ("2027-01-03", "L6", 10, [], "the interview, 2027-01-03, is in the past: today is 2027-01-04"),
        ("2027-02-29", "L6", 10, [], "a day is a date of the calendar such as 2027-03-01; got '2027-02-29'"),
        ("tomorrow", "L6", 10, [], "a day is a date of the calendar such as 2027-03-01; got 'tomorrow'"),
        ("20270301", "L6", 10, [], "a day is a date of the calendar such as 2027-03-01; got '20270301'"),
        ("9999-12-31", "L6", 10, [], "is more than three years away"),
        ("2027-03-01", "L5", 10, [], "the level is L6 or L7; got 'L5'"),
        ("2027-03-01", "L6", 0, [], "hours a week are a number from 0.25 on; got 0"),
        ("2027-03-01", "L6", -3, [], "hours a week are a number from 0.25 on; got -3"),
        ("2027-03-01", "L6", float("nan"), [], "hours a week are a number from 0.25 on; got nan"),
        ("2027-03-01", "L6", 200, [], "200 hours a week are more than 7 days hold, at 12 a day: 84 at most"),
        ("2027-03-01", "L6", 50, ["mon,tue,wed"], "50 hours a week are more than 4 days hold"),
        ("2027-03-01", "L6", 10, list(WEEKDAYS), "all seven days of the week are off"),
        ("2027-03-01", "L6", 10, ["someday"], "a day off is a weekday (sat), a date"),
        ("2027-03-01", "L6", 10, ["2027-02-03..2027-02-01"], "days off go from an earlier day to a later one"),
        ("2027-03-01", "L6", 10, ["1900-01-01..2100-01-01"], "days off in one span are three years at most"),
    ],
    ids=["past", "no 29th", "no date", "no hyphens", "far away", "level", "zero hours", "negative", "nan",
         "200 hours", "more than the days hold", "every day off", "no day", "backwards", "two hundred years"],
)  # fmt: skip
def test_what_is_no_plan_is_refused_in_one_line(interview, level, hours, off, said):
    with pytest.raises(CourseError) as refused:
        wish(interview, level, hours, off, TODAY)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_the_interview_may_be_some_weeks_ahead():
    assert wish("10w", "L6", 10, [], TODAY).interview == date(2027, 3, 15)


def test_days_off_are_weekdays_days_and_spans():
    chosen = wish("2028-03-01", "l7", 10, ["Sat,sunday", "2028-02-28..2028-03-01 2028-02-01"], TODAY)
    assert chosen.free == {5, 6} and chosen.level == "L7"
    assert sorted(chosen.off) == [date(2028, 2, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert Wish.from_dict(json.loads(json.dumps(chosen.to_dict()))) == chosen
    assert spans(chosen.off) == ["2028-02-01", "2028-02-28..2028-03-01"]


@given(some.sets(some.dates(date(2027, 1, 5), date(2027, 4, 1))))
def test_days_off_are_shown_as_they_can_be_entered(days):
    assert wish("2027-06-01", "L6", 10, spans(days), TODAY).off == days


def asked(interview="2027-07-05", level="L6", hours=12, off=("sun",), today=TODAY):
    return wish(interview, level, hours, off, today)


def test_a_plan_is_found_again_after_a_restart(plans, path):
    made = plans.make(asked())
    assert Plans(path).current() == made and made.quarters == 280 * QUARTERS


def test_nothing_is_written_before_a_plan_is_made(plans, path):
    assert plans.current() is None and plans.days() == [] and weeks(plans) == [] and plans.ticked() == set()
    assert not path.parent.exists()


def test_after_a_missed_week_the_rest_is_spread_over_what_is_left_and_the_past_stays(plans, clock):
    first = plans.make(asked(interview="2027-03-01", hours=10))
    clock.at = NOON + timedelta(days=7)
    assert [week.monday for week in missed(weeks(plans), plans.today, first.since)] == [TODAY]
    before = [day for day in plans.days() if day.day < plans.today]
    again = plans.again()
    assert [day for day in plans.days() if day.day < plans.today] == before
    assert again.since == TODAY + timedelta(days=7) and again.calendar == first.calendar and again.number == 2
    assert plans.all()[0] == first


def test_what_was_done_counts_when_it_is_planned_again(plans, clock):
    plans.make(asked())
    plans.worked("design", 120)
    plans.finished(1)
    clock.at = NOON + timedelta(days=1)
    again = plans.again()
    assert plans.done() == {"design": 8 + 16, "coding": 14, "stories": 11, "mocks": 0}
    assert again.quarters == 280 * QUARTERS - 8 - 16 - 14 - 11
    assert again.topics == (1,) and not any(1 in day.topics for day in again.days)
    assert shape(again)[0] == "12 h 15 were done before, week 1 among them."


def test_the_hours_that_were_done_are_the_same_in_the_calendar_and_in_the_plan(plans, clock):
    plans.make(asked())
    plans.finished(1)  # 10 h 20
    again = plans.again()
    assert shape(again)[0] == "10 h 15 were done before, week 1 among them."
    assert state(weeks(plans)[0], TODAY) == "now, 10 h 15 done"
    assert again.quarters + sum(again.done.values()) == 280 * QUARTERS


@PATIENT
@given(
    some.lists(
        some.tuples(some.sampled_from(sorted(HOURS["L6"])), some.integers(1, 300), DAYS_AHEAD), max_size=12
    )
)
def test_the_weeks_hours_add_up_to_those_done(work):
    with tempfile.TemporaryDirectory() as folder:
        plans = Plans(Path(folder) / "loopready.db", Clock(NOON + timedelta(days=500)))
        for activity, minutes, days in work:
            plans.worked(activity, minutes, on=TODAY + timedelta(days=days))
        every = weeks(plans)
        assert sum(week.quarters for week in every) == sum(plans.done().values())
        assert all(abs(week.quarters * 15 - week.minutes.total()) <= 15 for week in every)


def test_a_week_counts_once_and_can_be_taken_back(plans):
    plans.finished(2)
    assert plans.finished(2) == [] and plans.done()["coding"] == 13
    assert plans.take_back().note == "week-02"
    assert plans.done() == dict.fromkeys(HOURS["L6"], 0) and plans.topics_done() == set()
    with pytest.raises(CourseError, match="there is nothing to take back"):
        plans.take_back()


def test_a_week_that_is_not_written_is_ticked_off_without_hours(plans):
    assert plans.finished(9) == [] and plans.topics_done() == {9}


@pytest.mark.parametrize(
    "work, said",
    [
        (
            ("swimming", 60),
            "work is one of design, coding, stories, mocks, or a week, week-01 to week-24; got 'swimming'",
        ),
        (("coding", 0), "work has minutes or pieces"),
        (("coding", 1441), "a day has up to 24 hours"),
        (("coding", -1), "a day has up to 24 hours"),
        (("coding", float("nan")), "a day has up to 24 hours"),
        (("coding", 60, 0, date(2027, 1, 5)), "2027-01-05 is not over yet"),
    ],
    ids=["kind", "nothing", "a long day", "negative", "nan", "tomorrow"],
)
def test_work_that_nobody_did_is_refused(plans, path, work, said):
    with pytest.raises(CourseError, match=said):
        plans.worked(*work)
    assert not path.exists()


def test_a_day_has_24_hours_however_often_work_is_added(plans):
    plans.finished(1)
    plans.worked("coding", 20 * 60)
    said = "a day has 24 hours: 20 of 2027-01-04 are entered already, 4.5 more do not fit"
    with pytest.raises(CourseError, match=re.escape(said)):
        plans.worked("design", 270)
    plans.worked("design", 240)
    plans.worked("design", 0, pieces=1)
    plans.worked("design", 270, on=TODAY - timedelta(days=1))
    plans.take_back()
    plans.finished(2)
    assert weeks(plans)[-1].minutes.total() == 24 * 60 + 620 + 650


def test_a_clock_that_went_back_plans_on_from_the_last_plan_s_day(plans, clock):
    plans.make(asked())
    clock.at = NOON + timedelta(days=30)
    later = plans.again()
    clock.at = NOON + timedelta(days=10)
    days = plans.days()
    again = plans.again()
    assert again.since == later.since == date(2027, 2, 3)
    assert [day for day in plans.days() if day.day < again.since] == [
        day for day in days if day.day < again.since
    ]


def test_a_plan_for_an_interview_before_the_last_plan_s_day_is_refused(plans, clock):
    plans.make(asked())
    clock.at = NOON + timedelta(days=30)
    plans.again()
    clock.at = NOON
    with pytest.raises(CourseError, match="is the clock right"):
        plans.make(asked("2027-01-20"))
    assert len(plans.all()) == 2


def test_an_interview_that_is_over_is_not_planned_again(plans, clock):
    plans.make(asked("2027-01-20"))
    clock.at = NOON + timedelta(days=40)
    with pytest.raises(CourseError, match="is over: plan for the next one"):
        plans.again()


@pytest.mark.parametrize("days, when", [(0, "today"), (1, "in 1 day")], ids=["today", "tomorrow"])
def test_an_interview_today_or_tomorrow_has_no_hours_and_says_so(plans, days, when):
    made = plans.make(asked((TODAY + timedelta(days=days)).isoformat()))
    assert made.days == () and f"{when}:" in headline(made, TODAY)
    assert shape(made) == ["No hours are left before the interview: keep to the lists below, and rest."]


def test_a_short_plan_says_what_is_left_out_and_a_full_one_that_weeks_are_not_written(plans):
    short = plans.make(asked("2027-02-15", hours=10))
    assert short.short == 1120 - short.quarters
    assert "This is the six-week plan." in shape(short)[0]
    assert "Left out: weeks 7 to 24 of the course." in shape(short)
    assert any(line.startswith("Even the six weeks take longer") for line in shape(short))
    full = plans.make(asked())
    assert shape(full)[0] == "The roadmap's 280 h for L6 fit, with all 24 weeks of the course."
    assert unwritten(full).startswith("Weeks 7 to 24 are not written yet")


def test_an_earlier_file_is_brought_to_today_with_a_copy_and_all_its_stories(path, clock, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(store, "STEPS", migrations.STEPS[:2])
        earlier.setattr(store, "SCHEMA", 2)
        Bank(path).save(told())
    plans = Plans(path, clock)
    assert plans.current() is None and plans.work() == [] and len(Bank(path).stories()) == 1
    plans.make(asked())
    assert plans.current().quarters == 1120 and len(Bank(path).stories()) == 1
    assert sorted(os.listdir(path.parent)) == ["loopready-schema-2.db", "loopready.db"]


def test_a_plan_that_another_program_spoilt_is_named(plans, path):
    plans.make(asked())
    with sqlite3.connect(path) as database:
        database.execute("UPDATE plan SET days = '[{}]'")
    database.close()
    with pytest.raises(CourseError, match="plan 1 was changed by another program"):
        plans.current()


def test_two_tabs_make_two_plans_and_both_see_the_second(path, clock):
    one, other = Plans(path, clock), Plans(path, clock)
    one.make(asked())
    second = other.make(asked(level="L7"))
    assert one.current() == second and [plan.number for plan in one.all()] == [1, 2]


def test_ticks_are_kept_and_can_be_taken_away(plans, path):
    item = COUNTDOWN[0].items[0].key
    plans.tick(item)
    assert Plans(path).ticked() == {item}
    plans.tick(item, False)
    assert plans.ticked() == set()


def test_no_two_items_of_the_lists_have_one_key():
    keys = [item.key for one in COUNTDOWN for item in one.items]
    assert len(keys) == len(set(keys)) == 32


def test_a_week_shows_what_was_planned_done_and_asked_for(plans, path, clock, monkeypatch):
    plans.make(asked(hours=12))
    plans.worked("coding", 90, pieces=2)
    Bank(path, clock).save(told())
    held = mocks.Held("Bar Raiser", 60.0, NOON)
    monkeypatch.setattr(mocks, "sources", [lambda path: [held]])
    week = weeks(plans)[0]
    assert week.minutes == {"coding": 90, "mocks": 60} and week.pieces == {
        "coding": 2,
        "stories": 1,
        "mocks": 1,
    }
    assert state(week, TODAY) == "now, 2 h 30 done"
    assert plans.done()["mocks"] == 4
    assert week.targets("L6")["coding"] == pytest.approx(10 * week.planned["coding"] * 24 / (80 * 4))


def test_weeks_have_no_gaps_and_begin_on_mondays(plans):
    plans.make(asked("2027-03-10", off=["2027-01-11..2027-01-24"]))
    every = weeks(plans)
    assert [week.monday for week in every] == [TODAY + timedelta(weeks=place) for place in range(10)]
    assert every[1].days == every[2].days == () and monday(date(2027, 3, 10)) == every[-1].monday


def test_the_pace_for_the_roadmap_s_own_hours_is_the_roadmap_s():
    for level in LEVELS:
        for activity, hours in quarters(level).items():
            from loopready.planning.hours import TARGETS, target

            assert target(activity, level, hours / WEEKS) == pytest.approx(TARGETS[activity])


@pytest.mark.parametrize("level", LEVELS)
def test_each_written_week_s_exercises_and_each_of_twelve_mocks_stand_in_one_calendar_week(plans, level):
    plans.make(asked(level=level, hours=20))
    lines = [line for told in begun(weeks(plans), level).values() for line in told]
    assert [line.split(":")[0] for line in lines if line.startswith("week ")] == [f"week {n}" for n in SIX]
    held = [number for line in lines if line.startswith("hold") for number in line[10:].split(", ")]
    assert held == [str(number) for number in range(1, 13)]
