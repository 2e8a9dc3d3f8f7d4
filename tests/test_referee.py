"""The referee: an answer means the same to a test as in its own process, and nothing of the test is in that process."""

import pytest
from proofs import weeks
from trials import attempts, score, together, trial, words

from loopready.referee.plans import plan, taught


@pytest.mark.parametrize("kind", ["right", "wrong"])
@pytest.mark.parametrize("week", weeks())
def test_every_kept_answer_scores_refereed_what_it_scores_in_its_own_process(week, kind):
    found = attempts(week, kind)
    assert {label: score for label, (_, score) in found.items()} == {
        label: one for label, (one, _) in found.items()
    }


HONEST = [
    ("a list", "def f(n): return [n, (n, {n: {n}})]", "assert f(3) == [3, (3, {3: {3}})]"),
    ("bytes and large numbers", "def f(b): return b + b'\\0', 3 ** 5000", "assert f(b'a') == (b'a\\0', 3 ** 5000)"),
    ("nan and infinities", "def f(): return float('nan'), -0.0, float('inf')",
     "a, b, c = f()\nassert a != a\nassert str(b) == '-0.0'\nassert c == float('inf')"),
    ("keywords and defaults", "def f(a, *b, c=1, **d): return a, b, c, d", "assert f(1, 2, d=3) == (1, (2,), 1, {'d': 3})"),
    ("a quantity", "def f(rate): return rate * (2 * hour)",
     "assert f(3 * request / second).to(request).m == 21_600"),
    ("an array", "import numpy as np\ndef f(a): return np.cumsum(a)",
     "import numpy as np\nassert (f(np.array([1, 2, 3])) == [1, 3, 6]).all()"),
    ("a data frame", "def f(t): return t.assign(c=t.a + t.b)",
     "import pandas as pd\nassert f(pd.DataFrame({'a': [1], 'b': [2]})).c.tolist() == [3]"),
    ("an argument sorted where it is", "def f(items): items.sort(); items.append(9)",
     "items = [3, 1]\nf(items)\nassert items == [1, 3, 9]"),
    ("one list twice among the arguments", "def f(a, b): a.append(1); return len(b)",
     "items = []\nassert f(items, items) == 1\nassert items == [1]"),
    ("a list inside an argument", "def f(graph): graph['a'].append('c')",
     "inner = ['b']\ngraph = {'a': inner}\nf(graph)\nassert inner == ['b', 'c']"),
    ("the argument itself comes back", "def f(items): items.append(1); return items",
     "items = []\nassert f(items) is items\nassert items == [1]"),
    ("an array changed where it is", "def f(a): a *= 2",
     "import numpy as np\na = np.array([1, 2])\nf(a)\nassert a.tolist() == [2, 4]"),
    ("a frame changed where it is", "def f(t): t['b'] = t.a * 2",
     "import pandas as pd\nt = pd.DataFrame({'a': [1, 2]})\nf(t)\nassert t.b.tolist() == [2, 4]"),
    ("a set, a dict, a bytearray and a deque changed", "def f(s, d, b, q): s.add(1); d[1] = 2; b += b'x'; q.appendleft(0)",
     "from collections import deque\ns, d, b, q = set(), {}, bytearray(), deque([1])\nf(s, d, b, q)\n"
     "assert (s, d, b, q) == ({1}, {1: 2}, bytearray(b'x'), deque([0, 1]))"),
    ("a generator passed in is read once, item by item", "def f(items): return next(items), list(items)",
     "read = []\ndef some():\n    for n in range(3):\n        read.append(n)\n        yield n\n"
     "assert f(some()) == (0, [1, 2])\nassert read == [0, 1, 2]"),
    ("an iterator passed in is read no further than needed", "def f(items): return next(items) + next(items)",
     "rest = iter(range(10))\nassert f(rest) == 1\nassert next(rest) == 2"),
    ("a generator comes back", "def f(n):\n    for place in range(n): yield place * place",
     "assert list(f(4)) == [0, 1, 4, 9]\nsquares = f(10**9)\nassert [next(squares), next(squares)] == [0, 1]"),
    ("a function passed in", "def f(clock, n): return [clock() for _ in range(n)]",
     "ticks = iter([1, 2, 3])\nassert f(ticks.__next__, 2) == [1, 2]\nassert next(ticks) == 3"),
    ("a built-in function as a key", "def f(items, key): return sorted(items, key=key)",
     "assert f(['ccc', 'a', 'bb'], len) == ['a', 'bb', 'ccc']"),
    ("a function comes back", "def f(n):\n    def add(m): return n + m\n    return add", "assert f(3)(4) == 7"),
    ("a function over and back", "def f(g): return lambda n: g(n) + 1", "assert f(lambda n: n * 2)(5) == 11"),
    ("a decorator", "import functools\ndef f(g): return functools.cache(g)",
     "asked = []\ndef slow(n):\n    asked.append(n)\n    return n\nfast = f(slow)\nassert [fast(1), fast(1)] == [1, 1]\nassert asked == [1]"),
    ("an object of the tests cell", "def f(clock): clock.sleep(2); return clock.now",
     "class Clock:\n    now = 0\n    def sleep(self, s): self.now += s\nclock = Clock()\nassert f(clock) == 2\nassert clock.now == 2"),
    ("an error of the answer's", "class Full(OverflowError): pass\ndef f(): raise Full('no room')",
     "with raises(Full):\n    f()\nwith raises(OverflowError):\n    f()\ntry:\n    f()\nexcept Full as error:\n    assert str(error) == 'no room'"),
    ("an error passed in goes through", "def f(g):\n    try:\n        g()\n    except KeyError as error:\n        raise ValueError(str(error)) from error",
     "def g(): raise KeyError('k')\nwith raises(ValueError):\n    f(g)"),
    ("an error of a library", "import json\ndef f(t): return json.loads(t)", "import json\nwith raises(json.JSONDecodeError):\n    f('{')"),
    ("a class with its attributes", "class Box:\n    size = 3\n    def __init__(self): self.items = [1]\n    @property\n    def first(self): return self.items[0]\n    @classmethod\n    def made(cls): return cls()",
     "box = Box.made()\nassert isinstance(box, Box)\nassert (Box.size, box.items, box.first) == (3, [1], 1)\nbox.items = [7]\nassert box.first == 7"),
    ("objects of one class with each other", "class Node:\n    def __init__(self, v, n=None): self.v, self.n = v, n\ndef f(node): return node.v if node else None",
     "node = Node(1, Node(2))\nassert f(node.n) == 2\nassert node.n is node.n\nassert f(None) is None"),
    ("operators that the reference has", "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x + o.x)\n    def __mul__(self, n): return V(self.x * n)\n    def __lt__(self, o): return self.x < o.x\n    def __len__(self): return self.x\n    def __contains__(self, n): return n < self.x\n    def __getitem__(self, n): return self.x + n\n    def __iter__(self): return iter([self.x])\n    def __repr__(self): return f'V({self.x})'",
     "v = V(2)\nassert (v + V(3)).x == 5\nassert (v * 4).x == 8\nassert v < V(3)\nassert len(v) == 2\nassert 1 in v\nassert 7 not in v\nassert v[1] == 3\nassert list(v) == [2]\nassert repr(v) == 'V(2)'"),
    ("a context manager", "class M:\n    def __init__(self): self.log = []\n    def __enter__(self): self.log.append('in'); return self\n    def __exit__(self, *e): self.log.append('out')",
     "with M() as m:\n    assert m.log == ['in']\nassert m.log == ['in', 'out']"),
    ("a coroutine", "async def f(n): return n + 1", "import asyncio\nassert asyncio.run(f(1)) == 2"),
    ("threads that call back", "from concurrent.futures import ThreadPoolExecutor\ndef f(g, n):\n    with ThreadPoolExecutor(4) as pool: return list(pool.map(g, range(n)))",
     "assert f(lambda n: n * n, 20) == [n * n for n in range(20)]"),
    ("what a warning says costs nothing", "import warnings, sys\ndef f():\n    warnings.warn('old'); print('x', file=sys.stderr); return 1", "assert f() == 1"),
    ("calls for their effect share what they remember", "SEEN = []\ndef hit(n): SEEN.append(n)\ndef count(): return len(SEEN)",
     "for n in range(5):\n    hit(n)\nassert count() == 5"),
    ("a list that an object keeps", "class K:\n    def __init__(self, items): self.items = items\n    def add(self, n): self.items.append(n)",
     "items = [1]\nk = K(items)\nk.add(2)\nassert items == [1, 2]\nitems.append(3)\nassert k.items == [1, 2, 3]"),
    ("data that the answer's cell defines", "rate, ready = 40 * link / second, {'a': [1]}", "assert rate.to(link / second).m == 40\nassert ready == {'a': [1]}"),
    ("a name of the course's", "def f(n): return limit - n", "assert f(1) == limit - 1"),
]  # fmt: skip
GIVEN = "from loopready.checks import checks, raises\nfrom loopready.units import *\nlimit = 10"


