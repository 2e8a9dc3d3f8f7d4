"""Staying up: parts in a row, copies side by side, and what retries do to a service that is coming back."""

from __future__ import annotations

from math import inf, isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from loopready.availability import all_up, copies_up, downtime, simulated_shares_down
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, VIOLET, Picture, picture
from loopready.retries import Storm, load_multiplier, recovery_time, simulated_load, simulated_storm
from loopready.units import Quantity, hour, month, readable, second, year

_RETRY_COLOURS = {0: GREEN, 1: BLUE, 2: RED, 3: VIOLET}


def dependencies(availability: float = 0.999) -> Picture:
    """Hours down in a month against the services that must all be up: the guess, the formula, and simulated years."""
    one = downtime(availability).m_as(hour)

    def draw(ax: Axes) -> str:
        count = np.arange(1, 31)
        ax.plot(count, np.full(30, one), color=PALE, linewidth=2.2, label="the guess: as good as its parts")
        hours = [downtime(all_up(*[availability] * int(n))).m_as(hour) for n in count]
        ax.plot(count, hours, color=BLUE, linewidth=2.2, label="the formula: shares of time up, multiplied")
        seen = (1, 3, 5, 10, 15, 20, 25, 30)
        shares = [1 - simulated_shares_down(availability, n, lasting=200 * year)[0] for n in seen]
        days = [share * (1 * month).m_as(hour) for share in shares]
        ax.plot(seen, days, "o", color=ORANGE, label="200 simulated years at each point")
        ax.set(
            xlabel="services that must all be up", ylabel="hours down in a month", xlim=(0, 31), ylim=(0, 25)
        )
        ax.set_title("Ten parts with three nines make a service with two")
        ax.legend(loc="upper left")
        return (
            f"Ten services that are each down {one:.1f} h a month are together down {hours[9]:.1f} h a month."
        )

    return picture(draw)


def copies(availability: float = 0.99, shared: float = 0.1) -> Picture:
    """Downtime against copies, failing by themselves or in part together; both formulas and simulated years."""

    def draw(ax: Axes) -> str:
        count = (1, 2, 3, 4)
        for part, colour, seen in ((0.0, GREEN, 3), (shared, BLUE, 4)):
            down = [downtime(copies_up(availability, n, part)).m_as(second) for n in count]
            ax.plot(count, down, color=colour, linewidth=2.2)
            span = 2_000 * year
            dots = [_all_down(availability, n, part, span) for n in count[:seen]]
            label = "2,000 simulated years at each point" if part else None
            ax.plot(count[:seen], dots, "o", color=ORANGE, label=label)
            says = f"{part:.0%} of the failures shared" if part else "each copy fails by itself"
            ax.annotate(says, (3, down[2]), (12, 8), textcoords="offset points", color=colour)
        ax.set_yscale("log")
        ticks = (0.01, 1, 60, 3_600, 36_000)
        ax.set_yticks(ticks, [readable(each * second) for each in ticks])
        ax.tick_params(which="minor", length=0)
        ax.set(xlabel="copies, any of which is enough", ylabel="down in a month (log scale)")
        ax.set(xlim=(0.8, 4.4), ylim=(0.01, 100_000), xticks=count)
        ax.legend(loc="lower left")
        ax.set_title("A shared cause is a floor that no further copy gets below")
        two, four = (readable(downtime(copies_up(availability, n, shared))) for n in (2, 4))
        return (
            f"With {shared:.0%} of failures shared, two copies are down {two} a month and four copies {four}."
        )

    return picture(draw, height=3.7)


def _all_down(availability: float, copies: int, shared: float, span: Quantity) -> float:
    """Seconds of a month with all copies down, counted over a simulated span."""
    share = simulated_shares_down(availability, copies, shared, lasting=span)[-1]
    return share * (1 * month).m_as(second)


# What stands at each wall, and how many points to its right.
_WALLS = {0: ("no retries", -9), 1: ("one retry", 9), 2: ("two retries", 9)}


