"""A monolith and its cuts: how many calls become network calls when some of its modules become services.

The shop and its numbers are made up, for the lesson; a real table comes from counting calls in production.
"""

from collections.abc import Collection, Mapping

__all__ = ["SHOP", "crossing", "modules"]

# Calls between two modules, from caller to callee, for one order of the shop.
SHOP = {
    ("search", "catalogue"): 40,
    ("cart", "catalogue"): 14,
    ("stock", "catalogue"): 12,
    ("orders", "stock"): 9,
    ("orders", "cart"): 6,
    ("reports", "orders"): 5,
    ("orders", "accounts"): 4,
    ("cart", "accounts"): 3,
    ("reports", "stock"): 3,
    ("orders", "payments"): 2,
    ("payments", "accounts"): 2,
    ("orders", "mail"): 1,
}


def modules(calls: Mapping[tuple[str, str], int] = SHOP) -> list[str]:
    """Every module that calls or is called, by name."""
    return sorted({name for pair in calls for name in pair})


def crossing(out: Collection[str], calls: Mapping[tuple[str, str], int] = SHOP) -> int:
    """Calls for one order between the modules `out` of the monolith, as one service, and those left in it.

    >>> crossing(["mail"])
    1
    """
    if unknown := sorted(set(out) - set(modules(calls))):
        raise ValueError(f"no module is called {unknown[0]!r}; there are {', '.join(modules(calls))}")
    return sum(number for (caller, callee), number in calls.items() if (caller in out) != (callee in out))
