"""Mock interviews: clocks that lose nothing, rounds and loops in the learner's file, what is asked, the terminal."""

import json
import tempfile
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from random import Random

import pytest
from banks import Clock as Standing
from banks import started, told
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typer.testing import CliRunner

from loopready import reserve
from loopready.bank import Bank
from loopready.chains import Step
from loopready.cli import app
from loopready.course import CourseError
from loopready.migrations import STEPS, mocks
from loopready.mocks.boards import BOXES, Board
from loopready.mocks.clocks import Clock, where
from loopready.mocks.held import cards, held, records
from loopready.mocks.interviews import QUESTIONS, Interview, draw, invited, stories_for
from loopready.mocks.katas import given
from loopready.mocks.partners import page, received, write
from loopready.mocks.problems import PROBLEMS, amount
from loopready.mocks.problems import found as design
from loopready.mocks.records import Asked, Mocks
from loopready.mocks.sittings import planned
from loopready.mocks.verdicts import verdict_of
from loopready.process import questions, rounds
from loopready.process.anchors import of
from loopready.process.scorecards import Scorecard, Vote

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
# Nobody's machine is to be judged by how long an example takes.
PATIENT = settings(
    deadline=None, max_examples=60, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
SECONDS = some.floats(-200_000, 200_000, allow_nan=False)


@pytest.fixture
def clock():
    return Standing(NOON)


@pytest.fixture
def room(tmp_path, clock):
    return Mocks(tmp_path / "my" / "loopready.db", clock)


def card(key, level=3, **changes):
    """A card with the same level everywhere, and evidence for each."""
    names = [each.name for each in of(rounds.found(key).focus)]
    proof = {name: "said on that Tuesday, with the figure" for name in names}
    return Scorecard(key, dict.fromkeys(names, level), proof, **changes)


class Pocket(RuleBasedStateMachine):
    """A round's clock under everything that can happen to it, against a sum kept beside it."""

    def __init__(self):
        super().__init__()
        self.now, self.clock, self.most = NOON, Clock(), 0.0

    @rule(seconds=SECONDS)
    def time_goes_or_is_moved_back(self, seconds):
        before, self.now = self.now, self.now + timedelta(seconds=seconds)
        if self.clock.running:
            self.most += max(0.0, (self.now - before).total_seconds())

    @rule(patience=some.floats(0, 5_000))
    def start(self, patience):
        self._becomes(self.clock.started(self.now, patience))

    @rule()
    def mark(self):
        self._becomes(self.clock.marked(self.now))

    @rule()
    def stop(self):
        self._becomes(self.clock.stopped(self.now))
        assert not self.clock.running

    @precondition(lambda self: self.clock.running)
    @rule()
    def the_kernel_is_killed_and_what_was_saved_goes_on(self):
        self.clock = Clock(self.clock.counted, self.clock.at, self.clock.patience)

    def _becomes(self, after):
        assert after.elapsed(self.now) == pytest.approx(self.clock.elapsed(self.now))
        assert after.counted >= self.clock.counted
        self.clock = after

    @invariant()
    def what_was_counted_is_never_lost_and_never_more_than_what_passed(self):
        elapsed = self.clock.elapsed(self.now)
        assert 0 <= self.clock.counted <= elapsed <= self.most + 1e-6


TestPocket = Pocket.TestCase
TestPocket.settings = PATIENT


class Kept(RuleBasedStateMachine):
    """A mock in a file: two tabs, restarts, and a clock that jumps; nothing that was counted or written is lost."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path, self.clock = Path(self.folder.name) / "my" / "loopready.db", Standing(NOON)
        self.room = Mocks(self.path, self.clock)
        self.id = self.room.begin("five rounds", "L6").id
        self.counted, self.words = {}, {}

    def teardown(self):
        self.folder.cleanup()

    @rule(seconds=SECONDS)
    def time_jumps(self, seconds):
        self.clock.at += timedelta(seconds=seconds)

    @rule()
    def restart(self):
        self.room = Mocks(self.path, self.clock)

    @rule(place=some.integers(1, 6), deed=some.sampled_from(["start", "pause", "end", "leave out"]))
    def do(self, place, deed):
        before = self.room.mock(self.id)
        try:
            after = self.room.do(self.id, place, deed, patience=60)
        except CourseError:
            assert self.room.mock(self.id) == before
        else:
            assert after.clock.running == (deed == "start")

    @rule(place=some.integers(1, 6))
    def mark(self, place):
        self.room.mark(self.id, place)

    @rule(place=some.integers(1, 6), words=some.text(max_size=9))
    def write(self, place, words):
        self.room.write(self.id, place, "answer", words)
        self.words[place] = words

    @invariant()
    def the_file_has_it_all(self):
        mock = Mocks(self.path, self.clock).mock(self.id)
        for one in mock.sittings:
            assert (
                one.clock.counted >= self.counted.get(one.place, 0) and one.clock.elapsed(self.clock.at) >= 0
            )
            self.counted[one.place] = one.clock.counted
        assert sum(one.state in ("running", "paused") for one in mock.sittings) <= 1
        for place, words in self.words.items():
            assert self.room.texts(self.id, place)["answer"] == words


TestKept = Kept.TestCase
TestKept.settings = settings(PATIENT, max_examples=20)


def test_a_gap_that_nobody_marked_counts_as_the_patience():
    clock = Clock().started(NOON, patience=60).marked(NOON + timedelta(seconds=50))
    later = NOON + timedelta(hours=9)
    assert clock.elapsed(later) == 110 and clock.lost(later) and not clock.lost(NOON + timedelta(seconds=100))


@pytest.mark.parametrize("key", [one.key for one in rounds.ROUNDS])
def test_each_round_s_agenda_is_walked_from_its_first_part_to_its_end(key):
    agenda = rounds.found(key).clock()
    begins = 0.0
    for place, (slot, minutes) in enumerate(agenda):
        at = where(agenda, begins)
        assert (at.place, at.slot, at.left_of_part) == (place, slot, 60 * minutes) and slot.says in at.says
        begins += 60 * minutes
    at = where(agenda, begins + 65)
    assert at.over and at.next is None and "by 1:05" in at.says


def test_a_loop_has_its_variant_s_rounds_and_a_bar_raiser():
    for kind in rounds.LOOPS:
        chosen = planned(kind, "L7")
        assert [one.round for one in chosen] == [one.key for one in rounds.REHEARSALS[kind]]
        assert [one.of.focus for one in chosen].count("bar raiser") == 1
    assert planned("seven-design", "L7")[0].minutes == 90 and planned("seven-design", "L6")[0].minutes == 60


@pytest.mark.parametrize(
    "given, says",
    [
        (("tea", "L6"), "no round is called 'tea'"),
        (("seven-people", "L5"), "a level is 'L6' or 'L7'; got 'L5'"),
        (("seven-people", "L6", "cat"), "rated 'alone' or by a 'partner'; got 'cat'"),
    ],
    ids=["no such round", "no such level", "no such rater"],
)
def test_a_mock_of_what_there_is_not_is_refused_and_no_file_is_made(room, given, says):
    with pytest.raises(CourseError, match=says):
        room.begin(*given)
    assert not room.path.exists() and room.all() == []


def test_one_mock_is_open_at_a_time_and_an_abandoned_one_keeps_what_is_in_it(room, clock):
    mock = room.begin("five rounds", "L6")
    room.do(mock.id, 1, "start", patience=60)
    clock.at += timedelta(seconds=30)
    room.write(mock.id, 1, "answer", "I decided.")
    with pytest.raises(CourseError, match="mock 1, five rounds, is still open"):
        room.begin("seven-people", "L6")
    closed = room.close(mock.id)
    assert [one.state for one in closed.sittings] == ["done", *["left out"] * 5] and closed.seconds(
        clock.at
    ) == 30
    assert room.texts(mock.id, 1) == {"answer": "I decided."}
    with pytest.raises(CourseError, match="mock 1, five rounds, is closed"):
        room.do(mock.id, 2, "start")
    assert room.begin("seven-people", "L6").open and room.open().id == 2


def test_a_second_round_waits_for_the_first(room):
    mock = room.begin("five rounds", "L6")
    room.do(mock.id, 1, "start", 60)
    with pytest.raises(CourseError, match="Recruiter is not over"):
        room.do(mock.id, 2, "start", 60)
    with pytest.raises(CourseError, match="System design is waiting: it cannot pause now"):
        room.do(mock.id, 2, "pause")


def test_a_clock_whose_kernel_died_stops_at_the_next_look_and_goes_on_when_asked(room, clock):
    mock = room.begin("seven-people", "L6")
    room.do(mock.id, 1, "start", patience=30)
    clock.at += timedelta(seconds=20)
    room.mark(mock.id, 1)
    clock.at += timedelta(hours=3)
    again = Mocks(room.path, clock)
    assert again.mark(mock.id, 1).state == "paused" and again.mock(mock.id).seconds(clock.at) == 50
    assert again.do(mock.id, 1, "start", 30).clock.elapsed(clock.at) == 50


def test_of_two_tabs_that_type_in_one_field_both_texts_stay_in_the_file(room, clock):
    other = Mocks(room.path, clock)
    mock = room.begin("seven-people", "L6")
    for who, text in ((room, "mine"), (other, "theirs"), (room, "mine again")):
        who.write(mock.id, 1, "answer", text)
    assert room.texts(mock.id, 1) == {"answer": "mine again"}
    with room.store.reading() as database:
        kept = [text for (text,) in database.execute("SELECT text FROM mock_text ORDER BY id")]
    assert kept == ["mine", "theirs", "mine again"]


def test_a_card_comes_back_as_it_was_given_and_only_for_its_round(room):
    mock = room.begin("five rounds", "L6", "partner")
    given = card("five-people", said=Vote.LEAN_NO, signs=("i-or-we",), rater="partner")
    kept = room.rate(mock.id, 3, given).cards[3]
    assert (kept.levels, kept.evidence, kept.said, kept.signs) == (
        given.levels,
        given.evidence,
        Vote.LEAN_NO,
        ("i-or-we",),
    )
    with pytest.raises(CourseError, match="this card is for People management, and round 2 is System design"):
        room.rate(mock.id, 2, given)


def test_a_loop_s_cards_become_a_debrief_with_tasks_that_have_days(room, clock):
    mock = room.begin("five rounds", "L6")
    for one in mock.sittings:
        level = 1 if one.of.focus == "bar raiser" else 4
        room.rate(mock.id, one.place, card(one.round, level))
    verdict = verdict_of(room.finish(mock.id))
    assert verdict.debrief.outcome == "vetoed" and verdict.reasons and verdict.tasks
    assert all(due > NOON.date() for due, _ in verdict.tasks) and "What to do" in str(verdict)


def test_other_rooms_read_what_was_held(room, clock):
    from loopready.bank import Bank
    from loopready.planning.mocks import held as as_planned
    from loopready.readiness.gathering import gathered

    mock = room.begin("seven-people", "L6")
    room.do(mock.id, 1, "start", 4_000)
    clock.at += timedelta(minutes=50)
    assert records(room.path) == []
    room.rate(mock.id, 1, card("seven-people"))
    room.finish(mock.id)
    [one] = records(room.path)
    assert (one.kind, one.minutes, one.result, one.when) == ("Behavioural 1", 50.0, "lean hire", clock.at)
    assert held(room.path) == as_planned(room.path) and as_planned(room.path)[0].minutes == 50
    assert {shown.area for shown in gathered(Bank(room.path), clock.at.date())} == {"people", "room"}
    assert len(cards(room.path)) == 1


def test_a_file_of_before_has_no_mocks_and_takes_them(room, monkeypatch):
    import sqlite3

    room.path.parent.mkdir()
    with sqlite3.connect(room.path) as database:
        before = STEPS[: STEPS.index(mocks)]
        for step in before:
            step(database)
        database.execute(f"PRAGMA user_version = {len(before)}")
    assert room.all() == [] and room.texts(1, 1) == {}
    assert room.begin("seven-people", "L6").id == 1


# --- what is asked ---

VAGUE = (
    "We had a team that was quite slow, and in the end we all worked together very hard, and it was a lot better, "
    "and everybody was happy with it."
)


def interview(room, key="seven-people", level="L6"):
    mock = room.begin(key, level)
    return Interview(room, mock.id, 1, Random(3))


def answered(talk, text):
    asked = talk.next()
    talk.answer(asked, text)
    return asked


def test_follow_ups_ask_for_what_the_answer_lacks(room):
    talk = interview(room, "seven-bar-raiser")
    answered(talk, VAGUE)
    because = [answered(talk, "We did.").because.partition(":")[0] for _ in range(4)]
    assert because[0] == "i-or-we" and "figures" in because and len(set(because)) == 4
    assert {"i-or-we", "figures", "learning"} <= set(talk.signs())


def test_an_answer_with_figures_is_not_asked_for_them():
    question = questions.found("two-seniors")
    text = (
        "In March I cut batches from 500 to 50. The p99 fell from 8 s to 900 ms in a month. I learned to ask."
    )
    rules = {probe.because.partition(":")[0] for probe in invited(question, [text], digging=True)}
    assert not rules & {"figures", "i-or-we"}


@pytest.mark.parametrize(
    "key, depth", [("seven-bar-raiser", 4), ("seven-people", 2)], ids=["bar raiser", "others"]
)
@pytest.mark.parametrize("text", [VAGUE, "", "It went well."], ids=["vague", "spoken aloud", "short"])
def test_each_answer_is_dug_into_so_often_before_the_next_question(room, key, depth, text):
    talk = interview(room, key)
    kinds = [answered(talk, text).kind for _ in range(2 * (depth + 1))]
    assert kinds == ["question", *["follow-up"] * depth] * 2
    for thread in (talk.asked[: depth + 1], talk.asked[depth + 1 :]):
        assert len({one.text for one in thread}) == len(thread)


@pytest.mark.parametrize("key", [one.key for one in rounds.ROUNDS if one.focus in QUESTIONS])
@pytest.mark.parametrize("level", rounds.LEVELS)
def test_a_round_of_words_comes_to_its_end(room, key, level):
    talk = interview(room, key, level)
    for _ in range(40):
        if not (asked := talk.next()):
            break
        talk.answer(asked, VAGUE)
    assert talk.next() is None
    assert sum(one.kind == "question" for one in talk.asked) == QUESTIONS[rounds.found(key).focus]


def test_no_question_comes_twice_before_all_have_come_and_a_mock_hears_each_principle_once_first():
    asked, pool = [], {one.id for one in questions.chosen(focus="bar raiser", level="L6")}
    bar_raiser = rounds.found("seven-bar-raiser")
    for number in range(2 * len(pool)):
        one = draw(bar_raiser, "L6", asked, number // 3, Random(number))
        asked.append(Asked(number, number // 3, 1, "question", one.id, one.asks))
    for half in (asked[: len(pool)], asked[len(pool) :]):
        assert {one.key for one in half} == pool
    for mock in range(3):
        told = [questions.found(one.key).principles[:1] for one in asked if one.mock == mock]
        assert len(set(told)) == 3 and () not in told


def test_a_restart_in_the_middle_goes_on_with_the_same_answer(room, clock):
    talk = interview(room, "seven-bar-raiser")
    first = answered(talk, VAGUE)
    again = Interview(Mocks(room.path, clock), talk.id, 1, Random(8))
    assert again.next().follows == first.id and again.answers()[0] == (first, VAGUE)


def test_the_candidate_s_own_stories_stand_beside_the_question(tmp_path):
    bank = Bank(tmp_path / "loopready.db")
    bank.save(told(title="Second", principles=["Dive Deep", "Earn Trust"]))
    bank.save(told(title="First", principles=["Earn Trust"]))
    bank.save(told(title="Another", principles=["Frugality"]))
    question = next(one for one in questions.bank() if one.principles[:1] == ("Earn Trust",))
    names = [one.story.title for one in stories_for(question, bank)]
    assert names[0] == "First" and "Second" in names and "Another" not in names


def test_a_design_round_has_no_questions_in_words(room):
    mock = room.begin("seven-design", "L6")
    with pytest.raises(CourseError, match="System design has no questions to answer in words"):
        Interview(room, mock.id, 1)


# --- design ---

RIGHT = {
    "notifications": ("8 million", "160", "27,800 message/s", "8.3 MB/s"),
    "rate-limiter": ("93k request/s", "600 thousand", "77 MB", "46"),
    "leaderboard": ("13,900 / s", "3.2 GB", "2.2 TB", "200k / s"),
    "messaging": ("280k message/s", "1.3 PB", "480 TB", "5.6 GB/s"),
    "content-network": ("167 Gbit/s", "174 MB/s", "1 GB/s", "1.5 TB"),
    "distributed-cache": ("1.45 million request/s", "800 GB", "17", "116k request/s"),
}


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.id)
def test_each_problem_s_numbers_worked_by_hand_are_right_and_ten_times_as_much_is_not(problem):
    # By hand, from the given numbers; rounded as one would on a board.
    names = [one.name for one in problem.steps]
    typed = dict(zip(names, RIGHT[problem.id], strict=True))
    assert [one.right for one in problem.judged(typed)] == [True] * len(names)
    assert problem.question.focuses[0] == "design"
    for name in names:
        wrong = problem.judged({**typed, name: f"10 * ({amount(typed[name])})"})
        assert [one.right for one in wrong if one.name == name] == [False]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.id)
def test_a_number_that_was_wrong_is_paid_for_once(problem):
    known = {one.name: Step(one.name, one.expression).value({}) for one in problem.given}
    first, *rest = problem.steps
    own = {first.name: 10 * Step(first.name, first.expression).value(known)}
    for step in rest:
        own[step.name] = Step(step.name, step.expression).value({**known, **own})
    base = {name: value.to_base_units() for name, value in own.items()}
    typed = {
        name: f"{float(one.m)} * ({one.units:C})".replace("dimensionless", "1") for name, one in base.items()
    }
    assert [one.right for one in problem.judged(typed)] == [False] + [True] * len(rest)


@pytest.mark.parametrize(
    "typed",
    [
        "10**10**10", "9^9^9 request", "(10**99)**99", "2**1000000000", "1 << 99999999999", "9*" * 500 + "9",
        "sum(range(10**12))", "1,5", "[1]", "True", "'a'",
    ],
)  # fmt: skip
def test_what_would_hold_the_kernel_or_is_not_one_number_is_no_amount(typed):
    with pytest.raises(CourseError, match="is no amount: write a number and a unit"):
        amount(typed)


@pytest.mark.parametrize(
    "typed, says",
    [
        ("", "not answered yet"),
        ("a lot", "'a lot' is no amount"),
        ("38 MB", "the replicas forgotten?"),
        ("614 MB", "bits and bytes"),
        ("77", "a bare number; give it a unit"),
        ("77 s", "measured in s"),
        ("__import__('os')", "is no amount"),
    ],
    ids=["nothing", "words", "a factor forgotten", "bits", "no unit", "another unit", "code"],
)
def test_a_number_that_is_not_right_is_told_which_slip_it_is(typed, says):
    found = {one.name: one for one in design("rate-limiter").judged({"memory": typed})}
    assert says in found["memory"].says and found["memory"].right is not True


def test_the_design_problem_stays_and_every_problem_comes_before_one_comes_again(room):
    keys = []
    for number in range(len(PROBLEMS) + 1):
        mock = room.begin("seven-design", "L6")
        board = Board(room, mock.id, 1, Random(number))
        keys.append(board.problem.id)
        assert Board(room, mock.id, 1).problem.id == keys[-1]
        board.write("clarify", "Readers and writers.")
        board.estimate(board.problem.steps[0].name, "3")
        assert board.texts()["clarify"] == "Readers and writers." and board.judged()[0].right is not None
        room.close(mock.id)
    assert sorted(keys[:-1]) == sorted(one.id for one in PROBLEMS)
    with pytest.raises(CourseError, match="no step is called 'tea'; there are clarify, sketch"):
        board.write("tea", "")


def test_each_part_of_the_design_agenda_has_a_box():
    for key in ("five-design", "seven-design"):
        assert {one.part for one in BOXES} == set(range(len(rounds.found(key).agenda)))


# --- coding ---


def test_the_coding_round_gives_a_kata_that_was_never_seen_and_the_same_one_after_a_restart(
    room, tmp_path, monkeypatch
):
    folders = []
    monkeypatch.setattr(reserve, "handed_out", lambda root: ["heat"])
    monkeypatch.setattr(reserve, "hand_out", lambda name, root: folders.append(name) or tmp_path / name)
    names = []
    for _ in range(3):
        mock = room.begin("seven-coding-1", "L6")
        kata, path = given(room, mock.id, 1, tmp_path, choose=lambda left: left[0])
        assert given(room, mock.id, 1, tmp_path) == (kata, path) and kata.level == "L6"
        names.append(kata.name)
        room.close(mock.id)
    assert len(set(names)) == 3 and "heat" not in names


# --- scores and the partner ---


def test_the_partner_s_line_comes_back_as_the_round_s_card(room):
    talk = interview(room)
    answered(talk, VAGUE)
    text = page(room, talk.id, 1)
    assert "http" not in text and all(each.name in unescape(text) for each in of("people"))
    data = {
        "mock": 1,
        "place": 1,
        "levels": {"Own part": 2},
        "evidence": {"Own part": "we <b>throughout</b>"},
        "vote": 1,
    }
    card = received(room, 1, 1, f"loopready-card {json.dumps(data)}\n")
    kept = room.mock(1).cards[1]
    assert (kept.vote, kept.rater, kept.levels) == (Vote.STRONG_NO, "partner", {"Own part": 2}) and card.signs


@pytest.mark.parametrize(
    "line, says",
    [
        ("", "paste the whole line"),
        ("loopready-card {", "paste the whole line"),
        ('{"mock": 1}', "paste the whole line"),
        (
            'loopready-card {"mock": 7, "place": 1, "levels": {}, "evidence": {}, "vote": 1}',
            "from mock 7, round 1",
        ),
        (
            'loopready-card {"mock": 1, "place": 1, "levels": {}, "evidence": {}, "vote": 9}',
            "a vote is 1 to 4",
        ),
        (
            'loopready-card {"mock": 1, "place": 1, "levels": {}, "evidence": {}, "vote": 0}',
            "nothing was rated",
        ),
        (
            'loopready-card {"mock": 1, "place": 1, "levels": {"Tea": 1}, "evidence": {}, "vote": 0}',
            "not rated by 'Tea'",
        ),
    ],
    ids=["empty", "cut", "no prefix", "another mock", "no such vote", "nothing", "no such criterion"],
)
def test_a_line_that_is_not_the_page_s_is_refused(room, line, says):
    room.begin("seven-people", "L6", "partner")
    with pytest.raises(CourseError, match=says):
        received(room, 1, 1, line)
    assert room.mock(1).cards == {}


def test_the_partner_s_page_is_not_written_over_another_file(room, tmp_path):
    room.begin("seven-design", "L7")
    path = tmp_path / "partner.html"
    assert write(room, 1, 1, path).read_text() == write(room, 1, 1, path).read_text()
    path.write_text("mine")
    with pytest.raises(CourseError, match="is something else: name another file"):
        write(room, 1, 1, path)


# --- the terminal ---


@pytest.fixture
def mock_command(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOPREADY_MY", str(tmp_path / "my"))
    monkeypatch.chdir(Path(__file__).parent.parent)

    def run(*words, typed=""):
        done = CliRunner().invoke(app, ["mock", *words], input=typed)
        return done.exit_code, done.output

    return run


def test_a_round_is_held_from_beginning_to_end_in_a_terminal(mock_command):
    assert "No mock was held yet" in mock_command()[1]
    code, said = mock_command("start", "seven-bar-raiser", "--level", "l7")
    assert code == 0 and "Bar Raiser, 90 minutes" in said and "60:00  A hypothetical" in said
    code, said = mock_command("talk", typed=f"{VAGUE}\n\nWe did.\n\nq\n")
    assert code == 0 and "with your own hands?" in said
    assert "paused at 0:0" in mock_command("pause")[1] and "rounds" in mock_command("list")[1]
    assert "1  The second question found a guess" in mock_command("rate")[1]
    assert (
        "Bar Raiser: lean no" in mock_command("rate", "Holds=2", "Learn=3: told of March and what changed")[1]
    )
    code, said = mock_command("finish")
    assert code == 0 and "The candidate could have been a guest" in said and "What to do" in said
    assert "Bar Raiser, 0 min: lean no" in mock_command()[1]


def test_a_design_is_drafted_in_a_terminal_line_by_line_and_its_numbers_are_judged(mock_command, tmp_path):
    assert mock_command("start", "seven-design")[0] == 0
    board = Board(Mocks(tmp_path / "my" / "loopready.db"), 1, 1)
    first, *others = RIGHT[board.problem.id]
    typed = [
        "Readers pay.",
        "Nothing is lost.",
        "",
        first,
        "a lot",
        *[""] * (len(others) - 1),
        "One queue.",
        "q",
    ]
    code, said = mock_command("talk", typed="\n".join(typed) + "\n")
    names = [one.name for one in board.problem.steps]
    assert code == 0 and board.problem.question.asks in said and f"{names[0]}: right" in said
    assert (
        f"{names[1]}: look again: 'a lot' is no amount" in said or f"{names[1]}: 'a lot' is no amount" in said
    )
    assert f"{names[2]}: not answered yet" in said
    kept = {
        "clarify": "Readers pay.\nNothing is lost.",
        "sketch": "One queue.",
        f"estimate {names[0]}": first,
    }
    assert kept.items() <= board.texts().items()
    code, said = mock_command("talk", typed="Nobody waits.\n")
    assert code == 0 and "Nothing is lost." in said
    assert board.texts()["clarify"] == "Readers pay.\nNothing is lost.\nNobody waits."


@pytest.mark.parametrize(
    "words, says",
    [
        (("start",), "no mock is open: begin one with"),
        (("start", "tea"), "no round is called 'tea'"),
        (("talk",), "no mock is open"),
        (("rate",), "no mock was held yet"),
        (("finish",), "no mock is open"),
    ],
    ids=["nothing to go on with", "no such round", "nobody there", "nothing to rate", "nothing to end"],
)
def test_what_cannot_be_is_one_line_and_no_file(mock_command, tmp_path, words, says):
    code, said = mock_command(*words)
    assert code == 1 and says in said and said.count("\n") == 1 and not (tmp_path / "my").exists()


def test_a_loop_abandoned_half_way_is_offered_again_and_can_be_closed(mock_command):
    mock_command("start", "five rounds")
    code, said = mock_command()
    assert code == 0 and "1  Recruiter: running" in said and "close it with" in said
    assert "Recruiter is done" in mock_command("finish", "--this-round")[1]
    assert "System design, 60 minutes" in mock_command("start")[1]
    assert "five rounds: nothing was rated yet." in mock_command("finish", "--close")[1]
    assert mock_command("start", "seven-people")[0] == 0


def test_a_killed_process_leaves_whole_answers_and_a_clock_that_goes_on(room, clock):
    id = room.begin("seven-people", "L6").id
    code = """
        import sys
        from loopready.mocks.records import Mocks
        room, id = Mocks(sys.argv[1]), int(sys.argv[2])
        room.do(id, 1, "start", 60)
        for number in range(600):
            room.write(id, 1, "answer", "x" * 100 * (number + 1))
            room.mark(id, 1)
            print(number, flush=True)
    """
    writing = started(code, room.path, id)
    seen = [writing.stdout.readline() for _ in range(12)]
    writing.kill()
    writing.communicate()
    assert seen[-1] == "11\n"
    text = room.texts(id, 1)["answer"]
    assert len(text) >= 1_200 and len(text) % 100 == 0
    going = Mocks(room.path)
    assert going.mock(id).current.state == "running" and going.do(id, 1, "pause").clock.counted > 0


def test_a_round_that_is_over_is_asked_nothing_more(room):
    mock = room.begin("seven-people", "L6", "alone")
    room.do(mock.id, 1, "start")
    room.do(mock.id, 1, "end")
    with pytest.raises(CourseError, match="Behavioural 1 is done: nothing more is asked in it"):
        room.ask(mock.id, 1, "question", "a-change", "And then?")
    assert room.asked() == []
