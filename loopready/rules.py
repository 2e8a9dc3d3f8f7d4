"""The rules a review goes by: what each counts in a story, its target, and where the target comes from."""

from loopready.counts import MINUTES, OURS, Counted, Rule, Setting, some, times
from loopready.principles import PRINCIPLES, Principle, principle
from loopready.process.documents import PROCESS_GUIDE, ROADMAP, ROLE_GUIDE
from loopready.stories import PARTS, Story
from loopready.tone import baseline, blame_put, learning, principle_shown, vague_words
from loopready.words import figures, level_signals, pronouns, we_said, words


def parts_written(story: Story, setting: Setting) -> Counted:
    """Every part of STAR is there."""
    missing = [part.title() for part in PARTS if not story.words(part)]
    written = len(PARTS) - len(missing)
    says = f"{written} of 4 parts are written" + (f"; not yet: {', '.join(missing)}." if missing else ".")
    remedy = "One plain sentence in each is enough for a first draft."
    return Counted(written, not missing, says, "Situation, Task, Action and Result", remedy)


def told_length(story: Story, setting: Setting) -> Counted | None:
    """The story fits the minutes it will be given."""
    if not (count := story.words()):
        return None
    low, high = MINUTES[setting.where]
    least, most = round(low * setting.pace), round(high * setting.pace)
    says = f"{count} words, {count / setting.pace:.1f} minutes at {setting.pace:g} words a minute."
    remedy = (
        f"About {least - count} words are missing: say what you weighed and decided in Action."
        if count < least
        else f"About {count - most} words are too many: shorten Situation first, then the detours in Action."
    )
    target = f"{low} to {high} minutes, {least} to {most} words"
    return Counted(count, least <= count <= most, says, target, remedy)


def i_or_we(story: Story, setting: Setting) -> Counted | None:
    """The Action says who acted."""
    if not story.words("action"):
        return None
    said = pronouns(story.action)
    total = said.i + said.we
    says = f"Action says I (me, my) {times(said.i)} and we (us, our) {times(said.we)}" + (
        f": {said.share:.0%} I." if total else ", so nobody acts in it yet."
    )
    remedy = "For each we, write what you did yourself, and name the person who did the rest."
    good = total > 0 and 3 * said.i >= 2 * total
    quotes = () if good else we_said(story.action)
    return Counted(said.share, good, says, "I in at least two of three", remedy, quotes)


def action_share(story: Story, setting: Setting) -> Counted | None:
    """The Action carries the story."""
    counts = {part: story.words(part) for part in PARTS}
    if not all(counts.values()):
        return None
    total = sum(counts.values())
    says = (
        "Of the words, "
        + ", ".join(f"{part.title()} has {count / total:.0%}" for part, count in counts.items())
        + "."
    )
    remedy = (
        "Cut Situation and Task to what the listener needs, and say in Action what you chose between and why."
    )
    return Counted(
        counts["action"] / total,
        2 * counts["action"] >= total,
        says,
        "Action has half of them or more",
        remedy,
    )


def result_figures(story: Story, setting: Setting) -> Counted | None:
    """The Result is measured."""
    if not story.words("result"):
        return None
    found = figures(story.result)
    says = f"Result holds {some(len(found), 'figure')}" + (f": {', '.join(found[:6])}." if found else ".")
    remedy = "Say from what to what it went, over how long, and what that was worth to the customer."
    if len(found) < 2 and any(map(figures, story.metrics)):
        remedy = f"Your metrics hold more: tell {story.metrics[0]!r} in the Result itself."
    return Counted(len(found), len(found) >= 2, says, "At least two, so that one can be compared", remedy)


def principle_named(story: Story, setting: Setting) -> Counted | None:
    """The principle is shown and not named."""
    if not story.words():
        return None
    if not story.principles:
        return Counted(
            0,
            False,
            "No principle is chosen yet.",
            "One main principle",
            "Choose the one a listener should hear.",
        )
    named = _named(story)
    says = "The text names no principle." if not named else f"The text names {', '.join(named)}."
    remedy = "Cut the name and keep the deed; then ask a listener which principle they heard."
    return Counted(len(named), not named, says, "No principle by name", remedy)


