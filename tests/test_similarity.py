"""Answers that are alike: copies are found under each disguise, honest answers are not, and the report is inert."""

import json
import random
import shutil
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from disguises import DISGUISES, everything
from hypothesis import given, settings
from hypothesis import strategies as st
from jupytext.myst import myst_to_notebook
from tiny_course import TOP, command

from loopready import notebooks
from loopready.cohort.kept import kept_answers
from loopready.course import CourseError
from loopready.similarity.fingerprints import given_away, print_of
from loopready.similarity.handed_in import read
from loopready.similarity.pairs import LEAST, alike
from loopready.similarity.report import page, similar
from loopready.similarity.tokens import marked

WEEK = "week-01"
RELEASED = TOP / "release" / WEEK / f"{WEEK}.ipynb"
CELLS = myst_to_notebook((TOP / "tests" / "honest_katas.md").read_text()).cells
HONEST = [(cell.metadata["answer"], cell.source) for cell in CELLS if cell.cell_type == "code"]
KEPT = [(one.exercise, one.source) for one in kept_answers(WEEK, TOP) if "estimate" not in one.exercise]


@pytest.fixture(scope="module")
def shown() -> dict[str, list[str]]:
    """What everybody was shown, without the kept wrong answers, which stand in for learners here."""
    released, source = (
        json.loads((TOP / kind / WEEK / f"{WEEK}.ipynb").read_text())["cells"]
        for kind in ("release", "source")
    )
    texts = ["".join(cell["source"]) for cell in released]
    named = {cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in source}
    return {name: [*texts, named[name]] for name, _ in HONEST}


def pairs_of(pool: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(one[0], one[1], two[1]) for one, two in combinations(pool, 2) if one[0] == two[0]]


def flagged(pool: list[tuple[str, str]], shown: dict) -> int:
    return sum(bool(alike(name, {"a": a, "b": b}, shown[name])) for name, a, b in pairs_of(pool))


def test_no_two_honest_answers_to_the_same_kata_are_a_pair(shown):
    assert len(pairs_of(HONEST)) == 29
    assert flagged(HONEST, shown) == 0


def test_of_the_kept_wrong_answers_which_one_hand_wrote_hardly_any_two_are_a_pair(shown):
    assert len(pairs_of(KEPT)) == 45
    assert flagged(KEPT, shown) <= 1


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda one: one.__name__)
def test_a_disguised_copy_is_found_where_enough_of_the_answer_is_its_own(disguise, shown):
    long = [(name, text) for name, text in HONEST if print_of(text, given_away(shown[name])).own >= LEAST]
    assert len(long) == 15
    assert [
        text for name, text in long if not alike(name, {"a": text, "b": disguise(text)}, shown[name])
    ] == []


def test_the_released_stub_the_reference_and_a_short_answer_are_never_a_pair(shown):
    texts = ["def top_links(clicks, k):\n    return sorted(clicks)[:k]", *shown["top-links"]]
    for text in texts:
        assert alike("top-links", {"a": text, "b": text}, shown["top-links"]) == []


def test_what_a_fifth_of_a_class_has_is_how_one_solves_it(shown):
    name, text = HONEST[3]
    three = {f"l{number}": text if number < 3 else "pass" for number in range(30)}
    many = {f"l{number}": text if number < 7 else "pass" for number in range(30)}
    assert [one.learners for one in alike(name, three, shown[name])] == [
        ("l0", "l1"),
        ("l0", "l2"),
        ("l1", "l2"),
    ]
    assert alike(name, many, shown[name]) == []


def test_the_pair_that_shares_most_of_what_nobody_else_has_comes_first(shown):
    name, rare, common = "hit-counter", HONEST[7][1], HONEST[9][1]
    answers = {"a": rare, "b": everything(rare), "c": common, "d": common, "e": common}
    assert alike(name, answers, shown[name])[0].learners == ("a", "b")


@settings(max_examples=60)
@given(st.text(max_size=60) | st.text(st.sampled_from("def f(x):\n 'é\"#[]{}=.\\\r\t"), max_size=60))
def test_any_text_is_marked_and_each_mark_has_its_place(text):
    found = marked(text)
    assert len(found.marks) == len(found.places)
    assert all(0 <= first < last <= len(text) for first, last in found.places)
    assert list(found.places) == sorted(found.places)


