"""Measures the planner, the review and the progress page, and prints it with the machine and the versions: `make plan`.

Not a test: nothing passes or fails by these numbers. The year is made up: a plan made anew every other week, work on
250 days, 24 gradings, 15 stories with ratings, 24 mocks, and every recap card asked until the year is over.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from timing import milliseconds

from loopready.bank import Bank
from loopready.grading import Report, Row
from loopready.mocks.records import Mocks
from loopready.planning.hours import ACTIVITIES
from loopready.planning.ics import calendar
from loopready.planning.plans import Plans
from loopready.planning.points import Points
from loopready.planning.progress import gathered
from loopready.planning.recoveries import recoveries
from loopready.planning.schedule import schedule
from loopready.planning.wishes import wish
from loopready.process.anchors import of
from loopready.process.scorecards import Scorecard
from loopready.ratings import Ratings
from loopready.recap.decks import deck
from loopready.recap.reviews import Reviews
from loopready.recap.sessions import Session
from loopready.stories import Story

ROOT = Path(__file__).parent.parent
START = datetime(2025, 1, 6, 19, tzinfo=UTC)
OPEN = """
import sys, time
from pathlib import Path
begun = time.perf_counter()
from loopready import drawings
from loopready.planning.progress import progress
mine = progress(sys.argv[1], Path(sys.argv[2]))
for draw in (drawings.progress_hours, drawings.progress_points, drawings.progress_stories, drawings.progress_mocks):
    draw(mine).png
print(time.perf_counter() - begun, time.process_time())
"""


class Calendar:
    """A clock that is moved by hand."""

    at = START

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.at


def a_year(path: Path) -> Plans:
    """A file in which somebody worked for a year; the same at every call."""
    clock, chance = Calendar(), random.Random(7)
    plans, points, reviews = Plans(path, clock), Points(path, clock), Reviews(path, clock)
    chosen = wish("2026-02-02", "L6", 7, ["sat"], START.date())
    bank, ratings, cards, mocks = Bank(path, clock), Ratings(path, clock), deck(ROOT), Mocks(path, clock)
    for day in range(365):
        clock.at = START + timedelta(days=day)
        if day % 14 == 0:
            plans.make(chosen)
        if chance.random() < 0.69:
            plans.worked(
                chance.choice(list(ACTIVITIES)), chance.choice((30, 60, 90, 120)), chance.randrange(3)
            )
        if day % 15 == 0 and day < 360:
            rows = tuple(Row(f"kata {kata}", float(chance.randrange(4)), 3.0) for kata in range(6))
            points.keep(Report(f"week-{1 + day // 60:02}", clock.at, rows, Path("feedback.html")))
        if day % 24 == 0 and day < 360:
            text = "I read the traces and chose smaller batches, and told my director why. " * 30
            kept = bank.save(Story(f"Story {day}", ["Ownership"], "L6", text, text, text, text))
        if day % 8 == 0:
            ratings.rate(("story", kept.id), {name: chance.randrange(1, 6) for name in "abcde"})
        if day % 15 == 7 and day < 360:
            rehearse(mocks, clock, day // 15, chance)
        asked = Session(reviews, cards, 5)
        while one := asked.next():
            asked.answer(one, chance.choice((1, 2, 3, 3, 3, 4)), 12.0)
    return plans


def rehearse(mocks: Mocks, clock: Calendar, number: int, chance: random.Random) -> None:
    """Hold a mock with answers and scorecards: every fourth is a whole loop, the others one round."""
    mock = mocks.begin("five rounds" if number % 4 == 3 else "seven-people", "L6")
    for one in mock.sittings:
        mocks.do(mock.id, one.place, "start", 4_000)
        for question in range(3):
            mocks.write(
                mock.id, one.place, f"answer-{question}", "I read the traces and told my director. " * 40
            )
        clock.at += timedelta(minutes=one.minutes)
        names = [each.name for each in of(one.of.focus)]
        levels = {name: chance.randrange(1, 5) for name in names}
        proof = dict.fromkeys(names, "said on that Tuesday")
        mocks.rate(mock.id, one.place, Scorecard(one.round, levels, proof))
        mocks.do(mock.id, one.place, "end")
    mocks.finish(mock.id)


def opened(path: Path, runs: int = 5) -> list[float]:
    """Seconds, and seconds of processor, in a new process from the first import to the last picture; the medians."""
    command = [sys.executable, "-c", OPEN, str(path), str(ROOT)]
    told = [
        map(float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        for _ in range(runs)
    ]
    return [statistics.median(each) for each in zip(*told, strict=True)]


def main() -> None:
    """Measure and print."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("fsrs", "icalendar", "matplotlib")))
    today = date(2025, 1, 6)
    for name, chosen in {
        "24 weeks": wish("2025-06-23", "L7", 20, ["sat"], today),
        "three years": wish("2027-12-31", "L7", 20, [], today),
    }.items():
        print(f"build a plan, {name}: {milliseconds(lambda chosen=chosen: schedule(chosen, today)):.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        plans = a_year(Path(folder) / "loopready.db")
        answers, kept = len(Reviews(plans.store.path).answers()), plans.store.path.stat().st_size / 1e6
        print(
            f"a year: {len(plans.all())} plans, {len(plans.work())} entries, {answers} answers, {kept:.1f} MB"
        )
        print(f"make a plan and keep it: {milliseconds(plans.again):.0f} ms")
        tasks = recoveries(plans)
        taken = milliseconds(lambda: calendar(plans.all(), tasks=tasks).to_ical(), 5)
        print(f"the calendar file: {taken:.0f} ms")
        print(f"what the debriefs ask for: {milliseconds(lambda: recoveries(plans)):.0f} ms")
        print(f"read the year: {milliseconds(lambda: gathered(plans, ROOT)):.0f} ms")
        wall, processor = opened(plans.store.path)
        print(f"open progress in a new process, four pictures: {wall:.2f} s, {processor:.2f} s of processor")


if __name__ == "__main__":
    main()