@pytest.fixture(scope="module")
def honest() -> dict[str, list[dict]]:
    shown = together([case[1:] for case in HONEST], GIVEN)
    return dict(zip([case[0] for case in HONEST], shown, strict=True))


@pytest.mark.parametrize("name", [case[0] for case in HONEST])
def test_an_honest_answer_passes_a_test_that_it_passes_in_its_own_process(honest, name):
    assert score(honest[name]) == 10, words(honest[name])


FAILING = {
    "another value": ("def f(): return 4", "assert f() == 5", "4"),
    "an error": ("def f(): return [] + 1", "assert f() == 5", "TypeError"),
    "no answer": ("def g(): pass", "assert missing() == 5", "NameError"),
    "what cannot go in": ("def f(x): return x", "import threading\nassert f(threading.Lock()) == 5", "cannot be handed"),
    "what cannot come out": (
        "def f():\n    deep = []\n    for _ in range(999): deep = [deep]\n    return deep", "assert f() == 5", "nested"),
    "a dead process": ("import os\ndef f(): os._exit(0)", "assert f() == 5", "ended its process"),
    "equal to everything": (
        "class Yes:\n    def __eq__(self, o): return True\ndef f(): return Yes()", "assert f() == 5", "Yes"),
}  # fmt: skip


@pytest.fixture(scope="module")
def failing() -> dict[str, list[dict]]:
    shown = together([case[:2] for case in FAILING.values()], GIVEN)
    return dict(zip(FAILING, shown, strict=True))


