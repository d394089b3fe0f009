"""A discussion as it is lived: replies without loading the page anew, and a bell that knows."""

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from lms.accounts.models import User
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.discussions import posts
from lms.learning import actions as learning
from lms.notifications import notices
from lms.notifications.notices import Told
from tests import factories


def test_replying_swaps_the_replies_and_the_bell_counts_when_one_comes_back(
    app: Flask,
    window_of: Callable[[User], Page],
    alice: User,
    bob: User,
    inbox: object,
) -> None:
    tea = factories.course(app, alice)
    with app.app_context(), work.unit():
        learning.enroll(tea.id, bob.id, clock.now())
        lesson = db.session.query(Lesson).first()
        posts.ask(tea, lesson.id, alice.id, "What is tea?", "Say it.", clock.now(), by_staff=True)
    page = window_of(bob)
    page.goto("/courses/tea/discussion/1")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("Write your reply.").first).to_be_visible()
    page.get_by_label("Your reply").fill("Leaves in **hot** water")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("#replies strong", has_text="hot")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("")
    expect(page.get_by_role("button", name="Reply")).to_be_focused()
    assert page.evaluate("window.stayed") is True

    # A proxy in front of us while we restart, and a mistake of ours that nobody asked for.
    page.route("**/replies", lambda route: route.fulfill(status=502, body="Bad gateway"), times=1)
    page.get_by_label("Your reply").fill("And patience")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator(".toast")).to_contain_text("That did not work")
    expect(page.get_by_label("Your reply")).to_have_value("And patience")
    page.route("**/inbox/count", lambda route: route.fulfill(status=500, body="Our mistake"), times=1)
    with page.expect_response("**/inbox/count") as bad:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert bad.value.status == 500
    expect(page.locator("#bell")).to_be_visible()
    expect(page.get_by_text("Our mistake")).to_have_count(0)
    expect(page.locator(".toast")).to_have_count(1)
    page.reload()

    with app.app_context(), work.unit():
        facts = {"quiz": "Q", "course": "Tea"}
        notices.tell("graded", [Told(bob.id, "graded:1", facts, "/learning")], clock.now())
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    bell = page.get_by_role("link", name=re.compile(r"\d+ unread message"))
    expect(bell).to_be_visible()
    bell.click()
    expect(page.get_by_role("link", name="Graded: Q")).to_be_visible()
