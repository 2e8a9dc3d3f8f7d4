"""Why candidates are turned down, as data: each reason once, what shows it, and what to do about it.

The reasons are those of the documents, told in our words; `sources` are who gives them. What to do in
the room itself is the process guide's where it has something to say; tasks, hours and days are our judgement.
"""

from dataclasses import dataclass
from typing import NamedTuple

from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE, ROADMAP, ROLE_GUIDE


class Task(NamedTuple):
    """One thing to do: what, how many hours it takes, and within how many days of the debrief."""

    says: str
    hours: float
    within: int


@dataclass(frozen=True)
class Reason:
    """One reason for a no. `focuses` are the rounds in which it is given, also where no criterion can show it.

    `criteria` are those whose weakness supports it, `signs` the review rules that do. `in_the_room` is what one can
    still do there, `tasks` what to do before the next loop.
    """

    key: str
    says: str
    focuses: tuple[str, ...]
    sources: tuple[str, ...]
    criteria: tuple[str, ...]
    tasks: tuple[Task, ...]
    in_the_room: str = ""
    signs: tuple[str, ...] = ()
    level: str = ""


_STORIES = ("screen", "people", "direction", "bar raiser", "hiring manager")
_ALOUD = Task("Tell three stories aloud against the clock, then rate them again", 1.5, 7)
_REWRITE = Task("Rewrite the Action of your two weakest stories: what you chose, and against what", 2, 7)
_MEASURE = Task("Find before, after and over how long for each story that lacks a figure", 2, 10)

