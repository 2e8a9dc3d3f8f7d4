import pint
import pytest

from loopready.indexes import capacity, counted_reads, scan_reads, tree_levels, tree_reads
from loopready.units import byte, second


@pytest.mark.parametrize(
    "records, levels", [(1, 0), (40, 0), (41, 1), (16_000, 1), (16_001, 2), (6_400_000, 2), (6_400_001, 3)]
)
def test_a_level_is_added_when_the_tree_below_is_full(records, levels):
    assert tree_levels(records, per_page=40, fanout=400) == levels


@pytest.mark.parametrize("records", [1, 30, 1_000, 99_999, 2_000_000])
@pytest.mark.parametrize("per_page, fanout", [(40, 400), (7, 3)])
def test_a_tree_that_was_built_reads_one_page_on_each_level(records, per_page, fanout):
    by_tree, _ = counted_reads(records, per_page, fanout)
    assert by_tree == tree_reads(records, per_page, fanout)


@pytest.mark.parametrize("records", [4_000, 400_000])
def test_a_scan_reads_half_of_the_file_on_average(records):
    _, by_scan = counted_reads(records, 40, 400, lookups=20_000)
    assert by_scan == pytest.approx(scan_reads(records, 40), rel=0.02)


def test_four_levels_of_five_hundred_hold_what_kleppmann_says():
    assert capacity(4, 500, 4096 * byte).m_as("terabyte") == pytest.approx(256)


def test_what_the_levels_hold_needs_those_levels():
    pages = round((capacity(3, 400, 8000 * byte) / (8000 * byte)).m_as(""))
    assert tree_levels(40 * pages, 40, 400) == 3
    assert tree_levels(40 * pages + 1, 40, 400) == 4


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: tree_levels(0, 40, 400), ValueError, "1 or more records"),
        (lambda: scan_reads(10, 0), ValueError, "got 10 and 0"),
        (lambda: tree_reads(10_000, 40, 1), ValueError, "fanout is the number of pages .* got 1"),
        (lambda: capacity(2, 10, 4 * second), pint.DimensionalityError, "page was to be measured in byte"),
    ],
    ids=["no records", "empty pages", "a chain", "seconds for bytes"],
)
def test_an_index_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
