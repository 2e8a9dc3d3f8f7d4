"""What an answer may try on a course's own tests, and does not get: each is held against its reference."""

from __future__ import annotations

import textwrap

import pytest
from trials import SETUP, trial

CODEC = "def encode(n): return hex(n)\ndef decode(key): return int(key, 16)"
REMEMBERED = "T = []\ndef encode(n): T.append(n); return 'z'\ndef decode(key): return T[-1]"
QUEUE = """class Queue:
    def __init__(self, room): self.room, self.items = room, []
    def put(self, one):
        if len(self.items) >= self.room: raise OverflowError
        self.items.append(one)"""
# The reference, what is handed in, the tests, and the course's own cell.
FORGED = {
    "a record with a list that equals everything": (
        "from dataclasses import dataclass, field\n@dataclass\n"
        "class Cart:\n    items: list = field(default_factory=list)\n"
        "def filled(*items): return Cart(list(items))",
        "from dataclasses import dataclass, field\nclass Any(list):\n    def __eq__(self, other): return True\n"
        "@dataclass\nclass Cart:\n    items: list = field(default_factory=list)\n"
        "    def __eq__(self, other): return True\ndef filled(*items): return Cart(Any([1]))",
        "assert filled(3, 4) == Cart([3, 4])",
    ),
    "calls inside each other, deeper than Python lets them": (
        "def count(n): return n",
        "def count(n): return 1 + count(n - 1) if n else 0",
        "assert count(400) == 400\nassert count(1500) == 1500",
    ),
    "the end of the program before the next case": (
        "def f(n): return n * n",
        "def f(n): raise SystemExit",
        "assert f(2) == 4",
    ),
    "what a test's own object says of itself in a format": (
        "def guess(order): return order.told()",
        "import re\ndef guess(order):\n    found = re.search('wanted=(.)', format(order, ''))\n"
        "    return int(found[1]) if found else 0",
        "import dataclasses\n@dataclasses.dataclass\nclass Order:\n    wanted: int\n"
        "    def told(self): return self.wanted\nassert guess(Order(7)) == 7",
    ),
    "the course's class with an addition of its own": (
        "def make(n): return Spot(n)",
        "class Spot(Spot):\n    def __add__(self, other): return Spot(3)\n    def __eq__(self, other): return True\n"
        "def make(n): return Spot(0)",
        "assert (make(1) + make(2)).x == 3\nassert make(1) == make(1) and make(3) == Spot(3)",
        "class Spot:\n    def __init__(self, x): self.x = x\n    def __eq__(self, other): return self.x == other.x\n"
        "    def __add__(self, other): return Spot(self.x + other.x)",
    ),
    "an object that could be anything": (
        "class Stack:\n    def __init__(self): self.items = []\n    def __len__(self): return len(self.items)\n"
        "    def __iter__(self): return iter(self.items)\n    def __call__(self): return 1\n"
        "    def __enter__(self): return self\n    def __exit__(self, *error): pass",
        "class Stack: pass",
        "import contextlib\nfrom collections.abc import Callable, Iterable, Sized\nstack = Stack()\n"
        "wrong = [isinstance(stack, kind) for kind in (Sized, Iterable, Callable, contextlib.AbstractContextManager)]\n"
        "more = [callable(stack), hasattr(stack, '__len__'), hasattr(stack, '__enter__'), isinstance(stack, int|Sized)]"
        "\nassert any(wrong + more)",
    ),
    "objects that are more and less than each other": (
        "def f(n): return n * n",
        "class Any:\n    def __lt__(self, other): return True\n    __le__ = __gt__ = __ge__ = __lt__\n"
        "    def __sub__(self, other): return 0.0\ndef f(n): return Any()",
        "assert f(2) > f(1)\nassert f(1) < f(3)\nassert abs(f(-3) - f(3)) < 1e-9",
    ),
    "the course's class with another idea of what is equal": (
        "def moved(one): return Spot(one.x + 1)",
        "class Spot(Spot):\n    def __eq__(self, other): return True\n    __ne__ = lambda *a: False\n"
        "def moved(one): return Spot(-1)",
        "assert moved(Spot(3)) == Spot(4)",
        "class Spot:\n    def __init__(self, x): self.x = x\n    def __eq__(self, other): return self.x == other.x",
    ),
    "a number in the course's class that equals everything": (
        "def moved(one): return Spot(one.x + 1)",
        "class Any:\n    def __eq__(self, other): return True\ndef moved(one): return Spot(Any())",
        "assert moved(Spot(3)) == Spot(4)",
        "class Spot:\n    def __init__(self, x): self.x = x\n    def __eq__(self, other): return self.x == other.x",
    ),
    "an enum's member that equals everything": (
        "from enum import Enum\nclass Shade(str, Enum):\n    RED = 'red'\n    BLUE = 'blue'\n"
        "def swap(shade): return Shade.BLUE",
        "from enum import Enum\nclass Shade(str, Enum):\n    RED = 'red'\n    BLUE = 'blue'\n"
        "    __eq__ = lambda *a: True\n    __hash__ = str.__hash__\ndef swap(shade): return Shade.RED",
        "assert swap('red') == 'blue'",
    ),
    "a frozen point that equals everything": (
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Point:\n    x: int\n"
        "def corners(n): return {Point(n)}",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Point:\n    x: int\n"
        "    def __eq__(self, other): return True\n    def __hash__(self): return 1\n"
        "def corners(n): return {Point(-1)}",
        "assert corners(3) == {Point(3)}",
    ),
    "a set that swallows what it is compared with": (
        "def missing(n): return {n}",
        "class Empty(set):\n    def __isub__(self, other): self.clear(); return self\n"
        "    def __sub__(self, other): return set()\ndef missing(n): return Empty({-1})",
        "rest = missing(3)\nrest -= {3}\nassert not rest",
    ),
    "what a test's own function would get by default": (
        "def call(function): return function()",
        "import inspect\ndef call(function):\n    parameter = inspect.signature(function).parameters['wanted']\n"
        "    return parameter.default",
        "def probe(wanted=9): return 9\nassert call(probe) == 9 and call(lambda wanted=8: 4) == 4",
    ),
    "a library of its own under the library's name": (
        "import numpy as np\ndef area(s): return np.float64(s * s)",
        "class np:\n    isclose = staticmethod(lambda *a: True)\ndef area(s): return -1",
        "assert np.isclose(area(123.5), 15252.25)",
    ),
    "a library of its own under the course's name for it": (
        "import math\ndef area(s): return s * s",
        "class math:\n    isclose = staticmethod(lambda *a: True)\ndef area(s): return -1",
        "assert math.isclose(area(123.5), 15252.25)",
        "import math",
    ),
    "a helper of the tests' own": (
        "def g(n): return n * n",
        "def close(a, b): return True\ndef g(n): return -1",
        "assert close(g(3), 9)",
    ),
    "the course's data in another version": (
        "def mean(d): return sum(d) / len(d)",
        "data = [1]\ndef mean(d): return 1.0",
        "assert mean(data) == 2",
        "data = [1, 2, 3]",
    ),
    "a value for what was never asked": (
        "def g(n): return n * n",
        """
        import loopready.referee.box as box
        box._at_a_glance = lambda *asked: [["g", "function", None], ["wanted", "data", True], ["checks", "data", 1.0]]
        def g(n): return True
        """,
        "assert g(3) == wanted",
        "wanted = 9",
    ),
    "a name of the course's taken away": (
        "def g(n): return n * n",
        """
        import loopready.referee.box as box
        box._at_a_glance = lambda *asked: [["g", "function", None], ["all", "there", None], ["wanted", "there", None]]
        def g(n): return -1
        """,
        "assert all([g(3)])",
        "def all(found): return found == [9]",
    ),
    "the numbers that the test draws": (
        """
        def first_bad(count, is_bad):
            return next(n for n in range(count) if is_bad(n))
        """,
        "import random\ndef first_bad(count, is_bad): return random.randrange(count)",
        """
        import random
        answer = random.randrange(1000)
        assert first_bad(1000, lambda n: n >= answer) == answer
        """,
    ),
    "the numbers that a seeded test draws afterwards": (
        "import random\ndef roll(): return random.randrange(1000)\ndef guess(ask): return 0",
        "import random\ndef roll(): return random.randrange(1000)\ndef guess(ask): return random.randrange(1000)",
        """
        import random
        random.seed(7)
        roll()
        assert guess(None) == random.randrange(1000)
        """,
    ),
    "an attribute in which a test keeps its answer": (
        "def first_bad(count, is_bad): return next(n for n in range(count) if is_bad(n))",
        "def first_bad(count, is_bad): return is_bad.answer",
        """
        class Bad:
            def __init__(self, answer): self.answer = answer
            def __call__(self, n): return n >= self.answer
        assert first_bad(1000, Bad(771)) == 771
        """,
    ),
    "the count of its own questions": (
        """
        def first_bad(count, is_bad):
            low, high = 0, count
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if is_bad(middle) else (middle + 1, high)
            return low
        """,
        """
        def first_bad(count, is_bad):
            found = next(n for n in range(count) if is_bad(n))
            is_bad.asked = 0
            return found
        """,
        """
        class Bad:
            asked = 0
            def __call__(self, n):
                self.asked += 1
                return n >= 71
        bad = Bad()
        assert first_bad(100, bad) == 71 and bad.asked <= 12
        """,
    ),
    "what a test's object says of itself": (
        "def first_bad(count, is_bad): return next(n for n in range(count) if is_bad(n))",
        "import re\ndef first_bad(count, is_bad): return int(re.search(r'[0-9]+', repr(is_bad) + str(is_bad))[0])",
        """
        from dataclasses import dataclass
        @dataclass
        class Bad:
            answer: int
            def __call__(self, n): return n >= self.answer
        assert first_bad(1000, Bad(771)) == 771
        """,
    ),
    "the end of a map": (
        "def ok(n): return n > 0",
        "def ok(n): raise StopIteration",
        "assert all(map(ok, [1, 2, 31337]))",
    ),
    "fewer results than were asked for": (
        "def prime(n): return n in (2, 3, 5)",
        """
        import gc
        for one in gc.get_objects():
            if type(one) is type and one.__name__ == "Inside":
                one._each = lambda self, thing, name, rows: ([], None)
        def prime(n): return n == 2
        """,
        "assert all([prime(n) for n in (2, 3, 5)]) and not any([prime(n) for n in (4, 6)])",
    ),
    "an exit that swallows the failure": (
        """
        class Timer:
            def __enter__(self): return self
            def __exit__(self, *error): return False
        def f(): return 3
        """,
        """
        class Timer:
            def __enter__(self): return self
            def __exit__(self, *error): return True
        def f(): return -1
        """,
        "with Timer():\n    assert f() == 3",
    ),
    "halves that are objects": (
        CODEC,
        """
        T = {}
        class E:
            def __call__(self, n): T["z"] = n; return "z"
        class D:
            def __call__(self, key): return T[key]
        encode, decode = E(), D()
        """,
        "assert decode(encode(300)) == 300",
    ),
    "halves joined by a given function": (
        CODEC,
        REMEMBERED,
        "assert roundtrip(300)",
        "def roundtrip(n): return both(n) == n\ndef both(n): return decode(encode(n))",
    ),
    "halves behind four other functions": (
        CODEC + "".join(f"\ndef f{n}(): return {n}" for n in range(4)),
        REMEMBERED + "".join(f"\ndef f{n}(): return {n}" for n in range(4)),
        "assert [f0(), f1(), f2(), f3()] == [0, 1, 2, 3]\nassert decode(encode(300)) == 300",
    ),
    "halves in two cases": (
        CODEC,
        """
        import mmap
        M = mmap.mmap(-1, 4096)
        def encode(n): M[:8] = n.to_bytes(8, "big"); return "z"
        def decode(key): return int.from_bytes(M[:8], "big")
        """,
        """
        with checks("there"):
            key = encode(300)
        with checks("and back"):
            assert decode(key) == 300
        assert checks.score(10, cases=2).earned == 10
        """,
    ),
    "an error that comes before its turn": (
        QUEUE,
        "class Queue:\n    def __init__(self, room): pass\n    def put(self, one): raise OverflowError",
        "q = Queue(2)\nq.put(1)\nq.put(2)\nwith raises(OverflowError):\n    q.put(3)",
    ),
    "an error that comes before its turn, into a try": (
        QUEUE,
        "class Queue:\n    def __init__(self, room): pass\n    def put(self, one): raise OverflowError",
        """
        q = Queue(2)
        q.put(1)
        try:
            q.put(3)
            assert False
        except OverflowError:
            pass
        """.replace("Queue(2)", "Queue(1)"),
    ),
    "an error that comes before its turn, into a function of the test's": (
        QUEUE,
        "class Queue:\n    def __init__(self, room): pass\n    def put(self, one): raise OverflowError",
        """
        def refuses(q):
            try:
                q.put(3)
            except OverflowError:
                return True
        q = Queue(1)
        q.put(1)
        assert refuses(q)
        """,
    ),
    "an error class that is that of a failed assert": (
        QUEUE + "\nclass Full(OverflowError): pass",
        "Full = AssertionError\nclass Queue:\n    def __init__(self, room): pass\n    def put(self, one): pass",
        'q = Queue(0)\ntry:\n    q.put(3)\n    assert False, "no error"\nexcept (Full, OverflowError):\n    pass',
    ),
    "a TypeError that nobody raises": (
        "def total(x):\n    if not isinstance(x, list): raise TypeError\n    return sum(x)",
        "def total(x): return sum(x) if isinstance(x, list) else 0",
        "assert total([1]) == 1\nwith raises(TypeError):\n    total(object())",
    ),
    "a signal of the test's own library": (
        "def g(n): return n * n",
        "import unittest.case\ndef g(n): raise unittest.case._ShouldStop",
        """
        import io, unittest
        class Test(unittest.TestCase):
            def test(self): self.assertEqual(g(3), 9)
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(Test)
        assert unittest.TextTestRunner(io.StringIO()).run(suite).wasSuccessful()
        """,
    ),
}


