"""What the review of a story counts, and that it says where each target comes from.

Each rule has a table of texts that meet its target and one of texts that deserve a look.
"""

import html.parser

import pytest
from passages import FRESH, TRIED, measured_on

from loopready.course import CourseError
from loopready.review import review
from loopready.rules import RULES
from loopready.stories import PARTS, Story

PLAIN = {
    "title": "The queue nobody owned",
    "principles": ["Ownership"],
    "level": "L6",
    "situation": "The queue filled every Friday.",
    "task": "Keep orders quick.",
    "action": "I read the traces and chose smaller batches over more servers.",
    "result": "Waiting fell from 8 s to 900 ms.",
}


def told(**changes):
    return Story(**{**PLAIN, **changes})


def kind(rule, story, **setting):
    return review(story, **setting)[rule].kind


def cases(**texts):
    """A table of one column whose ids are the words for each case."""
    return pytest.mark.parametrize("text", texts.values(), ids=[name.replace("_", " ") for name in texts])


# I against we -------------------------------------------------------------------------------------------------------


@cases(
    only_i="I read the traces. I chose smaller batches.",
    two_of_three="I chose it, I defended it, and we shipped it.",
    contractions="I'd read it, I've chosen it, I'm sure, I'll say so; we've shipped.",
    curly_apostrophes="I\u2019d read it and I\u2019ve chosen it; we\u2019d shipped.",
    my_and_me="My director asked me; mine was the design; our launch.",
    a_country="I moved the US stack and the U.S. billing, and I told the US office.",
    a_region="I moved us-east-1 and us-west-2 myself.",
    somebody_else_s_we='I asked: "Are we ready, are our tests, can we go?" and waited.',
    somebody_else_s_we_in_curly_quotes="I asked: \u201cAre we ready? Can we?\u201d and waited.",
    somebody_else_s_we_in_single_quotes="I asked 'are we ready, can we?' and my team's answer was no.",
    somebody_else_s_we_in_curly_single_quotes="I asked \u2018are we, can we?\u2019 and my team\u2019s answer was no.",
    small_i="i read it and then i chose it",
    all_in_quotes='"I read the traces. I chose smaller batches."',
    ourselves_in_a_word="I wrote the weekly hourly tours of Weimar.",
    after_a_phase="In that phase I wrote it.",
)
def test_an_action_that_says_who_acted_is_good(text):
    assert kind("i-or-we", told(action=text)) == "good"


@cases(
    only_we="We read the traces. We chose smaller batches.",
    half="I chose it and we shipped it.",
    three_of_five="I read it, I chose it, I built it, we shipped it and we ran it.",
    nobody="The traces were read and smaller batches were chosen.",
    contractions="We've read it, we'd chosen it, we're sure, we'll say so; I'd shipped.",
    curly_apostrophes="We\u2019ve read it and we\u2019d chosen it; I\u2019m sure.",
    us_and_our="Our director asked us; ours was the design; my launch.",
    input_and_output="It cut I/O and I-beams.",
    a_first_phase="We ended Phase I, Tier I and Part I.",
    numbered_parts="The parts I, II and III were written; phase I of them, and type I errors, were not.",
    letters_of_a_name="A.I. and I.T. chose.",
    that_is="It was cut, i.e. sold.",
    i_said_by_somebody_else='We went on. "I read it, I chose it, I shipped it", she said to us.',
    a_mine="The data mine helped to mine the logs.",
)
def test_an_action_where_we_acted_or_nobody_did_deserves_a_look(text):
    assert kind("i-or-we", told(action=text)) == "look"


def test_the_share_of_i_is_what_was_counted():
    found = review(told(action="I chose it, I defended it, we shipped it, it was ours."))["i-or-we"]
    assert found.number == 0.5
    assert found.says == "Action says I (me, my) twice and we (us, our) twice: 50% I."


# Figures in the result ----------------------------------------------------------------------------------------------


