"""The story bank: texts are added and found again, through renames, second writers, kills and strange files."""

import json
import os
import signal
import sqlite3
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from banks import MARCH, PLAIN, Clock, started, told

from loopready.bank import SITTING, Bank
from loopready.course import CourseError
from loopready.practice import Practice
from loopready.ratings import Ratings
from loopready.revisions import Conflict
from loopready.store import SCHEMA
from loopready.stories import Story


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bank(path, clock):
    return Bank(path, clock, writer="this tab")


@pytest.fixture
def other(path, clock):
    """The bank as another kernel has it."""
    return Bank(path, clock, writer="other tab")


# Texts --------------------------------------------------------------------------------------------------------------


def test_a_saved_story_is_there_for_the_next_kernel(bank, path):
    kept = bank.save(told())
    assert Bank(path).stories() == [kept] and kept.story == told() and kept.saved_at == MARCH


def test_reading_an_empty_bank_creates_nothing(bank, path):
    assert bank.stories() == [] and bank.revisions("x") == [] and bank.find(told()) is None
    assert not path.parent.exists()


def test_a_later_text_is_the_newest_and_the_earlier_one_stays_readable(bank, clock):
    first = bank.save(told())
    clock.at += timedelta(days=1)
    second = bank.save(told(task="Keep orders quick, whoever owns the queue."), of=first)
    assert bank.story(first.id) == second and second.number > first.number
    assert [text.story for text in bank.revisions(first.id)] == [first.story, second.story]


def test_the_same_text_again_adds_nothing(bank, clock):
    kept = bank.save(told())
    clock.at += timedelta(days=1)
    assert bank.save(told(), of=kept) == kept
    assert bank.revisions(kept.id) == [kept]


def test_a_sitting_of_autosaves_is_one_text_in_the_history(bank, clock):
    kept = bank.save(told(learned="I"))
    for length in range(2, 20):
        clock.at += timedelta(seconds=2)
        kept = bank.save(told(learned="I ask first " * length), of=kept)
    assert [text.story for text in bank.revisions(kept.id)] == [kept.story]
    clock.at += SITTING
    bank.save(told(), of=kept)
    assert len(bank.revisions(kept.id)) == 2


def test_a_passage_that_is_deleted_stays_in_the_history_however_soon(bank):
    kept = bank.save(told())
    emptied = bank.save(told(action=""), of=kept)
    assert [text.story for text in bank.revisions(kept.id)] == [kept.story, emptied.story]


def test_a_passage_that_another_takes_the_place_of_stays_in_the_history_however_soon(bank):
    kept = bank.save(told())
    replaced = bank.save(told(action="Quite another text, " * 20), of=kept)
    assert [text.story for text in bank.revisions(kept.id)] == [kept.story, replaced.story]


def test_renaming_a_story_keeps_its_id_and_its_ratings(bank, path):
    kept = bank.save(told())
    Ratings(path).rate(("story", kept.id), {"Depth": 4})
    renamed = bank.save(told(title="Six teams, one pipeline"), of=kept)
    assert renamed.id == kept.id == "the-queue-nobody-owned"
    assert Ratings(path).latest(("story", renamed.id))["Depth"].level == 4


def test_two_stories_of_one_title_are_two_stories(bank):
    first, second = bank.save(told()), bank.save(told(action="I asked."))
    assert first.id != second.id and [kept.id for kept in bank.stories()] == [first.id, second.id]


def test_a_story_without_a_title_can_be_saved_and_named_later(bank):
    kept = bank.save(told(title=""))
    named = bank.save(told(), of=kept)
    assert kept.id.startswith("untitled-") and [one.story.title for one in bank.stories()] == [PLAIN["title"]]
    assert named.id == kept.id


def test_a_story_that_is_put_away_leaves_the_lists_and_can_be_brought_back(bank):
    kept = bank.save(told())
    bank.put_away(kept.id)
    assert bank.stories() == [] and bank.stories(away=True) == [kept]
    bank.put_away(kept.id, away=False)
    assert bank.stories() == [kept]


