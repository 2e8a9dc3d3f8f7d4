"""A demonstration class, made and graded by its one command, and what the instructor's room says of it."""

import json
import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from cells import Shell
from nbgrader.api import Gradebook
from tiny_course import TOP, command, lay_out

from loopready.cohort import analysis, mistakes, pictures
from loopready.cohort.concerns import RULES, concerns
from loopready.cohort.desk import Desk
from loopready.cohort.gradebook import read_book
from loopready.cohort.kept import kept_answers
from loopready.cohort.mistakes import BLANK, NONE, OTHER, RIGHT
from loopready.cohort.papers import Answer, answers
from loopready.cohort.results import results
from loopready.cohort.room import Room
from loopready.course import CourseError
from loopready.demo.abilities import Item, attempt, items, learner
from loopready.demo.classes import make
from loopready.demo.people import people
from loopready.runs import _environment
from loopready.tables import Seen

WEEK = "week-01"
SHOWS = [name for name, value in vars(Desk).items() if hasattr(value, "__wrapped__")]

# Of these six one hands in nothing, one is late, one renames the file, one leaves five of six exercises blank.
SIZE, SEED = 6, 2268


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "demo"
    done = command(TOP, "demo-class", str(folder), f"--size={SIZE}", f"--seed={SEED}", "--weeks=1")
    assert done.returncode == 0, done.stderr
    assert "6 learners, 5 hand-ins, 4 graded, 1 not graded" in done.stdout
    return folder


@pytest.fixture
def copy(demo, tmp_path) -> Path:
    """The class, to be changed."""
    return Path(shutil.copytree(demo, tmp_path / "copy"))


def tree(folder: Path) -> dict[str, str]:
    """A hash of each file's bytes, by its path; folders too."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def graded(folder: Path) -> dict[str, dict[str, float]]:
    """Points by learner and cell, as nbgrader itself has them."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "loopready") as book:
        return {
            one.student.id: {grade.name: grade.score for grade in one.notebooks[0].grades}
            for one in book.assignment_submissions(WEEK)
            if any(grade.auto_score is not None for grade in one.notebooks[0].grades)
        }


# --- the class that is made


def test_the_same_seed_hands_in_the_same_bytes_and_a_larger_class_begins_with_the_smaller(demo, tmp_path):
    larger = make(tmp_path / "larger", TOP, size=SIZE + 2, seed=SEED, weeks=(WEEK,), graded=False)
    first = [one.id for one in larger.people[:SIZE]]
    for name in first:
        assert tree(demo / "submitted" / name) == tree(larger.folder / "submitted" / name)
    assert {path.name for path in (demo / "submitted").iterdir()} <= set(first)


def test_the_roster_has_everybody_and_names_that_a_careless_reader_trips_over(demo):
    with Gradebook(f"sqlite:///{demo / 'gradebook.db'}", "loopready") as book:
        assert {one.id for one in book.students} == {one.id for one in people(SIZE, SEED)}
    names = [f"{one.first_name} {one.last_name}" for one in people(500, 1)]
    assert all(any(sign in name for name in names) for sign in ",\"'")
    assert any(not name.isascii() for name in names)


def test_ids_are_plain_and_nobody_has_anothers():
    ids = [one.id for one in people(2000, 3)]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", one)] == []


def test_a_graded_answer_earns_what_is_kept_for_it(demo):
    kept = {(one.exercise, mistakes.normal(one.source)): one.score for one in kept_answers(WEEK, TOP)}
    found = graded(demo)
    seen = 0
    for path in (demo / "autograded").glob(f"[!.]*/{WEEK}/{WEEK}.ipynb"):
        for one in answers(path):
            if (score := kept.get((one.exercise, mistakes.normal(one.source)))) is not None:
                assert found[path.parts[-3]][f"{one.exercise}-tests"] == score
                seen += 1
    assert seen >= 5


def test_an_instructor_has_given_points_and_a_comment_for_what_was_written(demo):
    database = sqlite3.connect(demo / "gradebook.db")
    rated = database.execute("SELECT count(*) FROM grade WHERE manual_score IS NOT NULL").fetchone()[0]
    said = database.execute("SELECT count(*) FROM comment WHERE manual_comment IS NOT NULL").fetchone()[0]
    assert rated == said > 0


