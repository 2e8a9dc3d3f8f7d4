"""How much of the time something is up: parts in a row, parts side by side, and parts that fail together.

The formulas are those of any textbook on reliability, for parts that fail by themselves: what needs every part is up
for the product of their shares, what needs one of them is down for the product of their down shares. Parts that fail
together follow the beta-factor model for common causes (Fleming, "A reliability model for common mode failures in
redundant safety systems", 1975; also in IEC 61508-6, annex D).
An availability is a share of time, a plain number from 0 to 1 or a percentage with its unit.
"""

from math import ceil, prod, sqrt

import numpy as np

from loopready.units import Quantity, bare, minute, month, quantity, second, units, year

__all__ = ["all_up", "any_up", "copies_up", "downtime", "simulated_shares_down"]


def all_up(*availabilities: float | Quantity) -> float:
    """The availability of what needs every one of its parts, if each fails by itself.

    >>> round(all_up(0.999, 0.999), 6)
    0.998001
    """
    return prod(map(_availability, availabilities))


def any_up(*availabilities: float | Quantity) -> float:
    """The availability of what needs only one of its parts, if each fails by itself.

    >>> round(any_up(0.99, 0.99), 6)
    0.9999
    """
    return 1 - prod(1 - _availability(each) for each in availabilities)


def copies_up(availability: float | Quantity, copies: int, shared: float | Quantity = 0.0) -> float:
    """The availability of `copies` of one thing, any of which is enough, if a share of their failures is common.

    `shared` is the part, from 0 to 1, of each copy's time down that takes all copies down together; the rest of its
    failures it has by itself. With nothing shared it is `any_up`; with everything shared, more copies change nothing.

    >>> round(copies_up(0.99, 2, shared=0.1), 6)
    0.998919
    """
    common, own = _causes(availability, shared)
    return 1 - (common + (1 - common) * own ** _counted(copies, "copies"))


def downtime(availability: float | Quantity, period: Quantity = 1 * month) -> Quantity:
    """The time that something of this availability is down in `period`, on average.

    >>> f"{downtime(0.999):.1f~P}"
    '43.2 min'
    """
    return (quantity(period, second, "period") * (1 - _availability(availability))).to(minute)


def simulated_shares_down(
    availability: float | Quantity,
    services: int,
    shared: float | Quantity = 0.0,
    lasting: Quantity = 100 * year,
    repair: Quantity = 30 * minute,
    seed: int = 1,
) -> np.ndarray:
    """The share of simulated time with exactly 0, 1, 2, ... `services` down, shape (services + 1,).

    Each service runs for a random time and is repaired for a random time, `repair` on average, both drawn from
    exponential distributions, so that the formulas can be held against outages that happened. `shared` is as in
    `copies_up`: common failures are drawn like another service's, and take all down while they last.
    """
    common, own = _causes(availability, shared)
    span = quantity(lasting, second, "lasting").m_as(second)
    mean = quantity(repair, second, "repair").m_as(second)
    draw = np.random.default_rng(seed)
    outages = [_outages(own, span, mean, draw) for _ in range(_counted(services, "services"))]
    together = [_outages(common, span, mean, draw)] if common else []
    starts, ends = np.concatenate([*outages, *together], axis=1)
    sizes = np.ones(len(starts), dtype=int)
    sizes[len(sizes) - sum(one.shape[1] for one in together) :] = services
    return _time_by_level(starts, ends, sizes, span, services)


def _outages(down: float, span: float, repair: float, draw: np.random.Generator) -> np.ndarray:
    """Starts and ends of the outages of one service that is down for this share, shape (2, outages), up to `span`."""
    if not down:
        return np.zeros((2, 0))
    run = repair * (1 - down) / down
    cycles = span / (run + repair)
    # Six standard deviations more than expected, so that the span is always filled.
    count = ceil(cycles + 6 * sqrt(cycles) + 10)
    runs, repairs = draw.exponential(run, count), draw.exponential(repair, count)
    starts = np.cumsum(runs) + np.cumsum(repairs) - repairs
    return np.stack([starts, starts + repairs])[:, starts < span].clip(max=span)


def _time_by_level(
    starts: np.ndarray, ends: np.ndarray, sizes: np.ndarray, span: float, top: int
) -> np.ndarray:
    """The share of the span that each number of services, 0 to `top`, is down at once."""
    moments = np.concatenate([[0.0], starts, ends, [span]])
    steps = np.concatenate([[0], sizes, -sizes, [0]])
    order = np.argsort(moments, kind="stable")
    down = np.cumsum(steps[order])[:-1].clip(max=top)
    return np.bincount(down, weights=np.diff(moments[order]), minlength=top + 1) / span


def _causes(availability: float | Quantity, shared: float | Quantity) -> tuple[float, float]:
    """The share of time that the common cause lasts, and that a copy is down by itself in the rest of the time."""
    down = 1 - _availability(availability)
    common = _share(shared, "shared") * down
    # Together they are down for `down`: common + (1 - common) * own.
    return common, (down - common) / (1 - common) if common < 1 else 0.0


def _availability(value: float | Quantity) -> float:
    return _share(value, "availability")


def _share(value: float | Quantity, name: str) -> float:
    number = bare(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is a share, from 0 to 1, or a percentage with its unit; got {value}")
    return number


def _counted(value: float | Quantity, name: str) -> int:
    number = bare(value, units.dimensionless)
    if number < 1 or number % 1:
        raise ValueError(f"{name} are counted 1, 2, 3, ...; got {value}")
    return int(number)
