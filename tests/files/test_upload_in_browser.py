"""Uploading with scripts on: what is refused is said in place, what is kept leads on."""

import pytest

from tests import factories


@pytest.fixture
def page(app, live, chromium, alice):
    factories.course(app, alice)
    cookie = factories.signed_in(app, alice).get_cookie("session")
    context = chromium.new_context()
    context.add_cookies([{"name": "session", "value": cookie.value, "url": live.url}])
    opened = context.new_page()
    opened.goto(f"{live.url}/teaching/tea/files")
    yield opened
    context.close()


def send(page, *files):
    page.get_by_label("Files", exact=True).set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    )
    page.get_by_role("button", name="Upload").click()


def test_files_go_up_and_stand_in_the_list(page):
    send(page, ("guide.pdf", b"%PDF-1.4 " + bytes(3_000_000)), ("leaf.png", factories.picture()))
    page.get_by_text("Kept: assets/guide.pdf, assets/leaf.png").wait_for()
    assert page.get_by_role("link", name="guide.pdf").is_visible()


def test_what_is_refused_is_said_in_the_form_and_another_try_works(page):
    send(page, ("guide.pdf", b"MZ a program"))
    page.get_by_text("guide.pdf is not what its name says").first.wait_for()
    send(page, ("guide.pdf", b"%PDF-1.4"))
    page.get_by_text("Kept: assets/guide.pdf").wait_for()
