import asyncio
import sqlite3
from datetime import date

import pytest
from banks import Clock

from loopready.planning.plans import Plans
from loopready.planning.wishes import wish
from loopready.readiness.answers import Answers
from loopready.readiness.areas import AREAS, found
from loopready.readiness.evidence import Claim
from loopready.readiness.sheet import Sheet

FIGURE = "from eleven calls a week to two"


def sheet_at(path):
    return Sheet(Answers(path, Clock()), today=lambda: date(2025, 3, 1))


def go_to(view, area):
    view.chooser.value = [each.key for each in AREAS].index(area)
    return {claiming.statement.key: claiming for claiming in view.claims.children}


def test_an_answer_and_its_evidence_are_in_the_file_and_there_again_after_a_restart(path):
    quiet = go_to(sheet_at(path).answer(), "operations")["quiet"]
    assert "Counts" not in quiet.counts.value
    quiet.level.value = 2
    assert "Counts half" in quiet.counts.value
    quiet.evidence.value = FIGURE
    assert "Counts whole" in quiet.counts.value
    assert Answers(path).claims() == {"quiet": Claim("quiet", 2, FIGURE)}
    again = go_to(sheet_at(path).answer(), "operations")["quiet"]
    assert (again.level.value, again.evidence.value) == (2, FIGURE)


def test_opening_the_room_and_going_through_it_writes_nothing(path):
    sheet = sheet_at(path)
    view, _, _ = sheet.answer(), sheet.show(), sheet.weigh()
    for _ in AREAS:
        view.next.click()
    view.level.value = "L7"
    assert not path.exists()


def test_a_second_tab_is_told_what_the_first_had_said_and_nothing_of_it_is_lost(path):
    one, other = (go_to(sheet_at(path).answer(), "operations")["quiet"] for _ in range(2))
    one.level.value, one.evidence.value = 3, FIGURE
    other.level.value = 1
    assert f"Another tab had said: so that others learn it from me, {FIGURE}" in other._view.saved.value
    other.level.value = 2
    assert "Another tab" not in other._view.saved.value
    assert [claim.level for _, claim in Answers(path).history()] == [3, 2]
    assert Answers(path).history()[0][1].evidence == FIGURE


def test_a_level_changed_in_one_tab_leaves_the_evidence_of_the_other(path):
    sheet_at(path).keep(Claim("quiet", 2))
    one, other = (go_to(sheet_at(path).answer(), "operations")["quiet"] for _ in range(2))
    one.evidence.value = FIGURE
    other.level.value = 3
    assert Answers(path).claims() == {"quiet": Claim("quiet", 3, FIGURE)}
    assert other.evidence.value == FIGURE and "Another tab" not in other._view.saved.value
    one.evidence.value = f"{FIGURE}, in 2023"
    assert Answers(path).claims() == {"quiet": Claim("quiet", 3, f"{FIGURE}, in 2023")}
    assert one.level.value == 3


def test_evidence_written_in_one_tab_leaves_the_level_that_the_other_has_answered(path):
    one, other = (go_to(sheet_at(path).answer(), "operations")["quiet"] for _ in range(2))
    one.level.value = 3
    other.evidence.value = FIGURE
    assert Answers(path).claims() == {"quiet": Claim("quiet", 3, FIGURE)} and other.level.value == 3


def test_evidence_written_in_two_tabs_is_shown_in_the_one_that_writes_on(path):
    one, other = (go_to(sheet_at(path).answer(), "operations")["quiet"] for _ in range(2))
    one.evidence.value = FIGURE
    for text in ("two calls", "two calls a week"):
        other.evidence.value = text
        assert f"Another tab's evidence was: {FIGURE}" in other.counts.value
    assert [claim.evidence for _, claim in Answers(path).history()] == [FIGURE, "two calls a week"]


def test_evidence_that_is_deleted_again_before_it_was_kept_is_not_called_unsaved(path):
    async def typed_and_deleted():
        for text in (FIGURE, ""):
            quiet.evidence.value = text
        assert "Not saved yet" in quiet._view.saved.value
        assert quiet.finish()

    quiet = go_to(sheet_at(path).answer(), "operations")["quiet"]
    asyncio.run(typed_and_deleted())
    assert "0 of" in quiet._view.saved.value and Answers(path).claims() == {}
    for text in ("x" * 2001, ""):
        quiet.evidence.value = text
    assert "Not saved" not in quiet.counts.value


def test_evidence_that_is_written_before_an_answer_is_not_lost(path):
    quiet = go_to(sheet_at(path).answer(), "operations")["quiet"]
    quiet.evidence.value = FIGURE
    assert quiet.level.value == 0
    assert Answers(path).claims() == {"quiet": Claim("quiet", 0, FIGURE)}


