"""Feeds: who has how many followers, and what it costs to copy a post to all of them or to fetch it when asked.

Sources: the number of followers falls off as a power law, here a Pareto distribution cut off at the most followed
account; its exponent is that of Kwak et al., "What is Twitter, a Social Network or a News Media?", WWW 2010, which
we read as that of the density; their fit holds up to 100,000 followers. Moments of the distribution are those of any
textbook. A cache that keeps what it has fetched for a fixed time is that of Jung, Berger and Balakrishnan, "Modeling
TTL-based Internet Caches", INFOCOM 2003. Work is counted as operations a second: a copy into one timeline, or a fetch
of one account's posts.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from loopready.units import Quantity, day, quantity, second, units

__all__ = ["Feed", "drawn_followers", "simulated_fetches"]

EXPONENT = 1.276  # of the share of accounts above: 2.276 for the density, less one


@dataclass(frozen=True)
class Feed:
    """A feed in which every account posts at the rate `posts` and is opened by every user at the rate `opens`.

    A fetched account's newest posts stay for the time `kept` on each of `servers`, whose requests are random. Accounts
    have from `least` to `most` followers. ValueError when that cannot be.
    """

    users: float = 300e6
    posts: Quantity = 1 / day
    opens: Quantity = 10 / day
    servers: int = 500
    kept: Quantity = 10 * second
    least: float = 44
    most: float = 100e6
    exponent: float = EXPONENT

    def __post_init__(self) -> None:
        if not 0 < self.least < self.most:
            raise ValueError(f"least is above 0 and below most; got {self.least} and {self.most}")
        if self.exponent <= 1:
            raise ValueError(
                f"exponent is above 1, or the mean is that of the cut alone; got {self.exponent}"
            )
        if self.servers < 1:
            raise ValueError(f"servers are counted 1, 2, 3, ...; got {self.servers}")

    @property
    def mean_followers(self) -> float:
        """The mean number of followers of an account, and of accounts that a user follows: a follow has two ends.

        >>> round(Feed().mean_followers)
        200
        """
        top = 1 - (self.least / self.most) ** (self.exponent - 1)
        return self.least * self.exponent / (self.exponent - 1) * top / self._all

    @property
    def median_followers(self) -> float:
        """Half of the accounts have fewer followers.

        >>> round(Feed().median_followers)
        76
        """
        return self.least * (1 - self._all / 2) ** (-1 / self.exponent)

    @property
    def crossover(self) -> float:
        """The followers above which fetching an account's posts is less work than copying them.

        Copying costs posts * followers, fetching what `fetches` says; at the crossover they are equal.

        >>> f"{Feed().crossover:,.0f}"
        '3,888,000'
        """
        posts, opens, kept = self._numbers()
        if posts >= opens:
            return 0.0
        return self.servers / kept * (1 / posts - 1 / opens) if kept else inf

    def fetches(self, followers):
        """Fetches a second of an account with so many `followers`, a number or an array, if nothing of it is copied.

        Each server is asked opens * followers / servers times a second, and after a fetch it answers by itself for the
        time `kept`: from fetch to fetch, that time and the mean wait for the next request.
        """
        _, opens, kept = self._numbers()
        asked = opens * np.asarray(followers, dtype=float)
        return asked / (1 + asked * kept / self.servers)

    def copying(self, threshold: float = inf) -> Quantity:
        """Copies a second over the whole feed, if accounts with up to `threshold` followers are copied.

        >>> print(f"{Feed().copying():.0f~P}")
        693887 operation/s
        """
        share = 1 - self.follows_above(threshold)
        return Quantity(self.users * self._numbers()[0] * self.mean_followers * share, "operation/second")

    def fetching(self, threshold: float = inf) -> Quantity:
        """Fetches a second over the whole feed, if accounts with more than `threshold` followers are fetched."""
        low = min(max(threshold, self.least), self.most)
        # Even steps in the logarithm of the followers, each weighed with the share of accounts in it.
        edges = np.geomspace(low, self.most, 4_001)
        middles = np.sqrt(edges[1:] * edges[:-1])
        weights = -np.diff(self.accounts_above(edges))
        return Quantity(self.users * float(np.sum(weights * self.fetches(middles))), "operation/second")

    def work(self, threshold: float) -> Quantity:
        """Copies and fetches a second together, with the accounts above `threshold` fetched and all others copied."""
        return self.copying(threshold) + self.fetching(threshold)

    def accounts_above(self, followers):
        """The share of accounts with more than so many `followers`, a number or an array."""
        cut = (self.least / self.most) ** self.exponent
        inside = np.clip(np.asarray(followers, dtype=float), self.least, self.most)
        return ((self.least / inside) ** self.exponent - cut) / self._all

    def follows_above(self, followers):
        """The share of all follows that go to accounts with more than so many `followers`, a number or an array."""
        power = self.exponent - 1
        cut = (self.least / self.most) ** power
        inside = np.clip(np.asarray(followers, dtype=float), self.least, self.most)
        return ((self.least / inside) ** power - cut) / (1 - cut)

    def counted_work(self, threshold: float, followers: np.ndarray) -> Quantity:
        """The same as `work`, added up over drawn accounts with these `followers` and scaled to all users."""
        far = followers > threshold
        each = np.where(far, self.fetches(followers), self._numbers()[0] * followers)
        return Quantity(self.users * float(each.mean()), "operation/second")

    @property
    def _all(self) -> float:
        return 1 - (self.least / self.most) ** self.exponent

    def _numbers(self) -> tuple[float, float, float]:
        """Posts a second, opens a second, and the seconds that a fetched account is kept."""
        a_second = units.request / second
        return (
            quantity(self.posts, a_second, "posts").m_as("1/second"),
            quantity(self.opens, a_second, "opens").m_as("1/second"),
            quantity(self.kept, second, "kept").m_as(second),
        )


def drawn_followers(feed: Feed, accounts: int = 1_000_000, seed: int = 1) -> np.ndarray:
    """The followers of so many `accounts` drawn at random, shape (accounts,), by turning the distribution round."""
    if accounts < 1:
        raise ValueError(f"accounts are counted 1, 2, 3, ...; got {accounts}")
    drawn = np.random.default_rng(seed).random(accounts)
    whole = 1 - (feed.least / feed.most) ** feed.exponent
    return feed.least * (1 - drawn * whole) ** (-1 / feed.exponent)


def simulated_fetches(feed: Feed, followers: float, lasting: Quantity, seed: int = 1) -> float:
    """Fetches a second of one account, counted over random requests to all servers, to hold `fetches` against it."""
    span, kept = quantity(lasting, second, "lasting").m_as(second), feed.kept.m_as(second)
    draw = np.random.default_rng(seed)
    asked = feed.opens.m_as("1/second") * followers / feed.servers
    fetched = 0
    for times in (np.sort(draw.random(draw.poisson(asked * span))) * span for _ in range(feed.servers)):
        last = -inf
        for time in times:
            if time - last >= kept:
                fetched, last = fetched + 1, time
    return fetched / span
