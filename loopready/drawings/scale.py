"""Scale: tails, machines and popularity."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from loopready.figures import BLUE, GREEN, ORANGE, PALE, VIOLET, Picture, picture
from loopready.scaling import best_size, share_of_top, slow_page_share, speedup


def tail(slow: float = 0.01) -> Picture:
    """How many pages meet a slow call, against the number of calls a page makes; `slow` is the share of slow calls."""

    def draw(ax: Axes) -> str:
        calls = np.arange(1, 201)
        ax.plot(calls, [slow_page_share(int(n), slow) for n in calls], color=VIOLET, linewidth=2.2)
        for n in (1, 10, 50, 100):
            share = slow_page_share(n, slow)
            ax.plot(n, share, "o", color=ORANGE)
            ax.annotate(
                f"{n} call{'s' * (n > 1)}: {share:.0%}", (n, share), (9, -4), textcoords="offset points"
            )
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="calls that a page makes, in parallel", ylabel="pages that meet a slow call")
        ax.set(xlim=(-4, 204), ylim=(-0.03, 1))
        ax.set_title("One call in a hundred is slow; most pages of a hundred calls are")
        return f"With 100 calls a page, {slow_page_share(100, slow):.0%} of the pages wait for a slow one."

    return picture(draw, height=3.5)


def machines(contention: float = 0.03, coherency: float = 0.0002) -> Picture:
    """Throughput against machines: the promise, work that queues for one thing, and pairs that must agree."""

    def draw(ax: Axes) -> str:
        n = np.arange(1, 141)
        best = best_size(contention, coherency)
        top = float(speedup(best, contention, coherency))
        ax.plot(n, n, color=PALE, linewidth=2)
        ax.plot(n, speedup(n, contention), color=GREEN, linewidth=2)
        ax.plot(n, speedup(n, contention, coherency), color=BLUE, linewidth=2.4)
        ax.plot(best, top, "o", color=ORANGE, markersize=8)
        ax.annotate("the promise: each machine adds one", (40, 40), (8, -4), textcoords="offset points")
        ax.annotate(f"{contention:.0%} of the work queues for one thing", (100, speedup(100, contention)), (0, 10),
                    textcoords="offset points", ha="center", color=GREEN)  # fmt: skip
        ax.annotate(f"and every pair must agree: best at {best:.0f} machines, which do the work of {top:.0f}",
                    (best, top), (14, -26), textcoords="offset points", ha="center", color=BLUE)  # fmt: skip
        ax.set(xlabel="machines", ylabel="throughput, in machines' worth", ylim=(0, 45), xlim=(0, 141))
        ax.set_title("More machines help until they make it slower")
        return f"Throughput is best at {best:.0f} machines, which do the work of {top:.0f}."

    return picture(draw, height=3.7)


def popularity(items: int = 1_000_000) -> Picture:
    """The share of reads that the most popular part of `items` takes, popularity falling as one over the rank."""

    def draw(ax: Axes) -> str:
        fractions = np.concatenate([[0], np.logspace(-5, 0, 200)])
        ax.plot(fractions[1:], share_of_top(fractions, items)[1:], color=BLUE, linewidth=2.2)
        for fraction in (0.001, 0.01, 0.1):
            share = float(share_of_top(fraction, items))
            ax.plot(fraction, share, "o", color=ORANGE)
            ax.annotate(f"the top {100 * fraction:g}% take {share:.0%}", (fraction, share), (-10, 7),
                        textcoords="offset points", ha="right")  # fmt: skip
        ax.set_xscale("log")
        ax.set_xticks([10.0**-n for n in range(5, -1, -1)], ["0.001%", "0.01%", "0.1%", "1%", "10%", "100%"])
        ax.tick_params(which="minor", length=0)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(
            xlabel="most popular part of a million links (log scale)",
            ylabel="share of all reads",
            ylim=(0, 1.04),
        )
        ax.set_title("A tenth of the links takes most of the reads")
        share = float(share_of_top(0.1, items))
        return f"Under Zipf's law the top 10% of {items:,} links take {share:.0%} of the reads."

    return picture(draw, height=3.5)
