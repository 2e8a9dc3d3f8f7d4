"""A lesson's text becomes the instructor notebook, and the same text becomes the same bytes."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from loopready.cells import Cell
from loopready.checks import Disagreement
from loopready.estimates import sealed
from loopready.lessons import identities, notebook_text, read_lesson
from loopready.units import link, month, second

WEEK = """\
---
title: Links
---

# Links

How many links a second?

```{code-cell} ipython3
from loopready.checks import checks
```

```{code-cell} ipython3
:readonly: links-given

reads_per_link = 100
```

```{code-cell} ipython3
:answer: links-estimate

# Replace each ... by a quantity.
new_links = ...
### BEGIN SOLUTION
new_links = 100 * million * link / month
### END SOLUTION
reads = ...
### BEGIN SOLUTION
reads = reads_per_link * new_links
### END SOLUTION
```

```{code-cell} ipython3
:tests: links-estimate-tests
:points: 2
:tags: [hide-input]

größe = sealed("links-given", "links-estimate")  # the chain
with checks("redirects a second"):
    größe.reads(reads, new_links=new_links)
```

+++

Now say why.

+++ {"manual": "why-a-cache", "points": 2.5}

The database then serves one read in ten.

+++ {"task": "draw-it", "points": 4}

Draw it.

+++ {"readonly": "house-rules"}

