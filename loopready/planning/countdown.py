"""The countdown: what to have done eight, four and one weeks before the interview, and on the day.

After the process guide's checklists, in our words. They are laid over any plan.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Item:
    """One thing to tick off; `key` stays, whatever the words become."""

    key: str
    says: str


@dataclass(frozen=True)
class Checklist:
    """A list that is due `before` days before the interview."""

    key: str
    title: str
    before: int
    items: tuple[Item, ...]

    def due(self, interview: date) -> date:
        """The day on which the list should be done."""
        return interview - timedelta(days=self.before)


def _items(prefix: str, *pairs: tuple[str, str]) -> tuple[Item, ...]:
    return tuple(Item(f"{prefix}/{key}", says) for key, says in pairs)


COUNTDOWN = (
    Checklist("eight-weeks", "Eight weeks before: foundations", 56, _items(
        "eight-weeks",
        ("principles", "Know the sixteen principles well enough to say what each asks of a manager."),
        ("map", "Have one example of your own beside each principle."),
        ("assess", "Know your weakest round: try one kata, one design and one story against the clock."),
        ("team", "Read about the team you would join and what the company has started lately."),
        ("katas", "Begin on coding: fifty problems of middling difficulty by the end of the road."),
        ("designs", "Begin on designs: ten, each drawn and said aloud."),
        ("basics", "Look again at data structures, complexity and networks."),
        ("shared-editor", "Write code once in a shared editor, without completion."),
        ("stories", "Have twelve to fifteen STAR stories begun, all principles among them."),
        ("length", "Tell each in four to six minutes."),
        ("listener", "Tell three to somebody who stops you when it is unclear."),
        ("pairs", "Know which two or three principles each story can answer."),
    )),
    Checklist("four-weeks", "Four weeks before: practice", 28, _items(
        "four-weeks",
        ("mocks", "Hold three mock interviews with somebody who has done real ones."),
        ("whiteboard", "Draw designs on a whiteboard, standing, while you talk."),
        ("mend", "Mend the stories by what the listeners said."),
        ("problems", "Know two problems that this team has, and what you would try."),
        ("schedule", "Ask the recruiter for the rounds, their lengths and who holds them."),
        ("questions", "Have a question for each interviewer."),
        ("setup", "Settle where you will sit or how you get there; try camera, sound and board."),
        ("references", "Have the people ready who will speak for you, and what you bring."),
    )),
    Checklist("one-week", "One week before: polish", 7, _items(
        "one-week",
        ("review", "Go once through your notes, and add nothing new."),
        ("speed", "Do a few easy katas for speed and for care."),
        ("key-stories", "Tell the key stories aloud until they sound like talking."),
        ("by-round", "Write down what you want to ask in each round."),
        ("contingency", "Know what you do if the link, the train or the child fails."),
        ("sleep", "Sleep. The last evening has no work in it."),
    )),
    Checklist("the-day", "The day", 0, _items(
        "the-day",
        ("early", "Be there early, and calm."),
        ("fresh", "Begin each round as if it were the first."),
        ("breaks", "Use each break: stand up, look out of a window."),
        ("drink", "Drink water, eat something small."),
        ("ask", "Ask one good question in each round."),
        ("thank", "Thank each interviewer, and say that you want the work if you do."),
    )),
)  # fmt: skip


def listed(today: date, interview: date) -> list[tuple[Checklist, str]]:
    """Each list with when it is due, in words: a date, today, or that its day has gone by."""
    told = []
    for one in COUNTDOWN:
        days = (one.due(interview) - today).days
        when = "today" if days == 0 else f"in {days} days" if days > 0 else "its day has gone by: now"
        told.append((one, f"{one.due(interview)}, {when}"))
    return told
