"""The lessons' drawings: each takes the numbers that may change and returns a Picture of what follows from them."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from loopready import loop
from loopready.figures import BLUE, GREEN, ORANGE, PALE, RED, VIOLET, Picture, bars_with_range, picture
from loopready.principles import PRINCIPLES
from loopready.queues import response_time, simulated_response_times
from loopready.scaling import best_size, share_of_top, slow_page_share, speedup
from loopready.units import millisecond

__all__ = [
    "funnel", "machines", "plan", "popularity", "principles_by_round", "rounds", "tail", "waiting",
    "waiting_with_naive_guess",
]  # fmt: skip

_KINDS = {"screen": PALE, "coding": GREEN, "design": BLUE, "behavioural": ORANGE, "bar raiser": RED}


def rounds() -> Picture:
    """Both variants of the loop, round by round, in minutes; the paler part is the longer of two stated durations."""

    def draw(panels: np.ndarray) -> str:
        totals = []
        for ax, variant, source in zip(
            panels, (loop.FIVE_ROUNDS, loop.FULL_LOOP), (loop.PROCESS_PAGE, loop.PROCESS_GUIDE), strict=True
        ):
            low, high = loop.minutes(variant)
            totals.append(f"{low} minutes" if low == high else f"{low} to {high} minutes")
            colours = [_KINDS[one.kind] for one in variant]
            bars_with_range(
                ax, [o.name for o in variant], [o.low for o in variant], [o.high for o in variant], colours
            )
            ax.set(xlabel=f"minutes, as the {source} has it", xlim=(0, 95), xticks=range(0, 91, 15))
            ax.set_title(f"{len(variant)} rounds, {totals[-1]}")
        return f"Two accounts of one loop: {totals[0]} by the one, {totals[1]} by the other."

    return picture(draw, height=3.6, ncols=2)


def funnel(stages: tuple[loop.Stage, ...] = loop.STAGES, stated: loop.Stage = loop.OVERALL) -> Picture:
    """Pass rates by stage, what they multiply to, and what the same document states for the whole."""
    low, high = loop.passing_all(stages)
    lines = [*stages, loop.Stage("Stages multiplied", low, high), stated]

    def draw(ax: Axes) -> str:
        colours = [BLUE] * len(stages) + [ORANGE, RED]
        bars_with_range(ax, [s.name for s in lines], [s.low for s in lines], [s.high for s in lines], colours)
        for place, stage in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
            ax.annotate(
                f"{_percent(stage.low)} to {_percent(stage.high)}", (stage.high, place), (6, 0),
                textcoords="offset points", va="center",
            )  # fmt: skip
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set(
            title="The stages do not multiply to the stated whole", xlim=(0, 0.85), xlabel="share that passes"
        )
        return (
            f"Multiplied, the stages leave {_percent(low)} to {_percent(high)}; "
            f"the same document states {_percent(stated.low)} to {_percent(stated.high)}."
        )

    return picture(draw, height=3.1)


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g}%"


def principles_by_round(variant: tuple[loop.Round, ...] = loop.FIVE_ROUNDS) -> Picture:
    """Which of the sixteen principles each round is said to look for; the last column counts them."""
    named = [one for one in variant if one.principles]

    def draw(ax: Axes) -> str:
        for row, principle in enumerate(PRINCIPLES):
            asked = [column for column, one in enumerate(named) if principle.name in one.principles]
            ax.scatter(range(len(named)), [row] * len(named), s=26, color=PALE)
            ax.scatter(asked, [row] * len(asked), s=90, color=BLUE)
        covered = {name for one in named for name in one.principles}
        ax.set_yticks(range(len(PRINCIPLES)), [p.name for p in PRINCIPLES])
        ax.set_xticks(range(len(named)), [one.name.replace(" ", "\n") for one in named])
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(ylim=(len(PRINCIPLES) - 0.4, -0.6), xlim=(-0.6, len(named) - 0.4))
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.set_title(f"{len(covered)} of {len(PRINCIPLES)} are named for a round", x=-0.62, pad=34)
        return f"{len(covered)} of the {len(PRINCIPLES)} principles are named for a round; any of them may be asked."

    return picture(draw, width=8.2, height=5.0)


_BUSY = np.linspace(0, 0.985, 120)


def _waiting_curve(ax: Axes, servers: int, colour: str, service: float) -> None:
    times = [response_time(service * millisecond, busy, servers).m_as("ms") for busy in _BUSY]
    label = "one server" if servers == 1 else f"{servers} servers behind one line"
    ax.plot(_BUSY, times, color=colour, linewidth=2.2, label=label)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel="utilisation: the share of time a server is busy", ylabel="mean response time, ms")
    ax.set(xlim=(0, 1.0), ylim=(0, 25 * service))


def waiting_with_naive_guess(service: float = 1.0) -> Picture:
    """The straight-line guess, the formula, and a simulated queue, for one server; `service` in milliseconds."""

    def draw(ax: Axes) -> str:
        ax.plot(
            [0, 1],
            [service, 2 * service],
            color=PALE,
            linewidth=2.2,
            label="the guess: twice as slow when full",
        )
        _waiting_curve(ax, 1, BLUE, service)
        ax.lines[-1].set_label("the formula: service time / (1 - utilisation)")
        busy = (0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
        seen = [simulated_response_times(service * millisecond, b, 400_000).m_as("ms").mean() for b in busy]
        ax.plot(busy, seen, "o", color=ORANGE, label="400,000 simulated requests at each point")
        at95 = response_time(service * millisecond, 0.95).m_as("ms")
        ax.set_title("The last few per cent of a machine cost the most")
        ax.legend(loc="upper left")
        return f"At 95% busy the mean response time is {at95:.0f} ms, {at95 / service:.0f} times the service time."

    return picture(draw)


def waiting(utilisation: float = 0.7, servers: int = 1, service: float = 1.0) -> Picture:
    """The response time at one point of the curve, against a single server; `service` in milliseconds."""
    here = response_time(service * millisecond, utilisation, servers).m_as("ms")

    def draw(ax: Axes) -> str:
        _waiting_curve(ax, 1, BLUE if servers == 1 else PALE, service)
        if servers > 1:
            _waiting_curve(ax, servers, BLUE, service)
        ax.plot([utilisation] * 2, [0, here], color=ORANGE, linewidth=1.2)
        ax.plot(utilisation, here, "o", color=ORANGE, markersize=9)
        ax.set_title(f"At {utilisation:.0%} busy, {service:g} ms of work takes {here:.1f} ms on average")
        ax.legend(loc="upper left")
        return f"At {utilisation:.0%} utilisation and {servers} server(s): {here:.1f} ms."

    return picture(draw)


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


_HOURS = {"System design": (100, 150), "Coding": (80, 40), "Stories": (60, 80), "Mocks": (40, 60)}
_MONTHS = [(1, 6, "the six-week plan", BLUE), (7, 8, "fundamentals", GREEN), (9, 16, "deep dive", VIOLET),
           (17, 20, "practice", ORANGE), (21, 24, "mock and polish", RED)]  # fmt: skip


def plan() -> Picture:
    """Twenty-four weeks and their hours by level; the hours and the months are the roadmap's."""

    def draw(panels: np.ndarray) -> str:
        _draw_weeks(panels[0])
        totals = [sum(hours[level] for hours in _HOURS.values()) for level in (0, 1)]
        _draw_hours(panels[1], totals)
        return f"24 weeks: {totals[0]} hours for L6, {totals[1]} for L7; the first six weeks stand alone."

    return picture(draw, height=3.6, nrows=2, height_ratios=[1, 1.5])


