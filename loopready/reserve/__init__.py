"""The reserve: katas that stand in no week, so that a mock coding round can give one that was never seen.

    from loopready import reserve

    kata = reserve.draw(history)
    path = reserve.hand_out(kata.name)
    result = reserve.graded(kata.name)

Each is an assignment of its own, `kata-<name>`, which is built, handed out and graded as a week is. A handed-out
notebook names neither the other katas nor what its own is about.
"""

from loopready.reserve.katas import Kata, draw, kata, katas, unseen
from loopready.reserve.rounds import KataResult, graded, guide, hand_out, handed_out, reference

__all__ = [
    "Kata",
    "KataResult",
    "draw",
    "graded",
    "guide",
    "hand_out",
    "handed_out",
    "kata",
    "katas",
    "reference",
    "unseen",
]
