"""The lessons' drawings: each takes the numbers that may change and returns a Picture of what follows from them."""

from loopready.drawings.process import funnel, plan, principles_by_round, rounds
from loopready.drawings.queueing import waiting, waiting_with_naive_guess
from loopready.drawings.scale import machines, popularity, tail

__all__ = [
    "funnel",
    "machines",
    "plan",
    "popularity",
    "principles_by_round",
    "rounds",
    "tail",
    "waiting",
    "waiting_with_naive_guess",
]