@cases(
    before_and_after="Waiting fell from 8 s to 900 ms.",
    percent="Errors fell 85% and sales rose 5 percent.",
    money="It saved $1.2M and \u20ac300k a year.",
    number_words="Pages went from forty to three a week.",
    change_words="Costs halved and traffic doubled.",
    fractions="Half of the pages, two thirds of the cost.",
    a_fold_and_one_week="A tenfold gain in one week.",
    large="40 million requests, 1,234,567 orders.",
    thin_spaces="1\u202f000\u202f000 requests at 2.5 ms",
    a_rate="10x the traffic at sub-200ms",
    range_and_zero="30-40% fewer pages and zero lost orders.",
)
def test_a_result_with_two_figures_is_good(text):
    assert kind("figures", told(result=text)) == "good"


@cases(
    adjectives="It was much faster and everybody was happy.",
    one_figure="Errors fell by 85%.",
    dates="In 2023, on May 3rd, in Q3 2024 and by 2024-05-01, at 10:30.",
    names_of_things="p99 on S3 in us-east-1 over HTTP/2 on EC2.",
    labels="Phase 2 of Tier 1, Sev-1, version 2.1, Python 3.",
    ordinals="It came 1st, then 2nd and 3rd.",
    around_the_clock="It ran 24/7 with 1:1s.",
    list_marks="1. It shipped.\n2. It held.",
    one_long_number="two hundred and forty users",
    a_pronoun="One of them told no one, and this one once.",
    a_half_of_the_year="In the second half it was done.",
)
def test_a_result_with_fewer_than_two_figures_deserves_a_look(text):
    assert kind("figures", told(result=text)) == "look"


def test_the_figures_that_were_counted_are_said():
    found = review(told(result="In 2023 p99 fell from 8 s to 900 ms, a third of it in one quarter."))[
        "figures"
    ]
    assert found.number == 4
    assert found.says == "Result holds 4 figures: 8 s, 900 ms, a third, one quarter."


def test_figures_left_among_the_metrics_are_asked_for_in_the_result():
    found = review(told(result="Faster.", metrics=["pages: 11 to 2"]))["figures"]
    assert "pages: 11 to 2" in found.remedy


# Length -------------------------------------------------------------------------------------------------------------


def of_length(count):
    return told(situation="word", task="word", action=" ".join(["word"] * (count - 3)), result="word")


@pytest.mark.parametrize(
    "count, setting",
    [
        (560, {}),
        (840, {}),
        (420, {"where": "phone"}),
        (560, {"where": "phone"}),
        (400, {"pace": 100}),
        (1000, {"pace": 200}),
    ],
    ids=["four minutes", "six minutes", "three on the phone", "four on the phone", "slow", "fast"],
)
def test_a_story_that_fits_its_minutes_is_good(count, setting):
    assert kind("length", of_length(count), **setting) == "good"


@pytest.mark.parametrize(
    "count, setting, remedy",
    [
        (559, {}, "About 1 words are missing"),
        (841, {}, "About 1 words are too many"),
        (419, {"where": "phone"}, "1 words are missing"),
        (600, {"where": "phone"}, "40 words are too many"),
        (601, {"pace": 100}, "1 words are too many"),
        (20, {}, "540 words are missing"),
    ],
    ids=["a word short", "a word long", "short for the phone", "long for the phone", "slow", "a note"],
)
def test_a_story_shorter_or_longer_than_its_minutes_deserves_a_look(count, setting, remedy):
    found = review(of_length(count), **setting)["length"]
    assert (found.kind, found.number) == ("look", count)
    assert remedy in found.remedy


def test_the_length_says_the_pace_it_assumes():
    found = review(of_length(700), pace=140)["length"]
    assert found.says == "700 words, 5.0 minutes at 140 words a minute."
    assert found.target == "4 to 6 minutes, 560 to 840 words"
    assert "our assumption" in found.source


