"""Queues: utilisation against waiting."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from loopready.figures import BLUE, ORANGE, PALE, Picture, picture
from loopready.queues import response_time, simulated_response_times
from loopready.units import millisecond

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
        return (
            f"At {utilisation:.0%} utilisation, servers in one line: {servers}, response time: {here:.1f} ms."
        )

    return picture(draw)
