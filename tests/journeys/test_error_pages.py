"""What a person sees when something went wrong: what happened, what to do, and never the insides."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Response, expect
from sqlalchemy import select

from lms.core.db import db
from lms.courses.models import CourseAsset
from lms.files.models import StoredFile
from tests.support import axe
from tests.support.pages import COURSE
from tests.support.server import Live
from tests.support.stage import Stage

INSIDES = re.compile(r"Traceback|psycopg|sqlalchemy|werkzeug|jinja2|File \"/|/lms/", re.IGNORECASE)


@pytest.fixture(scope="module")
def visitor(stage: Stage) -> Iterator[BrowserContext]:
    context = stage.browser_of("visitor", viewport={"width": 390, "height": 844})
    yield context
    context.close()


def looks_right(page: Page, answer: Response | None, status: int, heading: str) -> None:
    assert answer is not None
    assert answer.status == status
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    assert page.get_by_role("main").get_by_role("link").count() >= 1, "there is a way on"
    assert INSIDES.search(page.content()) is None
    assert axe.violations(page) == []
    assert axe.too_wide(page) == []


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [("/nowhere", 404, "There is nothing here"), ("/sign-out", 405, "That does not work here")],
)
def test_a_wrong_address(stage: Stage, visitor: BrowserContext, path: str, status: int, heading: str) -> None:
    page = visitor.new_page()
    looks_right(page, page.goto(stage.live.url + path), status, heading)
    page.close()


def test_what_is_not_theirs(stage: Stage) -> None:
    page = stage.browser_of("bob").new_page()
    looks_right(page, page.goto(f"{stage.live.url}/teaching"), 403, "This page is not open to you")
    expect(page.get_by_text("Your account: Bob")).to_be_attached()
    page.context.close()


def test_a_form_that_lost_its_token(stage: Stage, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(f"{stage.live.url}/password/forgot")
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'old'")
    page.get_by_label("Email address").fill("bob@example.org")
    with page.expect_navigation() as sent:
        page.evaluate("document.querySelector('main form').submit()")
    looks_right(page, sent.value, 400, "This page was open for too long")
    page.close()


def test_a_wrong_entry_is_marked_and_kept(stage: Stage, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(f"{stage.live.url}/register")
    page.get_by_label("Your name").fill("Zoë")
    page.get_by_label("Email address").fill("not an address")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("should be like name@example.org")
    expect(page.get_by_label("Your name")).to_have_value("Zoë")
    expect(page.get_by_label("Email address")).to_have_value("not an address")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert axe.violations(page) == []
    page.close()


@pytest.fixture(scope="module")
def limited(stage: Stage, environment: dict[str, str]) -> Iterator[Live]:
    """A second web server with the limits on, which are off for the tests' own speed."""
    server = Live({**environment, "RATE_LIMITS": "true", "WEB_CONCURRENCY": "1"}, stage.live.root)
    server.start_web()
    yield server
    server.__exit__()


def test_too_many_requests(stage: Stage, visitor: BrowserContext, limited: Live) -> None:
    page = visitor.new_page()
    address = f"{limited.url}/verify/CERT-20260101-AAAAAAAAAA"
    assert {page.request.get(address).status for _ in range(60)} == {404}
    refused = page.goto(address)
    looks_right(page, refused, 429, "That was a little too fast")
    assert refused is not None
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    page.close()


def test_a_file_that_is_gone_from_the_storage(stage: Stage, application: Flask) -> None:
    """A real fault of the machine: the page says so, and nothing of its insides."""
    with application.app_context():
        path, key = db.session.execute(
            select(CourseAsset.path, StoredFile.key)
            .join(StoredFile, StoredFile.id == CourseAsset.file_id)
            .where(CourseAsset.path.endswith(".png"))
            .limit(1)
        ).one()
    stored = Path(urlsplit(application.config["LECTERN"].storage_url).path) / key
    aside = stored.with_name("aside")
    stored.rename(aside)
    page = stage.browser_of("bob").new_page()
    try:
        answer = page.goto(f"{stage.live.url}{COURSE}/assets/{path}")
        looks_right(page, answer, 500, "That is our mistake")
    finally:
        aside.rename(stored)
        page.context.close()