def test_the_abler_do_better_and_leave_less_blank():
    kept, seed = kept_answers(WEEK, TOP), 5
    names = list(dict.fromkeys(one.exercise for one in kept))
    model = items(WEEK, names, kept, seed)
    able, right, blank = [], [], []
    for number in range(600):
        who = learner(number, seed, 1)
        if tried := attempt(who, number, 0, model, {}, seed):
            able.append(who.ability)
            right.append(sum(outcome == RIGHT for outcome in tried.outcomes.values()))
            blank.append(sum(outcome == BLANK for outcome in tried.outcomes.values()))
    assert scipy.stats.pearsonr(able, right).statistic > 0.5
    assert scipy.stats.pearsonr(able, blank).statistic < -0.2


def test_the_model_is_the_two_parameter_logistic_one():
    item = Item(discrimination=2, difficulty=0.5, wrong=(), lure=())
    assert item.right(0.5) == 0.5
    assert item.right(1.5) == pytest.approx(scipy.stats.logistic.cdf(2))


@pytest.mark.parametrize(
    "words, says",
    [
        (["full"], "full is there and not empty: name a new folder"),
        (["new", "--size=0"], "a demonstration class has 1 to 2,000 learners; got 0"),
        (["new"], "tests/wrong/week-01.md is not here: this needs a clone of the course"),
    ],
    ids=["not over a folder", "nobody", "no clone"],
)
def test_a_class_that_cannot_be_made_is_one_line(tmp_path, words, says):
    top = lay_out(tmp_path / "course")
    (top / "full").mkdir()
    (top / "full" / "thesis.txt").write_text("mine")
    if words[0] == "full":
        shutil.copytree(TOP / "tests" / "wrong", top / "tests" / "wrong")
    done = command(top, "demo-class", *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"loopready: {says}\n")
    assert [path.name for path in (top / "full").iterdir()] == ["thesis.txt"]
    assert not (top / "new").exists()


# --- what the room says


def test_looking_writes_nothing_anywhere_in_the_class(demo, monkeypatch):
    monkeypatch.setenv("LOOPREADY_CLASS", str(demo))
    before = tree(demo)
    desk = Desk()
    shown = [getattr(desk, name)() for name in SHOWS]
    assert tree(demo) == before
    assert len(shown) >= 10 and None not in [repr(one) for one in shown]


def test_the_gradebook_is_opened_so_that_it_cannot_be_written(demo):
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    from loopready.cohort.gradebook import _reading

    with (
        pytest.raises(CourseError, match="readonly"),
        _reading(f"sqlite:///{demo / 'gradebook.db'}") as connection,
    ):
        try:
            connection.execute(text("DELETE FROM grade"))
        except OperationalError as error:
            assert "readonly" in str(error)
            raise


def test_points_and_shares_are_those_of_nbgrader(demo):
    room, found = Room(demo), graded(demo)
    rows = room.results.xs(WEEK, level="week")
    assert set(rows.index[rows["graded"]]) == set(found)
    for name, cells in found.items():
        tests = sum(points for cell, points in cells.items() if cell.endswith("-tests"))
        assert rows.loc[name, "tests"] == pytest.approx(tests)
        assert rows.loc[name, "total"] == pytest.approx(sum(cells.values()))
    assert rows["tests_of"].dropna().unique().tolist() == [64]


def test_the_items_are_those_that_scipy_finds_in_nbgraders_points(demo):
    table = Room(demo).items()
    scores = pd.DataFrame(graded(demo)).T.filter(like="-tests")
    for name, row in table.iterrows():
        item = scores[f"{name}-tests"]
        assert row["difficulty"] == pytest.approx(item.mean() / row["out_of"])
        others = scores.drop(columns=f"{name}-tests").sum(axis=1)
        if item.nunique() > 1:
            expected = scipy.stats.pearsonr(item, others).statistic
            assert row["discrimination"] == pytest.approx(expected)
        assert row["verdict"] == "too few to say"


