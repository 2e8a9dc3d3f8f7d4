"""What is taken from a submission: the text of answers and of the learner's own cells, in the source's order."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_course import role

from loopready.referee.papers import HEAVIEST, Found, Unreadable, read, rebuilt

SETUP, ANSWER, TESTS = "import math", "def f():\n    return 1", "assert f() == 1"


def source():
    return new_notebook(
        cells=[
            new_code_cell(SETUP, metadata=role("setup", locked=True), id="setup"),
            new_code_cell(
                f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION\n", metadata=role("f", solution=True), id="f"
            ),
            new_code_cell(TESTS, metadata=role("f-tests", 3, grade=True, locked=True), id="f-tests"),
            new_markdown_cell("Write.", metadata=role("story", 5, grade=True, solution=True), id="story"),
        ]
    )


def texts(found: list[Found]) -> list[str]:
    return [cell.source for cell in rebuilt(source(), found)[0].cells]


def code(text: str, name: str = "") -> Found:
    return Found("code", text, name)


@pytest.mark.parametrize(
    "found, expected",
    [
        ([code("x", "setup"), code("a", "f"), code("t", "f-tests")], [SETUP, "a", TESTS, "Write."]),
        ([], [SETUP, "", TESTS, "Write."]),
        ([code("o"), code("x", "setup"), code("a", "f"), code("p")], ["o", SETUP, "a", "p", TESTS, "Write."]),
        ([code("t", "f-tests"), code("a", "f"), code("more")], [SETUP, "a", "more", TESTS, "Write."]),
        ([code("1", "f"), code("2", "f")], ["1", SETUP, "2", TESTS, "Write."]),
        ([code("x", "setup"), code("1", "f"), code("2", "f")], [SETUP, "1", "2", TESTS, "Write."]),
        ([code(SETUP), code("mine"), code(TESTS), code("late")], [SETUP, "mine", "", TESTS, "late", "Write."]),
        ([code("x", "setup"), code("own"), code(SETUP, "setup")], [SETUP, "own", "", TESTS, "Write."]),
        ([Found("markdown", "a", "f"), Found("code", "words", "story")], [SETUP, "a", TESTS, "words"]),
        ([code("4", "bonus")], ["4", SETUP, "", TESTS, "Write."]),
    ],
    ids=["as released", "nothing", "own cells", "another order", "a copy before all", "a copy", "no metadata",
         "a copied given cell", "other types", "an unknown name"],
)  # fmt: skip
def test_the_notebook_is_the_sources_with_the_learners_texts_in_it(found, expected):
    assert texts(found) == expected


def test_roles_points_and_types_are_the_sources():
    made, _ = rebuilt(source(), [Found("markdown", "a", "f"), Found("code", "4", "f-tests")])
    assert [cell.cell_type for cell in made.cells] == ["code", "code", "code", "markdown"]
    assert [cell.metadata.nbgrader for cell in made.cells] == [
        cell.metadata.nbgrader for cell in source().cells
    ]


def test_what_was_odd_is_said():
    _, says = rebuilt(source(), [code("1", "f"), code("2", "f")])
    assert [line for line in says if "'f' is there more than once" in line]
    assert [line for line in says if "'f-tests' was missing" in line]


def test_of_very_many_own_cells_the_first_are_run():
    made, says = rebuilt(source(), [code(str(n)) for n in range(2_000)])
    assert len(made.cells) == 504
    assert says[-1] == "has 2,000 cells of its own: the first 500 are run"


@pytest.mark.parametrize(
    "data, says",
    [(b"", "empty"), (b"<html>", "not JSON"), (b"\xff\xfe", "not UTF-8"), (b"[]", "no notebook"),
     (b"[" * 99_999, "not JSON"),
     (b'{"nbformat": 4}', "no cells"), (b'{"nbformat": 3, "worksheets": []}', "format 3"),
     (b'{"nbformat": 9, "cells": []}', "format '9'")],
    ids=["empty", "a page", "not UTF-8", "a list", "too deep", "no cells", "format 3", "format 9"],
)  # fmt: skip
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, data, says):
    path = tmp_path / "week-01.ipynb"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=says) as refused:
        read(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", ["folder", "symlink", "pipe", "missing"])
def test_what_is_no_file_is_refused(tmp_path, kind):
    import os

    path = tmp_path / "week-01.ipynb"
    (tmp_path / "other").write_text('{"nbformat": 4, "cells": []}')
    {"folder": path.mkdir, "symlink": lambda: path.symlink_to(tmp_path / "other"),
     "pipe": lambda: os.mkfifo(path), "missing": lambda: None}[kind]()  # fmt: skip
    with pytest.raises(Unreadable):
        read(path)


def test_cells_that_are_none_are_passed_over(tmp_path):
    path = tmp_path / "week-01.ipynb"
    cells = [7, None, {"cell_type": "code", "source": [1]}, {"cell_type": "video", "source": "x"},
             {"cell_type": "code"},
             {"cell_type": "code", "source": ["a\n", "b"], "metadata": 3, "id": 4}]  # fmt: skip
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    assert read(path) == [Found("code", ""), Found("code", "a\nb")]


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_a_picture_that_was_pasted_into_words_comes_along_and_what_could_act_does_not(tmp_path):
    attached = {
        "sketch.png": {"image/png": PIXEL},
        "page": {"text/html": "PGI+"},
        "no": {"image/png": "<script>"},
        "heavy.png": {"image/png": "A" * (HEAVIEST + 1)},
        "odd": ["image/png"],
    }
    words = {"cell_type": "markdown", "source": "![](attachment:sketch.png)", "metadata": {}}
    cells = [{**words, "attachments": attached}, {**words, "attachments": "x"}]
    path = tmp_path / "week-01.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    pasted, none = read(path)
    nothing = {"text/plain": ""}
    kept = {"sketch.png": {"image/png": PIXEL}, **dict.fromkeys(("page", "no", "heavy.png", "odd"), nothing)}
    assert (pasted.pictures, none.pictures) == (kept, {})
    made, _ = rebuilt(source(), [pasted])
    assert [cell.get("attachments") for cell in made.cells if "attachment:" in cell.source] == [kept]
