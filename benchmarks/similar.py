"""How long it takes to compare the katas of a class of 200: every answer under a disguise of its own.

python benchmarks/similar.py
"""

import platform
import random
import sys
import time
from pathlib import Path

from jupytext.myst import myst_to_notebook

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests"))

from disguises import DISGUISES  # noqa: E402

from loopready.similarity.pairs import alike  # noqa: E402

CLASS = 200


def main() -> None:
    """Print the seconds for each kata of week 1."""
    draw, total = random.Random(1), 0.0
    cells = myst_to_notebook((TOP / "tests" / "honest_katas.md").read_text()).cells
    honest = [(cell.metadata["answer"], cell.source) for cell in cells if cell.cell_type == "code"]
    print(f"{platform.machine()}, Python {platform.python_version()}, {CLASS} learners")
    for kata in dict(honest):
        pool = [text for name, text in honest if name == kata]
        # A number of its own in each, so that no two texts are the same.
        answers = {
            f"l{n:03}": f"{draw.choice(DISGUISES)(draw.choice(pool))}\nmine = {n}" for n in range(CLASS)
        }
        start = time.perf_counter()
        pairs = alike(kata, answers, [])
        total += time.perf_counter() - start
        print(f"{kata}: {time.perf_counter() - start:.1f} s, {len(pairs)} pairs")
    print(f"in all {total:.1f} s")


if __name__ == "__main__":
    main()
