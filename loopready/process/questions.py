"""The question bank: what interviewers are said to ask, in our own words, tagged and tied to the week that prepares.

    questions.bank()                                   # all of them
    questions.chosen(focus="people", level="L6")       # what may be asked in such a round
    questions.found("two-seniors").follow_ups

The questions lie in `questions/*.toml`, a file a group, and are read when they are first asked for. `asked` ties each
one to the places where a document lists it; PLACES says how many questions each place lists, so that what nobody
covers can be counted.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from loopready.course import CourseError
from loopready.principles import principle
from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE, ROADMAP, ROLE_GUIDE
from loopready.process.rounds import FOCUSES, LEVELS

GROUPS = {
    "opening": "Opening and closing conversations",
    "design": "System design",
    "people": "People",
    "principles": "Principles, one story each",
    "strategy": "Strategy and execution",
    "coding": "Coding",
}
REGIONS = ("Seattle", "Europe", "India")

# Where a document lists questions: its short name, the place there, and how many it lists. A place's questions are
# called by their number in the document's order: "page/common 7".
PLACES = {
    "page/common": (PROCESS_PAGE, "common list", 20),
    "page/seattle": (PROCESS_PAGE, "Seattle", 4),
    "page/india": (PROCESS_PAGE, "India", 1),
    "page/europe": (PROCESS_PAGE, "Europe", 4),
    "page/recruiter": (PROCESS_PAGE, "recruiter", 4),
    "page/design": (PROCESS_PAGE, "system design", 4),
    "page/people": (PROCESS_PAGE, "people", 4),
    "page/director": (PROCESS_PAGE, "director", 4),
    "page/manager": (PROCESS_PAGE, "hiring manager", 4),
    "page/advice": (PROCESS_PAGE, "advice for every round", 1),
    "guide/phone": (PROCESS_GUIDE, "phone screen", 4),
    "guide/ask": (PROCESS_GUIDE, "what to ask on the phone", 4),
    "guide/coding": (PROCESS_GUIDE, "coding problems", 4),
    "guide/extensions": (PROCESS_GUIDE, "after the coding problem", 4),
    "guide/beyond": (PROCESS_GUIDE, "coding at L7", 4),
    "guide/design": (PROCESS_GUIDE, "design problems", 4),
    "guide/people": (PROCESS_GUIDE, "first behavioural round", 4),
    "guide/direction": (PROCESS_GUIDE, "second behavioural round", 4),
    "guide/bar-raiser": (PROCESS_GUIDE, "Bar Raiser", 4),
    "guide/manager": (PROCESS_GUIDE, "hiring manager", 4),
    "role/behavioural": (ROLE_GUIDE, "behavioural, to go over", 4),
    "role/examples": (ROLE_GUIDE, "behavioural, examples", 3),
    "role/topics": (ROLE_GUIDE, "system design, to go over", 3),
    "role/design": (ROLE_GUIDE, "system design, examples", 3),
    "role/execution": (ROLE_GUIDE, "execution", 3),
    "role/principles": (ROLE_GUIDE, "common, behavioural", 5),
    "role/common-design": (ROLE_GUIDE, "common, system design", 4),
    "role/situations": (ROLE_GUIDE, "common, situations", 3),
    "role/answers": (ROLE_GUIDE, "answers", 2),
    "role/onion": (ROLE_GUIDE, "peeling the onion", 3),
    "roadmap/coding": (ROADMAP, "coding", 1),
}


def listed() -> list[str]:
    """Every question that a document lists, by place and number: ["page/common 1", ...]."""
    return [f"{place} {number}" for place, (*_, count) in PLACES.items() for number in range(1, count + 1)]


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    `focuses` are the rounds in which it may come, of `rounds.FOCUSES`, its own round first. `principles` are those it
    asks for, the main one first; empty where none is. `level` is "L6" or "L7" where it is asked of one alone, and
    `region` one of REGIONS where it is asked there above all. `prepared` are (week, heading) of the lessons. `asked`
    are the places in the documents that list it; a question of our own has none.
    """

    id: str
    group: str
    asks: str
    focuses: tuple[str, ...]
    topic: str
    follow_ups: tuple[str, ...]
    prepared: tuple[tuple[str, str], ...]
    principles: tuple[str, ...] = ()
    level: str = ""
    region: str = ""
    asked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, given, known in (
            ("round", self.focuses, FOCUSES),
            ("level", (self.level,), ("", *LEVELS)),
            ("region", (self.region,), ("", *REGIONS)),
            ("place", self.asked, _listed()),
        ):
            for one in given:
                if one not in known:
                    raise CourseError(
                        f"question {self.id}: no {what} is called {one!r}; see loopready.process"
                    )

    @property
    def by(self) -> str:
        """Who asks it: `process page, people and common list; role guide`, or "ours"."""
        said: dict[str, list[str]] = {}
        for place in dict.fromkeys(one.rpartition(" ")[0] for one in self.asked):
            document, where, _ = PLACES[place]
            said.setdefault(document, []).append(where)
        return "; ".join(f"{document}, {' and '.join(where)}" for document, where in said.items()) or "ours"