def test_every_answer_is_known_for_what_was_handed_in(demo):
    """The model draws the answers again, and the room has to find each of them out."""
    drawn = drawn_again(demo)
    found = Room(demo).mistakes.set_index(["learner", "exercise"])["slip"]
    assert len(found) == 4 * 6
    for (who, exercise), slip in found.items():
        outcome = drawn[who].outcomes[exercise]
        assert slip == (outcome if isinstance(outcome, str) else outcome.slip)


def drawn_again(demo: Path) -> dict:
    from loopready.demo.papers import read_week

    week = read_week(WEEK, TOP, SEED)
    class_ = enumerate(people(SIZE, SEED))
    return {
        one.id: attempt(learner(number, SEED, 1), number, 0, week.items, week.tops, SEED)
        for number, one in class_
    }


def test_self_ratings_stand_beside_the_points_of_the_same_thing(demo):
    drawn, table = drawn_again(demo), Room(demo).ratings
    assert len(table) >= 4
    for one in table.itertuples():
        cell = next(name for name in drawn[one.learner].levels if name.endswith(one.kind))
        tops = 25 if one.kind == "story" else 20
        assert one.said == pytest.approx(sum(drawn[one.learner].rated[cell].values()) / tops)
        assert one.given == pytest.approx(sum(drawn[one.learner].levels[cell].values()) / tops, abs=0.001)


def test_who_needs_a_word_are_the_one_without_and_the_one_who_renamed_and_the_one_with_blanks(demo):
    drawn, room = drawn_again(demo), Room(demo)
    why = {one.learner: " ".join(one.reasons) for one in room.concerns}
    absent = next(name for name, tried in drawn.items() if tried is None)
    renamed = next(name for name, tried in drawn.items() if tried and tried.flaw == "renamed")
    blanks = {
        name: sum(outcome == BLANK for outcome in tried.outcomes.values())
        for name, tried in drawn.items()
        if tried and not tried.flaw
    }
    blank = max(blanks, key=blanks.get)
    assert why[absent] == "nothing came this week"
    assert why[renamed] == "what came could not be graded"
    assert f"{blanks[blank]} of 6 exercises left blank" in why[blank]
    assert "must be 'week-01.ipynb': rename it and grade again" in room.troubles()[renamed]


def test_the_notebook_runs_from_top_to_bottom_on_a_class(demo, monkeypatch):
    monkeypatch.setenv("LOOPREADY_CLASS", str(demo))
    lesson = (TOP / "lessons" / "cohort.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{code-cell\} ipython3\n(?::[^\n]*\n)*(.*?)```", lesson, re.DOTALL)
    shell = Shell()
    try:
        shown = [shell.run(block) for block in blocks]
    finally:
        shell.close()
    assert len(shown) == len(SHOWS) + 1
    assert repr(shown[0]) == "6 learners, week-01. What follows is about week-01."
    assert all(one is not None for one in shown)


def test_the_terminal_says_who_needs_a_word_and_which_mistakes_come_up(demo):
    done = command(demo, "cohort", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "What follows is about week-01." in done.stdout
    assert "| nothing came this week | 3" in done.stdout
    assert "shortener-estimate | numbers without units | 1 (25%) | its text" in done.stdout


def test_the_terminal_says_in_one_line_that_there_is_no_class(tmp_path):
    done = command(lay_out(tmp_path), "cohort")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("loopready: there is no gradebook yet") and done.stderr.count("\n") == 1


# --- a class that is not as it should be


def test_without_a_class_the_notebook_says_one_line_and_shows_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOPREADY_CLASS", str(tmp_path))
    desk = Desk()
    assert repr(desk).count("\n") == 0
    assert "there is no gradebook yet" in repr(desk)
    assert [getattr(desk, name)() for name in SHOWS] == [None] * len(SHOWS)


def revise(path: Path, revision: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])