def _draw_weeks(ax: Axes) -> None:
    for first, last, says, colour in _MONTHS:
        ax.barh(
            0, last - first + 1, left=first - 0.5, color=colour, height=0.8, edgecolor="white", linewidth=2
        )
        label = says if last - first > 2 else says.replace("fundamentals", "basics")
        ax.text((first + last) / 2, 0, label, ha="center", va="center", color="white", fontsize=9)
    ax.set(xlim=(0.4, 24.6), yticks=[], xticks=[1, *range(4, 25, 4)], xlabel="week")
    ax.set_title("Six weeks stand alone; six months are the whole road")
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)


def _draw_hours(ax: Axes, totals: list[int]) -> None:
    left = np.zeros(2)
    for (name, hours), colour in zip(_HOURS.items(), (BLUE, GREEN, ORANGE, RED), strict=True):
        ax.barh([1, 0], hours, left=left, color=colour, height=0.62, edgecolor="white", linewidth=2)
        for place, hour, start in zip((1, 0), hours, left, strict=True):
            label = f"{name}, {hour}" if place else str(hour)
            ax.text(start + hour / 2, place, label, ha="center", va="center", color="white", fontsize=9)
        left = left + hours
    ax.set_yticks([1, 0], [f"L6: {totals[0]} hours", f"L7: {totals[1]} hours"])
    ax.set(xlim=(0, 335), xticks=[])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