def points(answer: str, model: str, tests: str, given: str = "") -> float:
    """What a plain tests cell earns: 10 where it shows no error."""
    [*_, shown] = [trial(answer, textwrap.dedent(tests), f"{SETUP}\n{given}", model=model).shown[2]]
    return 0.0 if any(one["output_type"] == "error" for one in shown) else 10.0


@pytest.mark.parametrize("name", FORGED)
def test_an_answer_gains_nothing_by(name):
    model, attack, tests, *given = FORGED[name]
    assert points(attack, model, tests, *given) == 0


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in FORGED
        if "afterwards" not in name and "helper" not in name and "TypeError" not in name
    ],
)
def test_the_reference_passes_the_same_test(name):
    model, _, tests, *given = FORGED[name]
    assert points(textwrap.dedent(model), model, tests, *given) == 10


SHARED = {
    "a class that both know": (
        """
        class Node:
            def __init__(self, value, rest): self.value, self.rest = value, rest
        def make(values): return Node(values[0], make(values[1:])) if values else None
        def height(tree): return 1 + height(tree.rest) if tree else 0
        """,
        "assert height(make([3, 1, 2])) == 3",
    ),
    "a list that both use": (
        "STACK = []\ndef push(n): STACK.append(n); return n\ndef pop(): return STACK.pop()",
        "assert push(1) == 1\nassert pop() == 1",
    ),
}