def emptied(folder: Path) -> None:
    shutil.rmtree(folder / "submitted")
    with sqlite3.connect(folder / "gradebook.db") as database:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            database.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "change, says",
    [
        (
            lambda top: revise(top / "gradebook.db", "282d30a0218e"),
            "by an older nbgrader (its schema is 282d30a0218e): run `nbgrader db upgrade`",
        ),
        (
            lambda top: revise(top / "gradebook.db", "0123"),
            "by a newer nbgrader (its schema is 0123): install that nbgrader",
        ),
        (
            lambda top: (top / "gradebook.db").write_text("<!DOCTYPE html>"),
            "(file is not a database): put a copy",
        ),
        (lambda top: (top / "gradebook.db").write_bytes(b""), "run `nbgrader generate_assignment` first"),
        (lambda top: (top / "gradebook.db").unlink(), "there is no gradebook yet"),
        (emptied, "nothing was handed in yet"),
    ],
    ids=["older", "newer", "not a database", "an empty file", "none", "an empty class"],
)
def test_what_keeps_a_class_from_being_looked_at_is_one_line(copy, change, says, monkeypatch):
    change(copy)
    monkeypatch.setenv("LOOPREADY_CLASS", str(copy))
    desk = Desk()
    assert says in repr(desk) and "\n" not in repr(desk)
    assert desk.words() is None


