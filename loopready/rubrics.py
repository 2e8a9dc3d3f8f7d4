"""Rubrics: what each level of a self-rating sounds like, as data for a card, a table or a terminal."""

from dataclasses import dataclass
from html import escape

from loopready.course import CourseError
from loopready.grids import Shown, grid


@dataclass(frozen=True)
class Dimension:
    """One thing to rate: its name, the question it asks, and what each level from 1 up sounds like.

    `anchors` maps every level, 1 to 4 or 1 to 5, to a sentence. The name is a key in the learner's ratings,
    so once released it is not changed. Raises CourseError when a level is missing.
    """

    name: str
    says: str
    anchors: dict[int, str]

    def __post_init__(self) -> None:
        if sorted(self.anchors) not in ([1, 2, 3, 4], [1, 2, 3, 4, 5]):
            raise CourseError(
                f"{self.name} has anchors for levels 1 to 4 or 1 to 5; got {sorted(self.anchors)}"
            )

    @property
    def top(self) -> int:
        """The highest level."""
        return max(self.anchors)


STORY = (
    Dimension(
        "Situation",
        "Can a stranger follow it?",
        {
            1: "I start in the middle; the listener asks where this was.",
            2: "Place and team are clear, but not why it mattered or to whom.",
            3: "It is clear what was at stake, after more background than it needs.",
            4: "In three sentences: where, who was hurt, what would happen if nobody acted.",
            5: "As 4, and the stakes carry a number that the Result comes back to.",
        },
    ),
    Dimension(
        "My part",
        "I, not we: what would not have happened without me?",
        {
            1: "The team did it. I could have been a guest.",
            2: "I say I, for meetings called and updates sent; the decisions are everybody's.",
            3: "My decisions are told, but not what I chose between.",
            4: "I say what I decided, against which choice, and what I asked of whom.",
            5: "As 4, and I name what others did, and what I would have had to answer for.",
        },
    ),
    Dimension(
        "Depth",
        "Does it hold when somebody asks why, three times?",
        {
            1: "The first why finds me guessing.",
            2: "I know what was done; for how it worked I would send you to an engineer.",
            3: "I can explain the choice, and one alternative.",
            4: "I can explain cause, alternatives and trade-off, with figures from that time.",
            5: "As 4, and I can say what I got wrong and how I found out.",
        },
    ),
    Dimension(
        "Numbers",
        "Is the change measured?",
        {
            1: "Much better, a lot faster, everybody was happy.",
            2: "One figure, without what it was before or over how long.",
            3: "Before and after for the system, but not what that was worth.",
            4: "Before, after, over how long, and what it meant to customers or cost.",
            5: "As 4, and I can say how it was measured and what else could explain it.",
        },
    ),
    Dimension(
        "Learning",
        "What do I do differently since?",
        {
            1: "It all went well.",
            2: "A lesson anybody could have named: communicate more, plan earlier.",
            3: "A lesson that only this story teaches, not used yet.",
            4: "What I changed in my own way of working, and where I did it again.",
            5: "As 4, and others work that way now too.",
        },
    ),
)

# A design answer, in any week. The levels are our judgement of what the process guide's round looks for.
DESIGN = (
    Dimension(
        "Questions and numbers",
        "Is it clear what is built, and how large?",
        {
            1: "The answer starts with a component. Nothing was asked, and nothing has a size.",
            2: "Features are listed; users and load are large or small, without a figure.",
            3: "What is in and out of scope is said, with reads, writes and storage worked out.",
            4: "As 3, and the figures decide something: what fits one machine and what must not.",
        },
    ),
    Dimension(
        "The whole",
        "Could somebody build from it?",
        {
            1: "A list of products.",
            2: "The parts are there; who calls whom, and what crosses, must be guessed.",
            3: "One request can be followed from the client to the disk and back.",
            4: "As 3, for the write too, and each part has one reason to be there.",
        },
    ),
    Dimension(
        "Depth",
        "Do the parts that matter hold?",
        {
            1: "Each part is a name.",
            2: "One part is opened, the one I know best rather than the one at risk.",
            3: "The two riskiest parts are opened: their data, their limit, what they cost.",
            4: "As 3, and each is compared with an alternative that I would take in another case.",
        },
    ),
    Dimension(
        "Failure and running it",
        "What happens on a bad day?",
        {
            1: "Nothing fails in this answer.",
            2: "Everything is replicated, and that is the end of it.",
            3: "Loss of each part is walked through: who notices, what the user sees.",
            4: "As 3, with alarms, limits on retries and a way to release and to take back.",
        },
    ),
    Dimension(
        "Trade-offs",
        "Were the choices made, and for whom?",
        {
            1: "Every choice is the best one.",
            2: "Advantages are named, prices are not.",
            3: "Each main choice has its price, and the price is tied to the customer or the cost.",
            4: "As 3, with what would change my mind, and what cannot be undone later.",
        },
    ),
)


def table(rubric: tuple[Dimension, ...], title: str = "What each level sounds like") -> Shown:
    """A rubric as a cell's result, with nothing rated in it."""
    return Shown(as_html(title, rubric, {}), as_text(rubric, {}))


def as_text(rubric: tuple[Dimension, ...], said: dict[str, str]) -> str:
    """The rubric for a terminal; `said` holds, by dimension, what was rated last."""
    blocks = []
    for dimension in rubric:
        rated = f" [{said[dimension.name]}]" if dimension.name in said else ""
        anchors = (f"     {level}  {sounds}" for level, sounds in dimension.anchors.items())
        blocks.append("\n".join([f"  {dimension.name}: {dimension.says}{rated}", *anchors]))
    return "\n".join(blocks)


def as_html(title: str, rubric: tuple[Dimension, ...], said: dict[str, str]) -> str:
    """The rubric as a table, for where no widget can stand: a row a dimension, a column a level."""
    levels = range(1, max(dimension.top for dimension in rubric) + 1)
    return grid(title, ("", *levels), (_row(dimension, levels, said) for dimension in rubric))


def _row(dimension: Dimension, levels: range, said: dict[str, str]) -> tuple[str, list[str]]:
    rated = f"<br><small>{escape(said[dimension.name])}</small>" if dimension.name in said else ""
    aside = f"{escape(dimension.says)}{rated}"
    heading = f'{escape(dimension.name)}<br><span style="font-weight:normal">{aside}</span>'
    return heading, [escape(dimension.anchors.get(level, "")) for level in levels]