def recovery(outage: float = 10.0) -> Picture:
    """How long an outage of `outage` seconds is felt, against how busy the service was; formula and simulation."""

    def draw(ax: Axes) -> str:
        ax.plot([0, 1], [outage, outage], color=PALE, linewidth=2.2)
        ax.annotate("the guess", (0.99, outage), (0, -13), textcoords="offset points", ha="right")
        for retries, seen in (
            (2, (0.1, 0.2, 0.25, 0.29)),
            (1, (0.2, 0.3, 0.4, 0.44)),
            (0, (0.3, 0.5, 0.7, 0.85)),
        ):
            colour = _RETRY_COLOURS[retries]
            busy = np.linspace(0.01, 0.999 / (1 + retries), 200)
            ax.plot(busy, [_felt(b, retries, outage) for b in busy], color=colour, linewidth=2.2)
            lasted = [simulated_storm(b, retries, outage=outage * second).lasted for b in seen]
            ax.plot(seen, lasted, "o", color=ORANGE, label="a simulated outage" if retries == 0 else None)
            ax.axvline(1 / (1 + retries), color=colour, linewidth=1, linestyle=":")
            says, beside = _WALLS[retries]
            ax.annotate(says, (1 / (1 + retries), 103), (beside, 0), textcoords="offset points", rotation=90,
                        ha="center", va="top", color=colour)  # fmt: skip
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="how busy the service was before", ylabel="seconds until answers come in time")
        ax.set(xlim=(0, 1.005), ylim=(0, 105))
        ax.plot([], [], color=INK, linewidth=1.5, label="the formula")
        ax.legend(loc="upper left")
        ax.set_title("With two retries, a service more than a third busy does not come back")
        return (
            f"At 30% busy, {outage:g} s of outage are felt for {_felt(0.3, 0, outage):.0f} s without retries, "
            f"{_felt(0.3, 2, outage):.0f} s with two; above a third with two, for good."
        )

    return picture(draw)


def _felt(busy: float, retries: int, outage: float) -> float:
    return recovery_time(float(busy), retries, outage=outage * second).m_as(second)


def layers(retries: int = 2) -> Picture:
    """Tries at the bottom for one request at the top, against the share of tries that fail; formula and dice."""

    def draw(ax: Axes) -> str:
        share = np.linspace(0, 1, 200)
        seen = np.array([0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0])
        for count, colour in ((1, GREEN), (2, BLUE), (3, RED)):
            ax.plot(share, [load_multiplier(f, retries, count) for f in share], color=colour, linewidth=2.2)
            rolled = [simulated_load(f, retries, count) for f in seen]
            label = "20,000 simulated requests at each point" if count == 1 else None
            ax.plot(seen, rolled, "o", color=ORANGE, label=label, clip_on=False)
            top = load_multiplier(1.0, retries, count)
            says = f"{count} layer{'s' * (count > 1)}: {top:.0f} tries"
            ax.annotate(says, (1, top), (8, 0), textcoords="offset points", va="center", color=colour)
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="share of tries that fail at the bottom", ylabel="tries for each request at the top")
        ax.set(xlim=(0, 1.0), ylim=(0, 29))
        ax.legend(loc="upper left")
        ax.set_title("Retries cost little until everything fails, and then they multiply")
        top = load_multiplier(1.0, retries, 3)
        return f"When every try fails, three layers with {retries} retries each make {top:.0f} tries of a request."

    return picture(draw, height=3.5)


def _storm_over_time(ax: Axes, seen: Storm, outage: float = 10.0, labels: bool = True) -> None:
    time = seen.start + np.arange(len(seen.tries))
    ax.axvspan(0, outage, color=PALE, alpha=0.6, linewidth=0)
    ax.axhline(100, color=INK, linewidth=1, linestyle=":")
    ax.step(time, seen.tries, where="post", color=ORANGE, linewidth=1.6, label="tries sent")
    ax.step(time, seen.answered, where="post", color=BLUE, linewidth=1.8, label="answered in time")
    ax.set(xlim=(-10, len(time) - 10))
    if labels:
        ax.set(xlabel="seconds from the start of the outage (shaded)", ylabel="a second")


def _lasted(seen: Storm) -> str:
    return f"for {seen.lasted:.0f} seconds" if isfinite(seen.lasted) else "as long as we watch"


def storm(utilisation: float = 0.6, retries: int = 2, backoff: float = 0.0) -> Picture:
    """Ten seconds of outage and what follows; `backoff` is the longest first wait, in seconds, doubled each time."""
    seen = simulated_storm(utilisation, retries, backoff=backoff * second)

    def draw(ax: Axes) -> str:
        _storm_over_time(ax, seen)
        ax.set(ylim=(0, max(330, 1.2 * seen.tries.max())))
        ax.annotate("what the server can do", (119, 100), (0, 4), textcoords="offset points", ha="right")
        ax.legend(loc="upper right", ncols=2)
        times = {0: "no retries", 1: "one retry"}.get(retries, f"{retries} retries")
        ax.set_title(f"{utilisation:.0%} busy, {times}: tries fail {_lasted(seen)}")
        return f"At {utilisation:.0%} busy with {times}, an outage of 10 s makes tries fail {_lasted(seen)}."

    return picture(draw, height=3.4)


