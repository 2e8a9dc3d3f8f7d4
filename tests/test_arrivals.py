"""A press waits for what was typed before it: in which order, and what becomes of it without a page."""

import asyncio

import pytest
from ipywidgets import Button, Widget

from loopready import arrivals
from loopready.arrivals import on_press, settled


@pytest.fixture
def page(monkeypatch):
    """A page that answers when the test says so, and else never."""
    monkeypatch.setattr(arrivals._Page, "there", True)
    monkeypatch.setattr(arrivals, "PATIENCE", 0.05)
    arrivals._made.cache_clear()
    yield arrivals._made()
    arrivals._made.cache_clear()


def answer(page, number):
    page._answered.order = str(number)


def test_in_a_terminal_a_press_counts_at_once():
    done = []
    settled(lambda: done.append("settled"))
    button = Button()
    on_press(button, lambda: done.append("pressed"))
    button.click()
    assert done == ["settled", "pressed"]


def test_a_press_waits_until_the_page_has_answered_twice(page):
    async def deeds():
        settled(lambda: done.append("pressed"))
        answer(page, 1)
        assert done == [] and page._asked.order == "2"
        answer(page, 2)
        assert done == ["pressed"]

    done = []
    asyncio.run(deeds())


def test_presses_keep_their_order_and_one_answer_can_be_for_several(page):
    async def deeds():
        for name in "abc":
            settled(lambda name=name: done.append(name))
        answer(page, 3)
        assert done == []
        answer(page, 5)
        assert done == ["a", "b"]
        answer(page, 6)

    done = []
    asyncio.run(deeds())
    assert done == ["a", "b", "c"]


def test_a_press_that_fails_does_not_take_the_next_one_with_it(page):
    async def deeds():
        settled(lambda: 1 / 0)
        settled(lambda: done.append("next"))
        answer(page, 2)
        with pytest.raises(ZeroDivisionError):
            answer(page, 4)
        await asyncio.sleep(0.2)

    done = []
    asyncio.run(deeds())
    assert done == ["next"]


def test_with_a_page_that_is_gone_a_press_counts_all_the_same_and_once(page):
    async def deeds():
        settled(lambda: done.append("pressed"))
        await asyncio.sleep(0.3)
        answer(page, 2)

    done = []
    asyncio.run(deeds())
    assert done == ["pressed"]


def test_a_page_that_has_not_answered_is_waited_for_less_until_it_does(page, monkeypatch):
    async def deeds():
        monkeypatch.setattr(arrivals, "SILENT", 0.01)
        settled(lambda: done.append("late"))
        while not done:
            await asyncio.sleep(0.01)
        monkeypatch.setattr(arrivals, "PATIENCE", 60)
        settled(lambda: done.append("soon"))
        while len(done) < 2:
            await asyncio.sleep(0.01)
        answer(page, 4)
        settled(lambda: done.append("not yet"))
        await asyncio.sleep(0.1)
        assert done == ["late", "soon"]
        answer(page, 5)
        answer(page, 6)

    done = []
    asyncio.run(asyncio.wait_for(deeds(), 30))
    assert done == ["late", "soon", "not yet"]


def test_a_double_click_is_one_press(page, monkeypatch):
    async def deeds():
        button.click()
        button.click()  # while the first one waits
        answer(page, 1)
        answer(page, 2)
        button.click()  # and one more, before the finger could have meant it
        assert done == ["pressed"]
        monkeypatch.setattr(arrivals, "DOUBLE", 0.0)
        button.click()
        answer(page, 3)
        answer(page, 4)

    done, button = [], Button()
    on_press(button, lambda: done.append("pressed"))
    asyncio.run(deeds())
    assert done == ["pressed", "pressed"]


def test_models_that_were_closed_are_made_anew(page):
    async def deeds():
        settled(lambda: done.append("pressed"))
        for number in (1, 2):
            answer(arrivals._made(), number)

    Widget.close_all()
    done = []
    asyncio.run(deeds())
    assert done == ["pressed"] and arrivals._made() is not page


def test_a_clock_s_press_does_not_wait_and_is_still_one(page):
    async def deeds():
        button.click()
        assert done == ["pressed"]
        button.click()

    done, button = [], Button()
    on_press(button, lambda: done.append("pressed"), wait=False)
    asyncio.run(deeds())
    assert done == ["pressed"]
