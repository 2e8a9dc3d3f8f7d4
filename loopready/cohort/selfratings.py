"""Self-rating against the instructor's points, for the stories and designs that a class rated and somebody graded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from loopready.cohort import statistics
from loopready.cohort.gradebook import Book
from loopready.course import CourseError
from loopready.enclosure import NAME, read

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["learner", "week", "kind", "said", "given"]
FEW = 8  # pairs; with fewer the numbers are left out


def ratings(book: Book, root: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """A row for each thing that was rated and graded, and by learner what is wrong with a file that cannot be read.

    `said` is the sum of the levels over the highest sum, `given` the points by hand over what there is: the same
    scale, since the points are the sum of an instructor's levels.
    """
    import pandas as pd

    by_hand = book.marks[book.marks["by_hand"].notna()]
    given = {
        (one.learner, one.week, one.cell.rpartition("-")[2]): one.by_hand / one.out_of
        for one in by_hand.itertuples()
        if one.out_of
    }
    rows, troubles = [], {}
    for path in sorted((root / "submitted").glob(f"*/*/{NAME}")):
        learner, week = path.parts[-3:-1]
        try:
            rated = [each for each in read(path) if each.levels]
        except CourseError as error:
            troubles[learner] = str(error).replace(str(root), "").lstrip("/")
            continue
        for each in rated:
            levels, tops = map(sum, zip(*each.levels.values(), strict=True))
            key = learner, week, each.subject.kind
            if key in given:
                rows.append((*key, levels / tops, given[key]))
    return pd.DataFrame(rows, columns=COLUMNS), troubles


@dataclass(frozen=True)
class Agreement:
    """How self-ratings and points agree; shares of 1, with a bootstrap interval for the bias."""

    pairs: int
    bias: float
    low: float
    high: float
    correlation: float
    squared_error: float
    calibration: float

    @property
    def headline(self) -> str:
        """The finding in a few words."""
        if self.pairs < FEW:
            return f"{self.pairs} rated and graded: too few to compare"
        if self.low <= 0 <= self.high:
            return "On average they rate themselves as you do"
        side = "above" if self.bias > 0 else "below"
        return f"On average they rate themselves {abs(self.bias):.0%} {side} your points"

    @property
    def says(self) -> str:
        """The finding in a sentence."""
        if self.pairs < FEW:
            return f"{self.headline}."
        return f"{self.headline}; correlation {self.correlation:.2f} over {self.pairs} pairs."

    @property
    def rows(self) -> list[list[str]]:
        """Each number with what it means, for a table."""
        return [
            ["pairs", "stories and designs that were both rated and graded", str(self.pairs)],
            ["bias", "mean of self-rating less points, as shares; above zero they rate too high", _signed(self.bias)],
            ["its interval", "where 95 in 100 lie when the pairs are drawn anew",
             f"{_signed(self.low)} to {_signed(self.high)}"],
            ["correlation", "1 when they order their work as you do", f"{self.correlation:.2f}"],
            ["mean squared gap", "the Brier score's form; 0 when every rating is yours", f"{self.squared_error:.3f}"],
            ["of it miscalibration", "the part that a correction by level would take away", f"{self.calibration:.3f}"],
        ]  # fmt: skip


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def agreement(table: pd.DataFrame) -> Agreement:
    """How the two columns `said` and `given` of `ratings` agree."""
    said, given = table["said"].to_numpy(float), table["given"].to_numpy(float)
    low, high = statistics.interval(statistics.bias, said, given)
    return Agreement(
        len(table),
        statistics.bias(said, given),
        low,
        high,
        statistics.correlation(said, given),
        statistics.squared_error(said, given),
        statistics.calibration(said, given, groups(said)),
    )


def groups(said: np.ndarray) -> np.ndarray:
    """The fifth of the scale in which each self-rating falls: 0 for up to 0.2, 4 for above 0.8."""
    return np.clip(np.ceil(said * 5 - 1e-9).astype(int) - 1, 0, 4)


def curve(table: pd.DataFrame) -> pd.DataFrame:
    """The calibration curve: for each fifth of the scale, the mean of said and of given, and how many pairs."""
    fifths = table.groupby(groups(table["said"].to_numpy(float)))
    return fifths.agg(said=("said", "mean"), given=("given", "mean"), pairs=("given", "size"))
