"""The recap cards: an id for each, review by FSRS on a clock that stands still, and a package for Anki."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from banks import Clock
from fsrs import Card, Scheduler
from fsrs import Rating as Fsrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from loopready.course import CourseError
from loopready.recap import anki
from loopready.recap.commands import converse
from loopready.recap.decks import Flashcard, begun, deck, ledger
from loopready.recap.reviews import NEW, Asked, Rating, Reviews
from loopready.recap.room import Review
from loopready.recap.sessions import Session, session

TOP = Path(__file__).parent.parent
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
# Nobody's machine is to be judged by how long an example takes.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CARDS = [Flashcard(f"week-01/{name}", "week-01", f"{name}?", f"{name}.") for name in "abcdefghij"]


@pytest.fixture
def reviews(tmp_path, clock):
    return Reviews(tmp_path / "my" / "loopready.db", clock)


def test_every_card_of_the_lessons_has_an_id_and_every_id_a_card():
    cards = deck(TOP)
    assert sorted(card.id for card in cards) == sorted(ledger(TOP).values())
    assert len({card.id for card in cards}) == len(cards) == len(ledger(TOP))
    assert all(card.id.startswith(f"{card.week}/") and card.answer for card in cards)


def test_every_recap_card_of_every_written_week_is_found():
    for week in sorted(path.stem for path in (TOP / "lessons").glob("week-*.md")):
        recap = (TOP / "lessons" / f"{week}.md").read_text().split(". Recap\n")[1]
        assert len(deck(TOP, [week])) == recap.count("<details>") > 5


def course(folder, question="What is lost?", answer="Nothing.", line="week-01/lost | What is lost?"):
    lessons = folder / "lessons"
    lessons.mkdir(exist_ok=True)
    card = f"<details><summary>{question}</summary>\n\n{answer}\n\n</details>\n"
    (lessons / "week-01.md").write_text(
        f"<details><summary>Hint</summary>\n\nx\n\n</details>\n## 8. Recap\n\n{card}"
    )
    (lessons / "recap-cards.txt").write_text(f"# ids\n\n{line}\n")
    (folder / "nbgrader_config.py").touch()
    return folder


def test_a_card_whose_words_were_mended_keeps_its_history(tmp_path, reviews):
    [before] = deck(course(tmp_path))
    reviews.answer(Asked(before), Rating.Good, 5)
    mended = course(tmp_path, "What can be lost?", "Not a word.", "week-01/lost | What can be lost?")
    [after] = deck(mended)
    assert after.id == before.id and after.question != before.question and after.answer == "Not a word."
    assert reviews.waiting([after]) == []


def test_a_question_without_an_id_is_asked_all_the_same(tmp_path):
    [card] = deck(course(tmp_path, question="Is 1 &lt; 2?"))
    assert card.question == "Is 1 < 2?" and card.id.startswith("week-01/") and card.id != "week-01/lost"


def test_a_spoilt_list_of_ids_is_refused(tmp_path):
    with pytest.raises(CourseError, match=r"a line is `week-01/name \| question`; got 'lost'"):
        deck(course(tmp_path, line="lost"))


def test_an_answer_does_what_the_scheduler_says(reviews, clock):
    plain = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=3650, enable_fuzzing=False)
    card, answers = Card(1, due=NOON), 0
    for rating in (Fsrs.Good, Fsrs.Good, Fsrs.Again, Fsrs.Hard, Fsrs.Easy):
        card, _ = plain.review_card(card, rating, clock.at)
        assert reviews.answer(Asked(CARDS[0], answers), rating, 4) == card.due
        clock.at, answers = card.due, answers + 1


def test_a_card_comes_on_its_day_and_not_before(reviews, clock):
    due = reviews.answer(Asked(CARDS[0]), Rating.Good, 4)
    assert due.date() > NOON.date() and reviews.waiting(CARDS[:1]) == []
    clock.at = due - timedelta(days=1)
    assert reviews.waiting(CARDS[:1]) == []
    # Not at the hour of the last answer: on the day.
    clock.at = due - timedelta(hours=3)
    assert [asked.card for asked in reviews.waiting(CARDS[:1])] == CARDS[:1]


def test_due_cards_come_first_and_a_day_begins_only_so_many_new_ones(reviews, clock):
    assert len(reviews.waiting(CARDS)) == NEW
    for card in CARDS[:NEW]:
        reviews.answer(Asked(card), Rating.Again, 4)
    assert reviews.waiting(CARDS) == []
    clock.at += timedelta(days=1)
    assert [asked.card for asked in reviews.waiting(CARDS)] == CARDS


def test_reviews_survive_a_restart(reviews, clock):
    reviews.answer(Asked(CARDS[0]), Rating.Easy, 4)
    again = Reviews(reviews.path, clock)
    [answer] = again.answers()
    assert (answer.card, answer.rating, answer.seconds, answer.said_at) == (
        "week-01/a",
        Rating.Easy,
        4.0,
        NOON,
    )
    assert again.recalled(CARDS) == {"week-01/a": 1.0}


def test_of_two_tabs_that_ask_one_card_the_first_answer_counts(reviews, clock):
    other = Reviews(reviews.path, clock)
    [mine], [theirs] = reviews.waiting(CARDS[:1]), other.waiting(CARDS[:1])
    due = reviews.answer(mine, Rating.Good, 4)
    with pytest.raises(CourseError, match="answered in another tab meanwhile"):
        other.answer(theirs, Rating.Again, 4)
    assert len(reviews.answers()) == 1
    clock.at = due
    assert other.waiting(CARDS[:1])[0].answers == 1


def test_a_clock_that_went_back_takes_nothing_back(reviews, clock):
    due = reviews.answer(Asked(CARDS[0]), Rating.Good, 4)
    clock.at = NOON - timedelta(days=400)
    assert reviews.answer(Asked(CARDS[0], 1), Rating.Good, 4) >= due
    assert [answer.said_at for answer in reviews.answers()] == [NOON, NOON]


@PATIENT
@given(some.integers(2, 60), some.lists(some.sampled_from(list(Rating)), min_size=1, max_size=8))
def test_no_card_is_put_off_beyond_the_last_day_before_the_interview(days, ratings):
    interview = NOON.date() + timedelta(days=days)
    scheduler = Reviews("unused", Clock(NOON), interview)._scheduler
    card, moment = Card(1, due=NOON), NOON
    for rating in ratings:
        card, _ = scheduler(moment).review_card(card, rating, moment)
        assert card.due > moment
        if moment.date() < interview - timedelta(days=1):
            assert card.due.date() <= interview - timedelta(days=1)
        moment = card.due


def test_the_minutes_of_a_day_are_counted_over_every_sitting_and_end_it(reviews, clock):
    sitting = Session(reviews, CARDS, minutes=1)
    sitting.answer(sitting.next(), Rating.Good, 45)
    assert sitting.left == 0.25 and Session(reviews, CARDS, 1).next()
    sitting.answer(sitting.next(), Rating.Good, 3000)
    assert reviews.minutes_today() == pytest.approx(1.75) and sitting.next() is None
    assert sitting.says == "Today's time, 1 min, is over; 4 cards wait for tomorrow."
    clock.at += timedelta(days=1)
    assert sitting.next()


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), 1e9])
def test_a_day_without_minutes_is_refused(reviews, minutes):
    with pytest.raises(CourseError, match="a day's review has more than 0 minutes"):
        Session(reviews, CARDS, minutes)


@pytest.mark.parametrize("rating", [0, 5, "good", None])
def test_an_answer_that_is_none_is_refused(reviews, rating):
    with pytest.raises(CourseError, match="an answer is 1"):
        reviews.answer(Asked(CARDS[0]), rating, 4)
    assert not reviews.path.exists()


def test_a_card_that_another_program_spoilt_is_named(reviews, clock):
    reviews.answer(Asked(CARDS[0]), Rating.Good, 4)
    with sqlite3.connect(reviews.path) as database:
        database.execute("UPDATE card SET state = '{}'")
    database.close()
    with pytest.raises(CourseError, match="the card 'week-01/a' was changed by another program"):
        reviews.answer(Asked(CARDS[0], 1), Rating.Good, 4)


def test_the_cards_are_those_of_the_weeks_that_were_started(tmp_path, monkeypatch):
    assert begun(TOP) == [] and session(TOP).says == "No cards yet: they come with the weeks that you start."
    started = tmp_path / "my" / "week-03" / "week-03.ipynb"
    started.parent.mkdir(parents=True)
    started.touch()
    assert begun(TOP) == ["week-03"] and {card.week for card in session(TOP).cards} == {"week-03"}
    with pytest.raises(CourseError, match="no week 'week-99'"):
        session(TOP, chosen=["week-99"])


def test_in_a_terminal_a_card_is_asked_shown_and_answered(reviews, capsys):
    typed = iter(["", "7", "3", "", "q"])
    converse(Session(reviews, CARDS), lambda prompt: next(typed), lambda: 0.0)
    told = capsys.readouterr().out
    assert told.index("a?") < told.index("a.") < told.index("again on 6 January") < told.index("b?")
    assert [answer.card for answer in reviews.answers()] == ["week-01/a"]


def test_an_end_of_the_input_ends_the_sitting(reviews, capsys):
    def closed(prompt):
        raise EOFError

    converse(Session(reviews, CARDS), closed)
    assert "6 cards to go" in capsys.readouterr().out and reviews.answers() == []


def collection(file):
    """Notes as (guid, fields, tags), and the decks and models, of a package."""
    with zipfile.ZipFile(file) as package, sqlite3.connect(":memory:") as database:
        database.deserialize(package.read("collection.anki2"))
        notes = database.execute("SELECT guid, flds, tags FROM notes ORDER BY flds").fetchall()
        decks, models = database.execute("SELECT decks, models FROM col").fetchone()
        cards = database.execute("SELECT did, count(*) FROM cards GROUP BY did").fetchall()
    return notes, json.loads(decks), json.loads(models), cards


def test_the_package_for_anki_has_every_card_and_the_same_ids_when_words_are_mended(tmp_path):
    cards = deck(TOP)
    assert anki.write(cards, tmp_path / "a.apkg") == len(cards)
    mended = [Flashcard(card.id, card.week, f"{card.question} Say <why>.", card.answer) for card in cards]
    anki.write(mended, tmp_path / "b.apkg")
    (notes, decks, models, held), (later, *_, again) = (
        collection(tmp_path / name) for name in ("a.apkg", "b.apkg")
    )
    assert {note[0] for note in notes} == {note[0] for note in later} and len(notes) == len(cards)
    assert held == again and held[0][1] == len(cards) and decks[str(held[0][0])]["name"] == "loopready recap"
    assert "loopready recap card" in [model["name"] for model in models.values()]
    assert {note[2].strip() for note in notes} == {card.week for card in cards}
    assert later[0][1].split("\x1f")[0].endswith("Say &lt;why&gt;.")


def test_the_package_is_the_same_bytes_at_the_same_moment(tmp_path):
    texts = []
    for name in ("a.apkg", "b.apkg"):
        anki.write(CARDS, tmp_path / name, moment=0.0)
        texts.append(collection(tmp_path / name))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "name, cards, said",
    [("recap.zip", CARDS, "does not end in .apkg"), ("recap.apkg", [], "there are no cards"),
     ("mine.apkg", CARDS, "is there already and no package")],
    ids=["ending", "no cards", "another file"],
)  # fmt: skip
def test_what_cannot_be_a_package_is_refused(tmp_path, name, cards, said):
    (tmp_path / "mine.apkg").write_text("mine")
    with pytest.raises(CourseError, match=said):
        anki.write(cards, tmp_path / name)
    assert (tmp_path / "mine.apkg").read_text() == "mine"


def test_in_a_notebook_a_card_is_asked_shown_and_answered(reviews):
    seconds = iter([0.0, 12.0, 12.0])
    room = Review(lambda minutes: Session(reviews, CARDS, minutes), lambda: next(seconds))
    assert "a?" in room.question.value and room.answer.value == "" and room.ratings[Rating.Good].disabled
    room.show.click()
    assert "a." in room.answer.value and room.show.disabled and not room.ratings[Rating.Good].disabled
    room.ratings[Rating.Good].click()
    assert "b?" in room.question.value and "Again on 6 January." in room.says.value
    assert reviews.answers()[0].seconds == 12.0
    # The second half of a double click: the next card was not shown yet.
    room.ratings[Rating.Good].click()
    assert len(reviews.answers()) == 1 and "b?" in room.question.value


def test_in_a_notebook_a_file_that_cannot_be_used_is_said(tmp_path, clock):
    path = tmp_path / "loopready.db"
    path.write_text("no database")
    room = Review(lambda minutes: Session(Reviews(path, clock), CARDS, minutes))
    assert "is not a database loopready can read: move it away" in room.says.value and room.show.disabled


def test_the_command_asks_keeps_and_writes_for_anki(tmp_path):
    def run(*words, typed=""):
        command = [sys.executable, "-m", "loopready.cli", "review", *words]
        return subprocess.run(command, input=typed, capture_output=True, text=True, cwd=TOP)

    asked = run("--week", "1", typed="\n3\nq\n")
    assert asked.returncode == 0 and "What does Little's law need" in asked.stdout, asked.stderr
    assert len(Reviews().answers()) == 1
    written = run("--anki", str(tmp_path / "recap.apkg"))
    assert written.stdout.startswith(f"{len(deck(TOP))} cards in ") and (tmp_path / "recap.apkg").exists()
    refused = run("--minutes", "0")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert date.today() == Reviews().answers()[0].said_at.astimezone().date()
