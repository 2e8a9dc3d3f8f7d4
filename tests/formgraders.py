"""nbgrader's formgrader as an instructor meets it, in whatever frame or tab it is shown."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect

# What the week's table calls a button, and the class that nbgrader gives its cell.
BUTTONS = {
    "Generate": "assign",
    "Release": "release",
    "Collect": "collect",
    "Generate Feedback": "generate-feedback",
    "Release Feedback": "release-feedback",
    "Autograde": "autograde",
}

READY = """() => new Promise(ready => {
    const look = setInterval(() => {
        if (formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded) {
            clearInterval(look);
            ready();
        }
    }, 50);
})"""


class Formgrader:
    """The pages of the formgrader, shown in `frame` of `page`; it counts the clicks."""

    def __init__(self, page: Page, frame: Page | FrameLocator):
        self.page, self.frame, self.clicks = page, frame, 0

    def click(self, where: Locator) -> None:
        where.click()
        self.clicks += 1

    def row(self, text: str) -> Locator:
        """The row of a table with this text in a cell of its own."""
        return self.frame.locator("#main-table tr", has=self.frame.get_by_text(text, exact=True))

    def go(self, link: str) -> None:
        """Follow a link of the page."""
        self.click(self.frame.get_by_role("link", name=link, exact=True))

    def press(self, button: str, row: str) -> str:
        """Press a button of a row, wait for what the formgrader says, and close that; gives its text."""
        self.click(self.row(row).locator(f"td.{BUTTONS[button]} a"))
        said = self.frame.locator(".modal.in")
        expect(said.locator(".modal-title")).to_have_text("Success")
        text = said.locator(".modal-body").inner_text()
        self.click(said.get_by_role("button", name="OK"))
        expect(said).to_have_count(0)
        return text

    def submissions(self, week: str) -> None:
        """From the weeks to the submissions of one."""
        self.click(self.row(week).locator("td.num-submissions a"))

    def open(self, week: str, learner: str) -> None:
        """From anywhere with the menu at the side to one learner's notebook, ready for points."""
        here = self.frame.locator(".breadcrumb .active")
        self.go("Manual Grading")
        self.go(week)
        # Its one notebook has the same name, and so has its link.
        expect(here).to_have_text(week)
        self.click(self.frame.locator("td.name").get_by_role("link", name=week, exact=True))
        expect(self.frame.locator("td.reveal").first).to_be_attached()
        self.click(self.frame.get_by_role("button", name="Show All Names"))
        self.go(learner)
        self.ready()

    def ready(self) -> None:
        """Wait until a notebook's boxes hold what the gradebook has, and the keyboard is listened to."""
        self.frame.locator("#statusmessage").evaluate(READY)

    def score(self, cell: str) -> Locator:
        return self.frame.locator(f"[id='{cell}']")

    def comment(self, cell: str) -> Locator:
        return self.frame.locator(f"[id='{cell}-comment']")

    def give(self, cell: str, points: str, comment: str) -> None:
        """Type points and a comment into the boxes of a cell, and wait until both are saved."""
        self.click(self.score(cell))
        with self.page.expect_response(is_save("grade")) as saved:
            self.page.keyboard.type(points)
            self.page.keyboard.press("Tab")
        assert saved.value.ok, saved.value.text()
        # The keyboard goes on to the levels of the rubric.
        self.click(self.comment(cell))
        with self.page.expect_response(is_save("comment")) as saved:
            self.page.keyboard.type(comment)
            self.page.keyboard.press("Tab")
        assert saved.value.ok, saved.value.text()

    def unsaved(self, cell: str) -> Locator:
        """The line that says that the points of a cell are not saved."""
        heading = self.frame.locator(".nbgrader_cell", has=self.score(cell))
        return heading.locator(".loopready-unsaved[data-field=manual_score]")


def is_save(kind: str):
    """Whether a response answers a save of a grade or of a comment."""
    return lambda response: response.request.method == "PUT" and f"/formgrader/api/{kind}/" in response.url


def formgrader(page: Page) -> Formgrader:
    """Open the formgrader from JupyterLab's menu."""
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    frame = page.frame_locator("#formgrader iframe")
    expect(frame.get_by_role("heading", name="Manage Assignments")).to_be_visible()
    return Formgrader(page, frame)
