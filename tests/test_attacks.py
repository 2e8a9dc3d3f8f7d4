"""The corpus of attacks itself; tests/test_attacks_*.py run it, a family in each, so that workers share them."""

from __future__ import annotations

from pathlib import Path

from arena import FAMILIES, corpus


def test_the_corpus_has_sixty_attacks_and_each_family_ten():
    assert len(corpus()) >= 60
    assert min(sum(one.family == family for one in corpus()) for family in FAMILIES) >= 10
    assert len({(one.family, one.name) for one in corpus()}) == len(corpus())


def test_each_family_is_run():
    files = {
        path.stem.removeprefix("test_attacks_") for path in Path(__file__).parent.glob("test_attacks_*.py")
    }
    assert files == set(FAMILIES)
