"""The plan as a calendar file, read back by a reader of its own; and the command."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from loopready.course import CourseError
from loopready.planning.countdown import COUNTDOWN
from loopready.planning.hours import LEVELS, QUARTERS
from loopready.planning.ics import calendar, write
from loopready.planning.plans import Plan, Plans
from loopready.planning.schedule import schedule
from loopready.planning.wishes import Wish, wish

TODAY = date(2027, 1, 4)
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
# Nobody's machine is to be judged by how long an example takes.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)", re.DOTALL)


def read(data: bytes) -> list[dict[str, str]]:
    """The events of a calendar file by RFC 5545's own rules: lines end in CR LF, a line that begins blank goes on."""
    assert data.endswith(b"END:VCALENDAR\r\n") and data.count(b"\r\n") == data.count(b"\n") == data.count(
        b"\r"
    )
    assert max(map(len, data.split(b"\r\n"))) <= 75
    events, stack = [], []
    for line in data.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        name, parameters, value = LINE.fullmatch(line).groups()
        if name == "BEGIN":
            stack.append(value)
            events += [{}] * (value == "VEVENT") and [{}]
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in events[-1], f"{name} comes twice"
            events[-1][name + parameters] = re.sub(
                r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), value
            )
    assert stack == []
    return events


def day(event: dict[str, str]) -> date:
    return datetime.strptime(event["DTSTART;VALUE=DATE"], "%Y%m%d").date()


def imported(*files: bytes) -> dict[str, dict[str, str]]:
    """What a calendar program holds after importing one file after the other: the highest sequence of each UID."""
    held: dict[str, dict[str, str]] = {}
    for file in files:
        for event in read(file):
            if int(event["SEQUENCE"]) >= int(held.get(event["UID"], event)["SEQUENCE"]):
                held[event["UID"]] = event
    return {uid: event for uid, event in held.items() if event.get("STATUS") != "CANCELLED"}


def asked(interview="2027-03-15", level="L6", hours=10, off=("sun",)):
    return wish(interview, level, hours, off, TODAY)


def test_each_day_with_work_is_an_event_and_so_are_the_lists_and_the_interview(plans):
    plan = plans.make(asked())
    events = read(calendar([plan]).to_ical())
    work = [event for event in events if event["UID"].startswith("work-")]
    assert [day(event) for event in work] == [one.day for one in plan.days]
    assert [event["SUMMARY"] for event in events[len(work) :]] == [
        *[one.title for one in COUNTDOWN[:-1]],
        "Interview, L6",
    ]
    assert day(events[-1]) == date(2027, 3, 15)
    for event in events:
        assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20270104T120000Z" and event["SEQUENCE"] == "0"
        assert event["DTEND;VALUE=DATE"] == f"{day(event) + timedelta(days=1):%Y%m%d}"


def test_the_hours_of_the_events_are_those_of_the_plan(plans):
    plan = plans.make(asked())
    timed = [
        event for event in read(calendar([plan], time(20)).to_ical()) if event["UID"].startswith("work-")
    ]
    spans = [
        datetime.strptime(event["DTEND"], "%Y%m%dT%H%M%S")
        - datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S")
        for event in timed
    ]
    assert sum(spans, timedelta()) == timedelta(hours=plan.quarters / QUARTERS)
    assert {event["DTSTART"][-7:] for event in timed} == {"T200000"}


def test_a_list_whose_day_had_gone_by_is_due_on_the_plan_s_first_day(plans):
    events = read(calendar([plans.make(asked("2027-01-25"))]).to_ical())
    due = {event["SUMMARY"]: day(event) for event in events}
    assert due[COUNTDOWN[0].title] == due[COUNTDOWN[1].title] == TODAY
    assert due[COUNTDOWN[2].title] == date(2027, 1, 18)


def test_importing_again_after_a_missed_week_leaves_the_new_plan_and_the_past(plans, clock):
    first = plans.make(asked("2027-12-01", hours=12))
    before = calendar(plans.all()).to_ical()
    clock.at = NOON + timedelta(days=9)
    plans.worked("design", 60 * 24)
    second = plans.make(asked("2027-11-01", hours=12, off=["tue", "sun"]))
    held = imported(before, calendar(plans.all()).to_ical())
    work = sorted(day(event) for uid, event in held.items() if uid.startswith("work-"))
    assert work == [one.day for one in plans.days()]
    assert {one.day for one in first.days} - set(work) and {one.day for one in second.days} <= set(work)
    [interview] = [event for uid, event in held.items() if uid.startswith("the-day")]
    assert day(interview) == date(2027, 11, 1) and interview["SEQUENCE"] == "1"


