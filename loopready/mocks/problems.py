"""Design problems with a chain of estimates each: what is given, which numbers are asked for, and how they are judged.

    problem = found("rate-limiter")
    problem.given                      # [Given("calls_a_day", "2 * billion * request", "calls in a day"), ...]
    problem.judged({"calls": "93k request/s"})

The questions are those of the bank; the figures are ours, round, and like none of the weeks'. A step is judged as
in the weeks: within a factor, on one's own earlier numbers, and with the slip that a wrong one looks like.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from loopready import units
from loopready.chains import Step
from loopready.checks import Disagreement
from loopready.course import CourseError
from loopready.estimates import Reference
from loopready.process import questions
from loopready.process.questions import Question
from loopready.units import Quantity, plain, readable


class Given(NamedTuple):
    """A given number: its name, the expression, and what it is."""

    name: str
    expression: str
    says: str


class Asked(NamedTuple):
    """A number to be worked out: its name, the reference's expression, what is asked for, the factor that passes."""

    name: str
    expression: str
    says: str
    within: float = 1.25


class Judged(NamedTuple):
    """One step: its name, if it is right (None while nothing is typed), and what there is to say."""

    name: str
    right: bool | None
    says: str


@dataclass(frozen=True)
class Problem:
    """A design question of the bank, by its id, with a chain of its own."""

    id: str
    given: tuple[Given, ...]
    steps: tuple[Asked, ...]

    @property
    def question(self) -> Question:
        """The question in the bank."""
        return questions.found(self.id)

    @property
    def chain(self) -> str:
        """The reference's chain as plain assignments."""
        return "\n".join(f"{one.name} = {one.expression}" for one in (*self.given, *self.steps))

    def judged(self, typed: Mapping[str, str]) -> list[Judged]:
        """Each step of what was typed, by name, judged; a later one on one's own earlier numbers."""
        reference, own, found = Reference(self.chain), {}, []
        known = {one.name: Step(one.name, one.expression).value({}) for one in self.given}
        for step in self.steps:
            try:
                if text := typed.get(step.name, "").strip():
                    own[step.name] = amount(text, {**known, **own})
                found.append(_judged(reference, step, own))
            except CourseError as error:
                found.append(Judged(step.name, False, str(error)))
        return found


def _judged(reference: Reference, step: Asked, own: dict[str, Quantity]) -> Judged:
    if step.name not in own:
        return Judged(step.name, None, "not answered yet")
    value = own[step.name]
    try:
        # A bare number is told that it lacks a unit, where one is asked for.
        getattr(reference, step.name)(value.m if value.unitless else value, within=step.within, **own)
    except Disagreement as error:
        return Judged(step.name, False, error.got)
    return Judged(step.name, True, readable(plain(value)))


