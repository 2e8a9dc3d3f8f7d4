import numpy as np
import pytest

from loopready.rings import (
    PLACES,
    fullest,
    moved_by_modulo,
    moved_by_ring,
    owners,
    position,
    ring,
    shares,
    spread,
)


def test_a_text_has_one_place_on_the_ring():
    # The first four bytes of SHA-256 of "abc", from FIPS 180-2, appendix B.1.
    assert position("abc") == 0xBA7816BF < PLACES


def test_every_machine_has_its_points_and_the_places_ascend():
    places, machines = ring(7, 40)
    assert np.array_equal(np.bincount(machines), [40] * 7)
    assert (np.diff(places) >= 0).all()


def test_a_key_belongs_to_the_first_point_at_or_after_it_and_the_ring_is_closed():
    places, machines = np.array([10, 20, 30]), np.array([2, 0, 1])
    assert owners(np.array([5, 10, 11, 30, 31]), places, machines).tolist() == [2, 2, 0, 1, 2]


def test_the_shares_are_those_that_many_keys_would_find():
    places, machines = ring(5, 20)
    keys = np.random.default_rng(3).integers(PLACES, size=200_000)
    found = np.bincount(owners(keys, places, machines), minlength=5) / len(keys)
    assert shares(5, 20).sum() == pytest.approx(1)
    assert found == pytest.approx(shares(5, 20), abs=0.005)


@pytest.mark.parametrize("machines, points", [(10, 1), (10, 100), (4, 30)])
def test_hashed_shares_spread_as_the_formula_says(machines, points):
    hashed = np.array([shares(machines, points, f"r{r}-") for r in range(150)]) * machines
    assert hashed.std() == pytest.approx(spread(machines, points), rel=0.1)


def test_one_machine_has_no_spread_and_many_points_leave_one_over_their_root():
    assert spread(1, 5) == 0
    assert spread(10_000, 400) == pytest.approx(1 / 20, rel=1e-3)


@pytest.mark.parametrize("machines", [3, 10])
def test_with_one_point_each_the_fullest_holds_the_harmonic_number(machines):
    hashed = [shares(machines, 1, f"r{r}-").max() * machines for r in range(1_500)]
    assert np.mean(hashed) == pytest.approx(fullest(machines), rel=0.04)


def test_the_harmonic_number_is_that_of_any_table():
    assert fullest(10) == pytest.approx(2.928968, abs=1e-6)


@pytest.mark.parametrize("machines", [2, 5, 10, 20])
def test_modulo_moves_all_but_one_key_in_n_plus_one(machines):
    assert moved_by_modulo(machines) == pytest.approx(machines / (machines + 1), abs=0.012)


@pytest.mark.parametrize("machines", [2, 5, 10])
def test_a_ring_moves_one_key_in_n_plus_one(machines):
    moved = [moved_by_ring(machines, points=50, keys=2_000, name=f"r{r}-") for r in range(30)]
    assert np.mean(moved) == pytest.approx(1 / (machines + 1), rel=0.08)


def test_a_machine_that_joins_a_ring_takes_keys_and_moves_no_other():
    keys = np.random.default_rng(5).integers(PLACES, size=5_000)
    before, after = owners(keys, *ring(6, 100)), owners(keys, *ring(7, 100))
    assert set(after[before != after]) == {6}


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: ring(0, 5), "machines are counted 1, 2, 3, ...; got 0"),
        (lambda: spread(3, 0), "points are counted"),
        (lambda: moved_by_ring(3, keys=0), "keys are counted"),
        (lambda: fullest(2.5), "got 2.5"),
    ],
    ids=["no machine", "no points", "no keys", "half a machine"],
)
def test_a_ring_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
