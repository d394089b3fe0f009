"""The help as an Arabic reader sees it."""

import pytest

from tests.support import axe

EDGES = """code => [0, 1].map(place => {
  const letter = document.createRange();
  letter.setStart(code.firstChild, place);
  letter.setEnd(code.firstChild, place + 1);
  return letter.getBoundingClientRect().left;
})"""


@pytest.fixture
def page(live, chromium):
    context = chromium.new_context(locale="ar", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_code_reads_left_to_right_inside_of_arabic(live, page):
    page.goto(f"{live.url}/help/learners/lessons")
    first, second = page.locator("code", has_text="-word").evaluate(EDGES)
    assert first < second


def test_a_place_stands_at_the_top_of_the_window(live, page):
    """Pictures above it take their room before they come."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live.url}/help/learners/start#s-a-second-factor", wait_until="networkidle")
    top = page.locator("#s-a-second-factor").evaluate("place => place.getBoundingClientRect().top")
    assert 0 <= top < 100


def test_it_is_usable_by_everyone_and_fits_a_phone(live, page):
    for path in ("/help", "/help?q=شهادة", "/help/learners/start"):
        page.goto(live.url + path)
        assert axe.too_wide(page) == []
        assert axe.violations(page) == []


def test_one_finds_a_place_by_keyboard_alone(live, page):
    page.goto(f"{live.url}/help")
    page.locator("#help-search").focus()
    page.keyboard.type("استرداد")
    page.keyboard.press("Enter")
    page.wait_for_url("**/help?q=*")
    page.get_by_role("link", name="التحقق بخطوتين").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/learners/start#s-a-second-factor")
    assert page.locator("#s-a-second-factor").inner_text() == "التحقق بخطوتين"