# Parts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["A word", "x", "42", "- a list", "\u00fcber"], ids=["words", "x", "42", "list", "letter"]
)
def test_a_story_with_something_in_every_part_is_good(text):
    assert kind("parts", told(**dict.fromkeys(PARTS, text))) == "good"


@pytest.mark.parametrize(
    "blank",
    [{part: ...} for part in PARTS] + [dict.fromkeys(PARTS, ...), {"task": "  "}, {"result": "-"}],
    ids=[*PARTS, "all of them", "spaces", "a mark"],
)
def test_a_story_with_a_part_missing_deserves_a_look_that_names_it(blank):
    found = review(told(**blank))["parts"]
    assert (found.kind, found.number) == ("look", 4 - len(blank))
    assert all(part.title() in found.says for part in blank)


# Balance ------------------------------------------------------------------------------------------------------------


def of_shares(**counts):
    return told(**{part: " ".join(["word"] * count) for part, count in counts.items()})


SHARES = "situation, task, action, result"


@pytest.mark.parametrize(
    SHARES,
    [(20, 10, 50, 20), (1, 1, 3, 1), (10, 10, 70, 10), (25, 0 + 1, 60, 14), (49, 1, 100, 50)],
    ids=["half", "small", "most", "long situation", "half of many"],
)
def test_a_story_that_is_half_action_is_good(situation, task, action, result):
    assert kind("balance", of_shares(situation=situation, task=task, action=action, result=result)) == "good"


@pytest.mark.parametrize(
    SHARES,
    [(40, 10, 30, 20), (1, 1, 1, 1), (20, 10, 49, 21), (70, 10, 10, 10), (10, 10, 20, 60)],
    ids=["long situation", "even", "just under", "no action", "long result"],
)
def test_a_story_that_is_mostly_something_else_deserves_a_look(situation, task, action, result):
    found = review(of_shares(situation=situation, task=task, action=action, result=result))["balance"]
    assert found.kind == "look"
    assert found.number == action / (situation + task + action + result)


# Principle ----------------------------------------------------------------------------------------------------------


@cases(
    shown="I fixed what nobody had asked me to fix.",
    part_of_a_word="I asked about homeownership and frugalities.",
    another_principle_s_words="I had to dive deep and deliver results.",
    half_a_name="I had a bias and took action.",
    owner="I told the owner.",
)
def test_a_story_that_shows_its_principle_without_the_name_is_good(text):
    assert kind("principle", told(action=text)) == "good"


@pytest.mark.parametrize(
    "principle, text",
    [
        ("Ownership", "I took ownership of it."),
        ("Ownership", "That is Ownership."),
        ("Dive Deep", "I had to dive-deep into it."),
        ("Are Right, A Lot", "Leaders are right a lot, so I went on."),
        ("Have Backbone; Disagree and Commit", "I chose to disagree and commit."),
        ("Strive to be Earth's Best Employer", "I strive to be Earth\u2019s best employer."),
        ("Ownership", "It was pure Bias for Action."),
    ],
    ids=[
        "in a phrase",
        "as a label",
        "hyphen",
        "without its comma",
        "one half",
        "apostrophe",
        "another's name",
    ],
)
def test_a_story_that_names_a_principle_deserves_a_look(principle, text):
    assert kind("principle", told(principles=[principle], action=text)) == "look"


def test_a_story_without_a_principle_is_asked_to_choose_one():
    assert review(told(principles=[]))["principle"].says == "No principle is chosen yet."


# Level --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "level, text",
    [
        ("L6", "My team had one quarter."),
        ("L6", "I led three engineering teams for six months."),
        ("L6", "My direct reports planned Q3."),
        ("L6", "The team's quarterly goal was mine."),
        ("L6", "Two teams, two sprints."),
        ("L7", "I changed the organisation over three years."),
        ("L7", "Across 15 teams I set a multi-year plan."),
        ("L7", "I moved 120 engineers of two business units."),
        ("L7", "Eight product teams across the company."),
        ("L7", "Many teams followed for years."),
    ],
)
def test_a_story_with_two_signals_of_its_level_is_good(level, text):
    assert kind("level", told(level=level, action=text)) == "good"


