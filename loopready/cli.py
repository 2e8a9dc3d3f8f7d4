"""The command `loopready`: each subcommand calls one function, and says a CourseError in one line."""

import json
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from loopready import course
from loopready.planning.commands import app as plan_app
from loopready.recap.commands import review

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
app.command()(review)
_Week = Annotated[str, typer.Argument(help="The week: week-01, or 1 for short.")]
_MARKS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


@contextmanager
def _one_line(stopped: str = "stopped: your notebook is as it was") -> Iterator[None]:
    """A CourseError ends the command with its line and code 1; an interruption with `stopped` and code 130."""
    try:
        yield
    except course.CourseError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        _fail(stopped, 130)


one_line = _one_line  # for the commands of the subpackages


def _fail(line: str, code: int) -> None:
    # Not through Rich, which would break the line at the terminal's width.
    print(f"loopready: {line}", file=sys.stderr)
    raise typer.Exit(code)


def _say(line: str) -> None:
    print(line)


@app.command()
def start(week: _Week) -> None:
    """Copy a week into your folder, never over a file that is there."""
    from loopready.start import start as start_week

    with _one_line():
        root = course.root()
        path = start_week(week, root, say=_say)
        print(f"open {course.shown(path, root)} in JupyterLab")


@app.command()
def kata(
    name: Annotated[str, typer.Argument(help="Its name; if none is given, one that you have not had.")] = "",
) -> None:
    """Hand out a kata for a mock coding round, never one that is in your folder unless you name it."""
    from loopready import reserve

    with _one_line():
        root = course.root()
        given = reserve.kata(name) if name else reserve.draw(reserve.handed_out(root))
        path = reserve.hand_out(given.name, root=root)
        print(f"{given.minutes} minutes: open {course.shown(path, root)} in JupyterLab")
        print(f"then: loopready grade {given.assignment}")