def test_a_story_that_there_is_not_is_refused_in_one_line(bank):
    with pytest.raises(CourseError, match="the story bank has no story 'x'"):
        bank.story("x")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "\U0001f680 \U0001f469\u200d\U0001f4bb",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u202ertl",
        "\ud83d",
        "a\x00b",
        "<script>alert(1)</script>",
    ],
    ids=["a megabyte", "emoji", "right to left", "half an emoji", "nul", "script"],
)
def test_any_text_comes_back_as_it_was_typed(bank, path, text):
    kept = bank.save(told(action=text))
    assert Bank(path).story(kept.id).story.action == text


# A second writer ----------------------------------------------------------------------------------------------------


def test_the_second_of_two_tabs_is_told_and_both_texts_are_kept(bank, other):
    start = bank.save(told())
    theirs = other.save(told(task="Theirs."), of=start)
    with pytest.raises(Conflict) as told_so:
        bank.save(told(task="Mine."), of=start)
    assert "was also saved elsewhere, at" in str(told_so.value) and "\n" not in str(told_so.value)
    assert (told_so.value.mine.story.task, told_so.value.theirs) == ("Mine.", theirs)
    assert bank.story(start.id) == theirs and bank.rivals(start.id) == [told_so.value.mine]


@pytest.fixture
def conflict(bank, other):
    start = bank.save(told())
    other.save(told(task="Theirs."), of=start)
    with pytest.raises(Conflict) as told_so:
        bank.save(told(task="Mine."), of=start)
    return told_so.value


def test_whoever_types_on_in_a_conflict_goes_on_in_their_own_text(bank, conflict):
    with pytest.raises(Conflict) as again:
        bank.save(told(task="Mine, longer."), of=conflict.mine)
    assert [text.story.task for text in bank.rivals(conflict.mine.id)] == ["Mine, longer."]
    assert again.value.theirs == conflict.theirs


@pytest.mark.parametrize(
    "keep, newest, stories",
    [("this", "Mine.", 1), ("other", "Theirs.", 1), ("both", "Mine.", 2)],
    ids=["this one", "the other", "both"],
)
def test_a_choice_ends_the_conflict_and_the_other_text_stays_readable(bank, conflict, keep, newest, stories):
    kept = bank.settle(conflict.mine, keep)
    assert kept.story.task == newest and len(bank.stories()) == stories
    assert bank.rivals(conflict.mine.id) == []
    assert {"Mine.", "Theirs."} <= {text.story.task for text in bank.revisions(conflict.mine.id)}
    assert bank.save(told(task="On."), of=kept).state == "kept"


def test_typing_what_the_other_tab_has_ends_the_conflict(bank, conflict):
    assert bank.save(conflict.theirs.story, of=conflict.mine) == conflict.theirs
    assert bank.rivals(conflict.mine.id) == []


def test_two_tabs_that_wrote_the_same_are_not_in_conflict(bank, other):
    start = bank.save(told())
    theirs = other.save(told(task="Same."), of=start)
    assert bank.save(told(task="Same."), of=start) == theirs


def test_a_choice_that_there_is_not_is_refused(bank, conflict):
    with pytest.raises(CourseError, match="got 'mine'"):
        bank.settle(conflict.mine, "mine")


def test_two_kernels_that_save_at_once_lose_no_text(path):
    saves = """
        import sys
        from loopready.bank import Bank
        from loopready.revisions import Conflict
        from loopready.stories import Story
        bank, name = Bank(sys.argv[1], writer=sys.argv[2]), sys.argv[2]
        blank = dict.fromkeys(("level", "situation", "task", "result"), "")
        kept = bank.story("shared")
        input()
        for turn in range(40):
            story = Story("Shared", [], action=f"{name} {turn}", **blank)
            try:
                kept = bank.save(story, of=kept)
            except Conflict as conflict:
                kept = bank.settle(conflict.mine, "this")
    """
    Bank(path).save(told(title="Shared"))
    writers = [started(saves, path, name) for name in ("a", "b")]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    texts = [text.story.action for text in Bank(path).revisions("shared")]
    # A turn is gone only when the same tab wrote the next one over it; the last of each is there for certain.
    assert {"a 39", "b 39"} <= set(texts) and Bank(path).rivals("shared") == []


