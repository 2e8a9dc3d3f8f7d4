"""Measures the tests of the katas: slips are put into each reference answer, one at a time, and graded.

    python benchmarks/mutants.py [week-01 ...]

A mutant is caught when it earns less than full marks. What survives is either the same answer in other words, or a
question that the tests forgot to ask. Not a test: nothing passes or fails by these numbers. The estimates are left
out, since their steps are judged by a tolerance and not by cases.
"""

import argparse
import ast
import copy
import difflib
import os
import platform
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from proofs import cell_named, exercises, papers, scores  # noqa: E402

# A place in the answer, and the text to put there.
Change = tuple[ast.AST, str]

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPPOSITES = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "popleft": "pop", "sorted": "list"}
IMPORTS = {
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "nlargest": "nsmallest",
    "nsmallest": "nlargest",
}
CHUNK = 40  # mutants to a kernel: few enough to share out, many enough that its start hardly counts


@dataclass(frozen=True)
class Mutant:
    """A reference answer with one slip in it."""

    week: str
    exercise: str
    source: str

    @property
    def full(self) -> float:
        """The points that the reference answer earns."""
        return cell_named("source", self.week, f"{self.exercise}-tests").metadata["nbgrader"]["points"]


def but(node: ast.AST, **fields: object) -> Change:
    """The change of `node` into itself with other `fields`."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return node, ast.unparse(other)


def compared(node: ast.AST) -> Iterator[Change]:
    """A comparison that treats the edge, or everything, the other way."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            swapped = COMPARISONS[type(operator)]()
            yield but(node, ops=[*node.ops[:place], swapped, *node.ops[place + 1 :]])


def reckoned(node: ast.AST) -> Iterator[Change]:
    """Another operator in a sum, also in one like `+=`, or a minus sign left out."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield but(node, op=ARITHMETIC[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node, ast.unparse(node.operand)


def joined(node: ast.AST) -> Iterator[Change]:
    """`and` for `or`, `or` for `and`, or one of the sides left out."""
    if isinstance(node, ast.BoolOp):
        yield but(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield (node, f"({ast.unparse(rest[0])})") if len(rest) == 1 else but(node, values=rest)


def negated(node: ast.AST) -> Iterator[Change]:
    """A condition turned round, where swapping its comparison does not do that already."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, ast.unparse(node.operand)
    for test in getattr(node, "ifs", [getattr(node, "test", None)]):
        single = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], OPPOSITES)
        if test is not None and not single and not isinstance(test, ast.UnaryOp):
            yield test, f"not ({ast.unparse(test)})"


def counted(node: ast.AST) -> Iterator[Change]:
    """A whole number off by one, a flag turned round."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield node, str(node.value + 1)
        yield node, str(node.value - 1)


def called(node: ast.AST) -> Iterator[Change]:
    """The opposite of what is called, such as `max` for `min`, a limit left out, or a sort the other way round."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        field = "id" if isinstance(node.func, ast.Name) else "attr"
        if name in CALLS:
            yield node.func, but(node.func, **{field: CALLS[name]})[1]
        if name in ("min", "max") and len(node.args) > 1:
            yield from ((node, f"({ast.unparse(one)})") for one in node.args)
        if name in ("sorted", "sort") and "reverse" not in [word.arg for word in node.keywords]:
            yield but(node, keywords=[*node.keywords, ast.keyword("reverse", ast.Constant(True))])
    if isinstance(node, ast.alias) and node.name in IMPORTS:
        yield node, f"{IMPORTS[node.name]} as {node.asname or node.name}"


def raised(node: ast.AST) -> Iterator[Change]:
    """Another error raised, or every error caught."""
    if isinstance(node, ast.Raise) and node.exc:
        name = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        yield name, "LookupError" if ast.unparse(name) == "ValueError" else "ValueError"
    if isinstance(node, ast.ExceptHandler) and node.type and ast.unparse(node.type) != "Exception":
        yield node.type, "Exception"


def returned(node: ast.AST) -> Iterator[Change]:
    """Nothing returned, or a loop left and not gone on with."""
    if isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
        yield node, "return None"
    if isinstance(node, ast.Break | ast.Continue):
        yield node, "continue" if isinstance(node, ast.Break) else "break"


def dropped(node: ast.AST) -> Iterator[Change]:
    """A statement left out, unless another change comes to the same."""
    for body in [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]:
        for statement in body if isinstance(body, list) else ():
            last = isinstance(node, ast.FunctionDef) and statement is body[-1]
            if not (last and isinstance(statement, ast.Return)) and not _kept(statement):
                yield statement, "pass"


