"""No attack of tests/attacks/ gains a point, sees a secret or harms the honest learner beside it."""

from __future__ import annotations

import pytest
from arena import FAMILIES, Attack, Fate, corpus, hold

from loopready.referee.walls import missing

# What a machine without these walls lets through is no news, and is said by `loopready doctor`.
WALLS = pytest.mark.skipif(bool(missing()), reason=f"this machine lacks: {'; '.join(missing())}")


@pytest.fixture(scope="module")
def fates(tmp_path_factory) -> dict[str, dict[str, Fate]]:
    """What came of the attacks, by family; each family is a class of its own and is graded once."""
    graded: dict[str, dict[str, Fate]] = {}

    def of(family: str) -> dict[str, Fate]:
        if family not in graded:
            attacks = [one for one in corpus() if one.family == family]
            graded[family] = hold(tmp_path_factory.mktemp(family), attacks, refereed=True)
        return graded[family]

    return of


@WALLS
@pytest.mark.parametrize("attack", corpus(), ids=lambda one: f"{one.family}: {one.name}")
def test_an_attack_comes_to_what_it_deserves_and_nothing_more(fates, attack: Attack):
    fate = fates(attack.family)[attack.name]
    assert fate.held, str(fate)
    if attack.deserves is None:
        assert fate.score is None


def test_the_corpus_has_sixty_attacks_and_each_family_ten():
    assert len(corpus()) >= 60
    assert min(sum(one.family == family for one in corpus()) for family in FAMILIES) >= 10
    assert len({(one.family, one.name) for one in corpus()}) == len(corpus())
