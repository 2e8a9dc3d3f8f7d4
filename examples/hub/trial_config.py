"""The class on one machine, for a try: no accounts, one password, nobody else on the network. Never for a real class.

`jupyterhub -f trial_config.py`, in a folder of its own. Everybody's server runs under the account that started it, so
whoever has the password can read everything that this account can.
"""

import os
import secrets
import signal
import socket
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLASS = HERE.parent

c = get_config()
load_subconfig(str(HERE / "jupyterhub_config.py"))


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# 1. One password for all, in place of accounts.
PASSWORD = os.environ.get("LOOPREADY_TRIAL_PASSWORD") or secrets.token_urlsafe(9)
print(f"Trial: log in as anybody of the class, with the password {PASSWORD}", file=sys.stderr)
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = PASSWORD

# 2. Everybody's server under this account, each in a home of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(CLASS / "homes" / "{username}")
c.Spawner.environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
    [str(HERE / "etc" / "trial"), c.Spawner.environment["JUPYTER_CONFIG_PATH"]]
)
desk = c.JupyterHub.services[0]
del desk["user"]
desk["environment"]["HOME"] = str(CLASS / "homes" / desk["environment"]["JUPYTERHUB_USER"])
# The machine may be a busy one.
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]
    desk["command"] = [*desk["command"], "--allow-root"]

# 3. On this machine's loopback alone, on ports that are free.
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ.get('LOOPREADY_TRIAL_PORT', '8000')}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"
desk["url"] = f"http://127.0.0.1:{free_port()}"

# 4. What the hub keeps, in the class's folder.
(CLASS / "homes").mkdir(exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{CLASS / 'trial.sqlite'}"
c.JupyterHub.cookie_secret_file = str(CLASS / "trial_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(CLASS / "trial_proxy.pid")


# 5. A program that started it holds the other end of its input: when that goes, whatever the reason, the hub ends.
def end_with_input() -> None:
    """Wait for the end of the input, then stop the hub and all that it started."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if os.environ.get("LOOPREADY_TRIAL_ENDS_WITH_INPUT"):
    threading.Thread(target=end_with_input, daemon=True).start()
