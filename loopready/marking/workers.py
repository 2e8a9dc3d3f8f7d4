"""Several processes that grade side by side: each takes a submission, says what became of it, and takes the next."""

import json
import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection, wait
from pathlib import Path

import traitlets.log
from traitlets.config import Config

from loopready.course import CourseError
from loopready.marking.gradebook import one_gradebook
from loopready.marking.papers import Halt, Outcome, grade
from loopready.marking.submissions import Submission
from loopready.shortcuts import checked_once, validated_at_the_end
from loopready.warm.fresh import die_with_parent


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process that grades what it is given, and the way to it."""

    def __init__(self, config: Config, db_url: str, log: Path):
        # A fork has all of nbgrader already; elsewhere it is not safe.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self.way, end = context.Pipe()
        self.process = context.Process(target=_work, args=(end, config, db_url, log), daemon=True)
        self.process.start()
        end.close()
        self.doing: Submission | None = None

    def take(self, one: Submission) -> None:
        """Begin with a submission."""
        self.doing = one
        self.way.send(one)

    def outcome(self) -> Outcome:
        """What became of it; a worker that has ended says that it did. Raises CourseError for what ends a run."""
        try:
            said = json.loads(self.way.recv_bytes())
        except (EOFError, OSError):
            self.process.join()
            return Outcome(
                self.doing.student, False, f"the grading process ended with code {self.process.exitcode}"
            )
        if "halt" in said:
            raise CourseError(said["halt"])
        return Outcome(**said)

    def stop(self) -> None:
        """End it, whatever it is doing: its transaction is rolled back, its kernel goes with it."""
        self.way.close()
        self.process.terminate()
        self.process.join()


def graded(
    papers: Sequence[Submission], config: Config, db_url: str, log: Path, workers: int
) -> Iterator[Outcome]:
    """Grade the submissions in `workers` processes; each outcome as it comes. Raises CourseError to end the run."""
    waiting = deque(papers)
    hands = [_Worker(config, db_url, log) for _ in range(min(workers, len(waiting)))]
    try:
        for hand in hands:
            hand.take(waiting.popleft())
        while busy := [hand for hand in hands if hand.doing]:
            ready = wait([hand.way for hand in busy])
            for hand in busy:
                if hand.way not in ready:
                    continue
                yield hand.outcome()
                if not hand.process.is_alive() and waiting:
                    hands[hands.index(hand)] = hand = _Worker(config, db_url, log)
                hand.doing = None
                if waiting:
                    hand.take(waiting.popleft())
    finally:
        for hand in hands:
            hand.stop()


def _work(way: Connection, config: Config, db_url: str, log: Path) -> None:
    """In a worker: grade until nobody gives anything more."""
    # The terminal's Ctrl-C is for the one that gives out the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        die_with_parent()
    _log_to(log)
    validated_at_the_end(config)
    with one_gradebook(db_url) as book, checked_once():
        while True:
            try:
                one = way.recv()
            except (EOFError, OSError):
                return
            try:
                said = asdict(grade(one, config, book))
            except Halt as halt:
                said = {"halt": str(halt)}
            way.send_bytes(json.dumps(said).encode())


def _log_to(path: Path) -> None:
    """Send nbgrader's log to a file and nowhere else."""
    logger, file = traitlets.log.get_logger(), logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    # nbgrader's gradebook writes to tornado's log.
    for one in (logger, logging.getLogger("tornado.application")):
        one.handlers, one.propagate = [file], False
        one.setLevel(logging.INFO)
