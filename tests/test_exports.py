"""A class's points as files: what is written, read back by somebody else's reader."""

import csv
import io
import sqlite3
from datetime import datetime
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from tiny_class import nbgrader
from tiny_course import command, lay_out

from loopready.course import CourseError
from loopready.exports import canvas, moodle
from loopready.exports.columns import Choice
from loopready.exports.files import export
from loopready.exports.grades import GRADED, MISSING, UNGRADED, WAITS, Entry, Learner, Marks, Week, marks
from loopready.exports.listing import listing
from loopready.exports.texts import harmless, is_formula, points, restored

SAMPLES = Path(__file__).parent / "gradebooks"
CAME = datetime(2027, 1, 31, 17)
WEEKS = (Week("week-01", 100, datetime(2027, 1, 31, 18)), Week("week-02", 90))
ANN = Learner("ann", "Ann", 'Abe, "Jr."', "ann@example.org")
JOSE = Learner("jose", "José\nMaría", "Núñez ☃", "jose@example.org")
EVIL = Learner("mal", "=HYPERLINK(1)", "@SUM(1)", "mal@example.org")
LATE = Entry(GRADED, CAME, 80.0, 8.0)
ZERO = Entry(GRADED, CAME, 0.0, 0.0)
SOME = {
    ("week-01", "ann"): LATE,
    ("week-01", "jose"): ZERO,
    ("week-01", "mal"): Entry(UNGRADED, CAME),
    ("week-02", "ann"): Entry(WAITS, CAME, 41.5, 0.0),
}
CLASS = Marks(WEEKS, (ANN, JOSE, EVIL), SOME)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def listed(found: Marks) -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(listing(found).removeprefix("\ufeff"), newline=""), strict=True)
    return {(row["assignment"], restored(row["student_id"])): row for row in rows}


names = st.text(max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''-2", "-", "+a", "@b", "O'Neill", "\t=1", " =1", "\uff1d1"]
)


@given(names)
def test_what_is_made_harmless_is_no_formula_and_can_be_restored(text):
    shown = harmless(text)
    assert shown == text or shown[0] == "'"
    assert shown.lstrip("\ufeff")[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert restored(shown) == text


@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=5))
def test_the_list_has_a_line_for_each_learner_and_week_with_every_name_as_it_was(people):
    learners = tuple(Learner(f"l{number}", *one) for number, one in enumerate(people))
    rows = listed(Marks(WEEKS, learners, {}))
    assert len(rows) == len(learners) * len(WEEKS)
    for one in learners:
        row = rows["week-01", one.id]
        said = [restored(row[name]) for name in ("first_name", "last_name", "email")]
        assert said == [one.first_name, one.last_name, one.email]


def test_the_list_opens_in_pandas_with_its_columns_and_numbers(tmp_path):
    (tmp_path / "grades.csv").write_bytes(listing(CLASS).encode())
    table = pd.read_csv(tmp_path / "grades.csv").set_index(["assignment", "student_id"])
    assert table.loc[("week-01", "ann"), ["raw_score", "late_submission_penalty", "score"]].tolist() == [
        80,
        8,
        72,
    ]
    assert table.loc[("week-01", "ann"), "last_name"] == ANN.last_name
    assert table.loc[("week-01", "jose"), "first_name"] == JOSE.first_name


@pytest.mark.parametrize(
    "week, learner, score, status",
    [
        ("week-01", "ann", "72", GRADED),
        ("week-01", "jose", "0", GRADED),
        ("week-01", "mal", "", UNGRADED),
        ("week-02", "ann", "41.5", WAITS),
        ("week-02", "jose", "", MISSING),
    ],
    ids=["late", "nothing earned", "never graded", "waits", "missing"],
)
def test_the_list_tells_nothing_earned_from_never_graded(week, learner, score, status):
    row = listed(CLASS)[week, learner]
    assert (row["score"], row["status"]) == (score, status)


@given(st.floats(0, 100_000, allow_nan=False))
def test_points_are_plain_decimals_to_the_hundredth(value):
    assert set(points(value)) <= set("0123456789.")
    assert abs(float(points(value)) - value) <= 0.005001


# --- Canvas: the sample has the columns that its guide names, with data of our own.


def exported(name: str = "canvas.csv") -> str:
    return (SAMPLES / name).read_bytes().decode()


def of_canvas(text: str) -> dict[str, dict[str, str]]:
    head, *rows = read(text)
    return {
        row[head.index("SIS Login ID")] or row[0].strip(): dict(zip(head, row, strict=True)) for row in rows
    }