@pytest.mark.parametrize(
    "level, text",
    [
        ("L6", "I wrote a parser."),
        ("L6", "I asked a quarter of the users."),
        ("L6", "My team was quick."),
        ("L6", "At headquarters I met customers."),
        ("L6", "I changed the organisation over three years."),
        ("L7", "My team had one quarter."),
        ("L7", "I led four teams for three months."),
        ("L7", "I have eight years of experience."),
        ("L7", "Two years ago I led 12 engineers."),
        ("L7", "I changed the company in a week."),
    ],
)
def test_a_story_with_fewer_than_two_signals_of_its_level_deserves_a_look(level, text):
    assert kind("level", told(level=level, action=text)) == "look"


def test_what_is_missing_for_the_level_is_named():
    assert review(told(level="L7", action="Across 15 teams."))["level"].remedy == (
        "If it is true of your story, say it: the organisation, years."
    )


# The review as a whole ----------------------------------------------------------------------------------------------


def test_every_finding_names_its_source_and_only_a_look_has_a_remedy():
    for story in (told(), told(action="We did it.", result="Good.", situation="Ownership"), told(level="L7")):
        for found in review(story):
            assert "guide" in found.source or "roadmap" in found.source
            assert bool(found.remedy) == (found.kind == "look")


@pytest.mark.parametrize("draft", [..., Story(*[...] * 7)], ids=["no story yet", "a story of dots"])
def test_an_empty_draft_is_told_only_that_its_parts_are_missing(draft):
    found = review(draft)
    assert [finding.rule for finding in found] == ["parts"]
    assert set(found.waiting) == set(RULES) - {"parts"}


def test_a_rule_that_is_skipped_says_nothing():
    kept = review(told(), skip={"length", "level"})
    assert {finding.rule for finding in kept} == set(RULES) - {"length", "level"}
    assert {finding.rule for finding in review(told(), skip="length")} == set(RULES) - {"length"}


