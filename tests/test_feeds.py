from math import inf, log

import numpy as np
import pint
import pytest

from loopready.feeds import Feed, drawn_followers, simulated_fetches
from loopready.units import byte, day, second

FEED = Feed()
A_SECOND = "1/second"


def test_the_tail_falls_as_that_of_the_published_fit():
    # Kwak et al., WWW 2010, read as the density's: it falls with 2.276, and so the share above with one less.
    above = FEED.accounts_above(np.array([1_000, 2_000]))
    assert above[1] / above[0] == pytest.approx(2**-1.276, rel=1e-3)


@pytest.mark.parametrize("exponent, most", [(1.276, 100e6), (2.5, 10_000), (1.1, 1e6)])
def test_mean_and_shares_are_the_integrals_of_the_density(exponent, most):
    feed = Feed(exponent=exponent, most=most)
    edges = np.geomspace(feed.least, most, 100_001)
    middles, widths = np.sqrt(edges[1:] * edges[:-1]), np.diff(edges)
    density = middles ** (-exponent - 1) * widths
    density /= density.sum()
    assert feed.mean_followers == pytest.approx((density * middles).sum(), rel=1e-4)
    assert density[middles < feed.median_followers].sum() == pytest.approx(0.5, abs=1e-3)
    far = middles > 1_000
    assert feed.accounts_above(1_000) == pytest.approx(density[far].sum(), rel=1e-3)
    of_all = (density * middles)[far].sum() / (density * middles).sum()
    assert feed.follows_above(1_000) == pytest.approx(of_all, rel=1e-3)


def test_with_the_exponent_of_the_80_20_rule_a_fifth_of_the_accounts_has_four_fifths_of_the_follows():
    # Pareto's rule holds where the exponent is log 5 / log 4: Newman, Contemporary Physics 46 (2005).
    feed = Feed(least=1, most=1e80, exponent=log(5, 4))
    fifth = 5 ** (1 / feed.exponent)
    assert feed.accounts_above(fifth) == pytest.approx(0.2)
    assert feed.follows_above(fifth) == pytest.approx(0.8)


def test_copying_everything_is_posts_times_the_mean_followers():
    everything = FEED.users * FEED.mean_followers / 86_400
    assert FEED.copying(inf).m_as(A_SECOND) == pytest.approx(everything)
    assert FEED.work(FEED.most).m_as(A_SECOND) == pytest.approx(everything)


def test_fetching_everything_with_nothing_kept_is_opens_times_the_accounts_followed():
    fresh = Feed(kept=0 * second)
    everything = 10 * fresh.users * fresh.mean_followers / 86_400
    assert fresh.work(0).m_as(A_SECOND) == pytest.approx(everything, rel=1e-4)
    assert fresh.copying(0).m_as(A_SECOND) == 0


@pytest.mark.parametrize("threshold", [0, 500, 20_000])
def test_the_fetches_of_the_rest_are_those_of_an_exact_integral(threshold):
    fresh = Feed(kept=0 * second)
    rest = 10 * fresh.users * fresh.mean_followers / 86_400 * fresh.follows_above(threshold)
    assert fresh.fetching(threshold).m_as(A_SECOND) == pytest.approx(rest, rel=1e-4)


def test_drawn_accounts_have_the_followers_that_the_formula_says():
    feed = Feed(exponent=2.5)  # where the variance is finite, so that means settle
    drawn = drawn_followers(feed)
    assert drawn.mean() == pytest.approx(feed.mean_followers, rel=0.01)
    assert np.median(drawn) == pytest.approx(feed.median_followers, rel=0.01)
    assert feed.least <= drawn.min() and drawn.max() <= feed.most


@pytest.mark.parametrize("threshold", [100, 10_000, 1e6])
def test_work_counted_over_drawn_accounts_is_the_work_of_the_formula(threshold):
    counted = FEED.counted_work(threshold, drawn_followers(FEED, seed=3))
    assert counted.m_as(A_SECOND) == pytest.approx(FEED.work(threshold).m_as(A_SECOND), rel=0.06)


@pytest.mark.parametrize("followers", [1_000, 100_000, 5_000_000])
def test_a_simulated_account_is_fetched_as_often_as_the_formula_says(followers):
    seen = simulated_fetches(FEED, followers, 20_000 * second if followers < 1e6 else 1_000 * second)
    assert seen == pytest.approx(float(FEED.fetches(followers)), rel=0.05)


def test_no_account_is_fetched_more_often_than_its_servers_forget_it():
    assert float(FEED.fetches(1e12)) == pytest.approx(500 / 10, rel=1e-3)


def test_at_the_crossover_copying_and_fetching_an_account_cost_the_same():
    followers = FEED.crossover
    assert float(FEED.fetches(followers)) == pytest.approx(followers / 86_400)


def test_the_work_is_least_at_the_crossover():
    thresholds = np.geomspace(1e5, 9e7, 200)
    least = thresholds[np.argmin([FEED.work(t).m_as(A_SECOND) for t in thresholds])]
    assert least == pytest.approx(FEED.crossover, rel=0.05)


@pytest.mark.parametrize(
    "feed, followers",
    [(Feed(posts=10 / day), 0.0), (Feed(kept=0 * second), inf)],
    ids=["posts as often as read", "nothing kept"],
)
def test_without_a_crossover_one_way_is_always_better(feed, followers):
    assert feed.crossover == followers


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: Feed(least=0), "least is above 0 and below most; got 0 and"),
        (lambda: Feed(exponent=1.0), "exponent is above 1"),
        (lambda: Feed(servers=0), "servers are counted 1, 2, 3, ...; got 0"),
        (lambda: drawn_followers(FEED, accounts=0), "accounts are counted"),
    ],
    ids=["nobody follows", "no mean", "no servers", "no accounts"],
)
def test_a_feed_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_a_rate_in_bytes_is_refused():
    with pytest.raises(pint.DimensionalityError, match="opens was to be measured in"):
        Feed(opens=5 * byte).fetches(1)
