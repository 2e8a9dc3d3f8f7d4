"""The reserve: katas that stand in no week, handed out one at a time and graded as a week is."""

import contextlib
import io
import re
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from proofs import ROOT, exercises, weeks
from tiny_class import nbgrader
from tiny_course import command, lay_out, sources

from loopready import course, reserve
from loopready.cells import lesson
from loopready.course import CourseError
from loopready.reserve.katas import POINTS

KATAS = reserve.katas()
each_kata = pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)


@pytest.fixture
def top(tmp_path, monkeypatch):
    """A small course with two katas of the reserve."""
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.setenv("LOOPREADY_COURSE", str(tmp_path))
    root = lay_out(tmp_path)
    for name in ("kata-compaction", "kata-heat"):
        shutil.copyfile(ROOT / "lessons" / f"{name}.md", root / "lessons" / f"{name}.md")
        for folder in ("source", "release"):
            shutil.copytree(ROOT / folder / name, root / folder / name)
    return root


def answer(path, name: str, text: str) -> None:
    """Write `text` into the answer cell of the notebook at `path`."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = text
    nbformat.write(notebook, path)


def test_there_are_enough_for_a_year_of_mocks():
    assert len(KATAS) >= 12


def test_what_is_known_of_the_katas_is_what_their_lessons_say():
    texts = {path.stem: lesson(path) for path in (ROOT / "lessons").glob("kata-*.md")}
    first = {name: text.cells[0].source for name, text in texts.items()}
    assert {kata.assignment: kata.title for kata in KATAS} == {
        name: text.title for name, text in texts.items()
    }
    assert [kata.name for kata in KATAS if f"{kata.minutes} minutes" not in first[kata.assignment]] == []


def test_no_kata_of_the_reserve_is_an_exercise_of_a_week():
    taken = {name for week in weeks() for name in exercises(week)}
    assert [kata.name for kata in KATAS if kata.name in taken] == []


@each_kata
def test_a_kata_asks_one_thing_and_is_worth_the_same_as_every_other(kata):
    cells = lesson(ROOT / "lessons" / f"{kata.assignment}.md").cells
    roles = [(cell.role, cell.name, cell.points) for cell in cells if cell.role]
    assert roles == [
        ("readonly", "setup", None), ("answer", kata.name, None), ("tests", f"{kata.name}-tests", POINTS)
    ]  # fmt: skip


@each_kata
def test_a_kata_has_three_hints_and_questions_for_afterwards(kata):
    text = "\n".join(cell.source for cell in lesson(ROOT / "lessons" / f"{kata.assignment}.md").cells)
    assert re.findall(r"<summary>Hint (\d): ([^<]*)</summary>", text) == [
        ("1", "where to start"), ("2", "what to use"), ("3", "almost there")
    ]  # fmt: skip
    guide = reserve.guide(kata.name, ROOT)
    assert guide.count("\n*") >= 3
    assert "**L7:**" in guide


@each_kata
def test_a_handed_out_kata_names_no_other_and_not_what_it_is_about(kata, tmp_path):
    text = "\n".join(sources(reserve.hand_out(kata.name, tmp_path, ROOT)))
    before = text[: text.index("<details>")]
    assert [other.name for other in KATAS if other != kata and other.assignment in text] == []
    assert [topic for topic in kata.topics if topic in before.lower()] == []


def test_no_kata_lies_where_notebooks_are_read():
    assert [path.name for path in (ROOT / "notebooks").glob("kata-*")] == []


@each_kata
def test_a_kata_that_nobody_has_answered_runs_from_top_to_bottom(kata, tmp_path):
    space: dict = {}
    notebook = nbformat.read(reserve.hand_out(kata.name, tmp_path, ROOT), as_version=4)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, space)
    assert (
        "more are run when you grade the kata" in printed.getvalue()
        or "Nothing comes back" in printed.getvalue()
    )


@each_kata
def test_the_reference_answer_is_code_without_markers(kata):
    text = reserve.reference(kata.name, ROOT)
    compile(text, kata.name, "exec")
    assert "SOLUTION" not in text


def test_a_kata_is_handed_out_once_and_then_kept_as_it_is(top):
    path = reserve.hand_out("heat")
    assert path == top / "my/kata-heat/kata-heat.ipynb"
    assert path.read_bytes() == (top / "release/kata-heat/kata-heat.ipynb").read_bytes()
    path.write_text("my work")
    assert reserve.hand_out("kata-heat") == path
    assert path.read_text() == "my work"


def test_a_round_may_have_a_folder_of_its_own(top):
    path = reserve.hand_out("heat", top / "my/mocks/second")
    assert path == top / "my/mocks/second/kata-heat.ipynb"
    assert path.is_file()
    assert reserve.handed_out() == []


@pytest.mark.parametrize(
    "name, says",
    [("two-sum", "no kata 'two-sum' in the reserve"), ("router", "release/kata-router is not built")],
    ids=["unknown", "not built"],
)
def test_what_cannot_be_handed_out_is_one_line_that_says_why(top, name, says):
    with pytest.raises(CourseError, match=says) as failure:
        reserve.hand_out(name)
    assert "\n" not in str(failure.value)


def test_unseen_are_those_that_the_history_does_not_name():
    names = [kata.name for kata in KATAS]
    assert sorted(reserve.unseen([])) == sorted(names)
    assert reserve.unseen([*names[1:], "long-gone"]) == names[:1]
    assert reserve.unseen(f"kata-{name}" for name in names) == []


def test_a_draw_is_never_a_kata_that_was_seen_or_is_above_the_level():
    seen = [kata.name for kata in KATAS if kata.name != "router"][1:]
    easy = KATAS[0].name
    assert {reserve.draw(seen).name for _ in range(60)} == {easy, "router"}
    assert {reserve.draw(seen, "L6").name for _ in range(10)} == {easy}
    with pytest.raises(CourseError, match="you have had every kata"):
        reserve.draw([*seen, easy, "router"])


@pytest.mark.parametrize("refereed", [False, True], ids=["in its own process", "refereed"])
def test_a_graded_kata_says_which_cases_pass_the_hidden_ones_too(top, refereed):
    if refereed:
        with (top / "nbgrader_config.py").open("a") as file:
            file.write("\nfrom loopready.referee.settings import refereed\nrefereed(c, uncontained=True)\n")
    path = reserve.hand_out("compaction", top / "my/round")
    answer(path, "compaction", reserve.reference("compaction").replace("len(files) > keep", "len(files) > 1"))
    before = path.read_bytes()
    result = reserve.graded("compaction", top / "my/round")
    failed = [case.says for case in result.cases if not case.passed]
    assert failed == [
        "down to two files",
        "nothing to merge",
        "a merged file that has become large waits",
        "60,000 files",
    ]
    assert (result.points, result.out_of, result.passed, len(result.cases)) == (10, POINTS, 4, 8)
    assert result.feedback == top / "my/round/feedback.html"
    assert path.read_bytes() == before


def test_a_class_is_graded_in_a_kata_by_the_command_for_a_week(top):
    for learner, text in (
        ("ann", reserve.reference("compaction")),
        ("ben", "def merge_cost(sizes, keep): return 0"),
    ):
        folder = top / "submitted" / learner / "kata-compaction"
        answer(reserve.hand_out("compaction", folder), "compaction", text)
    nbgrader(top, "generate_assignment", "kata-compaction", "--force")
    done = command(top, "grade", "kata-compaction", "--class")
    assert done.stdout.startswith("kata-compaction: 2 graded, 0 not graded"), done.stderr
    with Gradebook(f"sqlite:///{top / 'gradebook.db'}") as gradebook:
        points = {one.student.id: one.score for one in gradebook.assignment_submissions("kata-compaction")}
    assert points == {"ann": POINTS, "ben": 2.5}


def test_a_kata_that_was_not_handed_out_cannot_be_graded(top):
    with pytest.raises(CourseError, match="kata-heat is not started"):
        reserve.graded("heat")


def test_the_command_hands_out_another_kata_each_time_until_there_is_none(top):
    shutil.rmtree(top / "release/kata-heat")
    (top / "my/kata-heat").mkdir(parents=True)
    for kata in KATAS:
        if kata.name not in ("heat", "compaction"):
            (top / "my" / kata.assignment).mkdir()
    first, second = command(top, "kata"), command(top, "kata")
    assert first.stdout == (
        "45 minutes: open my/kata-compaction/kata-compaction.ipynb in JupyterLab\n"
        "then: loopready grade kata-compaction\n"
    )
    assert second.returncode == 1
    assert second.stderr == "loopready: you have had every kata up to L7: name one to take it again\n"
    assert command(top, "kata", "compaction").stdout == first.stdout


def test_a_kata_is_no_week_and_no_room(top):
    assert course.weeks(top) == ["week-01"]
    assert course.rooms(top) == ["start-here"]
    assert course.assignments(top) == ["week-01", "kata-compaction", "kata-heat"]


@pytest.mark.parametrize("spelling", ["kata-nope", "kata-", "kata-../week-01"])
def test_an_unknown_kata_is_refused_by_naming_those_there_are(top, spelling):
    with pytest.raises(CourseError, match="there is kata-compaction, kata-heat"):
        course.named_assignment(top, spelling)