@pytest.mark.parametrize(
    "setting, said",
    [
        ({"pace": 0}, "more than 0; got 0"),
        ({"pace": float("nan")}, "got nan"),
        ({"pace": "fast"}, "got 'fast'"),
        ({"where": "lift"}, "'bank' or 'phone'; got 'lift'"),
        ({"skip": {"lenght"}}, "no rule is called 'lenght': try length"),
    ],
    ids=["no pace", "not a number", "a word", "nowhere", "misspelt rule"],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(setting, said):
    with pytest.raises(CourseError) as refused:
        review(told(), **setting)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_review_of_something_else_is_refused():
    with pytest.raises(CourseError, match="review reads a Story; got 'once'"):
        review("once")


def test_the_terminal_shows_what_was_counted_the_target_and_what_to_try():
    shown = str(review(told(action="We did it.")))
    assert "The queue nobody owned, for the loop: " in shown
    assert " \u2192 i-or-we: Action says I (me, my) 0 times and we (us, our) once: 0% I." in shown
    assert "target: I in at least two of three" in shown and "try: For each we" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_a_draft_s_terminal_text_says_what_could_not_be_counted():
    assert "Not counted yet, for want of text: i-or-we, balance, shown." in str(review(told(action=...)))


class Table(html.parser.HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.opened, self.text, self.open = [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.opened.append((tag, dict(attributes)))
        self.open += [tag] if tag != "br" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_notebook_s_table_is_headed_by_row_and_column_and_takes_its_colours_from_the_theme():
    page = review(told())._repr_html_()
    table = Table(page)
    headings = [attributes["scope"] for tag, attributes in table.opened if tag == "th"]
    assert headings == ["col"] * 3 + ["row"] * len(RULES)
    assert not table.open and any(tag == "caption" for tag, _ in table.opened)
    assert "background" not in page and "#" not in page


def test_the_notebook_s_table_says_good_and_look_in_words_and_shows_markup_as_typed():
    text = Table(review(told(title="<b>x</b> & y", result="cut <script> 5"))._repr_html_()).text
    assert "good" in text and "look" in text
    assert "<b>x</b> & y" in text


# Comparison ---------------------------------------------------------------------------------------------------------


@cases(
    from_to="Waiting fell from 8 s to 900 ms.",
    instead="It takes 4 minutes instead of 40.",
    down_from="Reviews took two days, down from nine.",
    the_year_before="We hired nine; the year before it was three.",
    halved_to="The cost halved, to 300,000 dollars.",
    one_of_two="Sales rose 12%. Waiting fell from 8 s\nto 900 ms.",
    an_arrow="Build minutes: 38 -> 6.",
)
def test_a_result_that_says_what_it_was_before_is_good(text):
    assert kind("baseline", told(result=text)) == "good"


@cases(
    a_share="Errors fell 85%.",
    an_amount="We saved 1.2 million dollars.",
    a_score="Customer satisfaction reached 4.7.",
    only_halved="The cost halved.",
    a_count="The team shipped 14 features that quarter.",
    before_a_date="It was out ten days before finance needed it.",
)
def test_a_figure_without_what_it_was_before_deserves_a_look(text):
    assert kind("baseline", told(result=text)) == "look"


def test_the_figures_that_stand_alone_are_quoted():
    found = review(told(result="Errors fell 85%. We saved 2 million."))["baseline"]
    assert found.quotes == ("Errors fell 85%.", "We saved 2 million.")
    assert "\u201cErrors fell 85%.\u201d" in str(review(told(result="Errors fell 85%.")))


def test_a_result_without_figures_is_not_asked_what_they_were_before():
    assert "baseline" in review(told(result="Better.")).waiting


# Shown --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "principle, text",
    [
        ("Dive Deep", "I traced the failures to two causes."),
        ("Customer Obsession", "I sat with three customers."),
        ("Bias for Action", "I shipped it the same day."),
        ("Earn Trust", "I apologised in their stand-up."),
        ("Ownership", "Nobody had asked me to."),
        ("Frugality", "I gave a vacancy back."),
    ],
)
def test_a_deed_of_the_main_principle_is_heard(principle, text):
    assert kind("shown", told(principles=[principle], action=text, result="Done.", task="...")) == "good"


@pytest.mark.parametrize(
    "principle, text",
    [
        ("Dive Deep", "I asked for status every week."),
        ("Customer Obsession", "I moved the team to a new build system."),
        ("Think Big", "I fixed the printer."),
        ("Earn Trust", "I set a deadline."),
        ("Frugality", "I gave a talk."),
    ],
)
def test_a_main_principle_without_a_deed_deserves_a_look(principle, text):
    assert kind("shown", told(principles=[principle], action=text, result="Done.", task="...")) == "look"


def test_a_further_principle_that_is_not_heard_is_named_and_costs_nothing():
    found = review(told(principles=["Dive Deep", "Frugality"], action="I read the traces."))["shown"]
    assert found.kind == "good" and "Frugality: in none of the words we know" in found.says


# Blame --------------------------------------------------------------------------------------------------------------


@cases(
    a_fault="It was the platform team's fault.",
    because_of_them="Because of them we were late.",
    no_clue="He had no clue about databases.",
    refused="They refused to help.",
    dropped="Finance dropped the ball.",
    if_only="If QA had done their job, we would have seen it.",
)
def test_fault_that_is_put_on_others_deserves_a_look(text):
    assert kind("blame", told(action=text)) == "look"


@cases(
    mine="It was my fault.",
    nobody_s="It was nobody's fault.",
    i_refused="I refused to ship it.",
    i_let_down="I let them down that week.",
    without_blame="We held a review without blame.",
    quoted='"It is their fault", he said, and I asked for the log.',
)
def test_what_went_wrong_without_a_culprit_is_good(text):
    assert kind("blame", told(action=text)) == "good"


# Vague words --------------------------------------------------------------------------------------------------------


@cases(
    fillers="Basically I did a bunch of stuff.",
    many="There were a lot of issues and many people.",
    comparatives="It was much faster and far more robust.",
    buzz="I leveraged best practices.",
    some="Some issues took some time.",
    soon="Things got better quite soon.",
)
def test_a_text_of_vague_words_deserves_a_look(text):
    assert kind("vague", told(action=text)) == "look"


@cases(
    facts="I read sixty failures; forty-one had one of two causes.",
    one_alone="It was very late.",
    some_of_them="I asked some of the managers, and one of them came.",
    as_many_as="I took as many of them as there were chairs.",
    slower_by="It was three minutes slower.",
    quoted='"Very, very quite good stuff", he said.',
)
def test_a_text_of_facts_is_good(text):
    assert kind("vague", told(action=text)) == "good"


def test_a_long_story_may_say_very_once_in_a_hundred_words():
    action = " ".join(["word"] * 395 + ["very"] * 4)
    assert kind("vague", told(action=action)) == "good"
    assert kind("vague", told(action=action + " very")) == "look"


# Learning -----------------------------------------------------------------------------------------------------------


@cases(
    learned="I learned to count first.",
    since_then="Since then I ask first.",
    next_time="Next time I would take the earlier date.",
    hindsight="Looking back, I waited too long.",
    should_have="I should have called on Monday.",
    now="Now I write the rollback first.",
)
def test_a_lesson_in_the_text_is_good(text):
    assert kind("learning", told(result=text)) == "good"


@cases(
    success="It shipped on time.",
    thanks="The director thanked us.",
    they_learned="The students learned the tool in a day.",
    news="I learned that the customer had left.",
    praise="I would call it my best project.",
    figures="Waiting fell from 8 s to 900 ms.",
)
def test_a_result_without_a_lesson_deserves_a_look(text):
    assert kind("learning", told(result=text)) == "look"


def test_a_lesson_in_its_own_place_is_good():
    assert kind("learning", told(result="It shipped.", learned="I ask first.")) == "good"


# The rules' measure -------------------------------------------------------------------------------------------------


def deserves_a_look(rule, text):
    if rule == "shown":
        name, text = text.split(": ", 1)
        return kind(rule, told(principles=[name], task="...", action=text, result="...")) == "look"
    part = {"baseline": "result", "learning": "result"}.get(rule, "action")
    blank = dict.fromkeys(PARTS, "...")
    return kind(rule, told(**{**blank, part: text})) == "look"


@pytest.mark.parametrize("name, precision, recall", [("tried", 0.98, 0.98), ("fresh", 0.65, 0.65)])
def test_the_rules_find_what_a_reader_would_ask_about(name, precision, recall):
    measure = measured_on({"tried": TRIED, "fresh": FRESH}[name], deserves_a_look)
    print(f"\n{name}: {measure}")
    assert measure.precision >= precision and measure.recall >= recall


def test_the_labelled_passages_are_many_and_of_both_kinds():
    assert sum(map(len, FRESH.values())) >= 60
    for rule in FRESH:
        for passages in (TRIED[rule], FRESH[rule]):
            assert min(sum(look for _, look in passages), sum(not look for _, look in passages)) >= 4


def test_a_text_as_long_as_a_book_is_counted_and_not_searched():
    found = review(told(action="from " * 200_000))
    assert {finding.rule for finding in found} == {"parts", "length"}
    assert "more than 60,000 characters are no story" in str(found)
