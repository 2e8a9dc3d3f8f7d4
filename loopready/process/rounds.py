"""Both variants of the loop, round by round: who asks, for how long, by which agenda, and what is looked for.

    rounds.FIVE_ROUNDS              # the process page's: 285 minutes
    rounds.FULL_LOOP                # the process guide's: two phone screens and seven rounds
    rounds.found("design")          # a round by its key
    one.length("L7")                # minutes to rehearse it in
    one.clock(45)                   # its agenda in 45 minutes: [(slot, minutes), ...]

A round's `focus` says what is asked in it and is the key to questions, anchors and reasons for a no.
"""

from dataclasses import dataclass, field

from loopready.counts import OURS
from loopready.course import CourseError
from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE

FOCUSES = ("screen", "coding", "design", "people", "direction", "bar raiser", "hiring manager")
PARTS = ("technical", "behavioural", "bar raiser", "hiring manager")  # as the debrief's rule has them
LEVELS = ("L6", "L7")


@dataclass(frozen=True)
class Slot:
    """One part of a round's agenda: what is done, its shortest and longest minutes, and whose division it is."""

    says: str
    low: int
    high: int
    source: str = PROCESS_GUIDE


@dataclass(frozen=True)
class Round:
    """One conversation, as `source` has it, in our words.

    `low` and `high` are minutes; `by_level` holds the minutes that are stated for a level. `kind` is how it is
    drawn ("screen", "coding", "design", "behavioural", "bar raiser"), `focus` one of FOCUSES. `criteria` are what
    is judged, `signals` what the interviewer hopes to hear, and `expects` what differs by level.
    """

    key: str
    name: str
    low: int
    high: int
    kind: str
    focus: str
    decides: str
    source: str
    interviewer: str
    principles: tuple[str, ...] = ()
    agenda: tuple[Slot, ...] = ()
    criteria: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    expects: dict[str, str] = field(default_factory=dict)
    by_level: dict[str, int] = field(default_factory=dict)
    in_loop: bool = True  # a screen before it has no vote in the debrief

    @property
    def part(self) -> str:
        """Which part of the debrief's rule its vote belongs to, one of PARTS; "" for a screen."""
        if not self.in_loop:
            return ""
        if self.focus in ("bar raiser", "hiring manager"):
            return self.focus
        return "technical" if self.kind in ("coding", "design") else "behavioural"

    def length(self, level: str) -> int:
        """Minutes to rehearse it in at `level`: what is stated for the level, else the longest.

        >>> [found("seven-design").length(level) for level in LEVELS]
        [60, 90]
        """
        if level not in LEVELS:
            raise CourseError(f"a level is 'L6' or 'L7'; got {level!r}")
        return self.by_level.get(level, self.high)

    def clock(self, minutes: int | None = None) -> list[tuple[Slot, int]]:
        """The agenda in whole minutes that add up to `minutes`, or to the round's longest.

        Each slot's share is that of its middle; what rounding leaves goes to the largest remainders. Raises
        CourseError where there is less than a minute for each slot.

        >>> [spent for _, spent in found("seven-design").clock(45)]
        [7, 13, 13, 6, 6]
        """
        minutes = self.high if minutes is None else minutes
        if minutes < len(self.agenda):
            raise CourseError(
                f"{self.name} has {len(self.agenda)} parts, a minute each at least; got {minutes}"
            )
        return list(
            zip(self.agenda, _shares([slot.low + slot.high for slot in self.agenda], minutes), strict=True)
        )