def test_a_new_file_for_canvas_has_its_columns_and_the_points_possible_in_the_second_line():
    head, worth, *rows = read(canvas.gradebook(CLASS).text)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "week-01", "week-02"]
    assert [cell.strip() for cell in worth] == ["Points Possible", "", "", "", "", "100", "90"]
    assert rows[0] == ['Abe, "Jr.", Ann', "", "", "ann", "", "72", ""]
    assert rows[2][0] == "'@SUM(1), =HYPERLINK(1)"


def test_a_file_of_canvas_keeps_its_ids_and_loses_its_other_columns():
    was, now = of_canvas(exported()), of_canvas(canvas.merged(CLASS, exported()).text)
    kept = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert {who: [row[name] for name in kept] for who, row in now.items()} == {
        who: [row[name] for name in kept] for who, row in was.items()
    }
    assert list(now["ann"])[5:] == ["Week 1 (4711)", "week-02"]


@pytest.mark.parametrize(
    "who, cell",
    [
        ("ann", "72"),
        ("jose@example.org", "0"),
        ("mal", "55.00"),
        ("zoe", "31.5"),
        ("Points Possible", "100.00"),
    ],
    ids=["graded", "by email, nothing earned", "never graded", "unknown here", "worth"],
)
def test_only_points_go_over_what_canvas_has(who, cell):
    assert of_canvas(canvas.merged(CLASS, exported()).text)[who]["Week 1 (4711)"] == cell


def test_who_is_excused_in_canvas_stays_so_and_who_is_not_there_is_named():
    eve, tom = Learner("eve"), Learner("tom")
    found = Marks(WEEKS[:1], (eve, tom), {("week-01", "eve"): LATE})
    made = canvas.merged(found, exported())
    assert of_canvas(made.text)["eve"]["Week 1 (4711)"] == "EX"
    assert made.notes[:2] == ["not in Canvas: tom", "eve stays EX in Canvas for week-01"]


def test_a_file_with_semicolons_comes_back_with_semicolons():
    text = exported().replace(",", ";").replace('"Abe; ""Jr.""; Ann"', '"Abe, ""Jr."", Ann"')
    made = canvas.merged(Marks(WEEKS[:1], (ANN,), SOME), text).text
    assert made.startswith("Student;ID;SIS User ID;SIS Login ID;Section;Week 1 (4711)\r\n")


@pytest.mark.parametrize(
    "change, says",
    [
        (("Student,ID", "Name,No"), "not a file that Canvas exported"),
        (("Essay (4712)", "week-01 (4712)"), "two columns"),
        ((",100.00,", ",50.00,"), "has 100 points and 50.00 in Canvas"),
        ((",zoe,", ",ann,"), "two lines of Canvas's file could be 'ann'"),
        ((",mal,", ",ann@example.org,"), None),
    ],
    ids=["another file", "two columns", "another worth", "two lines", "id before email"],
)
def test_what_could_be_meant_in_two_ways_is_refused_in_one_line(change, says):
    text = exported().replace(*change)
    assert text != exported()
    if says is None:
        assert of_canvas(canvas.merged(CLASS, text).text)["ann"]["Week 1 (4711)"] == "72"
        return
    with pytest.raises(CourseError, match=says) as caught:
        canvas.merged(CLASS, text)
    assert "\n" not in str(caught.value)


@given(st.lists(names.filter(str.strip), min_size=1, max_size=4))
def test_whatever_names_canvas_exports_come_back_unchanged(people):
    head = "Student,ID,SIS User ID,SIS Login ID,Section,week-01 (7)"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head.split(","))
    writer.writerow(["    Points Possible", "", "", "", "", "100"])
    writer.writerows([[name, number, "", f"l{number}", "A", ""] for number, name in enumerate(people)])
    learners = tuple(Learner(f"l{number}") for number in range(len(people)))
    entries = {("week-01", one.id): LATE for one in learners}
    _, _, *rows = read(canvas.merged(Marks(WEEKS[:1], learners, entries), text.getvalue()).text)
    assert [(row[0], row[5]) for row in rows] == [(name, "72") for name in people]


# --- Moodle


def test_moodles_csv_has_the_columns_of_its_sample_and_a_dash_for_no_grade():
    head, *rows = read(moodle.grade_items(CLASS).text)
    sample, *_ = read(exported("moodle.csv"))
    assert head[:4] == sample[:4]
    assert head[4:] == ["week-01", "week-02"]
    assert [row[2:] for row in rows] == [
        ["ann", "ann@example.org", "72", "-"],
        ["jose", "jose@example.org", "0", "-"],
    ]