PROBLEMS = (
    Problem(
        "notifications",
        (
            Given("users", "80 * million * user", "people who may be told"),
            Given("online_share", "10 * percent", "of them connected at one time"),
            Given("messages_a_day", "6 * message", "sent to each of them in a day"),
            Given("peak", "5", "the busiest minute over the average"),
            Given("size", "300 * byte", "one message on the wire"),
            Given("per_gateway", "50 * thousand * connection", "what one gateway holds open"),
        ),
        (
            Asked("connections", "users * online_share", "connections open at one time"),
            Asked("gateways", "float(connections / per_gateway)", "gateways that hold them, without a spare"),
            Asked(
                "sent",
                "(users * messages_a_day / day * peak).to(message / second)",
                "messages a second at the peak",
            ),
            Asked("egress", "sent * size", "data a second at the peak"),
        ),
    ),
    Problem(
        "rate-limiter",
        (
            Given("calls_a_day", "2 * billion * request", "calls in a day"),
            Given("peak", "4", "the busiest minute over the average"),
            Given("clients", "3 * million * user", "known callers"),
            Given("active_share", "20 * percent", "of them active within the limit's window"),
            Given("state", "64 * byte", "what is kept of one active caller"),
            Given("replicas", "2", "copies of that in memory"),
            Given("check", "0.5 * millisecond", "of one core for one call"),
        ),
        (
            Asked("calls", "(calls_a_day / day * peak).to(request / second)", "calls a second at the peak"),
            Asked("buckets", "clients * active_share", "callers to be kept track of at one time"),
            Asked("memory", "buckets * state * replicas", "memory for all copies"),
            Asked("cores", "float((calls * check).to(''))", "cores that are busy with checking at the peak"),
        ),
    ),
    Problem(
        "leaderboard",
        (
            Given("players", "40 * million * user", "players of the season"),
            Given("games_a_day", "5", "games of each in a day"),
            Given("peak", "6", "the evening's busiest minute over the average"),
            Given("entry", "80 * byte", "a player's entry in the ranking, held in memory once"),
            Given("record", "120 * byte", "one game in the history"),
            Given("replicas", "3", "copies of the history on disk"),
            Given("season", "30 * day", "how long the history is kept"),
            Given("watchers", "2 * million * user", "who looks at the ranking in the final"),
            Given("refresh", "10 * second", "between two looks of each"),
        ),
        (
            Asked(
                "updates",
                "(players * games_a_day / day * peak).to(1 / second)",
                "scores written a second at the peak",
            ),
            Asked("memory", "players * entry", "memory for the ranking"),
            Asked(
                "history",
                "(players * games_a_day / day * season) * record * replicas",
                "disk for a season's history",
            ),
            Asked("reads", "(watchers / refresh).to(1 / second)", "looks a second in the final"),
        ),
    ),
    Problem(
        "messaging",
        (
            Given("users", "200 * million * user", "people who write on a day"),
            Given("messages_a_day", "40 * message", "written by each of them in a day"),
            Given("peak", "3", "the busiest minute over the average"),
            Given("text", "150 * byte", "one message as stored"),
            Given("picture_share", "5 * percent", "of the messages carry a picture"),
            Given("picture", "400 * kilobyte", "one picture"),
            Given("replicas", "3", "copies of everything on disk"),
            Given("kept", "1 * year", "how long texts are kept"),
        ),
        (
            Asked(
                "sent",
                "(users * messages_a_day / day * peak).to(message / second)",
                "messages a second at the peak",
            ),
            Asked(
                "texts",
                "users * messages_a_day / day * kept * text * replicas",
                "disk for the texts of all that time",
            ),
            Asked(
                "pictures",
                "users * messages_a_day * picture_share * picture * replicas",
                "disk for one day's pictures",
            ),
            Asked(
                "upload",
                "sent * picture_share * picture",
                "data a second of pictures at the peak, written once",
            ),
        ),
    ),
    Problem(
        "content-network",
        (
            Given("views_a_day", "400 * million * request", "objects fetched in a day"),
            Given("object_size", "1.5 * megabyte", "one object"),
            Given("peak", "3", "the busiest minute over the average"),
            Given("hit_share", "95 * percent", "of the fetches answered by an edge"),
            Given("edges", "120", "places at which copies lie"),
            Given("catalogue", "20 * million * item", "objects there are"),
            Given("hot_share", "5 * percent", "of them worth a place on every edge"),
        ),
        (
            Asked(
                "traffic", "views_a_day / day * peak * object_size", "data a second at the peak, all edges"
            ),
            Asked("per_edge", "traffic / edges", "the same for one edge, if all are alike"),
            Asked(
                "origin", "traffic * (1 - hit_share)", "data a second that the origin still sends at the peak"
            ),
            Asked("disk", "catalogue * hot_share * object_size", "disk on one edge"),
        ),
    ),
    Problem(
        "distributed-cache",
        (
            Given("reads_a_day", "50 * billion * request", "reads in a day"),
            Given("peak", "2.5", "the busiest minute over the average"),
            Given("keys", "500 * million * item", "keys to be held"),
            Given("value", "800 * byte", "one value with its key"),
            Given("copies", "2", "copies of each"),
            Given("node_memory", "48 * gigabyte", "of a node, for values"),
            Given("hit_share", "92 * percent", "of the reads found"),
        ),
        (
            Asked("reads", "(reads_a_day / day * peak).to(request / second)", "reads a second at the peak"),
            Asked("memory", "keys * value * copies", "memory for all copies"),
            Asked("nodes", "float((memory / node_memory).to(''))", "nodes that hold it, without a spare"),
            Asked(
                "misses", "reads * (1 - hit_share)", "reads a second that go on to the database at the peak"
            ),
        ),
    ),
)


