"""A notebook's shell in the test's own process: cells go in as text, and their last value comes back."""

from IPython.core.interactiveshell import InteractiveShell


class Shell:
    def __init__(self) -> None:
        InteractiveShell.clear_instance()
        self.shell = InteractiveShell.instance()
        self.run("from loopready.checks import checks, raises, _install; _install()")

    def run(self, cell: str):
        """The value of the cell's last line; an error of the cell is raised here."""
        result = self.shell.run_cell(cell, store_history=True)
        result.raise_error()
        return result.result

    def close(self) -> None:
        InteractiveShell.clear_instance()