def _shares(weights: list[int], total: int) -> list[int]:
    """`total` divided by `weights` into whole numbers, what is left to the largest remainders, the first first."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [max(1, int(share)) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: whole[place] - exact[place])
    while left := total - sum(whole):
        # A slot that was raised to its one minute may have to be paid for by the longest.
        place = by_remainder.pop(0) if left > 0 else whole.index(max(whole))
        whole[place] += 1 if left > 0 else -1
    return whole


_SCREEN = (
    Slot("The role, and how the process goes", 5, 5),
    Slot("Two or three questions on principles", 15, 15),
    Slot("Your technical background", 5, 5),
    Slot("Dates and next steps", 5, 5),
)
_PROBLEM = (
    Slot("Who we are", 5, 5, OURS),
    Slot("Clarify: inputs, limits, edges", 5, 5),
    Slot("Say two ways and what they cost; choose one with the interviewer", 10, 10),
    Slot("Write it, and walk an example through it", 15, 15),
    Slot("What if: a thousand times the input, monitoring it, one more feature", 5, 5),
    Slot("Your questions", 5, 5, OURS),
)
_DESIGN = (
    Slot("Requirements, users and numbers", 10, 10),
    Slot("The whole, from client to disk", 20, 20),
    Slot("The two parts that matter", 20, 20),
    Slot("Scale, failure and running it", 10, 10),
    Slot("What is asked next", 10, 10),
)
_STORIES = (
    Slot("Role and background", 5, 10),
    Slot("Three or four questions, each followed to its ground", 35, 45),
    Slot("Your questions", 5, 10),
)
_RAISER = (
    Slot("Role and background", 5, 5, OURS),
    Slot("Two or three stories, peeled", 35, 55, OURS),
    Slot("A hypothetical or a dilemma", 10, 20, OURS),
    Slot("Your questions", 10, 10, OURS),
)
_MANAGER = (
    Slot("Your experience, in depth", 15, 15),
    Slot("Technical and strategic scenarios", 20, 20),
    Slot("The team and how you work together", 15, 15),
    Slot("Your questions, and what the role needs", 10, 10),
)

FIVE_ROUNDS = (
    Round(
        "five-recruiter", "Recruiter", 45, 45, "screen", "screen",
        "motivation, communication, the basics of managing", PROCESS_PAGE, "recruiter or HR", (), _SCREEN,
        ("fit with the culture", "the basics of managing", "communication", "a first view of leading"),
        ("interest in this role", "clear speech", "values that go with Amazon's", "honesty about yourself"),
        in_loop=False,
    ),
    Round(
        "five-design", "System design", 60, 60, "design", "design", "technical judgement and trade-offs",
        PROCESS_PAGE, "senior or principal engineer", ("Invent and Simplify", "Ownership"), _DESIGN,
        ("designing a system", "solving technical problems", "distribution and scale", "leading the discussion"),
        ("judgement", "a large problem made of small ones", "ideas told clearly", "pragmatism", "trade-offs"),
    ),
    Round(
        "five-people", "People management", 60, 60, "behavioural", "people", "how you hire, coach and resolve",
        PROCESS_PAGE, "senior engineering manager or director",
        ("Earn Trust", "Dive Deep", "Have Backbone; Disagree and Commit"), _STORIES,
        ("managing people", "mentoring engineers", "conflict and team building", "performance"),
        ("empathy", "named people who grew", "feedback that was given", "a hard conversation that was held",
         "care for the team before it is ill"),
    ),
    Round(
        "five-director", "Director", 60, 60, "behavioural", "direction", "strategy, business sense, influence",
        PROCESS_PAGE, "director or VP of engineering",
        ("Customer Obsession", "Think Big", "Bias for Action"), _STORIES,
        ("strategy and plans", "business sense", "stakeholders", "decisions"),
        ("a vision in plain words", "the business around it", "talk with stakeholders", "data behind decisions",
         "problems met early"),
    ),
    Round(
        "five-manager", "Hiring manager", 60, 60, "behavioural", "hiring manager",
        "consistency over all rounds, vision for the role", PROCESS_PAGE, "hiring manager or senior leader",
        ("Bias for Action", "Deliver Results"), _MANAGER,
        ("all principles together", "the same answers all day", "impact and results", "vision for role and team",
         "potential to lead"),
        ("principles that are lived", "impact told clearly", "interest and a view of the future",
         "a line from what was to what will be"),
    ),
)  # fmt: skip

FULL_LOOP = (
    Round(
        "seven-phone", "Phone screen", 30, 30, "screen", "screen", "fit and basic competence", PROCESS_GUIDE,
        "recruiter or hiring manager; no veto", (), _SCREEN,
        ("clear talk and storytelling", "real interest in this role", "a past of leading and of engineering",
         "values"),
        in_loop=False,
    ),
    Round(
        "seven-technical-phone", "Technical phone", 45, 45, "coding", "coding",
        "one coding problem, one small design", PROCESS_GUIDE, "senior engineer (L5 to L6) of the hiring team", (),
        (
            Slot("Background and warm-up", 5, 5),
            Slot("One coding problem of medium difficulty", 30, 30),
            Slot("A small design, or a technical talk", 10, 10),
        ),
        ("clean code that runs", "cost in time and space", "edge cases and tests", "approach and trade-offs told"),
        expects={"L6": "quality of what is written", "L7": "architecture and scale behind it"},
        in_loop=False,
    ),
    Round(
        "seven-coding-1", "Coding 1", 45, 45, "coding", "coding", "algorithms and code you would merge",
        PROCESS_GUIDE, "not stated", (), _PROBLEM,
        ("data structures and algorithms", "quality of code", "method", "working with somebody"),
        expects={
            "L6": "a medium problem, solved efficiently, tested, fit for production",
            "L7": "architecture in it: scale, upkeep, what it means to the business",
        },
    ),
    Round(
        "seven-coding-2", "Coding 2", 45, 45, "coding", "coding", "the same bar, another problem", PROCESS_GUIDE,
        "not stated", (), _PROBLEM,
        ("data structures and algorithms", "quality of code", "method", "working with somebody"),
        expects={"L6": "as in the first", "L7": "may be left out: one or two at L7"},
    ),
    Round(
        "seven-design", "System design", 60, 90, "design", "design", "L6: millions of users; L7: billions",
        PROCESS_GUIDE, "not stated", (), _DESIGN,
        ("distributed systems", "known patterns", "what can be built", "trade-offs"),
        expects={
            "L6": "millions of users, one team's system, something that can be built",
            "L7": "billions of users, a platform, and what it asks of the organisation",
        },
        by_level={"L6": 60, "L7": 90},
    ),
    Round(
        "seven-people", "Behavioural 1", 45, 60, "behavioural", "people", "leading and growing people",
        PROCESS_GUIDE, "not stated; four to six principles to cover", (), _STORIES,
        ("building and growing teams", "conflict and hard conversations", "performance and coaching",
         "change of culture"),
        expects={"L6": "examples from a team", "L7": "an organisation that changed"},
    ),
    Round(
        "seven-direction", "Behavioural 2", 45, 60, "behavioural", "direction", "influence across teams",
        PROCESS_GUIDE, "not stated; four to six principles to cover", (), _STORIES,
        ("influence without authority", "technical decisions", "leading for customers", "innovation and process"),
        expects={"L6": "plans of a quarter or a year", "L7": "vision over several years"},
    ),
    Round(
        "seven-bar-raiser", "Bar Raiser", 60, 90, "bar raiser", "bar raiser",
        "whether you raise the bar; holds a veto", PROCESS_GUIDE,
        "senior and trained for it (L6 or above), from another organisation", (), _RAISER,
        ("culture", "decisions from values", "growth over the long run", "leading as yourself"),
        ("true stories with real learning", "the same values in each", "reflection", "something the culture lacks"),
    ),
    Round(
        "seven-manager", "Hiring manager", 45, 60, "behavioural", "hiring manager", "fit for this team's problems",
        PROCESS_GUIDE, "hiring manager", (), _MANAGER,
        ("experience for this role", "how you work together", "vision and strategy", "ready from the first day"),
        ("expertise in the team's problems", "its mission understood", "a style that adapts", "sober expectations"),
    ),
)  # fmt: skip

ROUNDS = FIVE_ROUNDS + FULL_LOOP
LOOPS = {"five rounds": FIVE_ROUNDS, "seven rounds": FULL_LOOP}
# The page names no Bar Raiser, and without one nothing is decided; so a rehearsal of its loop borrows the guide's.
REHEARSALS = {
    "five rounds": (*FIVE_ROUNDS, FULL_LOOP[7]),
    "seven rounds": FULL_LOOP,
}


def found(key: str) -> Round:
    """The round called `key`: "seven-design". Raises CourseError, naming those there are."""
    for one in ROUNDS:
        if one.key == key:
            return one
    raise CourseError(f"no round is called {key!r}; there are {', '.join(one.key for one in ROUNDS)}")


def minutes(rounds: tuple[Round, ...]) -> tuple[int, int]:
    """The shortest and the longest sum of the rounds, in minutes.

    >>> minutes(FIVE_ROUNDS)
    (285, 285)
    """
    return sum(one.low for one in rounds), sum(one.high for one in rounds)