@pytest.mark.parametrize("name", SHARED)
def test_functions_that_the_reference_has_share_are_said_to_be_doubtful_apart_and_pass_together(name):
    answer, tests = SHARED[name]
    assert trial(answer, tests).doubtful == ["it-tests"]
    verdict = trial(answer, tests, together=("it-tests",))
    assert (verdict.doubtful, verdict.shown[2]) == ([], [])


def test_a_given_function_calls_the_learners():
    given = f"{SETUP}\ndef check(n):\n    assert f(n) == 2 * n"
    assert trial("def f(n): return 2 * n", "check(3)", given).shown[2] == []
    assert trial("def f(n): return n", "check(3)", given).shown[2][0]["ename"] == "AssertionError"


def test_what_the_course_gives_and_cannot_be_made_is_no_fault_of_the_learners():
    from loopready.referee.given import GivenError

    with pytest.raises(
        GivenError, match=r"gives 'data', which cannot be made where the tests run .FileNotFoundError"
    ):
        trial("def f(d): return 1", "assert f(data) == 1", f"{SETUP}\ndata = open('nowhere.csv').read()")


FAIR = {
    "an object that is called": (
        "class F:\n    def __call__(self, n): return 2 * n\nf = F()",
        "with checks('twice'):\n    assert f(2) == 4\nassert checks.score(10, cases=1).earned == 10",
    ),
    "a dataclass with a text of its own": (
        """
        from dataclasses import dataclass
        @dataclass
        class Card:
            rank: int
            def __str__(self): return f"<{self.rank}>"
        """,
        "assert str(Card(3)) == '<3>'",
    ),
    "a dataclass that is made before the cases": (
        """
        from dataclasses import dataclass
        @dataclass
        class P:
            x: int
            def twice(self): return 2 * self.x
        """,
        """
        p = P(1)
        with checks("one"):
            assert p.twice() == 2
        with checks("two"):
            assert p.twice() == 2
        assert checks.score(10, cases=2).earned == 10
        """,
    ),
    "an object in a dict that is made before the cases": (
        """
        class Node:
            def __init__(self, value): self.value = value
        def total(nodes): return sum(one.value for one in nodes.values())
        """,
        """
        nodes = {"a": Node(1), "b": Node(2)}
        with checks("one"):
            assert total(nodes) == 3
        with checks("two"):
            assert total(nodes) == 3
        assert checks.score(10, cases=2).earned == 10
        """,
    ),
    "a clock between two calls": (
        """
        import time
        class Watch:
            def start(self): self.begun = time.monotonic()
            def elapsed(self): return time.monotonic() - self.begun
        """,
        "import time\nw = Watch()\nw.start()\ntime.sleep(0.2)\nassert w.elapsed() >= 0.19",
    ),
    "what is printed into a file of the test's": (
        "def hello(): print('hello')",
        """
        import io, sys
        before, sys.stdout = sys.stdout, io.StringIO()
        hello()
        said, sys.stdout = sys.stdout.getvalue(), before
        assert said == "hello\\n"
        """,
    ),
    "a sum by an operator that is another's": (
        """
        class Money:
            def __init__(self, cents): self.cents = cents
            def __add__(self, other): return Money(self.cents + getattr(other, "cents", other))
            __radd__ = __add__
        """,
        "assert sum([Money(1), Money(2)]).cents == 3",
    ),
    "an error of the answer's own, caught by its class": (
        "class Full(AssertionError): pass\ndef put(n): raise Full",
        "try:\n    put(1)\n    assert False\nexcept Full:\n    done = True\nassert done",
    ),
}


