"""What the documents show is there: every command, every link, every module of the map."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(*pages: Path) -> list[str]:
    """The command lines of the pages' shell blocks, in order, each once."""
    blocks = [
        block for page in pages for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    return list(dict.fromkeys(line for block in blocks for line in block.splitlines() if line.strip()))


# The instructor's page has a test of its own, which runs it on a class.
SHOWN = commands(*[page for page in PAGES if page.name != "instructor.md"])


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The course as a newcomer has it, with the commands of this environment on PATH."""
    top = tmp_path_factory.mktemp("clone") / "loopready"
    top.mkdir()
    for name in ("lessons", "source", "release", "notebooks"):
        shutil.copytree(ROOT / name, top / name)
    shutil.copytree(ROOT / "tests" / "wrong", top / "tests" / "wrong")
    shutil.copyfile(ROOT / "nbgrader_config.py", top / "nbgrader_config.py")
    return top


def run(command: str, folder: Path) -> subprocess.CompletedProcess:
    bin_folder = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("LOOPREADY_MY", None)
    return subprocess.run(command.split(), cwd=folder, env=environment, capture_output=True, text=True)


def test_the_shown_loopready_commands_work_one_after_the_other_in_a_fresh_copy(clone):
    shown = [command for command in SHOWN if command.startswith("loopready ")]
    assert "loopready start week-01" in shown and "loopready grade week-01" in shown
    for command in shown:
        done = run(command, clone)
        assert done.returncode == 0, f"{command}: {done.stdout[-600:]}{done.stderr[-600:]}"


@pytest.mark.parametrize("command", [command for command in SHOWN if command.startswith("make ")])
def test_a_shown_make_command_is_a_target(command):
    # Not run: `make test` is what runs this, and `make lab` does not come back.
    done = run(f"{command} --dry-run", ROOT)
    assert done.returncode == 0, done.stderr


def test_no_other_command_is_shown():
    assert [command for command in SHOWN if command.split()[0] not in ("make", "loopready")] == []


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in SHOWN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_into_a_page_leads_to_a_heading_of_it(page):
    links = re.findall(r"\]\((?!https?:)([^)#]*\.md)#([^)]+)\)", page.read_text())
    assert [link for link in links if link[1] not in headings(page.parent / link[0])] == []


def headings(page: Path) -> set[str]:
    """The page's headings as an address has them: small letters, hyphens, no punctuation."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_map_for_contributors_names_every_module():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    modules = [path.name for path in (ROOT / "loopready").glob("*.py") if path.stem != "__init__"]
    assert [name for name in modules if f"`{name}`" not in text and f"`loopready/{name}`" not in text] == []


def test_no_built_or_written_file_holds_a_path_of_this_machine():
    home = str(Path.home())
    files = [*PAGES, *(ROOT / "lessons").glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    assert [path.name for path in files if home in path.read_text() or str(ROOT) in path.read_text()] == []
