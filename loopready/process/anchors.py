"""What each level of an answer sounds like, for every criterion of a round: four levels, in an interviewer's words.

    anchors.of("people")            # the criteria of a focus, as `rubrics.Dimension`s
    anchors.table("people")         # the same as a table
    cards.rate(("mock", ...), anchors.of("people"))

The four levels are the four votes: 1 a strong no, 2 a lean no, 3 a lean hire, 4 a strong hire, for that criterion
alone. What is looked for comes from the process page and the process guide; the sentences are ours. A criterion's name
is a key in saved scorecards, so once released it is not changed.
"""

from html import escape

from loopready.course import CourseError
from loopready.grids import Shown, grid
from loopready.process.rounds import FOCUSES
from loopready.rubrics import DESIGN, Dimension, as_text


def _criterion(name: str, asks: str, *levels: str) -> Dimension:
    return Dimension(name, asks, dict(enumerate(levels, 1)))


_CASE = _criterion(
    "A real case", "Did I hear one thing that happened, from beginning to end?",
    "I heard what one should do, and nothing that was done.",
    "There was a case, but I had to ask where it was and how it ended.",
    "One case with place, task, deeds and result, and I could retell it.",
    "As 3, in the first four minutes, and every detail that I asked for was there.",
)  # fmt: skip
_PART = _criterion(
    "Own part", "What would not have happened without this person?",
    "It was we throughout; I cannot say what the candidate did.",
    "The candidate called meetings; who decided, I do not know.",
    "I know what the candidate decided and did.",
    "As 3, against which choice, what others did, and what it would have cost to be wrong.",
)  # fmt: skip
_NUMBERS = _criterion(
    "Outcome in numbers", "What changed, by how much, and for whom?",
    "It went well, I was told.",
    "One figure, and I do not know what it was before.",
    "Before and after, and over how long.",
    "As 3, what it was worth to customers or cost, and what else could explain it.",
)  # fmt: skip

