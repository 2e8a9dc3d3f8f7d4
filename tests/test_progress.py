"""Progress: gathered from the learner's own file, a made-up learner before that, and in pictures."""

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from banks import told
from matplotlib.axes import Axes

from loopready import drawings
from loopready.bank import Bank
from loopready.grading import Report, Row
from loopready.planning import mocks
from loopready.planning.panel import Planner
from loopready.planning.plans import Plans
from loopready.planning.points import Points, first_solved, is_kata
from loopready.planning.progress import Progress, gathered, hours_line, made_up, progress
from loopready.planning.targets import weeks
from loopready.planning.wishes import wish
from loopready.ratings import Ratings
from loopready.readiness.answers import Answers
from loopready.readiness.evidence import Claim
from loopready.recap.decks import deck
from loopready.recap.reviews import Asked, Rating, Reviews

TOP = Path(__file__).parent.parent
TODAY = date(2027, 1, 4)
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
PICTURES = ["progress_hours", "progress_points", "progress_stories", "progress_mocks"]
REPORT = Report(
    "week-01",
    datetime(2027, 1, 4),
    (
        Row("top links", 3, 3),
        Row("hit counter", 1, 3),
        Row("shortener estimate", 4, 4),
        Row("story", 0, 5, manual=True),
    ),
    Path("feedback.html"),
)


def test_before_anything_is_there_a_made_up_learner_stands_in_and_is_called_so():
    one = progress(root=TOP)
    assert one == made_up() and one.made_up
    assert str(one).startswith("Nothing of yours yet. This is a made-up learner's progress")
    assert all(getattr(drawings, name)(one).says.startswith("Made up: ") for name in PICTURES)


def test_everything_is_gathered_from_the_learner_s_file(plans, path, clock, monkeypatch):
    plans.make(wish("2027-07-05", "L6", 12, [], TODAY))
    plans.worked("design", 90)
    Points(path, clock).keep(REPORT)
    kept = Bank(path, clock).save(told())
    Bank(path, clock).save(told(title="A draft", result=""))
    Ratings(path, clock).rate(("story", kept.id), {"Depth": 2, "Result": 4})
    Ratings(path, clock).rate(("story", kept.id), {"Depth": 5})
    Reviews(path, clock).answer(Asked(deck(TOP)[0]), Rating.Good, 30)
    monkeypatch.setattr(mocks, "sources", [lambda path: [mocks.Held("Bar Raiser", 75.0, NOON)]])
    clock.at += timedelta(days=2)
    one = gathered(plans, TOP)
    assert (one.level, one.interview, one.done, one.made_up) == ("L6", date(2027, 7, 5), 1.5 + 1.25, False)
    assert one.points == {"week-01": (8.0, 10.0)} and one.stories == (TODAY,)
    assert [(each.title, each.first, each.last) for each in one.ratings] == [
        ("The queue nobody owned", 3.0, 4.5)
    ]
    assert [held.kind for held in one.mocks] == ["Bar Raiser"]
    assert one.review == {TODAY: 0.5} and one.cards == (1, 1, len(deck(TOP)))
    assert one.lines[0] == "L6 interview on 5 July 2027, in 180 days."


def test_whoever_has_only_assessed_themselves_sees_no_made_up_learner(path, clock):
    Answers(path, clock).keep(Claim("quiet", 2))
    one = progress(path, TOP)
    assert not one.made_up and one.lines[-1] == "1 statement is answered in the self-assessment."


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_nothing_says_so_and_of_a_year_is_not_wider(name):
    nothing = getattr(drawings, name)(Progress(TODAY))
    assert nothing.png and nothing.size["width"] == getattr(drawings, name)().size["width"] <= 680
    assert "0 of" in nothing.says or "No " in nothing.says


@pytest.mark.parametrize(
    "name, place", [("progress_hours", 0), ("progress_mocks", -1)], ids=["hours", "review"]
)
def test_bars_of_weeks_are_dated_by_their_mondays(monkeypatch, name, place):
    seen, draw = [], Axes.set_xticks
    monkeypatch.setattr(
        Axes,
        "set_xticks",
        lambda ax, ticks, *rest, **more: seen.append(ticks) or draw(ax, ticks, *rest, **more),
    )
    one = made_up()
    getattr(drawings, name)(replace(one, weeks=one.weeks[:14], review=dict(list(one.review.items())[:14])))
    assert len(seen[place]) > 3 and {day.weekday() for day in seen[place]} == {0}


