"""The mock loop: phones that come back, copies near the reader, an offer by year, a day on the clock."""

from __future__ import annotations

from itertools import accumulate
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from loopready.edges import offload, simulated_origin_requests
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, VIOLET, Picture, picture
from loopready.offers import LATER, SOONER, Offer, catches_up
from loopready.process.rounds import FIVE_ROUNDS, FULL_LOOP
from loopready.reconnects import all_back, shortest_window, simulated_comeback
from loopready.units import connection, dollar, second

# A five-hundredth of the lesson's four million phones and 100,000 connections a second: the times are the same.
_PHONES, _RATE = 8_000, 200 * connection / second


def comeback_windows() -> Picture:
    """When the last phone is back, against the window that all spread over: guess, formula and simulation."""
    patience = 10
    waits = patience * second
    least, full = (shortest_window(_PHONES, _RATE, p * second).m_as(second) for p in (patience, 0))

    def draw(ax: Axes) -> str:
        ax.plot([0, 80], [0, 80], color=PALE, linewidth=3, label="the guess: when the last wait is over")
        steps = np.linspace(least, 80, 120)
        back = [all_back(_PHONES, w * second, _RATE, waits).m_as(second) for w in steps]
        ax.plot(
            steps,
            back,
            color=BLUE,
            linewidth=2.2,
            label="the formula: the larger of window and phones / rate",
        )
        seen = (0, 5, 10, 15, 20, 22, 24, 26, 28, 30, 32, 36, 40, 50, 60, 70, 80)
        lasted = [simulated_comeback(w * second, waits, clients=_PHONES, rate=_RATE).lasted for w in seen]
        dots = [(w, last) for w, last in zip(seen, lasted, strict=True) if isfinite(last)]
        ax.plot(*zip(*dots, strict=True), "o", color=ORANGE, label="8,000 simulated phones")
        never = [w for w, last in zip(seen, lasted, strict=True) if not isfinite(last)]
        ax.plot(never, [112] * len(never), "x", color=RED, markersize=8, markeredgewidth=2)
        ax.annotate("some are not back\nafter three minutes", (max(never), 112), (12, 0),
                    textcoords="offset points", va="center", color=RED)  # fmt: skip
        ax.plot([least, least], [0, 96], color=VIOLET, linewidth=1.2, linestyle=":")
        ax.annotate(f"shortest window: {full:.0f} - {patience:g} = {least:.0f} s", (least, 3), (6, 0),
                    textcoords="offset points", color=VIOLET)  # fmt: skip
        ax.set(xlabel="seconds over which the phones spread", ylabel="seconds until the last is back")
        ax.set(xlim=(-1.5, 81), ylim=(0, 122))
        ax.legend(loc="upper right", bbox_to_anchor=(1, 1.02))
        ax.set_title(
            # The formula's edge is left to luck, and so is 20 s: in a longer run some crowds come back from it.
            f"Spread over {least + 1:.0f} to {full:.0f} seconds, all are back at {full:.0f}; over 15, they never are"
        )
        return (
            f"Spread over {least + 1:.0f} to {full:.0f} s, all phones are back after {full:.0f} s; below that some "
            f"give up and take about a minute; over {max(never)} s or less, some are not back after three minutes."
        )

    return picture(draw, height=3.9)


def comeback(window: float = 15.0, patience: float = 10.0, growth: float = 1.0) -> Picture:
    """A comeback second by second: tries and connections made; each next window is `growth` times as long."""
    seen = simulated_comeback(window * second, patience * second, growth)
    scale = 4_000_000 / _PHONES / 1_000

    def draw(ax: Axes) -> str:
        time = np.arange(len(seen.tries))
        ax.axhline(100, color=INK, linewidth=1, linestyle=":", label="what the gateways can do")
        ax.step(time, seen.tries * scale, where="post", color=ORANGE, linewidth=1.4, label="phones that try")
        ax.step(
            time, seen.connected * scale, where="post", color=BLUE, linewidth=1.8, label="connected in time"
        )
        top = max(220.0, 1.25 * float(np.sort(seen.tries)[-3]) * scale)
        ax.set(xlabel="seconds from the loss of the zone", ylabel="thousand a second")
        # A little below zero, so that a line along zero is seen.
        ax.set(xlim=(0, 180), ylim=(-0.03 * top, top))
        ax.legend(loc="upper right", ncols=3)
        share = seen.connected.sum() / seen.clients
        ends = (
            f"all are back after {seen.lasted:.0f} s"
            if isfinite(seen.lasted)
            else f"{share:.0%} are back at the end"
        )
        ax.set_title(f"Spread over {window:g} s, patient for {patience:g} s: {ends}")
        return f"With a window of {window:g} s and a patience of {patience:g} s, {ends}."

    return picture(draw, height=3.4)


def edge_offload(edges: tuple[int, ...] = (10, 50, 200)) -> Picture:
    """The share of requests that never reach the origin, against the requests for one object, by formula and drawn."""

    def draw(ax: Axes) -> str:
        views = np.unique(np.logspace(0, 4, 90).round())
        once = [offload(v, 1, shield=True) for v in views]
        ax.plot(views, once, color=PALE, linewidth=4.5, label="the guess, which a shield makes true")
        seen = (2, 10, 40, 150, 600, 2_500)
        for count, colour in zip(edges, (GREEN, BLUE, RED), strict=True):
            share = [offload(v, count) for v in views]
            ax.plot(views, share, color=colour, linewidth=2.2)
            ax.annotate(f"{count} edges", (np.interp(0.5, share, views), 0.5), (9, -6),
                        textcoords="offset points", color=colour, fontweight="bold")  # fmt: skip
            drawn = [1 - simulated_origin_requests(v, count, objects=60) / v for v in seen]
            ax.plot(seen, drawn, "o", color=ORANGE, markersize=4.5)
        ax.plot([], [], "o", color=ORANGE, markersize=4.5, label="60 objects, drawn at random")
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set(xlabel="requests for one object (log scale)", ylabel="never reach the origin")
        ax.set(xlim=(1, 10_000), ylim=(-0.02, 1.03))
        ax.legend(loc="lower right")
        most, at = edges[-1], offload(1_000, edges[-1])
        ax.set_title(f"Of 1,000 requests over {most} edges, the origin still sees {1 - at:.0%}")
        return f"Of 1,000 requests over {most} edges the origin sees {1 - at:.0%}; behind a shield, one."

    return picture(draw, height=3.6)