def _kept(statement: ast.stmt) -> bool:
    """Whether a statement stays: a definition, an import, a docstring, or a block of one, which is left out itself."""
    if isinstance(statement, ast.If | ast.For):
        return len(statement.body) == 1 and not statement.orelse
    text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    definitions = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass
    return text or isinstance(statement, definitions)


SLIPS = (compared, reckoned, joined, negated, counted, called, raised, returned, dropped)


def solution_lines(source: str) -> set[int]:
    """The numbers of the lines that a learner has to write."""
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), 1):
        inside = (inside and "### END SOLUTION" not in line) or "### BEGIN SOLUTION" in line
        if inside:
            lines.add(number)
    return lines


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of the tree without those in f-strings, which are messages to a reader."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.JoinedStr):
            yield from nodes(child)


def changed(source: str, change: Change) -> str:
    """The source with the change made, and all the rest as it was."""
    node, text = change
    lines = source.encode().splitlines(keepends=True)

    def at(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column

    begin, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)
    return (source.encode()[:begin] + text.encode() + source.encode()[end:]).decode()


def mutants(week: str, exercise: str) -> list[Mutant]:
    """The reference answer with one slip, in each place where one can be made; none for an estimate."""
    source = cell_named("source", week, exercise).source
    tree, lines = ast.parse(source), solution_lines(source)
    if not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body):
        return []
    changes = chain.from_iterable(slip(node) for node in nodes(tree) for slip in SLIPS)
    found = {}
    for one in sorted((change for change in changes if change[0].lineno in lines), key=lambda c: c[0].lineno):
        other = changed(source, one)
        found.setdefault(ast.dump(ast.parse(other)), Mutant(week, exercise, other))
    return list(found.values())


def graded(batch: list[Mutant]) -> list[float]:
    """Points of each mutant, all in one kernel; one that brings the kernel down gets none."""
    try:
        return scores(batch[0].week, [(one.exercise, one.source) for one in batch])
    except (CellTimeoutError, DeadKernelError):
        half = len(batch) // 2
        return graded(batch[:half]) + graded(batch[half:]) if half else [0.0]


def survivors(made: list[Mutant], workers: int) -> list[Mutant]:
    """The mutants that earn full marks."""
    chunks = [made[begin : begin + CHUNK] for begin in range(0, len(made), CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        points = chain.from_iterable(pool.map(graded, chunks))
        return [one for one, earned in zip(made, points, strict=True) if earned == one.full]


def shown(one: Mutant) -> str:
    """The line that differs, as it was and as it is."""
    before = cell_named("source", one.week, one.exercise).source.splitlines()
    lines = list(difflib.unified_diff(before, one.source.splitlines(), lineterm="", n=0))[2:]
    return "\n".join(f"    {line}" for line in lines)


def row(name: str, made: int, caught: int) -> str:
    """One line of the table."""
    share = caught / made if made else 1
    return f"{name:<32} {made:5} mutants {caught:5} caught {share:7.1%}"


def report(week: str, workers: int, survivors_only: bool, most: int | None) -> tuple[int, int]:
    """Print a week's exercises and what survived; how many mutants were made, and how many caught."""
    made = [one for exercise in sorted(exercises(week)) for one in islice(mutants(week, exercise), most)]
    alive = survivors(made, workers)
    for exercise in sorted({one.exercise for one in made}):
        left = [one for one in alive if one.exercise == exercise]
        every = sum(one.exercise == exercise for one in made)
        if left or not survivors_only:
            print(row(f"{week} {exercise}", every, every - len(left)))
        print("".join(f"{shown(one)}\n" for one in left), end="")
    return len(made), len(made) - len(alive)


def main() -> None:
    """Print what was caught and what was not."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "weeks", nargs="*", default=papers(), metavar="week-01", help="or reserve; all, if none is named"
    )
    options.add_argument("--survivors-only", action="store_true", help="leave out what was caught entirely")
    options.add_argument("--workers", type=int, default=os.cpu_count(), help="kernels at work at once")
    options.add_argument("--most", type=int, help="the first so many mutants of each exercise, and no more")
    asked = options.parse_args()
    if unknown := set(asked.weeks) - set(papers()):
        options.error(f"no such week: {', '.join(sorted(unknown))}")
    names = ("nbclient", "nbgrader", "ipykernel", "ipython")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in names))
    begun = time.perf_counter()
    totals = {week: report(week, asked.workers, asked.survivors_only, asked.most) for week in asked.weeks}
    for week, (made, caught) in totals.items():
        print(row(week, made, caught))
    print(row("in all", *map(sum, zip(*totals.values(), strict=True))))
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