@app.command()
def grade(
    week: _Week,
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
        _fail("--student, --again and --workers belong to --class", 2)
    from loopready.grading import grade as grade_week

    with _one_line():
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

    with _one_line("stopped: what is graded stays, and the next run goes on from there"):
        root = course.root()
        try:
            with Bar() as bar:
                report = grade_class(week, root, students, again, workers, bar.hear)
        finally:
            if verbose:
                _print_log(log_of(root))
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


@app.command()
def stories(week: _Week) -> None:
    """List the self-ratings that a class handed in with a week, beside the points you gave."""
    from loopready.handins import hand_ins, table

    with _one_line():
        print(table(hand_ins(week, course.root())))


@app.command()
def cohort(
    week: Annotated[
        str | None, typer.Argument(help="The week; the last that was handed in if not given.")
    ] = None,
) -> None:
    """Say who of your class needs a word and why, what is not graded, and which mistakes come up most."""
    from loopready.cohort.desk import in_words

    with _one_line():
        root = course.root()
        print(in_words(root, course.named_week(root, week) if week else None))


@app.command("demo-class")
def demo_class(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, or empty.")],
    size: Annotated[int, typer.Option(help="How many learners.")] = 60,
    seed: Annotated[int, typer.Option(help="Another seed is another class.")] = 9,
    weeks: Annotated[int, typer.Option(min=1, help="How many weeks, from the first.")] = 3,
    graded: Annotated[bool, typer.Option(help="Grade it, and give points by hand.")] = True,
    figures: Annotated[
        bool, typer.Option(help="Keep the lessons' figures in the hand-ins; grading takes much longer.")
    ] = False,
) -> None:
    """Make a class of fictional learners in a course folder of its own, to try an instructor's commands on."""
    from loopready.demo.classes import make
    from loopready.marking.progress import Bar

    with _one_line("stopped: what is made so far stays; delete the folder"):
        root = course.root()
        chosen = course.weeks(root)[:weeks]
        made = make(folder, root, size, seed, chosen, graded, figures, say=_say, watch=Bar)
        print(f"{made.headline}: see {folder}")


@app.command()
def late(week: _Week) -> None:
    """List who of a class was late with a week, who was given longer, and what that takes."""
    from loopready.lateness.listing import listing
    from loopready.lateness.words import rule_in_words

    with _one_line():
        rule, found = listing(week, course.root())
    print(rule_in_words(rule))
    for one in found:
        print(f"{one.learner}: " + "; ".join(filter(None, _labelled(("", "given ", "takes "), one.said))))


def _labelled(labels: Collection[str], texts: Collection[str]) -> list[str]:
    return [label + text if text else "" for label, text in zip(labels, texts, strict=True)]


@app.command()
def rubric(
    week: _Week,
    learner: Annotated[str | None, typer.Argument(help="Whose answer; who waits, when left out.")] = None,
    cell: Annotated[str, typer.Argument(help="design, story, or the cell's name.")] = "design",
    levels: Annotated[list[str] | None, typer.Argument(help="A level for each row, in its order.")] = None,
    comment: Annotated[str, typer.Option(help="What the learner reads beside the levels.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Keep the comment to use it again.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Write over what was given.")] = False,
) -> None:
    """Give a class's design or story its levels; or, without levels, show what was given and who waits."""
    from getpass import getuser

    from loopready.levels import desk

    with _one_line("stopped: nothing was given"):
        root = course.root()
        if not learner:
            print(*(": ".join([row[0], row[3]]) for row in desk.worth(week, root)), sep="\n")
            waits = [f"{who}: {what} waits" for who, what in desk.waiting(week, root)]
            print(*(waits or ["nobody waits"]), sep="\n")
        elif not levels:
            print(desk.said(desk.shown(week, learner, cell, root)))
        else:
            given = desk.rate(week, learner, cell, levels, root, getuser(), comment, keep, again)
            print(f"{learner}, {given.cell}: {desk.said(given)}")


@app.command("export-grades")
def export_grades(
    file: Annotated[Path, typer.Argument(help="The file to write, one that is not there yet.")],
    to: Annotated[str, typer.Option(help="csv, canvas, moodle or moodle-xml.")] = "csv",
    merge: Annotated[Path | None, typer.Option(help="With canvas: the file that Canvas exported.")] = None,
    week: Annotated[list[str] | None, typer.Option(help="Only this week.")] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also what waits for you, as it is.")
    ] = False,
    zero: Annotated[
        bool, typer.Option("--zero", help="0 for who handed in nothing, in place of no grade.")
    ] = False,
    over: Annotated[bool, typer.Option("--over", help="Write over a file that is there.")] = False,
) -> None:
    """Write your class's points to a file for a spreadsheet, Canvas or Moodle."""
    from loopready.exports.columns import Choice
    from loopready.exports.files import export

    with _one_line():
        root = course.root()
        weeks = tuple(course.named_week(root, one) for one in week or ())
        notes = export(root, file, to, weeks, merge, Choice(unfinished, zero), over)
    for line in notes:
        print(line, file=sys.stderr)
    print(f"written: {file}")


@app.command()
def similar(
    week: _Week,
    page: Annotated[
        Path | None, typer.Option(help="An HTML file to write, both answers side by side.")
    ] = None,
    over: Annotated[bool, typer.Option("--over", help="Write over a file that is there.")] = False,
) -> None:
    """List pairs of kata answers in your class that are suspiciously alike, for you to look at."""
    from loopready.exports.files import write
    from loopready.similarity import report

    with _one_line():
        found, pairs = report.similar(week, course.root())
        print(*report.lines(found, pairs), sep="\n")
        if page:
            write(page, report.page(found, pairs), over)
            print(f"written: {page}")


_Archive = Annotated[Path, typer.Argument(help="A file: .json for everything, .md for the stories alone.")]


@app.command("export")
def export_bank(file: _Archive) -> None:
    """Write your story bank to a file that is not there yet."""
    from loopready.archives import write_to

    with _one_line():
        print(f"{write_to(file)} stories are in {file}")


@app.command("import")
def import_bank(file: _Archive) -> None:
    """Add what an export holds to your story bank; nothing in it is written over."""
    from loopready.archives import read_from

    with _one_line():
        print(f"{read_from(file)} new texts from {file}")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look for what keeps the course from working on this machine."""
    from loopready.doctor import diagnose

    with _one_line():
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

    with _one_line():
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

    with _one_line():
        open_lab(course.root(), port, browser, more or ())


if __name__ == "__main__":
    app()
