"""What the debriefs of mocks leave to do: in the plan's weeks, its lists and its calendar file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from test_mocks import card
from test_plan_calendar import day, read

from loopready.mocks.records import Mocks
from loopready.mocks.verdicts import verdict_of
from loopready.planning import recoveries as of
from loopready.planning.ics import calendar
from loopready.planning.panel import Planner, as_html
from loopready.planning.recoveries import by_week, checklist, recoveries
from loopready.planning.schedule import monday
from loopready.planning.targets import weeks
from loopready.planning.wishes import wish
from loopready.process.reasons import REASONS

TODAY = date(2027, 1, 4)
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.fixture
def mocks(path, clock):
    return Mocks(path, clock)


def rehearsed(mocks, kind, level):
    """A mock of that kind whose every criterion counts as `level`."""
    mock = mocks.begin(kind, "L6")
    for one in mock.sittings:
        mocks.rate(mock.id, one.place, card(one.round, level))
    return mocks.finish(mock.id)


def planned(plans, interview="2027-03-15"):
    return plans.make(wish(interview, "L6", 10, ("sun",), TODAY))


def test_without_a_mock_or_after_a_strong_one_there_is_nothing_to_do(plans, mocks):
    assert recoveries(plans) == []
    rehearsed(mocks, "seven-people", 4)
    assert recoveries(plans) == []


def test_a_weak_round_leaves_each_task_once_with_a_day_and_its_own_key(plans, mocks):
    rehearsed(mocks, "seven-people", 1)
    tasks = recoveries(plans)
    known = {task: reason for reason in REASONS for task in reason.tasks}
    assert tasks and len({one.says for one in tasks}) == len({one.key for one in tasks}) == len(tasks)
    for one in tasks:
        [task] = {task for task in known if task.says == one.says}
        assert (one.hours, one.due) == (task.hours, TODAY + timedelta(days=task.within))
        assert one.key.startswith("mock-1/")
    assert [one.due for one in tasks] == sorted(one.due for one in tasks)


def test_the_last_loop_and_the_rounds_since_count_and_a_task_keeps_its_first_day(plans, mocks, clock):
    rehearsed(mocks, "seven-design", 1)
    clock.at += timedelta(days=1)
    rehearsed(mocks, "five rounds", 1)
    first = {one.says: one for one in recoveries(plans)}
    assert all(one.key.startswith("mock-2/") for one in first.values())
    clock.at += timedelta(days=3)
    rehearsed(mocks, "seven-people", 1)
    both = {one.says: one for one in recoveries(plans)}
    assert {says: one.due for says, one in both.items()} == {says: one.due for says, one in first.items()}
    # What is asked for again is to be done again.
    assert {one.key.partition("/")[0] for one in both.values()} == {"mock-2", "mock-3"}
    rehearsed(mocks, "five rounds", 4)
    assert recoveries(plans) == []


def test_nothing_is_due_on_the_day_of_the_interview_or_later(plans, mocks):
    planned(plans, "2027-01-09")
    rehearsed(mocks, "five rounds", 1)
    tasks = recoveries(plans)
    assert tasks and {one.due for one in tasks} <= {date(2027, 1, 7), date(2027, 1, 8)}


@pytest.mark.parametrize("hours", [1, 4, 10, 30])
def test_the_tasks_take_at_most_half_of_the_hours_planned_for_the_two_weeks_after(plans, mocks, hours):
    plan = plans.make(wish("2027-03-15", "L6", hours, ("sun",), TODAY))
    rehearsed(mocks, "five rounds", 1)
    there = sum(day.quarters for day in plan.days if day.day < TODAY + timedelta(days=14)) / 4
    taken = [one.hours for one in recoveries(plans)]
    assert sum(taken) <= there / 2 or len(taken) == 1
    assert sum(task.hours for _, task in verdict_of(mocks.all()[-1]).tasks) > sum(taken)


def test_a_task_stands_in_its_week_until_it_is_ticked_off(plans, mocks, clock):
    plan = planned(plans)
    rehearsed(mocks, "seven-people", 1)
    tasks = recoveries(plans)
    assert by_week(tasks, plan, TODAY).keys() == {monday(one.due) for one in tasks}
    assert all(one.told.split(": ")[1] in as_html(plan, weeks(plans), plans, tasks) for one in tasks)
    clock.at += timedelta(days=30)
    assert list(by_week(tasks, plan, plans.today)) == [monday(plans.today)]
    plans.tick(tasks[0].key)
    after = recoveries(plans)
    assert [one.done for one in after] == [True] + [False] * (len(tasks) - 1)
    assert sum(map(len, by_week(after, plan, TODAY).values())) == len(tasks) - 1


def test_the_planner_lists_them_first_and_ticks_them_off(plans, mocks):
    planned(plans)
    rehearsed(mocks, "seven-people", 1)
    room = Planner(plans)
    assert room.checklists[room.chooser.value].key == of.LIST
    boxes = room.items.children[1:]
    assert [box.description for box in boxes] == [one.told for one in recoveries(plans)]
    for box in boxes:
        box.value = True
    assert all(one.done for one in recoveries(plans))
    again = Planner(plans)
    assert again.checklists[again.chooser.value].key != of.LIST and len(again.checklists) == 5
    again.chooser.value = 4
    assert [item.says for item in checklist(recoveries(plans)).items] == [
        box.description for box in again.items.children[1:]
    ]


def test_the_list_to_tick_off_is_that_of_the_date_one_plans_for(plans):
    room = Planner(plans)
    due = []
    for days in (200, 1, 10):
        room.interview.value = TODAY + timedelta(days=days)
        room.make.click()
        due.append((room.chooser.value, room.items.children[0].value))
    assert len(set(due)) == 3 and all("Due " in line for _, line in due)
    again = Planner(plans)
    assert (again.chooser.value, again.items.children[0].value) == due[-1]


def test_the_calendar_file_has_each_on_its_day(plans, mocks):
    planned(plans)
    rehearsed(mocks, "seven-people", 1)
    tasks = recoveries(plans)
    plans.tick(tasks[0].key)
    events = read(calendar(plans.all(), tasks=recoveries(plans)).to_ical())
    found = [event for event in events if event["UID"].startswith("mock-1-")]
    assert [day(event) for event in found] == [one.due for one in tasks]
    assert [event["SUMMARY"].split(": ")[0] for event in found] == ["Done"] + ["Due"] * (len(tasks) - 1)
    assert len({event["UID"] for event in events}) == len(events)


def test_the_command_shows_them(plans, mocks, monkeypatch, capsys):
    from loopready.planning.commands import _show

    planned(plans)
    rehearsed(mocks, "seven-people", 1)
    _show(plans, whole=False)
    said = capsys.readouterr().out
    assert "After your mocks: what the debriefs asked for" in said
    assert all(f"[ ] {one.key}: {one.told}" in said for one in recoveries(plans))


def test_the_command_ticks_them_off_by_their_keys(plans, mocks, monkeypatch, capsys):
    from loopready.planning.commands import tick

    planned(plans)
    rehearsed(mocks, "seven-people", 1)
    monkeypatch.setenv("LOOPREADY_MY", str(plans.store.path.parent))
    first, second = [one.key for one in recoveries(plans)][:2]
    tick([first, second])
    assert {one.key for one in recoveries(plans) if one.done} == {first, second}
    tick([first], back=True)
    assert {one.key for one in recoveries(plans) if one.done} == {second}
    assert capsys.readouterr().out.count("\n") == 3