@pytest.mark.parametrize(
    "minutes, said",
    [(0, "0 of the roadmap's 280 hours are done, 4 behind the plan."),
     (240, "4 of the roadmap's 280 hours are done, as planned."),
     (600, "10 of the roadmap's 280 hours are done, 6 ahead of the plan.")],
    ids=["behind", "as planned", "ahead"],
)  # fmt: skip
def test_the_hours_are_held_against_those_planned_so_far(plans, clock, minutes, said):
    plans.make(wish("2027-01-30", "L6", 14, [], TODAY))
    clock.at += timedelta(days=2)
    if minutes:
        plans.worked("design", minutes)
    assert hours_line(gathered(plans, TOP)) == said


def test_a_missed_week_is_no_longer_behind_once_the_rest_is_planned_anew(plans, clock):
    plans.make(wish("2027-02-28", "L6", 14, [], TODAY))
    clock.at += timedelta(days=7)
    assert hours_line(gathered(plans, TOP)).endswith("are done, 14 behind the plan.")
    plans.again()
    assert "behind" not in hours_line(gathered(plans, TOP))


def test_the_points_of_the_last_grading_count_and_a_kata_is_done_when_it_first_has_all(path, clock):
    points = Points(path, clock)
    points.keep(REPORT)
    clock.at += timedelta(days=7)
    points.keep(Report("week-01", NOON, (Row("top links", 0, 3), Row("hit counter", 3, 3)), Path("f")))
    assert points.latest()["week-01"].points == 3 and len(points.all()) == 2
    first = {name: at for (_, name), at in first_solved(points.all()).items() if is_kata(name)}
    assert first == {"top links": NOON, "hit counter": NOON + timedelta(days=7)}
    assert [week.pieces["coding"] for week in weeks(Plans(path, clock))] == [1, 1]


def test_a_week_graded_at_home_is_in_the_learner_s_file(tmp_path, monkeypatch):
    from loopready.course import learner_folder
    from loopready.grading import _kept

    report = _kept(REPORT, TOP)
    assert report.note == "" and Points(learner_folder(TOP) / "loopready.db").latest()["week-01"].points == 8
    (learner_folder(TOP) / "loopready.db").write_text("no database")
    assert _kept(REPORT, TOP).note.startswith("The points are not in your progress: ")
    assert Report.from_json(_kept(REPORT, TOP).to_json()).note


def test_points_that_another_program_spoilt_are_named(path, clock):
    Points(path, clock).keep(REPORT)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE graded SET exercises = '[]'")
    database.close()
    one = progress(path, TOP)
    assert one.trouble.startswith("the points of week-01 were changed by another program") and not one.made_up
    assert str(one) == one.trouble


def shown(panel):
    """What the panel says, without its HTML."""
    import re

    return re.sub(r"<[^>]+>", " ", panel.says.value + panel.calendar.value)


def pressed(panel, label):
    [button] = [
        each
        for each in (panel.make, panel.again, panel.add, panel.undo, panel.export)
        if each.description == label
    ]
    button.click()


def test_the_panel_plans_adds_takes_back_and_exports(plans, path):
    panel = Planner(plans)
    assert "No plan yet" in shown(panel)
    # What keeps the items of the lists from being cut is there before there is a plan.
    assert ".loopready-item > label {white-space: normal" in panel.children[0].value
    pressed(panel, "Plan")
    assert "choose the day of the interview first" in shown(panel)
    panel.interview.value, panel.hours.value = date(2027, 3, 1), 10
    panel.free.children[6].value = True
    pressed(panel, "Plan")
    assert "L6 interview on 1 March 2027, in 56 days" in shown(panel) and "What is left out" in shown(panel)
    assert plans.current().wish.free == {5}
    panel.activity.value, panel.spent.value, panel.pieces.value = "coding", 1.5, 2
    pressed(panel, "Add")
    assert "Added: Coding, 1.5 h, 2 done." in shown(panel)
    assert "now, 1 h 30 done" in shown(panel) and "Coding: 2 katas of" in shown(panel)
    panel.activity.value = "week-01"
    pressed(panel, "Add")
    pressed(panel, "Add")
    assert "It was done already." in shown(panel)
    pressed(panel, "Take back the last")
    assert "Taken back: week-01" in shown(panel) and plans.done()["design"] == 0
    pressed(panel, "Write plan.ics")
    assert "events in plan.ics" in shown(panel) and path.with_name("plan.ics").exists()