def grades(text: str) -> list[tuple[str, ...]]:
    top = ElementTree.fromstring(text)
    assert top.tag == "results"
    return [tuple(one.findtext(name) for name in ("assignment", "student", "score")) for one in top]


def test_moodles_xml_has_the_elements_of_its_sample_and_only_grades_that_there_are():
    assert grades(exported("moodle.xml")) == [("essay", "0815", "17.5"), ("essay", "a&b", "0")]
    assert grades(moodle.results(CLASS).text) == [("week-01", "ann", "72"), ("week-01", "jose", "0")]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=9))
def test_an_id_is_in_both_of_moodles_files_as_it_is_or_is_named_as_left_out(learner):
    found = Marks(WEEKS[:1], (Learner(learner),), {("week-01", learner): LATE})
    made, xml = moodle.grade_items(found), moodle.results(found)
    there = [] if is_formula(learner) or not learner.isprintable() else [learner]
    assert [row[2] for row in read(made.text)[1:]] == there
    assert [one for _, one, _ in grades(xml.text)] == there
    assert len(made.notes) == 1 - len(there)


def test_more_points_than_a_week_has_are_written_and_said():
    found = Marks(WEEKS[:1], (ANN,), {("week-01", "ann"): Entry(GRADED, CAME, 104.0, 0.0)})
    made = moodle.grade_items(found)
    assert read(made.text)[1][4] == "104"
    assert made.notes == ["ann has 104 of 100 for week-01: allow grades over 100 % in Moodle"]


@pytest.mark.parametrize(
    "choice, cells",
    [
        (Choice(), ["72", ""]),
        (Choice(unfinished=True), ["72", "41.5"]),
    ],
    ids=["finished", "unfinished"],
)
def test_what_waits_for_a_person_is_left_empty_unless_one_says_so(choice, cells):
    assert read(canvas.gradebook(CLASS, choice).text)[2][5:] == cells


def test_who_handed_in_nothing_has_no_grade_or_0_if_one_says_so_and_who_was_not_graded_never_has():
    rows = read(canvas.gradebook(CLASS, Choice(zero=True)).text)[2:]
    assert [row[5:] for row in rows] == [["72", ""], ["0", "0"], ["", "0"]]


# --- The gradebook, and the door


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose gradebook has been given rows by nbgrader's own API."""
    root = lay_out(tmp_path_factory.mktemp("graded") / "course")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "loopready") as book:
        book.add_assignment("week-01")
        book.add_notebook("week-01", "week-01")
        for name, worth, kind in (("a-tests", 60, "code"), ("b-design", 40, "markdown")):
            book.add_grade_cell(name, "week-01", "week-01", max_score=worth, cell_type=kind)
        book.add_assignment("week-02")
        for learner in ("ann", "ben", "cid", "dan", "eve"):
            book.add_student(learner, last_name="Abe, Jr.")
        give(book, "ann", (50, None, False), (None, 30, False), extra=2.5)
        give(book, "ben", (50, None, False), (None, None, True))
        give(book, "cid", (None, None, True), (None, 30, False))
        give(book, "dan", (0, None, False), (0, None, False))
    return root


@pytest.fixture
def top(graded, tmp_path):
    return copytree(graded, tmp_path / "course")


def give(book: Gradebook, learner: str, *cells: tuple, extra: float = 0) -> None:
    with book.db.no_autoflush:
        [notebook] = book.add_submission("week-01", learner).notebooks
    by_name = {grade.name: grade for grade in notebook.grades}
    for name, cell in zip(("a-tests", "b-design"), cells, strict=True):
        grade = by_name[name]
        grade.auto_score, grade.manual_score, grade.needs_manual_grade = cell
    by_name["b-design"].extra_credit = extra
    notebook.late_submission_penalty = 5 if learner == "ann" else None
    book.db.commit()


def test_a_gradebook_says_what_counts_what_waits_and_what_no_grading_of_the_last_hand_in_gave(top):
    with Gradebook(f"sqlite:///{top / 'gradebook.db'}", "loopready") as book:
        found = marks(book)
    [week] = found.weeks
    assert (week.name, week.out_of) == ("week-01", 100)
    said = {one.id: (found.of(week, one).status, found.of(week, one).score) for one in found.learners}
    assert said == {
        "ann": (GRADED, 77.5),
        "ben": (WAITS, 50),
        "cid": (UNGRADED, None),
        "dan": (GRADED, 0),
        "eve": (MISSING, None),
    }


