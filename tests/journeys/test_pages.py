"""Every page: usable by everyone, light and dark, on a phone and on a desk; nothing is blocked, nothing sticks out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support import axe
from tests.support.pages import PAGES, Shown
from tests.support.stage import Stage
from tests.support.watch import Watch


@pytest.fixture(scope="module")
def windows(stage: Stage) -> Iterator[dict[str, Page]]:
    """One for each person, in which they go from page to page."""
    opened = {name: stage.browser_of(name).new_page() for name in ("visitor", *stage.people)}
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_it_is_usable_by_everyone(shown: Shown, stage: Stage, windows: dict[str, Page]) -> None:
    page = windows[shown.person]
    page.set_viewport_size({"width": axe.DESK, "height": 900})
    with Watch(page) as watch:
        answer = page.goto(stage.live.url + shown.path.format(**vars(stage)), wait_until="load")
        assert answer is not None
        assert answer.status == shown.status
        assert page.locator("h1").count() == 1
        assert watch.complaints == []
        assert watch.foreign_requests == []
        assert axe.faults(page) == []


def test_right_to_left_on_a_phone(stage: Stage) -> None:
    """A profile in Arabic turns every page around; nothing sticks out."""
    person = stage.browser_of("dana", viewport={"width": axe.PHONE, "height": 844})
    page = person.new_page()
    page.goto(f"{stage.live.url}/profile")
    page.locator("select[name=language]").select_option("ar")
    with page.expect_navigation():
        page.get_by_role("button", name="Save profile").click()
    for path in ("/profile", "/learning", "/courses", "/courses/how-to-read-a-map", "/teaching"):
        page.goto(stage.live.url + path)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.locator("html").get_attribute("lang") == "ar"
        assert axe.too_wide(page) == [], path
        assert axe.violations(page) == [], path
    person.close()
