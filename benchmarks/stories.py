"""Measures the story bank, and prints it with the machine and the versions: `make stories`.

Not a test: nothing passes or fails by these numbers. `--browser` also types into a real browser, which takes a minute.
The rival of a save is a plain file: the same JSON written beside its place and moved there, as the course writes
any other file.
"""

import argparse
import contextlib
import json
import os
import platform
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from passages import FRESH, TRIED, measured_on  # noqa: E402
from timing import milliseconds  # noqa: E402

from loopready.bank import Bank  # noqa: E402
from loopready.course import write_atomically  # noqa: E402
from loopready.review import review  # noqa: E402
from loopready.stories import Story  # noqa: E402

SENTENCES = (
    "In March I read the last sixty failures myself, over two evenings, and found two causes.",
    "I told my director why I would rather pay alone, and we agreed on a date in June.",
    "Failures fell from one run in five to one in fifty within seven weeks.",
    "The engineer who did the work was promoted, and several teams use it today.",
)


def long_story(words: int = 900, level: str = "L7") -> Story:
    """A story of about that many words, most of them in Action."""
    text = " ".join(SENTENCES * (words // 60 + 1)).split()
    parts = (text[: words // 8], text[: words // 8], text[: words // 2], text[: words // 4])
    return Story("Long", ["Dive Deep", "Ownership"], level, *map(" ".join, parts))


def full_bank(path: Path, count: int = 500) -> Bank:
    """A bank of that many stories of 600 words."""
    bank = Bank(path)
    story = long_story(600)
    for number in range(count):
        bank.save(Story(f"Story {number}", story.principles, "L6", *story.parts.values()))
    return bank


def open_times(folder: Path) -> tuple[float, float]:
    """Milliseconds to read 500 stories, and to open the desk with the form on them."""
    from loopready.desk import Desk

    bank = full_bank(folder / "full.db")
    return milliseconds(bank.stories, 9), milliseconds(lambda: Desk(Bank(bank.path)).write(), 5)


def save_times(folder: Path) -> tuple[float, float]:
    """Milliseconds to save a story of 900 words as the next text, and to write the same JSON as a plain file."""
    bank, story = Bank(folder / "saves.db", writer="a"), long_story()
    kept, number = bank.save(story), 0

    def save() -> None:
        nonlocal kept, number
        number += 1
        kept = bank.save(Story(f"Long {number}", story.principles, "L7", *story.parts.values()), of=kept)

    text = json.dumps(story.to_dict())
    return milliseconds(save, 50), milliseconds(lambda: write_atomically(folder / "plain.json", text), 50)


SAVES = """
import sys
from loopready.bank import Bank
from loopready.stories import Story
bank, kept = Bank(sys.argv[1], writer="a"), None
for number in range(1, 1001):
    kept = bank.save(Story("Killed", [], "", *[f"{'word ' * 200}{number}"] * 4), of=kept)
    print(number, flush=True)
"""


def lost_edits(folder: Path, kills: int = 20) -> int:
    """Acknowledged edits that are gone after a kill -9 at that many places in a thousand saves."""
    lost = 0
    for kill in range(kills):
        path = folder / f"kill-{kill}.db"
        saving = subprocess.Popen([sys.executable, "-c", SAVES, str(path)], stdout=subprocess.PIPE, text=True)
        seen = [saving.stdout.readline() for _ in range(1 + kill * 45)]
        saving.send_signal(signal.SIGKILL)
        acknowledged = int((seen + saving.communicate()[0].split())[-1])
        kept = int(Bank(path).stories()[0].story.result.split()[-1])
        with contextlib.closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        lost += (max(0, acknowledged - kept)) if sound else 1000
    return lost


def keystroke_times(folder: Path, runs: int = 15) -> list[float]:
    """Milliseconds in a real browser from a key until the review of a story of 900 words shows what it changed."""
    from lab import Lab, copy_course, jupyterlab, launched

    course, home = folder / "course", folder / "home"
    course.mkdir()
    home.mkdir()
    copy_course(course)
    Bank(course / "my" / "loopready.db").save(long_story())
    with launched() as browser, jupyterlab(course, home) as address:
        lab = Lab(browser.new_page(viewport={"width": 1280, "height": 900}), address, course)
        room = lab.open("notebooks/story-bank.ipynb")
        room.restart()
        room.run_all()
        form = room.output("desk.write()")
        form.get_by_label("Task", exact=True).click()
        # At the end, where a letter after a space is a word more.
        lab.page.keyboard.press("ControlOrMeta+End")
        return [_keystroke(lab.page, form.element_handle()) for _ in range(runs)]


def _keystroke(page, form) -> float:
    """One word more: the time from its key until the count of words in the form is another."""
    watch = """form => { window.shown = new Promise(done => {
        const says = () => form.textContent.match(/(\\d+) words, /)?.[1];
        const before = says(); let begun;
        document.addEventListener('keydown', () => { begun = performance.now(); }, {once: true, capture: true});
        const look = new MutationObserver(() => { if (begun && says() !== before) {
            look.disconnect(); done(performance.now() - begun); } });
        setTimeout(() => done(NaN), 20000);
        look.observe(form, {subtree: true, childList: true, characterData: true}); }); }"""
    page.keyboard.press("Space")
    page.wait_for_timeout(1500)
    page.evaluate(watch, form)
    page.keyboard.press("x")
    return page.evaluate("window.shown")


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--browser", action="store_true", help="also type into a real browser")
    asked = options.parse_args()
    names = ("ipywidgets", "ipykernel", "jupyterlab")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in names), f"SQLite {sqlite3.sqlite_version}")
    story = long_story()
    reviewed = milliseconds(lambda: review(story)._repr_html_(), 30)
    print(f"review of {story.words()} words, in the kernel        {reviewed:8.1f} ms")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        saved, plain = save_times(folder)
        print(
            f"save as the next text                   {saved:8.1f} ms, {saved / plain:.1f} times a plain file"
        )
        read, opened = open_times(folder)
        print(f"read 500 stories                        {read:8.1f} ms")
        print(f"open the form with 500 stories          {opened:8.1f} ms")
        print(f"edits lost in 20 kills                  {lost_edits(folder):8d}")
        if asked.browser:
            times = keystroke_times(folder)
            print(
                f"keystroke to review in the browser      {statistics.median(times):8.1f} ms, at most {max(times):.1f}"
            )
    from test_review import deserves_a_look

    for name, passages in (("tried", TRIED), ("fresh", FRESH)):
        print(f"rules on the {name} passages: {measured_on(passages, deserves_a_look)}")
        for rule, rows in passages.items():
            measure = measured_on({rule: rows}, deserves_a_look)
            print(f"  {rule:<10} {measure}, of {len(rows)} passages")


if __name__ == "__main__":
    main()
