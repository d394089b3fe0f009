"""Long navigations: open on a desk, on a phone one line that says where one is and opens the rest."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.stage import Stage

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LONG = [
    ("dana", "/admin/jobs", "Administration", "Admin: Jobs", "Audit log", "/admin/audit"),
    ("alice", "/teaching/how-to-read-a-map", "The course’s workshop", "Outline", "Gradebook", "gradebook"),
    ("bob", "/profile", "Your account", "Your account: Profile", "Your data", "/privacy"),
]


def opened(stage: Stage, person: str, path: str, **options: object) -> Page:
    page = stage.browser_of(person, **options).new_page()
    page.goto(stage.live.url + path)
    return page


@pytest.mark.parametrize("person, path, label, here, other, there", LONG)
@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_it_is_one_line_that_opens(
    stage: Stage, person: str, path: str, label: str, here: str, other: str, there: str, scripts: bool
) -> None:
    page = opened(stage, person, path, viewport=PHONE, java_script_enabled=scripts)
    navigation = page.get_by_role("navigation", name=label)
    line = navigation.locator("summary")
    expect(line).to_contain_text(here)
    expect(navigation.get_by_role("link", name=other)).to_be_hidden()
    assert (navigation.bounding_box() or {"height": 999})["height"] < 60
    line.click()
    navigation.get_by_role("link", name=other, exact=True).click()
    expect(page).to_have_url(re.compile(f"{there}$"))
    page.context.close()


@pytest.mark.parametrize("person, path, label, here, other, there", LONG)
def test_on_a_desk_every_page_stands_there(
    stage: Stage, person: str, path: str, label: str, here: str, other: str, there: str
) -> None:
    page = opened(stage, person, path, viewport=DESK)
    navigation = page.get_by_role("navigation", name=label)
    expect(navigation.locator("summary")).to_be_hidden()
    link = navigation.get_by_role("link", name=other, exact=True)
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{there}$"))
    page.context.close()


def test_on_a_desk_a_browser_that_hides_what_is_closed_shows_it_too(stage: Stage) -> None:
    """Such browsers don't know `::details-content`: here it has another name, in the style sheet and for scripts."""
    page = stage.browser_of("alice", viewport=DESK).new_page()
    page.add_init_script(
        "const known = CSS.supports; CSS.supports = (what) => !what.includes('details') && known(what)"
    )

    def older(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("::details-content", "::unheard-of"))

    page.route("**/*.css", older)
    page.goto(f"{stage.live.url}/teaching/how-to-read-a-map")
    navigation = page.get_by_role("navigation", name="The course’s workshop")
    link = navigation.get_by_role("link", name="Gradebook", exact=True)
    expect(link).to_be_visible()
    expect(navigation.locator("summary")).to_be_hidden()
    page.locator("h1").click()
    expect(link).to_be_visible()
    page.context.close()


def test_the_sections_of_the_admin_stand_under_their_headings(stage: Stage) -> None:
    page = opened(stage, "dana", "/admin/", viewport=DESK)
    navigation = page.get_by_role("navigation", name="Administration")
    machine = navigation.get_by_role("list", name="The machine")
    assert machine.get_by_role("link").all_inner_texts() == ["Health", "Errors", "Jobs", "Emails", "Storage"]
    page.context.close()
