"""`loopready mock`: list what was held, begin, talk, pause, rate and finish, in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loopready.mocks.boards import Board
    from loopready.mocks.interviews import Interview
    from loopready.mocks.records import Mocks
    from loopready.mocks.sittings import Mock, Sitting

app = typer.Typer(
    invoke_without_command=True, add_completion=False, help="Mock interviews against their own clock."
)
_Place = Annotated[
    int, typer.Option("--round", help="Which round of the loop, from 1; if none is given, the next.")
]


@contextmanager
def _said() -> Iterator[None]:
    from loopready.terminal import one_line

    with one_line("stopped: the mock is as it was, and every answer so far is kept"):
        yield


@app.callback()
def mock(context: typer.Context) -> None:
    """Mock interviews: a round or a whole loop, against its own clock. Without more, where you are."""
    if context.invoked_subcommand:
        return
    with _said():
        from loopready.mocks.records import Mocks

        mocks = Mocks()
        if going := mocks.open():
            print("\n".join(_standing(mocks, going)))
        print("\n".join(_history(mocks)))


@app.command("list")
def kinds() -> None:
    """What can be rehearsed: rounds and whole loops, with their minutes."""
    from loopready.mocks.sittings import planned
    from loopready.process.rounds import LOOPS, ROUNDS

    for kind in [*LOOPS, *(one.key for one in ROUNDS)]:
        low, high = (sum(one.minutes for one in planned(kind, level)) for level in ("L6", "L7"))
        minutes = f"{low}" if low == high else f"{low} for L6, {high} for L7"
        name = f"{len(planned(kind, 'L6'))} rounds" if kind in LOOPS else planned(kind, "L6")[0].of.name
        print(f"{kind:<22} {name}, {minutes} minutes")


@app.command()
def start(
    kind: Annotated[
        str, typer.Argument(help="A round or a loop, as `loopready mock list` has them; none: go on.")
    ] = "",
    level: Annotated[str, typer.Option(help="L6 or L7.")] = "L6",
    partner: Annotated[bool, typer.Option("--partner", help="Somebody else asks and rates.")] = False,
    place: _Place = 0,
) -> None:
    """Begin a mock, or go on with the one that is open: the clock of its next round starts."""
    with _said():
        from loopready.mocks.records import Mocks

        mocks = Mocks()
        going = mocks.begin(kind, level.upper(), "partner" if partner else "alone") if kind else _going(mocks)
        sitting = _chosen(going, place)
        # Nobody marks the clock in a terminal: it counts on, at most to the round's end and half an hour more.
        mocks.do(going.id, sitting.place, "start", patience=60.0 * sitting.minutes + 1800)
        print("\n".join(_opening(mocks, mocks.mock(going.id), sitting.place)))


@app.command()
def talk(place: _Place = 0) -> None:
    """A round's questions and follow-ups, or a design's steps and numbers; an empty line ends an answer, q the talk."""
    with _said():
        from loopready.mocks.boards import Board
        from loopready.mocks.interviews import Interview
        from loopready.mocks.records import Mocks

        mocks = Mocks()
        going = _going(mocks)
        sitting = _chosen(going, place)
        if sitting.of.focus == "design":
            draft(Board(mocks, going.id, sitting.place), [minutes for _, minutes in sitting.agenda])
        else:
            converse(Interview(mocks, going.id, sitting.place))


def converse(interview: "Interview", ask: Callable[[str], str] = input) -> None:
    """Ask by `ask`, which gives a line; every line is kept at once. An end of the input ends the talk."""
    waiting = [asked for asked, text in interview.answers() if not text]
    try:
        while asked := (waiting.pop(0) if waiting else interview.next()):
            print(f"\n{asked.text}\n  ({asked.because})")
            told: list[str] = []
            while (line := ask("> ").strip()) and line.lower() != "q":
                told.append(line)
                interview.answer(asked, "\n".join(told))
            if line.lower() == "q":
                return
        print("\nThat was all I had. What would you ask me?")
    except EOFError:
        print()


def draft(board: "Board", minutes: list[int], ask: Callable[[str], str] = input) -> None:
    """Go through a design's steps and numbers by `ask`, which gives a line; every line is kept at once.

    What was written before stands, and more is added to it. An end of the input ends the talk, and so does q.
    """
    from loopready.mocks.boards import BOXES

    print(board.problem.question.asks)
    with suppress(EOFError):
        for place, box in enumerate(BOXES):
            told = board.texts().get(box.key, "").splitlines()
            print("\n".join([f"\n{box.name} ({minutes[box.part]} min). {box.asks}", *told]))
            while line := ask("> ").strip():
                if line.lower() == "q":
                    return
                told.append(line)
                board.write(box.key, "\n".join(told))
            if place == 0:
                _estimate(board, ask)
        print("\n".join(["", "What is asked next:", *(f"- {one}" for one in board.follow_ups())]))
        return
    print()


def _estimate(board: "Board", ask: Callable[[str], str]) -> None:
    """The numbers of the design, each as it is typed; an empty line leaves one as it is. Then what they are worth."""
    print("\nEstimate, with these names in your answers if you like:")
    for one in board.problem.given:
        print(f"  {one.name} = {one.expression}  {one.says}")
    for one in board.problem.steps:
        if typed := ask(f"{one.says}\n{one.name} = ").strip():
            board.estimate(one.name, typed)
    for one in board.judged():
        mark = {True: "right", False: "look again:", None: ""}[one.right]
        print(" ".join(filter(None, [f"  {one.name}:", mark, one.says])))


@app.command()
def pause() -> None:
    """Stop the clock of the round that runs."""
    with _said():
        from loopready.mocks.clocks import spoken
        from loopready.mocks.records import Mocks

        mocks = Mocks()
        going = _going(mocks)
        sitting = mocks.do(going.id, _chosen(going, 0).place, "pause")
        print(
            f"{sitting.of.name} is paused at {spoken(sitting.clock.counted)}; go on with: loopready mock start"
        )


@app.command()
def rate(
    levels: Annotated[
        list[str] | None, typer.Argument(help="`criterion=3`, or `criterion=3: what I heard`.")
    ] = None,
    place: _Place = 0,
    vote: Annotated[
        int, typer.Option(min=0, max=4, help="A partner's vote, 1 strong no to 4 strong hire.")
    ] = 0,
    line: Annotated[str, typer.Option(help="The line that the partner's page gave.")] = "",
) -> None:
    """Rate a round; without levels, show what each level of its criteria sounds like."""
    with _said():
        from loopready.mocks.partners import received
        from loopready.mocks.records import Mocks
        from loopready.mocks.scores import parsed
        from loopready.process import anchors

        mocks = Mocks()
        held = mocks.open() or _last(mocks)
        sitting = held.sitting(place) if place else _begun(held)
        if not levels and not vote and not line:
            print(anchors.table(sitting.of.focus))
            return
        if line:
            card = received(mocks, held.id, sitting.place, line)
        else:
            card = parsed(mocks, held, sitting.place, levels or [], vote)
            mocks.rate(held.id, sitting.place, card)
        print("\n".join([f"{card.of.name}: {card.vote}", *(f"  {line}" for line in card.because)]))


@app.command()
def finish(
    close: Annotated[
        bool, typer.Option("--close", help="Close it half-way; all that is in it is kept.")
    ] = False,
    one: Annotated[bool, typer.Option("--this-round", help="End only the round that runs.")] = False,
) -> None:
    """End the mock, and show what its scorecards come to."""
    with _said():
        from loopready.mocks.records import Mocks
        from loopready.mocks.verdicts import verdict_of

        mocks = Mocks()
        going = _going(mocks)
        if one:
            sitting = mocks.do(going.id, _chosen(going, 0).place, "end")
            print(f"{sitting.of.name} is done; rate it with: loopready mock rate --round {sitting.place}")
            return
        ended = mocks.close(going.id) if close else mocks.finish(going.id)
        print(verdict_of(ended))


@app.command()
def page(
    place: _Place = 0,
    to: Annotated[str, typer.Option(help="Where to write it.")] = "partner.html",
) -> None:
    """Write the partner's page: the guide, the questions, what to listen for, and the scorecard."""
    with _said():
        from pathlib import Path

        from loopready.mocks.partners import write
        from loopready.mocks.records import Mocks

        mocks = Mocks()
        going = _going(mocks)
        print(
            f"{write(mocks, going.id, _chosen(going, place).place, Path(to))}: open it in a browser, or print it"
        )


