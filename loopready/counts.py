"""What a rule of the review is, how a story is told when it is counted, and what a count says."""

from collections.abc import Callable
from dataclasses import dataclass

from loopready.stories import Story

MINUTES = {"bank": (4, 6), "phone": (3, 4)}
# Words a minute: our assumption for calm speech; read a story aloud against a clock to find your own.
PACE = 140

OURS = "our judgement"


@dataclass(frozen=True)
class Setting:
    """How the story will be told: `pace` in words a minute, and `where`, a key of MINUTES."""

    pace: float = PACE
    where: str = "bank"


@dataclass(frozen=True)
class Counted:
    """What a rule found: a number, if it is good, a sentence with the count, the target, what to try.

    `quotes` are the words of the story that it is about, as far as it is about certain ones.
    """

    number: float
    good: bool
    says: str
    target: str
    remedy: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One question the review asks. `check` gives None while what it reads is not written yet."""

    id: str
    part: str
    source: str
    check: Callable[[Story, Setting], Counted | None]


def times(count: int) -> str:
    """`count` as a word of frequency: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def some(count: int, thing: str) -> str:
    """`count` of a thing: 1 figure, 2 figures."""
    return f"{count} {thing}" + ("" if count == 1 else "s")
