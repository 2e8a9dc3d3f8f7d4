"""Mock interviews: clocks that lose nothing, rounds and loops in the learner's file, what is asked, the terminal."""

from datetime import UTC, datetime, timedelta

import pytest
from banks import Clock as Standing
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from loopready.course import CourseError
from loopready.migrations import STEPS, mocks
from loopready.mocks.clocks import Clock, where
from loopready.mocks.held import cards, held, records
from loopready.mocks.records import Mocks
from loopready.mocks.sittings import planned
from loopready.mocks.verdicts import verdict_of
from loopready.process import rounds
from loopready.process.anchors import of
from loopready.process.scorecards import Scorecard, Vote

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
# Nobody's machine is to be judged by how long an example takes.
PATIENT = settings(
    deadline=None, max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck)
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
        import tempfile
        from pathlib import Path

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
TestKept.settings = settings(PATIENT, max_examples=8)


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
