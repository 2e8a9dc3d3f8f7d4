"""A throw-away nbgrader course around one learner's notebook: graded by stock nbgrader, then gone."""

import logging
import os
import shutil
import sysconfig
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbgrader
import traitlets.log
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, BaseConverter, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from loopready import notebooks, tables
from loopready.course import CourseError, settings, write_atomically
from loopready.referee.settings import is_refereed
from loopready.shortcuts import checked_once, validated_at_the_end
from loopready.warm.stack import stack

LEARNER = "me"
_STEPS: tuple[tuple[str, type[BaseConverter]], ...] = (
    ("Reading the exercises", GenerateAssignment),
    ("Running your notebook", Autograde),
    ("Writing the feedback", GenerateFeedback),
)


@dataclass(frozen=True)
class Graded:
    """What nbgrader found: points and cases by cell name, its feedback page's bytes, whether the referee graded."""

    points: dict[str, float]
    cases: dict[str, tuple[tables.Seen, ...]]
    feedback: bytes
    refereed: bool


def graded(week: str, root: Path, submission: Path, keep: Path, say: Callable[[str], None]) -> Graded:
    """Grade `submission` against the course's own source of `week`; `say` hears each step as it begins.

    What stays is in the folder `keep`: nbgrader's log, `log.txt`, and an empty gradebook for the next time.
    The course's gradebook is not touched. Raises CourseError, with nbgrader's last words, when that fails.
    """
    # The system's own temporary folder: nbgrader takes paths for globs and URLs, so a [ or ? in the learner's
    # path would break it. Resolved, because macOS hands out a symlink.
    with tempfile.TemporaryDirectory(prefix="loopready-") as name, _logging_to(keep / "log.txt") as errors:
        folder = Path(name).resolve()
        course = _laid_out(folder, week, root, submission)
        with _environment(root, folder), warnings.catch_warnings(), checked_once():
            # nbgrader's own use of SQLAlchemy, which the learner can do nothing about.
            warnings.filterwarnings("ignore", module="nbgrader")
            _empty_gradebook(course, keep)
            for sentence, converter in _STEPS:
                say(sentence)
                _run(converter, course, week, errors)
        cases = _cases(_page(folder, week, "autograded", "ipynb"))
        page = _page(folder, week, "feedback", "html").read_bytes()
        return Graded(_points(course, week), cases, page, is_refereed(course))


def _laid_out(folder: Path, week: str, root: Path, submission: Path) -> Config:
    """Copy the source and the submission to where nbgrader expects them; its settings for that folder."""
    shutil.copytree(root / "source" / week, folder / "source" / week)
    target = _page(folder, week, "submitted", "ipynb")
    target.parent.mkdir(parents=True)
    shutil.copyfile(submission, target)
    config = settings(root)
    config.CourseDirectory.merge({"root": str(folder), "assignment_id": week, "student_id": LEARNER})
    config.Execute.modules = list(stack(root / "source" / week / f"{week}.ipynb"))
    # At home it is the learner's own work: where there are no walls, nobody is to be kept in.
    config.Refereed.uncontained = True
    validated_at_the_end(config)
    # A cold kernel would tell the learner's terminal that it talks to itself without encryption.
    config.Execute.extra_arguments = ["--log-level=ERROR"]
    return config


def _empty_gradebook(config: Config, keep: Path) -> None:
    """Put a new gradebook in place: a copy of the kept one, since nbgrader takes seconds to make one."""
    new = Path(config.CourseDirectory.root) / "gradebook.db"
    kept = keep / f"empty-{nbgrader.__version__}.db"
    if kept.exists():
        shutil.copyfile(kept, new)
    else:
        with Gradebook(CourseDirectory(config=config).db_url, config.CourseDirectory.course_id):
            pass
        write_atomically(kept, new.read_bytes())


def _page(folder: Path, week: str, step: str, suffix: str) -> Path:
    return folder / step / LEARNER / week / f"{week}.{suffix}"


def _run(converter: type[BaseConverter], config: Config, week: str, errors: "_Errors") -> None:
    try:
        converter(coursedir=CourseDirectory(config=config), config=config).start()
    except Exception as error:
        reason = errors.last or str(error) or type(error).__name__
        raise CourseError(f"nbgrader could not grade {week}: {reason}") from error


def _points(config: Config, week: str) -> dict[str, float]:
    with Gradebook(CourseDirectory(config=config).db_url, config.CourseDirectory.course_id) as gradebook:
        grades = gradebook.find_submission_notebook(week, week, LEARNER).grades
        return {grade.cell.name: grade.score for grade in grades}


def _cases(path: Path) -> dict[str, tuple[tables.Seen, ...]]:
    """The named cases in the outputs of the graded notebook at `path`."""
    cells = notebooks.cells(nbformat.read(path, as_version=4))
    shown = {name: [one.get("data", {}) for one in cell.get("outputs", ())] for name, cell in cells.items()}
    return {
        name: tables.read("".join(data.get("text/html", "") for data in all)) for name, all in shown.items()
    }


@contextmanager
def _environment(root: Path, folder: Path) -> Iterator[None]:
    """The environment nbgrader and the kernel are run in; as it was afterwards."""
    before = dict(os.environ)
    scripts = sysconfig.get_path("scripts")
    os.environ.update(
        # nbgrader looks up alembic by its name alone.
        PATH=os.pathsep.join([scripts, before.get("PATH", os.defpath)]),
        # The kernel runs in `folder`, from where it would not find the course.
        LOOPREADY_COURSE=str(root),
        # The notebook is run again from the top: that must not write into the learner's own records.
        LOOPREADY_MY=str(folder / "my"),
    )
    try:
        if not shutil.which("alembic"):
            raise CourseError(f"alembic is not in {scripts}, and nbgrader needs it: run `make setup`")
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Errors(logging.Handler):
    """Keeps the last line of the last error that says anything."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage().strip().splitlines()[-1:]
        if line and not line[0].startswith(
            ("There was an error processing", "Please see", "errors on the above")
        ):
            self.last = line[0]


@contextmanager
def _logging_to(path: Path) -> Iterator[_Errors]:
    """Send nbgrader's log to the file at `path` and nowhere else."""
    logger, errors = traitlets.log.get_logger(), _Errors(logging.ERROR)
    file = logging.FileHandler(path, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    before = logger.handlers, logger.level, logger.propagate
    logger.handlers, logger.propagate = [file, errors], False
    logger.setLevel(logging.INFO)
    try:
        yield errors
    finally:
        logger.handlers, logger.propagate = before[0], before[2]
        logger.setLevel(before[1])
        file.close()
