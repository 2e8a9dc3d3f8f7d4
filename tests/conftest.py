"""What every test stands on: the helpers beside the tests are importable, and nothing of the learner's is touched."""

import os
import signal
import sysconfig

import pytest

# nbgrader calls alembic by its name, also from inside a test.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
# A shell's background jobs ignore Ctrl-C, and hand that on to all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def nobody_s_folder(tmp_path, monkeypatch):
    """The learner's folder is an empty one: a test can neither see nor change what somebody has entered."""
    monkeypatch.setenv("LOOPREADY_MY", str(tmp_path / "my"))
