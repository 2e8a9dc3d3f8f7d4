from itertools import product

import pytest

from loopready.edges import edges_asked, offload, simulated_origin_requests


@pytest.mark.parametrize("views, edges", [(1, 3), (4, 2), (4, 3), (5, 4)])
def test_the_edges_asked_are_the_mean_over_every_way_that_requests_can_fall(views, edges):
    ways = [len(set(way)) for way in product(range(edges), repeat=views)]
    assert edges_asked(views, edges) == pytest.approx(sum(ways) / len(ways))


@pytest.mark.parametrize("views, edges", [(10, 10), (100, 50), (1_000, 200), (30, 200)])
def test_drawn_requests_reach_the_origin_as_often_as_the_formula_says(views, edges):
    assert simulated_origin_requests(views, edges) == pytest.approx(edges_asked(views, edges), rel=0.02)


@pytest.mark.parametrize("views, edges", [(1, 5), (40, 5), (500, 200)])
def test_behind_a_shield_the_origin_sends_each_object_once(views, edges):
    assert simulated_origin_requests(views, edges, shield=True, objects=20) == 1
    assert offload(views, edges, shield=True) == pytest.approx(1 - 1 / views)


def test_one_edge_is_as_good_as_a_shield_and_many_requests_fill_every_edge():
    assert offload(50, 1) == pytest.approx(offload(50, 200, shield=True))
    assert edges_asked(1_000_000, 200) == pytest.approx(200)
    assert offload(1, 200) == pytest.approx(0)


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: edges_asked(0, 5), "views are counted, from 1 up; got 0"),
        (lambda: offload(5, 0), "edges are counted 1, 2, 3, ...; got 0"),
        (lambda: simulated_origin_requests(5, 2.5), "got 2.5"),
    ],
    ids=["no requests", "no edges", "half an edge"],
)
def test_a_network_that_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
