"""The lessons' drawings: each takes the numbers that may change and returns a Picture of what follows from them."""

from loopready.drawings.bank import rating_history, story_matrix
from loopready.drawings.hiring import interview_hours, starters
from loopready.drawings.loops import loop_history
from loopready.drawings.mock_loop import comeback, comeback_windows, edge_offload, loop_days, offer_years
from loopready.drawings.motion import backlog, cache_sizes, database_reads, drains, first_cuts, restart
from loopready.drawings.process import funnel, plan, principles_by_round, rounds
from loopready.drawings.progress import progress_hours, progress_mocks, progress_points, progress_stories
from loopready.drawings.queueing import waiting, waiting_with_naive_guess
from loopready.drawings.readiness import readiness_gaps, readiness_radar
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
from loopready.drawings.strategy import checkout_spike, commitment, feed_work, order_of_work

__all__ = [
    "backlog",
    "cache_sizes",
    "checkout_spike",
    "comeback",
    "comeback_windows",
    "commitment",
    "copies",
    "database_reads",
    "dependencies",
    "drains",
    "edge_offload",
    "feed_work",
    "first_cuts",
    "funnel",
    "interview_hours",
    "jitter",
    "keys_moved",
    "layers",
    "lookups",
    "loop_days",
    "loop_history",
    "machines",
    "offer_years",
    "order_of_work",
    "overload",
    "plan",
    "popularity",
    "principles_by_round",
    "progress_hours",
    "progress_mocks",
    "progress_points",
    "progress_stories",
    "quorum",
    "rating_history",
    "readiness_gaps",
    "readiness_radar",
    "recovery",
    "remedies",
    "restart",
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
