"""nbgrader's formgrader as a Jupyter server extension, mended where a class needs it.

It is loaded in the place of nbgrader's own; `loopready lab` and the desk of a hub do so. What differs:

- Each request looks at the gradebook afresh, so that what another program wrote is seen, and one that failed
  leaves nothing behind that makes the next one fail. See `answers`.
- Points or a comment that somebody else has changed since the page was opened are not written over unasked:
  both are shown, and the instructor chooses. A save that fails says so. See `answers` and `templates/saving.js`.
- The page that grades needs no network. See `pages`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

NAME = "loopready.formgrader"
NBGRADERS = "nbgrader.server_extensions.formgrader"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": NAME}]


def _load_jupyter_server_extension(app: "ServerApp") -> None:
    """Load nbgrader's formgrader, and before it the handlers that differ: the first that matches answers."""
    from nbgrader.server_extensions.formgrader import load_jupyter_server_extension

    from loopready.formgrader.answers import handlers
    from loopready.formgrader.pages import exporter, ours_first

    settings = app.web_app.settings
    app.web_app.add_handlers(".*$", handlers(settings["base_url"]))
    load_jupyter_server_extension(app)
    settings["nbgrader_exporter"] = exporter(settings["nbgrader_exporter"])
    ours_first(settings["nbgrader_jinja2_env"])