_REMEDIES = (
    ("Two retries, at once", {}),
    ("Two retries, backoff and jitter", {"backoff": 5 * second}),
    ("Retries for at most 10%", {"budget": 0.1}),
    ("Half a second of queue", {"longest_wait": 0.5 * second}),
)


def remedies(utilisation: float = 0.6) -> Picture:
    """The same ten seconds of outage four times, with what callers or the server may do against a storm."""

    def draw(panels: np.ndarray) -> str:
        ended = {}
        for ax, (name, does) in zip(panels.flat, _REMEDIES, strict=True):
            seen = simulated_storm(utilisation, 2, lasting=60 * second, **does)
            ended[name] = seen.lasted
            _storm_over_time(ax, seen, labels=False)
            last = f"ends after {seen.lasted:.0f} s" if seen.lasted < inf else "does not end"
            ax.set(ylim=(0, 330), yticks=(0, 100, 200, 300))
            ax.set_title(f"{name}: {last}", fontsize=10)
        panels[0, 0].legend(loc="upper left", bbox_to_anchor=(0.34, 1.0), fontsize=9)
        for ax in panels[1]:
            ax.set_xlabel("seconds from the start of the outage")
        for ax in panels[:, 0]:
            ax.set_ylabel("a second")
        limited = list(ended.values())[2:]
        return (
            "Two retries keep the service down, with backoff and without; "
            f"limits end it in {limited[0]:.0f} s and in {limited[1]:.0f} s."
        )

    return picture(draw, height=4.6, nrows=2, ncols=2, sharex=True, sharey=True)


def overload(timeout: float = 1.0) -> Picture:
    """Answers in time against what is asked, with a queue without a limit and with one of half a second."""

    def draw(ax: Axes) -> str:
        load = np.array([0.2, 0.4, 0.6, 0.8, 0.95, 1.05, 1.2, 1.4, 1.6, 1.8, 2.0])
        ax.plot([0, 1, 2], [0, 1, 1], color=PALE, linewidth=5, label="the most that is possible")
        for most, colour, says in ((0.5, BLUE, "a queue of half a second at most"), (inf, RED, "no limit")):
            shares = [_in_time(each, most, timeout) for each in load]
            ax.plot(load, shares, "o-", color=colour, linewidth=1.4, label=f"{says}, simulated")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="what is asked, as a share of what the server can do", ylabel="answered in time")
        ax.set(xlim=(0, 2.03), ylim=(-0.03, 1.1))
        ax.legend(loc="center left", bbox_to_anchor=(0.54, 0.45))
        ax.set_title("Past full, a queue without a limit answers nobody in time")
        short, endless = (_in_time(1.4, most, timeout) for most in (0.5, inf))
        return (
            f"Asked for 140% of what it can do, a server with a short queue answers {short:.0%} in time; "
            f"with an endless one, {endless:.0%}."
        )

    return picture(draw, height=3.5)


def _in_time(load: float, most: float, timeout: float) -> float:
    """Answers in time in the second minute of this load, as a share of what the server can do."""
    seen = simulated_storm(load, outage=0 * second, timeout=timeout * second, longest_wait=most * second)
    return seen.answered[-60:].mean() / 100


def jitter(clients: int = 1_000, retries: int = 5) -> Picture:
    """When `clients` that failed together come back, with doubled waits from 100 ms and with full jitter on them."""

    def draw(panels: np.ndarray) -> str:
        draws = np.random.default_rng(1).random((2, clients, retries))
        draws[0] = 1
        peaks = []
        looks = ((RED, "without jitter"), (BLUE, "with full jitter"))
        for ax, drawn, (colour, says) in zip(panels, draws, looks, strict=True):
            waits = drawn * 0.1 * 2.0 ** np.arange(retries)
            count, edges = np.histogram(np.cumsum(waits, axis=1), bins=np.arange(0, 3.21, 0.02))
            ax.bar(edges[:-1], count, width=0.02, align="edge", color=colour)
            peaks.append(count.max())
            ax.set_title(f"{retries} retries {says}: {count.max():,} at worst", fontsize=10.5)
            ax.set(xlim=(0, 3.2), xlabel="seconds after the common failure")
        panels[0].set(ylabel="retries in 20 ms")
        panels[0].yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
        return (
            f"Of {clients:,} clients, {peaks[0]:,} come back in the same 20 ms without jitter, "
            f"{peaks[1]:,} with it."
        )

    return picture(draw, height=3.0, ncols=2, sharey=True)
