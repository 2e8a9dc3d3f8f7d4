"""Every attack of tests/attacks/ on stock nbgrader and on the referee: who gains, sees or breaks what.

    python benchmarks/attacks.py [family ...]

With stock nbgrader each attacker is graded in a class of their own, with an honest learner after them, because many end
the run; the referee grades a family in one class. It takes about half an hour. What attacks do to stock nbgrader, they
do to the user who runs this: run it on a machine, and as a user, that can be lost.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from arena import FAMILIES, Attack, Fate, corpus, hold, prepare


def main(families: list[str]) -> None:
    """Print the table, a row an attack, and what it comes to."""
    attacks = [one for one in corpus() if one.family in families]
    with tempfile.TemporaryDirectory(prefix="arena-") as name:
        folder = Path(name)
        ours = {
            (family, name): fate
            for family in families
            for name, fate in refereed(folder / family, attacks, family).items()
        }
        (folder / "stock").mkdir()
        prepare(folder / "stock", refereed=False)
        print("| family | what is handed in | stock nbgrader | refereed |\n|:--|:--|:--|:--|", flush=True)
        stock = {}
        for one in attacks:
            which = (one.family, one.name)
            stock[which] = alone(folder, one)
            print(f"| {one.family} | {one.says} | {stock[which]} | {ours[which]} |", flush=True)
    print()
    for who, fates in (("stock nbgrader", stock), ("refereed", ours)):
        print(f"{who}: {summary(list(fates.values()))}")


def refereed(folder: Path, attacks: list[Attack], family: str) -> dict[str, Fate]:
    """The fates of a family under the referee."""
    folder.mkdir()
    return hold(folder, [one for one in attacks if one.family == family], refereed=True)


def alone(folder: Path, attack: Attack) -> Fate:
    """The fate of one attack in a class of its own under stock nbgrader."""
    own = folder / "own"
    shutil.copytree(folder / "stock", own)
    try:
        return hold(own, [attack], refereed=False, course=own / "course", seconds=240)[attack.name]
    finally:
        shutil.rmtree(own, ignore_errors=True)


def summary(fates: list[Fate]) -> str:
    """How many attacks did what."""
    count = Counter(
        what
        for one in fates
        for what, there in {
            "gained points": one.gained, "lost what they had earned": one.lost, "saw secrets": one.stole,
            "harmed others": one.harmed, "held": one.held,
        }.items()
        if there
    )  # fmt: skip
    said = ", ".join(f"{number} {what}" for what, number in sorted(count.items()))
    return f"{len(fates)} attacks: {said}"


if __name__ == "__main__":
    main(sys.argv[1:] or list(FAMILIES))
