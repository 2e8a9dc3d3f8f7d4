"""Phrases that can be found in a told story: blame, vague words, what a figure is compared with, what was learned.

Lists of words, as in `loopready.words`: they find how something is usually said and understand none of it. How
often they are right is measured on the passages in `tests/passages.py`.
"""

import re
from collections.abc import Iterator

from loopready.words import figures, own_words

AROUND = 3  # words on either side of what is quoted

_PEOPLE = (
    r"(?:he|she|they|who|vendors?|suppliers?|contractors?|consultants?|teams?|groups?|managers?"
    r"|directors?|boss"
    r"|management|leadership|predecessors?|engineers?|developers?|designers?|testers?|QA|product"
    r"|finance|legal"
    r"|sales|marketing|operations|people|colleagues?|somebody|someone|nobody|everybody)"
)
_NOT_I = r"(?<!\bI )(?<!\bI have )(?<!\bI had )(?<!\bI simply )(?<!\bI also )"
_BLAME = re.compile(
    rf"\b(?:his|her|their|(?!nobody's|one's)\w+(?:'s|s')) (?:own )?fault\b"
    rf"|\b{_PEOPLE} (?:was|were|is|are) (?:entirely |really |clearly )?(?:at fault|to blame)\b"
    r"|\b(?:because of|thanks to|due to) (?:them|him|their|his)\b"
    rf"|\b{_PEOPLE} had no (?:clue|idea)\b|\bknew what (?:they|he|she) (?:were|was) doing\b"
    rf"|\b{_PEOPLE} (?:was|were|is|are) (?:simply |just |completely |totally )?"
    r"(?:useless|lazy|incompetent|clueless|careless|stupid|hopeless|negligent|unprofessional|sloppy"
    r"|difficult)\b"
    rf"|{_NOT_I}\brefused to (?:listen|help|cooperate|answer|learn|change|admit|take|do|work|talk|accept)\b"
    rf"|{_NOT_I}\b(?:dropped the ball|screwed (?:it )?up|messed (?:it )?up)\b"
    rf"|{_NOT_I}\blet (?:me|us) down\b|\b(?:was|were|been|felt) let down\b|\bclean(?:ed|ing)? up after\b"
    r"|\bleft (?:\w+ ){0,2}a mess\b|\bunder the bus\b"
    rf"|{_NOT_I}\bnever (?:listened|answered|admitted|bothered|helped|cared|did (?:their|his|her))\b"
    rf"|\b{_PEOPLE} (?:simply |just )?(?:didn't|did not|couldn't be) (?:simply |even |really )?"
    r"(?:care|bother|bothered|listen)\b"
    r"|\bkept (?:changing|moving) (?:the|their|his|her)\b"
    r"|\bhad(?:n't| not)? done (?:their|his|her|its) jobs?\b|\bnot my (?:fault|problem|mistake)\b"
    r"|\b(?:his|her|their) (?:own )?\w+ (?:was|were) (?:simply |just )?(?:useless|sloppy|hopeless"
    r"|a mess|late again)\b"
    rf"|\b(?:because|since|but) (?:the )?{_PEOPLE} (?:failed to|forgot to|(?:did not|didn't|had not|hadn't)"
    r" (?:follow|do|done|test|tested|read|check|checked|tell|told|listen|deliver|delivered|bother))\b"
    rf"|\b{_PEOPLE} (?:just|only) (?:wanted|cared)\b|\bcared only\b|\bas (?:they|he|she) always (?:do"
    r"|does|did)\b"
    r"|\bwithout (?:asking|telling) (?:anybody|anyone|us|me)\b|\bivory tower\b|\b(?:weak|bad"
    r"|poor) performers\b"
    rf"|\b(?:was|is) (?:all )?on (?:the )?(?:him|her|them|{_PEOPLE}) and not\b|\btoo (?:weak|afraid"
    r"|slow|proud) to\b"
    r"|\b(?:been|was|were) afraid to\b|\bpolitics\b"
    r"|\b(?:I|we) blamed? (?!myself|ourselves|nobody|no one)",
    re.IGNORECASE,
)

_VAGUE = re.compile(
    r"\b(?:basically|essentially|somehow|somewhat|stuff|things|etc|various|several|numerous|multiple"
    r"|countless"
    r"|significant(?:ly)?|substantial(?:ly)?|considerabl[ey]|dramatic(?:ally)?|tremendous(?:ly)?"
    r"|massive(?:ly)?"
    r"|huge(?:ly)?|great(?:ly)?|extensive(?:ly)?|successful(?:ly)?|effective(?:ly)?|efficient(?:ly)?"
    r"|very|really|pretty|quite|extremely|incredibly|synerg(?:y|ies)|stakeholders?|leverag(?:e[ds]?|ing)"
    r"|complex|challenging|excellent|outstanding|seamless(?:ly)?|smooth(?:ly|er)|robust|scalable"
    r"|impactful|holistic"
    r"|overall|streamlin\w+|enhanc\w+|optimi[sz]\w+|uplift|data-driven|end to end|moving parts"
    r"|on the same page"
    r"|a while|came around|impressed|well received|key (?:players?|people|initiatives?)|pushback"
    r"|best practices?|world-class|value-add|across the board|soon|eventually|recently)\b"
    r"|\b(?:a lot|lots|a bunch|a number|tons|plenty|a couple|kind|sort) of\b|\ba lot(?! of\b)\b|\band so on\b"
    r"|\bmany(?! of (?:them|us|the)\b) \w+|\bsome (?:time|kind|sort|issues|problems|improvements?)\b"
    r"|\b(?:much|far|way) (?:more \w+|(?:fast|slow|quick|high|low|larg|small|bett|few|smooth|cheap"
    r"|clean)\w*er)\b"
    r"|\bmuch better\b|\b(?:helped|help) out\b|\baligned? (?:on|with)\b|\bmake \w+ \w+ better\b"
    r"|\bimprov(?:ed|es?|ing) (?:performance|quality|efficiency|productivity|communication|morale)\b",
    re.IGNORECASE,
)

