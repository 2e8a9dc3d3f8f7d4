"""What tests of the story bank share: a clock, a story, and Python in a process of its own."""

import subprocess
import sys
import textwrap
from datetime import UTC, datetime

from loopready.stories import Story

MARCH = datetime(2025, 3, 1, 21, 4, 5, tzinfo=UTC)
PLAIN = {
    "title": "The queue nobody owned",
    "principles": ["Ownership"],
    "level": "L6",
    "situation": "In March the checkout queue filled every Friday.",
    "task": "Keep Friday's orders under two seconds.",
    "action": "I read the traces and chose smaller batches over more servers, and told my director why.",
    "result": "Waiting fell from 8 s to 900 ms in one quarter.",
    "metrics": ["p99: 8 s to 900 ms"],
    "learned": "I read the traces first.",
}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MARCH):
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def told(**changes) -> Story:
    """A short story with everything in it, or with these changes."""
    return Story(**{**PLAIN, **changes})


def started(code: str, *words: object) -> subprocess.Popen:
    """Python running `code` with these words as its arguments, its input and output open."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, words)]
    return subprocess.Popen(command, text=True, **pipes)
