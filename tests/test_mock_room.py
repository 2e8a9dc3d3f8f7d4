"""The mock loop's room, by its widgets: what is typed is saved, what runs goes on after a restart."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from loopready import course, reserve
from loopready.mocks.boards import BOXES
from loopready.mocks.desk import Desk
from loopready.mocks.katas import RESULT
from loopready.mocks.partners import PREFIX
from loopready.mocks.records import Mocks

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
VAGUE = (
    "We had a team that was quite slow, and in the end we all worked together very hard, and it was a lot better, "
    "and everybody was happy with it."
)


@pytest.fixture
def desk(tmp_path, clock):
    return Desk(Mocks(tmp_path / "my" / "loopready.db", clock))


def begun(desk, kind, rater="alone"):
    """A mock of that kind, begun at its form, its first round's clock running; the clock."""
    form, running = desk.choose(), desk.clock()
    form.kind.value, form.rater.value = kind, rater
    form.begin.click()
    running.go.click()
    return running


def test_a_round_of_words_is_asked_answered_rated_and_finished(desk, clock):
    work, card, verdict, back = desk.work(), desk.rate(), desk.decide(), desk.look_back()
    assert "Start the clock" in work.children[1].value
    running = begun(desk, "seven-bar-raiser")
    talk = work.part
    talk.field.widget.value = VAGUE
    talk.on.click()
    assert "with your own hands?" in talk.asks.value and VAGUE[:20] in talk.before.value
    clock.at += timedelta(seconds=25)
    running.go.click()
    assert running.go.description == "Go on" and "89:35 left of 90:00" in running.face.value
    card.levels["Holds when peeled"].value = 3
    card.evidence["Holds when peeled"].widget.value = "named the day"
    card.save.click()
    assert "Saved: Bar Raiser, lean hire." in card.says.value and "lean hire" in verdict.verdict.value
    verdict.end.click()
    assert "Bar Raiser, 0 min: lean hire" in back.listed.value and talk.on.disabled is False
    assert work.part.on.disabled and running.go.disabled


def test_after_a_restart_the_room_is_where_it_was_and_the_clock_stands(desk, clock):
    work = desk.work()
    begun(desk, "seven-people")
    work.part.field.widget.value = "In March I"
    clock.at += timedelta(hours=5)
    again = Desk(Mocks(desk.mocks.path, clock))
    assert again.sitting.state == "paused" and again.sitting.clock.counted == 30
    assert again.work().part.field.value == "In March I"
    running = again.clock()
    assert "59:30 left of 60:00" in running.face.value and running.go.description == "Go on"
    running.go.click()
    assert again.sitting.state == "running"


def test_the_design_s_texts_and_numbers_are_kept_and_checked(desk):
    work = desk.work()
    begun(desk, "seven-design")
    board = work.part
    board.boxes["sketch"].widget.value = "One write, one read."
    first, second = list(board.numbers)[:2]
    board.numbers[first].widget.value = "a lot"
    board.check.click()
    assert "is no amount" in board.judged[first].value and "not answered yet" in board.judged[second].value
    kept = Desk(desk.mocks).work().part
    assert kept.boxes["sketch"].value == "One write, one read." and kept.numbers[first].value == "a lot"
    assert set(kept.boxes) == {one.key for one in BOXES}


def test_a_loop_goes_from_round_to_round_and_can_be_closed(desk):
    form, running, verdict = desk.choose(), begun(desk, "five rounds"), desk.decide()
    assert form.begin.layout.display == "none" and len(form.place.options) == 6
    running.end.click()
    form.refresh(True)
    form.place.value = 2
    assert desk.sitting.of.name == "System design" and running.go.description == "Start the clock"
    running.skip.click()
    assert "System design is left out" in running.part.value
    form.away.click()
    assert not desk.mock.open and form.begin.layout.display is None
    assert "was rated" in verdict.verdict.value and desk.mock.sitting(1).state == "done"


def test_the_debrief_of_a_loop_is_drawn_and_hears_whether_all_agree(desk):
    running, card, verdict = begun(desk, "five rounds"), desk.rate(), desk.decide()
    running.end.click()
    desk.look_at(2)
    running.go.click()
    for choice in card.levels.values():
        choice.value = 1
    card.save.click()
    assert "No offer" in verdict.verdict.value and "<img" in verdict.picture.value
    assert "What to do before the next one" in verdict.verdict.value
    verdict.agreed.value = False
    assert desk.mock.consensus is False


def test_a_partner_s_page_is_made_and_its_line_taken_over(desk):
    work = desk.work()
    begun(desk, "seven-people", "partner")
    # The candidate is not shown the questions: the partner has them.
    assert desk.mocks.asked() == []
    work.part.field.widget.value = "She asked for the day."
    assert desk.mocks.texts(1, 1) == {"notes": "She asked for the day."}
    card = desk.rate()
    card.make.click()
    assert "partner-1.html" in card.says.value and list(desk.mocks.path.parent.glob("partner-1.html"))
    card.line.value = PREFIX
    card.take.click()
    assert "Not taken over: paste the whole line" in card.says.value
    card.line.value = f'{PREFIX} {{"mock": 1, "place": 1, "levels": {{}}, "evidence": {{}}, "vote": 4}}'
    card.take.click()
    assert "Taken over: Behavioural 1, strong hire." in card.says.value