# --- The class's folders, and the report

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    top = tmp_path_factory.mktemp("class") / "course"
    for name in ("lessons", f"source/{WEEK}", f"release/{WEEK}"):
        shutil.copytree(TOP / name, top / name)
    shutil.copy(TOP / "nbgrader_config.py", top)
    rare = HONEST[7][1]
    hand_in(top, "ann", rare + f"\n# {EVIL}")
    hand_in(top, "ben <b>", everything(rare).replace("# step", "# \u202e"))
    hand_in(top, "cid", HONEST[9][1])
    hand_in(top, "dan", "def broken(:")
    hand_in(top, "eve", None)
    hand_in(top, "fay", "x = 1\n" * 5000)
    return top


def hand_in(top: Path, learner: str, answer: str | None) -> None:
    folder = top / "submitted" / learner / WEEK
    folder.mkdir(parents=True)
    paper = json.loads(RELEASED.read_text())
    for cell in paper["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "hit-counter":
            cell["source"] = answer or ""
    (folder / f"{WEEK}.ipynb").write_text("<!DOCTYPE html>" if answer is None else json.dumps(paper))


class Tags(HTMLParser):
    """The tags of a page, and the texts between them."""

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.texts, self.attributes = set(), [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_shows_both_texts_and_nothing_that_a_learner_wrote_does_anything(course):
    read_back = Tags(page(*similar(WEEK, course)))
    assert not read_back.tags & {"script", "b", "img", "link", "iframe", "a", "form"}
    assert not {name for name in read_back.attributes if name.startswith("on")}
    text = "".join(read_back.texts)
    assert EVIL in text and "ben <b>" in text
    assert "\u202e" not in text
    assert "self.stamps" in text and "self.field" in text


def test_a_broken_hand_in_is_a_line_and_the_others_are_compared(course):
    found, pairs = similar(WEEK, course)
    assert [one.learners for one in pairs] == [("ann", "ben <b>")]
    assert [line.split(":")[0] for line in found.troubles] == ["eve", "fay"]


def test_the_command_lists_the_pairs_and_writes_nothing_but_the_page_it_is_told_to(course):
    before = sorted(course.rglob("*"))
    done = command(course, "similar", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hit-counter: ann and ben <b>: ")
    assert done.stdout.endswith("week-01: 1 pair worth a look among 5 learners\n")
    assert sorted(course.rglob("*")) == before


def test_the_same_class_gives_the_same_page(course):
    texts = []
    for number in range(2):
        done = command(course, "similar", "1", "--page", f"{number}.html", PYTHONHASHSEED=str(number))
        assert done.returncode == 0, done.stderr
        texts.append((course / f"{number}.html").read_text())
    assert texts[0] == texts[1]
    again = command(course, "similar", "1", "--page", "0.html")
    assert again.returncode == 1 and "0.html is there already" in again.stderr


def test_a_week_for_which_nothing_came_is_one_line(tmp_path, course):
    for name in ("lessons", "source", "release"):
        (tmp_path / name).symlink_to(course / name)
    with pytest.raises(CourseError, match="nothing was handed in for week-01"):
        read(WEEK, tmp_path)


def test_a_symlink_is_not_followed(course, tmp_path):
    folder = tmp_path / "gil" / WEEK
    folder.mkdir(parents=True)
    (folder / f"{WEEK}.ipynb").symlink_to(RELEASED)
    assert notebooks.handed_in(folder / f"{WEEK}.ipynb") is None


def test_copies_are_found_in_a_class_of_honest_ones(shown):
    """Each of a hundred has one of the honest answers with habits of their own; one copied from another."""
    draw, name = random.Random(3), "hit-counter"
    pool = [text for exercise, text in HONEST if exercise == name][:4]
    answers = {f"l{number:02}": draw.choice(pool) for number in range(98)}
    answers |= {"x": HONEST[9][1], "y": everything(HONEST[9][1])}
    assert [one.learners for one in alike(name, answers, shown[name])] == [("x", "y")]