def test_evidence_that_cannot_be_kept_stays_with_its_area_until_it_can(path):
    view = sheet_at(path).answer()
    quiet = go_to(view, "operations")["quiet"]
    here = view.chooser.value
    quiet.level.value = 2
    quiet.evidence.value = "x" * 2001
    assert "Not saved: evidence is a text of at most 2,000 characters" in quiet.counts.value
    view.next.click()
    view.level.value = "L7"
    assert (view.chooser.value, view.level.value) == (here, "L6") and quiet in view.claims.children
    assert "Not saved" in view.saved.value
    quiet.evidence.value = FIGURE
    view.next.click()
    assert view.chooser.value != here
    assert Answers(path).claims() == {"quiet": Claim("quiet", 2, FIGURE)}


def test_an_answer_is_not_taken_back(path):
    quiet = go_to(sheet_at(path).answer(), "operations")["quiet"]
    quiet.level.value = 3
    quiet.level.value = quiet.level.options[0][1]
    assert quiet.level.value == 3 and "changed, not taken back" in quiet._view.saved.value
    quiet.evidence.value = FIGURE
    assert Answers(path).claims()["quiet"].level == 3


def test_a_picture_that_could_not_be_drawn_comes_back_as_it_was(path):
    sheet = sheet_at(path)
    view = sheet.show()
    before = view.says.value
    path.parent.mkdir()
    path.write_text("no database")
    view.draw()
    assert "is not a database" in view.says.value
    path.unlink()
    view.draw()
    assert view.says.value == before


def test_l7_is_asked_more_and_what_was_said_stays(path):
    view = sheet_at(path).answer()
    go_to(view, "people")["ten"].level.value = 3
    assert "hundred" not in go_to(view, "people")
    view.level.value = "L7"
    shown = go_to(view, "people")
    assert "hundred" in shown and shown["ten"].level.value == 3


def test_the_room_opens_for_the_level_of_the_plan(path):
    assert sheet_at(path).answer().level.value == "L6"
    today = date(2025, 3, 1)
    Plans(path, Clock()).make(wish("10w", "L7", 10, [], today))
    assert sheet_at(path).answer().level.value == "L7"


def test_the_picture_follows_the_answers_and_the_level(path):
    sheet = sheet_at(path)
    view, radar = sheet.answer(), sheet.show()
    assert "0% ready for L6" in radar.says.value and "<img" in radar.picture.value
    for claiming in go_to(view, "coding").values():
        claiming.level.value, claiming.evidence.value = 3, FIGURE
    assert "29% ready for L6" in radar.says.value
    view.level.value = "L7"
    assert "ready for L7" in radar.says.value


def test_weights_are_kept_by_level_and_the_courses_come_back(path):
    sheet = sheet_at(path)
    weights, radar = sheet.weigh(), sheet.show()
    weights.fields["coding"].value = 0
    assert Answers(path).weights("L6") == {"coding": 0} and "Saved" in weights.says.value
    assert sheet.assessed().weighs["coding"] == 0 and radar.says.value
    sheet.choose("L7")
    assert weights.fields["coding"].value == pytest.approx(100 * 40 / 330, abs=0.1)
    sheet.choose("L6")
    weights.back.click()
    assert Answers(path).weights("L6") == {}
    assert weights.fields["coding"].value == pytest.approx(100 * 80 / 280, abs=0.1)


def test_all_weights_at_nothing_are_said_and_not_fatal(path):
    sheet = sheet_at(path)
    weights, radar = sheet.weigh(), sheet.show()
    for field in weights.fields.values():
        field.value = 0
    assert "all weights are 0" in radar.says.value
    weights.back.click()
    assert "ready for L6" in radar.says.value


def test_a_file_of_a_newer_loopready_is_said_in_one_line_and_left_alone(path):
    sheet_at(path).keep(Claim("quiet", 2, FIGURE))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = path.read_bytes()
    sheet = sheet_at(path)
    view, radar, weights = sheet.answer(), sheet.show(), sheet.weigh()
    assert all("has schema 99" in says.value for says in (view.saved, radar.says, weights.says))
    go_to(view, "operations")["quiet"].level.value = 1
    assert "Not saved" in view.saved.value and path.read_bytes() == before


def test_a_statement_in_html_is_shown_and_not_run(path):
    quiet = go_to(sheet_at(path).answer(), "operations")["quiet"]
    quiet.level.value = 2
    quiet.evidence.value = "<script>alert(1)</script> from eleven calls to two"
    assert "<script>" not in quiet.counts.value
    assert found("operations").asked("L6")[1].key == "quiet"


def test_where_no_widget_can_be_and_before_its_cell_is_run_the_room_says_what_it_is_and_what_to_do(path):
    sheet = sheet_at(path)
    for view in (sheet.answer(), sheet.show(), sheet.weigh()):
        assert "In JupyterLab, choose Run All Cells" in view._repr_mimebundle_()["text/plain"]
