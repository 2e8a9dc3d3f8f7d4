"""The command `loopready`: each subcommand calls one function, and says a CourseError in one line."""

import json
import sys
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from loopready import classroom, course
from loopready.mocks.commands import app as mock_app
from loopready.planning.commands import app as plan_app
from loopready.recap.commands import review
from loopready.terminal import Week, fail, one_line

if TYPE_CHECKING:
    from loopready.doctor import Finding
    from loopready.grading import Report

app = typer.Typer(
    help="A curriculum for the engineering manager's interview loop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(plan_app, name="plan")
app.add_typer(mock_app, name="mock")
app.command()(review)
_MARKS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


def _say(line: str) -> None:
    print(line)


@app.command()
def start(week: Week) -> None:
    """Copy a week into your folder, never over a file that is there."""
    from loopready.start import start as start_week

    with one_line():
        root = course.root()
        path = start_week(week, root, say=_say)
        print(f"open {course.shown(path, root)} in JupyterLab")


@app.command()
def kata(
    name: Annotated[str, typer.Argument(help="Its name; if none is given, one that you have not had.")] = "",
) -> None:
    """Hand out a kata for a mock coding round, never one that is in your folder unless you name it."""
    from loopready import reserve

    with one_line():
        root = course.root()
        given = reserve.kata(name) if name else reserve.draw(reserve.handed_out(root))
        path = reserve.hand_out(given.name, root=root)
        print(f"{given.minutes} minutes: open {course.shown(path, root)} in JupyterLab")
        print(f"then: loopready grade {given.assignment}")


@app.command()
def grade(
    week: Week,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    verbose: Annotated[bool, typer.Option(help="Print nbgrader's log afterwards.")] = False,
    whole_class: Annotated[
        bool, typer.Option("--class", help="Grade what your class has handed in, as its instructor.")
    ] = False,
    student: Annotated[list[str] | None, typer.Option(help="With --class: only this learner.")] = None,
    again: Annotated[
        bool, typer.Option("--again", "--force", help="With --class: grade what is graded, too.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="With --class: processes side by side; 0 is one for each core.")
    ] = 0,
) -> None:
    """Grade your notebook of a week, hidden tests included; or, with --class, what a class has handed in."""
    if whole_class:
        _grade_class(week, as_json, verbose, student or (), again, workers)
        return
    if student or again or workers:
        fail("--student, --again and --workers belong to --class", 2)
    from loopready.grading import grade as grade_week

    with one_line():
        root = course.root()
        try:
            # On stderr, so that what is piped onward is the report alone.
            with Console(stderr=True).status("Grading") as status:
                report = grade_week(week, root, say=status.update)
        finally:
            if verbose:
                _print_log(course.learner_folder(root) / ".grading" / "log.txt")
        print(report.to_json()) if as_json else _print_report(report, root)


def _grade_class(
    week: str, as_json: bool, verbose: bool, students: Collection[str], again: bool, workers: int
) -> None:
    from loopready.marking.progress import Bar
    from loopready.marking.runs import grade_class, log_of

    with one_line("stopped: what is graded stays, and the next run goes on from there"):
        root = course.root()
        try:
            with Bar() as bar:
                report = grade_class(week, root, students, again, workers, bar.hear)
        finally:
            if verbose:
                _print_log(log_of(root))
    for cell, says in report.unfair.items():
        print(
            f"{cell}: nobody has all points, and the reference loses some as well when it is refereed ({says}); "
            "docs/referee.md says what a test may ask",
            file=sys.stderr,
        )
    print(report.to_json() if as_json else report.headline)
    raise typer.Exit(bool(report.failed))


def _print_log(log: Path) -> None:
    print(log.read_text(encoding="utf-8") if log.exists() else "nbgrader was not started", file=sys.stderr)


def _print_report(report: "Report", root: Path) -> None:
    table = Table(title=report.week, title_justify="left")
    table.add_column("exercise")
    table.add_column("points")
    for row in report.rows:
        table.add_row(row.exercise, row.said)
    Console().print(table)
    print(report.headline)
    if report.note:
        print(report.note, file=sys.stderr)
    print(f"feedback, cell by cell: {course.shown(report.feedback, root)}")


_Archive = Annotated[Path, typer.Argument(help="A file: .json for everything, .md for the stories alone.")]


@app.command("export")
def export_bank(file: _Archive) -> None:
    """Write your story bank to a file that is not there yet."""
    from loopready.archives import write_to

    with one_line():
        print(f"{write_to(file)} stories are in {file}")


@app.command("import")
def import_bank(file: _Archive) -> None:
    """Add what an export holds to your story bank; nothing in it is written over."""
    from loopready.archives import read_from

    with one_line():
        print(f"{read_from(file)} new texts from {file}")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look for what keeps the course from working on this machine."""
    from loopready.doctor import diagnose

    with one_line():
        findings = diagnose(course.root())
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        _print_findings(findings)
    raise typer.Exit(any(finding.mark == "fail" for finding in findings))


def _print_findings(findings: list["Finding"]) -> None:
    table = Table("", "seen", "what to do")
    for finding in findings:
        table.add_row(_MARKS[finding.mark], finding.what, finding.remedy)
    Console().print(table)


@app.command()
def build(
    names: Annotated[
        list[str] | None, typer.Argument(help="Lessons to build; all when none is named.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Build nothing; say what a build would change.")
    ] = False,
) -> None:
    """Build the notebooks from the lessons."""
    from loopready.build import build as build_lessons
    from loopready.build import differences

    with one_line():
        root = course.root()
        if not check:
            changed = build_lessons(root, names)
            print(
                *(course.shown(path, root) for path in changed) if changed else ("nothing has changed",),
                sep="\n",
            )
        elif changed := differences(root):
            print(*changed, sep="\n")
            raise course.CourseError("the notebooks are not what the lessons build: run `loopready build`")


@app.command()
def lab(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port to use; the first free one if not given.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    more: Annotated[list[str] | None, typer.Argument(help="Options for JupyterLab itself, after --.")] = None,
) -> None:
    """Open JupyterLab on the start page."""
    from loopready.lab import open_lab

    with one_line():
        open_lab(course.root(), port, browser, more or ())


for name, command in classroom.COMMANDS.items():
    app.command(name)(command)

if __name__ == "__main__":
    app()
