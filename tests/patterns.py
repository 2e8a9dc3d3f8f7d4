"""Writes tests/wrong/patterns.json: which cases of its exercise each kept wrong answer passes.

The cohort's room knows a learner's mistake by it. Run `python tests/patterns.py week-01` after a change of the week's
tests or of its wrong answers; test_course.py says when that is due.
"""

import json
import sys

from proofs import ROOT, Wrong, pattern_of, tried, weeks, wrong_answers

FILE = ROOT / "tests" / "wrong" / "patterns.json"


def patterns(found: dict[Wrong, str]) -> dict[str, dict[str, str]]:
    """By exercise and slip, which cases pass."""
    table: dict[str, dict[str, str]] = {}
    for wrong, pattern in found.items():
        table.setdefault(wrong.exercise, {})[wrong.slip] = pattern
    return table


def kept() -> dict[str, dict[str, dict[str, str]]]:
    """What the file holds, by week."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def main(names: list[str]) -> None:
    table = kept()
    for week in names or weeks():
        wrong = wrong_answers(week)
        cells = tried(week, [(one.exercise, one.source) for one in wrong])
        table[week] = patterns(dict(zip(wrong, map(pattern_of, cells), strict=True)))
        FILE.write_text(
            json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
