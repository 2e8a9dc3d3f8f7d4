"""The sixteen Leadership Principles: their public names, and what each asks of a manager, in our words."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape

from loopready.course import CourseError
from loopready.grids import Shown, grid


def slug(text: str) -> str:
    """`text` as lower-case words joined by hyphens; empty when it holds no letter or digit.

    >>> slug("Have Backbone; Disagree and Commit")
    'have-backbone-disagree-and-commit'
    """
    plain = re.sub(r"['\u2019\u02bc]", "", unicodedata.normalize("NFKC", text).casefold())
    return "-".join(re.findall(r"[^\W_]+", plain))


@dataclass(frozen=True)
class Principle:
    """One principle: the name Amazon publishes, and one sentence of ours on what it asks."""

    name: str
    meaning: str

    @property
    def slug(self) -> str:
        """The name as a file or a link would write it: `earn-trust`."""
        return slug(self.name)


PRINCIPLES = tuple(
    Principle(name, meaning)
    for name, meaning in (
        (
            "Customer Obsession",
            "Begin with a customer's problem and judge every choice by what it does for them, "
            "even when a rival or a deadline is louder.",
        ),
        (
            "Ownership",
            "Treat the whole outcome as yours, next year's included, and fix what is broken "
            "though nobody gave it to you.",
        ),
        (
            "Invent and Simplify",
            "Find the new way and make it smaller, wherever the idea comes from, "
            "and keep at it while others doubt it.",
        ),
        (
            "Are Right, A Lot",
            "Decide well more often than not, because you look for the evidence that would prove you wrong.",
        ),
        ("Learn and Be Curious", "Keep finding out what you do not know, and let it change what you do."),
        (
            "Hire and Develop the Best",
            "Make each hire lift the team, and spend real time on making people better at their work.",
        ),
        (
            "Insist on the Highest Standards",
            "Hold a bar that others find too high, and see that a defect is fixed where it starts.",
        ),
        (
            "Think Big",
            "Describe a goal bold enough to change what people work on, then show the first steps to it.",
        ),
        (
            "Bias for Action",
            "Move at once when a decision can be undone, and say which risk you took and why.",
        ),
        (
            "Frugality",
            "Get more out of less: money, people and time are limits that lead to better ideas.",
        ),
        (
            "Earn Trust",
            "Listen, speak plainly, admit your own mistakes first, and stay respectful in a conflict.",
        ),
        (
            "Dive Deep",
            "Know the details yourself, check stories against numbers, and find the cause under the symptom.",
        ),
        (
            "Have Backbone; Disagree and Commit",
            "Say why you disagree while a decision is open, and back it fully once it is made.",
        ),
        (
            "Deliver Results",
            "Choose the few things that matter and finish them, in time and in quality, through setbacks.",
        ),
        (
            "Strive to be Earth's Best Employer",
            "Make work safer, fairer and more rewarding, and care whether people grow, here or elsewhere.",
        ),
        (
            "Success and Scale Bring Broad Responsibility",
            "Count the effects of what you build on the world outside the company, and leave it better.",
        ),
    )
)

_BY_SLUG = {principle.slug: principle for principle in PRINCIPLES}


def principle(name: "str | Principle") -> Principle:
    """The principle called `name`: its public name or its slug, in any case and punctuation.

    Raises CourseError with the nearest names when there is none.

    >>> principle("dive_deep").name
    'Dive Deep'
    """
    if isinstance(name, Principle):
        return name
    if not isinstance(name, str):
        raise CourseError(f"a principle is given by its name, like 'Ownership'; got {name!r}")
    try:
        return _BY_SLUG[slug(name)]
    except KeyError:
        raise CourseError(f"no leadership principle is called {name!r}: {_advice(slug(name))}") from None


def _advice(asked: str) -> str:
    """What to type instead: the near names, or where all of them are."""
    holding = [known for known in _BY_SLUG if len(asked) > 3 and asked in known]
    near = list(dict.fromkeys(holding + get_close_matches(asked, _BY_SLUG, n=3, cutoff=0.6)))
    if not near:
        return "the sixteen names are in loopready.principles.PRINCIPLES"
    return "did you mean " + " or ".join(_BY_SLUG[known].name for known in near[:3]) + "?"


def overview() -> Shown:
    """All sixteen with their meanings, as a table for a cell or a list for a terminal."""
    rows = [(escape(each.name), [escape(each.meaning)]) for each in PRINCIPLES]
    text = "\n".join(f"{each.name}: {each.meaning}" for each in PRINCIPLES)
    return Shown(grid("The sixteen principles", ("", "what it asks of a manager"), rows), text)