def test_who_handed_in_and_was_not_graded_is_not_missing_and_gets_no_0(top, tmp_path):
    (top / "submitted" / "eve" / "week-01").mkdir(parents=True)
    export(top, tmp_path / "out.csv", "canvas", choice=Choice(zero=True))
    assert of_canvas((tmp_path / "out.csv").read_text())["eve"]["week-01"] == ""
    (top / "submitted" / "eve" / "week-01").rmdir()
    export(top, tmp_path / "out.csv", "canvas", choice=Choice(zero=True), over=True)
    assert of_canvas((tmp_path / "out.csv").read_text())["eve"]["week-01"] == "0"


def test_a_file_that_is_there_stays_until_one_says_over(top, tmp_path):
    file = tmp_path / "points.csv"
    export(top, file, "csv")
    before = file.read_bytes()
    with pytest.raises(CourseError, match="is there already"):
        export(top, file, "moodle")
    assert file.read_bytes() == before
    export(top, file, "moodle", over=True)
    assert file.read_bytes() != before
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize(
    "wanted, says",
    [
        ({"to": "blackboard"}, "no format 'blackboard': there is csv, canvas, moodle, moodle-xml"),
        ({"to": "moodle", "exported": Path("x.csv")}, "--merge belongs to --to canvas"),
        ({"to": "canvas", "exported": Path("x.csv")}, "x.csv is not there"),
        ({"to": "csv", "weeks": ("week-02",)}, "no week to export"),
        ({"to": "csv", "weeks": ("week-09",)}, "knows no week 'week-09'"),
    ],
    ids=["format", "merge", "no such file", "never generated", "no such week"],
)
def test_what_cannot_be_exported_is_one_line_and_leaves_no_file(top, tmp_path, wanted, says):
    with pytest.raises(CourseError) as caught:
        export(top, tmp_path / "out.csv", **wanted)
    assert says in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def test_an_empty_class_is_one_line(top, tmp_path):
    with sqlite3.connect(top / "gradebook.db") as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "student"):
            book.execute(f"DELETE FROM {table}")
    with pytest.raises(CourseError, match="no learner to export"):
        export(top, tmp_path / "out.csv", "csv")


def test_nbgraders_own_command_writes_the_list_and_refuses_to_go_over_it(top):
    nbgrader(top, "export")
    rows = list(csv.DictReader((top / "grades.csv").open(encoding="utf-8-sig", newline="")))
    assert [(row["student_id"], row["last_name"], row["score"]) for row in rows] == [
        ("ann", "Abe, Jr.", "77.5"),
        ("ben", "Abe, Jr.", "50"),
        ("cid", "Abe, Jr.", ""),
        ("dan", "Abe, Jr.", "0"),
        ("eve", "Abe, Jr.", ""),
    ]
    again = nbgrader(top, "export", "--student=['ann']", check=False)
    assert again.returncode == 1
    assert "grades.csv is there already" in again.stderr and "Traceback" not in again.stderr
    nbgrader(top, "export", "--student=['ann']", "--Grades.over=True")
    assert len((top / "grades.csv").read_text().splitlines()) == 2


def test_the_command_says_what_is_left_empty_and_where_the_file_is(top):
    done = command(top, "export-grades", "moodle.csv", "--to", "moodle", "--week", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "written: moodle.csv\n"
    assert "left empty: 1 (waits for points by hand)\n" in done.stderr
    assert [row[2] for row in read((top / "moodle.csv").read_text())] == ["ID number", "ann", "dan"]


def test_the_command_merges_with_a_file_of_canvas_and_leaves_that_file_as_it_was(top):
    theirs = top / "exported.csv"
    theirs.write_bytes((SAMPLES / "canvas.csv").read_bytes())
    done = command(
        top, "export-grades", "out.csv", "--to", "canvas", "--merge", "exported.csv", "--week", "1"
    )
    assert done.returncode == 0, done.stderr
    assert "not in Canvas: ben\n" in done.stderr
    assert of_canvas((top / "out.csv").read_text())["ann"]["Week 1 (4711)"] == "77.5"
    assert theirs.read_bytes() == (SAMPLES / "canvas.csv").read_bytes()
    again = command(top, "export-grades", "exported.csv", "--to", "canvas", "--merge", "exported.csv")
    assert again.returncode == 1
    assert (
        again.stderr
        == "loopready: exported.csv is there already: choose a name that is free, or say --over\n"
    )
