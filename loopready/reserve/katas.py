"""The katas of the reserve as data: what each is about, for whom, and how long a round with it takes."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from loopready.course import CourseError

POINTS = 20.0  # what each is worth


@dataclass(frozen=True)
class Kata:
    """A kata; `minutes` is the round's length, `level` the lowest at which I would expect it to be finished.

    `topics` are for the interviewer and for statistics: they give the way away.
    """

    name: str
    title: str
    minutes: int
    topics: tuple[str, ...]
    level: str

    @property
    def assignment(self) -> str:
        """What nbgrader and the course's folders call it."""
        return f"kata-{self.name}"


KATAS = (
    Kata(
        "blast-radius", "How small can the largest wave be?", 45, ("arrays", "binary search", "greedy"), "L6"
    ),
    Kata("calm-stretch", "The longest calm stretch", 45, ("arrays", "sliding windows"), "L6"),
    Kata("compaction", "What does it cost to merge the files?", 45, ("heaps", "greedy"), "L6"),
    Kata("critical-path", "Which calls made the page slow?", 60, ("graphs", "dynamic programming"), "L7"),
    Kata("few-hops", "The cheapest way in a few hops", 45, ("graphs", "dynamic programming"), "L6"),
    Kata("flag-rule", "For whom is the flag on?", 60, ("strings", "parsing"), "L7"),
    Kata("heat", "How long until the last rack is hot?", 45, ("matrices", "graphs"), "L6"),
    Kata("incidents", "How many incidents is that?", 45, ("hash maps", "graphs"), "L6"),
    Kata("router", "Which team answers this path?", 60, ("design a class", "trees", "strings"), "L7"),
    Kata("shared-snapshot", "The last snapshot that they share", 45, ("trees", "hash maps"), "L6"),
    Kata("shortest-diff", "The shortest diff", 60, ("dynamic programming", "strings"), "L7"),
    Kata(
        "shortest-slice", "The shortest slice that shows it all", 45, ("hash maps", "sliding windows"), "L6"
    ),
    Kata("thin-cover", "When is nobody on call?", 45, ("intervals", "sorting"), "L6"),
    Kata("undo-store", "A store that can undo", 60, ("hash maps", "stacks"), "L6"),
)
_BY_NAME = {kata.name: kata for kata in KATAS}


def katas() -> list[Kata]:
    """All katas of the reserve."""
    return list(KATAS)


def kata(name: str) -> Kata:
    """The kata of that name, with `kata-` before it or without. Raises CourseError, naming those there are."""
    if name.removeprefix("kata-") not in _BY_NAME:
        raise CourseError(f"no kata {name!r} in the reserve: there is {', '.join(_BY_NAME)}")
    return _BY_NAME[name.removeprefix("kata-")]


def draw(
    history: Iterable[str], level: str = "L7", choose: Callable[[Sequence[Kata]], Kata] = random.choice
) -> Kata:
    """A kata that is not in `history`, of `level` or below; `choose` takes it, at random if nobody says otherwise.

    Raises CourseError when none is left.
    """
    left = [one for one in map(kata, unseen(history)) if one.level <= level]
    if not left:
        raise CourseError(f"you have had every kata up to {level}: name one to take it again")
    return choose(left)


def unseen(history: Iterable[str]) -> list[str]:
    """The names of the katas that are not in `history`, a collection of names; those for L6 first.

    An unknown name in `history` is of a kata that is no longer there, and counts for nothing.

    >>> len(unseen(["calm-stretch", "kata-incidents"])) == len(katas()) - 2
    True
    """
    seen = {name.removeprefix("kata-") for name in history}
    return [kata.name for kata in sorted(KATAS, key=lambda kata: kata.level) if kata.name not in seen]
