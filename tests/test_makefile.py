import os
import shutil
import subprocess

import pytest
from tiny_course import TOP


@pytest.fixture
def folder(tmp_path):
    """A clean checkout, as far as make sees one."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(TOP / name, tmp_path)
    return tmp_path


def make(folder, *words: str) -> subprocess.CompletedProcess:
    """Run make as from a shell of its own, since the tests may run below a make."""
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
    )


def program(folder, text: str, name: str = "python") -> str:
    """A program in the folder that does what the shell lines in `text` say."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


# What a Python that is new enough does: make a folder that looks like a virtualenv, whose pip writes down its call.
NEW_PYTHON = """
case "$1" in
  -c) exit 0 ;;
  -m) shift; case "$1" in
    venv) mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo "$PWD/.venv" > .venv/bin/activate ;;
    pip) echo "$@" >> pip-calls; exit ${PIP_CODE:-0} ;;
  esac ;;
esac
"""


@pytest.mark.parametrize("target", ["lab", "test", "setup", "build", "check"])
@pytest.mark.parametrize("text", ["exit 1", "exit 127"], ids=["too old", "a shim with nothing behind it"])
def test_without_a_new_python_there_is_one_line_and_no_virtualenv(folder, target, text):
    done = make(folder, target, f"PYTHON={program(folder, text)}")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode != 0
    assert len(lines) == 1
    assert "no Python 3.11 or newer" in lines[0]
    assert not (folder / ".venv").exists()


def test_a_python_that_makes_no_virtualenv_is_one_line_with_the_remedy(folder):
    mute = program(folder, '[ "$1" = -c ]')
    done = make(folder, "setup", f"PYTHON={mute}")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1
    assert "python3-venv" in lines[0]


def test_the_first_python_that_is_new_enough_is_taken(folder):
    old, new = program(folder, "exit 1", "old"), program(folder, NEW_PYTHON, "new")
    assert make(folder, "setup", f"PYTHON={old} {new}").returncode == 0
    assert (
        (folder / "pip-calls").read_text().endswith("install --constraint requirements.lock --editable .\n")
    )


def test_a_second_setup_does_nothing_until_what_it_depends_on_changes(folder):
    python = f"PYTHON={program(folder, NEW_PYTHON)}"
    make(folder, "setup", python)
    make(folder, "setup", python)
    assert len((folder / "pip-calls").read_text().splitlines()) == 1
    stamp = (folder / ".venv/.installed").stat().st_mtime
    os.utime(folder / "requirements.lock", (stamp + 1, stamp + 1))
    make(folder, "setup", python)
    assert len((folder / "pip-calls").read_text().splitlines()) == 2


def test_a_setup_that_was_cut_short_goes_on(folder):
    python = f"PYTHON={program(folder, NEW_PYTHON)}"
    cut = make(folder, "setup", python, "PIP=false")
    assert cut.returncode != 0
    assert "goes on from there" in cut.stderr
    assert make(folder, "setup", python).returncode == 0
    assert (folder / ".venv/.installed").exists()


def test_a_folder_that_was_moved_gets_a_virtualenv_of_its_own(folder, tmp_path_factory):
    python = f"PYTHON={program(folder, NEW_PYTHON)}"
    make(folder, "setup", python)
    moved = tmp_path_factory.mktemp("elsewhere") / "course"
    shutil.move(folder, moved)
    assert make(moved, "setup", f"PYTHON={moved / 'python'}").returncode == 0
    assert str(moved) in (moved / ".venv/bin/activate").read_text()


def test_a_learner_is_not_asked_to_install_the_tools_of_the_tests(folder):
    make(folder, "setup", f"PYTHON={program(folder, NEW_PYTHON)}")
    assert "[dev]" not in (folder / "pip-calls").read_text()


@pytest.fixture
def without_a_browser(folder, monkeypatch):
    """A checkout on a machine whose apt-get writes down its calls and where nobody finds a Chromium."""
    program(folder, 'echo "$@" >> apt-calls', "apt-get")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    python = NEW_PYTHON.replace("-c)", '-c) case "$2" in *chromium*) exit 1;; esac;')
    return f"PYTHON={program(folder, python)}"


def test_root_on_debian_gets_the_browser_for_the_tests(folder, without_a_browser):
    program(folder, "echo 0", "id")
    assert make(folder, "chromium", without_a_browser).returncode == 0
    update, install = (folder / "apt-calls").read_text().splitlines()
    assert "update" in update
    assert install.endswith("chromium")


def test_anybody_else_is_told_in_one_line_how_to_get_it(folder, without_a_browser):
    program(folder, "echo 1000", "id")
    done = make(folder, "chromium", without_a_browser)
    assert done.returncode != 0
    assert "install chromium or Google Chrome, or set LOOPREADY_CHROMIUM" in done.stderr.splitlines()[0]
    assert not (folder / "apt-calls").exists()


def test_the_hub_s_proxy_is_fetched_once_in_the_versions_of_the_lock(folder, monkeypatch):
    shutil.copytree(
        TOP / "examples" / "hub", folder / "examples" / "hub", ignore=shutil.ignore_patterns("node_modules")
    )
    program(folder, 'mkdir -p examples/hub/node_modules; echo "$@" >> npm-calls', "npm")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    for _ in range(2):
        assert make(folder, "proxy").returncode == 0
    [call] = (folder / "npm-calls").read_text().splitlines()
    assert call.startswith("ci --prefix examples/hub")


def test_the_lock_of_the_proxy_names_versions_and_no_addresses():
    text = (TOP / "examples" / "hub" / "package-lock.json").read_text()
    assert '"configurable-http-proxy": "5.0.1"' in text
    assert "resolved" not in text and "registry" not in text


def test_help_names_every_target_one_can_ask_for(folder):
    said = make(folder, "help").stdout
    assert all(f"make {name} " in said for name in ("lab", "test", "build", "check", "setup", "lock"))
