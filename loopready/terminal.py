"""What every command of the terminal shares: an argument, and a failure in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from loopready.course import CourseError

Week = Annotated[str, typer.Argument(help="The week: week-01, or 1 for short.")]


@contextmanager
def one_line(stopped: str = "stopped: your notebook is as it was") -> Iterator[None]:
    """A CourseError ends the command with its line and code 1; an interruption with `stopped` and code 130."""
    try:
        yield
    except CourseError as error:
        fail(str(error), 1)
    except KeyboardInterrupt:
        # One that came through an `exec`, as in the making of a dataclass, would still end Python by a signal.
        exec("")
        fail(stopped, 130)


def fail(line: str, code: int) -> NoReturn:
    """End the command with its line on stderr, and the code."""
    # Not through Rich, which would break the line at the terminal's width.
    print(f"loopready: {line}", file=sys.stderr)
    raise typer.Exit(code)
