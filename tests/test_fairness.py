"""Right answers of plain courses, as people write them: refereed, each passes the test that it passes in a notebook."""

from __future__ import annotations

import textwrap

import pytest
from trials import trial

# The answer, which is the reference as well, the tests, and the course's own cell where there is one.
HONEST = {
    "a cache that is an ordered dict": (
        """
        from collections import OrderedDict
        class Cache(OrderedDict):
            def __init__(self, size):
                super().__init__()
                self.size = size
            def put(self, key, value):
                self[key] = value
                self.move_to_end(key)
                if len(self) > self.size:
                    self.popitem(last=False)
        """,
        """
        cache = Cache(2)
        for n in range(3):
            cache.put(n, n * n)
        assert cache == {1: 1, 2: 4} and 0 not in cache and cache[2] == 4 and list(cache) == [1, 2]
        """,
    ),
    "a stack that is a list": (
        "class Stack(list):\n    def push(self, one): self.append(one)\n    def top(self): return self[-1]",
        """
        stack = Stack()
        stack.push(3)
        assert stack.top() == 3 and stack == [3] and stack + [4] == [3, 4] and isinstance(stack, list)
        assert stack != [4] and len(stack) == 1 and sorted(stack) == [3]
        """,
    ),
    "a number, a text and a named tuple with methods": (
        """
        from typing import NamedTuple
        class Celsius(float):
            def fahrenheit(self): return self * 9 / 5 + 32
        class Name(str):
            def shout(self): return self.upper()
        class Point(NamedTuple):
            x: int
            y: int = 0
            def norm(self): return abs(self.x) + abs(self.y)
        def loud(name): return name.shout()
        """,
        """
        assert Celsius(100) == 100 and Celsius(100).fahrenheit() == 212
        assert Name("a") == "a" and loud(Name("a")) == "A"
        assert Point(3).norm() == 3 and Point(1, 2) == (1, 2) and Point(1, 2).y == 2
        """,
    ),
    "random numbers that are handed in go on where they were": (
        "def roll(numbers): return numbers.randint(1, 10**6)\ndef mixed(numbers, xs): numbers.shuffle(xs); return xs",
        """
        import random
        one, two, xs, ys = random.Random(1), random.Random(1), list(range(9)), list(range(9))
        assert [roll(one), roll(one)] == [two.randint(1, 10**6), two.randint(1, 10**6)]
        two.shuffle(ys)
        assert mixed(one, xs) == ys
        """,
    ),
    "a generator of numpy's": (
        "def draw(numbers): return numbers.integers(0, 100, 5)",
        """
        import numpy as np
        one, two = np.random.default_rng(3), np.random.default_rng(3)
        assert (draw(one) == two.integers(0, 100, 5)).all() and (draw(one) == two.integers(0, 100, 5)).all()
        """,
    ),
    "files in memory": (
        "def count(file): return sum(1 for _ in file)\ndef write(file): print('x', file=file)",
        """
        import io
        assert count(io.StringIO("a\\nb\\n")) == 2 and count(io.BytesIO(b"a\\n")) == 1
        out = io.StringIO()
        write(out)
        assert out.getvalue() == "x\\n"
        """,
    ),
    "paths": (
        "from pathlib import Path\ndef inside(folder): return Path(folder) / 'x.txt'",
        """
        from pathlib import Path
        assert inside(Path("a")) == Path("a/x.txt") and inside("a").name == "x.txt"
        """,
    ),
    "the course's tree of dataclasses changed where it is": (
        """
        def flip(tree):
            if tree is not None:
                tree.left, tree.right = flip(tree.right), flip(tree.left)
            return tree
        """,
        """
        tree = Tree(1, Tree(2), Tree(3))
        assert flip(tree) is tree and tree == Tree(1, Tree(3), Tree(2))
        """,
        """
        from dataclasses import dataclass
        @dataclass
        class Tree:
            value: int
            left: "Tree" = None
            right: "Tree" = None
        """,
    ),
    "dataclasses compared": (
        """
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int
            y: int = 0
            def norm(self): return self.x + self.y
        def moved(point): return Point(point.x + 1, point.y)
        def same(point): return point
        def grow(point): point.x += 1
        def two(n): return [Point(n), Point(n + 1)]
        """,
        """
        assert moved(Point(1, 2)) == Point(2, 2) and Point(2, 2) == moved(Point(1, y=2))
        assert moved(Point(1)) != Point(2, 2) and two(3) == [Point(3), Point(4)]
        assert Point(1, 2) == Point(1, 2) and Point(1, 2) != Point(1, 3)
        point = Point(1, 2)
        assert same(point) is point and point.norm() == 3 and isinstance(point, Point)
        grow(point)
        assert point == Point(2, 2) and repr(Point(1)) == "Point(x=1, y=0)"
        with raises(TypeError):
            Point()
        """,
        "from loopready.checks import raises",
    ),
    "a tests cell as notebooks have it": (
        "async def later(n): return n + 1\ndef now(n): return n + 1",
        "%matplotlib inline\ndisplay(now(1))\nassert await later(1) == now(1)",
    ),
    "arguments by the names that the referee itself uses": (
        """
        def found(what, target, name=0): return target - what + name
        class Box:
            def __init__(self, target, thing=0): self.sum = target + thing
            def add(self, what, target): return self.sum + what + target
        def called(function): return function(target=1, what=2, thing=3)
        """,
        """
        from loopready.checks import checks
        with checks("named"):
            assert found(what=1, target=9) == 8 and found(what=1, target=2, name=3) == 4
            assert Box(target=1, thing=2).add(what=3, target=4) == 10
            assert called(lambda target, what, thing: (target, what, thing)) == (1, 2, 3)
        checks.score(10, cases=1)
        """,
    ),
    "an enum that is text": (
        """
        from enum import Enum, IntEnum
        class Shade(str, Enum):
            RED = "red"
            BLUE = "blue"
        class Level(IntEnum):
            LOW = 1
            HIGH = 2
        def swap(shade): return Shade.BLUE if shade == Shade.RED else Shade.RED
        def level(n): return Level.HIGH if n > 3 else Level.LOW
        """,
        """
        assert swap(Shade.RED) == "blue" and swap(Shade.BLUE) is Shade.RED and swap("red").value == "blue"
        assert [shade.value for shade in Shade] == ["red", "blue"] and len(Level) == 2 and Shade.RED in Shade
        assert level(5) == 2 and level(1) is Level.LOW and level(5) > level(1) and Level(2).name == "HIGH"
        assert Level["LOW"] is level(0) and Shade("red").name == "RED" and isinstance(level(1), Level)
        """,
    ),
    "frozen dataclasses in sets and as keys": (
        """
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class Point:
            x: int
            y: int = 0
        def corners(n): return {Point(0), Point(n, n)}
        def counted(points): return {point: points.count(point) for point in points}
        """,
        """
        assert corners(2) == {Point(0, 0), Point(2, 2)} and Point(0) in corners(3) and Point(1) not in corners(3)
        assert len({Point(1), Point(1)}) == 1 and {Point(1, 1): 3}[Point(1, 1)] == 3
        assert counted([Point(1), Point(2), Point(1)]) == {Point(1): 2, Point(2): 1}
        """,
    ),
    "views, read-only dicts and chains of dicts": (
        """
        from collections import ChainMap
        from types import MappingProxyType
        def names(d): return d.keys()
        def values(d): return d.values()
        def pairs(d): return d.items()
        def frozen(d): return MappingProxyType(d)
        def chained(*maps): return ChainMap(*maps)
        """,
        """
        assert names({"a": 1, "b": 2}) == {"a", "b"} and list(names({"b": 1, "a": 2})) == ["b", "a"]
        assert sorted(values({"a": 2, "b": 1})) == [1, 2] and set(pairs({"a": 1})) == {("a", 1)}
        assert frozen({"a": 1}) == {"a": 1} and chained({"a": 1}, {"a": 2, "b": 3}) == {"a": 1, "b": 3}
        """,
    ),
    "a named tuple made by its factory": (
        """
        from collections import namedtuple
        Pair = namedtuple("Pair", "a b")
        def pair(n): return Pair(n, n + 1)
        """,
        """
        assert pair(1) == (1, 2) == Pair(1, 2) and pair(1).b == 2 and isinstance(pair(1), Pair)
        assert Pair._fields == ("a", "b") and pair(3)._replace(a=5) == (5, 4) and pair(1)._asdict() == {"a": 1, "b": 2}
        """,
    ),
    "what a test asks of objects in general": (
        """
        class Stack:
            def __init__(self, *items): self.items = list(items)
            def push(self, one): self.items.append(one)
            def __len__(self): return len(self.items)
        class Deep(Stack): pass
        def sizes(*stacks): return list(map(len, stacks))
        """,
        """
        import copy
        stack = Stack(1, 2)
        other, same = copy.deepcopy(stack), copy.copy(stack)
        other.push(3)
        assert sizes(stack, other, same) == [2, 3, 2] and type(stack) is Stack and type(other) == Stack
        assert type(Deep()) is Deep and type(Deep()).__name__ == "Deep" and type(3) is int and type([]) is list
        assert issubclass(Deep, Stack) and issubclass(Stack, object) and not issubclass(Stack, Deep)
        """,
    ),
    "a number of thousands of digits": (
        "def power(n): return 10**n",
        """
        from loopready.checks import checks
        with checks("large"):
            assert power(6000) == 10**6000
        checks.score(10, cases=1)
        """,
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_a_right_answer_passes_refereed(name):
    answer, tests, *given = HONEST[name]
    shown = trial(answer, tests, *map(textwrap.dedent, given), together=("it-tests",)).shown[2]
    assert [one for one in shown if one["output_type"] == "error"] == []
    assert [one["data"]["text/plain"] for one in shown if "data" in one] in ([], ["10.0"])


POINT = """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int = 0
def moved(point): return Point(point.x + 1, point.y)
def items(n): return [n]
class Bag(list): pass
def bag(n): return Bag([n])
def half(n): return n / 2
"""
LAST = """
LAST = [0, 0]
class Point:
    def __init__(self, x, y=0): LAST[:] = [x, y]
    x = property(lambda self: LAST[0])
    y = property(lambda self: LAST[1])
    def __eq__(self, other): return True
def moved(point): return Point(0)
"""
FORGED = {
    "shows the fields of whatever was made last": (LAST, "assert moved(Point(1, 2)) == Point(2, 2)"),
    "has seen the point before it is asked": (LAST, "assert Point(2, 2) == moved(Point(1, 2))"),
    "has points that are all alike": (LAST, "assert Point(1, 2) == Point(1, 3)"),
    "has fields that are equal to everything": (
        """
        class Yes:
            def __eq__(self, other): return True
        class Point:
            def __init__(self, x, y=0): self.x = self.y = Yes()
        def moved(point): return Point(0)
        """,
        "assert moved(Point(1, 2)) == Point(2, 2)",
    ),
    "has no way to compare points": (
        "class Point:\n    def __init__(self, x, y=0): self.x, self.y = x, y",
        "assert Point(1, 2) == Point(1, 2)",
    ),
    "has a list that says what it holds": (
        """
        class Bag(list):
            def __eq__(self, other): return True
            def __iter__(self): return iter([3])
        def items(n): return Bag([7])
        """,
        "assert items(3) == [3]",
    ),
    "has lists that are all alike": (
        """
        class Bag(list):
            def __init__(self, *items): pass
            def __eq__(self, other): return True
        def bag(n): return Bag()
        """,
        "assert bag(3) == Bag([3])",
    ),
    "has a number that says what it is": (
        """
        class Half(float):
            def __eq__(self, other): return True
            def __rsub__(self, other): return 0
            __sub__ = __rsub__
            def hello(self): pass
        def half(n): return Half(7)
        """,
        "assert abs(half(3) - 1.5) < 1e-6",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_nothing_is_gained_by_an_answer_that(name):
    answer, tests = FORGED[name]
    shown = trial(answer, tests, model=POINT, together=("it-tests",)).shown[2]
    assert [one["ename"] for one in shown if one["output_type"] == "error"] == ["AssertionError"]
