"""What a learner's feedback page leaves out.

`c.HideTests.enabled = False` in `nbgrader_config.py` leaves the hidden tests in.
"""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_locked


class HideTests(ClearHiddenTests):
    """Takes the hidden tests out of the tests cells, and leaves every cell that a learner can write alone.

    nbgrader's own preprocessor fails on a learner's cell that quotes a marker, and with it the whole page.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The cell without its hidden tests, when it is a locked tests cell."""
        if is_grade(cell) and is_locked(cell):
            for output in cell.get("outputs", ()):
                # A traceback prints the lines around the failure, and those may be hidden.
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources
