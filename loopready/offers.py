"""An offer over the years: salary, payments for signing, and shares that become yours in parts.

Shares are granted as a number, at a value stated on the day of the offer; what a part is worth when it comes depends on
the price then. The vesting of 5, 15, 40 and 40 per cent is the role guide's example of Amazon's; payments for signing
are in none of our four documents. Formulas are sums and growth at a yearly rate, as in any book on interest: Ross,
*An Elementary Introduction to Mathematical Finance*, chapter 4. Tax and dividends are left out.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf

from loopready.units import Quantity, bare, dollar, month

__all__ = ["BACK_WEIGHTED", "EVEN", "LATER", "SOONER", "Offer", "catches_up", "equal_price"]

BACK_WEIGHTED = (0.05, 0.15, 0.40, 0.40)  # the role guide's example
EVEN = (0.25, 0.25, 0.25, 0.25)


@dataclass(frozen=True)
class Offer:
    """Salary for a year, the value of all shares on the day of the offer, and the shares of them that vest each year.

    `signing` holds what is paid for signing, by year; years beyond it have none. Amounts are quantities of money.

    >>> plain = Offer(200_000 * dollar, 400_000 * dollar, EVEN)
    >>> [pay.m_as("dollar") for pay in plain.by_year()]
    [300000.0, 300000.0, 300000.0, 300000.0]
    """

    salary: Quantity
    shares: Quantity
    vesting: tuple[float, ...] = BACK_WEIGHTED
    signing: tuple[Quantity, ...] = ()

    def __post_init__(self) -> None:
        if any(part < 0 for part in self.vesting) or abs(sum(self.vesting) - 1) > 1e-9:
            raise ValueError(f"the parts that vest are shares that add up to 1; got {self.vesting}")
        if len(self.signing) > len(self.vesting):
            raise ValueError(f"payments for signing end with the shares, in year {len(self.vesting)}")
        for amount in (self.salary, self.shares, *self.signing):
            if bare(amount, dollar) < 0:
                raise ValueError(f"an offer pays amounts from zero up; got {amount}")

    def by_year(self, growth: float = 0.0) -> list[Quantity]:
        """What each year pays, if the share price grows by `growth` a year; a part vests at the end of its year."""
        if growth <= -1:
            raise ValueError(f"growth is a yearly share above -1; got {growth}")
        paid = [amount.to(dollar) for amount in self.signing] + [0 * dollar] * len(self.vesting)
        return [
            (self.salary + self.shares * part * (1 + growth) ** year + paid[year - 1]).to(dollar)
            for year, part in enumerate(self.vesting, 1)
        ]

    def total(self, growth: float = 0.0) -> Quantity:
        """What all years pay together."""
        return sum(self.by_year(growth), 0 * dollar)


# Two made-up offers, for lessons and figures. The payments for signing are our assumption.
LATER = Offer(180_000 * dollar, 480_000 * dollar, BACK_WEIGHTED, (70_000 * dollar, 50_000 * dollar))
SOONER = Offer(200_000 * dollar, 400_000 * dollar, EVEN, (30_000 * dollar,))


def catches_up(later: Offer, sooner: Offer, growth: float = 0.0) -> Quantity:
    """When `later` has paid as much in all as `sooner`, from the start; each year's pay is spread evenly over it.

    The first such moment after a time in which it had paid less; 0 months where it never has, inf where it never does.
    `growth` is of the share price of `later`; the other's stays.
    """
    gains = [(a - b).m_as(dollar) for a, b in zip(later.by_year(growth), sooner.by_year(), strict=True)]
    behind = [0.0, *accumulate(gains)]
    if min(behind) >= 0:
        return 0 * month
    for year, (before, after) in enumerate(pairwise(behind)):
        if before < 0 <= after:
            return 12 * (year - before / (after - before)) * month
    return inf * month


def equal_price(later: Offer, sooner: Offer) -> float:
    """The share price of `later`, over that on the day of the offer, at which both pay the same in all years.

    One price for all parts; the other offer's shares stay at theirs.
    """
    cash = later.total() - later.shares
    return float(((sooner.total() - cash) / later.shares).m_as(""))
