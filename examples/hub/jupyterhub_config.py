"""A class on JupyterHub: the learners of roster.csv, the instructors, and one desk for them. See docs/class.md."""

import csv
import os
from pathlib import Path

import loopready
from loopready.marking.learners import faults

c = get_config()

COURSE = "loopready"  # as c.CourseDirectory.course_id says in the course's nbgrader_config.py
INSTRUCTORS = {"iris", "ines"}
GRADER = "grader-loopready"  # the account of the desk: it owns the course's folder, and nobody logs in as it
DESK = "http://127.0.0.1:9999"  # any free port of this machine

HERE = Path(__file__).resolve().parent
CLASS = HERE.parent
with (CLASS / "roster.csv").open(newline="", encoding="utf-8") as roster:
    LEARNERS = {row["id"] for row in csv.DictReader(roster)}

for learner, reason in faults(LEARNERS).items():
    raise SystemExit(f"roster.csv: {learner!r}: {reason}")

# Who may come in. Who is neither in the roster nor an instructor has no business here.
c.Authenticator.allowed_users = LEARNERS | INSTRUCTORS | {GRADER}

# nbgrader asks the hub for these groups, by these names: who learns, and who grades.
c.JupyterHub.load_groups = {
    f"nbgrader-{COURSE}": {"users": sorted(LEARNERS)},
    f"formgrade-{COURSE}": {"users": sorted(INSTRUCTORS | {GRADER})},
}
c.JupyterHub.load_roles = [
    # A server may ask which groups its own user is in. Without this nbgrader's lists stay empty.
    {
        "name": "server",
        "scopes": [
            "users:activity!user",
            "access:servers!server",
            "read:users:name!user",
            "read:users:groups!user",
        ],
    },
    # The desk may ask that of its own account, and enters learners into their group.
    {
        "name": "desk",
        "services": [COURSE],
        "scopes": [f"read:users!user={GRADER}", "list:groups", f"groups!group=nbgrader-{COURSE}"],
    },
    {
        "name": "instructor",
        "groups": [f"formgrade-{COURSE}"],
        "scopes": [f"access:services!service={COURSE}", f"read:services!service={COURSE}"],
    },
]


def settings(*folders: str) -> str:
    """Where Jupyter's programs look for settings, the first folder's counting most; the course's own count least."""
    own = Path(loopready.__file__).parent / "jupyter"
    return os.pathsep.join(map(str, [*(HERE / "etc" / folder for folder in folders), own]))


# A learner's server: in their home, with the list of assignments and no formgrader.
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": settings("learners", ""), "LOOPREADY_MY": "~"}

# The desk: one JupyterLab in the course's folder, with the formgrader, which all instructors share.
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": DESK,
        "command": ["jupyterhub-singleuser"],
        "user": GRADER,
        "cwd": str(CLASS / "course"),
        "environment": {"JUPYTERHUB_USER": GRADER, "JUPYTER_CONFIG_PATH": settings("desk", "")},
        "oauth_no_confirm": True,
    }
]

# From package.json: `npm ci` puts it here.
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules" / ".bin" / "configurable-http-proxy")]