def test_a_coding_round_gives_its_kata_and_talks_about_it_when_it_is_over(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(course, "root", lambda start=None: tmp_path)
    monkeypatch.setattr(reserve, "handed_out", lambda root: [])
    monkeypatch.setattr(reserve, "hand_out", lambda name, root: tmp_path / name)
    monkeypatch.setattr(reserve, "guide", lambda name: "Ask about a stream.")
    monkeypatch.setattr(reserve, "reference", lambda name: "def answer(): ...")
    work = desk.work()
    running = begun(desk, "seven-coding-1")
    title, part = reserve.kata(work.part.kata.name).title, work.part
    part.says.value = "6 of 20 points"
    part.notes.widget.value = "two heaps"
    assert part.says.value == "6 of 20 points" and "Saved." in part.noted.value
    assert title in work.part.children[0].value and "stream" not in work.part.after.value
    running.end.click()
    assert "Ask about a stream." in work.part.after.value and "def answer" in work.part.after.value
    # A grading that ends after the round shows its result in what is on the page by then.
    desk.mocks.write(desk.id, 1, RESULT, "20 of 20 points")
    part._told(part)
    assert work.part is not part and "20 of 20 points" in work.part.says.value


def test_what_cannot_be_saved_is_said_in_the_room(desk, monkeypatch):
    work = desk.work()
    begun(desk, "seven-people")

    def full(*words):
        raise course.CourseError("the disk is full: free some space")

    monkeypatch.setattr(desk.mocks, "write", full)
    work.part.field.widget.value = "In March"
    assert "Not saved: the disk is full" in work.part.says.value


def test_an_answer_that_could_not_be_saved_is_not_asked_away(desk, monkeypatch):
    work, form = desk.work(), desk.choose()
    begun(desk, "five rounds")
    talk, write = work.part, desk.mocks.write
    first, said = talk.asked, "the disk is full: free some space"

    def full(*words):
        raise course.CourseError(said)

    monkeypatch.setattr(desk.mocks, "write", full)
    talk.field.widget.value = "In March"
    talk.on.click()
    form.place.value = 2
    assert (
        talk.asked == first
        and talk.field.value == "In March"
        and work.part is talk
        and said in talk.says.value
    )
    monkeypatch.setattr(desk.mocks, "write", write)
    form.place.value = 3
    assert work.part is not talk and "In March" in desk.mocks.texts(1, 1).values()


def test_what_was_typed_a_moment_ago_is_there_when_the_cells_are_run_again(desk, clock):
    async def typed_and_run_again():
        work.part.field.widget.value = "In March I"
        return Desk(Mocks(desk.mocks.path, clock)).work().part.field.value

    work = desk.work()
    begun(desk, "seven-people")
    assert asyncio.run(typed_and_run_again()) == "In March I"


def test_a_scorecard_opens_with_the_levels_that_were_saved(desk, clock):
    begun(desk, "seven-people")
    card = desk.rate()
    for choice in card.levels.values():
        choice.value = 4
    assert "Levels count from Save" in card.says.value
    card.save.click()
    again = Desk(Mocks(desk.mocks.path, clock)).rate()
    assert {choice.value for choice in again.levels.values()} == {4}
    next(iter(again.levels.values())).value = 3
    again.save.click()
    assert sorted(desk.mock.cards[1].levels.values()) == [3] + [4] * (len(card.levels) - 1)


def test_a_clock_hears_from_another_tab_that_its_round_is_over(desk, clock):
    running, work = begun(desk, "seven-people"), desk.work()
    Mocks(desk.mocks.path, clock).do(desk.id, 1, "end")
    running._tick()
    assert work.part.on.disabled and running.end.disabled and "is done" in running.part.value


def test_a_file_that_is_no_database_is_said_in_each_cell(tmp_path):
    path = tmp_path / "loopready.db"
    path.write_text("not a database at all, but long enough to be looked at " * 20)
    desk = Desk(Mocks(path))
    assert "is not a database" in desk.choose().says.value
    for part in (desk.clock(), desk.work(), desk.rate(), desk.decide()):
        assert part.children
    assert path.read_text().startswith("not a database")


def test_a_round_that_is_over_shows_what_it_took_and_a_vote_line_by_line(desk, clock):
    running, card, verdict = begun(desk, "seven-people"), desk.rate(), desk.decide()
    clock.at += timedelta(seconds=20)
    running.end.click()
    assert "0:20 of 60:00" in running.face.value and "left" not in running.face.value
    card.levels["Own part"].value = 2
    card.save.click()
    assert "lean no<br>" in verdict.verdict.value
