"""What every test stands on: the helpers beside the tests are importable, and nothing of the learner's is touched."""

import os
import shutil
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


@pytest.fixture(scope="module")
def browser():
    """A real Chromium."""
    # Here, so that a test without a browser imports none.
    from lab import launched

    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab on a copy of the course: its address, and the folder."""
    from lab import copy_course, jupyterlab

    course, home = copy_course(tmp_path_factory.mktemp("course")), tmp_path_factory.mktemp("home")
    with jupyterlab(course, home) as address:
        yield address, course


@pytest.fixture(scope="module")
def lab(server, browser):
    """JupyterLab in one window for all tests of a file."""
    from lab import WINDOW, Lab

    address, course = server
    page = browser.new_page(viewport=WINDOW)
    yield Lab(page, address, course)
    page.close()


@pytest.fixture
def new_lab(server, browser):
    """JupyterLab with no tabs open, and a learner who has nothing yet."""
    from lab import WINDOW, Lab

    address, course = server
    shutil.rmtree(course / "my", ignore_errors=True)
    page = browser.new_page(viewport=WINDOW)
    yield Lab(page, f"{address}&reset", course)
    page.close()


@pytest.fixture
def path(tmp_path):
    """Where a learner's own file would be."""
    return tmp_path / "my" / "loopready.db"


@pytest.fixture
def clock(request):
    """A clock that stands at the file's own NOON until it is moved."""
    from banks import Clock

    return Clock(request.module.NOON)


@pytest.fixture
def plans(path, clock):
    """The plans of a learner who has none yet."""
    from loopready.planning.plans import Plans

    return Plans(path, clock)