_ANCHORS: dict[str, tuple[Dimension, ...]] = {
    "screen": (
        _criterion(
            "Interest", "Why this role, and not any role?",
            "It could have been any company.",
            "The name Amazon came up; the team and its problem did not.",
            "A problem of ours that the candidate has met, and a reason to meet it here.",
            "As 3, with what the candidate wants to learn, and a question I had to think about.",
        ),
        _criterion(
            "Clear talk", "Could I repeat it to somebody in the lift?",
            "I lost the thread, and so did the candidate.",
            "Clear in parts, twice as long as it needed.",
            "Two minutes, one picture, one result.",
            "As 3, and each answer stopped when it had answered.",
        ),
        _criterion(
            "Way of managing", "Is there a philosophy, and does it cost something?",
            "Open door, servant leader, great people: words of a poster.",
            "One rule, without a day on which it was hard to keep.",
            "One rule, the last time it was kept, and who disliked it.",
            "As 3, and when the candidate would break it.",
        ),
        _criterion(
            "Self-knowledge", "Does this person know what is weak?",
            "The weakness was a strength in disguise.",
            "A real weakness, and nothing done about it.",
            "A weakness that cost something, with a date, and what is different now.",
            "As 3, and somebody else said so first, whom the candidate names.",
        ),
    ),
    "coding": (
        _criterion(
            "Question first", "Was the problem understood before it was solved?",
            "Typed at once, and solved another problem.",
            "Asked about the format; limits and edges came up when they broke.",
            "Inputs, limits and two edge cases were settled in five minutes.",
            "As 3, with an example worked by hand that showed the hard part.",
        ),
        _criterion(
            "Approach and cost", "Was there a choice, with its price?",
            "One way, found by trying, cost unknown.",
            "The slow way, known to be slow, and no other came.",
            "The good way with its time and space, and why not the simple one.",
            "As 3, and what would change the choice: a larger input, a stream, less memory.",
        ),
        _criterion(
            "Code that runs", "Would I merge it?",
            "It does not run, and would not if it were finished.",
            "It runs on the example; an empty input breaks it.",
            "It runs, edges included, and the names say what things are.",
            "As 3, tested aloud by the candidate, who found the slip before I did.",
        ),
        _criterion(
            "Thinking aloud", "Could I have helped?",
            "Silence, then code.",
            "Told what was being typed, not why; my hint was not heard.",
            "I knew at any minute what was being tried, and a hint was taken up.",
            "As 3, and when it got stuck, the candidate went back to a simpler case without being told.",
        ),
        _criterion(
            "Beyond the code", "What would it take to run it for a year?",
            "It is only an exercise, I was told.",
            "Scale meant more machines.",
            "What breaks first at a thousand times the input, and what to watch.",
            "As 3, with what it means to users and cost, and how a team would keep it.",
        ),
    ),
    "design": DESIGN,
    "people": (
        _CASE,
        _PART,
        _criterion(
            "Growing people", "Who is better at the job because of this manager?",
            "People develop by themselves, I was told.",
            "Trainings and one-on-ones; no person.",
            "A person, where they were, what was tried, where they are.",
            "As 3, one who did not grow too, and what the candidate does differently since.",
        ),
        _criterion(
            "Hard conversations", "Was the thing said, in time, to the person?",
            "It was left to HR, or to the next manager.",
            "It was said late, and wrapped until nobody heard it.",
            "Said early, in words I was told, with an agreement and a date.",
            "As 3, what the other answered, and what of that was right.",
        ),
        _NUMBERS,
    ),
    "direction": (
        _CASE,
        _PART,
        _criterion(
            "Vision", "Where to, and why would anybody follow?",
            "A list of projects.",
            "A goal without a reason, or one that any team could have.",
            "A goal, a reason in the business, and the first two steps.",
            "As 3, several years out, with what had to be given up for it.",
        ),
        _criterion(
            "Business reason", "Does the technical choice serve a customer or a cost?",
            "Technology for its own sake.",
            "The business was mentioned, after I asked.",
            "The choice starts with a customer or a cost, and a figure.",
            "As 3, and the candidate once stopped good work because the figure did not hold.",
        ),
        _criterion(
            "Influence", "Who moved, and would they say so too?",
            "It was decided above, or against them.",
            "They agreed in the meeting, and nothing changed.",
            "Somebody without a duty to agree did, because of something the candidate showed them.",
            "As 3, what the candidate took over from them, and that it held without pushing.",
        ),
        _criterion(
            "Choosing", "What was not done?",
            "Everything had priority.",
            "A ranking, and at the end all of it was done late.",
            "What was dropped, by which rule, and who was told.",
            "As 3, and what would have brought it back.",
        ),
        _NUMBERS,
    ),
    "bar raiser": (
        _criterion(
            "Holds when peeled", "Is it still the same story at the fourth why?",
            "The second question found a guess, or another story.",
            "Facts held; reasons were made up while we spoke.",
            "Names, days and reasons were there, and a gap was called a gap.",
            "As 3, and the deeper I went, the more it was the candidate's own.",
        ),
        _criterion(
            "Values with a price", "What did it cost to do the right thing?",
            "The right thing was also the easy one, or the candidate's own gain came first.",
            "A value was named; I do not know what was given up for it.",
            "Something was given up that the candidate is measured by.",
            "As 3, more than once, and alike in two stories that have nothing else in common.",
        ),
        _criterion(
            "Learning", "What did a failure change?",
            "Nothing failed, or somebody else did.",
            "A failure, and a lesson for a poster.",
            "A failure that was the candidate's, and what is done differently since.",
            "As 3, where it was used again, and who else works that way now.",
        ),
        _criterion(
            "Lifts the bar", "Better than half of those who do this job here?",
            "I would have to explain this hire.",
            "Good at the job, and nothing that we lack.",
            "Stronger than many in one thing that matters to us, which I can name.",
            "As 3, in two things, and I would like to work for this person.",
        ),
    ),
    "hiring manager": (
        _criterion(
            "One person all day", "Do the rounds fit together?",
            "Another figure, another role, another reason than this morning.",
            "No contradiction, and no thread.",
            "The same person in each round, with new cases.",
            "As 3, and this round was used to mend what an earlier one left open.",
        ),
        _criterion(
            "Impact", "What has this person moved?",
            "Duties, not results.",
            "Results of the team, with a place in it for the candidate.",
            "Two results that would not be there otherwise, in figures.",
            "As 3, of the size of this role, and what they lacked.",
        ),
        _criterion(
            "Ready for this team", "What would be different in 90 days?",
            "Has not asked what we do.",
            "General plans: meet people, listen, learn.",
            "Our problem in the candidate's words, and a first step.",
            "As 3, what the candidate would not touch, and what I should expect to go wrong.",
        ),
        _criterion(
            "Finishing", "Does it get done, without being told?",
            "Plans, and reasons why they changed.",
            "Delivered, late, and the lateness was news to others.",
            "Delivered against a setback, and others knew early.",
            "As 3, quarter after quarter, by something that does not depend on heroes.",
        ),
    ),
}  # fmt: skip


def of(focus: str) -> tuple[Dimension, ...]:
    """The criteria of a round's focus. Raises CourseError, naming those there are."""
    if focus not in _ANCHORS:
        raise CourseError(f"no round asks for {focus!r}; there are {', '.join(FOCUSES)}")
    return _ANCHORS[focus]


def table(focus: str) -> Shown:
    """What each level of every criterion sounds like, as a cell's result; it reads in a narrow window too."""
    tables = (grid(f"{each.name}: {each.says}", ("", "what is heard"), _levels(each)) for each in of(focus))
    return Shown("<br>".join(tables), f"{focus}\n{as_text(of(focus), {})}")


def _levels(each: Dimension) -> list[tuple[str, list[str]]]:
    return [(str(level), [escape(sounds)]) for level, sounds in each.anchors.items()]
