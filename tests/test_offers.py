from math import inf

import pytest

from loopready.offers import EVEN, LATER, SOONER, Offer, catches_up, equal_price
from loopready.units import dollar, month


def dollars(amounts):
    return [amount.m_as("dollar") for amount in amounts]


def test_the_years_of_an_offer_are_salary_shares_and_signing_added_by_hand():
    assert dollars(LATER.by_year()) == pytest.approx([274_000, 302_000, 372_000, 372_000])
    assert dollars(SOONER.by_year()) == pytest.approx([330_000, 300_000, 300_000, 300_000])


def test_all_years_pay_four_salaries_all_shares_and_all_signing():
    assert LATER.total().m_as("dollar") == pytest.approx(4 * 180_000 + 480_000 + 120_000)


@pytest.mark.parametrize("growth", [-0.5, -0.1, 0.0, 0.08, 0.3])
def test_even_shares_grow_as_a_geometric_sum(growth):
    shares = Offer(0 * dollar, 400_000 * dollar, EVEN)
    factor = 1 + growth
    expected = 100_000 * (factor * (factor**4 - 1) / growth if growth else 4)
    assert shares.total(growth).m_as("dollar") == pytest.approx(expected)


def test_it_catches_up_when_the_lines_of_pay_in_all_meet():
    # Behind by 56,000 and 2,000 ahead again in year two, then 72,000 gained in year three.
    assert catches_up(LATER, SOONER).m_as(month) == pytest.approx(24 + 12 * 54 / 72)


@pytest.mark.parametrize(
    "later, sooner, months",
    [
        (Offer(400_000 * dollar, 480_000 * dollar, EVEN), LATER, 0),
        (SOONER, SOONER, 0),
        (Offer(1 * dollar, 9 * dollar), SOONER, inf),
        (SOONER, LATER, inf),
    ],
    ids=["never behind", "the same offer", "never ahead", "ahead first and behind for good"],
)
def test_it_may_be_ahead_from_the_start_or_behind_for_good(later, sooner, months):
    assert catches_up(later, sooner).m_as(month) == months


def test_at_the_equal_price_both_offers_pay_the_same():
    price = equal_price(LATER, SOONER)
    fallen = Offer(LATER.salary, LATER.shares * price, LATER.vesting, LATER.signing)
    assert price == pytest.approx(0.8125)
    assert fallen.total().m_as("dollar") == pytest.approx(SOONER.total().m_as("dollar"))


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: Offer(1 * dollar, 1 * dollar, (0.5, 0.4)), "add up to 1"),
        (lambda: Offer(1 * dollar, 1 * dollar, (1.5, -0.5)), "add up to 1"),
        (lambda: Offer(1 * dollar, 1 * dollar, (1.0,), (1 * dollar, 1 * dollar)), "year 1"),
        (lambda: Offer(-1 * dollar, 1 * dollar), "amounts from zero up"),
        (lambda: LATER.by_year(-1), "growth is a yearly share above -1; got -1"),
        (lambda: catches_up(LATER, Offer(1 * dollar, 1 * dollar, (1.0,))), "shorter"),
    ],
    ids=[
        "parts short",
        "a negative part",
        "signing too late",
        "negative pay",
        "all lost",
        "other years",
    ],
)
def test_an_offer_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
