"""The reserve: katas that stand in no week, so that a mock coding round can give one that was never seen.

    from loopready import reserve

    kata = reserve.kata(reserve.unseen(history)[0])
    path = reserve.hand_out(kata.name)
    result = reserve.graded(kata.name)

Each is an assignment of its own, `kata-<name>`, which is built, handed out and graded as a week is. A handed-out
notebook names neither the other katas nor what its own is about.
"""

from loopready.reserve.katas import Kata, kata, katas, unseen
from loopready.reserve.rounds import KataResult, graded, guide, hand_out, reference

__all__ = ["Kata", "KataResult", "graded", "guide", "hand_out", "kata", "katas", "reference", "unseen"]
