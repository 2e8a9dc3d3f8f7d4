import pytest
from tiny_course import command, lay_out

import loopready.start as starting
from loopready.course import CourseError
from loopready.start import start, start_button


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.delenv("LOOPREADY_MY", raising=False)
    monkeypatch.setenv("LOOPREADY_COURSE", str(tmp_path))
    return lay_out(tmp_path)


def test_starting_a_week_gives_the_learner_the_released_notebook(top):
    path = start("1", top)
    assert path == top / "my/week-01/week-01.ipynb"
    assert path.read_bytes() == (top / "release/week-01/week-01.ipynb").read_bytes()


def test_starting_again_keeps_what_the_learner_wrote_and_says_so(top):
    path, said = start("week-01", top), []
    path.write_text("my work")
    assert start("week-01", top, say=said.append).read_text() == "my work"
    assert said == ["kept my/week-01/week-01.ipynb as it is"]


def test_starting_again_adds_only_what_is_missing(top):
    start("week-01", top)
    (top / "release/week-01/data").mkdir()
    (top / "release/week-01/data/links.csv").write_text("link\n")
    said = []
    start("week-01", top, say=said.append)
    assert (top / "my/week-01/data/links.csv").read_text() == "link\n"
    assert said == ["added my/week-01/data/links.csv", "kept my/week-01/week-01.ipynb as it is"]


def test_hidden_files_in_a_release_are_not_handed_out(top):
    (top / "release/week-01/.ipynb_checkpoints").mkdir()
    (top / "release/week-01/.ipynb_checkpoints/week-01-checkpoint.ipynb").touch()
    start("week-01", top)
    assert [path.name for path in (top / "my/week-01").iterdir()] == ["week-01.ipynb"]


def test_a_dangling_link_of_the_learners_is_not_written_through(top):
    (top / "my/week-01").mkdir(parents=True)
    (top / "my/week-01/week-01.ipynb").symlink_to(top / "gone.ipynb")
    start("week-01", top)
    assert not (top / "gone.ipynb").exists()


@pytest.mark.parametrize("blocked", ["my", "my/week-01"])
def test_a_file_where_a_folder_must_be_is_named(top, blocked):
    (top / blocked).parent.mkdir(exist_ok=True)
    (top / blocked).write_text("mine")
    with pytest.raises(CourseError, match=f"{blocked} is a file where a folder must be"):
        start("week-01", top)
    assert (top / blocked).read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_one_line_with_the_remedy(top, monkeypatch):
    # Not by permissions: they do not bind root, who runs the tests in CI.
    def refuse(path, data):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(starting, "write_atomically", refuse)
    with pytest.raises(CourseError, match=r"\(Permission denied\).*LOOPREADY_MY") as failure:
        start("week-01", top)
    assert "\n" not in str(failure.value)


def test_a_week_that_is_not_built_says_how_to_build_it(top):
    (top / "release/week-01/week-01.ipynb").unlink()
    with pytest.raises(CourseError, match="loopready build week-01"):
        start("week-01", top)


def test_the_learners_folder_may_lie_outside_the_course(top, tmp_path_factory):
    own = tmp_path_factory.mktemp("own")
    done = command(top, "start", "1", LOOPREADY_MY=str(own))
    assert done.returncode == 0
    assert str(own / "week-01/week-01.ipynb") in done.stdout


def test_the_button_is_a_sentence_where_no_widget_can_be_shown(top):
    assert start_button()._repr_mimebundle_()["text/plain"] == "To open week-01, run: loopready start week-01"


def test_pressing_the_button_starts_the_week_and_links_to_it(top, monkeypatch):
    monkeypatch.chdir(top / "notebooks")
    panel = start_button()
    panel.press(panel)
    assert (top / "my/week-01/week-01.ipynb").exists()
    assert 'href="../my/week-01/week-01.ipynb"' in panel.answer.outputs[0]["data"]["text/html"]


def test_the_link_is_there_before_a_press_once_the_week_is_started(top, monkeypatch):
    monkeypatch.chdir(top / "notebooks")
    assert start_button().answer.outputs == ()
    start("week-01", top)
    assert 'href="../my/week-01/week-01.ipynb"' in start_button().answer.outputs[0]["data"]["text/html"]