def level_scope(story: Story, setting: Setting) -> Counted | None:
    """The story has the scope of the level it is told for."""
    if not story.level or not story.words():
        return None
    # The scope counts as told: who asks for the level reads it beside the story.
    scope = f"{story.team_size}\n{story.duration}"
    signals = level_signals("\n".join([*story.parts.values(), scope]), story.level)
    heard = [f"{scope} ({found[0]})" for scope, found in signals.items() if found]
    missing = [scope for scope, found in signals.items() if not found]
    says = (
        f"For {story.level} the text speaks of " + (", ".join(heard) if heard else "none of its scopes") + "."
    )
    remedy = f"If it is true of your story, say it: {', '.join(missing)}."
    return Counted(len(heard), len(heard) >= 2, says, f"Two of: {', '.join(signals)}", remedy)


_PARTS_SOURCE = f"{ROLE_GUIDE}: interviewers listen for STAR and interrupt when a part is missing"
_LENGTH_SOURCE = (
    f"{PROCESS_GUIDE}: four to six minutes, three to four on the phone; the pace is our assumption"
)
_I_SOURCE = f"{ROLE_GUIDE}: say I, so that your own part is heard; two of three is {OURS}"
_BALANCE_SOURCE = f"{ROLE_GUIDE}: Action matters most; one half is {OURS}"
_FIGURES_SOURCE = f"{ROLE_GUIDE}: a result is a measured change and what it brought; two figures is {OURS}"
_PRINCIPLE_SOURCE = (
    f"{ROADMAP}: live the principles, do not drop their names; no count can tell that it is shown"
)
_BASELINE_SOURCE = f"{ROLE_GUIDE}: a strong answer names the change; which words compare is {OURS}"
_SHOWN_SOURCE = (
    f"{PROCESS_GUIDE}: each story maps to two or three principles; the words we listen for are {OURS}"
)
_BLAME_SOURCE = f"{PROCESS_GUIDE}: blaming others fails the Bar Raiser round; the words are {OURS}"
_VAGUE_SOURCE = f"{PROCESS_GUIDE}: vague stories are the first failure it names; words and limit are {OURS}"
_LEARNING_SOURCE = f"{PROCESS_GUIDE}: a story without learning fails; the words we listen for are {OURS}"
_LEVEL_SOURCE = (
    f"{PROCESS_GUIDE} and {ROADMAP}: L6 leads teams over quarters, L7 changes an organisation over years; "
    f"the words we listen for are {OURS}"
)

RULES = {
    rule.id: rule
    for rule in (
        Rule("parts", "story", _PARTS_SOURCE, parts_written),
        Rule("length", "story", _LENGTH_SOURCE, told_length),
        Rule("i-or-we", "action", _I_SOURCE, i_or_we),
        Rule("balance", "story", _BALANCE_SOURCE, action_share),
        Rule("figures", "result", _FIGURES_SOURCE, result_figures),
        Rule("baseline", "result", _BASELINE_SOURCE, baseline),
        Rule("principle", "story", _PRINCIPLE_SOURCE, principle_named),
        Rule("shown", "story", _SHOWN_SOURCE, principle_shown),
        Rule("level", "story", _LEVEL_SOURCE, level_scope),
        Rule("blame", "story", _BLAME_SOURCE, blame_put),
        Rule("vague", "story", _VAGUE_SOURCE, vague_words),
        Rule("learning", "result", _LEARNING_SOURCE, learning),
    )
}


def _named(story: Story) -> list[str]:
    """Principles named in the parts: the story's own in any case, another only when written as a name."""
    text = " ".join(words("\n".join(story.parts.values())))
    own = {principle(name) for name in story.principles}
    return [each.name for each in PRINCIPLES if _stands_in(text, each, any_case=each in own)]


def _stands_in(text: str, named: Principle, any_case: bool) -> bool:
    spoken = " ".join(_bare(text))
    # One name holds two halves, and each is said alone.
    halves = [" ".join(_bare(half)) for half in named.name.split(";")]
    if any_case:
        return any(f" {half.casefold()} " in f" {spoken.casefold()} " for half in halves)
    return any(f" {half} " in f" {spoken} " for half in halves)


def _bare(text: str) -> list[str]:
    return ["".join(filter(str.isalnum, word)) for word in text.replace("-", " ").split()]
