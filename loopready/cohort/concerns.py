"""Who needs a word this week, and why: a ranked list with reasons, by a rule that anybody can follow.

Each reason has a weight, the weights add up, and the highest sum comes first; equal sums by name. The weights and
bounds are our judgement of what a tired instructor would want to hear first, and they are shown with the list. No
reason is a verdict on a person: it says what to ask about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopready.cohort.analysis import is_slip
from loopready.cohort.mistakes import BLANK

if TYPE_CHECKING:
    import pandas as pd

FELL = 0.20  # of the points from tests, below the learner's own mean of the weeks before
LOW = 0.40  # of the points from tests
BLANKS = 1 / 3  # of the exercises
APART = 0.20  # of the points, between self-rating and the points given, on average


@dataclass(frozen=True)
class Rule:
    """A reason to have a word: what it looks for, in words, and what it weighs."""

    looks_for: str
    weight: int


RULES = {
    "gone": Rule("nothing came, two weeks or more in a row", 5),
    "absent": Rule("nothing came this week", 3),
    "ungraded": Rule("something came and could not be graded", 3),
    "fell": Rule(
        f"points from tests fell by {FELL:.0%} of the week or more, against the learner's own weeks before", 3
    ),
    "low": Rule(f"less than {LOW:.0%} of the points from tests", 2),
    "blank": Rule(f"{BLANKS:.0%} of the exercises or more left blank", 2),
    "high": Rule(
        f"rates stories and designs {APART:.0%} of the points or more above yours, over two or more", 1
    ),
    "modest": Rule(f"rates them {APART:.0%} or more below yours, over two or more", 1),
    "late": Rule("late two weeks in a row", 1),
    "slip": Rule("the same slip in two estimates", 1),
}


@dataclass(frozen=True)
class Concern:
    """A learner to have a word with: the reasons in words, the heaviest first, and the sum of their weights."""

    learner: str
    weight: int
    reasons: tuple[str, ...]


Reason = tuple[str, str]  # a rule's name, and what was seen


def concerns(
    results: pd.DataFrame,
    week: str,
    found: pd.DataFrame,
    rated: pd.DataFrame,
    told: pd.DataFrame | None = None,
) -> list[Concern]:
    """Who needs a word after `week`, in order. The tables are those of `results`, `mistakes` and `ratings`.

    `told` has the diagnoses that each learner got (learner, exercise, diagnosis), where they are known.
    """
    seen = results[results.index.get_level_values("week") <= week].sort_index()
    blanks, apart = _blanks(found), _apart(rated[rated["week"] <= week])
    repeated = _repeated(told)
    listed = []
    for learner, rows in seen.groupby(level="learner"):
        reasons = [*_of_weeks(rows.droplevel("learner"), week)]
        reasons += [
            *_of_blanks(blanks.get(learner)),
            *_of_ratings(apart.get(learner)),
            *repeated.get(learner, ()),
        ]
        if reasons:
            reasons.sort(key=lambda reason: -RULES[reason[0]].weight)
            weight = sum(RULES[name].weight for name, _ in reasons)
            listed.append(Concern(str(learner), weight, tuple(says for _, says in reasons)))
    return sorted(listed, key=lambda one: (-one.weight, one.learner))


def _of_weeks(rows: pd.DataFrame, week: str) -> Iterator[Reason]:
    """The reasons in one learner's weeks up to this one."""
    now, before = rows.loc[week], rows.iloc[:-1]
    away = _run(~rows["came"])
    if away >= 2:
        yield "gone", f"nothing came for {away} weeks"
    elif away:
        yield "absent", "nothing came this week"
    elif not now["graded"]:
        yield "ungraded", "what came could not be graded"
    else:
        yield from _of_points(now["share"], before["share"].mean())
    if len(rows) > 1 and (rows["minutes_late"].iloc[-2:] > 0).all():
        yield "late", "late two weeks in a row"


def _of_points(share: float, before: float) -> Iterator[Reason]:
    if before - share >= FELL:
        yield "fell", f"fell from {before:.0%} to {share:.0%} of the points from tests"
    if share < LOW:
        yield "low", f"{share:.0%} of the points from tests"


def _run(away: pd.Series) -> int:
    """How many weeks in a row, up to the last, are so."""
    count = 0
    for one in reversed(away.tolist()):
        if not one:
            break
        count += 1
    return count


def _blanks(found: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """By learner, how many exercises were left blank, of how many."""
    counted = found.assign(blank=found["slip"] == BLANK).groupby("learner")["blank"].agg(["sum", "size"])
    return {learner: (int(blank), int(size)) for learner, blank, size in counted.itertuples()}


def _of_blanks(blanks: tuple[int, int] | None) -> Iterator[Reason]:
    if blanks and blanks[0] and blanks[0] >= BLANKS * blanks[1]:
        yield "blank", f"{blanks[0]} of {blanks[1]} exercises left blank"


def _apart(rated: pd.DataFrame) -> dict[str, float]:
    """By learner with two ratings or more, the mean of said less given."""
    gaps = (rated["said"] - rated["given"]).groupby(rated["learner"]).agg(["mean", "size"])
    return {learner: float(mean) for learner, mean, size in gaps.itertuples() if size >= 2}


def _of_ratings(gap: float | None) -> Iterator[Reason]:
    if gap is not None and abs(gap) >= APART:
        above = gap > 0
        yield (
            "high" if above else "modest",
            f"rates own work {abs(gap):.0%} {'above' if above else 'below'} your points",
        )


def _repeated(told: pd.DataFrame | None) -> dict[str, list[Reason]]:
    """By learner, the diagnosis that came up in two exercises or more."""
    if told is None or not len(told):
        return {}
    slips = told[told["diagnosis"].map(is_slip).astype(bool)]
    counted = slips.groupby(["learner", "diagnosis"])["exercise"].nunique()
    twice = counted[counted >= 2].reset_index()
    return {
        learner: [("slip", f"“{rows['diagnosis'].iloc[0]}” in {rows['exercise'].iloc[0]} estimates")]
        for learner, rows in twice.groupby("learner")
    }


def rule_in_words(rules: Sequence[Rule] = tuple(RULES.values())) -> str:
    """The rule as it is shown beside the list."""
    parts = "; ".join(f"{rule.looks_for} ({rule.weight})" for rule in rules)
    return f"Weights in brackets, added up, the highest sum first: {parts}."
