import io

import pytest
from PIL import Image

from loopready import drawings
from loopready.explore import explore

NAMES = sorted(drawings.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_the_same_bytes_each_time_and_says_what_it_shows(name):
    first, again = getattr(drawings, name)(), getattr(drawings, name)()
    assert first.png == again.png
    assert first.says.endswith(".") and any(letter.isdigit() for letter in first.says)


@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_is_cut_off_at_its_edge(name):
    image = Image.open(io.BytesIO(getattr(drawings, name)().png)).convert("RGB")
    width, height = image.size
    edge = [image.getpixel((x, y)) for x in (0, width - 1) for y in range(height)]
    edge += [image.getpixel((x, y)) for y in (0, height - 1) for x in range(width)]
    assert set(edge) == {(255, 255, 255)}


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_fits_the_width_of_a_notebook(name):
    assert getattr(drawings, name)().size["width"] <= 680


def test_a_drawing_comes_with_text_for_a_terminal_and_its_size_for_a_screen():
    data, metadata = drawings.tail()._repr_mimebundle_()
    assert data["text/plain"].startswith("[figure] With 100 calls")
    assert set(metadata["image/png"]) == {"width", "height"}


def test_the_waiting_figure_says_what_the_formula_says():
    assert "3.3 ms" in drawings.waiting(utilisation=0.7).says


def test_a_slider_redraws_the_figure():
    explorer = explore(drawings.waiting, utilisation=(0.05, 0.97, 0.01, 0.7, "utilisation"))
    before = explorer.image.value
    explorer.sliders["utilisation"].value = 0.9
    assert explorer.image.value == drawings.waiting(utilisation=0.9).png != before


def test_a_slider_over_whole_numbers_gives_whole_numbers():
    explorer = explore(drawings.waiting, servers=(1, 20, 1, 1, "servers"))
    explorer.sliders["servers"].value = 5
    assert explorer.image.value == drawings.waiting(servers=5).png


def test_without_a_front_end_the_slider_is_a_still_figure():
    explorer = explore(drawings.waiting, utilisation=(0.05, 0.97, 0.01, 0.7, "utilisation"))
    data, _ = explorer._repr_mimebundle_()
    assert data["image/png"] == drawings.waiting(utilisation=0.7).png
    assert repr(explorer) == data["text/plain"] == repr(drawings.waiting(utilisation=0.7))
    assert "application/vnd.jupyter.widget-view+json" in data
