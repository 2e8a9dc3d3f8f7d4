"""Data at rest: keys that move, machines that fill, pages that are read, copies that lag."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, VIOLET, Picture, picture
from loopready.indexes import counted_reads, scan_reads, tree_reads
from loopready.quorums import simulated_stale_share, stale_share, waiting
from loopready.rings import fullest, moved_by_modulo, moved_by_ring, shares, spread
from loopready.units import millisecond, readable


def keys_moved(machines: int = 10) -> Picture:
    """The share of keys that change machine when one joins, by modulo and by a ring, formula and hashed keys."""

    def draw(ax: Axes) -> str:
        sizes = np.arange(2, 21)
        ax.plot(sizes, sizes / (sizes + 1), color=RED, linewidth=2.2)
        ax.plot(sizes, 1 / (sizes + 1), color=BLUE, linewidth=2.2)
        seen = range(2, 21, 2)
        ax.plot(seen, [moved_by_modulo(n) for n in seen], "o", color=ORANGE)
        ax.plot(
            seen, [moved_by_ring(n) for n in seen], "o", color=ORANGE, label="20,000 hashed keys, counted"
        )
        modulo, best = machines / (machines + 1), 1 / (machines + 1)
        ax.annotate(
            "hash modulo machines: n / (n + 1)",
            (14, 14 / 15),
            (0, -20),
            textcoords="offset points",
            color=RED,
        )
        ax.annotate("ring: 1 / (n + 1)", (14, 1 / 15), (0, 14), textcoords="offset points", color=BLUE)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="machines before one more joins", ylabel="share of keys that move", xticks=seen)
        ax.set(ylim=(0, 1.03), xlim=(1.5, 20.5))
        ax.set_title(f"One more beside {machines}: modulo moves {modulo:.0%} of the keys, a ring {best:.0%}")
        ax.legend(loc="center left", bbox_to_anchor=(0.02, 0.5))
        return f"With {machines} machines and one more, modulo moves {modulo:.0%} of the keys and a ring {best:.0%}."

    return picture(draw, height=3.5)


def ring_spread(machines: int = 10, rings: int = 20) -> Picture:
    """The load of each machine in even shares against its points on the ring: hashed rings and the formula."""

    def draw(ax: Axes) -> str:
        points = (1, 3, 10, 30, 100, 300, 1000)
        loads = {
            v: np.array([shares(machines, v, f"r{r}-") for r in range(rings)]) * machines for v in points
        }
        for v in points:
            ax.plot([v] * (4 * machines), loads[v][:4].ravel(), ".", color=ORANGE, alpha=0.5)
        fullest_seen = [loads[v].max(axis=1).mean() for v in points]
        ax.plot(points, fullest_seen, "o-", color=RED, linewidth=1.2)
        steps = np.unique(np.logspace(0, 3, 60).round())
        band = np.array([spread(machines, int(v)) for v in steps])
        ax.fill_between(steps, np.maximum(1 - band, 0), 1 + band, color=BLUE, alpha=0.18)
        ax.axhline(1, color=BLUE, linewidth=1.2)
        ax.plot(1, fullest(machines), "D", color=VIOLET, markersize=7)
        ax.annotate(f"the fullest, by formula: {fullest(machines):.2f}", (1, fullest(machines)), (12, 2),
                    textcoords="offset points", color=VIOLET)  # fmt: skip
        at100 = fullest_seen[points.index(100)]
        ax.annotate("the fullest of the ten, mean of 20 rings", (10, fullest_seen[2]), (16, 12),
                    textcoords="offset points", color=RED)  # fmt: skip
        ax.annotate("even share, give or take the formula's spread", (1000, 0.5), (0, 0),
                    textcoords="offset points", ha="right", color=BLUE)  # fmt: skip
        ax.set_xscale("log")
        ax.set_xticks(points, [f"{v:,}" for v in points])
        ax.tick_params(which="minor", length=0)
        ax.set(
            xlabel="points on the ring for each of ten machines (log scale)", ylabel="load, in even shares"
        )
        ax.set(ylim=(0, 4.1), xlim=(0.85, 1200))
        ax.set_title(f"With a hundred points a machine, the fullest holds {at100 - 1:.0%} too much")
        return (
            f"One point for each of {machines} machines and the fullest holds {fullest_seen[0]:.1f} even shares; "
            f"with 100 points it is {at100:.2f}."
        )

    return picture(draw, height=3.8)


def lookups(per_page: int = 40, fanout: int = 400) -> Picture:
    """Pages read for one record against the records in the file, by a scan and by a tree; dots were counted."""

    def draw(ax: Axes) -> str:
        records = np.unique(np.logspace(3, 10, 300).astype(np.int64))
        ax.plot(records, [scan_reads(int(n), per_page) for n in records], color=RED, linewidth=2.2)
        ax.plot(records, [tree_reads(int(n), per_page, fanout) for n in records], color=BLUE, linewidth=2.2)
        for number in (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
            ax.plot([number] * 2, counted_reads(number, per_page, fanout), "o", color=ORANGE)
        ax.plot([], [], "o", color=ORANGE, label="counted, 400 records at random")
        scan, tree = scan_reads(10**9, per_page), tree_reads(10**9, per_page, fanout)
        for reads, says, shift, colour in ((scan, "scan", (-10, 4), RED), (tree, "tree", (0, 12), BLUE)):
            # The next page in order comes ten times as fast as one elsewhere.
            time = readable((0.01 if says == "scan" else 0.1) * millisecond * reads, 2)
            ax.plot(10**9, reads, "D", color=colour, markersize=6)
            ax.annotate(f"{says}: {reads:,.0f} pages, {time}", (10**9, reads), shift,
                        textcoords="offset points", ha="right", color=colour)  # fmt: skip
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xticks([10**n for n in range(3, 11)], ["1,000", "", "", "1 million", "", "", "1 billion", ""])
        ax.set_yticks(
            [1, 100, 10_000, 1_000_000, 100_000_000], ["1", "100", "10,000", "1 million", "100 million"]
        )
        ax.tick_params(which="minor", length=0)
        ax.set(
            xlabel="records in the file (log scale)", ylabel="pages read for one (log scale)", ylim=(0.6, 6e8)
        )
        ax.set_title(f"Among a billion records the tree reads {tree} pages, a scan {scan / 1e6:.1f} million")
        ax.legend(loc="upper left")
        return (
            f"One record in a billion costs {tree} pages by the tree and {scan / 1e6:.1f} million by a scan."
        )

    return picture(draw, height=3.7)


_LAG = 10 * millisecond
_SETTINGS = ((1, 1, RED), (2, 1, VIOLET), (1, 2, GREEN), (2, 2, BLUE))


def stale_reads(copies: int = 3) -> Picture:
    """The share of reads that miss a write, against the time since it was confirmed: formula and simulation."""

    def draw(ax: Axes) -> str:
        times, seen = np.linspace(0, 40, 120), np.arange(0, 41, 4)
        ax.axvline(_LAG.m_as("ms"), color=PALE, linewidth=1.6)
        ax.annotate(f"mean time to a copy, {readable(_LAG)}", (_LAG.m_as("ms"), 0.66), (6, 0),
                    textcoords="offset points", va="center")  # fmt: skip
        for written, read, colour in _SETTINGS:
            shares_ = [stale_share(copies, written, read, t * millisecond, _LAG) for t in times]
            overlap = "overlap" if written + read > copies else "no overlap"
            ax.plot(
                times, shares_, color=colour, linewidth=2.2, label=f"W = {written}, R = {read}: {overlap}"
            )
            ax.plot(
                seen,
                [simulated_stale_share(copies, written, read, int(t) * millisecond, _LAG) for t in seen],
                "o", color=ORANGE, markersize=4.5,
            )  # fmt: skip
        ax.plot([], [], "o", color=ORANGE, markersize=4.5, label="100,000 simulated reads at each point")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="milliseconds since the write was confirmed", ylabel="reads that miss it")
        ax.set(xlim=(-0.6, 41), ylim=(-0.02, 0.72))
        ax.legend(loc="upper right", bbox_to_anchor=(1, 0.9))
        ax.set_title(f"With {copies} copies, only W + R above {copies} never misses a write")
        first = stale_share(copies, 1, 1)
        return (
            f"With N = {copies}, W = 1 and R = 1 miss {first:.0%} of fresh writes; W = 2 and R = 2 miss none."
        )

    return picture(draw, height=3.9)


def quorum(copies: int = 3, written: int = 1, read: int = 1) -> Picture:
    """What one choice of N, W and R misses, waits for and survives; W and R count as N where they exceed it."""
    written, read = min(written, copies), min(read, copies)

    def draw(ax: Axes) -> str:
        times = np.linspace(0, 40, 120)
        missed = [stale_share(copies, written, read, t * millisecond, _LAG) for t in times]
        ax.fill_between(times, missed, color=ORANGE, alpha=0.25)
        ax.plot(times, missed, color=ORANGE, linewidth=2.2)
        wait = readable(waiting(copies, written, _LAG), 2)
        survives = f"a write waits {wait} on average, and goes on with {copies - written} lost\n"
        survives += f"a read goes on with {copies - read} lost"
        ax.text(39, 0.92, survives, ha="right", va="top", color=INK, linespacing=1.6)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="milliseconds since the write was confirmed", ylabel="reads that miss it")
        ax.set(xlim=(-0.6, 41), ylim=(-0.02, 1))
        ax.set_title(f"N = {copies}, W = {written}, R = {read}: {missed[0]:.0%} of reads miss a fresh write")
        return f"N = {copies}, W = {written}, R = {read}: {missed[0]:.0%} of reads miss a fresh write."

    return picture(draw, height=3.4)
