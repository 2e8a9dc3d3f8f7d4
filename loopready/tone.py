"""Rules for how a story sounds: compared, shown, without blame, in plain facts, with something learned."""

from loopready.counts import Counted, Setting, some, times
from loopready.deeds import heard
from loopready.phrases import blame, learned, measured, vague
from loopready.stories import Story

QUOTED = 3  # quotes shown in one finding; the rest is counted


def baseline(story: Story, setting: Setting) -> Counted | None:
    """The figures of the Result say what it was before."""
    compared, alone = measured(story.result)
    if not compared + alone:
        return None
    says = f"Of {some(len(compared) + len(alone), 'sentence')} with a figure, {len(compared)} "
    says += f"{'says' if len(compared) == 1 else 'say'} what it was before, or compared with what."
    remedy = "For the figure that matters most: of what, what was it before, and over how long?"
    target = "At least one figure with what it is compared with"
    quotes = () if compared else tuple(map(_begun, alone[:QUOTED]))
    return Counted(len(compared), bool(compared), says, target, remedy, quotes)


def principle_shown(story: Story, setting: Setting) -> Counted | None:
    """The main principle can be heard in what was done."""
    if not story.principles or not story.words("action"):
        return None
    done = "\n".join((story.task, story.action, story.result))
    found = {name: heard(done, name) for name in story.principles}
    says = "; ".join(_heard(name, words) for name, words in found.items()) + "."
    main = story.principles[0]
    remedy = f"Which sentence would make a listener say {main}? If there is one, keep it; if not, add what you did."
    target = "A deed that sounds like the main principle"
    return Counted(sum(map(bool, found.values())), bool(found[main]), says, target, remedy)


def blame_put(story: Story, setting: Setting) -> Counted | None:
    """The story puts no fault on others."""
    if not story.words():
        return None
    found = blame("\n".join([*story.parts.values(), story.learned]))
    says = f"Fault is put on others {times(len(found))}." if found else "No fault is put on others."
    remedy = "Say what happened and what you did about it; if a part of it was yours, say that first."
    return Counted(len(found), not found, says, "No blame", remedy, tuple(found[:QUOTED]))


def vague_words(story: Story, setting: Setting) -> Counted | None:
    """Facts, names and numbers stand where vague words could."""
    if not (count := story.words()):
        return None
    found = vague("\n".join(story.parts.values()))
    most = max(1, count // 100)
    says = f"{some(len(found), 'vague word')} in {some(count, 'word')}."
    remedy = "Put a fact in place of each: who, how many, which one, when."
    target = f"At most one in a hundred words, here {most}"
    quotes = tuple(dict.fromkeys(found))[: 2 * QUOTED]
    return Counted(len(found), len(found) <= most, says, target, remedy, quotes)


def learning(story: Story, setting: Setting) -> Counted | None:
    """The story says what was learned."""
    if not story.words("result") and not story.learned:
        return None
    found = learned(f"{story.action}\n{story.result}")
    says = (
        "What you learned has a place of its own." if story.learned else "No sentence sounds like a lesson."
    )
    says = "The text says what you learned." if found and not story.learned else says
    remedy = "What do you do differently since? One sentence, and where you did it again."
    target = "One thing that you do differently since"
    good = bool(found or story.learned)
    return Counted(len(found) + bool(story.learned), good, says, target, remedy, tuple(found[:QUOTED]))


def _heard(name: str, words: list[str]) -> str:
    return (
        f"{name}: perhaps in {', '.join(words[:QUOTED])}"
        if words
        else f"{name}: in none of the words we know"
    )


def _begun(sentence: str, most: int = 12) -> str:
    """The first words of a sentence, enough to find it by."""
    words = sentence.split()
    return " ".join(words[:most]) + (" ..." if len(words) > most else "")
