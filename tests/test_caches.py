from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from loopready.caches import best_hit_ratio, different, lru_hit_ratio, lru_size, missed, popularity, reads
from loopready.scaling import share_of_top


def exact_lru(size: int, items: int, exponent: float) -> float:
    """The hit ratio of LRU, from the chance of each order of last reads.

    King, "Analysis of Demand Paging Algorithms", IFIP Congress 1971.
    """
    shares, ratio = popularity(items, exponent), 0.0
    for held in permutations(range(items), size):
        chance, left = 1.0, 1.0
        for item in held:
            chance, left = chance * shares[item] / left, left - shares[item]
        ratio += chance * shares[list(held)].sum()
    return ratio


def test_popularity_falls_as_one_over_the_rank():
    assert popularity(3).tolist() == pytest.approx([6 / 11, 3 / 11, 2 / 11])
    assert popularity(4, exponent=0).tolist() == [0.25] * 4


def test_reads_ask_for_each_item_by_its_popularity():
    found = np.bincount(reads(400_000, 5, exponent=0.8), minlength=5) / 400_000
    assert found == pytest.approx(popularity(5, 0.8), abs=0.003)


@pytest.mark.parametrize("size, items", [(1, 4), (2, 4), (10, 100), (100, 100)])
def test_the_best_ratio_is_one_of_harmonic_numbers(size, items):
    held, every = (sum(Fraction(1, rank) for rank in range(1, last + 1)) for last in (size, items))
    assert best_hit_ratio(size, items) == pytest.approx(float(held / every))


def test_the_best_ratio_is_the_share_of_the_most_popular():
    assert best_hit_ratio(20_000, 100_000, 0.8) == share_of_top(0.2, 100_000, 0.8)


@pytest.mark.parametrize(
    "size, items, exponent", [(1, 5, 1.0), (2, 5, 1.0), (3, 5, 1.0), (4, 6, 0.7)], ids=str
)
def test_a_real_cache_hits_as_often_as_kings_exact_formula_says(size, items, exponent):
    hits = 1 - missed(size, items, exponent, number=400_000).mean()
    assert hits == pytest.approx(exact_lru(size, items, exponent), abs=0.004)


def test_a_cache_of_one_hits_when_the_same_item_is_read_twice_running():
    assert exact_lru(1, 7, 1.0) == pytest.approx((popularity(7) ** 2).sum())
    asked = reads(50_000, 7)
    assert missed(1, 7, number=50_000)[1:].sum() == (asked[1:] != asked[:-1]).sum()


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.0, 1.2])
@pytest.mark.parametrize("size", [100, 1_000, 5_000])
def test_ches_approximation_is_within_half_a_point_of_a_real_cache(size, exponent):
    hits = 1 - missed(size, 10_000, exponent, number=300_000).mean()
    assert lru_hit_ratio(size, 10_000, exponent) == pytest.approx(hits, abs=0.005)


@pytest.mark.parametrize("size", [1, 50, 99, 100])
def test_where_all_are_equally_popular_every_cache_hits_by_its_size(size):
    assert lru_hit_ratio(size, 100, exponent=0) == pytest.approx(size / 100)
    assert best_hit_ratio(size, 100, exponent=0) == pytest.approx(size / 100)


@pytest.mark.parametrize("size", [10, 300, 990])
def test_lru_never_beats_the_most_popular(size):
    assert lru_hit_ratio(size, 1_000) < best_hit_ratio(size, 1_000)


@pytest.mark.parametrize("exponent", [0.8, 1.0])
@pytest.mark.parametrize("size", [30, 3_000, 100_000])
def test_many_items_hit_as_if_each_were_summed_alone(size, exponent):
    shares = popularity(300_000, exponent)
    low, high = 0.0, 1e9  # the last reads that hold `size` different items, by halving
    for _ in range(60):
        last = (low + high) / 2
        low, high = (last, high) if -np.expm1(-shares * last).sum() < size else (low, last)
    alone = -(shares * np.expm1(-shares * low)).sum()
    assert lru_hit_ratio(size, 300_000, exponent) == pytest.approx(alone, rel=1e-5)


@pytest.mark.parametrize("ratio", [0.5, 0.95, 0.99])
def test_the_size_for_a_ratio_reaches_it(ratio):
    size = lru_size(ratio, 20_000)
    assert lru_hit_ratio(size, 20_000) == pytest.approx(ratio, abs=1e-4)


def test_a_full_cache_goes_on_as_it_began():
    misses = missed(500, 5_000, number=600_000)
    assert misses[:200_000].mean() == pytest.approx(misses[-200_000:].mean(), abs=0.005)


def test_an_empty_cache_misses_each_item_once():
    misses = missed(5_000, 5_000, number=100_000, full=False)
    assert misses.sum() == len(set(reads(100_000, 5_000).tolist()))


@pytest.mark.parametrize("number", [0, 1, 2_000, 50_000])
def test_a_filling_cache_has_missed_what_the_formula_says(number):
    counted = [missed(3_000, 3_000, number=number, full=False, seed=seed).sum() for seed in range(12)]
    assert np.mean(counted) == pytest.approx(different(number, 3_000), rel=0.01, abs=0.01)


def test_different_items_in_few_reads_by_hand():
    # Two reads of 1/(1 + 1/2) and half of that: the same one twice with chance 4/9 + 1/9.
    assert different(2, 2) == pytest.approx(1 + 4 / 9)
    assert different(5, 1) == 1


def test_the_same_seed_is_the_same_stream():
    assert np.array_equal(missed(50, 500, number=2_000, seed=4), missed(50, 500, number=2_000, seed=4))


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: best_hit_ratio(0, 10), "size: a whole number from 1 up; got 0"),
        (lambda: lru_hit_ratio(11, 10), "holds at most all 10 items; got 11"),
        (lambda: missed(2.5, 10), "got 2.5"),
        (lambda: popularity(0), "items: a whole number from 1 up"),
        (lambda: popularity(5, -1), "the exponent is 0 for equal popularity, or above; got -1"),
        (lambda: lru_size(1.0, 10), "between 0 and 1; got 1.0"),
        (lambda: reads(-1, 10), "reads: a whole number from 0 up; got -1"),
    ],
    ids=["no size", "more than all", "half an item", "no items", "exponent", "all", "negative"],
)
def test_a_cache_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
