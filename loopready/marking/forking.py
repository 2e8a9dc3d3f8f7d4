"""What forks the boxes or the kernels of a run: begun before nbgrader is imported, and ended with the run."""

from collections.abc import Iterable
from contextlib import suppress

from loopready.warm import asker

__all__ = ["begin", "end"]


def begin(once: Iterable[str], refereed: bool, **environment: str) -> None:
    """Have it do what is done once for a week (`warm.stack`) while this process does something else.

    A referee that is started for it has `environment` in addition to this process's own.
    """
    if refereed:
        # Not for a course that has no referee: it takes a tenth of a second to import.
        from loopready.referee import bench

        bench.ready(once, **environment)
    else:
        # Where no kernel can be forked, the log says it.
        with suppress(asker.NoWarmKernel):
            asker.parent(once)


def end(refereed: bool) -> None:
    """End it, and whatever it is at."""
    asker.close()
    if refereed:
        from loopready.referee import bench

        bench.close()
