"""Right answers of plain courses, as people write them: refereed, each passes the test that it passes in a notebook."""

from __future__ import annotations

import textwrap

import pytest
from trials import trial

# The answer, which is the reference as well, the tests, and the course's own cell where there is one.
HONEST = {
    "loops of the test's own functions": (
        """
        class Pile:
            def __init__(self, room): self.room, self.held = room, []
            def put(self, item):
                if len(self.held) == self.room: raise OverflowError(f'no room for {item}')
                self.held.append(item)
            def size(self): return len(self.held)
        """,
        """
        def filled(room, items, log=None):
            pile = Pile(room)
            for item in items:
                pile.put(item)
            for item in sorted(log or ()):
                pile.put(item)
                log.remove(item)
            return pile
        def refused(pile, items):
            try:
                for item in items:
                    pile.put(item)
            except OverflowError as error:
                return str(error)
            return pile.size()
        def heard(pile):
            lines = []
            for item in (1, 2, 3):
                pile.put(item)
                lines.append(pile.size())
            return lines
        assert filled(4000, range(3000)).size() == 3000
        with raises(OverflowError):
            filled(2, 'abc')
        log = ['x', 'y', 'z']
        with raises(OverflowError):
            filled(2, [], log)
        assert log == ["z"]
        assert refused(filled(3, 'ab'), 'cde') == 'no room for d' and refused(Pile(3), 'ab') == 2
        assert heard(Pile(5)) == [1, 2, 3]
        """,
    ),
    "dataclasses that hold lists": (
        """
        from dataclasses import dataclass, field
        @dataclass
        class Cart:
            owner: str
            items: list = field(default_factory=list)
            counts: dict[str, int] = field(default_factory=dict)
            def add(self, item):
                self.items.append(item)
                return self
        def joined(one, other): return Cart(one.owner, one.items + other.items)
        """,
        """
        import copy
        cart = Cart('a')
        cart.add('x').add('y')
        assert cart.items == ['x', 'y'] and Cart('a').items == [] and Cart('a') == Cart('a') != Cart('b')
        assert cart == Cart('a', ['x', 'y']) and Cart('a', ['x', 'y']) == cart and cart != Cart('a', ['y'])
        assert joined(cart, Cart('b', ['z'])) == Cart('a', ['x', 'y', 'z'], counts={})
        assert repr(Cart('a', ['x'])) == "Cart(owner='a', items=['x'], counts={})"
        held = ['w']
        one = Cart('c', held)
        other = copy.deepcopy(one)
        held.append('v')
        assert one.items == ['w', 'v'] and other.items == ['w']
        """,
    ),
    "a mapping of its own": (
        """
        from collections.abc import MutableMapping
        class Lower(MutableMapping):
            def __init__(self): self.held = {}
            def __getitem__(self, key): return self.held[key.lower()]
            def __setitem__(self, key, value): self.held[key.lower()] = value
            def __delitem__(self, key): del self.held[key.lower()]
            def __iter__(self): return iter(self.held)
            def __len__(self): return len(self.held)
        """,
        """
        from collections.abc import Mapping, Sequence
        lower = Lower()
        lower['A'] = 1
        lower.update(b=2)
        assert dict(lower) == {'a': 1, 'b': 2} == {**lower} and 'B' in lower and lower.get('c', 0) == 0
        assert lower.pop('a') == 1 and len(lower) == 1
        assert isinstance(lower, Mapping) and not isinstance(lower, Sequence)
        """,
    ),
    "quantities of the course's own registry": (
        "def speed(way, time): return (way / time).to('km/hour')\ndef steps(way): return way.magnitude * u.stride",
        """
        q = speed(100 * u.meter, 10 * u.second)
        assert abs(q.magnitude - 36) < 1e-9 and q.units == u('km/hour').units and q > 30 * u('km/hour')
        assert q.check('[length]/[time]') and steps(5 * u.meter) == 5 * u.stride
        assert (5 * u.stride).to('meter').magnitude == 4
        try:
            speed(u.meter * 1, u.meter * 1)
        except pint.DimensionalityError:
            pass
        else:
            assert False
        """,
        "import pint\nu = pint.UnitRegistry()\nu.define('stride = 0.8 * meter')",
    ),
    "quantities of the answer's own registry": (
        "import pint\nu = pint.UnitRegistry()\ng = u.Quantity(9.81, 'm/s**2')\n"
        "def fall(time): return (g * time**2 / 2).to('meter')",
        "assert abs(fall(2 * u.second).magnitude - 19.62) < 1e-9 and fall(2 * u.second).units == u.meter\n"
        "assert g.magnitude == 9.81",
    ),
    "quantities of nobody's registry": (
        "import pint\ndef area(side): return side**2 + pint.Quantity(1, 'meter**2')",
        "import pint\nassert area(pint.Quantity(3, 'meter')) == pint.Quantity(10, 'meter**2')",
    ),
    "a database of the test's": (
        """
        def count(db): return db.execute('select count(*) from t').fetchone()[0]
        def add(db, *names):
            with db: db.executemany('insert into t values (?)', [(name,) for name in names])
        def shut(db): db.close()
        def first(db): return db.execute('select name from t order by name').fetchone()
        """,
        """
        import sqlite3
        db = sqlite3.connect(':memory:')
        db.row_factory = sqlite3.Row
        db.execute('create table t (name)')
        db.execute("insert into t values ('c')")
        assert count(db) == 1
        add(db, 'b', 'a')
        assert [row['name'] for row in db.execute('select * from t order by name')] == ['a', 'b', 'c']
        db.execute('delete from t where name = ?', ('a',))
        assert count(db) == 2 and first(db)['name'] == 'b'
        shut(db)
        try:
            db.execute('select 1')
        except sqlite3.ProgrammingError:
            pass
        else:
            assert False
        """,
    ),
    "functions of NumPy's and remembering ones": (
        "import numpy as np\ndef applied(function, values): return function(values)",
        """
        import functools
        import numpy as np
        assert np.allclose(applied(np.sin, np.array([0.0, 1.0])), np.sin([0.0, 1.0]))
        assert applied(np.mean, [1, 2, 3]) == 2 and applied(functools.lru_cache(lambda n: n + 1), 3) == 4
        """,
    ),
    "a figure": (
        """
        import matplotlib.pyplot as plt
        def draw(values):
            figure, axes = plt.subplots()
            axes.bar(range(len(values)), values)
            axes.set_xlabel('n')
            return figure
        """,
        """
        import matplotlib.figure
        figure = draw([1, 2])
        assert isinstance(figure, matplotlib.figure.Figure) and isinstance(figure, (int, matplotlib.figure.Figure))
        assert not isinstance(figure, matplotlib.axes.Axes) and figure.axes[0].get_xlabel() == 'n'
        assert [one.get_height() for one in figure.axes[0].patches] == [1, 2]
        """,
    ),
    "what an object holds, and a function's annotations": (
        """
        class Spot:
            def __init__(self): self.x, self._y = 1, 2
        def double(n: int) -> int: return 2 * n
        """,
        """
        spot = Spot()
        assert vars(spot) == {'x': 1, '_y': 2} == spot.__dict__ and 'x' in spot.__dict__ and spot.x == 1
        assert double.__annotations__ == {'n': int, 'return': int}
        """,
    ),
    "values that functions change": (
        """
        total = 0
        registry = {}
        class Bank:
            def __init__(self): self.held = 0
        bank = Bank()
        def add(n):
            global total
            total += n
            return total
        def register(name):
            registry[name] = len(name)
            bank.held += 1
        """,
        """
        assert add(5) == 5 and total == 5
        add(2)
        assert total == 7 and [total for _ in range(2)] == [7, 7]
        register('ab')
        register('abc')
        assert registry == {'ab': 2, 'abc': 3} and len(registry) == bank.held == 2
        with checks("one that begins anew"):
            register('a')
            assert registry['a'] == 1 and bank.held >= 1
        """,
    ),
    "a value that a function changes, read many times": (
        "items = []\ndef fill(n):\n    items.extend(range(n))",
        """
        fill(3000)
        assert sum(items[place] for place in range(len(items))) == 4498500
        assert items is items and all(items[place] == place for place in range(3000))
        """,
    ),
    "nan in a list": (
        "import math\ndef f(n): return [n, math.nan, float('inf')]",
        "import math\nassert f(1) == [1, math.nan, math.inf] and f(1) == f(1)",
    ),
    "an answer that ends the program": (
        "import sys\ndef main(words):\n    if not words:\n        sys.exit(2)\n    return len(words)",
        """
        try:
            main([])
        except SystemExit as error:
            assert error.code == 2
        else:
            assert False
        with checks("once more"), raises(SystemExit):
            main([])
        assert main(['a']) == 1
        """,
    ),
    "sums of the course's objects": (
        "def make(n): return Vec(n)",
        """
        assert (make(1) + make(2)).x == 3 and (make(1) + Vec(2)).x == 3 and (Vec(1) + make(2)).x == 3
        assert make(1) == make(1) and make(1) == Vec(1) and Vec(1) == make(1) and make(1) != make(2)
        """,
        """
        class Vec:
            def __init__(self, x): self.x = x
            def __add__(self, other): return Vec(self.x + other.x)
            def __eq__(self, other): return self.x == other.x
        """,
    ),
    "the course's classes as arguments and answers": (
        "def count(values, kind): return sum(isinstance(one, kind) for one in values)\ndef pick(): return A",
        "assert count([A(), 3], A) == 1 and count([A(), 3], int) == 1 and pick() is A and isinstance(pick()(), A)",
        "class A: pass",
    ),
    "the course's flags": (
        "def both(one): return one | Perm.W",
        "assert both(Perm.R) == Perm.R | Perm.W and Perm.R in both(Perm.R)",
        "from enum import Flag, auto\nclass Perm(Flag):\n    R = auto()\n    W = auto()",
    ),
    "operators of the course's objects in the answer": (
        """
        def told(v):
            del v[0]
            return [(-v).x, abs(v), round(v), int(v), v // 2, 7 % v, f'{v:>3}', type(v).__name__, v._x]
        """,
        "assert told(V(4)) == [-4, 4, 4, 4, 2, 3, ' >3', 'V', 5]",
        """
        class V:
            def __init__(self, x): self.x, self._x = x, 5
            def __neg__(self): return V(-self.x)
            def __abs__(self): return self.x
            def __round__(self): return self.x
            def __int__(self): return self.x
            def __floordiv__(self, n): return self.x // n
            def __rmod__(self, n): return n % self.x
            def __delitem__(self, place): pass
            def __format__(self, how): return ' ' + how
        """,
    ),
    "what is gone through and entered asynchronously": (
        """
        import asyncio
        async def count(n):
            for one in range(n):
                await asyncio.sleep(0)
                yield one
        class Lease:
            held = False
            async def __aenter__(self):
                self.held = True
                return self
            async def __aexit__(self, *error): self.held = False
        """,
        """
        assert [one async for one in count(3)] == [0, 1, 2]
        lease = Lease()
        async with lease as held:
            assert held is lease and lease.held
        assert not lease.held
        """,
    ),
    "what an object can do, asked by the names for it": (
        "class Stack:\n    def __init__(self): self.items = [1]\n    def __len__(self): return len(self.items)\n"
        "    def __iter__(self): return iter(self.items)\n    def __call__(self): return 1\n"
        "    def __eq__(self, other): return True\n    def close(self): pass\ndef make(): return Stack()",
        """
        from collections.abc import Callable, Hashable, Iterable, Iterator, Sized
        from typing import Protocol, runtime_checkable
        @runtime_checkable
        class Closes(Protocol):
            def close(self): ...
        stack = make()
        assert isinstance(stack, (Sized, int)) and isinstance(stack, Iterable) and isinstance(stack, Callable)
        assert not isinstance(stack, Iterator) and not isinstance(stack, Hashable) and not isinstance(stack, int | str)
        assert isinstance(stack, Closes) and isinstance(stack, Stack) and isinstance(stack, object)
        assert callable(stack) and callable(stack.close) and callable(make) and callable(Stack) and not callable(3)
        assert hasattr(stack, '__len__') and hasattr(stack, 'items') and hasattr(stack, '__init__')
        assert not hasattr(stack, '__enter__') and not hasattr(stack, 'nothing') and hasattr([], '__len__')
        """,
    ),
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
    "operators of all kinds": (
        """
        class Bits:
            def __init__(self, n): self.n = n
            def __format__(self, how): return format(self.n, how)
            def __pos__(self): return Bits(+self.n)
            def __invert__(self): return Bits(~self.n)
            def __divmod__(self, by): return divmod(self.n, by)
            def __lshift__(self, by): return Bits(self.n << by)
            def __ror__(self, other): return [other, self.n]
            def __rpow__(self, base): return base**self.n
            def __floor__(self): return self.n
            def __iadd__(self, by):
                self.n += by
                return self
        class Log(list): pass
        """,
        """
        import math
        bits = same = Bits(5)
        assert f"{bits:04b}" == "0101" and (+bits).n == 5 and (~bits).n == -6 and divmod(bits, 2) == (2, 1)
        assert (bits << 2).n == 20 and 1 | bits == [1, 5] and 2**bits == 32 and math.floor(bits) == 5
        bits += 2
        assert bits is same and bits.n == 7
        log = Log([1])
        log += [2]
        assert log == [1, 2] and isinstance(log, Log)
        """,
    ),
    "a decorator that keeps what it wraps": (
        """
        import functools, inspect
        def logged(function):
            @functools.wraps(function)
            def inner(*args, **named): return function(*args, **named)
            return inner
        def memoized(function):
            known = {}
            def inner(n):
                if n not in known: known[n] = function(n)
                return known[n]
            return inner
        def counted(function):
            def inner(*args):
                inner.calls += 1
                return function(*args)
            inner.calls = 0
            return inner
        def curried(function):
            count = len(inspect.signature(function).parameters)
            def more(*args): return function(*args) if len(args) >= count else lambda *others: more(*args, *others)
            return more
        def power(base, to=2): return base**to
        """,
        """
        import inspect
        @logged
        def twice(n):
            "Two of them."
            return 2 * n
        assert twice(3) == 6 and twice.__name__ == "twice" and twice.__doc__ == "Two of them."
        assert str(inspect.signature(twice)) == "(n)" and inspect.signature(power).parameters["to"].default == 2
        @memoized
        def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
        assert fib(100) == 354224848179261915075
        @counted
        def plain(n): return n
        plain(1), plain(2)
        assert plain.calls == 2
        plain.calls = 0
        assert plain.calls == 0
        def volume(a, b, c=1): return a * b * c
        assert curried(volume)(2)(3)(4) == 24
        class Door:
            @logged
            def opens(self, by): return self, by
        door = Door()
        assert door.opens(3) == (door, 3)
        """,
    ),
    "errors of the course's and of the test's": (
        """
        class Full(StoreError):
            def __init__(self, room, items):
                super().__init__(f"{room} is full")
                self.room, self.items = room, items
        def put(room):
            try: int(room)
            except ValueError as error: raise Full(room, [1, {"a": 2}]) from error
            raise StoreError
        def retry(function, times, errors):
            for _ in range(times):
                try: return function()
                except errors as error: last = error
            raise last
        """,
        """
        class Flaky(Exception): pass
        tries = []
        def works_late():
            tries.append(1)
            if len(tries) < 3: raise Flaky("not yet")
            return 7
        def never(): raise Flaky("never")
        assert retry(works_late, 5, Flaky) == 7 and len(tries) == 3
        with raises(Flaky): retry(never, 2, (Flaky, ValueError))
        try: put("a")
        except StoreError as error:
            assert error.room == "a" and error.items == [1, {"a": 2}] and type(error.__cause__) is ValueError
        else: assert False
        with raises(StoreError): put("3")
        """,
        "from loopready.checks import raises\nclass StoreError(Exception): pass",
    ),
    "classes based on the course's": (
        """
        class Square(Shape):
            def __init__(self, side): self.side = side
            def area(self): return self.side**2
        def moved(one, by): return Spot(one.x + by)
        class Dog:
            count = 0
            def __init__(self): Dog.count += 1
        class Countdown:
            def __init__(self, n): self.n = n
            def __iter__(self): return self
            def __next__(self):
                if self.n <= 0: raise StopIteration
                self.n -= 1
                return self.n
            def __len__(self): return self.n
        def converted(texts, kind): return [kind(text) for text in texts]
        """,
        """
        from decimal import Decimal
        assert isinstance(Square(2), Shape) and issubclass(Square, Shape) and Square(2).area() == 4
        assert moved(Spot(1), 2) == Spot(3) and Spot(3) == moved(Spot(1), 2) and moved(Spot(1), 2) != Spot(2)
        assert (moved(Spot(1), 1) + Spot(2)).x == 4 == (Spot(2) + moved(Spot(1), 1)).x
        Dog.count = 0
        Dog(), Dog()
        assert Dog.count == 2 and Dog().__class__.__name__ == "Dog"
        countdown = Countdown(3)
        assert len(countdown) == 3 and isinstance(countdown, Countdown) and iter(countdown) is countdown
        assert list(countdown) == [2, 1, 0] and converted(["1"], Decimal) == [Decimal(1)]
        """,
        """
        from abc import ABC, abstractmethod
        class Shape(ABC):
            @abstractmethod
            def area(self): ...
        class Spot:
            def __init__(self, x): self.x = x
            def __eq__(self, other): return isinstance(other, Spot) and self.x == other.x
            def __hash__(self): return hash(self.x)
            def __add__(self, other): return Spot(self.x + other.x)
        """,
    ),
    "what libraries ask of dataclasses and generators": (
        """
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int
            y: int = 0
        def point(n): return Point(n)
        def numbers(n): yield from range(n)
        """,
        """
        import dataclasses, types
        assert dataclasses.asdict(point(3)) == {"x": 3, "y": 0} and dataclasses.astuple(Point(1, 2)) == (1, 2)
        assert [field.name for field in dataclasses.fields(point(1))] == ["x", "y"]
        assert isinstance(numbers(2), types.GeneratorType)
        """,
    ),
    "tables with ordered kinds and dated rows": (
        """
        import pandas as pd
        def sizes(numbers): return pd.cut(numbers, [0, 3, 6, 10], labels=["low", "mid", "high"])
        def daily(numbers): return numbers.resample("D").sum()
        """,
        """
        import pandas as pd
        kinds = pd.Categorical(["high", "low", "mid"], categories=["low", "mid", "high"], ordered=True)
        pd.testing.assert_series_equal(sizes(pd.Series([9, 1, 5])), pd.Series(kinds))
        assert sizes(pd.Series([9, 1, 5])).max() == "high"
        halves = pd.Series(range(4), index=pd.date_range("2027-01-01", periods=4, freq="12h"))
        days = pd.Series([1, 5], index=pd.date_range("2027-01-01", periods=2, freq="D"))
        pd.testing.assert_series_equal(daily(halves), days)
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
