"""The formgrader's page with a rubric's levels under each design and each story.

    from loopready.levels.settings import rubric_panel
    rubric_panel(c)

in a course's nbgrader_config.py. It also shows a learner's HTML there as the feedback page does: it does nothing.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["rubric_panel"]


def rubric_panel(c: Any) -> None:
    """Have the formgrader use our template, which is nbgrader's own and the panel, and clean what it shows."""
    own = str(Path(__file__).with_name("templates"))
    # Found and not imported: every command of nbgrader reads this.
    [nbgrader] = find_spec("nbgrader").submodule_search_locations
    stock = str(Path(nbgrader, "server_extensions", "formgrader", "templates"))
    c.HTMLExporter.template_name = "loopready-formgrade"
    c.HTMLExporter.extra_template_basedirs = [own, stock]
    # Where our template finds nbgrader's by its full name.
    c.HTMLExporter.extra_template_paths = [stock]
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {
        "clean_html": "loopready.feedback.inert.clean",
        "markdown2html": "loopready.feedback.showing.markdown2html",
    }
