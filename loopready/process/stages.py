"""How far candidates are said to come, stage by stage, and the weeks that it takes."""

from dataclasses import dataclass

from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel: the lowest and highest share of candidates said to pass it, from 0 to 1."""

    name: str
    low: float
    high: float
    source: str = PROCESS_GUIDE


STAGES = (
    Stage("Phone screen", 0.40, 0.60),
    Stage("Technical phone", 0.50, 0.70),
    Stage("On-site loop", 0.15, 0.25),
)
OVERALL = Stage("Whole process, as stated", 0.08, 0.15)


def passing_all(stages: tuple[Stage, ...] = STAGES) -> tuple[float, float]:
    """The lowest and highest share of candidates left after all `stages`, each stage's share multiplied."""
    low = high = 1.0
    for stage in stages:
        low, high = low * stage.low, high * stage.high
    return low, high


@dataclass(frozen=True)
class Step:
    """One step of the way: what happens, and its first and last day, counted from the application as day 1."""

    what: str
    first: int
    last: int
    source: str = PROCESS_GUIDE


# The guide counts days within weeks; the day here is 7 * (week - 1) + day.
TIMELINE = (
    Step("you apply", 1, 1),
    Step("a recruiter writes", 3, 5),
    Step("the phone screen is fixed", 7, 7),
    Step("phone screen", 8, 8),
    Step("technical phone", 10, 12),
    Step("the loop is being fixed", 14, 21),
    Step("the loop", 22, 28),
    Step("debrief and decision", 29, 30),
    Step("references, if it is a yes", 31, 33),
    Step("the answer", 35, 35),
    Step("everything, by the other account", 1, 30, PROCESS_PAGE),
)
# After the loop the guide gives a second count, from the last interview on: not the same days.
AFTER_THE_LOOP = (
    Step("thanks to the recruiter", 1, 1),
    Step("debrief", 1, 2),
    Step("references and decision", 2, 5),
    Step("the answer", 5, 7),
)