def found(id: str) -> Problem:
    """The problem of that question. Raises CourseError, naming those there are."""
    for one in PROBLEMS:
        if one.id == id:
            return one
    raise CourseError(
        f"no design problem is called {id!r}; there are {', '.join(one.id for one in PROBLEMS)}"
    )


# What people write for a unit, beside the names of the course.
_SHORT = {
    "s": "second", "sec": "second", "seconds": "second", "ms": "millisecond", "min": "minute", "h": "hour",
    "hours": "hour", "days": "day", "d": "day", "years": "year", "B": "byte", "bytes": "byte", "bits": "bit",
    "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
    "kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit", "requests": "request", "req": "request",
    "messages": "message", "calls": "request", "reads": "request", "k": "thousand", "M": "million", "bn": "billion",
}  # fmt: skip
_TIMES = re.compile(r"(?<=[\w)])\s+(?=[A-Za-z(])")
_COMMAS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_GLUED = re.compile(r"(?<![\w.])(\d[\d_]*(?:\.\d+)?)(?!e[+-]?\d)([A-Za-z]+)")


# What an amount is made of: nothing that could hold the kernel, or be something else than a number with a unit.
_PARTS = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load, ast.Call,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.UAdd, ast.USub,
)  # fmt: skip
_FUNCTIONS = {"ceil", "floor", "log", "log2", "log10", "sqrt", "exp", "max", "min", "round", "abs"}
LONGEST_AMOUNT, LARGEST_POWER = 200, 100  # characters; an exponent


def _arithmetic(written: str) -> str:
    """The text of plain arithmetic. Raises ValueError for more than that, and for towers of powers."""
    if len(written) > LONGEST_AMOUNT:
        raise ValueError("long")
    for node in ast.walk(ast.parse(written, mode="eval")):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in _FUNCTIONS:
            raise ValueError(ast.unparse(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = ast.literal_eval(node.right)
            if any(isinstance(part, ast.Pow) for part in ast.walk(node.left)) or abs(power) > LARGEST_POWER:
                raise ValueError(ast.unparse(node))
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise ValueError(ast.unparse(node))
        if not isinstance(node, _PARTS):
            raise ValueError(ast.unparse(node))
    return written


def amount(text: str, known: Mapping[str, Quantity] | None = None) -> Quantity:
    """What somebody typed as a quantity: `93k request/s`, `1,500 GB`, `8e6`, or an expression in `known` names.

    Raises CourseError for what is none.

    >>> readable(amount("93k request/s"))
    '93,000 request/s'
    """
    plain_text = _COMMAS.sub("", text.strip().replace("\u00a0", " ").replace("^", "**"))
    written = _TIMES.sub(" * ", _GLUED.sub(r"\1 * \2", plain_text))
    scope = {short: getattr(units, name) for short, name in _SHORT.items()} | dict(known or {})
    try:
        value = Step("typed", _arithmetic(written)).value(scope)
        value.to_base_units()
    # What is typed may fail in any way that an expression can.
    except Exception as error:
        raise CourseError(
            f"{text.strip()!r} is no amount: write a number and a unit, as in 4,200 request/s"
        ) from error
    return value
