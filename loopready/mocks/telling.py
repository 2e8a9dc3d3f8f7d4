"""A mock in words: how a round opens, where the mock stands, and what was held before."""

from datetime import datetime
from pathlib import Path

from loopready.mocks.boards import BOXES, Board
from loopready.mocks.clocks import spoken
from loopready.mocks.held import records
from loopready.mocks.interviews import QUESTIONS
from loopready.mocks.records import Mocks
from loopready.mocks.sittings import Mock, Sitting


def opening(mocks: Mocks, mock: Mock, place: int) -> list[str]:
    """What is said as the round begins: its agenda, and the task where it has one."""
    sitting = mock.sitting(place)
    lines = [f"{sitting.of.name}, {sitting.minutes} minutes: {sitting.of.decides}", *agenda(sitting)]
    if sitting.of.focus == "coding":
        return lines + _kata(mocks, mock, place)
    if sitting.of.focus == "design":
        return lines + _design(Board(mocks, mock.id, place))
    if sitting.of.focus in QUESTIONS:
        lines.append("the questions: loopready mock talk")
    return lines


def agenda(sitting: Sitting) -> list[str]:
    """The parts of a round, each with the minute at which it begins: `10:00  The whole, from client to disk`."""
    lines, minute = [], 0
    for slot, minutes in sitting.agenda:
        lines.append(f"  {minute:>2}:00  {slot.says}")
        minute += minutes
    return lines


def _kata(mocks: Mocks, mock: Mock, place: int) -> list[str]:
    from loopready import course
    from loopready.mocks.katas import given

    root = course.root()
    kata, path = given(mocks, mock.id, place, root)
    return [f"open {course.shown(path, root)} in JupyterLab", f"then: loopready grade {kata.assignment}"]


def _design(board: Board) -> list[str]:
    problem = board.problem
    given = [f"  {one.says}: {one.expression}" for one in problem.given]
    steps = [f"  {one.says}" for one in problem.steps]
    boxes = [f"  {one.name}: {one.asks}" for one in BOXES]
    return [problem.question.asks, *boxes, "given", *given, "work out", *steps]


def standing(mock: Mock, now: datetime) -> list[str]:
    """Where an open mock is: each round with its state and its time, the current one with its part."""
    lines = [f"mock {mock.id}, {mock.name}, {mock.level}, rated {_rated(mock)}"]
    for one in mock.sittings:
        vote = f", {mock.cards[one.place].vote}" if one.place in mock.cards else ""
        time = f", {spoken(one.clock.elapsed(now))} of {one.minutes}:00" if one.state != "waiting" else ""
        lines.append(f"  {one.place}  {one.of.name}: {one.state}{time}{vote}")
    if (current := mock.current) and current.state != "waiting":
        lines.append(current.at(now).says)
    return [*lines, "go on with `loopready mock start`, or close it with `loopready mock finish --close`"]


def _rated(mock: Mock) -> str:
    return "by a partner" if mock.rater == "partner" else "alone"


def history(path: Path) -> list[str]:
    """The mocks that were held, a line each."""
    found = records(path)
    if not found:
        return ["No mock was held yet: `loopready mock list` shows what there is."]
    return [
        f"{one.when.astimezone():%Y-%m-%d}  {one.kind}, {one.minutes:.0f} min"
        + (f": {one.result}" if one.result else "")
        for one in found
    ]