def test_the_revision_that_the_queries_were_written_for_is_the_installed_nbgraders(demo):
    with sqlite3.connect(demo / "gradebook.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("e43177bfe90b",)]


def test_a_week_that_nobody_handed_in_is_named(demo):
    with pytest.raises(CourseError, match="nothing was handed in for week-02: there is week-01"):
        Room(demo, "week-02")


def test_one_submission_is_shown_without_a_number_that_means_nothing(copy, monkeypatch):
    first = sorted(graded(copy))[0]
    with sqlite3.connect(copy / "gradebook.db") as database:
        rows = "SELECT id FROM submitted_assignment WHERE student_id != ?"
        database.execute(f"DELETE FROM grade WHERE notebook_id IN (SELECT id FROM submitted_notebook"
                         f" WHERE assignment_id IN ({rows}))", [first])  # fmt: skip
        database.execute(f"DELETE FROM submitted_notebook WHERE assignment_id IN ({rows})", [first])
        database.execute("DELETE FROM submitted_assignment WHERE student_id != ?", [first])
    for folder in ("submitted", "autograded"):
        for path in (copy / folder).glob("[!.]*"):
            if path.name != first:
                shutil.rmtree(path)
    monkeypatch.setenv("LOOPREADY_CLASS", str(copy))
    desk = Desk()
    for name in SHOWS:
        assert "Traceback" not in repr(getattr(desk, name)())
    assert set(desk.room.items()["verdict"]) == {"too few to say"}
    assert repr(desk.look_at()) == "With fewer than 10 learners, nothing can be said of a single case."
    assert "nan" not in repr(desk.progress()) + repr(desk.exercises()) + repr(desk.calibration())


def test_nothing_graded_yet_says_what_to_run(copy, monkeypatch):
    with sqlite3.connect(copy / "gradebook.db") as database:
        database.execute("UPDATE grade SET auto_score = NULL, manual_score = NULL, needs_manual_grade = 1")
    shutil.rmtree(copy / "autograded")
    monkeypatch.setenv("LOOPREADY_CLASS", str(copy))
    desk = Desk()
    assert repr(desk.exercises()) == "nothing of week-01 is graded yet: run `loopready grade week-01 --class`"
    for name in SHOWS:
        assert "Traceback" not in repr(getattr(desk, name)())


def test_a_name_or_a_file_with_markup_in_it_is_text(copy, monkeypatch):
    name = people(SIZE, SEED)[0].id
    with sqlite3.connect(copy / "gradebook.db") as database:
        database.execute("UPDATE student SET first_name = '<img src=x onerror=alert(1)>', last_name = '$x_{'")
    for path in (copy / "submitted").glob(f"*/{WEEK}/stories.json"):
        path.write_text("{<script>")
    monkeypatch.setenv("LOOPREADY_CLASS", str(copy))
    desk = Desk()
    shown = "".join(getattr(desk, one)()._repr_html_() for one in ("words", "troubles", "common"))
    assert "<img" not in shown and "<script" not in shown and "&lt;img" in shown
    assert name


def test_a_dollar_in_a_diagnosis_is_drawn_as_a_dollar():
    table = pd.DataFrame([("x-estimate", "a step", "measured in $\\frac{", 3)],
                         columns=["exercise", "step", "diagnosis", "learners"])  # fmt: skip
    assert len(pictures.diagnoses(table).png) > 1000


def test_a_build_sees_no_class_whatever_lies_in_the_course(tmp_path, demo):
    environment = _environment(tmp_path, demo)
    assert not Path(environment["LOOPREADY_CLASS"]).is_relative_to(demo)


# --- what an answer is


KNOWN = mistakes.Known(
    "def double(n):\n    # YOUR CODE HERE",
    {mistakes.normal("def double(n): return n + n + 1"): "one too many"},
    {"+-": ["halves"], "-+": ["a", "b"], "++-": ["a", "b", "c"], "--": ["nothing works"]},
)


@pytest.mark.parametrize(
    "source, passed, slip, by",
    [
        ("def double(n):\n\n    # YOUR CODE HERE\n", "--", BLANK, ""),
        ("def double(n):\n    'My own.'\n    return n + n + 1  # yes", "-+", "one too many", "text"),
        ("def double(n): return 2 * n", "++", RIGHT, ""),
        ("def double(n): return n / 2", "+-", "halves", "cases"),
        ("def double(n): return n", "-+", "a or: b", "cases"),
        ("def double(n): return n", "++-", OTHER, ""),
        ("def double(n) return n", "--", OTHER, ""),
        ("def double(n) return n", "", NONE, ""),
        ("(" * 100_000, "--", OTHER, ""),
    ],
    ids=[
        "released",
        "kept",
        "right",
        "like a kept one",
        "like two",
        "like three",
        "no case",
        "no table",
        "deep",
    ],
)
def test_an_answer_is_known_by_its_text_or_by_the_cases_it_passes(source, passed, slip, by):
    cases = tuple(Seen(str(place), "pass" if mark == "+" else "fail") for place, mark in enumerate(passed))
    assert KNOWN.mistake(Answer("double", source, cases)) == mistakes.Mistake(slip, by)


@pytest.mark.parametrize(
    "text",
    ["", "<!DOCTYPE html>", "[]", "{}", '{"cells": 3}', '{"cells": [{"metadata": []}]}', "[" * 100_000],
    ids=["empty", "HTML", "a list", "no cells", "no list", "no metadata", "deep"],
)
def test_a_paper_that_is_no_notebook_has_no_answers(tmp_path, text):
    path = tmp_path / "paper.ipynb"
    path.write_text(text)
    assert answers(path) == []


def test_a_case_that_confuses_the_able_works_against_the_rest():
    """Ten cases that the able pass, and one that only the others do."""
    papers = {}
    for number in range(40):
        good = [Seen(f"c{place}", "pass" if number > 4 * place else "fail") for place in range(10)]
        odd = Seen("odd", "fail" if number > 20 else "pass")
        papers[f"l{number}"] = [Answer("kata", "", (*good, odd))]
    table = analysis.cases(papers).set_index("case")
    passed = np.array([[case.passed for case in one[0].cases] for one in papers.values()], float)
    expected = scipy.stats.pointbiserialr(passed[:, 10], passed[:, :10].sum(axis=1)).statistic
    assert table.loc["odd", "discrimination"] == pytest.approx(expected)
    assert table.loc["odd", "verdict"] == "works against the rest"
    assert (table.drop("odd")["discrimination"].dropna() > 0).all()


# --- who needs a word


def weeks(**learners: list[float | None]) -> pd.DataFrame:
    """A class's results: the share of points in each week, None where nothing came."""
    rows = [
        (name, f"week-{place:02}", share is not None, share is not None, 0.0, share)
        for name, shares in learners.items()
        for place, share in enumerate(shares, start=1)
    ]
    columns = ["learner", "week", "came", "graded", "minutes_late", "share"]
    return pd.DataFrame(rows, columns=columns).astype({"share": float}).set_index(["learner", "week"])


NOBODY = pd.DataFrame(columns=["learner", "exercise", "slip", "by"])
UNRATED = pd.DataFrame(columns=["learner", "week", "kind", "said", "given"]).astype(
    {"said": float, "given": float}
)


def test_who_was_away_longest_comes_first_and_whoever_is_well_is_not_listed():
    table = weeks(away=[0.9, None, None], absent=[0.9, 0.9, None], fell=[0.9, 0.9, 0.6], well=[0.9, 0.9, 0.9])
    listed = concerns(table, "week-03", NOBODY, UNRATED)
    assert [(one.learner, one.reasons) for one in listed] == [
        ("away", ("nothing came for 2 weeks",)),
        ("absent", ("nothing came this week",)),
        ("fell", ("fell from 90% to 60% of the points from tests",)),
    ]


def test_the_rule_in_the_docs_is_the_rule():
    text = (TOP / "docs" / "cohort.md").read_text(encoding="utf-8")
    table = text[text.index("| reason | weight |") :].split("\n\n")[0].splitlines()[2:]
    assert [tuple(part.strip() for part in line.strip("|").split("|")) for line in table] == [
        (rule.looks_for, str(rule.weight)) for rule in RULES.values()
    ]


def test_reasons_add_up_by_the_weights_that_are_shown():
    table = weeks(low=[0.8, 0.2])
    found = pd.DataFrame(
        [("low", f"e{place}", slip, "") for place, slip in enumerate([BLANK, BLANK, RIGHT])],
        columns=["learner", "exercise", "slip", "by"],
    )
    rated = pd.DataFrame([("low", "week-01", "story", 0.9, 0.5), ("low", "week-02", "story", 0.8, 0.6),
                          ("low", "week-03", "story", 0.1, 0.9)],
                         columns=UNRATED.columns)  # fmt: skip
    told = pd.DataFrame(
        [("low", "a-estimate", "s", "bits and bytes: there are 8 bits in a byte"),
         ("low", "b-estimate", "s", "bits and bytes: there are 8 bits in a byte"),
         ("low", "a-estimate", "t", "too large, by less than a factor of 10"),
         ("low", "b-estimate", "t", "too large, by less than a factor of 10")],
        columns=["learner", "exercise", "step", "diagnosis"])  # fmt: skip
    [one] = concerns(table, "week-02", found, rated, told)
    assert one.weight == sum(RULES[name].weight for name in ("fell", "low", "blank", "high", "slip"))
    assert one.reasons == (
        "fell from 80% to 20% of the points from tests",
        "20% of the points from tests",
        "2 of 3 exercises left blank",
        "rates own work 30% above your points",
        "“bits and bytes: there are 8 bits in a byte” in 2 estimates",
    )


def test_lateness_counts_an_extension(copy):
    name = sorted(graded(copy))[0]
    with Gradebook(f"sqlite:///{copy / 'gradebook.db'}", "loopready") as book:
        submission = book.find_submission(WEEK, name)
        submission.timestamp = datetime(2026, 1, 18, 20, 0, tzinfo=UTC).replace(tzinfo=None)
        book.db.commit()
        assert minutes_late(copy, name) == 120
        book.grant_extension(WEEK, name, minutes=90)
        assert minutes_late(copy, name) == submission.total_seconds_late / 60 == 30


def minutes_late(top: Path, name: str) -> float:
    book = read_book(f"sqlite:///{top / 'gradebook.db'}")
    return results(book, top).loc[(name, WEEK), "minutes_late"]


def test_ids_with_spaces_and_other_letters_are_ids(copy):
    old = sorted(graded(copy))[0]
    new = "Zoë  O'Hara; DROP"
    with sqlite3.connect(copy / "gradebook.db") as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE student SET id = ? WHERE id = ?", [new, old])
        database.execute("UPDATE submitted_assignment SET student_id = ? WHERE student_id = ?", [new, old])
    for folder in ("submitted", "autograded"):
        os.rename(copy / folder / old, copy / folder / new)
    room = Room(copy)
    assert room.results.loc[(new, WEEK), "graded"]
    assert new in set(room.mistakes["learner"])


def test_a_learners_stories_that_cannot_be_read_are_a_line_and_no_end(copy):
    path = next((copy / "submitted").glob(f"*/{WEEK}/stories.json"))
    path.write_text(json.dumps({"schema": 99, "rated": []}))
    [line] = [says for who, says in Room(copy).troubles().items() if who == path.parts[-3]]
    assert "is not a file that the course wrote" in line and str(copy) not in line
