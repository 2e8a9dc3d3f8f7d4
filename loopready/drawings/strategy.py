"""Strategy and money: the order of work, who is copied in a feed, what a spike leaves waiting, what to commit to."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from loopready.costs import best_commitment, counted_cost, day_of_load, mean_cost, share_above
from loopready.feeds import Feed, drawn_followers
from loopready.figures import BLUE, GREEN, INK, ORANGE, PALE, RED, VIOLET, Picture, picture
from loopready.spikes import longest_wait, simulated_spike, step_queue
from loopready.units import (
    Quantity,
    dollar,
    hour,
    message,
    minute,
    month,
    quantity,
    readable,
    request,
    second,
)

_PROJECTS = (("search", 12, 60, VIOLET), ("refunds", 4, 40, GREEN), ("tax report", 2, 30, ORANGE))


def order_of_work(projects: tuple[tuple[str, int, int, str], ...] = _PROJECTS) -> Picture:
    """What waiting costs in two orders: the largest cost of delay first, and the largest for each week of work first.

    A project is a name, its weeks of work, its cost of delay in thousand dollars a week, and a colour.
    """
    by_size = sorted(projects, key=lambda project: -project[2])
    by_ratio = sorted(projects, key=lambda project: -project[2] / project[1])

    def draw(panels: np.ndarray) -> str:
        totals = []
        orders = (("Dearest first", by_size), ("Dearest for its weeks first", by_ratio))
        for ax, (says, order) in zip(panels, orders, strict=True):
            totals.append(_delays(ax, order) / 1_000)
            ax.set_title(f"{says}: {totals[-1]:.2f} million")
            ax.set(xlabel="weeks", xlim=(0, sum(project[1] for project in projects)))
        panels[0].set(ylabel="cost of what is not done yet,\nthousand dollars a week")
        return (
            f"Dearest first costs {totals[0]:.2f} million dollars of delay, "
            f"dearest for its weeks first {totals[1]:.2f} million."
        )

    return picture(draw, height=3.2, ncols=2, sharey=True)


def _delays(ax: Axes, order: list[tuple[str, int, int, str]]) -> int:
    """Draw what each project costs until it is done, the last one done at the bottom; the sum of the areas."""
    begun, total, floor = 0, 0, sum(project[2] for project in order)
    end = sum(project[1] for project in order)
    for name, weeks, cost, colour in order:
        done, floor = begun + weeks, floor - cost
        ax.bar(0, cost, done, floor, align="edge", color=colour, alpha=0.22, linewidth=0)
        ax.bar(begun, cost, weeks, floor, align="edge", color=colour, linewidth=0)
        # In the dark part if that is wide, else behind it, else in the pale part before it.
        wide, early = weeks > end / 3, done < end / 2
        place = (begun + done) / 2 if wide else done + 0.4 if early else begun / 2
        ax.text(place, floor + cost / 2, f"{name}, {weeks} weeks", va="center", color="white" if wide else INK,
                ha="left" if early and not wide else "center")  # fmt: skip
        total, begun = total + done * cost, done
    ax.grid(visible=False)
    return total


_FEED = Feed()


def feed_work(
    feed: Feed = _FEED, spare: Quantity = 300_000 * message / second, promise: Quantity = 5 * second
) -> Picture:
    """Work of the whole feed, and the time to the last follower, against the followers up to which posts are copied.

    `spare` is the copies a second that one post may take, `promise` the time in which it is to be with all followers.
    """
    rate = quantity(spare, message / second, "spare").m_as("1/second")
    fits = rate * quantity(promise, second, "promise").m_as(second)

    def draw(panels: np.ndarray) -> str:
        _work_by_threshold(panels[0], feed, fits)
        _last_follower(panels[1], rate, fits)
        ratio = (feed.work(fits) / feed.work(feed.crossover)).m_as("") - 1
        return (
            f"The least work is at {readable(feed.crossover)} followers; a promise of {readable(promise)} "
            f"allows {readable(fits)}, which is {ratio:.1%} more work."
        )

    return picture(draw, height=3.9, ncols=2, width_ratios=(1.25, 1))


_FOLLOWERS = (100, 10_000, 1_000_000, 100_000_000)
_FOLLOWERS_SAY = ("100", "10,000", "1 million", "100 million")


def _work_by_threshold(ax: Axes, feed: Feed, fits: float) -> None:
    thresholds = np.geomspace(feed.least, feed.most, 80)
    copying = [feed.copying(t).m_as("1/second") / 1e6 for t in thresholds]
    fetching = [feed.fetching(t).m_as("1/second") / 1e6 for t in thresholds]
    ax.plot(thresholds, copying, color=GREEN, linewidth=1.8)
    ax.plot(thresholds, fetching, color=VIOLET, linewidth=1.8)
    ax.plot(thresholds, np.add(copying, fetching), color=BLUE, linewidth=2.4, label="together, the formula")
    drawn = drawn_followers(feed)
    seen = np.geomspace(60, 6e7, 13)
    counted = [feed.counted_work(t, drawn).m_as("1/second") / 1e6 for t in seen]
    ax.plot(seen, counted, "o", color=ORANGE, markersize=5, label="a million drawn accounts")
    ax.text(250, np.interp(2_000, thresholds, copying) + 0.12, "copying", color=GREEN)
    ax.annotate("fetching", (1_500, 0.9 * np.interp(1_500, thresholds, fetching)), (-8, -14),
                textcoords="offset points", ha="right", color=VIOLET)  # fmt: skip
    ax.plot([feed.crossover] * 2, [0, 3.1], color=INK, linewidth=1, linestyle=":")
    ax.plot([fits] * 2, [0, feed.work(fits).m_as("1/second") / 1e6], color=RED, linewidth=1.4)
    ax.annotate(f"least work:\n{readable(feed.crossover)}", (feed.crossover, 2.4), (-5, 0),
                textcoords="offset points", ha="right")  # fmt: skip
    ax.annotate(f"promise:\n{readable(fits)}", (fits, 1.15), (0, 0), textcoords="offset points", ha="right",
                color=RED)  # fmt: skip
    ax.set(xscale="log", ylim=(0, None), xlim=(feed.least, feed.most))
    ax.set(xlabel="followers up to which posts are copied", ylabel="million operations a second")
    ax.set_xticks(_FOLLOWERS, _FOLLOWERS_SAY)
    ax.tick_params(which="minor", length=0)
    ax.legend(loc="upper right")
    ax.set_title("If all post alike, little changes from a million on")


def _last_follower(ax: Axes, rate: float, fits: float) -> None:
    followers = np.geomspace(1e4, 1e8, 40)
    ax.plot(followers, followers / rate, color=BLUE, linewidth=2.4)
    ax.plot([1e4, fits, fits], [fits / rate, fits / rate, 0.02], color=RED, linewidth=1.2)
    ax.annotate(f"promised: {readable(fits / rate * second)}", (1.3e4, fits / rate), (0, 5),
                textcoords="offset points", color=RED)  # fmt: skip
    ax.annotate(readable(fits), (fits, 0.035), (5, 0), textcoords="offset points", color=RED)
    ax.plot(1e8, 1e8 / rate, "D", color=BLUE, clip_on=False)
    ax.annotate(readable(1e8 / rate * second, 2), (1e8, 1e8 / rate), (-8, -2), textcoords="offset points",
                ha="right", color=BLUE)  # fmt: skip
    ax.set(xscale="log", yscale="log", xlim=(1e4, 1e8), ylim=(0.02, 1_000))
    ax.set(xlabel="followers of one account")
    ax.set_xticks(_FOLLOWERS[1:], _FOLLOWERS_SAY[1:])
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.tick_params(which="minor", length=0)
    ax.set(ylabel="seconds to the last of them")
    ax.set_title("The promise decides")


def checkout_spike(
    headroom: float = 1.5,
    lag: float = 3.0,
    before: float = 400,
    after: float = 1_600,
    per_instance: float = 20,
) -> Picture:
    """What waits after a jump in load, second by second, with the estimate; `lag` in minutes, rates by the second."""
    rates = before * request / second, after * request / second
    late = lag * minute
    most, wait = step_queue(*rates, headroom, late), longest_wait(*rates, headroom, late)
    load = np.concatenate([np.full(60, before), np.full(900, after)])
    seen = simulated_spike(load, headroom, late, per_instance * request / second, seed=1)
    idle = (headroom - 1) * before / per_instance * (0.40 * dollar / hour) * month
    money = readable(idle.to(dollar), 2).replace("USD", "dollars")

    def draw(ax: Axes) -> str:
        time = np.arange(len(load)) / 60 - 1
        ax.axvspan(0, lag, color=PALE, alpha=0.5, linewidth=0)
        ax.plot(time, seen.waiting, color=ORANGE, linewidth=3.5, label="simulated, second by second")
        # The estimate: a triangle, up while instances start and down by what they can do beyond the load.
        gone = lag + most / max((headroom - 1) * after, 1e-9) / 60
        ax.plot([-1, 0, lag, gone, 99], [0, 0, most, 0, 0], "--", color=BLUE, label="the estimate")
        ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
        ax.set(
            xlabel="minutes since the sale began (shaded: new instances start)", ylabel="checkouts waiting"
        )
        ax.set(xlim=(-1, 15), ylim=(0, max(1.5 * most, 5_000)))
        ax.legend(loc="upper right")
        longest = f"nobody waits longer than {readable(wait, 2)}" if most else "almost nobody waits"
        ax.text(-0.8, 0.97 * ax.get_ylim()[1], f"{longest}\nidle capacity: {money} a month",
                va="top", linespacing=1.6)  # fmt: skip
        minutes = "1 minute" if lag == 1 else f"{lag:g} minutes"
        waiting = f"up to {most:,.0f} wait" if most else "almost nobody waits, by the estimate"
        ax.set_title(f"Room for {headroom:g} times the load, {minutes} to grow: {waiting}")
        return (
            f"With room for {headroom:g} times the load and {lag:g} min to grow, {most:,.0f} checkouts wait, "
            f"up to {wait.m_as(minute):.1f} min; the room costs {money} a month."
        )

    return picture(draw, height=3.6)


def commitment(low: float = 20, high: float = 100, discounted: float = 0.6) -> Picture:
    """A day's load against a commitment, and the cost of each level of it: the formula, and minutes counted."""
    best = best_commitment(low, high, discounted)
    load = day_of_load(low, high, noise=0.02)

    def draw(panels: np.ndarray) -> str:
        hours = np.arange(len(load)) / 60
        panels[0].fill_between(hours, best, np.maximum(load, best), color=ORANGE, alpha=0.5, linewidth=0)
        panels[0].fill_between(hours, np.minimum(load, best), color=BLUE, alpha=0.75, linewidth=0)
        panels[0].axhline(best, color=BLUE, linewidth=1.6)
        panels[0].annotate("by the hour", (12, (best + high) / 2), ha="center", va="center")
        panels[0].annotate("committed", (12, best / 2), ha="center", va="center", color="white")
        share = share_above(best, low, high)
        panels[0].set(xlabel="hour of the day", ylabel="instances", xlim=(0, 24), ylim=(0, 1.25 * high))
        panels[0].set_xticks(range(0, 25, 6))
        panels[0].set_title(f"The {best:.0f}th is in use {share:.0%} of the day")
        levels = np.linspace(0, 1.1 * high, 111)
        costs = [mean_cost(level, low, high, discounted) for level in levels]
        panels[1].plot(levels, costs, color=BLUE, linewidth=2.2, label="the formula")
        seen = np.arange(0, 1.11 * high, high / 10)
        panels[1].plot(seen, [counted_cost(level, load, discounted) for level in seen], "o", color=ORANGE,
                       label="counted over a noisy day")  # fmt: skip
        least = mean_cost(best, low, high, discounted)
        panels[1].plot(best, least, "D", color=RED)
        panels[1].annotate(f"cheapest: {best:.0f} committed", (best, least), (0, -16), textcoords="offset points",
                           ha="center", color=RED)  # fmt: skip
        panels[1].set(xlabel="instances committed", ylabel="cost of an hour, in hourly prices")
        panels[1].set(ylim=(0, 1.7 * least))
        panels[1].legend(loc="upper center")
        saved = 1 - least / mean_cost(0, low, high, discounted)
        panels[1].set_title(f"Committing to {best:.0f} saves {saved:.0%}")
        return (
            f"At {discounted:.0%} of the hourly price, committing to {best:.0f} of {high:.0f} instances costs "
            f"{saved:.0%} less than none."
        )

    return picture(draw, height=3.4, ncols=2)
