"""The commands of whoever runs a class; `loopready.cli` has them among its own."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from loopready import course
from loopready.terminal import Week, one_line


def stories(week: Week) -> None:
    """List the self-ratings that a class handed in with a week, beside the points you gave."""
    from loopready.handins import hand_ins, table

    with one_line():
        print(table(hand_ins(week, course.root())))


def cohort(
    week: Annotated[
        str | None, typer.Argument(help="The week; the last that was handed in if not given.")
    ] = None,
) -> None:
    """Say who of your class needs a word and why, what is not graded, and which mistakes come up most."""
    from loopready.cohort.desk import in_words

    with one_line():
        root = course.root()
        print(in_words(root, course.named_week(root, week) if week else None))


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

    with one_line("stopped: what is made so far stays; delete the folder"):
        root = course.root()
        chosen = course.weeks(root)[:weeks]
        made = make(folder, root, size, seed, chosen, graded, figures, say=print, watch=Bar)
        print(f"{made.headline}: see {folder}")


def late(week: Week) -> None:
    """List who of a class was late with a week, who was given longer, and what that takes."""
    from loopready.lateness.listing import listing
    from loopready.lateness.words import rule_in_words

    with one_line():
        rule, found = listing(week, course.root())
    print(rule_in_words(rule))
    for one in found:
        print(f"{one.learner}: " + "; ".join(filter(None, _labelled(("", "given ", "takes "), one.said))))


def _labelled(labels: Collection[str], texts: Collection[str]) -> list[str]:
    return [label + text if text else "" for label, text in zip(labels, texts, strict=True)]


def rubric(
    week: Week,
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

    with one_line("stopped: nothing was given"):
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

    with one_line():
        root = course.root()
        weeks = tuple(course.named_week(root, one) for one in week or ())
        notes = export(root, file, to, weeks, merge, Choice(unfinished, zero), over)
    for line in notes:
        print(line, file=sys.stderr)
    print(f"written: {file}")


def similar(
    week: Week,
    page: Annotated[
        Path | None, typer.Option(help="An HTML file to write, both answers side by side.")
    ] = None,
    over: Annotated[bool, typer.Option("--over", help="Write over a file that is there.")] = False,
) -> None:
    """List pairs of kata answers in your class that are suspiciously alike, for you to look at."""
    from loopready.similarity import report

    with one_line():
        found, pairs = report.similar(week, course.root())
        print(*report.lines(found, pairs), sep="\n")
        if page:
            course.write_new(page, report.page(found, pairs), over)
            print(f"written: {page}")


COMMANDS = {
    "stories": stories,
    "cohort": cohort,
    "demo-class": demo_class,
    "late": late,
    "rubric": rubric,
    "export-grades": export_grades,
    "similar": similar,
}