@pytest.mark.parametrize("name", FAILING)
def test_a_case_that_fails_says_why(failing, name):
    assert score(failing[name]) == 0
    assert FAILING[name][2] in words(failing[name])


def test_of_a_hidden_case_nothing_is_shown_but_its_name_and_whether_it_passes():
    tests = """
        with checks("seen"):
            assert f(1) == 2
        ### BEGIN HIDDEN TESTS
        with checks("not seen"):
            assert f(31337) == 62674
        ### END HIDDEN TESTS
        checks.score(10, cases=2)
    """
    verdict = trial("def f(n): raise ValueError(f'called with {n}')", tests)
    assert "called with 1" in words(verdict)
    assert "not seen" in words(verdict)
    assert "31337" not in str(verdict)
    assert "62674" not in str(verdict)


def test_a_plain_tests_cell_shows_its_own_error_and_none_of_the_hidden_ones():
    tests = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(31337) == 62674\n### END HIDDEN TESTS"
    right, wrong, half = (trial(f"def f(n): return {body}", tests) for body in ("2 * n", "n", "2"))
    assert right.shown[2] == []
    assert wrong.shown[2][-1]["ename"] == "AssertionError"
    assert "31337" not in str(half)
    assert half.shown[2][-1]["evalue"] == "a hidden test fails"


def test_a_number_as_the_last_value_is_partial_credit_within_the_points():
    for last, points in (("7", 7.0), ("400", 10.0), ("-3", 0.0)):
        assert score(trial("def f(): return 1", f"assert f() == 1\n{last}")) == points


def test_a_later_cell_cannot_show_what_a_test_has_asked():
    answer = "SEEN = []\ndef f(n):\n    SEEN.append(n)\n    return n"
    tests = 'with checks("one"):\n    assert f(4711) == 4711\nchecks.score(10, cases=1)'
    verdict = trial(answer, tests, after="print(SEEN)")
    assert score(verdict) == 10
    assert verdict.shown[3] == [{"output_type": "stream", "name": "stdout", "text": "[]\n"}]


def test_the_same_submission_gets_the_same_random_numbers_and_another_gets_others():
    answer = "import random\ndef f(): return random.random()"
    tests = 'import random\nwith checks("drawn"):\n    assert f() == random.random() == 0\nchecks.score(10, cases=1)'
    one, again, other = (words(trial(answer, tests, seed=seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_own_cells_run_as_in_a_notebook():
    own = "\n".join(["%matplotlib inline", "import matplotlib.pyplot as plt", "plt.plot([1]);", "!echo shell",
                     "import warnings; warnings.warn('careful')", "await __import__('asyncio').sleep(0)", "7"])  # fmt: skip
    kinds = [
        one.get("name", one["output_type"]) for one in trial("x = 1", "checks.score(1)", after=own).shown[3]
    ]
    assert kinds == ["stdout", "stderr", "execute_result", "display_data"]


@pytest.mark.parametrize("cell", ["input('name?')", "1 / 0", "def f(:", "raise SystemExit", "exit()"])
def test_a_cell_that_fails_says_so_and_keeps_no_other_from_running(cell):
    verdict = trial(f"{cell}\n" if "(:" not in cell else cell, 'with checks("one"):\n    assert limit == 10\n'
                    "checks.score(10, cases=1)", given=GIVEN, after="print('goes on')")  # fmt: skip
    assert verdict.shown[1] != []
    assert score(verdict) == 10
    assert verdict.shown[3][0]["text"] == "goes on\n"


MODEL = "def encode(n): pass\ndef decode(t): pass\nclass Ring:\n    def __len__(self): pass"


@pytest.mark.parametrize(
    "test, boxes",
    [
        ('with checks("a"):\n    assert decode(encode(1)) == 1', 2),
        ('with checks("a"):\n    assert encode(1) == 1\nwith checks("b"):\n    assert decode(1) == 1', 1),
        ('with checks("a"):\n    encode(1)\n    assert decode(1) == 1', 1),
        ('with checks("a"):\n    with raises(ValueError):\n        encode(1)\n    assert decode(1) == 1', 2),
        ('with checks("a"):\n    assert decode(encode(Ring())) == 1', 1),
        ("assert decode(encode(1)) == 1", 2),
    ],
    ids=["a round trip", "one function a case", "a call for its effect", "a call that is to raise", "objects", "a plain cell"],
)  # fmt: skip
def test_two_functions_of_one_case_answer_apart_unless_they_are_to_share(test, boxes):
    assert plan(test, taught([MODEL])).boxes == boxes
