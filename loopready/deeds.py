"""What each principle sounds like when it is done and not named: phrases for deeds, a list for each principle.

The lists are our judgement. A phrase of the list is a sign and no proof, and a story can show a principle without
any of them. `*` stands for any ending, `...` for up to three words.
"""

import re
from functools import cache

from loopready.principles import principle

_DEEDS = {
    "customer-obsession": (
        "customer*, user*, shop*, buyer*, patient*, passenger*, guest*, merchant*, complain*, support "
        "ticket*, refund*"
    ),
    "ownership": (
        "nobody ... asked, nobody owned, not my team, not my job, outside my, beyond my, took ... "
        "over, my own budget, my own goal, my own team, my own engineer*, owner*, i answered for, a "
        "year later, year* from now, long-term, long term, on call"
    ),
    "invent-and-simplify": (
        "invent*, simpl*, prototyp*, new way, another way, replac*, remov*, automat*, merged, fewer "
        "step*, fewer part*, fewer screen*, got rid of, threw, had never been, instead of, no longer "
        "need*, by itself, one form, one screen, one step, one button, one rule, idea*"
    ),
    "are-right-a-lot": (
        "evidence, data, hypothes*, assum*, tested, experiment*, weighed, alternative*, prove* ... "
        "wrong, changed my mind, i was wrong, second opinion, option*, risk*, chose between, against "
        "my"
    ),
    "learn-and-be-curious": (
        "learn*, read up, read about, the book, course, taught me, taught myself, curious, asked why, "
        "asked how, shadow*, did not know, had never, new to me, studied, tried out, sat in, sat "
        "with, sat beside, to hear, to see how, to see why, to find out, went to see, watched"
    ),
    "hire-and-develop-the-best": (
        "hir*, interview*, coach*, mentor*, promot*, feedback, growth, career, successor*, bar "
        "raiser, onboard*, one-on-one*, one on one, 1:1*, her case, his case, delegat*, developed "
        "her, developed him, developed them, week by week, performance, her goal, his goal, "
        "expectation*, taught him, taught her, taught them, paired"
    ),
    "insist-on-the-highest-standards": (
        "standard*, quality, bar, defect*, bug*, reviewed, sent ... back, not good enough, refused to "
        "ship, refused to release, root cause*, test*, taken back, checklist*, postponed, rework*"
    ),
    "think-big": (
        "vision, strateg*, multi-year, two-year, three-year, five-year, two years, three years, five "
        "years, bold, whole company, whole organi*, whole market, ten times, tenfold, 10x, across ... "
        "teams, all ... teams, new market*, new business, new product line*, platform"
    ),
    "bias-for-action": (
        "same day, same evening, same week, same hour, same night, that evening, that night, that "
        "morning, that afternoon, at once, immediately, without waiting, did not wait, didn't wait, "
        "taken back, reversib*, be undone, roll* back, pilot*, first release, first version, smaller "
        "first, tried, on the spot, put it in again, plug it in again, turn it on again, risk"
    ),
    "frugality": (
        "budget*, cost*, saved, saving*, spend*, spent, cheap*, reus*, without new, without more, "
        "without extra, without hiring, spare, dollars, euros, licence*, license*, headcount, fewer "
        "machines, fewer servers, fewer people, people i had, people we had, gave ... back, no new, "
        "no extra, vacanc*, for free, borrow*, lent, lend"
    ),
    "earn-trust": (
        "listen*, apologi*, my mistake*, my own mistake*, my error, admitted, i was wrong, honest*, "
        "plainly, openly, the truth, what they needed, kept my word, kept my promise, trust*, in "
        "person, asked him what, asked her what, asked them what, shared, face to face, thanked, what "
        "i had got wrong"
    ),
    "dive-deep": (
        "log*, trace*, dashboard*, ticket*, metric*, root cause*, sampled, counted, measured, went "
        "through, read the, read every, read each, read all, read through, line by line, one by one, "
        "audit*, profil*, reproduc*, opened the, opened each, opened every, myself, by hand, looked "
        "into, dug, cause*, figures"
    ),
    "have-backbone-disagree-and-commit": (
        "disagree*, objected, objection, said no, told ... no, argued, pushed back, against the plan, "
        "against his, against her, against their, overrul*, committed, backed, stood by, did not "
        "agree, in public, refused to, would not sign"
    ),
    "deliver-results": (
        "deliver*, launch*, shipped, release*, deadline*, on time, in time, due, days early, weeks "
        "early, finished, cut the scope, priorit*, milestone*, the date, my date, our date"
    ),
    "strive-to-be-earths-best-employer": (
        "workload, overtime, burn*, on-call load, night*, weekend*, safe*, fair*, inclusi*, divers*, "
        "sick, leave, part-time, promot*, career, wellbeing, well-being, morale, pay, flexib*, remote"
    ),
    "success-and-scale-bring-broad-responsibility": (
        "energy, carbon, emission*, environment*, societ*, communit*, privacy, accessib*, harm*, "
        "regulat*, misuse, minors, children, the public, supplier*, neighbour*, neighbor*, waste*, "
        "outside the company, street*, noise, town, affect*, recycl*, water"
    ),
}


def heard(text: str, name: str) -> list[str]:
    """The words in `text` by which the principle called `name` may be heard, each once, as they stand there."""
    found = _pattern(principle(name).slug).finditer(text)
    return list(dict.fromkeys(one.group() for one in found))


@cache
def _pattern(slug: str) -> re.Pattern:
    phrases = "|".join(_phrase(written) for written in _DEEDS[slug].split(", "))
    return re.compile(rf"(?<![\w-])(?:{phrases})(?![\w-])", re.IGNORECASE)


def _phrase(written: str) -> str:
    words = re.escape(written).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return words.replace(r"\s+\.\.\.", r"(?:\s+\w+){0,3}")
