"""A rule and what it did to one hand-in, in words and with the learner's own numbers."""

from datetime import datetime, timedelta

from loopready.lateness.rules import HandedIn, Rule

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def duration(length: timedelta) -> str:
    """A length of time in its two largest units: `1 day 3 hours`, `90 seconds`."""
    if length < timedelta(minutes=2):
        return counted(length.total_seconds(), "second")
    parts = []
    for name, unit in _UNITS:
        count, length = divmod(length, unit)
        parts += [counted(count, name)] if count else []
    return " ".join(parts[:2])


def counted(count: float, thing: str) -> str:
    """The count with its thing: `1 day`, `2.5 hours`."""
    return f"{count:g} {thing}{'s' * (count != 1)}"


def moment(when: datetime) -> str:
    """A time of the gradebook's, which is UTC: `31 January 2027, 18:00 UTC`."""
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def rule_in_words(rule: Rule) -> str:
    """The rule as one sentence."""
    if not rule.percent or not rule.most:
        return "Lateness costs nothing in this course."
    after = f" after a grace of {duration(timedelta(hours=rule.grace))}" if rule.grace else ""
    if rule.percent >= 100 and rule.most >= 100:
        return f"Late work{after} earns nothing."
    limit = f", {rule.most:g} % at most" if rule.most < 100 else ""
    return f"Each {rule.per} begun{after} takes {rule.percent:g} % of the points earned{limit}."


def applied(rule: Rule, hand_in: HandedIn, score: float, penalty: float) -> list[str]:
    """What the learner is told, a sentence each; `score` is before the `penalty` that nbgrader has recorded."""
    if hand_in.at is None:
        return ["No time of hand-in is known, so nothing counts as late."]
    if hand_in.due is None:
        return [f"Handed in on {moment(hand_in.at)}; there is no due time."]
    return [*_times(hand_in), *_cost(rule, hand_in.late, score, penalty)]


def _times(hand_in: HandedIn) -> list[str]:
    said = [f"Handed in on {moment(hand_in.at)}, due on {moment(hand_in.due)}."]
    if hand_in.extension:
        until = moment(hand_in.due + hand_in.extension)
        said.append(f"You were given {duration(hand_in.extension)} longer, until {until}.")
    return said


def _cost(rule: Rule, late: timedelta, score: float, penalty: float) -> list[str]:
    if not late:
        return ["That is in time."]
    said = [f"That is {duration(late)} late.", rule_in_words(rule)]
    if penalty:
        begun = f"{counted(rule.begun(late), rule.per)} begun"
        return [*said, f"{begun}: {penalty:g} of your {score:g} points are taken."]
    return [*said, "Nothing is taken."] if rule.percent else said
