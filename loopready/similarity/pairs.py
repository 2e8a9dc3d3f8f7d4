"""The pairs of a class whose answers to an exercise share what hardly anybody else has."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import log

from loopready.similarity.fingerprints import LENGTH, Print, given_away, print_of

__all__ = ["Pair", "alike"]

LEAST = 30  # tokens shared, about four lines: below it, two who think alike write alike
SHARE = 0.6  # of what is the shorter answer's own
COMMON = 0.2  # of the class: what so many have is how one solves it
FEW = 4  # and this many at least: a small class has no habits


@dataclass(frozen=True)
class Pair:
    """Two learners' answers to one exercise, the passages that both have, and how many others have some of them.

    `unusual` only sorts: the sum over shared passages of log(class / how many have it).
    """

    exercise: str
    learners: tuple[str, str]
    prints: tuple[Print, Print]
    shared: frozenset[int]
    others: int
    unusual: float

    @property
    def lines(self) -> int:
        """How many lines of the first one's text are marked."""
        first = self.prints[0]
        return len(
            {first.text.count("\n", 0, first.tokens.places[one][0]) for one in first.covered(self.shared)}
        )


def alike(exercise: str, answers: Mapping[str, str], given: list[str]) -> list[Pair]:
    """The pairs of `answers` (by learner) worth a look, most unusual first; `given` is what everybody was shown."""
    shown = given_away(given)
    prints = {learner: print_of(text, shown) for learner, text in answers.items()}
    owners: dict[int, list[str]] = defaultdict(list)
    for learner, one in prints.items():
        for passage in one.passages:
            owners[passage].append(learner)
    most = max(FEW, COMMON * len(answers))
    rare = {passage: found for passage, found in owners.items() if 1 < len(found) <= most}
    together: dict[tuple[str, str], set[int]] = defaultdict(set)
    for passage, found in rare.items():
        for pair in combinations(sorted(found), 2):
            together[pair].add(passage)
    found = (_pair(exercise, pair, prints, shared, rare) for pair, shared in together.items())
    return sorted(filter(None, found), key=lambda one: (-one.unusual, one.learners))


def _pair(
    exercise: str,
    learners: tuple[str, str],
    prints: dict[str, Print],
    shared: set[int],
    rare: dict[int, list[str]],
) -> Pair | None:
    both = prints[learners[0]], prints[learners[1]]
    covered = min(len(one.covered(shared)) for one in both)
    own = max(LENGTH, min(one.own for one in both))
    if covered < LEAST or covered < SHARE * own:
        return None
    others = Counter(one for passage in shared for one in rare[passage])
    unusual = sum(log(len(prints) / len(rare[passage])) for passage in shared)
    return Pair(exercise, learners, both, frozenset(shared), len(others) - 2, unusual)
