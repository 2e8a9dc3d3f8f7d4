"""How long something takes, for the benchmarks that call it again and again."""

import statistics
import time
from collections.abc import Callable


def milliseconds(work: Callable[[], object], runs: int = 15) -> float:
    """The median of several calls."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)
