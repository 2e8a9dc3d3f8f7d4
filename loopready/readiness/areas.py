"""The areas of readiness: what the loop asks for, how many hours each is worth, and what can be claimed of each.

The hours are the roadmap's four figures for a level, divided among eight areas: operations are a part of its system
design; people, delivery and direction of its stories. The division is our judgement, and so is the wording of what can
be claimed; `source` says which document asks for it.
"""

from dataclasses import dataclass

from loopready.course import CourseError
from loopready.process.documents import PROCESS_GUIDE as GUIDE
from loopready.process.documents import PROCESS_PAGE as PAGE
from loopready.process.documents import ROADMAP
from loopready.process.documents import ROLE_GUIDE as ROLE
from loopready.process.rounds import LEVELS

# What an answer means, from 0 up.
SCALE = ("not yet", "once, or with help", "more than once, alone", "so that others learn it from me")
ROADMAP_HOURS = {
    "L6": {"system design": 100, "coding": 80, "stories": 60, "mocks": 40},
    "L7": {"system design": 150, "coding": 40, "stories": 80, "mocks": 60},
}


@dataclass(frozen=True)
class Statement:
    """One thing to claim, in the first person; `level` is "L7" where only L7 is asked for it."""

    key: str
    says: str
    source: str
    level: str = ""


@dataclass(frozen=True)
class Work:
    """An hour's worth of work or a few: where it is ("week-02: 5. Katas"), what it is, and how many hours."""

    where: str
    says: str
    hours: float


@dataclass(frozen=True)
class Area:
    """One area: its key and name, the roadmap's activity it belongs to, hours by level, statements and work."""

    key: str
    name: str
    activity: str
    hours: dict[str, int]
    statements: tuple[Statement, ...]
    work: tuple[Work, ...]

    def asked(self, level: str) -> tuple[Statement, ...]:
        """The statements for a level."""
        return tuple(one for one in self.statements if one.level in ("", level))


def _weeks(
    section: str, says: str, hours: float, weeks: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
) -> tuple[Work, ...]:
    return tuple(Work(f"week-{week:02}: {section}", says, hours) for week in weeks)