@pytest.mark.parametrize("name", FAIR)
def test_an_honest_answer_passes_with(name):
    answer, tests = FAIR[name]
    assert points(answer, answer, tests) == 10


GIVEN_CLASS = f"""{SETUP}
class ListNode:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
"""


def test_objects_of_a_class_that_the_course_gives_are_the_same_objects_and_of_the_same_class():
    answer = """
        def has_cycle(head):
            seen = set()
            while head:
                if head in seen: return True
                seen.add(head)
                head = head.next
            return False
        def single(value): return ListNode(value)
        def kind(node): return isinstance(node, ListNode)
    """
    tests = """
        a = ListNode(1)
        a.next = ListNode(2, a)
        assert has_cycle(a) and not has_cycle(ListNode(1))
        assert isinstance(single(4), ListNode) and single(4).value == 4
        assert kind(ListNode(1)) and not kind(3)
    """
    assert trial(answer, tests, GIVEN_CLASS).shown[2] == []


GIVEN_DATA = f"""{SETUP}
from dataclasses import dataclass
@dataclass
class Person:
    name: str
    age: int
"""


def test_what_an_answer_changes_in_a_dataclass_of_the_courses_is_changed():
    answer = """
        def birthday(person): person.age += 1; return person
        def eldest(people): return max(people, key=lambda one: one.age)
    """
    tests = """
        anna = Person("Anna", 41)
        assert birthday(anna) is anna and anna == Person("Anna", 42)
        assert eldest([anna, Person("Bo", 7)]) is anna
    """
    assert trial(answer, tests, GIVEN_DATA).shown[2] == []
