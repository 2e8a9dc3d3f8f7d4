"""What nbgrader is told for everybody of the class, the desk included."""

from pathlib import Path

from nbgrader.auth import JupyterHubAuthPlugin

c = get_config()

c.CourseDirectory.course_id = "loopready"
c.Exchange.root = str(Path(__file__).resolve().parents[2] / "exchange")
# Who is in which course, the hub knows.
c.Authenticator.plugin_class = JupyterHubAuthPlugin
