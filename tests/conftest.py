"""What every test stands on: the helpers beside the tests are importable, and nothing of the learner's is touched."""

import pytest


@pytest.fixture(autouse=True)
def nobody_s_folder(tmp_path, monkeypatch):
    """The learner's folder is an empty one: a test can neither see nor change what somebody has entered."""
    monkeypatch.setenv("LOOPREADY_MY", str(tmp_path / "my"))
