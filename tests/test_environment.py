import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tiny_course import TOP

PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
CONDA = yaml.safe_load((TOP / "environment.yml").read_text())
LOCK = (TOP / "requirements.lock").read_text().splitlines()

# On conda-forge `playwright` is the Node package, and matplotlib without a desktop toolkit has a name of its own.
CONDA_NAMES = {"playwright": "playwright-python", "matplotlib": "matplotlib-base"}


def wanted() -> dict[str, Requirement]:
    texts = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, texts)}


def locked() -> dict[str, str]:
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LOCK)}


def test_conda_and_pip_users_are_asked_for_the_same_packages_and_versions():
    *packages, from_pip = CONDA["dependencies"]
    texts = [*packages, *from_pip["pip"][:-1]]
    conda = {requirement.name: requirement.specifier for requirement in map(Requirement, texts)}
    expected = {CONDA_NAMES.get(name, name): requirement.specifier for name, requirement in wanted().items()}
    assert conda.pop("python") == Requirement(f"python{PROJECT['requires-python']}").specifier
    assert conda.pop("pip") == ""
    assert conda == expected


def test_conda_users_get_the_course_itself_too():
    assert CONDA["channels"] == ["conda-forge"]
    assert CONDA["dependencies"][-1]["pip"][-1] == "-e ."


@pytest.mark.parametrize("name", wanted())
def test_the_lock_holds_a_version_that_is_asked_for(name):
    assert locked()[name] in wanted()[name].specifier


def test_the_lock_is_names_and_versions_and_nothing_else():
    assert [line for line in LOCK if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []


def test_the_lock_does_not_hold_the_course_or_a_package_twice():
    assert "loopready" not in locked()
    assert len(locked()) == len(LOCK)