def _going(mocks: "Mocks") -> "Mock":
    from loopready.course import CourseError

    if not (going := mocks.open()):
        raise CourseError("no mock is open: begin one with `loopready mock start seven-people`")
    return going


def _last(mocks: "Mocks") -> "Mock":
    from loopready.course import CourseError

    if not (every := mocks.all()):
        raise CourseError("no mock was held yet: begin one with `loopready mock start seven-people`")
    return every[-1]


def _chosen(going: "Mock", place: int) -> "Sitting":
    from loopready.course import CourseError

    if place:
        return going.sitting(place)
    if not (current := going.current):
        raise CourseError("every round of it is over: end it with `loopready mock finish`")
    return current


def _begun(held: "Mock") -> "Sitting":
    """The round to rate: the last one that was begun and has no card, else the last one that was begun."""
    begun = [one for one in held.sittings if one.state in ("running", "paused", "done")] or list(
        held.sittings[:1]
    )
    return next((one for one in begun if one.place not in held.cards), begun[-1])


def _opening(mocks: "Mocks", going: "Mock", place: int) -> list[str]:
    from loopready.mocks.telling import opening

    return opening(mocks, going, place)


def _standing(mocks: "Mocks", going: "Mock") -> list[str]:
    from loopready.mocks.telling import standing

    return standing(going, mocks.moment)


def _history(mocks: "Mocks") -> list[str]:
    from loopready.mocks.telling import history

    return history(mocks.path)
