"""In a browser: a certificate is designed while one looks at it, and awarded by hand."""

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from lms.accounts.models import User
from lms.courses.models import Course
from tests import factories
from tests.support import axe
from tests.support.journeys import Person
from tests.support.server import Live

LINES_OF_LONGEST_WORD = """(name) => {
  const text = name.firstChild, words = text.data.split(" ");
  const longest = words.reduce((one, other) => (other.length > one.length ? other : one));
  const range = document.createRange();
  range.setStart(text, text.data.indexOf(longest));
  range.setEnd(text, text.data.indexOf(longest) + longest.length);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
}"""


def test_staff_try_a_design_on_save_it_and_award_by_hand(
    app: Flask,
    live: Live,
    window_of: Callable[[User], Page],
    alice: User,
    bob: User,
    tea: Course,
    enrol: Callable[..., int],
) -> None:
    enrol(bob, tea, completed_at=None)
    page = window_of(alice)
    staff = Person(page, live.url)
    staff.visit("/teaching/tea/certificate")
    picture = page.get_by_role("img", name="Preview of the certificate")
    expect(picture).to_have_attribute("src", re.compile("preview.png"))
    page.get_by_label("Modern").check()
    page.get_by_label("Colour", exact=True).fill("#ffee99")
    page.get_by_label("Heading").fill("Diploma of {name}")
    page.get_by_label("Who signs").fill("Prof. Ada Lime")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".error-summary")).to_contain_text("too light")
    page.get_by_label("Colour", exact=True).fill("#1d5c63")
    page.get_by_role("button", name="Try it").click()
    expect(picture).to_have_attribute("src", re.compile("^data:image/png"))
    expect(page.get_by_text("It is not saved yet")).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_be_focused()
    expect(page.get_by_label("Heading")).to_have_value("Diploma of {name}")
    assert axe.violations(page) == []
    staff.follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Certificates look like this from now on")).to_be_visible()

    staff.visit("/courses/tea/certificates")
    staff.follow(page.get_by_role("link", name="Award a certificate to Bob Brook"))
    page.get_by_label("Email addresses").fill("nobody@example.org")
    page.get_by_label("Reason").fill("Shown in the workshop")
    staff.follow(page.get_by_role("button", name="See what would happen"))
    expect(page.get_by_text("Nobody in this course has this address.")).to_be_visible()
    assert axe.violations(page) == []
    staff.follow(page.get_by_role("button", name="Award 1 certificate"))
    expect(page.get_by_text("1 certificate is awarded.")).to_be_visible()


def test_a_long_name_breaks_between_its_words(
    app: Flask, live: Live, window_of: Callable[[User], Page], tea: Course, awarded: Callable[..., str]
) -> None:
    words = ["Maximiliane", "Wolfeschlegelsteinhausenbergerdorff", "von", "und", "zu", "Sigmaringen"]
    owner = factories.person(app, " ".join(words), "max@example.org")
    number = awarded(owner, tea)
    person = Person(window_of(owner), live.url)
    for width in (1440, 390):
        person.page.set_viewport_size({"width": width, "height": 900})
        person.visit(f"/certificates/{number}")
        assert person.page.locator(".diploma-name bdi").evaluate(LINES_OF_LONGEST_WORD) == 1, width
