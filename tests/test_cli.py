import json
import socket
from contextlib import closing

import nbformat
import pytest
from tiny_course import command, lay_out, source


@pytest.fixture
def top(tmp_path):
    return lay_out(tmp_path)


@pytest.mark.parametrize(
    "words, says",
    [
        (["start", "9"], "no week '9' in this course: there is week-01"),
        (["grade", "start-here"], "no week 'start-here' in this course: there is week-01"),
        (["grade", "1"], "week-01 is not started: run `loopready start week-01`"),
    ],
    ids=["no such week", "a room", "not started"],
)
def test_a_failure_is_one_line_on_stderr_and_code_1(top, words, says):
    done = command(top, *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"loopready: {says}\n")


@pytest.mark.parametrize(
    "words",
    [
        ["finish"],
        ["start"],
        ["start", "1", "2"],
        ["grade", "1", "--fast"],
        ["lab", "--port", "many"],
        ["lab", "--port", "0"],
    ],
    ids=["no such command", "no week", "two weeks", "no such option", "not a port", "no such port"],
)
def test_a_command_that_is_not_one_is_code_2(top, words):
    assert command(top, *words).returncode == 2


def test_outside_a_course_the_line_says_where_to_go(tmp_path):
    done = command(tmp_path, "doctor")
    assert done.returncode == 1
    assert "no course at or above" in done.stderr
    assert done.stderr.count("\n") == 1


def test_start_says_what_to_open(top):
    done = command(top, "start", "01")
    assert done.returncode == 0
    assert done.stdout == "added my/week-01/week-01.ipynb\nopen my/week-01/week-01.ipynb in JupyterLab\n"


def test_the_help_names_every_command(top):
    done = command(top, "--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("start", "grade", "doctor", "build", "lab"))


def test_a_report_as_json_is_all_there_is_on_stdout(top):
    command(top, "start", "1")
    done = command(top, "grade", "1", "--json")
    report = json.loads(done.stdout)
    assert {row["exercise"]: row["points"] for row in report["rows"]}["double"] == 0


def test_verbose_shows_nbgraders_log(top):
    nbformat.write(source(), top / "release/week-01/week-01.ipynb")
    command(top, "start", "1")
    assert "Autograding" in command(top, "grade", "1", "--verbose").stderr


def test_findings_as_json_have_a_mark_and_a_remedy(top):
    done = command(top, "doctor", "--json")
    findings = json.loads(done.stdout)
    assert {finding["mark"] for finding in findings} <= {"ok", "warn", "fail"}
    assert all(finding["remedy"] for finding in findings if finding["mark"] != "ok")


def test_the_doctors_code_tells_whether_something_is_broken(top):
    (top / "release/week-01/week-01.ipynb").unlink()
    done = command(top, "doctor")
    assert done.returncode == 1
    assert "release/week-01/week-01.ipynb missing" in done.stdout


def test_a_taken_port_is_refused_before_jupyterlab_starts(top):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = command(top, "lab", "--no-browser", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == f"loopready: port {port} is taken: choose another with --port, or leave it out\n"


def test_a_start_page_that_is_not_built_is_named(top):
    (top / "notebooks/start-here.ipynb").unlink()
    done = command(top, "lab", "--no-browser")
    assert "notebooks/start-here.ipynb is not built: run `loopready build`" in done.stderr