def test_the_panel_opens_as_it_was_left_and_says_when_a_week_was_missed(plans, clock):
    plans.make(wish("2027-03-01", "L7", 10, ["sat", "2027-02-02"], TODAY))
    clock.at += timedelta(days=8)
    panel = Planner(plans)
    assert (panel.interview.value, panel.level.value, panel.off.value) == (
        date(2027, 3, 1),
        "L7",
        "2027-02-02",
    )
    assert "A week was missed. Press Plan the rest anew." in shown(panel) and "(missed)" in shown(panel)
    panel.level.value, panel.hours.value = "L6", 5
    pressed(panel, "Plan the rest anew")
    assert len(plans.all()) == 2 and "was missed" not in shown(panel)
    # It is the last plan that is spread anew, and the form says which.
    assert (panel.level.value, panel.hours.value, plans.current().wish.hours) == ("L7", 10, 10)


@pytest.mark.parametrize("hours", [72, -1, float("inf"), float("nan")])
def test_hours_that_no_day_has_are_refused_in_the_panel_and_not_trimmed(plans, hours):
    panel = Planner(plans)
    panel.spent.value = hours
    pressed(panel, "Add")
    assert "a day has up to 24 hours" in shown(panel) and plans.work() == []


def test_a_tick_in_the_panel_is_kept(plans):
    panel = Planner(plans)
    panel.chooser.value = 1
    box = panel.items.children[1]
    box.value = True
    again = Planner(plans)
    again.chooser.value = 1
    assert again.items.children[1].value and plans.ticked() == {"four-weeks/mocks"}


@pytest.mark.parametrize(
    "interview, hours, said",
    [(date(2026, 1, 1), 10, "is in the past"), (date(2027, 3, 1), 0, "hours a week are a number from 0.25 on"),
     (date(2027, 3, 1), -1, "got -1.0"), (date(2027, 3, 1), 200, "200 hours a week are more than 7 days hold")],
    ids=["past", "zero hours", "below zero", "too many"],
)  # fmt: skip
def test_what_is_no_plan_is_said_in_the_panel_and_the_plan_stays(plans, interview, hours, said):
    before = plans.make(wish("2027-03-01", "L6", 10, [], TODAY))
    panel = Planner(plans)
    panel.interview.value, panel.hours.value = interview, hours
    pressed(panel, "Plan")
    assert said in shown(panel) and plans.current() == before


def test_a_file_that_cannot_be_used_is_said_in_the_panel_and_left_alone(path, clock):
    path.parent.mkdir()
    path.write_text("no database")
    panel = Planner(Plans(path, clock))
    panel.interview.value = date(2027, 3, 1)
    for label in ("Plan", "Add", "Write plan.ics", "Take back the last"):
        pressed(panel, label)
        assert "is not a database loopready can read: move it away" in shown(panel)
    assert path.read_text() == "no database"


def test_in_the_panel_s_place_stands_what_to_do_in_jupyterlab_and_in_a_terminal(plans):
    words = Planner(plans)._repr_mimebundle_()["text/plain"]
    assert "choose Run All Cells in the Run menu; in a terminal: loopready plan --interview" in words


def test_the_progress_page_as_built_has_no_date_of_today_and_a_made_up_learner():
    page = json.loads((TOP / "notebooks" / "progress.ipynb").read_text())
    texts = [
        "".join(output["data"]["text/plain"])
        for cell in page["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]
    assert len(texts) == 5 and all("ade up" in text or "made-up" in text for text in texts)


def test_planning_and_review_import_neither_pandas_nor_matplotlib_nor_nbgrader():
    code = """
        import sys, loopready.cli, loopready.planning.plans, loopready.planning.telling, loopready.recap.sessions
        heavy = {"pandas", "matplotlib", "nbgrader", "pint", "IPython", "icalendar", "genanki"}
        print(sorted(heavy & set(sys.modules)))
    """
    import textwrap

    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
