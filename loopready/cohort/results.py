"""The class in one table: a row for each learner and week, whether anything came or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loopready.cohort.gradebook import Book

if TYPE_CHECKING:
    import pandas as pd

TESTS = "-tests"  # how the name of a cell ends whose points come from tests


def results(book: Book, root: Path) -> pd.DataFrame:
    """By learner and week: what came, how late, and what it earned.

    Columns: `came` (something lies in `submitted/` or the gradebook knows of it), `graded`, `minutes_late`, `tests`
    (points from tests), `tests_of`, `share` (the one of the other, nan while not graded), `by_hand`, `by_hand_of`,
    `waits` (for a person), `total`. A week of which nothing has come from anybody is left out.
    """
    import pandas as pd

    came = _came(book, root)
    weeks = [week for week in book.weeks["week"] if week in set(came.get_level_values("week"))]
    learners = sorted({*book.learners["learner"], *came.get_level_values("learner")})
    index = pd.MultiIndex.from_product([learners, weeks], names=["learner", "week"])
    table = pd.DataFrame({"came": index.isin(came)}, index=index)
    table = table.join(_late(book)).join(_points(book))
    table["graded"] = table["tests"].notna()
    table["waits"] = table["waits"].eq(True) & table["graded"]
    table["share"] = table["tests"] / table["tests_of"]
    table["total"] = table["tests"] + table["by_hand"].fillna(0)
    return table


def _came(book: Book, root: Path) -> pd.MultiIndex:
    import pandas as pd

    folders = {(path.parent.name, path.name) for path in (root / "submitted").glob("*/*") if path.is_dir()}
    known = set(book.weeks["week"])
    pairs = {(learner, week) for learner, week in folders if week in known}
    pairs |= set(book.hand_ins[["learner", "week"]].itertuples(index=False, name=None))
    return pd.MultiIndex.from_tuples(sorted(pairs), names=["learner", "week"])


def _late(book: Book) -> pd.DataFrame:
    """Minutes after the due date and a learner's extension, 0 for on time; nan where nobody wrote the time down."""
    import pandas as pd

    due = book.hand_ins["due"] + book.hand_ins["extension"].fillna(pd.Timedelta(0))
    minutes = ((book.hand_ins["came"] - due).dt.total_seconds() / 60).clip(lower=0)
    return book.hand_ins.assign(minutes_late=minutes).set_index(["learner", "week"])[["minutes_late"]]


def _points(book: Book) -> pd.DataFrame:
    by_tests = book.marks["cell"].str.endswith(TESTS)
    marks = book.marks.assign(kind=by_tests.map({True: "tests", False: "by_hand"}))
    keys = ["learner", "week"]
    # A sum of nothing is nothing, and not 0: a submission that was not graded has no points yet.
    points = marks.groupby([*keys, "kind"])["points"].sum(min_count=1).unstack("kind")
    out_of = marks.groupby([*keys, "kind"])["out_of"].sum().unstack("kind").add_suffix("_of")
    wanted = ["tests", "by_hand", "tests_of", "by_hand_of"]
    waits = marks.groupby(keys)["waits"].any()
    return points.join(out_of).reindex(columns=wanted).join(waits)


def by_week(table: pd.DataFrame) -> pd.DataFrame:
    """By week: how many came, late, were graded, wait for a person; quartiles of the share of points from tests.

    `table` is that of `results`. Columns: learners, came, late, missing, not_graded, waits, low, middle, high.
    """
    weeks = table.groupby(level="week")
    shares = weeks["share"].quantile([0.25, 0.5, 0.75]).unstack()
    shares.columns = ["low", "middle", "high"]
    counts = {
        "learners": weeks.size(),
        "came": weeks["came"].sum(),
        "late": weeks["minutes_late"].agg(lambda minutes: int((minutes > 0).sum())),
        "missing": weeks["came"].agg(lambda came: int((~came).sum())),
        "not_graded": (table["came"] & ~table["graded"]).groupby(level="week").sum(),
        "waits": weeks["waits"].sum(),
    }
    import pandas as pd

    return pd.DataFrame(counts).astype(int).join(shares)