AREAS = (
    Area(
        "design", "System design", "system design", {"L6": 76, "L7": 110},
        (
            Statement("sizing", "In ten minutes I can say what a system needs: requests, storage, machines.", GUIDE),
            Statement("own-system", "A distributed system in production was mine to decide.", ROADMAP),
            Statement("price", "I can name the price of each main choice in it, and what I would take instead.", PAGE),
            Statement("open-up", "I can open the two riskiest parts of a design down to data and limits.", GUIDE),
            Statement("platform", "Several products run on a platform that I designed.", GUIDE, "L7"),
            Statement("two-fields", "I have set technical direction in more than one field.", ROADMAP, "L7"),
        ),
        (
            *_weeks("4. Estimates", "two chains of estimates", 1.2),
            *_weeks("6. Design", "one design against the clock", 1.3),
        ),
    ),
    Area(
        "operations", "Operations", "system design", {"L6": 24, "L7": 40},
        (
            Statement("outage", "I have led an outage, and the review after it.", ROLE),
            Statement("quiet", "On-call got quieter under me, in figures.", ROLE),
            Statement("weekly-page", "Something changed because of a page of figures that I read each week.", PAGE),
            Statement("alike", "Several teams run what they own alike, because of me.", GUIDE, "L7"),
        ),
        (
            Work("week-02: 2. Running it", "alarms, the first ten minutes, the review", 1.2),
            Work("week-02: 4. Estimates", "the nines of a checkout", 0.6),
            Work("week-05: 3. Feeds, spikes and money", "a spike, and what it costs", 1.2),
        ),
    ),
    Area(
        "coding", "Coding", "coding", {"L6": 80, "L7": 40},
        (
            Statement("medium", "I solve a problem of medium difficulty in half an hour, thinking aloud.", GUIDE),
            Statement("language", "In one language I need no manual for lists, maps and heaps.", ROADMAP),
            Statement("cost", "I say what it costs in time and space before I write it.", GUIDE),
            Statement("edges", "I find my own slips, at the edges, before somebody else does.", GUIDE),
            Statement("beyond", "I can say what a piece of code means for scale, cost and a team.", GUIDE, "L7"),
        ),
        _weeks("5. Katas", "four katas", 3),
    ),
    Area(
        "people", "People", "stories", {"L6": 24, "L7": 26},
        (
            Statement("hired", "I have hired somebody who lifted the team.", ROLE),
            Statement("grown", "Somebody reached the next level because of me.", PAGE),
            Statement("not-well", "I have led somebody who did not do the job, to an end.", PAGE),
            Statement("conflict", "I have ended a conflict that had cost the team.", GUIDE),
            Statement("ten", "I have led ten engineers or more.", ROADMAP),
            Statement("hundred", "I have led a hundred, through managers whom I made better.", ROADMAP, "L7"),
        ),
        (
            Work("week-03: 2. Hiring and growing people", "hiring, growing, underperformance", 1.3),
            Work("week-04: 2. Conflict and motivation", "conflict, delegation, motivation", 1.3),
            Work("week-03: 7. Story", "the story of somebody who did not do the job", 2),
            Work("week-04: 7. Story", "the story of two who disagreed", 2),
        ),
    ),
    Area(
        "delivery", "Delivery", "stories", {"L6": 12, "L7": 12},
        (
            Statement("announced", "What my teams announce is there, quarter after quarter.", PAGE),
            Statement("dropped", "I have dropped work on purpose, by a rule that I can say.", ROLE),
            Statement("debt", "I know our debt as a number, and paid some of it against resistance.", ROLE),
        ),
        (
            Work("week-05: 2. Strategy", "what comes first, debt, dates that are fixed", 1.3),
            Work("week-02: 7. Story", "the story of an outage", 2),
        ),
    ),
    Area(
        "direction", "Direction and influence", "stories", {"L6": 8, "L7": 24},
        (
            Statement("vision", "I can say where my team is in two years, and why the business wants it.", PAGE),
            Statement("senior", "A senior person changed their mind because of me.", PAGE),
            Statement("others", "Teams that are not mine did something for me.", GUIDE),
            Statement("executives", "Vice presidents ask me before they decide.", ROADMAP, "L7"),
            Statement("outside", "People outside my company build on something of mine.", ROADMAP, "L7"),
            Statement("years", "My plan covers several years, and says what is given up for it.", GUIDE, "L7"),
        ),
        (
            Work("week-05: 7. Story", "the story of a risk that failed", 2),
            Work("week-01: 7. Story", "a story of Ownership", 2),
            Work("week-06: 2. The people in the room", "the opening, the Bar Raiser, the page you write", 1.3),
        ),
    ),
    Area(
        "stories", "Stories", "stories", {"L6": 16, "L7": 18},
        (
            Statement("twelve", "Twelve stories are written, and each principle has two.", GUIDE),
            Statement("figures", "Each has its figure before and after.", ROLE),
            Statement("badly", "One of them ended badly, and says what I do since.", GUIDE),
            Statement("minutes", "Each takes four to six minutes, by the clock.", GUIDE),
        ),
        (
            Work("story-bank: Write", "one story for the thinnest principle", 2),
            Work("story-bank: Peeling the onion", "one story, peeled", 1),
            Work("week-06: 7. Story", "one story, and two rated again", 2),
        ),
    ),
    Area(
        "room", "In the room", "mocks", {"L6": 40, "L7": 60},
        (
            Statement("whole-loop", "I have been through a whole loop on the clock, asked by somebody else.", ROADMAP),
            Statement("half-time", "At half time of a round I know what it still lacks.", GUIDE),
            Statement("stranger", "A stranger has peeled two of my stories.", ROLE),
            Statement("on-camera", "I have rehearsed as it will be held: screen, editor, board, camera.", GUIDE),
        ),
        (
            Work("mock-loop: a round", "one round on the clock", 1.5),
            Work("mock-loop: a loop", "a whole loop, in a day", 8),
        ),
    ),
)  # fmt: skip


def found(key: str) -> Area:
    """The area called `key`. Raises CourseError, naming those there are."""
    for area in AREAS:
        if area.key == key:
            return area
    raise CourseError(f"no area is called {key!r}; there are {', '.join(area.key for area in AREAS)}")


def known_level(level: str) -> str:
    """`level` when it is one. Raises CourseError otherwise."""
    if level not in LEVELS:
        raise CourseError(f"a level is 'L6' or 'L7'; got {level!r}")
    return level


def weights(level: str) -> dict[str, float]:
    """Each area's share of the roadmap's hours for `level`; they add up to 1.

    >>> round(weights("L7")["design"], 2)
    0.33
    """
    hours = {area.key: area.hours[known_level(level)] for area in AREAS}
    return {key: each / sum(hours.values()) for key, each in hours.items()}