def test_the_same_plan_gives_the_same_bytes_and_two_learners_have_no_event_in_common(plans, tmp_path, clock):
    plans.make(asked())
    other = Plans(tmp_path / "other.db", clock)
    other.make(asked())
    mine, again, theirs = (calendar(each.all()).to_ical() for each in (plans, plans, other))
    assert mine == again
    assert not {event["UID"] for event in read(mine)} & {event["UID"] for event in read(theirs)}


@PATIENT
@given(
    some.builds(
        Wish,
        some.dates(TODAY, date(2029, 12, 31)),
        some.sampled_from(LEVELS),
        some.integers(1, 200),
        some.frozensets(some.integers(0, 6), max_size=6),
    )
)
def test_every_plan_is_a_calendar_that_can_be_read_with_no_uid_twice(wish):
    plan = Plan(1, "key", TODAY, NOON, wish, schedule(wish, TODAY)[:20])
    events = read(calendar([plan]).to_ical())
    assert len(events) == len({event["UID"] for event in events}) == len(plan.days) + 4


def test_a_file_is_written_over_only_when_it_is_ours(plans, tmp_path):
    file = tmp_path / "plan.ics"
    with pytest.raises(CourseError, match="there is no plan yet"):
        write(plans.all(), file)
    plans.make(asked())
    assert write(plans.all(), file) == write(plans.all(), file) == len(read(file.read_bytes()))
    file.write_text("BEGIN:VCALENDAR\nPRODID:-//another//EN\nEND:VCALENDAR\n")
    with pytest.raises(CourseError, match="not from this course: choose a name that is free"):
        write(plans.all(), file)
    with pytest.raises(CourseError, match=r"does not end in \.ics"):
        write(plans.all(), tmp_path / "plan.txt")
    assert "another" in file.read_text()


def command(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "loopready.cli", "plan", *words], capture_output=True, text=True
    )


def test_the_command_plans_shows_counts_plans_again_and_exports(tmp_path):
    interview = date.today() + timedelta(days=70)
    made = command("--interview", str(interview), "--hours", "10", "--off", "sat", "--level", "L7")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"L7 interview on {interview.day} {interview:%B %Y}, in 70 days: ")
    assert "Left out: weeks" in made.stdout and "[ ] whiteboard: Draw designs on a whiteboard" in made.stdout
    assert command("done", "week-1").stdout == "week 1 is done, 10 h 15\n"
    assert command("done", "coding", "1.5", "--pieces", "2").stdout == "added coding: 1.5 hours, 2 pieces\n"
    assert "were done before, week 1 among them." in command("again").stdout
    assert command("undo").stdout == f"taken back: coding on {date.today()}\n"
    file = tmp_path / "plan.ics"
    assert f" events in {file}" in command("ics", str(file), "--at", "20:30").stdout
    assert b"T203000" in file.read_bytes()


def test_of_the_lists_that_are_over_the_command_shows_the_last():
    soon = command("--interview", str(date.today() + timedelta(days=1)), "--hours", "10")
    assert "No hours are left before the interview" in soon.stdout
    assert COUNTDOWN[1].title not in soon.stdout and COUNTDOWN[2].title in soon.stdout
    assert COUNTDOWN[1].title in command("--all").stdout


def test_the_command_ticks_off_what_the_lists_ask_for():
    command("--interview", str(date.today() + timedelta(days=70)), "--hours", "10")
    assert command("tick", "map", "sleep").stdout == (
        "[x] Have one example of your own beside each principle.\n"
        "[x] Sleep. The last evening has no work in it.\n"
    )
    assert "[x] sleep: Sleep." in command().stdout and "[ ] speed: " in command().stdout
    assert command("tick", "--back", "sleep").stdout.startswith("[ ] Sleep.")
    assert command("tick", "speed", "sleeep").returncode == 1
    shown = command("--all").stdout
    assert (
        "[x] map: " in shown and shown.count("[x]") == 1
    )  # of two names with a slip in one, none is ticked off


def test_no_two_items_of_the_lists_have_one_name():
    names = [item.key.rpartition("/")[2] for one in COUNTDOWN for item in one.items]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "there is no plan yet: loopready plan --interview"),
        (["--level", "L7"], "a plan needs --interview and --hours"),
        (["--interview", "2020-01-01", "--hours", "5"], "is in the past"),
        (["ics", "plan.ics"], "there is no plan yet"),
        (["again"], "there is no plan yet"),
        (["tick", "lunch"], "no list has 'lunch': the names stand in front of the lines of `loopready plan"),
        (["ics", "plan.ics", "--at", "late"], "an hour of the day is like 20:00; got 'late'"),
    ],
    ids=["nothing yet", "no date", "past", "no calendar", "nothing to renew", "no item", "no hour"],
)
def test_the_command_says_in_one_line_what_is_wrong_and_fails(words, said):
    ended = command(*words)
    assert ended.returncode == 1 and said in ended.stderr and ended.stderr.count("\n") == 1
