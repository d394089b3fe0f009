"""A person sets a second factor up and signs in with it, in a real browser under the real content policy."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.support import axe
from tests.support.authenticator import FACTOR, Phone
from tests.support.browser import open_browser
from tests.support.watch import Watch


def sign_in(page, live):
    page.goto(f"{live.url}/sign-in")
    page.get_by_label("Email address").fill("bob@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")


@pytest.mark.parametrize(
    ("width", "scheme", "scripts"), [(390, "dark", True), (1440, "light", True), (390, "light", False)]
)
def test_from_the_set_up_to_the_next_sign_in(live, chromium, bob, width, scheme, scripts):
    options = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": scheme,
        "java_script_enabled": scripts,
    }
    here = open_browser(chromium, **options)
    page = here.new_page()
    watch = Watch(page)

    def look():
        if scripts:
            assert axe.violations(page) == []

    sign_in(page, live)
    page.wait_for_url("**/learning")
    page.goto(f"{live.url}{FACTOR}")
    look()
    page.get_by_role("button", name="Begin").click()
    phone = Phone(page.locator("#totp-key").inner_text().replace(" ", ""))
    look()
    page.get_by_label("Code").fill(phone.code())
    page.get_by_label("Your current password").fill(PASSWORD)
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    look()
    codes = page.locator(".codes li").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 of them are left.")).to_be_visible()
    look()

    there = open_browser(chromium, **options)
    page = there.new_page()
    sign_in(page, live)
    page.wait_for_url("**/second-step")
    page.get_by_label("Code").fill(phone.wrong())
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    look()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_label("Code").press("Enter")
    page.wait_for_url("**/learning")
    assert watch.complaints == []
    for context in (here, there):
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_longest_name_is_welcomed_on_a_phone_without_widening_the_page(live, window_of, scripts):
    page = window_of(None, viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page.goto(f"{live.url}/register")
    page.get_by_label("Your name").fill("Maximiliane Wolfeschlegelsteinhausenbergerdorff-Papadopoulou")
    page.get_by_label("Email address").fill("max@example.org")
    page.get_by_label("Password", exact=True).fill("quiet river under stones")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Welcome, Maximiliane")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
