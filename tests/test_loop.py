import pytest

from loopready import loop
from loopready.principles import principle


def test_the_five_rounds_take_the_285_minutes_that_their_page_states():
    assert loop.minutes(loop.FIVE_ROUNDS) == (285, 285)


def test_the_stages_do_not_multiply_to_the_whole_that_is_stated():
    low, high = loop.passing_all()
    assert (low, high) == (pytest.approx(0.03), pytest.approx(0.105))
    assert low < loop.OVERALL.low and high < loop.OVERALL.high


@pytest.mark.parametrize(
    "one", loop.FIVE_ROUNDS + loop.FULL_LOOP, ids=lambda one: f"{one.source}: {one.name}"
)
def test_every_round_names_its_source_and_real_principles(one):
    assert one.source in {loop.PROCESS_PAGE, loop.PROCESS_GUIDE, loop.ROLE_GUIDE, loop.ROADMAP}
    assert 0 < one.low <= one.high
    assert [principle(name).name for name in one.principles] == list(one.principles)