# A week's notebook --------------------------------------------------------------------------------------------------


@pytest.fixture
def week(path, clock):
    return Bank(path, clock, writer="week-01")


def test_a_week_run_again_and_again_is_one_story(week, clock):
    kept = week.keep(told())
    clock.at += timedelta(days=1)
    assert week.keep(told()) == kept
    better = week.keep(told(task="Keep orders quick, whoever owns the queue."))
    assert better.id == kept.id and week.stories() == [better]


def test_a_week_whose_story_has_another_title_now_is_the_same_story(week):
    kept = week.keep(told())
    assert week.keep(told(title="Six teams, one pipeline")).id == kept.id
    assert week.find(told(title="Six teams, one pipeline", action="I asked.")).id == kept.id


def test_a_week_run_again_does_not_bury_what_was_written_in_the_bank_since(week, bank):
    kept = week.keep(told())
    better = bank.save(told(task="Better."), of=kept)
    assert week.keep(told()) == better and week.story(kept.id) == better


def test_a_week_that_went_on_while_the_bank_did_is_told(week, bank):
    kept = week.keep(told())
    better = bank.save(told(task="Better."), of=kept)
    with pytest.raises(Conflict) as told_so:
        week.keep(told(task="From the notebook."))
    assert told_so.value.theirs == better and week.rivals(kept.id)[0].story.task == "From the notebook."


def test_a_week_does_not_write_over_a_story_of_its_title_that_it_never_saw(week, bank):
    mine = bank.save(told(task="Written in the bank."))
    with pytest.raises(Conflict):
        week.keep(told())
    assert week.story(mine.id) == mine


# Practice -----------------------------------------------------------------------------------------------------------


def test_takes_are_kept_and_give_the_pace_of_the_last_three(path, clock):
    practice = Practice(path, clock)
    for seconds in (1000, 300, 300, 300):
        practice.told("a", seconds, 650)
    practice.answered("a", "Who paid?", "I did, with two sprints.", 12.34)
    assert practice.pace("a") == pytest.approx(130)
    assert [(take.question, take.seconds) for take in Practice(path).takes("a")][3:] == [
        ("", 300),
        ("Who paid?", 12.3),
    ]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 3601, "60", True], ids=str)
def test_a_take_that_lasts_no_time_or_all_night_is_refused(path, seconds):
    with pytest.raises(CourseError, match="a take lasts more than 0 seconds and at most an hour"):
        Practice(path).told("a", seconds, 650)
    assert not path.exists()


# Files --------------------------------------------------------------------------------------------------------------


