"""The referee's own process: a trial comes in as JSON, its verdict goes out as JSON.

A process of its own, so that its limits, its alarms and its random numbers are nobody else's, and so that whatever a
learner's answer makes of it ends with it.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from typing import Any

from loopready.course import CourseError
from loopready.referee.boxes import Limits
from loopready.referee.trial import Job, Step, Verdict, held

__all__ = ["TrialError", "tried"]

MEMORY = 6 * 2**30  # bytes of address space that the referee itself may take
LARGEST = 400 * 2**20  # characters of a verdict


class TrialError(CourseError):
    """A trial that came to no verdict; the message is one line."""


def tried(job: Job, uncontained: bool = False) -> Verdict:
    """The verdict on a job, from a process of its own; `uncontained` goes on where no walls can be had.

    Raises TrialError when there is no verdict.
    """
    words = [sys.executable, "-m", "loopready.referee.bench", *(["--uncontained"] if uncontained else [])]
    patience = 2 * job.limits.notebook_seconds + 60 * (1 + sum(step.kind == "tests" for step in job.steps))
    try:
        done = subprocess.run(
            words, input=json.dumps(asdict(job)), capture_output=True, text=True, timeout=patience,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TrialError(f"the referee came to no verdict in {patience:g} s; nothing is graded") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
        raise TrialError(f"the referee came to no verdict: {said[-1][:500]}")
    data = json.loads(done.stdout[:LARGEST])
    return Verdict(**data)


def _job(data: dict[str, Any]) -> Job:
    steps = tuple(Step(**step) for step in data["steps"])
    return Job(
        steps,
        tuple(data["given"]),
        tuple(data["loose"]),
        data["seed"],
        Limits(**data["limits"]),
        tuple(data["together"]),
        tuple(map(tuple, data["files"])),
    )


def main() -> None:
    """Hold the trial that stands on stdin."""
    import resource

    from loopready.referee.walls import contained, uncontained, way

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = _job(json.load(sys.stdin))
    # What a test prints is caught; what a library writes past Python goes nowhere.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        start = uncontained if "--uncontained" in sys.argv and not way() else contained
        verdict = held(job, partial(start, files=job.files))
    except CourseError as error:
        sys.exit(str(error))
    out.write(json.dumps(asdict(verdict)))
    out.flush()


if __name__ == "__main__":
    main()
