"""What is said beside the page: it stays as long as it is true, and no longer."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect

from lms.accounts.models import User
from lms.core import clock, work
from lms.learning import actions as learning
from tests import factories
from tests.support import forms
from tests.support.server import Live

HERE = "/courses/tea/discussion"
LOST = "The connection to the server is lost"


@pytest.fixture
def page(
    app: Flask,
    window_of: Callable[[User], Page],
    as_user: Callable[[User], FlaskClient],
    alice: User,
    bob: User,
) -> Page:
    """Bob's browser, at the question that he asked."""
    tea = factories.course(app, alice)
    with app.app_context(), work.unit():
        learning.enroll(tea.id, bob.id, clock.now())
    forms.post(as_user(bob), f"{HERE}/new/lesson-1", {"title": "Why is it bitter?", "body": "Ten minutes."})
    page = window_of(bob)
    page.goto(f"{HERE}/1")
    return page


def away(route: Route) -> None:
    route.fulfill(status=503, body="Restarting")


def reply(page: Page, words: str) -> None:
    page.get_by_label("Your reply").fill(words)
    page.get_by_role("button", name="Reply").click()


@pytest.mark.parametrize("failure", [away, lambda route: route.abort()], ids=("503", "no answer"))
def test_the_message_of_a_failure_goes_when_the_same_form_is_answered(page: Page, failure: Any) -> None:
    page.route("**/replies", failure)
    reply(page, "Three are enough.")
    toast = page.locator(".toast", has_text="That did not work")
    expect(toast).to_be_visible()
    reply(page, "Three are enough.")
    expect(page.get_by_role("button", name="Reply")).not_to_have_attribute("aria-busy", "true")
    expect(toast).to_have_count(1)

    # What another element does says nothing about this one.
    with page.expect_response("**/inbox/count"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(toast).to_be_visible()

    page.unroute("**/replies")
    page.get_by_label("Your reply").fill("")
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("Write your reply.").first).to_be_visible()
    expect(toast).to_have_count(0)
    reply(page, "Three are enough.")
    expect(page.locator("#replies")).to_contain_text("Three are enough.")
    expect(page.locator(".toast")).to_have_count(0)


def test_a_page_that_asks_by_itself_says_once_that_nobody_answers_and_when_it_works_no_more(
    live: Live, page: Page
) -> None:
    live.rest()
    page.clock.install()
    page.goto(f"{live.url}/privacy")
    page.get_by_role("button", name="Make a copy").click()
    expect(page.locator("#exports[hx-trigger]")).to_be_visible()
    toast, asked = page.locator(".toast", has_text=LOST), []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        away(route)

    def seconds(number: int) -> None:
        """Each with its question, and an answer to that."""
        for _ in range(number):
            with page.expect_response("**/privacy"):
                page.clock.run_for(1000)

    page.route("**/privacy", refuse)
    seconds(3)
    assert asked
    expect(toast).to_have_count(0)
    seconds(12)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Dismiss").click()
    before = len(asked)
    seconds(3)
    assert len(asked) > before, "it goes on asking"
    expect(toast).to_have_count(0)

    page.unroute("**/privacy")
    seconds(1)
    page.route("**/privacy", refuse)
    seconds(12)
    expect(toast).to_be_visible()
    page.unroute("**/privacy")
    seconds(1)
    expect(toast).to_have_count(0)