_COMPARED = re.compile(
    r"\bfrom\b[^.;]{0,120}\bto\b|\b(?:down|up) from\b|\binstead of\b|\brather than\b|\bcompared (?:with|to)\b"
    r"|\b(?:versus|vs)\b|\bas against\b|\bwhere there (?:had been|were|was)\b|\bhad (?:\w+ )?(?:been"
    r"|taken|cost|brought|made)\b|\bused to\b"
    r"|\bagainst (?:\S*\d|\w+ (?:before|in|a)\b)|,? not (?:\S*\d|two|three|four|five|six|seven|eight"
    r"|nine|ten|twenty)"
    r"|\b(?:the|a) (?:\w+ )?(?:year|quarter|month|week|day|season)s? (?:before|earlier)\b"
    r"|\bbefore(?=\s*(?:[,.;:)]|$|and\b))"
    r"|\bbefore (?:that|then|it was|I came|I started|the (?:change|launch|move|switch))\b|\bpreviously\b"
    r"|\b(?:more|fewer|less|faster|slower|higher|lower|better|worse|larger|smaller) than\b"
    r"|\bof (?:the )?(?:first|old|earlier|previous|original)\b|\d\S*\s?(?:->|→|=>)\s?\S*\d"
    r"|\d\S*(?: \w+)? (?:to|of|out of) \S*\d",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\b(?:halv|doubl|tripl|quadrupl)(?:ed|es|ing)\b|\b\w+fold\b|\btwice\b", re.IGNORECASE)

_LEARNED = re.compile(
    # "I learned that they had left" is news and no lesson.
    r"\bI(?:'ve| have)? (?:\w+ )?learn(?:ed|t)\b(?! that [^.;]{0,80}\bhad\b)|\b(?:what|which) I (?:took"
    r"|learn(?:ed|t))\b"
    r"|\b(?:taught|showed) me\b|\b(?:stayed|stuck) with me\b|\bI (?:reali[sz]ed|came to see|understood)\b"
    r"|\bsince(?: then)?,? I(?: now)?\b(?! \w+ed\b)|\bever since,? I\b"
    r"|\bI (?:have )?\w+ (?:\w+ ){0,5}since\b(?! \w)"
    r"|\bI have \w+ (?:\w+ ){0,4}since (?:with|and|in|by|before|after)\b|\bany ?more\b|\bno longer assume\b"
    r"|\bnext time\b|\blooking back\b|\bin (?:hindsight|retrospect)\b|\b(?:do|done"
    r"|did) (?:\w+ ){1,4}differently\b"
    r"|\bif I (?:did|had|could do) (?:it|this|that) (?:again|over)\b|\bI should have\b"
    r"|\bI had (?:wrongly )?assumed\b"
    r"|\b(?:now|today|these days),? I\b|\bI now\b|\bmy (?:own )?(?:mistake|lesson|error) (?:was|is|had)\b"
    r"|\bI (?:was|had been) wrong\b|\bI (?:had )?underestimated\b|\bI would (?:never|not) \w+ again\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.](?=\d)[^.!?;\n]*)*[.!?;]?")


def blame(text: str) -> list[str]:
    """Where fault is put on others, each with the words around it; what somebody else is quoted with is left out."""
    return list(_quoted(_BLAME, own_words(text)))


def vague(text: str) -> list[str]:
    """The words that stand where a fact, a name or a number should."""
    return [found.group() for found in _VAGUE.finditer(own_words(text))]


def learned(text: str) -> list[str]:
    """Where the teller says what they learned or do differently since, each with the words around it."""
    return list(_quoted(_LEARNED, own_words(text)))


def measured(text: str) -> tuple[list[str], list[str]]:
    """The sentences with a figure in them: those that say what it was before, and those that do not."""
    # A line ends where the cell was full, a sentence may go on; after an empty line it does not.
    lines = re.sub(r"(?<!\n)\n(?![\n*-])", " ", text)
    sentences = [found.group().strip() for found in _SENTENCE.finditer(lines)]
    with_figures = [one for one in sentences if figures(one)]
    compared = [one for one in with_figures if _is_compared(one)]
    return compared, [one for one in with_figures if one not in compared]


def _is_compared(sentence: str) -> bool:
    # "It halved" is a comparison once it says what it halved to.
    return bool(_COMPARED.search(sentence)) or bool(_CHANGED.search(sentence) and len(figures(sentence)) > 1)


def _quoted(pattern: re.Pattern, text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        before, after = text[: found.start()].split(), text[found.end() :].split()
        yield " ".join([*before[-AROUND:], *found.group().split(), *after[:AROUND]])
