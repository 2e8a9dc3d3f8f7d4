"""Peeling the onion: the questions that a story invites, in the manner of a Bar Raiser.

    for probe in probes(story):
        print(probe.question, probe.because)

The role guide calls it peeling the onion: interviewers ask on to find out how deep your part went. The questions
are in our own words, and each says what in the story invites it. First come those that the story leaves open.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from loopready.phrases import measured
from loopready.principles import slug
from loopready.review import Review, review
from loopready.stories import Story
from loopready.words import figures, own_words

SECONDS = 90  # for one answer; our judgement, as a listener's patience
MOST = 7


@dataclass(frozen=True)
class Probe:
    """One question, what in the story invites it, the part it asks about, and the seconds for an answer."""

    question: str
    because: str
    part: str
    seconds: int = SECONDS


def probes(story: Story, most: int = MOST) -> list[Probe]:
    """The questions that `story` invites, what it lacks first, at most `most`; none for an empty draft."""
    if not story.words():
        return []
    said = review(story)
    found = [*_lacking(said), *_quoting(story), *_of_principle(story), *_always(story)]
    return list({probe.question: probe for probe in found}.values())[:most]


def _lacking(said: Review) -> Iterator[Probe]:
    """A question for each finding that deserves a look and that a listener would ask about."""
    looks = {finding.rule: finding for finding in said.looks}
    for rule, (part, ask) in _LACKING.items():
        if finding := looks.get(rule):
            yield Probe(ask(next(iter(finding.quotes), "")), f"{rule}: {finding.says}", part)


def _said(quote: str) -> str:
    return f"You said \u201c{quote}\u201d. " if quote else ""


# In the order in which a listener would ask.
_LACKING: dict[str, tuple[str, Callable[[str], str]]] = {
    "i-or-we": ("action", lambda quote: f"{_said(quote)}Which part of that did you do with your own hands?"),
    "baseline": ("result", lambda quote: f"{_said(quote)}What was it before, and who measured it?"),
    "figures": ("result", lambda quote: "How much of that could I read off a number, and which one?"),
    "shown": ("action", lambda quote: "What did you do there that another manager in your place would not have?"),
    "blame": ("action", lambda quote: f"{_said(quote)}How would they tell it, and what was your share in it?"),
    "vague": ("action", lambda quote: f"{_said(quote)}Give me one instance, with a name and a day."),
    "learning": ("result", lambda quote: "What would you do differently today, and where have you done so?"),
    "level": ("situation", lambda quote: "How many people did this touch, and for how long did it hold?"),
    "balance": ("action", lambda quote: "Skip the background. What was the first thing you did, and why that?"),
    "parts": ("task", lambda quote: "What exactly was yours to do, and who said so?"),
}  # fmt: skip

_CHOICE = re.compile(
    r"\bI (?:\w+ )?(?:chose|decided|proposed|picked|stopped|refused|cut|moved|insisted)\b[^.;\n]{0,90}"
)
_PERSON = re.compile(
    r"\bI (?:\w+ )?(?:told|asked|convinced|persuaded|called|met|apologi[sz]ed to) (?:\w+ ){0,2}?"
    r"((?:my|the|our|her|his) (?!team\b)(?:\w+ )?(?:director|manager|boss|VP|CTO|lead|engineer|owner"
    r"|customer|finance|legal|product manager|peer)\b|[A-Z][a-z]+\b)"
)
_TROUBLE = re.compile(
    r"\b(?:mistake|failed|failure|wrong|outage|slower|late|delay(?:ed)?|lost|missed|broke)\b", re.I
)


def _quoting(story: Story) -> Iterator[Probe]:
    """Questions about the story's own words: a choice, a person, a figure, a trouble."""
    action = own_words(story.action)
    if choice := _CHOICE.search(action):
        words = " ".join(choice.group().split()[:12]).rstrip(",:")
        yield Probe(f"You say \u201c{words}\u201d. What was the best argument against it?",
                    "Action tells a choice", "action")  # fmt: skip
    if person := _PERSON.search(action):
        yield Probe(f"What did {_theirs(person[1])} answer, word for word, and what did you say to that?",
                    "Action tells of a talk", "action")  # fmt: skip
    compared, _ = measured(story.result)
    if compared:
        told = figures(compared[0])
        figure = next((one for one in told if any(map(str.isdigit, one))), told[0])
        yield Probe(f"You give {figure} in the result. What else could explain the change?",
                    "Result compares two figures", "result")  # fmt: skip
    if trouble := _TROUBLE.search(action):
        yield Probe(f"Where you say \u201c{trouble.group()}\u201d: when did you notice, and who noticed first?",
                    "Action tells what went wrong", "action")  # fmt: skip


def _theirs(person: str) -> str:
    return re.sub(r"^(?:my|our)\b", "your", person)


_OF_PRINCIPLE = {
    "customer-obsession": "Which customer did you speak to yourself, and what did they say that surprised you?",
    "ownership": "What did it cost you, and who would have noticed if you had left it?",
    "invent-and-simplify": "What did you take away, and who missed it?",
    "are-right-a-lot": "What would have proved you wrong, and did you look for it?",
    "learn-and-be-curious": "What did you believe before that you do not believe any more?",
    "hire-and-develop-the-best": "What can that person do today that they could not do then, and how do you know?",
    "insist-on-the-highest-standards": "Who thought that the bar was too high, and what did holding it cost?",
    "think-big": "What would it be at ten times the size, and what did you not dare to propose?",
    "bias-for-action": "What did you not know when you decided, and how would you have taken it back?",
    "frugality": "What did you go without, and what would you have done with twice the money?",
    "earn-trust": "Who trusted you less after that, and what did you do about it?",
    "dive-deep": "What did you look at yourself, and what did the summary you were given get wrong?",
    "have-backbone-disagree-and-commit": "What did you do the day after the decision had gone against you?",
    "deliver-results": "What did you give up to be there in time, and who agreed to that?",
    "strive-to-be-earths-best-employer": "Whose working day changed by it, and did you ask them?",
    "success-and-scale-bring-broad-responsibility": "Who outside the company felt it, and how did you find out?",
}  # fmt: skip


def _of_principle(story: Story) -> Iterator[Probe]:
    for name in story.principles[:1]:
        yield Probe(_OF_PRINCIPLE[slug(name)], f"the story's main principle is {name}", "action")


def _always(story: Story) -> Iterator[Probe]:
    """What is asked of any story, the learner's own expected questions first."""
    for question in story.follow_ups:
        yield Probe(question, "you expect it", "story")
    if story.level == "L7":
        yield Probe("What of it still holds, now that you no longer push?", "it is told for L7", "result")
    yield Probe("And what happened next?", "it is asked of every story", "result")
    yield Probe(
        "Who was against it, and were they right in something?", "it is asked of every story", "action"
    )
    yield Probe("Which of your decisions in it would you take back?", "it is asked of every story", "action")
