"""`build` makes what is handed out: asked through the files it leaves, nbgrader's own command and nbval."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import compute_checksum

from loopready.build import build, differences, stale
from loopready.course import CourseError
from loopready.runs import RunError, run

TOP = Path(__file__).resolve().parents[1]

WEEK = '''\
---
title: Servers
---

How many servers?

```{code-cell} ipython3
import csv
import os

import matplotlib.pyplot as plt
from ipywidgets import interact
from loopready.checks import checks
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

rows = list(csv.reader(open("reads.csv")))
print(rows, sorted(os.listdir()), os.listdir(os.environ["LOOPREADY_MY"]))
```

```{code-cell} ipython3
figure, axes = plt.subplots(figsize=(2, 1))
axes.plot([3, 1, 2])
figure
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

interact(lambda n: print("n is", n), n=(1, 5));
```

```{code-cell} ipython3
:answer: servers

def servers(reads, each):
    """Machines needed."""
    ### BEGIN SOLUTION
    return -(-reads // each)
    ### END SOLUTION
```

```{code-cell} ipython3
:tests: servers-tests
:points: 3

with checks("three thousand reads need three"):
    assert servers(3000, 1000) == 3
### BEGIN HIDDEN TESTS
with checks("no traffic, no servers"):
    assert servers(0, 1000) == 0
### END HIDDEN TESTS
```

+++ {"manual": "why-a-cache", "points": 5}

The database then serves one read in ten.

+++ {"task": "draw-it", "points": 2}

Draw it.

=== BEGIN MARK SCHEME ===
Two points for the arrow that goes around.
=== END MARK SCHEME ===
'''
HIDDEN = ["-(-reads", "servers(0", "one read in ten", "arrow that goes", "BEGIN ", "END "]
ROOM = "# Start here\n\n```{code-cell} ipython3\n1 + 1\n```\n"
BUILT = [
    "notebooks/reads.csv",
    "notebooks/start-here.ipynb",
    "notebooks/week-01.ipynb",
    "release/week-01/reads.csv",
    "release/week-01/week-01.ipynb",
    "source/week-01/week-01.ipynb",
]


def course(top: Path, **lessons: str) -> Path:
    """A course at `top` with those lessons; underscores in their names stand for hyphens."""
    (top / "lessons").mkdir(parents=True)
    for name, text in lessons.items():
        (top / "lessons" / f"{name.replace('_', '-')}.md").write_text(text, encoding="utf-8")
    shutil.copy(TOP / "nbgrader_config.py", top)
    return top


def whole_course(top: Path) -> Path:
    course(top, week_01=WEEK, start_here=ROOM)
    (top / "source/week-01").mkdir(parents=True)
    (top / "source/week-01/reads.csv").write_text("day,reads\n1,3000\n")
    return top


def files(root: Path) -> dict[str, bytes]:
    """What lies in the built folders, by name."""
    folders = ("source", "release", "notebooks")
    paths = [path for folder in folders for path in (root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def room(text: str) -> str:
    return f"# A room\n\n```{{code-cell}} ipython3\n{text}\n```\n"


def run_command(*words: str, root: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(TOP), "LOOPREADY_MY": str(root)}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=root, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = whole_course(tmp_path_factory.mktemp("built") / "course")
    build(root)
    return root


@pytest.fixture
def copied(built, tmp_path) -> Path:
    """The built course, to be spoilt."""
    return shutil.copytree(built, tmp_path / "course")


def test_a_build_leaves_the_four_folders_and_no_gradebook(built):
    assert sorted(files(built)) == sorted([*BUILT, "source/week-01/reads.csv"])
    assert {path.name for path in built.iterdir()} == {
        "lessons", "nbgrader_config.py", "notebooks", "release", "source",
    }  # fmt: skip


def test_a_kata_of_the_reserve_is_released_and_lies_nowhere_to_be_read(tmp_path):
    begin, end = WEEK.index("```{code-cell} ipython3\n:answer:"), WEEK.index("+++")
    root = course(tmp_path / "course", kata_servers=WEEK[begin:end])
    names = [path.relative_to(root).as_posix() for path in build(root)]
    assert names == ["source/kata-servers/kata-servers.ipynb", "release/kata-servers/kata-servers.ipynb"]
    released = (root / names[1]).read_text()
    assert not [words for words in HIDDEN if words in released]
    assert 'checks.score(3, cases=2, of=\\"kata\\")' in released
    assert differences(root) == []


def test_another_course_of_the_same_text_is_the_same_bytes_whatever_the_users_settings(
    built, tmp_path, monkeypatch
):
    own = tmp_path / "settings"
    own.mkdir()
    (own / "story.md").write_text("mine")
    (own / "matplotlibrc").write_text("lines.linewidth: 9\n")
    (own / "profile_default/startup").mkdir(parents=True)
    (own / "profile_default/startup/mine.py").write_text("print('hello')\n")
    for name in ("LOOPREADY_MY", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(own))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    other = whole_course(tmp_path / "a/longer path")
    assert len(build(other)) == len(BUILT)
    assert files(other) == files(built)


def test_a_second_build_writes_nothing(copied):
    before = {path: path.stat().st_mtime_ns for path in copied.rglob("*")}
    assert build(copied) == []
    assert {path: path.stat().st_mtime_ns for path in copied.rglob("*")} == before


def test_nothing_hidden_is_handed_out(built):
    handed = {name: data.decode() for name, data in files(built).items() if not name.startswith("source/")}
    assert not [(name, words) for name, text in handed.items() for words in HIDDEN if words in text]
    assert all(words in (built / "source/week-01/week-01.ipynb").read_text() for words in HIDDEN)


def test_the_release_is_the_one_that_nbgraders_own_command_makes(built, tmp_path):
    root = shutil.copytree(built, tmp_path / "course")
    shutil.rmtree(root / "release")
    done = run_command("nbgrader", "generate_assignment", "week-01", "--no-db", root=root)
    assert done.returncode == 0, done.stderr
    theirs = {name: data for name, data in files(root).items() if name.startswith("release/")}
    assert theirs == {name: data for name, data in files(built).items() if name.startswith("release/")}


def test_the_checksums_are_those_of_the_released_cells(built):
    notebook = nbformat.read(built / "release/week-01/week-01.ipynb", as_version=4)
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.id for cell in graded] == ["servers", "servers-tests", "why-a-cache", "draw-it"]
    assert all(cell.metadata.nbgrader.checksum == compute_checksum(cell) for cell in graded)


def test_the_notebook_to_read_is_the_released_one_with_outputs(built):
    released = nbformat.read(built / "release/week-01/week-01.ipynb", as_version=4)
    read = nbformat.read(built / "notebooks/week-01.ipynb", as_version=4)
    nbformat.validate(read)
    assert [cell.execution_count for cell in read.cells if cell.cell_type == "code"] == [1, 2, 3, 4, 5, 6]
    for cell in read.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    assert read == released


def outputs(root: Path, place: int) -> list:
    notebook = nbformat.read(root / "notebooks/week-01.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"][place].outputs


def test_a_run_sees_its_data_and_neither_the_learner_nor_the_course(built):
    assert outputs(built, 1)[0].text == "[['day', 'reads'], ['1', '3000']] ['reads.csv'] []\n"


def test_a_figure_is_a_picture(built):
    assert "image/png" in outputs(built, 2)[0].data


def test_a_widget_leaves_what_it_shows_and_none_of_its_ids(built):
    assert [output.text for output in outputs(built, 3)] == ["n is 3\n"]
    assert "widget" not in (built / "notebooks/week-01.ipynb").read_text().replace("ipywidgets", "")


def test_the_learner_sees_a_table_for_an_answer_not_yet_written(built):
    assert outputs(built, 5)[0].data["text/plain"] == "0.0"


def test_strict_nbval_finds_the_built_notebooks_true(built):
    words = ("pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "notebooks")
    done = run_command(*words, root=built)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "7 passed" in done.stdout


SPOILS = {
    "a changed lesson": (
        lambda root: (root / "lessons/start-here.md").write_text(ROOM.replace("1 + 1", "1 + 2")),
        ["notebooks/start-here.ipynb: differs from its lesson; run `loopready build`"],
    ),
    "a missing notebook": (
        lambda root: (root / "notebooks/start-here.ipynb").unlink(),
        ["notebooks/start-here.ipynb: is missing; run `loopready build`"],
    ),
    "an edited notebook": (
        lambda root: (root / "notebooks/start-here.ipynb").write_text("{}"),
        ["notebooks/start-here.ipynb: differs from its lesson; run `loopready build`"],
    ),
    "a removed week": (
        lambda root: (root / "lessons/week-01.md").unlink(),
        [f"{name}: no lesson builds it; delete it" for name in (
            "source/week-01/reads.csv", "source/week-01/week-01.ipynb",
            "release/week-01/reads.csv", "release/week-01/week-01.ipynb",
            "notebooks/reads.csv", "notebooks/week-01.ipynb",
        )],
    ),
    "a stray file": (
        lambda root: (root / "notebooks/old.ipynb").write_text("{}"),
        ["notebooks/old.ipynb: no lesson builds it; delete it"],
    ),
    "what an editor hides": (lambda root: (root / "notebooks/.old.swp").write_text("x"), []),
}  # fmt: skip


@pytest.mark.parametrize("spoil, says", SPOILS.values(), ids=SPOILS)
def test_differences_names_each_file_that_is_not_what_the_lessons_build(tmp_path, built, spoil, says):
    root = shutil.copytree(built, tmp_path / "course")
    if "week-01" not in "".join(says):
        # A room alone is quicker to build, and differs in the same ways.
        for path in (
            "lessons/week-01.md",
            "source",
            "release",
            "notebooks/week-01.ipynb",
            "notebooks/reads.csv",
        ):
            shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()
    spoil(root)
    before = files(root)
    assert sorted(differences(root)) == sorted(says)
    assert files(root) == before


def test_only_the_named_lessons_are_built(tmp_path):
    root = course(
        tmp_path / "course", week_01="# A week\n", start_here=ROOM, week_02="```{code-cell} bash\n```\n"
    )
    assert build(root, ["start-here"]) == [root / "notebooks/start-here.ipynb"]
    assert build(root, ["week-01"]) == [
        root / f"{folder}/week-01.ipynb" for folder in ("source/week-01", "release/week-01", "notebooks")
    ]
    assert stale(root) == []


RUNS = {
    "raises": ("x = 1\n\n1 / 0", 'rooms.md:3: code cell: raises ZeroDivisionError: division by zero'),
    "raises in a widget": (
        ":tags: [nbval-ignore-output]\n\nfrom ipywidgets import interact\ninteract(lambda n: 1 / 0, n=(1, 2));",
        "raises ZeroDivisionError",
    ),
    "raises though it says so": (":tags: [raises-exception]\n\n1 / 0", "raises ZeroDivisionError"),
    "warns": ("import warnings\nwarnings.warn('mind the gap')", "writes to stderr"),
    "writes to stderr": ("import sys\nprint('first\\nsecond', file=sys.stderr)", 'writes to stderr: "first"'),
    "shows an address": ("object()", 'shows a memory address, "at 0x'),
    "prints an address": ("print(lambda: 1)", "shows a memory address"),
    "shows its folder": ("import os\nos.getcwd()", "shows the path /"),
    "shows the course": ("import os\nprint(os.environ['LOOPREADY_COURSE'] + '/lessons')", "of this machine"),
    "shows a widget": ("from ipywidgets import IntSlider\nIntSlider()", "add ':tags: [nbval-ignore-output]'"),
    "ends its kernel": ("import os\nos._exit(1)", "ended its kernel"),
}  # fmt: skip


@pytest.mark.parametrize("text, says", RUNS.values(), ids=RUNS)
def test_a_cell_whose_output_cannot_be_kept_refuses_the_build(tmp_path, text, says):
    root = course(tmp_path / "course", rooms=room(text))
    with pytest.raises(CourseError) as error:
        build(root)
    message = str(error.value)
    assert message.startswith("lessons/rooms.md:3: code cell: ") and says in message
    assert "\n" not in message
    assert files(root) == {}


def test_a_cell_that_does_not_end_is_stopped(tmp_path):
    endless = new_notebook(cells=[new_code_cell("while True: pass", id="endless")])
    (tmp_path / "work").mkdir()
    with pytest.raises(RunError, match=r"^ran longer than 1 s; make it faster$") as error:
        run(endless, tmp_path / "work", tmp_path, seconds=1)
    assert error.value.identity == "endless"


def test_a_refused_lesson_leaves_every_file_as_it_was(copied):
    before = files(copied)
    (copied / "lessons/start-here.md").write_text(room("2 + 2"))
    (copied / "lessons/week-01.md").write_text(WEEK.replace("### END SOLUTION", "### END SOLUTIONS"))
    with pytest.raises(CourseError, match=r"^lessons/week-01\.md:\d+: cell 'servers': "):
        build(copied)
    assert files(copied) == before


def test_a_solution_that_another_lesson_shows_refuses_the_build(copied):
    (copied / "lessons/start-here.md").write_text(room("print('return -(-reads // each)')"))
    with pytest.raises(CourseError, match=r"hidden line also stands in notebooks/start-here\.ipynb"):
        build(copied)


def test_a_solution_left_in_a_released_file_refuses_the_build(copied):
    (copied / "release/week-01/notes.txt").write_text("hint: assert servers(0, 1000) == 0")
    with pytest.raises(CourseError, match=r"hidden line also stands in release/week-01/notes\.txt"):
        build(copied)


def test_a_file_that_nbgrader_would_hand_out_refuses_the_build(copied):
    (copied / "source/week-01/solution.py").write_text("x = 1")
    with pytest.raises(
        CourseError, match=r"^source/week-01/solution\.py: nbgrader would give it to every learner"
    ):
        build(copied)


def test_two_weeks_with_different_data_of_one_name_are_refused(tmp_path):
    root = course(tmp_path / "course", week_01="# One\n", week_02="# Two\n")
    for week in ("week-01", "week-02"):
        (root / "source" / week).mkdir(parents=True)
        (root / "source" / week / "reads.csv").write_text(week)
    with pytest.raises(CourseError, match=r"^notebooks/reads\.csv: two weeks have data of that name"):
        build(root)


def test_an_unknown_lesson_is_answered_with_the_known(tmp_path):
    root = course(tmp_path / "course", week_01="# One\n", start_here=ROOM)
    with pytest.raises(CourseError, match=r"^no lesson is called 'week-9'; there are week-01, start-here$"):
        build(root, ["week-9"])


def test_a_configuration_that_does_not_load_is_one_line(tmp_path):
    root = course(tmp_path / "course", week_01="# One\n")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.x = unknown\n")
    with pytest.raises(
        CourseError, match=r"^nbgrader_config\.py: cannot be read \(NameError: name 'unknown'"
    ):
        build(root)


def test_what_nbgrader_itself_refuses_is_one_line_with_its_reason(tmp_path):
    root = course(tmp_path / "course", week_01=WEEK)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.ClearSolutions.end_solution_delimeter = 'FINIS'\n")
    with pytest.raises(
        CourseError, match=r"^week-01: nbgrader cannot release it \(.*no end solution statement found\)$"
    ):
        build(root)


def test_the_courses_own_configuration_of_nbgrader_is_heeded(tmp_path):
    root = course(
        tmp_path / "course", week_01='+++ {"manual": "why", "points": 1}\n\nBecause of the queue.\n'
    )
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.ClearSolutions.text_stub = 'Write here.'\n")
    build(root)
    cells = json.loads((root / "release/week-01/week-01.ipynb").read_text())["cells"]
    assert cells[0]["source"] == ["Write here."]


def test_a_kernel_that_does_not_start_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    root = course(tmp_path / "course", start_here=ROOM)
    with pytest.raises(CourseError, match=r"^no kernel starts to run notebooks \(.+\); try"):
        build(root)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    root = course(tmp_path / "course", start_here="# Hello\n")
    (root / "notebooks").write_text("a file where the folder should be")
    with pytest.raises(CourseError, match=r"^notebooks/start-here\.ipynb: cannot be written \(.+\)"):
        build(root)
