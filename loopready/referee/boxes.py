"""Outside: a notebook run in a box from top to bottom, with a still copy kept wherever a tests cell stands."""

import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from loopready.course import CourseError
from loopready.referee import outputs
from loopready.referee.seats import Still
from loopready.referee.wire import Line, WireError

__all__ = ["Box", "Limits", "Notebook", "run"]


@dataclass(frozen=True)
class Limits:
    """What a learner's process may use."""

    cell_seconds: float = 30  # of wall time for one cell, nbgrader's own limit
    notebook_seconds: float = 300  # for all of them
    restarts: int = 3  # cells that may end the process, and the notebook goes on without them
    memory: int = 2 * 2**30  # bytes of address space of one process
    whole_memory: int = 3 * 2**30  # bytes in memory of all of them together
    processes: int = 256
    files: int = 128
    file_size: int = 64 * 2**20
    disk: int = 128 * 2**20
    locks: bool = True  # of files, by which boxes that share a device could tell each other something


Start = Callable[[socket.socket, Limits], subprocess.Popen]


class BoxError(CourseError):
    """A box that does not start."""


class Box:
    """A started box and the line to it."""

    def __init__(self, start: Start, limits: Limits):
        self._ours, theirs = socket.socketpair()
        with theirs:
            self.process = start(theirs, limits)
        self.line, self.shown = Line(self._ours), 0
        self._ours.settimeout(120)
        try:
            ready = self.line.receive()
        except WireError:
            ready = ""
        # Nothing of the learner's has run yet, so this is no fault of theirs.
        if ready != "ready":
            self.end()
            raise BoxError("no box starts on this machine: set LOOPREADY_DEBUG=1 and grade again to see why")

    def cell(self, text: str, seconds: float) -> list[dict]:
        """What a cell shows. Raises WireError when the box is gone, answers nonsense, or not at all."""
        # A box stops its cells itself; one that does not is stopped from here, a little later.
        self._ours.settimeout(seconds + 5)
        self.line.send(["cell", text, seconds])
        said = self.line.receive()
        self.shown += len(said) if isinstance(said, str) else 0
        if self.shown > outputs.WHOLE:
            return [
                outputs.error(
                    "OutputTooLargeError", f"the notebook shows more than {outputs.WHOLE:,} characters"
                )
            ]
        return outputs.read(said)

    def still(self) -> tuple[Still, int]:
        """A still copy of the box as it is now, and how many threads the box had, which a copy has not."""
        self._ours.settimeout(30)
        ours, theirs = socket.socketpair()
        ours.settimeout(30)
        with theirs:
            self.line.send(["still"], (theirs.fileno(),))
        threads = self.line.receive()
        return Still(Line(ours), socket.socketpair), threads if type(threads) is int else 1

    def end(self) -> None:
        """End the box and everything in it."""
        self.line.close()
        self.process.kill()
        self.process.wait()


@dataclass
class Notebook:
    """A run: what each cell has shown, the still copies by tests cell, and what went wrong, a line each."""

    shown: list[list[dict]] = field(default_factory=list)
    stills: dict[str, Still] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    threads: dict[str, int] = field(default_factory=dict)
    box: Box | None = None

    def end(self) -> None:
        """End the box."""
        if self.box is not None:
            self.box.end()


def run(
    steps: list[tuple[str, str]], start: Start, limits: Limits, seed: int = 0, seen: bool = True
) -> Notebook:
    """Run a notebook's steps, each ("cell", text) or ("still", name of the tests cell).

    A cell that ends the process is left out and the rest is run again without it; after `restarts` of those the
    notebook ends there. Random numbers begin where `seed` says. What it shows is drawn where it is `seen`.
    """
    left_out: dict[int, str] = {}
    deadline = time.monotonic() + limits.notebook_seconds
    while True:
        notebook, fatal = _attempt(steps, start, limits, left_out, deadline, seed, seen)
        if fatal is None:
            return notebook
        notebook.end()
        place, why = fatal
        if len(left_out) >= limits.restarts:
            left_out.update(
                dict.fromkeys(range(place, len(steps)), "comes after too many that ended the process")
            )
        left_out[place] = why


def _attempt(
    steps: list[tuple[str, str]],
    start: Start,
    limits: Limits,
    left_out: dict[int, str],
    deadline: float,
    seed: int,
    seen: bool,
) -> tuple[Notebook, tuple[int, str] | None]:
    notebook = Notebook(box=Box(start, limits))
    notebook.box.line.send(["seed", seed])
    if not seen:
        notebook.box.line.send(["unseen"])
    for place, (kind, text) in enumerate(steps):
        try:
            if kind == "still":
                if place not in left_out:
                    notebook.stills[text], notebook.threads[text] = notebook.box.still()
                continue
            notebook.shown.append(_shown(notebook, text, left_out.get(place), limits, deadline))
        except (WireError, OSError) as error:
            timed_out = isinstance(error.__cause__, TimeoutError)
            too_much = getattr(notebook.box.process, "took_too_much", False)
            why = "took too much memory" if too_much else "ran too long" if timed_out else "ended the process"
            return notebook, (place, why)
        if place in left_out:
            notebook.faults.append(f"cell {place + 1} was left out: {left_out[place]}")
    return notebook, None


def _shown(notebook: Notebook, text: str, why: str | None, limits: Limits, deadline: float) -> list[dict]:
    if why:
        return [outputs.error("DeadKernelError", f"this cell {why}; it was left out")]
    left = deadline - time.monotonic()
    if left <= 0:
        return [outputs.error("CellTimeoutError", "the notebook has had its time; this cell was left out")]
    return notebook.box.cell(text, min(limits.cell_seconds, left))
