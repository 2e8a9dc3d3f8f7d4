"""What on this machine keeps the course from working, and what to do about each thing."""

import json
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from loopready import course

OLDEST_PYTHON = (3, 11)
ROOM = 500 * 2**20  # a week's notebooks, its checkpoints and a grading, with headroom
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and for a fault what to do."""

    mark: Literal["ok", "warn", "fail"]
    what: str
    remedy: str = ""


def diagnose(root: Path) -> list[Finding]:
    """Everything worth a look, in the order in which to mend it."""
    return [
        _python(),
        *_packages(),
        *_programs(),
        _kernel(),
        _extension(),
        _learner_folder(root),
        _room(root),
        *_weeks(root),
        *_reserve(root),
        *_gradebook(root),
        _browser(),
        _walls(),
        _server(root),
    ]


def _finding(well: bool, what: str, remedy: str, otherwise: Literal["warn", "fail"] = "fail") -> Finding:
    return Finding("ok", what) if well else Finding(otherwise, what, remedy)


def _python() -> Finding:
    needed = ".".join(map(str, OLDEST_PYTHON))
    well = sys.version_info >= OLDEST_PYTHON
    return _finding(
        well, f"Python {sys.version.split()[0]}", f"install Python {needed} or newer, then `make setup`"
    )


def _packages() -> Iterator[Finding]:
    """Each of the package's own requirements against what is installed."""
    from packaging.requirements import Requirement

    try:
        wanted = metadata.requires("loopready") or []
    except metadata.PackageNotFoundError:
        yield Finding("fail", "loopready is not installed", "run `make setup`")
        return
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield _package(requirement.name, requirement.specifier)


def _package(name: str, versions: object) -> Finding:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding("fail", f"{name} is not installed", "run `make setup`")
    return _finding(found in versions, f"{name} {found}", f"{versions} is needed: run `make setup`")


def _programs() -> Iterator[Finding]:
    """The programs that others call by name; ours are found beside this Python whatever PATH says."""
    scripts = sysconfig.get_path("scripts")
    for name in ("jupyter", "nbgrader", "alembic"):
        here, on_path = shutil.which(name, path=scripts), shutil.which(name)
        if not here:
            yield Finding("fail", f"{name} is not beside this Python", "run `make setup`")
        else:
            remedy = f"before nbgrader's own commands: `source {Path(scripts) / 'activate'}`"
            well = on_path is not None and Path(on_path).samefile(here)
            yield _finding(well, f"{name} on PATH: {on_path or 'none'}", remedy, otherwise="warn")


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager

    remedy = "run `make setup`; if it stays, `python -m ipykernel install --sys-prefix`"
    return _finding("python3" in KernelSpecManager().find_kernel_specs(), "the kernel named python3", remedy)


def _extension() -> Finding:
    """Only instructors need nbgrader inside JupyterLab, so its absence is a warning."""
    from jupyter_core.paths import jupyter_path

    installed = any(
        (Path(path) / "labextensions" / "@jupyter" / "nbgrader").is_dir() for path in jupyter_path()
    )
    remedy = "run `make setup`; without it nbgrader works from the command line only"
    return _finding(installed, "nbgrader in JupyterLab", remedy, otherwise="warn")


def _learner_folder(root: Path) -> Finding:
    folder = course.learner_folder(root)
    name = course.shown(folder, root)
    place = next(path for path in (folder, *folder.parents) if path.exists() or path.is_symlink())
    if not place.is_dir():
        return Finding("fail", f"{name}: {place} is a file", "move it away")
    remedy = "make it writable, or set LOOPREADY_MY to a folder of yours"
    return _finding(os.access(place, os.W_OK | os.X_OK), f"your folder {name} can be written", remedy)


def _room(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    return _finding(
        free >= ROOM, f"{free / 2**30:.1f} GiB free", f"make room: {ROOM // 2**20} MiB are needed"
    )


def _reserve(root: Path) -> Iterator[Finding]:
    """One finding for all katas of the reserve, if there are any."""
    katas = course.katas(root)
    places = [f"{folder}/{name}/{name}.ipynb" for name in katas for folder in ("source", "release")]
    if lost := [place for place in places if not (root / place).is_file()]:
        yield Finding("fail", f"{', '.join(lost)} missing", "run `loopready build`")
    elif katas:
        yield Finding("ok", "the katas of the reserve are built")


def _weeks(root: Path) -> Iterator[Finding]:
    """Each week's three notebooks, and whether the release has the exercises that grading will look for."""
    for week in course.weeks(root):
        places = (f"source/{week}/{week}.ipynb", f"release/{week}/{week}.ipynb", f"notebooks/{week}.ipynb")
        lost = [place for place in places if not (root / place).is_file()]
        remedy = f"run `loopready build {week}`"
        if lost:
            yield Finding("fail", f"{', '.join(lost)} missing", remedy)
        else:
            source, release = (_exercises(root / place) for place in places[:2])
            what = (
                f"{week} is built" if source == release else f"release/{week} is not built from source/{week}"
            )
            yield _finding(source == release, what, remedy)


def _gradebook(root: Path) -> Iterator[Finding]:
    """Only who grades others has a gradebook: whether this nbgrader can use it."""
    if not (root / "gradebook.db").exists():
        return
    from loopready.marking.versions import trouble

    line, _, remedy = trouble(f"sqlite:///{root / 'gradebook.db'}").partition(": ")
    yield _finding(not line, line or "gradebook.db is of this nbgrader", remedy)


def _exercises(notebook: Path) -> set[str] | None:
    """The names nbgrader knows in a notebook, or None when it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return {cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]}
    except (ValueError, KeyError, TypeError):
        return None


def chromium() -> Path | None:
    """A Chromium for the browser tests: LOOPREADY_CHROMIUM, one on PATH, an application, Playwright's own."""
    named = [os.environ.get("LOOPREADY_CHROMIUM"), *map(shutil.which, _CHROMIUMS)]
    usual = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    owned = (path for cache in caches for path in sorted(cache.glob("chromium-*/chrome-*/**/*")))
    programs = (path for path in owned if re.fullmatch("chrome|Chromium", path.name))
    candidates = [*(Path(name) for name in named if name), usual, *programs]
    return next((path for path in candidates if path.is_file() and os.access(path, os.X_OK)), None)


def _browser() -> Finding:
    found = chromium()
    remedy = "only `make test` needs one: install Debian's chromium, or Google Chrome"
    return _finding(found is not None, f"Chromium: {found or 'none'}", remedy, otherwise="warn")


def _walls() -> Finding:
    from loopready.referee.walls import missing, way

    remedy = (
        "only who grades others' work needs more: install bubblewrap; docs/referee.md says what is missing"
    )
    names = {"": "nothing", "landlock": "Landlock", "namespaces": "namespaces and Landlock"}
    lost = missing()
    count = f"; {len(lost)} guarantees missing" if lost else ""
    return _finding(
        not lost, f"to contain others' work: {names.get(way(), way())}{count}", remedy, otherwise="warn"
    )


def _server(root: Path) -> Finding:
    from loopready.lab import running

    url = running(root)
    return Finding(
        "ok", f"JupyterLab runs on this folder at {url}" if url else "JupyterLab does not run here now"
    )
