"""A run over a class as it goes: how many are done, how fast, how long it will take, and who failed and why."""

import sys
from typing import TYPE_CHECKING, Union

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from loopready.marking.papers import Outcome
    from loopready.marking.runs import Plan


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Submissions a second."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class Bar:
    """A bar on stderr, where that is a terminal; a line for each failure, wherever it goes."""

    def __init__(self) -> None:
        # Drawn when something has happened and not by a thread: the workers are forked from this process.
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        self.console = Console(stderr=True)
        self.progress = Progress(*columns, console=self.console, auto_refresh=False, transient=True)
        self.task = None

    def __enter__(self) -> "Bar":
        self.console.print("Reading what was handed in", style="dim") if self.console.is_terminal else None
        return self

    def __exit__(self, *error: object) -> None:
        # Stopping one that was not started prints an empty line.
        if self.progress.live.is_started:
            self.progress.stop()

    def hear(self, what: Union["Plan", "Outcome"]) -> None:
        """Take in the plan of a run, or what became of a submission."""
        if self.task is None:
            if what.lacking:
                self._say(f"this machine does not hold: {'; '.join(what.lacking)} (docs/referee.md)")
            words = f"Grading with {what.workers} worker{'s' * (what.workers != 1)}"
            self.task = self.progress.add_task(words, total=what.to_grade)
            if self.console.is_terminal:
                self.progress.start()
            return
        if not what.graded:
            self._say(f"{what.student}: {what.reason}")
        self.progress.advance(self.task)
        self.progress.refresh()

    def _say(self, line: str) -> None:
        # A learner's file or folder may be named with a terminal's own codes.
        line = "".join(letter if letter.isprintable() else "?" for letter in line)
        if self.console.is_terminal:
            self.progress.console.print(line, markup=False, highlight=False)
        else:
            # Not through Rich, which would break the line at the terminal's width.
            print(line, file=sys.stderr, flush=True)
