"""Measures what the naive answers to the katas cost beside the reference: processor seconds, case by case.

    python benchmarks/katas.py [week-01 ...]

The naive answers are those kept in tests/wrong/ whose slip begins with "too slow,". Both run the same case in a process
of its own, without the two seconds that a check allows. Shown is the case on which the naive answer takes longest. Not
a test: nothing passes or fails by these numbers.
"""

import argparse
import ast
import contextlib
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from proofs import Wrong, cell_named, given, papers, wrong_answers  # noqa: E402

from loopready import checks as checking  # noqa: E402

SLOW = "too slow,"
PATIENCE = 60  # seconds by the clock that the naive answer may take for one case


def seconds_of(week: str, exercise: str, answer: str, say: object) -> None:
    """Run the exercise's cases on `answer`, and send a case's name before it begins and its seconds when it ends."""
    space: dict = {}
    for source in [*given(week), answer]:
        exec(source, space)
    for statement in ast.parse(cell_named("source", week, f"{exercise}-tests").source).body:
        one = compile(ast.Module([statement], []), "<case>", "exec")
        if not isinstance(statement, ast.With):
            if not _is_score(statement):
                exec(one, space)
            continue
        say.send(statement.items[0].context_expr.args[0].value)
        begun = time.process_time()
        exec(one, space)
        say.send(time.process_time() - begun)
    say.close()


def _is_score(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and "checks.score" in ast.unparse(statement)


def measured(week: str, exercise: str, answer: str, patience: float) -> dict[str, float]:
    """Processor seconds of each case; one that ran out of patience has infinity, and those after it are missing."""
    hear, say = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=seconds_of, args=(week, exercise, answer, say))
    child.start()
    say.close()
    found: dict[str, float] = {}
    with contextlib.suppress(EOFError):
        while True:
            name = hear.recv()
            found[name] = hear.recv() if hear.poll(patience) else float("inf")
            if found[name] == float("inf"):
                child.kill()
    child.join()
    if child.exitcode > 0:
        raise RuntimeError(f"the cases of {week} {exercise} could not be run: {found} is all there was")
    return found


def slow_answers(week: str) -> Iterator[Wrong]:
    """The naive answers of a week."""
    return (wrong for wrong in wrong_answers(week) if wrong.slip.startswith(SLOW))


def row(wrong: Wrong, fast: dict[str, float], patience: float) -> str:
    """One line of the table: the case that costs the naive answer most, and what it costs both."""
    slow = measured(wrong.week, wrong.exercise, wrong.source, patience)
    case = max(slow, key=slow.__getitem__)
    naive = f"> {patience:g}" if slow[case] == float("inf") else f"{slow[case]:.1f}"
    week, says = wrong.week.removeprefix("week-0"), wrong.slip.removeprefix(SLOW).strip()
    return f"| {week} | `{wrong.exercise}` | {says} | {case} | {naive} | {fast[case]:.3f} |"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "weeks", nargs="*", default=papers(), metavar="week-01", help="or reserve; all, if none is named"
    )
    options.add_argument("--patience", type=float, default=PATIENCE, help="seconds until a case is left")
    asked = options.parse_args()
    if unknown := set(asked.weeks) - set(papers()):
        options.error(f"no such week: {', '.join(sorted(unknown))}")
    # Each check's own limit is lifted; what stops a case here is PATIENCE.
    checking.budget = lambda *limits: contextlib.nullcontext()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| week | kata | the naive answer | on the case | its seconds | the reference's |")
    print("|:--|:--|:--|:--|--:|--:|")
    fast: dict[str, dict[str, float]] = {}
    for wrong in (wrong for week in asked.weeks for wrong in slow_answers(week)):
        if wrong.exercise not in fast:
            reference = cell_named("source", wrong.week, wrong.exercise).source
            fast[wrong.exercise] = measured(wrong.week, wrong.exercise, reference, asked.patience)
        print(row(wrong, fast[wrong.exercise], asked.patience), flush=True)


if __name__ == "__main__":
    main()