def schema_1(path):
    """A file as the first loopready made it, with ratings of a story and of a design."""
    path.parent.mkdir()
    with sqlite3.connect(path) as made:
        made.execute(
            "CREATE TABLE rating (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, "
            "dimension TEXT NOT NULL, level INTEGER NOT NULL CHECK (typeof(level) = 'integer' AND "
            "level BETWEEN 1 AND out_of), out_of INTEGER NOT NULL CHECK (out_of BETWEEN 2 AND 5), "
            "said_at TEXT NOT NULL)"
        )
        made.execute("CREATE INDEX rating_by_subject ON rating (kind, subject, id)")
        for kind, subject in (("story", "the-queue-nobody-owned"), ("design", "url-shortener")):
            row = (kind, subject, "Depth", 3, 5, "2025-02-01T20:00:00+00:00")
            made.execute(
                "INSERT INTO rating (kind, subject, dimension, level, out_of, said_at) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        made.execute("PRAGMA user_version = 1")
    made.close()
    return path


def dump(path):
    """What is in a database, and its schema's number."""
    with sqlite3.connect(path) as database:
        told_by = [*database.iterdump(), *database.execute("PRAGMA user_version")]
    database.close()
    return told_by


def test_an_earlier_file_is_brought_to_today_with_its_ratings_and_a_copy_beside_it(path):
    before = dump(schema_1(path))
    kept = Bank(path).save(told(title="Another"))
    assert Ratings(path).latest(("design", "url-shortener"))["Depth"].level == 3
    assert dump(path.with_name("loopready-schema-1.db")) == before
    assert sorted(os.listdir(path.parent)) == ["loopready-schema-1.db", "loopready.db"]
    assert [one.id for one in Bank(path).stories()] == ["the-queue-nobody-owned", kept.id]


def test_a_story_rated_before_its_text_was_kept_gets_the_text_at_the_next_save(path):
    schema_1(path)
    kept = Bank(path, writer="week-01").keep(told())
    assert kept.id == "the-queue-nobody-owned" and [one.story for one in Bank(path).stories()] == [told()]
    assert Ratings(path).latest(("story", kept.id))["Depth"].level == 3


def test_reading_an_earlier_file_leaves_it_as_it_is(path):
    before = schema_1(path).read_bytes()
    assert Bank(path).stories() == [] and Practice(path).takes("x") == []
    assert Ratings(path).latest(("design", "url-shortener"))["Depth"].level == 3
    assert path.read_bytes() == before and os.listdir(path.parent) == ["loopready.db"]
    Bank(path).ready()
    assert [one.story.title for one in Bank(path).stories()] == ["The queue nobody owned"]


def test_a_second_copy_does_not_replace_the_first(path):
    before = dump(schema_1(path))
    path.with_name("loopready-schema-1.db").write_text("the first copy")
    Bank(path).ready()
    assert path.with_name("loopready-schema-1.db").read_text() == "the first copy"
    assert dump(path.with_name("loopready-schema-1-2.db")) == before


def test_an_earlier_file_stays_as_it_is_when_no_copy_can_be_made(path, monkeypatch):
    before = schema_1(path).read_bytes()

    def full(**kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(CourseError, match="the disk is full"):
        Bank(path).ready()
    assert path.read_bytes() == before and os.listdir(path.parent) == ["loopready.db"]


def test_two_kernels_that_find_an_earlier_file_bring_it_to_today_once(path):
    schema_1(path)
    code = "import sys; from loopready.bank import Bank; input(); Bank(sys.argv[1]).ready()"
    both = [started(code, path) for _ in range(2)]
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate()[1] for one in both] == ["", ""]
    assert sorted(os.listdir(path.parent)) == ["loopready-schema-1.db", "loopready.db"]
    assert len(Bank(path).stories()) == 1


def spoilt(path, how):
    """A file that cannot be used, made of a good one."""
    Bank(path).save(told())
    data = bytearray(path.read_bytes())
    if how == "cut short":
        data = data[:4096]
    elif how == "overwritten in the middle":
        data[4096:] = bytes(byte ^ 0x5A for byte in data[4096:])
    elif how == "not a database":
        data = bytearray(b"%PDF-1.4 " + bytes(8000))
    path.write_bytes(data)
    if how == "newer":
        with sqlite3.connect(path) as database:
            database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
        database.close()
    if how == "another program's":
        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE bird (name TEXT)")
            database.execute(f"PRAGMA user_version = {SCHEMA}")
        database.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    "how, said",
    [
        ("cut short", "move it away"),
        ("overwritten in the middle", "move it away"),
        ("not a database", "move it away"),
        ("newer", f"has schema {SCHEMA + 1} and this loopready knows {SCHEMA}: update the course"),
        ("another program's", "another program's database: move it away"),
    ],
    ids=lambda text: text,
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line_and_not_touched(path, how, said):
    before = spoilt(path, how)
    for ask in (lambda: Bank(path).stories(), lambda: Bank(path).save(told(title="Another"))):
        with pytest.raises(CourseError) as refused:
            ask()
        assert (
            said in str(refused.value) and str(path) in str(refused.value) and "\n" not in str(refused.value)
        )
    assert path.read_bytes() == before and os.listdir(path.parent) == ["loopready.db"]


def test_a_text_that_another_program_spoilt_is_named(bank, path):
    kept = bank.save(told())
    with sqlite3.connect(path) as database:
        database.execute("UPDATE revision SET text = '{'")
    database.close()
    with pytest.raises(CourseError, match=f"text 1 of story '{kept.id}' was changed by another program"):
        bank.stories()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
def test_a_disk_that_is_full_is_one_line_and_what_was_saved_stays(path):
    Bank(path).save(told())
    # A process that may not write files larger than this one meets the end of the disk there.
    code = """
        import resource, sys
        from loopready.bank import Bank
        from loopready.course import CourseError
        from loopready.stories import Story
        size = int(sys.argv[2])
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            Bank(sys.argv[1]).save(Story("Long", [], "L6", "x" * 200_000, "", "", ""))
        except CourseError as error:
            print(error)
    """
    said, errors = started(code, path, path.stat().st_size).communicate()
    assert errors == "" and said.count("\n") == 1 and str(path) in said
    assert [kept.story for kept in Bank(path).stories()] == [told()]


AS_NOBODY = """
    import os, sys
    from loopready.bank import Bank
    from loopready.course import CourseError
    from loopready.stories import Story
    if os.geteuid() == 0:
        os.setuid(65534)
    path = os.path.join(sys.argv[1], "my", "loopready.db")
    try:
        Bank(path).save(Story("Mine", [], *[""] * 5))
    except CourseError as error:
        print(error)
    print(len(Bank(path).stories()))
"""


@pytest.mark.parametrize("saved", [True, False], ids=["with a bank in it", "empty"])
def test_a_home_that_cannot_be_written_is_one_line_and_can_be_read(saved):
    # Not in tmp_path, through which another user may not go.
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        if saved:
            Bank(home / "my" / "loopready.db").save(told())
            (home / "my" / "loopready.db").chmod(0o444)
            (home / "my").chmod(0o555)
        home.chmod(0o555)
        said, errors = started(AS_NOBODY, home).communicate()
        home.chmod(0o755)
        if saved:
            (home / "my").chmod(0o755)
    line, count = said.splitlines()
    assert "cannot be used: check that the folder exists and can be written" in line and errors == ""
    assert int(count) == int(saved)


# Kills --------------------------------------------------------------------------------------------------------------

A_THOUSAND_SAVES = """
    import sys
    from loopready.bank import Bank
    from loopready.stories import Story
    bank, kept = Bank(sys.argv[1], writer="a"), None
    for number in range(1, 1001):
        text = " ".join(["word"] * 300 + [str(number)])
        kept = bank.save(Story("Killed", [], "", text, text, text, text), of=kept)
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 150, 500, 990])
def test_a_kill_in_the_middle_of_a_thousand_saves_loses_at_most_the_save_in_flight(path, after):
    saving = started(A_THOUSAND_SAVES, path)
    seen = [saving.stdout.readline() for _ in range(after)]
    saving.send_signal(signal.SIGKILL)
    rest, errors = saving.communicate()
    acknowledged = int((seen + rest.splitlines())[-1])
    [kept] = Bank(path).stories()
    assert errors == "" and int(kept.story.result.split()[-1]) in (acknowledged, acknowledged + 1)
    assert len(set(kept.story.parts.values())) == 1
    Bank(path).save(told(title="Next"))
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_a_kill_while_an_earlier_file_is_brought_to_today_leaves_one_or_the_other(path):
    schema_1(path)
    half = """
        import os, signal, sys
        from loopready import migrations, store
        def dies(database):
            migrations.stories(database)
            os.kill(os.getpid(), signal.SIGKILL)
        store.STEPS = (migrations.ratings, dies)
        from loopready.bank import Bank
        Bank(sys.argv[1]).ready()
    """
    assert started(half, path).wait() == -signal.SIGKILL
    assert Ratings(path).latest(("design", "url-shortener"))["Depth"].level == 3
    assert Bank(path).stories() == []
    Bank(path).ready()
    assert len(Bank(path).stories()) == 1


def test_the_file_holds_a_story_as_json_that_any_tool_can_read(bank, path):
    bank.save(told())
    with sqlite3.connect(path) as database:
        [[text]] = database.execute("SELECT text FROM revision")
    database.close()
    assert Story.from_dict(json.loads(text)) == told() and json.loads(text)["level"] == "L6"
