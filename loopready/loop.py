"""The interview process as data: rounds, minutes and pass rates, each with the document that says so.

The four documents disagree in places. Disagreements are kept side by side and never averaged; `docs/sources.md`
describes the documents behind the short names used here.
"""

from dataclasses import dataclass

__all__ = ["FIVE_ROUNDS", "FULL_LOOP", "OVERALL", "STAGES", "Round", "Stage", "minutes", "passing_all"]

PROCESS_PAGE = "process page"  # one company's page on the L7 role: five rounds, 285 minutes, a six-week plan
PROCESS_GUIDE = (
    "process guide"  # the complete L6/L7 process: phone screens, seven rounds, pass rates, checklists
)
ROLE_GUIDE = "role guide"  # what the role is, what is asked, compensation
ROADMAP = "roadmap"  # the six-month plan, hours by activity, L6 against L7


@dataclass(frozen=True)
class Round:
    """One conversation: its name, shortest and longest minutes, what it decides, and the document that says so."""

    name: str
    low: int
    high: int
    kind: str
    decides: str
    source: str
    principles: tuple[str, ...] = ()


FIVE_ROUNDS = (
    Round("Recruiter", 45, 45, "screen", "motivation, communication, the basics of managing", PROCESS_PAGE),
    Round(
        "System design", 60, 60, "design", "technical judgement and trade-offs", PROCESS_PAGE,
        ("Invent and Simplify", "Ownership"),
    ),
    Round(
        "People management", 60, 60, "behavioural", "how you hire, coach and resolve", PROCESS_PAGE,
        ("Earn Trust", "Dive Deep", "Have Backbone; Disagree and Commit"),
    ),
    Round(
        "Director", 60, 60, "behavioural", "strategy, business sense, influence", PROCESS_PAGE,
        ("Customer Obsession", "Think Big", "Bias for Action"),
    ),
    Round(
        "Hiring manager", 60, 60, "behavioural", "consistency over all rounds, vision for the role", PROCESS_PAGE,
        ("Bias for Action", "Deliver Results"),
    ),
)  # fmt: skip

FULL_LOOP = (
    Round("Phone screen", 30, 30, "screen", "fit and basic competence", PROCESS_GUIDE),
    Round("Technical phone", 45, 45, "coding", "one coding problem, one small design", PROCESS_GUIDE),
    Round("Coding 1", 45, 45, "coding", "algorithms and code you would merge", PROCESS_GUIDE),
    Round("Coding 2", 45, 45, "coding", "the same bar, another problem", PROCESS_GUIDE),
    Round("System design", 60, 90, "design", "L6: millions of users; L7: billions", PROCESS_GUIDE),
    Round("Behavioural 1", 45, 60, "behavioural", "leading and growing people", PROCESS_GUIDE),
    Round("Behavioural 2", 45, 60, "behavioural", "influence across teams", PROCESS_GUIDE),
    Round("Bar Raiser", 60, 90, "bar raiser", "whether you raise the bar; holds a veto", PROCESS_GUIDE),
    Round("Hiring manager", 45, 60, "behavioural", "fit for this team's problems", PROCESS_GUIDE),
)


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


def minutes(rounds: tuple[Round, ...]) -> tuple[int, int]:
    """The shortest and the longest sum of the rounds, in minutes.

    >>> minutes(FIVE_ROUNDS)
    (285, 285)
    """
    return sum(one.low for one in rounds), sum(one.high for one in rounds)


def passing_all(stages: tuple[Stage, ...] = STAGES) -> tuple[float, float]:
    """The lowest and highest share of candidates left after all `stages`, each stage's share multiplied."""
    low = high = 1.0
    for stage in stages:
        low, high = low * stage.low, high * stage.high
    return low, high