Paper is fine.
"""


def week(folder: Path, text: str = WEEK) -> nbformat.NotebookNode:
    path = folder / "lessons" / "week-01.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_lesson(path)


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return next(one for one in notebook.cells if one.id == name)


@pytest.mark.parametrize(
    "name, kind, words, points",
    [
        ("links-given", "code", {"locked"}, None),
        ("links-estimate", "code", {"solution"}, None),
        ("links-estimate-tests", "code", {"grade", "locked"}, 2),
        ("why-a-cache", "markdown", {"grade", "solution"}, 2.5),
        ("draw-it", "markdown", {"task", "locked"}, 4),
        ("house-rules", "markdown", {"locked"}, None),
    ],
    ids=["given", "answer", "tests", "rated by hand", "task", "text to keep"],
)
def test_a_role_word_is_what_nbgrader_calls_it(tmp_path, name, kind, words, points):
    built = cell(week(tmp_path), name)
    meta = dict(built.metadata.nbgrader)
    assert (built.cell_type, meta.pop("grade_id"), meta.pop("points", None)) == (kind, name, points)
    assert meta.pop("schema_version") == 3
    assert {word for word, on in meta.items() if on} == words
    assert meta.keys() == {"grade", "solution", "locked", "task"}


def test_a_cell_without_a_role_is_nothing_to_nbgrader(tmp_path):
    plain = [one for one in week(tmp_path).cells if "nbgrader" not in one.metadata]
    assert [one.source.split("\n")[-1] for one in plain] == [
        "How many links a second?",
        "from loopready.checks import checks",
        "Now say why.",
    ]


def test_the_notebook_is_valid_to_jupyter_and_to_nbgrader(tmp_path):
    notebook = week(tmp_path)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


def test_the_notebook_knows_its_title_and_kernel_and_nothing_of_the_machine(tmp_path):
    assert week(tmp_path).metadata == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": "Links",
    }
    assert "title" not in week(tmp_path, "# No front matter\n").metadata


def test_tags_pass_through(tmp_path):
    assert cell(week(tmp_path), "links-estimate-tests").metadata.tags == ["hide-input"]


@pytest.mark.parametrize("points", ["2", "0.5", "1e3"])
def test_a_tests_cell_ends_with_the_score_of_its_points(tmp_path, points):
    notebook = week(tmp_path, WEEK.replace(":points: 2\n", f":points: {float(points)}\n"))
    before, _, last = cell(notebook, "links-estimate-tests").source.rpartition("\n\n")
    assert last == f"checks.score({float(points)}, cases=1)"
    assert before.endswith("new_links=new_links)")


def chain(notebook: nbformat.NotebookNode):
    """What the tests cell of a built notebook unseals, asked as the cell does."""
    tree = ast.parse(cell(notebook, "links-estimate-tests").source)
    blobs = [arg.value for node in ast.walk(tree) if getattr(getattr(node, "func", None), "id", "") == "sealed"
             for arg in node.args]  # fmt: skip
    return sealed(*blobs)


def test_a_seal_holds_the_chain_of_the_cells_it_names(tmp_path):
    reference = chain(week(tmp_path))
    reference.new_links(39 * link / second)
    reference.reads(3900 * link / second)
    reference.reads_per_link(100)
    with pytest.raises(Disagreement):
        reference.reads(39 * link / month)


def test_a_seal_shows_no_word_of_the_answer_and_keeps_the_line_around_it(tmp_path):
    source = cell(week(tmp_path), "links-estimate-tests").source
    assert re.search(r'^größe = sealed\(\n(    "[^"\\\n]{1,80}"\n)+\)  # the chain$', source, re.MULTILINE)
    assert "links-given" not in source and "million" not in source


def test_two_seals_in_one_cell_are_both_replaced(tmp_path):
    twice = WEEK.replace(
        'größe = sealed("links-given"', 'x = sealed("links-given"); größe = sealed("links-given"'
    )
    source = cell(week(tmp_path, twice), "links-estimate-tests").source
    assert source.count("sealed(\n") == 2 and "links-given" not in source


def test_the_same_text_is_the_same_bytes(tmp_path):
    here, there = week(tmp_path / "here"), week(tmp_path / "there")
    assert notebook_text(here) == notebook_text(there)


def test_the_file_is_written_as_nbformat_writes_it(tmp_path):
    notebook = week(tmp_path)
    nbformat.write(notebook, tmp_path / "as-nbformat.ipynb")
    assert notebook_text(notebook) == (tmp_path / "as-nbformat.ipynb").read_text(encoding="utf-8")
    assert notebook_text(notebook).startswith('{\n "cells": [') and notebook_text(notebook).endswith("}\n")


def test_a_change_in_the_middle_changes_no_other_id(tmp_path):
    before = [one.id for one in week(tmp_path).cells]
    after = [
        one.id for one in week(tmp_path, WEEK.replace("Now say why.", "Now say why, in a sentence.")).cells
    ]
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        place != 5 for place in range(len(before))
    ]


def test_a_cell_put_in_front_changes_no_id(tmp_path):
    before = [one.id for one in week(tmp_path).cells]
    more = WEEK.replace("# Links\n", "# Links\n\n```{code-cell} ipython3\n1 + 1\n```\n")
    assert set(before) - {one.id for one in week(tmp_path, more).cells} == {before[0]}


TEXTS = st.lists(
    st.tuples(st.sampled_from(["code", "markdown"]), st.sampled_from(["", "x", "y"]) | st.text())
)
NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True), unique=True, max_size=4)


@given(TEXTS, NAMES)
def test_ids_are_valid_and_unique_and_the_named_keep_their_names(texts, names):
    plain = [Cell("lessons/week-01.md", 1, 1, kind, text) for kind, text in texts]
    named = [Cell("lessons/week-01.md", 1, 1, "code", "x", "answer", name) for name in names]
    found = identities([*plain, *named])
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", identity) for identity in found)
    assert found[len(plain) :] == names


@given(TEXTS)
def test_the_id_of_a_text_that_stands_once_depends_on_nothing_else(texts):
    cells = [Cell("lessons/week-01.md", 1, 1, kind, text) for kind, text in texts]
    for one, identity in zip(cells, identities(cells), strict=True):
        if texts.count((one.type, one.source)) == 1:
            assert identities([one]) == [identity]


def test_a_code_cell_keeps_its_text_to_the_letter(tmp_path):
    code = 'def f(x):\n\n    return """\n  a\tb \\n  """  # → done  '
    notebook = week(tmp_path, f"```{{code-cell}} ipython3\n\n{code}\n```\n")
    assert notebook.cells[0].source == code
