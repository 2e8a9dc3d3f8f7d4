"""The lessons' drawings: each takes the numbers that may change and returns a Picture of what follows from them."""

from loopready.drawings.bank import rating_history, story_matrix
from loopready.drawings.hiring import interview_hours, starters
from loopready.drawings.process import funnel, plan, principles_by_round, rounds
from loopready.drawings.queueing import waiting, waiting_with_naive_guess
from loopready.drawings.reliability import (
    copies,
    dependencies,
    jitter,
    layers,
    overload,
    recovery,
    remedies,
    storm,
)
from loopready.drawings.scale import machines, popularity, tail
from loopready.drawings.storage import keys_moved, lookups, quorum, ring_spread, stale_reads

__all__ = [
    "copies",
    "dependencies",
    "funnel",
    "interview_hours",
    "jitter",
    "keys_moved",
    "layers",
    "lookups",
    "machines",
    "overload",
    "plan",
    "popularity",
    "principles_by_round",
    "quorum",
    "rating_history",
    "recovery",
    "remedies",
    "ring_spread",
    "rounds",
    "stale_reads",
    "starters",
    "storm",
    "story_matrix",
    "tail",
    "waiting",
    "waiting_with_naive_guess",
]
