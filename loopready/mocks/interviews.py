"""A round of words: questions drawn by principle, and follow-ups chosen by what the answer lacks.

    interview = Interview(mocks, mock.id, place)
    asked = interview.question()
    interview.answer(asked, "I moved the team to Dublin ...")
    interview.follow_up().text       # "How much of that could I read off a number, and which one?"

A question comes again only when every other one of its kind was asked as often. The Bar Raiser stays with one answer
for four follow-ups, others for two; how many is our judgement, as the documents only say that they dig.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random

from loopready.bank import Bank
from loopready.course import CourseError
from loopready.mocks.records import Asked, Mocks
from loopready.mocks.sittings import Mock
from loopready.principles import slug
from loopready.probes import Probe, probes
from loopready.process import questions
from loopready.process.questions import Question
from loopready.process.rounds import Round
from loopready.review import review
from loopready.revisions import Kept
from loopready.stories import Story
from loopready.words import words

QUESTIONS = {"screen": 3, "people": 4, "direction": 4, "bar raiser": 3, "hiring manager": 4}
FOLLOW_UPS = {"bar raiser": 4}  # to one answer
FEW = 2  # the same in the other rounds
# The rules of the review that a typed answer can break, by where they listen, and what a follow-up says of it.
IN_ACTION = {
    "i-or-we": "who acted is not clear",
    "shown": "the principle is in none of the words that we know",
    "blame": "it sounds as if others were at fault",
    "vague": "many words could mean anything",
}
IN_RESULT = {
    "baseline": "a figure has no before",
    "figures": "there is no figure in it",
    "learning": "nothing in it sounds like a lesson",
}
HEARD = {**IN_ACTION, **IN_RESULT}
ENOUGH = 20  # words, before anything is concluded from what an answer lacks


class Interview:
    """One round of words, kept in `mocks`; `source` decides what is drawn."""

    def __init__(self, mocks: Mocks, mock: int, place: int, source: Random | None = None):
        self.mocks, self.id, self.place = mocks, mock, place
        self._source = source or Random()
        if self.round.focus not in QUESTIONS:
            raise CourseError(f"{self.round.name} has no questions to answer in words")

    @property
    def mock(self) -> Mock:
        """The mock as the file has it."""
        return self.mocks.mock(self.id)

    @property
    def round(self) -> Round:
        """The round that is rehearsed."""
        return self.mock.sitting(self.place).of

    @property
    def asked(self) -> list[Asked]:
        """What was asked in it, the first one first."""
        return self.mocks.asked(self.id, self.place)

    @property
    def depth(self) -> int:
        """How many follow-ups one answer gets."""
        return FOLLOW_UPS.get(self.round.focus, FEW)

    def next(self) -> Asked | None:
        """What is asked now: a follow-up while the answer is not dug out, else a question; None at the end."""
        return self.follow_up() or self.question()

    def question(self) -> Asked | None:
        """Another question, asked and kept; None when the round has had its number."""
        before = [one for one in self.asked if one.kind == "question"]
        if len(before) >= QUESTIONS[self.round.focus]:
            return None
        drawn = draw(self.round, self.mock.level, self.mocks.asked(), self.id, self._source)
        if not drawn:
            return None
        because = drawn.principles[0] if drawn.principles else drawn.topic
        return self.mocks.ask(self.id, self.place, "question", drawn.id, drawn.asks, because)

    def follow_up(self) -> Asked | None:
        """What the last question's answer invites most, asked and kept; None when it was dug out."""
        asked = self.asked
        first = next((one for one in reversed(asked) if one.kind == "question"), None)
        thread = [one for one in asked if first and first.id in (one.id, one.follows)]
        if not first or len(thread) > self.depth:
            return None
        rules = {_rule(one.because) for one in thread} & set(HEARD)
        texts = self.mocks.texts(self.id, self.place)
        told = [texts.get(field(one), "") for one in thread]
        of = questions.found(first.key)
        fresh = [
            probe
            for probe in invited(of, told, self.round.focus == "bar raiser", self.mock.level)
            if _rule(probe.because) not in rules and probe.question not in {one.text for one in thread}
        ]
        # What another answer was asked comes only when nothing else is left.
        fresh.sort(key=lambda probe: probe.question in {one.text for one in asked})
        if not fresh:
            return None
        ask, because = fresh[0].question, fresh[0].because
        return self.mocks.ask(self.id, self.place, "follow-up", first.key, ask, because, first.id)

    def answer(self, asked: Asked, text: str) -> datetime:
        """Keep an answer as it stands; the moment in UTC."""
        return self.mocks.write(self.id, self.place, field(asked), text)

    def answers(self) -> list[tuple[Asked, str]]:
        """Everything that was asked in the round, with its answer."""
        texts = self.mocks.texts(self.id, self.place)
        return [(one, texts.get(field(one), "")) for one in self.asked]

    def signs(self) -> tuple[str, ...]:
        """What at least half of the answers lack, follow-ups included, by the names of the review's rules."""
        threads: dict[int, list[str]] = {}
        for one, text in self.answers():
            threads.setdefault(one.follows or one.id, []).append(text)
        told = [text for text in map(" ".join, threads.values()) if _enough(text)]
        found = Counter(sign for text in told for sign in lacking(text))
        return tuple(rule for rule in HEARD if 2 * found[rule] >= max(1, len(told)))


