"""Item analysis: which exercises and which named cases tell the able from the rest, and which confuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from loopready.cohort import statistics
from loopready.cohort.mistakes import BLANK, NONE, RIGHT, Known
from loopready.cohort.papers import Answer
from loopready.cohort.results import TESTS

if TYPE_CHECKING:
    import pandas as pd

UNANSWERED = "not answered yet"  # what `loopready.estimates` says of a step that is still `...`
Papers = Mapping[str, Sequence[Answer]]  # the answers of one week, by learner


def exercises(marks: pd.DataFrame, week: str, found: pd.DataFrame) -> pd.DataFrame:
    """A row for each exercise of `week`, by name: how it went with those graded.

    `marks` is the gradebook's, `found` comes from `mistakes`. Columns: takers, out_of, difficulty, discrimination
    (with the rest of the week's points from tests), upper_lower, blank, right (shares of takers), verdict.
    """
    import pandas as pd

    scores, out_of = _scores(marks, week)
    rest, totals = statistics.discrimination(scores.to_numpy()), scores.sum(axis=1).to_numpy()
    rows = {}
    for place, cell in enumerate(scores.columns):
        name, values = cell.removesuffix(TESTS), scores[cell].to_numpy()
        takers = int((~np.isnan(values)).sum())
        seen = found[found["exercise"] == name]["slip"]
        rows[name] = {
            "takers": takers,
            "out_of": out_of[cell],
            "difficulty": statistics.difficulty(values, out_of[cell]),
            "discrimination": rest[place],
            "upper_lower": statistics.upper_lower(values, totals, out_of[cell]),
            "blank": float((seen == BLANK).mean()) if len(seen) else np.nan,
            "right": float((seen == RIGHT).mean()) if len(seen) else np.nan,
            "verdict": statistics.verdict(rest[place], takers),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("exercise")


def reliability(marks: pd.DataFrame, week: str) -> float:
    """Cronbach's alpha over the exercises of `week` that tests grade."""
    return statistics.alpha(_scores(marks, week)[0].to_numpy())


def _scores(marks: pd.DataFrame, week: str) -> tuple[pd.DataFrame, dict[str, float]]:
    """Points of learners in rows and tests cells in columns, less those who were not graded; what each is out of."""
    of_week = marks[(marks["week"] == week) & marks["cell"].str.endswith(TESTS)]
    scores = of_week.pivot(index="learner", columns="cell", values="points")
    scores = scores.dropna(how="all").dropna(how="all", axis="columns")
    return scores, of_week.groupby("cell")["out_of"].first().to_dict()


def cases(papers: Papers) -> pd.DataFrame:
    """A row for each named case, in the notebook's order: takers, difficulty, discrimination, verdict.

    The discrimination is the point-biserial correlation with the share of all other cases of the week that passed.
    Where an exercise's tests did not end, all its cases failed.
    """
    import pandas as pd

    names = _case_names(papers)
    passed = np.array([_passed(answers, names) for answers in papers.values()], dtype=float)
    if not len(passed):
        return pd.DataFrame(columns=["exercise", "case", "takers", "difficulty", "discrimination", "verdict"])
    rest, takers = statistics.discrimination(passed), (~np.isnan(passed)).sum(axis=0)
    return pd.DataFrame(
        {
            "exercise": [exercise for exercise, _ in names],
            "case": [says for _, says in names],
            "takers": takers,
            "difficulty": [statistics.difficulty(one, 1) for one in passed.T],
            "discrimination": rest,
            "verdict": [statistics.verdict(value, count) for value, count in zip(rest, takers, strict=True)],
        }
    )


def _case_names(papers: Papers) -> list[tuple[str, str]]:
    """Each (exercise, case) of the week; the tests are the instructor's, so everybody has the same."""
    names: dict[str, dict[str, None]] = {}
    for answers in papers.values():
        for one in answers:
            names.setdefault(one.exercise, {}).update(dict.fromkeys(case.says for case in one.cases))
    return [(exercise, says) for exercise, cases in names.items() for says in cases]


def _passed(answers: Sequence[Answer], names: list[tuple[str, str]]) -> list[float]:
    """1, 0, or nan for an exercise that is not in this paper at all."""
    known = {one.exercise: {case.says: float(case.passed) for case in one.cases} for one in answers}
    return [known[exercise].get(says, 0.0) if exercise in known else np.nan for exercise, says in names]


def mistakes(papers: Papers, known: Mapping[str, Known]) -> pd.DataFrame:
    """A row for each learner and exercise: what the answer is. Columns: learner, exercise, slip, by."""
    import pandas as pd

    rows = [
        (learner, one.exercise, *_read(one, known)) for learner, answers in papers.items() for one in answers
    ]
    return pd.DataFrame(rows, columns=["learner", "exercise", "slip", "by"])


def _read(answer: Answer, known: Mapping[str, Known]) -> tuple[str, str]:
    found = known.get(answer.exercise, Known("")).mistake(answer)
    return found.slip, found.by


def common(found: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """The wrong answers that come up most: up to `most` for each exercise, blanks left out.

    Columns: exercise, slip, by, learners (how many), share (of all who answered or left it blank).
    """
    wrong = found[~found["slip"].isin([RIGHT, BLANK, NONE])]
    counted = wrong.groupby(["exercise", "slip"], sort=False).agg(
        learners=("learner", "size"), by=("by", "first")
    )
    takers = found.groupby("exercise").size()
    table = counted.reset_index().sort_values(["exercise", "learners", "slip"], ascending=[True, False, True])
    table["share"] = table["learners"] / table["exercise"].map(takers)
    order = {name: place for place, name in enumerate(dict.fromkeys(found["exercise"]))}
    best = table.groupby("exercise").head(most)
    best = best.sort_values("exercise", key=lambda names: names.map(order), kind="stable")
    return best[["exercise", "slip", "by", "learners", "share"]].reset_index(drop=True)


def told(papers: Papers) -> pd.DataFrame:
    """What the course told each learner of the estimates that went wrong: learner, exercise, step, diagnosis.

    The diagnosis is that of `loopready.estimates`: a known slip, or which way and how far off; a step that was not
    answered counts as such.
    """
    import pandas as pd

    rows = [
        (learner, one.exercise, case.says, case.got)
        for learner, answers in papers.items()
        for one in answers
        if one.exercise.endswith("-estimate")
        for case in one.cases
        if case.mark == "fail"
    ]
    return pd.DataFrame(rows, columns=["learner", "exercise", "step", "diagnosis"])


def is_slip(diagnosis: str) -> bool:
    """Whether a diagnosis names what was done, and not only which way and how far the number is off."""
    return bool(diagnosis) and not diagnosis.startswith(("too ", "close", "not "))


def diagnoses(papers: Papers) -> pd.DataFrame:
    """What learners were told of their estimates, counted: exercise, step, diagnosis, learners."""
    counted = told(papers).groupby(["exercise", "step", "diagnosis"]).size().rename("learners").reset_index()
    return counted.sort_values(
        ["learners", "exercise", "step"], ascending=[False, True, True], ignore_index=True
    )
