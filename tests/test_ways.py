"""The way into a box: each trial has a processor of its own where there is one, and time for the way that it has."""

from __future__ import annotations

import os

import pytest

from loopready.referee import ways
from loopready.referee.processors import stay, staying


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="processes cannot be kept on a processor here"
)
def test_two_trials_are_never_kept_on_the_same_processor():
    before = os.sched_getaffinity(0)
    with staying() as one:
        assert one is None or os.sched_getaffinity(0) == {one}
        os.sched_setaffinity(0, before)
        with staying() as other:
            assert other is None or other != one
        # A third that finds all taken runs wherever there is room.
        assert os.sched_getaffinity(0) == before
    assert os.sched_getaffinity(0) == before


def test_to_stay_on_a_processor_that_is_not_there_changes_nothing():
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    stay(None)
    stay(100_000)
    assert before is None or os.sched_getaffinity(0) == before


@pytest.mark.parametrize("way, slack", [(1e-6, 2.0), (25e-6, 3.0), (1e-3, 3.5)])
def test_a_case_has_more_time_where_the_way_is_longer_up_to_a_limit(monkeypatch, way, slack):
    monkeypatch.setattr(ways, "way", lambda: way)
    assert ways.slack.__wrapped__() == pytest.approx(slack)


def test_the_way_is_measured_with_calls_that_are_made():
    assert 0 < ways.way(calls=5, rounds=2) < 0.1
