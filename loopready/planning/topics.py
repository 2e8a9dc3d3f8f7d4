"""The twenty-four weeks of the course: what each is about, what is in it, and which come first when time is short."""

from collections.abc import Collection
from dataclasses import dataclass

from loopready.planning.hours import WEEKS, total

SIX = tuple(range(1, 7))  # the six-week plan, which stands alone


@dataclass(frozen=True)
class Topic:
    """One week of the course: its number, its subject, and the roadmap's month that it belongs to.

    `design` and `story` are its question and its story where the week is written; each such week has two estimates
    and four katas as well. `minutes` are what its lesson plans for system design, coding and stories.
    """

    number: int
    title: str
    part: str
    design: str = ""
    story: str = ""
    minutes: tuple[int, int, int] = (0, 0, 0)

    @property
    def name(self) -> str:
        """As its lesson is called: `week-03`."""
        return f"week-{self.number:02}"

    @property
    def written(self) -> bool:
        """If there is a notebook for it; else its subject is for self-study."""
        return bool(self.design)


_FIRST, _DEEP, _PRACTICE, _MOCK = "fundamentals", "deep dive", "practice", "mock and polish"

TOPICS = (
    Topic(1, "The loop, and the shape of scale", _FIRST, "a URL shortener", "Ownership", (250, 210, 160)),
    Topic(2, "Staying up", _FIRST, "a rate limiter for a busy API", "an outage", (270, 200, 180)),
    Topic(3, "Hiring and growing people; data at rest", _FIRST,
          "a distributed key-value store", "an underperformer", (260, 220, 180)),
    Topic(4, "Conflict and motivation; data in motion", _FIRST,
          "a leaderboard for a large game", "two senior engineers disagree", (260, 210, 180)),
    Topic(5, "Strategy, money, innovation; feeds and spikes", _FIRST,
          "a photo feed", "a calculated risk that failed", (250, 220, 190)),
    Topic(6, "The mock loop", _FIRST,
          "a real-time messaging platform", "the three stories for the loop", (225, 190, 195)),
    Topic(7, "Trees and graphs as a manager meets them", _FIRST),
    Topic(8, "L6 against L7: checkpoint, and a baseline mock", _FIRST),
    Topic(9, "Consensus, and what CAP makes you choose", _DEEP),
    Topic(10, "Consistency models and transactions", _DEEP),
    Topic(11, "Hot partitions and traffic spikes", _DEEP),
    Topic(12, "Incident response and correction of error", _DEEP),
    Topic(13, "Zero trust and encryption", _DEEP),
    Topic(14, "DynamoDB's partitions and S3's cells", _DEEP),
    Topic(15, "The six pillars of Well-Architected", _DEEP),
    Topic(16, "Platform-scale design and its cost (L7)", _DEEP),
    Topic(17, "Coding patterns: arrays, strings, windows, heaps", _PRACTICE),
    Topic(18, "Coding patterns: graphs, dynamic programming", _PRACTICE),
    Topic(19, "Six-page narratives, PR-FAQ, decision records", _PRACTICE),
    Topic(20, "Portfolio: case studies and diagrams", _PRACTICE),
    Topic(21, "Phone screens", _MOCK),
    Topic(22, "The full loop", _MOCK),
    Topic(23, "The Bar Raiser", _MOCK),
    Topic(24, "Offer, negotiation, the day", _MOCK),
)  # fmt: skip

# Which weeks come first when not all fit: our judgement, by how often the rounds of the four sources ask for them.
_THEN = {
    "L6": (22, 23, 17, 18, 21, 11, 12, 10, 9, 7, 8, 14, 19, 24, 16, 13, 15, 20),
    "L7": (22, 23, 16, 11, 19, 12, 10, 9, 21, 14, 17, 8, 24, 13, 15, 18, 20, 7),
}


def topic(number: int) -> Topic:
    """The week of that number, from 1 to 24."""
    return TOPICS[number - 1]


def fitting(level: str, quarters: int, enough: bool, done: Collection[int] = ()) -> tuple[int, ...]:
    """The numbers of the weeks that `quarters` of an hour have room for, in the order of the course.

    A week of the roadmap is a twenty-fourth of its hours. The six-week plan is always in; what is `done` is not.
    With `enough` hours for all that is left, all of it is in.
    """
    left = [number for number in (*SIX, *_THEN[level]) if number not in done]
    if not quarters:
        return ()
    room = len(left) if enough else quarters * WEEKS // (total(level) * 4)
    return tuple(sorted(left[: max(room, sum(number in SIX for number in left))]))