REASONS = (
    Reason(
        "no-case", "No real case: what one should do, and nothing that was done.", ("screen", "people", "direction"),
        (PROCESS_PAGE, PROCESS_GUIDE, ROADMAP), ("A real case",),
        (Task("Write one story for the principle that you were asked for", 3, 10), _ALOUD),
        "Ask whether you may give the particulars, and give place, day and name.", ("vague", "parts"),
    ),
    Reason(
        "passenger", "The candidate could have been a guest in the story.", _STORIES, (PROCESS_GUIDE, ROLE_GUIDE),
        ("Own part",), (_REWRITE, _ALOUD), "Say which part was yours, and what you decided.", ("i-or-we", "balance"),
    ),
    Reason(
        "no-figures", "Nothing was measured, or its result was never told.", _STORIES,
        (PROCESS_PAGE, ROLE_GUIDE, ROADMAP), ("Outcome in numbers", "Impact"), (_MEASURE,),
        "Give the figure that you know, and say how you would find the one that you do not.",
        ("figures", "baseline"),
    ),
    Reason(
        "no-learning", "Nothing was learned, or nothing that changed a habit.",
        ("screen", "people", "direction", "bar raiser"),
        (PROCESS_GUIDE,), ("Learning", "Self-knowledge"),
        (Task("Write one story that ended badly, with what you do since", 3, 14),),
        "Say what you do differently since, and where you did it again.", ("learning",),
    ),
    Reason(
        "no-principle", "The principles were named, or missing, and not shown.", _STORIES,
        (PROCESS_PAGE, PROCESS_GUIDE, ROADMAP), ("Interest", "Lifts the bar"),
        (Task("Mark two or three principles in each story, and look at what is thin", 1, 7), _REWRITE),
        "Tie what you did to what it was for.", ("shown",),
    ),
    Reason(
        "unclear", "Hard to follow: too long, or without a result.", ("screen", "coding", "design", "direction"),
        (PROCESS_PAGE, PROCESS_GUIDE, ROLE_GUIDE), ("Clear talk", "Thinking aloud"),
        (Task("Record ten minutes of yourself thinking aloud, and listen to it", 1, 5), _ALOUD),
        "Stop, say where you are, and ask whether it makes sense.", ("parts",),
    ),
    Reason(
        "no-philosophy", "No coherent way of managing.", ("screen",), (PROCESS_PAGE,),
        ("Way of managing",), (Task("Five key words for each opening question, said aloud", 1, 3),),
    ),
    Reason(
        "froze", "Panic, and then nothing.", ("coding",), (PROCESS_GUIDE,), ("Question first", "Approach and cost"),
        (
            Task("Two unseen katas against the clock, the simple way first", 3, 7),
            Task("One more coding round with somebody watching", 1, 14),
        ),
        "Breathe, ask one question, solve the smallest case.",
    ),
    Reason(
        "code-underprepared", "A manager who had not written code for too long.", ("coding",), (ROADMAP,),
        ("Code that runs",), (Task("One kata every second evening for two weeks", 7, 14),),
        "Write the plain version that runs, and say what you would change.",
    ),
    Reason(
        "over-engineered", "A larger solution than the question asked for.", ("coding", "design"),
        (PROCESS_GUIDE, ROADMAP), ("Approach and cost", "Trade-offs"),
        (Task("Redo the problem: first what works, then one improvement with its price", 2, 7),),
        "Step back to what was asked, solve that, and improve it afterwards.",
    ),
    Reason(
        "jumped", "Components before requirements.", ("design",), (PROCESS_GUIDE,), ("Questions and numbers",),
        (Task("Three systems, the first ten minutes only: questions and numbers", 1.5, 7),),
        "Go back to the requirements, and draw the whole again from them.",
    ),
    Reason(
        "no-scale", "Nothing had a size, and what must not fail was not asked.", ("design",),
        (PROCESS_PAGE, PROCESS_GUIDE), ("Questions and numbers", "The whole"),
        (Task("Redo the estimates of the two weeks you rated lowest", 2.5, 10),),
        "Ask for scale, then say what speed and reliability it needs.",
    ),
    Reason(
        "no-depth", "Boxes with names, and nothing inside.", ("design",), (PROCESS_PAGE,), ("Depth",),
        (Task("Open the two riskiest parts of one design: data, limits, price", 3, 10),),
        "Choose the part at risk, and open it.",
    ),
    Reason(
        "no-operations", "Nobody runs it, and nothing fails.", ("design", "coding"), (PROCESS_PAGE, PROCESS_GUIDE),
        ("Failure and running it", "Beyond the code"),
        (Task("Walk one design through the loss of each part, and through a release", 2, 7),),
        "Say how you watch it, release it, and take it back.",
    ),
    Reason(
        "no-trade-offs", "Choices without a price.", ("design",), (PROCESS_PAGE,), ("Trade-offs",),
        (Task("Write the price of each choice of one design, and when you would take the other", 1.5, 7),),
        "Name what your last choice costs, and for whom.",
    ),
    Reason(
        "nobody-grew", "Nobody is better at the job because of this manager.", ("people",),
        (PROCESS_PAGE, PROCESS_GUIDE), ("Growing people",),
        (Task("Write the story of one person who grew, and of one who did not", 4, 14),),
    ),
    Reason(
        "conflict-avoided", "Conflicts and hard talks were left to others.", ("people",), (PROCESS_PAGE,),
        ("Hard conversations",),
        (Task("Write one conflict as a story, with the words that were said", 3, 14), _ALOUD),
        "Say the sentence that you said then, and what the other answered.", ("blame",),
    ),
    Reason(
        "no-vision", "No vision beyond the next projects.", ("direction", "hiring manager"), (PROCESS_PAGE,),
        ("Vision", "Ready for this team"),
        (Task("One page: where your team is in two years, why, and the first two steps", 2, 10),),
    ),
    Reason(
        "no-business", "Technology without a customer or a cost.", ("screen", "direction"),
        (PROCESS_PAGE, PROCESS_GUIDE), ("Business reason",),
        (Task("Put a customer or a cost before three technical stories", 1.5, 7),),
        "Say what it was worth, and to whom.",
    ),
    Reason(
        "no-influence", "Stakeholders were handled badly, or by somebody else.", ("direction",),
        (PROCESS_PAGE, PROCESS_GUIDE), ("Influence",),
        (Task("Write one story in which somebody moved who did not have to", 3, 14),),
    ),
    Reason(
        "no-choice", "Everything mattered, and nothing was dropped.", ("direction",), (PROCESS_PAGE,), ("Choosing",),
        (Task("Write down what you did not build in a year, by which rule, and who was told", 1, 7),),
    ),
    Reason(
        "rehearsed", "Too perfect to be true.", ("bar raiser",), (PROCESS_GUIDE,), ("Holds when peeled",),
        (Task("Have somebody peel two stories, and write down where you guessed", 2, 10),),
        "Say what you do not know, and what went badly.",
    ),
    Reason(
        "own-gain", "Own success before team and customer.", ("bar raiser",), (PROCESS_GUIDE,),
        ("Values with a price",),
        (Task("Write one story in which the right thing cost you a figure you are measured by", 3, 14),),
        "Come back to what it did for the team and the customer.",
    ),
    Reason(
        "no-change", "No sign of having changed one's mind or way.", ("bar raiser",), (PROCESS_GUIDE,), ("Learning",),
        (Task("Ask two people what you changed in the last year, and write it down", 2, 14),),
        "Tell what you believed before, and who showed you.", ("learning",),
    ),
    Reason(
        "arrogant", "Others were to blame.", ("bar raiser", "people"), (PROCESS_GUIDE,), ("Values with a price",),
        (Task("In each story say first what you did wrong, then what others did well", 1.5, 7),),
        "Name your own share before you go on.", ("blame",),
    ),
    Reason(
        "bar-raiser-ignored", "Prepared for every round but the one with the veto.", ("bar raiser",), (ROADMAP,),
        ("Holds when peeled", "Lifts the bar"), (Task("One rehearsal of the Bar Raiser's round alone", 1.5, 14),),
    ),
    Reason(
        "inconsistent", "Other answers than this morning's.", ("hiring manager",), (PROCESS_PAGE,),
        ("One person all day",), (Task("Write down figures, roles and reasons of each story, once", 1, 3),),
        "Say what you said before, and what you left out of it.",
    ),
    Reason(
        "no-finish", "Plans, and no habit of finishing or of going ahead.", ("hiring manager", "design"),
        (PROCESS_PAGE,), ("Finishing",), (Task("Write one story of a delivery against a setback", 3, 14),),
    ),
    Reason(
        "too-hands-on", "At L6: own technical work, and too little of a team that was led and grown.",
        ("people", "hiring manager"), (PROCESS_GUIDE,), ("Growing people", "Impact"),
        (Task("Replace one technical story by one about people", 3, 14),), level="L6",
    ),
    Reason(
        "one-team-only", "At L6: no influence beyond one's own team.", ("direction",), (PROCESS_GUIDE,), ("Influence",),
        (Task("Write one story with two other teams in it", 3, 14),), level="L6",
    ),
    Reason(
        "no-organisation", "At L7: teams that were led well, and no organisation that changed.",
        ("people", "direction", "bar raiser"), (PROCESS_GUIDE,), ("Own part", "Vision"),
        (Task("Tell one story for years and teams in place of quarters and a team", 3, 14),), signs=("level",),
        level="L7",
    ),
    Reason(
        "no-platform", "At L7: a good system, and no platform.", ("design", "coding"), (PROCESS_GUIDE,),
        ("The whole", "Beyond the code"),
        (Task("Redo one design for six products that share it", 3, 14),), level="L7",
    ),
    Reason(
        "unknown-outside", "At L7: nothing that others, outside too, build on.", ("direction", "bar raiser"),
        (PROCESS_GUIDE,), ("Influence", "Lifts the bar"),
        (Task("List what others use that you began, and how you know", 1, 10),), level="L7",
    ),
    Reason(
        "no-long-view", "At L7: no plan beyond the year.", ("direction",), (PROCESS_GUIDE,), ("Vision", "Choosing"),
        (Task("One page on the next three years, and what you give up for it", 2, 14),), level="L7",
    ),
)  # fmt: skip
