"""Random numbers that are the same whenever the same submission is graded, and that no answer can foresee."""

import contextlib
import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["apart", "due", "mirrored", "seeded"]

# What a test has seeded itself and not drawn from since: the library, its seed, and the state that this is.
_asked: dict[str, tuple[Any, Any]] = {}
_secret = [0]


def apart(seed: int, who: str) -> int:
    """A seed for one of several who must not be able to draw each other's numbers."""
    return int.from_bytes(hashlib.sha256(f"{seed} {who}".encode()).digest()[:16], "big")


def seeded(seed: int) -> None:
    """Have random numbers begin where `seed` says, numpy's as well where it is imported."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


@contextlib.contextmanager
def mirrored(secret: int) -> Iterator[None]:
    """While a test runs, note where it seeds its numbers: an answer that it then calls is to begin there too."""
    numpy = sys.modules.get("numpy")
    homes = {"random": random, **({"numpy": numpy.random} if numpy else {})}
    before = {library: home.seed for library, home in homes.items()}
    _secret[0] = secret
    for library, home in homes.items():
        home.seed = _noting(library, before[library])
    try:
        yield
    finally:
        _asked.clear()
        for library, home in homes.items():
            home.seed = before[library]


def due() -> list[tuple[str, Any]]:
    """The libraries and seeds with which an answer is to begin now.

    What the test draws afterwards begins elsewhere, or the answer could draw it as well.
    """
    if not _asked:
        return []
    found = [(library, seed) for library, (seed, state) in _asked.items() if _state(library) == state]
    _asked.clear()
    if found:
        _secret[0] = apart(_secret[0], "after a test has seeded")
        for library, _ in found:
            _reseed(library, _secret[0])
    return found


def _reseed(library: str, seed: int) -> None:
    random.Random.seed(random._inst, seed) if library == "random" else sys.modules["numpy"].random.set_state(
        sys.modules["numpy"].random.RandomState(seed % 2**32).get_state()
    )


def _noting(library: str, seed: Callable) -> Callable:
    def note(a: Any = None, *more: Any, **named: Any) -> None:
        seed(a, *more, **named)
        if isinstance(a, (int, str, bytes, float)) and not more and not named:
            _asked[library] = a, _state(library)

    return note


def _state(library: str) -> Any:
    if library == "random":
        return random.getstate()
    kind, keys, *rest = sys.modules["numpy"].random.get_state()
    return kind, keys.tobytes(), *rest
