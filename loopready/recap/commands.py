"""`loopready review`: the day's cards in a terminal, or all of them for Anki."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loopready.recap.sessions import Session

KEYS = {"1": 1, "2": 2, "3": 3, "4": 4}


def review(
    minutes: Annotated[float, typer.Option(help="Minutes a day, over every sitting.")] = 5.0,
    week: Annotated[list[str] | None, typer.Option(help="Only this week; may be given again.")] = None,
    anki: Annotated[Path | None, typer.Option(help="Ask nothing; write every card to this .apkg.")] = None,
) -> None:
    """Ask the recap cards that are due, a few minutes a day; Enter shows the answer, q ends."""
    from loopready import course
    from loopready.terminal import one_line

    with one_line("stopped: every answer so far is kept"):
        root = course.root()
        chosen = [course.named_week(root, name) for name in week] if week else None
        if anki:
            from loopready.recap.anki import write
            from loopready.recap.decks import deck

            print(
                f"{write(deck(root, chosen), anki)} cards in {anki}: import it in Anki, again after an update"
            )
            return
        from loopready.recap.sessions import session

        converse(session(root, minutes, chosen))


def converse(
    sitting: "Session", ask: Callable[[str], str] = input, clock: Callable[[], float] = time.monotonic
) -> None:
    """Ask card after card by `ask`, which gives what was typed; an end of the input ends the sitting."""
    from loopready.recap.reviews import Rating
    from loopready.recap.sessions import WORDS

    said = ", ".join(f"{int(rating)} {WORDS[rating].lower()}" for rating in Rating)
    print(sitting.says)
    try:
        while asked := sitting.next():
            print(f"\n{asked.card.question}")
            begun = clock()
            if ask("Say it, then Enter. ").strip().lower() == "q":
                break
            print(asked.card.answer)
            if not (typed := _rating(ask, f"{said}: ")):
                break
            _keep(sitting, asked, typed, clock() - begun)
    except EOFError:
        print()
    print(sitting.says)


def _rating(ask: Callable[[str], str], prompt: str) -> int:
    """What was typed, 1 to 4; 0 for q. Anything else is asked again."""
    while (typed := ask(prompt).strip().lower()) != "q":
        if typed in KEYS:
            return KEYS[typed]
    return 0


def _keep(sitting: "Session", asked: object, rating: int, seconds: float) -> None:
    from loopready.course import CourseError

    try:
        due = sitting.answer(asked, rating, seconds)
        print(f"again on {due.astimezone():%d %B}".replace(" 0", " "))
    except CourseError as error:
        if "another tab" not in str(error):
            raise
        print(error)