def offer_years(growth: float = 0.0, later: Offer = LATER, sooner: Offer = SOONER) -> Picture:
    """Two offers by year and in all; the share price of the first grows by `growth` a year, the other's stays."""

    def draw(panels: np.ndarray) -> str:
        paid = []
        for offer, grows, colour, says, beside in (
            (later, growth, BLUE, "first: 5/15/40/40", -0.2),
            (sooner, 0.0, ORANGE, "second: even", 0.2),
        ):
            paid.append([pay.m_as(dollar) / 1_000 for pay in offer.by_year(grows)])
            panels[0].bar(np.arange(1, 5) + beside, paid[-1], width=0.38, color=colour, label=says)
        top = max(480, 1.25 * max(map(max, paid)))
        panels[0].set(xlabel="year", ylabel="thousand dollars", xticks=range(1, 5), ylim=(0, top))
        panels[0].legend(loc="upper left", ncols=2)
        panels[0].set_title("Each year")
        when = catches_up(later, sooner, growth).m_as("month")
        meets = f"ahead in all from month {when:.0f}" if isfinite(when) else "behind in all for four years"
        _lead(panels[1], [0, *accumulate(np.subtract(*paid))])
        panels[1].set_title(f"The first is {meets}")
        totals = [round(offer.total(g).m_as(dollar) / 1_000) for offer, g in ((later, growth), (sooner, 0.0))]
        return (
            f"With a share price that changes by {growth:.0%} a year, the later-vesting offer pays {totals[0]:,} "
            f"thousand dollars in four years and the even one {totals[1]:,}: {meets}."
        )

    return picture(draw, height=3.3, ncols=2)


def _lead(ax: Axes, ahead: list[float]) -> None:
    """How far the first offer is ahead, at the end of each year, in thousand dollars."""
    months = np.linspace(0, 48, 193)
    lead = np.interp(months, range(0, 49, 12), ahead)
    ax.fill_between(months, lead, where=lead >= 0, color=BLUE, alpha=0.3, linewidth=0)
    ax.fill_between(months, lead, where=lead <= 0, color=ORANGE, alpha=0.4, linewidth=0)
    ax.plot(months, lead, color=INK, linewidth=1.8)
    ax.axhline(0, color=INK, linewidth=0.8)
    size = max(120, 1.15 * float(np.abs(lead).max()))
    ax.set(xlabel="months from the start", ylabel="thousand dollars ahead")
    ax.set(xticks=range(0, 49, 12), xlim=(0, 48.5), ylim=(-size, size))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:+,.0f}" if number else "0"))


_SHORT = {"Behavioural 1": "Behavioural\n1", "Behavioural 2": "Behavioural\n2", "Hiring manager": "Hiring\nmanager",
          "System design": "System\ndesign", "People management": "People", "Bar Raiser": "Bar\nRaiser",
          "Coding 1": "Coding\n1", "Coding 2": "Coding\n2"}  # fmt: skip
_KINDS = {"coding": GREEN, "design": BLUE, "behavioural": ORANGE, "bar raiser": RED}
# The guide's two screens come weeks before the loop; that the page's recruiter does too is our assumption.
_LOOP = tuple(one for one in FULL_LOOP if one.in_loop)
_PAGE = tuple(one for one in FIVE_ROUNDS if one.in_loop)


def loop_days(pause: int = 15, lunch: int = 45, lunch_after: int = 3) -> Picture:
    """Both variants of the loop as a day on the clock, each round at its longest, with pauses in minutes."""

    def draw(ax: Axes) -> str:
        ends = []
        for row, variant in ((1, _PAGE), (0, _LOOP)):
            now = 9 * 60
            for place, one in enumerate(variant, 1):
                colour = _KINDS[one.kind]
                ax.barh(row, one.high, left=now, height=0.5, color=(colour, 0.28), edgecolor=colour)
                says = _SHORT.get(one.name, one.name)
                ax.text(now + one.high / 2, row, says, ha="center", va="center", fontsize=8.5)
                ax.text(now, row - 0.29, _clock(now), ha="left", va="top", fontsize=8.5)
                now += one.high
                ends.append(now)
                now += lunch if place == lunch_after else pause
            ax.text(ends[-1] + 6, row, _clock(ends[-1]), va="center", fontsize=8.5)
        last = [ends[len(_PAGE) - 1], ends[-1]]
        ax.set_yticks([1, 0], ["process page", "process guide"])
        ax.set_xticks(range(9 * 60, 18 * 60 + 1, 60), [f"{hour}:00" for hour in range(9, 19)])
        ax.set(xlim=(9 * 60 - 8, 18 * 60 + 30), ylim=(-0.5, 1.42))
        ax.tick_params(axis="y", length=0)
        ax.grid(visible=False)
        ax.set_title(
            f"The page's four rounds end at {_clock(last[0])}, the guide's seven at {_clock(last[1])}"
        )
        return f"With pauses, four rounds from 9:00 end at {_clock(last[0])} and seven at {_clock(last[1])}."

    return picture(draw, height=2.8)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
