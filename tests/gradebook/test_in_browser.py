"""The gradebook on a phone: that there is more to the side is to be seen."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lms.accounts.models import User
from tests import factories
from tests.support import quizzes


def edge(table: Locator, *, at_end: bool) -> int:
    """How bright the table is at its very edge, of 255, where nothing is written."""
    image = Image.open(io.BytesIO(table.screenshot())).convert("L")
    column = image.width - 2 if at_end else 1
    return max(image.getpixel((column, row)) for row in range(image.height // 2, image.height - 4))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_table_that_goes_on_to_the_side_has_a_shade_there(
    app: Flask,
    window_of: Callable[[User], Page],
    alice: User,
    bob: User,
    direction: str,
) -> None:
    tea = factories.course(app, alice)
    quizzes.enrolled(app, bob, tea)
    for number in range(6):
        quizzes.quiz(app, tea, slug=f"quiz-{number}", title=f"Steeping {number}", position=number)
    page = window_of(alice)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/teaching/tea/gradebook")
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    table, on = page.locator(".gradebook"), direction == "ltr"
    expect(table).to_be_visible()
    paper = edge(table, at_end=not on)
    assert edge(table, at_end=on) < paper - 10, "there is more"
    table.evaluate(f"(box) => box.scrollLeft = {9999 if on else -9999}")
    assert edge(table, at_end=on) == paper, "here it ends"
    page.set_viewport_size({"width": 1440, "height": 900})
    assert edge(table, at_end=True) == edge(table, at_end=False) == paper, "all of it is to be seen"