def field(asked: Asked) -> str:
    """The name under which the answer to it is kept."""
    return f"answer {asked.id}"


def draw(
    of: Round, level: str, asked: Iterable[Asked], mock: int, source: Random, focus: str = ""
) -> Question | None:
    """A question for the round, of those that were asked least often; None where there is none.

    Of these, first one with a principle that this mock has not heard, the round's own principles before others.
    """
    pool = questions.chosen(focus=focus or of.focus, level=level)
    before = [one for one in asked if one.kind == "question"]
    uses = Counter(one.key for one in before)
    least = min((uses[one.id] for one in pool), default=0)
    heard = Counter(name for one in before if one.mock == mock for name in _principles(one.key))
    own = set(of.principles)

    def rank(one: Question) -> tuple:
        return (
            sum(heard[name] for name in one.principles[:1]),
            not one.principles,
            bool(own) and not own & set(one.principles),
            source.random(),
        )

    return min((one for one in pool if uses[one.id] == least), key=rank, default=None)


def _principles(key: str) -> tuple[str, ...]:
    try:
        return questions.found(key).principles[:1]
    except CourseError:
        return ()  # a question of another loopready


def invited(question: Question, told: list[str], digging: bool, level: str = "") -> Iterator[Probe]:
    """Follow-ups to what was `told` so far, what it lacks first; the question's own come before what digs deeper."""
    text = "\n".join(filter(None, told))
    if words(text) and not _enough(text):
        count = len(words(text))
        yield Probe("Tell it from the beginning: where was it, and what was yours to do?",
                    f"short: the answer has {count} words", "situation")  # fmt: skip
    enough = _enough(text)
    lacks = list(_lacks(text, question)) if enough else []
    found = probes(_heard(question.principles, level, action=text, result=text), most=99) if enough else []
    deeper = [one for one in found if ":" not in one.because and "asked of every" not in one.because]
    always = [one for one in found if "asked of every" in one.because]
    own = [
        Probe(text, f"own {place}: it belongs to the question", "story")
        for place, text in enumerate(question.follow_ups, 1)
    ]
    yield from lacks
    yield from (*deeper, *own) if digging else (*own, *deeper)
    yield from always or _ALWAYS


_ALWAYS = tuple(
    Probe(text, f"deeper {place}: it is asked of every answer", "story")
    for place, text in enumerate(("And what happened next?", "Which decision in it would you take back?"), 1)
)


def _lacks(text: str, question: Question) -> Iterator[Probe]:
    """A follow-up for each rule that an answer breaks, in the order in which a listener would ask."""
    for part, rules in (("action", IN_ACTION), ("result", IN_RESULT)):
        for one in probes(_heard(question.principles, **{part: text}), most=99):
            if (rule := _rule(one.because)) in rules:
                yield Probe(one.question, f"{rule}: {rules[rule]}", part)


def _heard(principles: Iterable[str] = (), level: str = "", **parts: str) -> Story:
    """An answer as a story; whoever speaks in a room does not say which part is on, so each rule hears all of it."""
    return Story.from_dict({"principles": list(principles)[:1], "level": level, **parts})


def lacking(text: str) -> list[str]:
    """The names of the review's rules that an answer breaks, of those in HEARD."""
    found = (
        (one.rule, rules)
        for part, rules in (("action", IN_ACTION), ("result", IN_RESULT))
        for one in review(_heard(**{part: text})).looks
    )
    return [rule for rule, rules in found if rule in rules]


def _enough(text: str) -> bool:
    return len(words(text)) >= ENOUGH


def _rule(because: str) -> str:
    """The rule behind a follow-up, `figures` of `figures: Result holds none`; what has none is its own."""
    return because.partition(":")[0] if because else ""


def stories_for(question: Question, bank: Bank) -> list[Kept]:
    """The candidate's own stories for what a question asks, those with it as their main principle first."""
    wanted = [slug(name) for name in question.principles]
    fitting = [one for one in bank.stories() if set(wanted) & set(map(slug, one.story.principles))]
    return sorted(fitting, key=lambda one: slug(one.story.principles[0]) not in wanted[:1])
