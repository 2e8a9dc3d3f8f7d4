"""The coding round: a kata of the reserve that was never seen, handed out, graded, and talked about afterwards."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import choice
from typing import TYPE_CHECKING

from loopready import course, reserve
from loopready.mocks.records import Asked, Mocks
from loopready.reserve import Kata, KataResult

if TYPE_CHECKING:
    from loopready.grading import Report

RESULT = "result"  # the field that holds what the grading said


def given(
    mocks: Mocks,
    mock: int,
    place: int,
    root: Path | None = None,
    choose: Callable[[Sequence[Kata]], Kata] = choice,
) -> tuple[Kata, Path]:
    """The round's kata and its notebook, handed out now or before; never one that is in the learner's folder.

    Nor one that an earlier mock gave, even if its folder is gone. Raises CourseError when none is left.
    """
    root = root or course.root()
    before = [one for one in mocks.asked() if one.kind == "kata"]
    mine = next((one for one in before if (one.mock, one.place) == (mock, place)), None)
    if mine:
        return reserve.kata(mine.key), reserve.hand_out(mine.key, root=root)
    seen = [*reserve.handed_out(root), *(one.key for one in before)]
    kata = reserve.draw(seen, mocks.mock(mock).level, choose)
    path = reserve.hand_out(kata.name, root=root)
    mocks.ask(mock, place, "kata", kata.name, kata.title)
    return kata, path


def kata_of(mocks: Mocks, mock: int, place: int) -> Asked | None:
    """The kata that the round was given, or None."""
    return next((one for one in mocks.asked(mock, place) if one.kind == "kata"), None)


def told(result: KataResult) -> str:
    """One line of a grading: points, cases, when it was saved."""
    local = result.saved.astimezone()
    cases = f", {result.passed} of {len(result.cases)} cases" if result.cases else ""
    return f"{result.points:g} of {result.out_of:g} points{cases}, as saved at {local:%H:%M}"


def keep(mocks: Mocks, mock: int, place: int, result: KataResult) -> str:
    """Keep what the grading said beside the round; the line."""
    mocks.write(mock, place, RESULT, said := told(result))
    return said


def result_of(kata: Kata, report: "Report") -> KataResult:
    """What a grading in another process says of the kata."""
    [row] = report.rows
    return KataResult(kata.name, row.points, row.out_of, row.cases, report.saved, report.feedback)
