"""Each guard refuses what nbgrader would take without a word, and says where it is and what to do."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopready.course import CourseError
from loopready.leaks import data_files, refuse_leaks
from loopready.lessons import LessonError, read_lesson, written
from loopready.markers import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, MarkerError, regions

GOOD = '''\
---
title: Servers
---

# How many servers?

```{code-cell} ipython3
from loopready.checks import checks
from loopready.estimates import sealed
```

```{code-cell} ipython3
:answer: servers

def servers(reads, each):
    """Machines needed."""
    ### BEGIN SOLUTION
    return -(-reads // each)
    ### END SOLUTION
```

```{code-cell} ipython3
:tests: servers-tests
:points: 3

expected = 3
with checks("three thousand reads need three"):
    assert servers(3000, 1000) == expected
### BEGIN HIDDEN TESTS
with checks("no traffic, no servers"):
    assert servers(0, 1000) == 0
### END HIDDEN TESTS
```

```{code-cell} ipython3
:readonly: links-given

per_link = 100
```

```{code-cell} ipython3
:answer: links-estimate

reads = ...
### BEGIN SOLUTION
reads = 5 * per_link
### END SOLUTION
```

```{code-cell} ipython3
:tests: links-tests
:points: 1

links = sealed("links-given", "links-estimate")
with checks("reads"):
    links.reads(reads)
```

+++ {"manual": "why-a-cache", "points": 5}

The database then serves one read in ten.

+++ {"task": "draw-it", "points": 2}

Draw it.

=== BEGIN MARK SCHEME ===
Two points for the arrow that goes around.
=== END MARK SCHEME ===

+++

The end, as a solution ends.
'''


def lesson_file(folder: Path, text: str, name: str = "week-01") -> Path:
    path = folder / "lessons" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str, name: str = "week-01") -> str:
    with pytest.raises(LessonError) as error:
        read_lesson(lesson_file(folder, text, name))
    message = str(error.value)
    assert "\n" not in message
    return message


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, "the change must be one, and happen"
    return GOOD.replace(old, new)


def test_a_good_lesson_passes_every_guard(tmp_path):
    assert len(read_lesson(lesson_file(tmp_path, GOOD)).cells) == 10


MARKERS = {
    "one letter missing": (
        "### BEGIN HIDDEN TESTS",
        "### BEGIN HIDDEN TEST",
        ''':29: cell 'servers-tests': "### BEGIN HIDDEN TEST" is no marker; write "### BEGIN HIDDEN TESTS"''',
    ),
    "one letter too many": (
        "    ### BEGIN SOLUTION",
        "    ### BEGIN SOLUTIONS",
        ''':17: cell 'servers': "### BEGIN SOLUTIONS" is no marker; write "### BEGIN SOLUTION"''',
    ),
    "lower case": ("    ### BEGIN SOLUTION", "    ### begin solution", 'write "### BEGIN SOLUTION"'),
    "two hashes": ("    ### BEGIN SOLUTION", "    ## BEGIN SOLUTION", 'write "### BEGIN SOLUTION"'),
    "no space": ("    ### END SOLUTION", "    ###END SOLUTION", 'write "### END SOLUTION"'),
    "misspelt": ("### END HIDDEN TESTS", "### END HIDEN TESTS", 'write "### END HIDDEN TESTS"'),
    "without begin": ("### BEGIN HIDDEN TESTS", "### HIDDEN TESTS", "is no marker"),
    "mark scheme with hashes": (
        "=== BEGIN MARK SCHEME ===",
        "### BEGIN MARK SCHEME",
        ''':67: cell 'draw-it': "### BEGIN MARK SCHEME" is no marker; write "=== BEGIN MARK SCHEME ==="''',
    ),
    "after code": (
        "per_link = 100",
        "per_link = 100  # not the END SOLUTION yet",
        ":38: cell 'links-given': \"per_link",
    ),
    "in prose": (
        "# How many servers?",
        "# The line ### END SOLUTION closes it",
        "lessons/week-01.md:5: markdown cell:",
    ),
    "unknown kind": ("# How many servers?", "### BEGIN NOTES", "word it differently"),
    "end without begin": (
        "    ### BEGIN SOLUTION\n",
        "",
        """:18: cell 'servers': "### END SOLUTION" closes nothing; put "### BEGIN SOLUTION" above""",
    ),
    "never closed": (
        "    ### END SOLUTION\n",
        "",
        """:17: cell 'servers': "### BEGIN SOLUTION" is never closed; write "### END SOLUTION" below it""",
    ),
    "nested": (
        "    return -(-reads // each)",
        "    ### BEGIN SOLUTION\n    return -(-reads // each)",
        ":18: cell 'servers': \"### BEGIN SOLUTION\" stands inside another region",
    ),
    "closed by another": (
        "    ### END SOLUTION",
        "    ### END HIDDEN TESTS",
        '"### END HIDDEN TESTS" closes nothing',
    ),
    "solution in a tests cell": (
        "expected = 3",
        "### BEGIN SOLUTION\nexpected = 3\n### END SOLUTION",
        ":26: cell 'servers-tests': \"### BEGIN SOLUTION\" belongs in answer and manual cells only",
    ),
    "hidden test in an answer": (
        "reads = ...\n",
        "### BEGIN HIDDEN TESTS\nreads = ...\n### END HIDDEN TESTS\n",
        "belongs in tests cells only",
    ),
    "mark scheme in a manual cell": (
        "The database then",
        "=== BEGIN MARK SCHEME ===\nfive\n=== END MARK SCHEME ===\nThe database then",
        "belongs in task cells only",
    ),
    "a solution in prose": (
        "# How many servers?",
        "### BEGIN SOLUTION\nthree\n### END SOLUTION",
        "markdown cell:",
    ),
    "tests that nbgrader would write": ("per_link = 100", "per_link = 100  # AUTOTEST", '"AUTOTEST"'),
}

OPTIONS = {
    "unknown option": (
        ":points: 3",
        ":point: 3",
        "'point' is no option; the options are answer, tests, manual, task, readonly, points, tags",
    ),
    "unknown role": (":answer: servers", ":anwser: servers", "'anwser' is no option"),
    "two roles": (
        ":answer: servers",
        ":answer: servers\n:readonly: servers",
        "has two roles, answer and readonly",
    ),
    "twice": (":points: 3", ":points: 3\n:points: 4", ":25: 'points' is given twice"),
    "twice in json": ('"points": 5', '"points": 5, "points": 6', ":59: 'points' is given twice"),
    "no name": (":answer: servers", ":answer: yes", "answer is True; give it a name"),
    "no value": (":points: 3", ":points:", "':points:' is no option; write one as in ':points: 3'"),
    "a block": (":answer: servers", "---\nanswer: servers\n---", "write each option on a line of its own"),
    "bad yaml": (":answer: servers", ":answer: [servers", ":13: '[servers' is no value"),
    "bad json": ('{"manual": "why-a-cache", "points": 5}', '{"manual": why}', "cannot be read"),
    "options for nothing": (
        "The database then serves one read in ten.\n",
        "",
        """:59: '+++ {"manual": "why-a-cache", "points": 5}' has no text below it""",
    ),
    "points on an answer": (
        ":answer: servers",
        ":answer: servers\n:points: 2",
        "only tests, manual and task cells",
    ),
    "no points on tests": (":points: 3\n", "", "cell 'servers-tests': has no points"),
    "no points on a task": ('"draw-it", "points": 2', '"draw-it"', "cell 'draw-it': has no points"),
    "zero points": (":points: 3", ":points: 0", "points are 0; give a number above zero"),
    "points below zero": (":points: 3", ":points: -1", "points are -1"),
    "points that are no number": (":points: 3", ":points: .nan", "points are nan"),
    "points in words": (":points: 3", ":points: three", "points are 'three'"),
    "points that are true": (":points: 3", ":points: true", "points are True"),
    "a tag that is no list": (
        ":answer: servers",
        ":answer: servers\n:tags: hide-input",
        "tags are 'hide-input'",
    ),
    "a tag twice": (":answer: servers", ":answer: servers\n:tags: [a, a]", "tags are ['a', 'a']"),
    "answer in markdown": (
        '"manual": "why-a-cache", "points": 5',
        '"answer": "why-a-cache"',
        "is for code cells only",
    ),
    "task in code": (":tests: servers-tests", ":task: servers-tests", "task is for markdown cells only"),
    "unknown front matter": ("title: Servers", "kernelspec: python3", ":1: front matter may hold a title"),
    "empty title": ("title: Servers", "title: ''", ":1: title is ''"),
}

NAMES = {
    "taken": (":answer: links-estimate", ":answer: servers", ":41: cell 'servers': the name is taken"),
    "upper case": (":answer: servers", ":answer: Servers", "not kebab-case"),
    "underscore": (":answer: servers", ":answer: how_many", "not kebab-case"),
    "too long": (":answer: servers", f":answer: {'a' * 65}", "at most 64 letters"),
    "a week": (":answer: servers", ":answer: week-servers", "holds a week, a number or a date"),
    "a numbered week": (":answer: servers", ":answer: w01-servers", "holds a week, a number or a date"),
    "an ordinal": (":answer: servers", ":answer: kata-3", "holds a week, a number or a date"),
    "a date": (":answer: servers", ":answer: servers-2025-01", "holds a week, a number or a date"),
}

CODE = {
    "does not compile": ("expected = 3", "expected = ", ":26: cell 'servers-tests': does not compile"),
    "compiles with a warning": (
        "per_link = 100",
        "per_link = 1 is 1",
        ":38: cell 'links-given': does not compile",
    ),
    "returns nowhere": ("per_link = 100", "return 100", "'return' outside function"),
    "no solution": (
        "    ### BEGIN SOLUTION\n    return -(-reads // each)\n    ### END SOLUTION",
        "    return -(-reads // each)",
        "cell 'servers': has no solution region",
    ),
    "empty without its solution": (
        '    """Machines needed."""\n',
        "",
        ":12: cell 'servers': does not compile without its solution",
    ),
    "answered and never tested": (
        "The end, as a solution ends.",
        "```{code-cell} ipython3\n:answer: late\n\n### BEGIN SOLUTION\nlate = 1\n### END SOLUTION\n```",
        ":73: cell 'late': no tests cell follows",
    ),
    "a score by hand": ("expected = 3", "checks.score(3)", ":26: cell 'servers-tests': calls checks.score"),
    "a score elsewhere": ("per_link = 100", "checks.score(1)", ":38: cell 'links-given': calls checks.score"),
    "sealed outside tests": ("per_link = 100", 'x = sealed("links-given")', "only a tests cell may seal"),
    "an unknown seal": (
        'sealed("links-given", ',
        'sealed("links", ',
        ":54: cell 'links-tests': sealed names 'links'; the answer and readonly cells of this lesson are servers, "
        "links-given, links-estimate",
    ),
    "a seal of tests": ('sealed("links-given", ', 'sealed("servers-tests", ', "sealed names 'servers-tests'"),
    "a seal of a variable": ('sealed("links-given", ', "sealed(per_link, ", "in quotes"),
    "an answer that is no chain": ('sealed("links-given", ', 'sealed("servers", ', "cannot be sealed"),
}

CASES = {
    "an assert outside": (
        "expected = 3",
        "assert servers(1, 1) == 1",
        ":26: cell 'servers-tests': outside the cases",
    ),
    "a loop outside": ("expected = 3", "for n in range(3): pass", "outside the cases"),
    "a call outside": ("expected = 3", "servers(1, 1)", "outside the cases"),
    "a magic": ("expected = 3", "%time expected = 3", "plain Python, without magics"),
    "the learner's function in the set-up": (
        "expected = 3",
        "expected = servers(3, 1)",
        ":26: cell 'servers-tests': 'servers' is the learner's, and may fail",
    ),
    "another with": ("expected = 3", 'with open("x"):\n    pass', "opens a case and nothing else"),
    "a case with a name": ('three"):', 'three") as case:', "opens a case and nothing else"),
    "two in one": ('three"):', 'three"), checks("b"):', "opens a case and nothing else"),
    "no sentence": ('checks("three thousand reads need three")', "checks()", "takes one plain sentence"),
    "a sentence made at run time": ('("three thousand', '(f"{expected} thousand', "takes one plain sentence"),
    "a sentence with a period": ('three"):', 'three."):', "without a period"),
    "an empty sentence": ('"three thousand reads need three"', '" "', "is no name of a case"),
    "a sentence twice": (
        "no traffic, no servers",
        "three thousand reads need three",
        ":30: cell 'servers-tests': two cases say \"three thousand",
    ),
    "an unknown option of a case": ('three"):', 'three", minutes=3):', "at most seconds="),
    "nothing to see": (
        'expected = 3\nwith checks("three thousand reads need three"):\n    assert servers(3000, 1000) == expected\n',
        "",
        ":22: cell 'servers-tests': shows the learner no case",
    ),
    "half a case hidden": (
        "    assert servers(3000, 1000) == expected\n### BEGIN HIDDEN TESTS\n",
        "    assert servers(3000, 1000) == expected\n    ### BEGIN HIDDEN TESTS\n    assert servers(1, 1) == 1\n",
        ":27: cell 'servers-tests': hidden tests are whole cases",
    ),
}

FENCES = {
    "a directive that is none": (
        "```{code-cell} ipython3\n:readonly",
        "```{code-cel} ipython3\n:readonly",
        ":35: ",
    ),
    "another language": (
        "```{code-cell} ipython3\n:readonly",
        "```{code-cell} bash\n:readonly",
        "is no cell",
    ),
    "a note": ("# How many servers?", "```{note}\nHello.\n```", ':5: "{note}" is no cell'),
    "a cell in a list": (
        "# How many servers?",
        "- so:\n\n  ```{code-cell} ipython3\n  1\n  ```",
        ":7: a cell inside a list or a quotation is only text",
    ),
    "an invisible line end": (
        "# How many servers?",
        "# How many\u2028servers?",
        ":5: holds the invisible character U+2028",
    ),
}


def table(rows: dict) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("old, new, says", rows.values(), ids=rows)


@table({**MARKERS, **OPTIONS, **NAMES, **CODE, **CASES, **FENCES})
def test_one_fault_in_a_good_lesson_is_refused_where_it_stands(tmp_path, old, new, says):
    message = refusal(tmp_path, changed(old, new))
    assert message.startswith("lessons/week-01.md:")
    assert says in message


ALLOWED = {
    "a case with its own time": ('three"):', 'three", seconds=5):'),
    "an import in the set-up": ("expected = 3", "import math\nexpected = math.ceil(2.5)"),
    "a function that calls the answer": (
        "expected = 3",
        "expected = 3\ndef double(n):\n    return 2 * servers(n, 1)",
    ),
    "points in halves": (":points: 3", ":points: 2.5"),
    "a letter and a number in a name": (":answer: servers", ":answer: p99-latency"),
    "the word end in a heading": ("# How many servers?", "### End to end, in the beginning"),
    "a comment about an end": (
        "per_link = 100",
        "per_link = 100\n# end of the given numbers, the rest is yours",
    ),
    "a magic outside tests": ("from loopready.checks", "%matplotlib inline\nfrom loopready.checks"),
    "an await": ("from loopready.checks", "import asyncio\nawait asyncio.sleep(0)\nfrom loopready.checks"),
    "code to look at": ("# How many servers?", "```python\nprint(1)\n```"),
}


@pytest.mark.parametrize("old, new", ALLOWED.values(), ids=ALLOWED)
def test_the_guards_leave_an_author_what_is_harmless(tmp_path, old, new):
    assert read_lesson(lesson_file(tmp_path, changed(old, new))).cells


@pytest.mark.parametrize("cell", [":readonly: given", ":answer: given"])
def test_a_room_has_nothing_to_grade(tmp_path, cell):
    text = f"```{{code-cell}} ipython3\n{cell}\n\nx = 1\n```\n"
    assert "start-here is a room" in refusal(tmp_path, text, "start-here")


def test_a_room_may_use_any_name(tmp_path):
    text = "```{code-cell} ipython3\nscore = 1\n```\n"
    assert len(read_lesson(lesson_file(tmp_path, text, "start-here")).cells) == 1


def test_a_lesson_that_is_not_there_or_not_text_is_one_line(tmp_path):
    with pytest.raises(LessonError, match=r"^lessons/week-01\.md: cannot be read \(No such file"):
        read_lesson(tmp_path / "lessons" / "week-01.md")
    path = lesson_file(tmp_path, "")
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(LessonError, match=r"^lessons/week-01\.md: is not UTF-8 text \(byte 5\)"):
        read_lesson(path)


FORMS = [form for kind in (SOLUTION, HIDDEN_TESTS, MARK_SCHEME) for form in (kind.begin, kind.end)]


def slips(form: str) -> list[str]:
    """The form with one letter missing, doubled, in the other case or swapped with the next."""
    found = []
    for place, letter in enumerate(form):
        before, after = form[:place], form[place + 1 :]
        found += [before + after, before + 2 * letter + after, before + letter.swapcase() + after]
        found += [before + after[:1] + letter + after[1:]]
    return [slip for slip in found if slip.strip() != form]


@pytest.mark.parametrize("form", FORMS)
def test_no_slip_of_the_pen_in_a_marker_passes_for_a_comment(form):
    for slip in slips(form):
        with pytest.raises(MarkerError):
            regions(slip)


LINES = st.lists(st.sampled_from([*FORMS, "x = 1", "", "The end."]), max_size=8)


@given(LINES)
def test_regions_are_pairs_that_neither_cross_nor_nest(lines):
    try:
        found = regions("\n".join(lines))
    except MarkerError as error:
        assert lines[error.line] in FORMS
        return
    assert [lines[place] for one in found for place in (one.first, one.last)] == [
        line for line in lines if line in FORMS
    ]
    assert all(one.first < one.last for one in found)
    assert all(one.last < other.first for one, other in itertools.pairwise(found))


@pytest.mark.parametrize(
    "name, says",
    [
        ("solution.py", "source/week-01/solution.py: nbgrader would give it to every learner"),
        ("answers.ipynb", "source/week-01/answers.ipynb"),
        ("week-01.md", "source/week-01/week-01.md"),
        ("folder/", "source/week-01/folder"),
        ("link.csv@", "source/week-01/link.csv"),
    ],
    ids=["code", "another notebook", "the lesson", "a folder", "a link"],
)
def test_nothing_but_data_lies_beside_a_notebook(tmp_path, name, says):
    folder = tmp_path / "week-01"
    folder.mkdir()
    path = folder / name.rstrip("@")
    if name.endswith("/"):
        path.mkdir()
    elif name.endswith("@"):
        path.symlink_to(tmp_path / "elsewhere.csv")
    else:
        path.write_text("x")
    with pytest.raises(CourseError) as error:
        data_files(folder, "source/week-01")
    assert says in str(error.value)


def test_data_and_what_editors_hide_may_lie_beside_a_notebook(tmp_path):
    folder = tmp_path / "week-01"
    (folder / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("week-01.ipynb", "reads.csv", "map.png", "feed.json", ".week-01.md.swp"):
        (folder / name).write_text("x")
    assert [path.name for path in data_files(folder, "source/week-01")] == [
        "feed.json",
        "map.png",
        "reads.csv",
    ]


LEAKS = {
    "a solution": (
        "x\n    return -(-reads // each)\n",
        ":18: cell 'servers': this hidden line also stands in release/a",
    ),
    "a hidden test": ("assert servers(0, 1000) == 0", ":31: cell 'servers-tests': this hidden line"),
    "a model answer": (
        "The database then serves one read in ten.",
        ":61: cell 'why-a-cache': this hidden line",
    ),
    "a mark scheme": ("Two points for the arrow that goes around.", ":68: cell 'draw-it': this hidden line"),
    "a marker": ("# END SOLUTION", 'release/a: holds the marker "END SOLUTION"'),
}


@pytest.mark.parametrize("text, says", LEAKS.values(), ids=LEAKS)
def test_a_hidden_line_anywhere_in_what_learners_get_is_refused(tmp_path, text, says):
    lesson = written(lesson_file(tmp_path, GOOD))
    refuse_leaks([lesson], {"release/a": "Draw it.", "notebooks/b": "expected = 3"})
    with pytest.raises(CourseError) as error:
        refuse_leaks([lesson], {"release/a": text})
    assert says in str(error.value)


def test_a_line_that_the_lesson_also_shows_is_no_leak(tmp_path):
    shown = changed("# How many servers?", "Try `return -(-reads // each)`.")
    refuse_leaks([written(lesson_file(tmp_path, shown))], {"release/a": "return -(-reads // each)"})
