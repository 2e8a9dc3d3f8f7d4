import numpy as np
import pytest

from loopready.scaling import best_size, share_of_top, slow_page_share, speedup


def test_without_contention_each_machine_adds_one():
    assert np.array_equal(speedup(np.arange(1, 9), contention=0), np.arange(1, 9))


def test_without_coherency_the_law_is_amdahls_and_never_passes_its_limit():
    assert speedup(1_000_000, contention=0.05) == pytest.approx(1 / 0.05, rel=1e-3)


@pytest.mark.parametrize("contention, coherency", [(0.03, 0.0002), (0.1, 0.001), (0.0, 0.01)])
def test_the_best_size_is_where_one_machine_more_makes_it_slower(contention, coherency):
    sizes = np.arange(1, 2_000)
    best = sizes[np.argmax(speedup(sizes, contention, coherency))]
    assert abs(best - best_size(contention, coherency)) <= 1


def test_a_page_of_many_calls_meets_a_slow_one_as_often_as_dice_say():
    dice = np.random.default_rng(7).random((40_000, 50)) < 0.01
    assert slow_page_share(50) == pytest.approx(dice.any(axis=1).mean(), abs=0.01)


def test_popularity_by_rank_adds_up():
    assert share_of_top(1.0, 1000) == pytest.approx(1)
    assert share_of_top(0.0, 1000) == 0
    # Harmonic numbers: H(10) / H(1000), from any table.
    assert share_of_top(0.01, 1000) == pytest.approx(2.928968 / 7.485471, rel=1e-6)


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: speedup(3, contention=1.5), "contention is a share, from 0 to 1; got 1.5"),
        (lambda: best_size(0.1, 0), "without coherency cost there is no best size"),
        (lambda: slow_page_share(-1), "0 or more calls; got -1"),
        (lambda: slow_page_share(3, 2), "slow is a share"),
    ],
    ids=["share above one", "no best size", "fewer than no calls", "slow above one"],
)
def test_a_number_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