def anchor(heading: str) -> str:
    """A heading as an address has it: small letters, hyphens, no punctuation.

    >>> anchor("What do they ask first, and last?")
    'what-do-they-ask-first-and-last'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def _listed() -> frozenset[str]:
    return frozenset(listed())


@cache
def bank() -> tuple[Question, ...]:
    """Every question, in the order of GROUPS and of their files. Raises CourseError for a question with a fault."""
    found = [question for group in GROUPS for question in _read(group)]
    ids = [question.id for question in found]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise CourseError(f"two questions are called {twice.pop()!r}: rename one")
    return tuple(found)


def _read(group: str) -> list[Question]:
    """The questions of a group's file."""
    text = files("loopready.process").joinpath("questions", f"{group}.toml").read_text(encoding="utf-8")
    return [question(group, id, said) for id, said in tomllib.loads(text).items()]


def question(group: str, id: str, said: dict) -> Question:
    """A question from its entry in a group's file. Raises CourseError, naming the question, for a fault in it."""
    try:
        return Question(
            id=id,
            group=group,
            asks=said["asks"],
            focuses=tuple(said["rounds"]),
            topic=said["topic"],
            follow_ups=tuple(said["follow_ups"]),
            prepared=tuple(_place(text) for text in said["prepared"]),
            principles=tuple(principle(name).name for name in said.get("principles", ())),
            level=said.get("level", ""),
            region=said.get("region", ""),
            asked=tuple(said.get("asked", ())),
        )
    except (KeyError, ValueError) as error:
        raise CourseError(f"question {id} in {group}.toml lacks {error}: see the others there") from error


def _place(text: str) -> tuple[str, str]:
    """`6: Who decides?` as ("week-06", "Who decides?")."""
    week, colon, heading = text.partition(": ")
    if not colon:
        raise ValueError(f"week and heading in {text!r}")
    return f"week-{int(week):02}", heading


def found(id: str) -> Question:
    """The question called `id`. Raises CourseError when there is none."""
    for question in bank():
        if question.id == id:
            return question
    raise CourseError(f"no question is called {id!r}: docs/questions.md lists them")


def chosen(
    focus: str = "",
    level: str = "",
    region: str = "",
    principles: Iterable[str] = (),
    topic: str = "",
    group: str = "",
) -> list[Question]:
    """The questions that fit everything that is given, in the bank's order.

    `level` leaves out what is asked of the other level alone, `region` what is asked in another region, and
    `principles` what asks for none of them.
    """
    names = {principle(name).name for name in principles}
    return [
        one
        for one in bank()
        if (not focus or focus in one.focuses)
        and (not level or one.level in ("", level))
        and (not region or one.region in ("", region))
        and (not names or names & set(one.principles))
        and (not topic or one.topic == topic)
        and (not group or one.group == group)
    ]


def drawn(count: int, source: Random, seen: Iterable[str] = (), **filters: object) -> list[Question]:
    """`count` questions out of those `chosen` by the filters, with no principle twice while others are left.

    Those whose ids are in `seen` come only when nothing else is left. `source` decides, so the same one draws the same.
    """
    pool, known = chosen(**filters), set(seen)
    source.shuffle(pool)
    pool.sort(key=lambda one: one.id in known)
    taken: list[Question] = []
    while pool and len(taken) < count:
        told = {name for one in taken for name in one.principles[:1]}
        fresh = [one for one in pool if one.id not in known and not told & set(one.principles[:1])]
        taken.append((fresh or pool)[0])
        pool.remove(taken[-1])
    return taken


def uncovered() -> list[str]:
    """What the documents list and no question of the bank covers."""
    covered = {place for one in bank() for place in one.asked}
    return [place for place in listed() if place not in covered]
