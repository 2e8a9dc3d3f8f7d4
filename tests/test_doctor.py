import shutil
from collections import namedtuple

import pytest
from tiny_course import lay_out

from loopready import doctor
from loopready.doctor import Finding, chromium, diagnose


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    return lay_out(tmp_path)


def found(top, words: str) -> Finding:
    """The one finding that says `words`."""
    [finding] = [finding for finding in diagnose(top) if words in finding.what]
    return finding


def test_a_course_that_works_has_no_failure_and_leaves_nothing_behind(top):
    before = sorted(top.rglob("*"))
    assert [finding for finding in diagnose(top) if finding.mark == "fail"] == []
    assert sorted(top.rglob("*")) == before


def test_every_fault_comes_with_a_remedy(top, monkeypatch):
    monkeypatch.setenv("PATH", "")
    shutil.rmtree(top / "release")
    faults = [finding for finding in diagnose(top) if finding.mark != "ok"]
    assert len(faults) >= 4
    assert all(finding.remedy for finding in faults)


def test_a_python_that_is_too_old_fails(top, monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 0))
    assert (found(top, "Python ").mark, found(top, "Python ").remedy) == (
        "fail",
        "install Python 4.0 or newer, then `make setup`",
    )


@pytest.mark.parametrize(
    "requirement, says",
    [("nbgrader>=99", "nbgrader "), ("no-such-package>=1", "no-such-package is not installed")],
    ids=["too old", "not there"],
)
def test_a_package_that_is_missing_or_too_old_fails(top, monkeypatch, requirement, says):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: [requirement])
    finding = next(finding for finding in diagnose(top) if finding.what.startswith(says))
    assert finding.mark == "fail"
    assert "make setup" in finding.remedy


def test_tools_for_the_tests_are_not_asked_of_a_learner(top, monkeypatch):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ['no-such-package; extra == "dev"'])
    assert not [finding for finding in diagnose(top) if "no-such-package" in finding.what]


def test_another_nbgrader_first_on_path_is_warned_of(top, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("bin") / "nbgrader"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert found(top, "nbgrader on PATH").mark == "warn"


def test_a_file_in_the_learners_place_fails(top):
    (top / "my").touch()
    assert found(top, "my: ").mark == "fail"


def test_a_full_disk_fails(top, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(2**40, 2**40, 2**20))
    assert found(top, "GiB free").mark == "fail"


@pytest.mark.parametrize("text", ["{", '{"cells": []}'], ids=["broken", "of another build"])
def test_a_release_without_the_exercises_of_its_source_fails(top, text):
    (top / "release/week-01/week-01.ipynb").write_text(text)
    assert found(top, "release/week-01").remedy == "run `loopready build week-01`"


def test_a_kata_that_is_not_released_fails(top):
    (top / "lessons/kata-heat.md").write_text("# A kata\n")
    assert found(top, "kata").mark == "fail"
    for folder in ("source", "release"):
        (top / folder / "kata-heat").mkdir()
        (top / folder / "kata-heat/kata-heat.ipynb").touch()
    assert found(top, "kata") == Finding("ok", "the katas of the reserve are built")


def test_without_a_chromium_there_is_only_a_warning(top, monkeypatch):
    monkeypatch.setattr(doctor, "chromium", lambda: None)
    assert found(top, "Chromium").mark == "warn"


def test_the_chromium_that_is_named_comes_first(tmp_path, monkeypatch):
    mine = tmp_path / "chrome"
    mine.touch(mode=0o755)
    monkeypatch.setenv("LOOPREADY_CHROMIUM", str(mine))
    assert chromium() == mine
