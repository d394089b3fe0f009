"""Everything by keyboard: signing in and answering a quiz with Tab, Enter, Space and the arrows."""

import re

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.support.stage import Stage

HERE = "() => { const e = document.activeElement; return [e.name || '', e.innerText || e.value || '', e.type || ''] }"

OUTLINES = """() => [document.activeElement, document.activeElement.closest("label") ?? document.body]
  .map((element) => getComputedStyle(element).outlineStyle)"""


def tab_to(page: Page, *, name: str = "", text: str = "") -> None:
    """Press Tab until the field or button has the focus, and see that the focus is shown."""
    for _ in range(80):
        page.keyboard.press("Tab")
        its_name, its_text, _kind = page.evaluate(HERE)
        if (name and its_name == name) or (text and its_text.strip() == text):
            assert page.evaluate(OUTLINES) != ["none", "none"], f"{name or text} does not show its focus"
            return
    raise AssertionError(f"Tab never came to {name or text}")


def test_sign_in_and_answer_a_question(stage: Stage) -> None:
    context = stage.browser_of("visitor")
    page = context.new_page()
    page.goto(f"{stage.live.url}/attempts/{stage.open}")
    tab_to(page, name="email")
    page.keyboard.type("bob@example.org")
    tab_to(page, name="password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()

    first = page.locator("fieldset[data-slot]").first
    slot = first.get_attribute("data-slot")
    answer = first.locator("input:not([type=hidden])").first
    tab_to(page, name=str(answer.get_attribute("name")))
    if answer.get_attribute("type") in ("radio", "checkbox"):
        page.keyboard.press("Space")
        expect(first.locator("input:checked")).to_have_count(1)
    else:
        page.keyboard.type("12")
    expect(page.locator(f"#saved-{slot}")).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))

    tab_to(page, text="Finish")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    context.close()


def test_the_first_tab_leads_past_the_navigation(stage: Stage) -> None:
    context = stage.browser_of("visitor")
    page = context.new_page()
    page.goto(f"{stage.live.url}/courses")
    page.keyboard.press("Tab")
    assert page.evaluate(HERE)[1] == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_the_menu_of_the_account_opens_and_closes(stage: Stage) -> None:
    context = stage.browser_of("bob")
    page = context.new_page()
    page.goto(f"{stage.live.url}/courses")
    menu = page.locator("details[data-menu]").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profile")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    context.close()


def test_a_message_that_is_dismissed_leaves_the_keyboard_at_the_content(stage: Stage) -> None:
    context = stage.browser_of("bob")
    page = context.new_page()
    page.goto(f"{stage.live.url}/profile/messages")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.press("Enter")
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()
