"""Indexes: how many pages of a file are read until a record is found.

A page is what a disk reads at once. Sources: the tree is Bayer and McCreight's B-tree, "Organization and Maintenance of
Large Ordered Indices", Acta Informatica 1 (1972), packed full as after a bulk load; its size by levels is worked in
Kleppmann, *Designing Data-Intensive Applications* (2017), chapter 3.
"""

from math import ceil

import numpy as np

from loopready.units import Quantity, byte, quantity

__all__ = ["capacity", "counted_reads", "scan_reads", "tree_levels", "tree_reads"]


def tree_levels(records: int, per_page: int, fanout: int) -> int:
    """The levels of index pages above the data pages, if an index page points to `fanout` pages.

    >>> tree_levels(1_000_000_000, per_page=40, fanout=400)
    3
    """
    pages, levels = _pages(records, per_page), 0
    if fanout < 2:
        raise ValueError(f"fanout is the number of pages that a page points to, at least 2; got {fanout}")
    while fanout**levels < pages:
        levels += 1
    return levels


def tree_reads(records: int, per_page: int, fanout: int) -> int:
    """The pages read for one record by the tree: one on each level of the index, and the data page."""
    return tree_levels(records, per_page, fanout) + 1


def scan_reads(records: int, per_page: int) -> float:
    """The mean pages read for a record that is there when the file is read from its start: (pages + 1) / 2."""
    return (_pages(records, per_page) + 1) / 2


def capacity(levels: int, fanout: int, page: Quantity) -> Quantity:
    """The data that `levels` of index pages reach, with data pages of size `page`.

    Kleppmann's example: four levels, 500 to a page, pages of 4 KB, 256 TB.

    >>> round(capacity(4, 500, 4096 * byte).m_as("terabyte"))
    256
    """
    return fanout**levels * quantity(page, byte, "page")


def counted_reads(
    records: int, per_page: int, fanout: int, lookups: int = 400, seed: int = 1
) -> tuple[float, float]:
    """The mean pages read for a record by a tree that was built, and by a scan, over `lookups` records at random.

    The keys of the file are 0, 2, 4, ..., and both ways end on the data page that holds the key.
    """
    levels = [np.arange(0, 2 * records, 2)[::per_page]]
    while len(levels[0]) > 1:
        levels.insert(0, levels[0][::fanout])
    wanted = 2 * np.random.default_rng(seed).integers(records, size=lookups)
    by_tree, page = np.array([_descend(levels, key, fanout) for key in wanted]).T
    # A scan reads every page up to the one after which the next page's first key is too large.
    by_scan = np.searchsorted(levels[-1], wanted, side="right")
    assert np.array_equal(page + 1, by_scan), "both ways end on the page that holds the key"
    return float(np.mean(by_tree)), float(np.mean(by_scan))


def _descend(levels: list[np.ndarray], key: int, fanout: int) -> tuple[int, int]:
    """The pages read on the way to `key`, and the number of its data page; `levels` hold first keys, root first."""
    page, reads = 0, 1
    for below in levels[1:]:
        held = below[page * fanout : (page + 1) * fanout]
        page = page * fanout + int(np.searchsorted(held, key, side="right")) - 1
        reads += 1
    return reads, page


def _pages(records: int, per_page: int) -> int:
    if records < 1 or per_page < 1:
        raise ValueError(f"a file has 1 or more records and so has a page; got {records} and {per_page}")
    return ceil(records / per_page)
