"""Data in motion: caches and what passes them by, backlogs and how they drain, a monolith and its cuts."""

from __future__ import annotations

from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from loopready.backlogs import Burst, simulated_backlog
from loopready.caches import best_hit_ratio, different, lru_hit_ratio, lru_size, missed
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, Picture, picture
from loopready.monoliths import SHOP, crossing, modules
from loopready.units import hour, message, minute, readable, second

_SEEN = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6)


def cache_sizes(items: int = 100_000) -> Picture:
    """Hit ratio against the share of `items` that a cache holds: the guess, the best, LRU by formula and for real."""

    def draw(ax: Axes) -> str:
        shares = np.logspace(-3.3, 0, 60)
        sizes = [max(1, round(share * items)) for share in shares]
        ax.plot(shares, shares, color=INK, linewidth=1.6, linestyle="--")
        ax.plot(shares, [best_hit_ratio(size, items) for size in sizes], color=GREEN, linewidth=2.2)
        ax.plot(shares, [lru_hit_ratio(size, items) for size in sizes], color=BLUE, linewidth=2.2)
        real = [1 - missed(round(share * items), items).mean() for share in _SEEN]
        ax.plot(_SEEN, real, "o", color=ORANGE, label="a real LRU cache, 200,000 reads at each point")
        ax.annotate("the estimate: it holds\nthe most popular", (0.004, 0.73), ha="right", color=GREEN)
        ax.annotate("least recently used, by formula", (0.008, 0.42), color=BLUE)
        ax.annotate(
            "the guess: a tenth answers a tenth", (0.1, 0.1), (-6, 5), textcoords="offset points", ha="right"
        )
        ax.set_xscale("log")
        ax.set_xticks([10.0**-n for n in range(3, -1, -1)], ["0.1%", "1%", "10%", "100%"])
        ax.tick_params(which="minor", length=0)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(
            xlabel=f"share of {items:,} products that the cache holds (log scale)", ylabel="reads answered"
        )
        ax.set(xlim=(0.0005, 1.05), ylim=(0, 1.04))
        ax.legend(loc="upper left")
        tenth = lru_hit_ratio(items // 10, items), best_hit_ratio(items // 10, items)
        ax.set_title(f"A tenth of the products answers {tenth[0]:.0%} of the reads, {tenth[1]:.0%} at best")
        return f"A cache of a tenth of {items:,} products answers {tenth[0]:.0%} by LRU and {tenth[1]:.0%} at best."

    return picture(draw, height=3.7)


def database_reads(rate: int = 40_000, items: int = 100_000) -> Picture:
    """Reads a second that pass an LRU cache, of `rate`, against the share of `items` that it holds."""

    def draw(ax: Axes) -> str:
        sizes = np.unique((np.linspace(0.02, 0.97, 60) * items).round().astype(int))
        passed = [rate * (1 - lru_hit_ratio(int(size), items)) for size in sizes]
        ax.plot(sizes / items, passed, color=BLUE, linewidth=2.2)
        ax.plot(
            sizes / items,
            [rate * (1 - best_hit_ratio(int(size), items)) for size in sizes],
            color=GREEN,
            linewidth=1.6,
        )
        seen = (0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.85)
        real = [rate * missed(round(share * items), items).mean() for share in seen]
        ax.plot(seen, real, "o", color=ORANGE, label="a real LRU cache, 200,000 reads at each point")
        held = {ratio: lru_size(ratio, items) / items for ratio in (0.95, 0.99)}
        for ratio, share in held.items():
            ax.plot(share, rate * (1 - ratio), "D", color=RED, markersize=7, zorder=3)
            says = f"{ratio:.0%} hit: {share:.0%} of the products,\n{rate * (1 - ratio):,.0f} reads a second"
            ax.annotate(says, (share, rate * (1 - ratio)), (-12, -8), textcoords="offset points", ha="right",
                        va="top", color=RED)  # fmt: skip
        ax.annotate("LRU", (0.2, rate * (1 - lru_hit_ratio(items // 5, items))), (4, 6),
                    textcoords="offset points", color=BLUE)  # fmt: skip
        ax.annotate("at best", (0.12, rate * (1 - best_hit_ratio(12 * items // 100, items))), (-6, -10),
                    textcoords="offset points", ha="right", color=GREEN)  # fmt: skip
        ax.set_yscale("log")
        ax.set_yticks([100, 400, 2_000, 10_000, 40_000], ["100", "400", "2,000", "10,000", "40,000"])
        ax.tick_params(which="minor", length=0)
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set(
            xlabel=f"share of {items:,} products that the cache holds", ylabel="reads a second (log scale)"
        )
        ax.set(xlim=(0, 1), ylim=(100, rate))
        ax.legend(loc="upper right")
        more = held[0.99] / held[0.95] - 1
        ax.set_title(f"From 95 to 99 per cent: {more:.0%} more memory, a fifth of the database's reads")
        return f"From 95% to 99% an LRU cache needs {more:.0%} more memory and lets a fifth of the reads through."

    return picture(draw, height=3.7)


def restart(ratio: float = 0.95, rate: int = 40_000, database: int = 4_000, items: int = 100_000) -> Picture:
    """Reads a second at the database after a cache restarts empty, by formula and for a real cache."""
    seconds = np.arange(25)
    size = lru_size(ratio, items)

    def draw(ax: Axes) -> str:
        misses = missed(size, items, number=rate * len(seconds), full=False)
        real = misses.reshape(len(seconds), rate).sum(axis=1)
        # Until it is full, each item is missed once; then it answers what it always did.
        seen = np.array([different(rate * int(second), items) for second in [*seconds, len(seconds)]])
        model = np.maximum(np.diff(seen), rate * (1 - ratio))
        ax.bar(seconds + 0.5, real, color=ORANGE, width=0.8, label="a real LRU cache")
        ax.plot(seconds + 0.5, model, color=BLUE, linewidth=2.2, label="the formula")
        ax.axhline(database, color=INK, linewidth=1.2, linestyle=":")
        ax.annotate(
            "what the database can do", (25, database), (0, 4), textcoords="offset points", ha="right"
        )
        ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
        ax.set(xlabel="seconds after the restart", ylabel="reads a second at the database", xlim=(0, 25))
        ax.legend(loc="upper right")
        late = int((real > database).sum())
        ax.set_title(f"An empty cache: for {late} seconds the database is asked for more than it can do")
        return f"In the first second after a restart {real[0]:,} reads pass; {late} seconds are above {database:,}."

    return picture(draw, height=3.3)


# The evening of the sale: an ordinary rate, a burst, and what one consumer takes.
_NORMAL, _PEAK, _EACH = (number * message / second for number in (2_000, 12_000, 200))


def _evening(consumers: int, minutes: float = 6) -> Burst:
    return Burst(_NORMAL, _PEAK, minutes * minute, consumers * _EACH)


def _drained(burst: Burst, waiting: np.ndarray) -> float:
    """Minutes from the end of the burst to the first second in which nothing waits."""
    ends = int(burst.lasting.m_as(second))
    return float(np.argmax(waiting[ends:] == 0)) / 60


def drains() -> Picture:
    """Minutes until a burst of six has drained, against consumers: the guess, the formula, simulated evenings."""

    def draw(ax: Axes) -> str:
        count = np.linspace(10.2, 60, 200)
        ax.axhline(6, color=INK, linewidth=1.6, linestyle="--")
        ax.annotate("the guess: as long as the burst", (60.5, 10), ha="right")
        drain = [_evening(consumers).drain.m_as(minute) for consumers in count]
        ax.plot(count, drain, color=BLUE, linewidth=2.2, label="the formula")
        seen = (12, 14, 17, 20, 25, 30, 40, 50)
        evenings = [_evening(consumers) for consumers in seen]
        real = [_drained(one, simulated_backlog(one, 4 * hour)) for one in evenings]
        ax.plot(seen, real, "o", color=ORANGE, label="a simulated evening")
        ax.axvline(10, color=INK, linewidth=1.2, linestyle=":")
        ax.annotate("enough for an ordinary evening", (10, 160), (-9, 0), textcoords="offset points", ha="center",
                    va="top", rotation=90)  # fmt: skip
        ax.set(xlabel="consumers", ylabel="minutes until nothing waits", xlim=(8, 61), ylim=(0, 165))
        ax.legend(loc="upper right")
        few, more = (_evening(consumers).drain.m_as(minute) for consumers in (12, 20))
        ax.set_title(
            f"Six minutes of burst: {few:.0f} minutes to drain with 12 consumers, {more:.0f} with 20"
        )
        return (
            f"A burst of 6 minutes takes {few:.0f} minutes to drain with 12 consumers and {more:.0f} with 20."
        )

    return picture(draw, height=3.5)


def backlog(consumers: int = 20, minutes: int = 6) -> Picture:
    """What waits, second by second, in and after a burst of so many `minutes`, with so many `consumers`."""
    evening = _evening(consumers, minutes)

    def draw(ax: Axes) -> str:
        waiting = simulated_backlog(evening, 1 * hour)
        time = np.arange(len(waiting)) / 60
        ax.axvspan(0, minutes, color=PALE, alpha=0.6, linewidth=0)
        ax.fill_between(
            time, waiting / 1e6, color=ORANGE, alpha=0.35, linewidth=0, label="simulated, by the second"
        )
        top, drain = evening.backlog.m / 1e6, evening.drain.m_as(minute)
        spare = (evening.capacity - evening.normal).m_as(message / second) * 3_600 / 1e6
        ends = (minutes + drain, 0) if isfinite(drain) else (65, top - spare * (65 - minutes) / 60)
        ax.plot([0, minutes, ends[0]], [0, top, ends[1]], color=BLUE, linewidth=2, label="the formula")
        ax.set(xlabel="minutes from the start of the burst (shaded)", ylabel="million messages waiting")
        ax.set(xlim=(0, 60), ylim=(0, max(1, 1.4 * waiting.max() / 1e6)))
        ax.legend(loc="upper right")
        gone = f"gone after {readable(evening.drain, 2)}" if isfinite(drain) else "never gone"
        wait = readable(evening.wait, 2)
        ax.set_title(f"{consumers} consumers: {top:.1f} million wait, the last one for {wait}; {gone}")
        return f"With {consumers} consumers {top:.1f} million messages wait, the last for {wait}; {gone}."

    return picture(draw, height=3.3)


def first_cuts() -> Picture:
    """For each module of the shop: calls for one order that would cross the network, were it the first one out."""

    def draw(ax: Axes) -> str:
        calls = {name: crossing([name]) for name in modules()}
        names = sorted(calls, key=lambda name: (-calls[name], name))
        leaves = {callee for _, callee in SHOP} - {caller for caller, _ in SHOP}
        colours = [GREEN if name in leaves else BLUE for name in names]
        hatches = ["///" if name in leaves else "" for name in names]
        ax.barh(
            names,
            [calls[name] for name in names],
            color=colours,
            hatch=hatches,
            edgecolor="white",
            height=0.62,
        )
        for place, name in enumerate(names):
            ax.annotate(
                f"{calls[name]}", (calls[name], place), (5, 0), textcoords="offset points", va="center"
            )
        ax.barh([0], [0], color=GREEN, hatch="///", edgecolor="white", label="calls no other module")
        ax.barh([0], [0], color=BLUE, label="calls back into the monolith")
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", visible=False)
        ax.set(xlabel="calls for one order that would cross the network", xlim=(0, 72))
        ax.legend(loc="upper right")
        ax.set_title(
            f"The first one out: mail puts {calls['mail']} call on the network, orders {calls['orders']}"
        )
        return f"Cut out first, mail puts {calls['mail']} call of an order on the network and orders {calls['orders']}."

    return picture(draw, height=3.4)
