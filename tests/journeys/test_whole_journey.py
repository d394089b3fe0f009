"""A learner's whole way on a real course: registering, reading, quizzes, progress, certificate; a stranger checks it."""

from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from lms.accounts.models import User
from tests.support.browser import open_browser
from tests.support.journeys import Learner, Stranger, import_course
from tests.support.mail import Inbox, message_with
from tests.support.server import Live

ROOT = Path(__file__).resolve().parents[2]
COURSES = {
    "our own course": ("examples", "map bearings", "How to Read a Map", 8),
    "the real course": ("shared", "internet of things", "IoT for Beginners", 24),
}


WAYS = (
    ("our own course", "with scripts"),
    ("our own course", "without scripts"),
    # Three times as long: one lesson with scripts, the next without them.
    ("the real course", "by turns"),
)


@pytest.fixture
def course(name: str, request: pytest.FixtureRequest) -> tuple[Path, str, str, int]:
    """Folder, words to search for, title, lessons."""
    place, words, title, lessons = COURSES[name]
    if place == "examples":
        return ROOT / "examples" / "reading-maps", words, title, lessons
    return request.getfixturevalue("shared") / "courses" / "iot-for-beginners", words, title, lessons


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_from_registration_to_a_verified_certificate(
    way: str,
    course: tuple[Path, str, str, int],
    app: Flask,
    live: Live,
    chromium: Browser,
    inbox: Inbox,
    alice: User,
) -> None:
    folder, words, title, lessons = course
    import_course(app, folder, alice.email)
    scripts = way != "without scripts"
    browser = open_browser(chromium, java_script_enabled=scripts, accept_downloads=True)
    anh = Learner(browser.new_page(), live.url, app=app, inbox=inbox, scripts=scripts)
    pages = {scripts: anh.page}

    anh.register()
    anh.confirm_address()
    anh.find_course(words, title)
    anh.enroll()
    if way == "by turns":
        pages[False] = open_browser(chromium, java_script_enabled=False, accept_downloads=True).new_page()
    read = []
    for lesson in anh.learn_everything():
        read.append(lesson)
        if way == "by turns":
            anh.change_browser(pages[not anh.scripts], scripts=not anh.scripts)
    assert len(set(read)) == lessons

    number = anh.wait_for_certificate()
    pdf = anh.download_certificate()
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert number in page and title in page

    letter = message_with(inbox, anh.email, number)
    attached = [part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert [part.get_content() for part in attached] == [pdf]

    elsewhere = open_browser(chromium, java_script_enabled=scripts)
    stranger = Stranger(elsewhere.new_page(), live.url)
    stranger.verify(number)
    expect(stranger.page.get_by_text(anh.name)).to_be_visible()
    expect(stranger.page.get_by_text(title)).to_be_visible()

    certificates = [message for message in inbox.to(anh.email) if number in str(message)]
    assert len(certificates) == 1
    elsewhere.close()
    for mine in pages.values():
        mine.context.close()
