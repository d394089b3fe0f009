"""Orders, gaps and essays in a real browser, on a narrow screen and by keyboard, and the essay's way back."""

import re

import pytest
from playwright.sync_api import expect

from lms.quizzes.content import OpenContent
from lms.quizzes.keys import OpenKey
from tests.quizzes.pages import SAVED, read, start
from tests.quizzes.test_cloze import CLOZE
from tests.quizzes.test_cloze import KEY as GAPS
from tests.quizzes.test_ordering import KEY, MADE
from tests.support import axe

NARROW = {"width": 320, "height": 640}
"""What a 1280 px wide screen shows at 400 % zoom."""


@pytest.fixture(autouse=True)
def quiz(make_quiz):
    """It asks for an order, gaps and an essay."""
    return make_quiz([(MADE, KEY), (CLOZE, GAPS), (OpenContent("essay", "Why tea?"), OpenKey("essay"))])


def test_orders_gaps_and_essays_on_a_narrow_screen_and_the_essay_graded_by_keyboard(
    app, window_of, alice, bob
) -> None:
    page = window_of(bob, viewport=NARROW)
    attempt = start(page)
    places = page.locator("[data-slot='0'] select")
    page.get_by_label("Warm the pot").focus()
    page.keyboard.press("1")
    expect(page.get_by_label("Warm the pot")).to_be_focused()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    assert [place.input_value() for place in places.all()] == ["1", "2", "3", "4"]
    page.get_by_label("Boil water").select_option("2")
    page.get_by_label("Pour", exact=True).select_option("3")
    expect(page.locator(".ordering-text")).to_have_text(["Warm the pot", "Boil water", "Pour", "Wait"])
    page.get_by_label("Gap 1").select_option("China")
    page.get_by_label("Gap 2").fill("80")
    page.get_by_label("Gap 3").fill("green")
    page.get_by_label("Your answer").fill("It is warm. 茶は温かい。")
    expect(page.locator("[data-words-of]")).to_have_text(re.compile(r"Words: \d"))
    for slot in range(3):
        expect(page.locator(f"#saved-{slot}")).to_have_text(SAVED)
    assert read(app, attempt) == {
        0: {"places": {"1": 2, "2": 3, "3": 4, "4": 1}},
        1: {"gaps": {"land": "1", "degrees": "80", "kind": "green"}},
        2: {"text": "It is warm. 茶は温かい。"},
    }
    assert axe.too_wide(page) == []
    assert axe.violations(page) == []
    page.reload()
    expect(page.locator(".ordering-text")).to_have_text(["Warm the pot", "Boil water", "Pour", "Wait"])
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("graded by a person")).to_be_visible()
    assert axe.too_wide(page) == []
    assert axe.violations(page) == []

    desk = window_of(alice)
    desk.goto("/teaching/tea/grading")
    assert axe.violations(desk) == []
    desk.get_by_role("link", name="Start grading").click()
    expect(desk.get_by_label("Points")).to_be_focused()
    desk.keyboard.type("1")
    desk.keyboard.press("Tab")
    desk.keyboard.type("**Warm** indeed.")
    assert axe.violations(desk) == []
    desk.set_viewport_size(NARROW)
    desk.emulate_media(color_scheme="dark")
    assert axe.too_wide(desk) == []
    assert axe.violations(desk) == []
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Nothing waits for grading any more")).to_be_visible()

    page.reload()
    expect(page.get_by_text("3 of 3 points; 70% needed to pass.")).to_be_visible()
    expect(page.locator(".result-comment strong")).to_have_text("Warm")
    assert axe.violations(page) == []


def test_a_line_is_dragged_to_its_place_and_another_window_follows(app, window_of, bob) -> None:
    page = window_of(bob)
    attempt = start(page)
    other = page.context.new_page()
    other.goto(page.url)
    lines = page.locator(".ordering-line")
    words = page.locator(".ordering-text")
    first, last = words.nth(0).inner_text(), words.nth(3).inner_text()
    lines.nth(3).drag_to(lines.nth(0), target_position={"x": 40, "y": 2})
    expect(words.nth(0)).to_have_text(last)
    expect(words.nth(1)).to_have_text(first)
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    expect(other.locator(".ordering-text").nth(0)).to_have_text(last)
    places = read(app, attempt)[0]["places"]
    names = {item.id: item.text for item in MADE.items}
    assert [names[id] for id in sorted(places, key=places.__getitem__)] == words.all_inner_texts()
