import numpy as np
import pint
import pytest

from loopready.queues import in_flight, response_time, simulated_response_times, wait_probability
from loopready.units import byte, millisecond, request, second


@pytest.mark.parametrize(
    "utilisation, times",
    [(0.0, 1), (0.5, 2), (0.8, 5), (0.9, 10), (0.95, 20)],
    ids=["idle", "half", "eighty", "ninety", "ninety-five"],
)
def test_one_server_takes_its_service_time_divided_by_its_idle_share(utilisation, times):
    assert response_time(10 * millisecond, utilisation).m_as("ms") == pytest.approx(10 * times)


# Erlang's C from published tables: load 2 on 3 servers is 4/9, load 4 on 5 servers 0.5541.
@pytest.mark.parametrize(
    "offered, servers, waits", [(0.5, 1, 0.5), (2, 3, 4 / 9), (4, 5, 0.5541)], ids=["one", "three", "five"]
)
def test_the_chance_to_wait_is_erlangs(offered, servers, waits):
    assert wait_probability(offered / servers, servers) == pytest.approx(waits, abs=1e-4)


def test_many_servers_in_one_line_wait_less_than_one_at_the_same_utilisation():
    times = [response_time(10 * millisecond, 0.8, servers).m_as("ms") for servers in (1, 2, 5, 10)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("utilisation", [0.0, 0.3, 0.6, 0.8])
def test_the_simulated_queue_agrees_with_the_formula(utilisation):
    seen = simulated_response_times(10 * millisecond, utilisation, 400_000).m_as("ms").mean()
    assert seen == pytest.approx(response_time(10 * millisecond, utilisation).m_as("ms"), rel=0.03)


def test_littles_law_holds_in_the_simulated_queue():
    service, utilisation = 10 * millisecond, 0.8
    times = simulated_response_times(service, utilisation, 400_000).mean()
    rate = utilisation / service * request
    assert in_flight(rate, times) == pytest.approx(utilisation / (1 - utilisation), rel=0.03)


def test_the_same_seed_is_the_same_queue():
    first, second_ = (simulated_response_times(1 * second, 0.5, 100).m for _ in range(2))
    assert np.array_equal(first, second_)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: response_time(1 * second, 1.0), ValueError, "from 0 to below 1"),
        (lambda: response_time(1 * second, -0.1), ValueError, "got -0.1"),
        (lambda: wait_probability(0.5, 0), ValueError, "servers are counted 1, 2, 3"),
        (
            lambda: response_time(5 * byte, 0.5),
            pint.DimensionalityError,
            "service was to be measured in second",
        ),
        (lambda: in_flight(3 * second, 1 * second), pint.DimensionalityError, "rate was to be measured in"),
        (lambda: simulated_response_times(1 * second, 1.2), ValueError, "got 1.2"),
    ],
    ids=["full", "negative", "no server", "bytes for a time", "a time for a rate", "overfull"],
)
def test_a_queue_that_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()
