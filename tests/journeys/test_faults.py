"""What crashes does not hurt: a killed web server, a killed worker, an emptied Redis; everything happens exactly once."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, text

from lms.accounts.models import User
from lms.certificates.models import Certificate
from lms.core import work
from lms.core.db import db
from lms.core.models import Delivery, Event
from lms.learning.models import Enrollment, LessonProgress
from lms.ops.servers import Redis
from tests import factories
from tests.support.journeys import Person
from tests.support.mail import Inbox
from tests.support.server import Live
from tests.support.waiting import until


@pytest.fixture
def bobs_page(app: Flask, live: Live, window_of: Callable[[User], Page], alice: User, bob: User) -> Page:
    """Bob is enrolled in a course of one lesson, and has that lesson open."""
    factories.course(app, alice, slug="tea", lessons=1)
    learner = Person(window_of(bob), live.url)
    learner.visit("/courses/tea")
    learner.follow(learner.page.get_by_role("button", name="Enroll", exact=True))
    learner.follow(learner.page.get_by_role("link", name="Start the first lesson"))
    return learner.page


@contextmanager
def enrollment_held(app: Flask) -> Iterator[None]:
    """Whoever wants to change the enrollment waits until this ends: time to crash them in the middle of it."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(select(Enrollment.id).with_for_update())
        yield
        connection.rollback()


def somebody_waits(app: Flask) -> bool:
    with app.app_context(), db.engine.connect() as connection:
        return bool(connection.scalar(text("select count(*) from pg_locks where not granted")))


def much_later(app: Flask) -> None:
    """Leases run out and what was put off is due: as if ten minutes had passed."""
    earlier = "lease_until = lease_until - interval '10 min', due_at = due_at - interval '10 min'"
    with app.app_context(), work.unit():
        for table in ("deliveries", "emails"):
            db.session.execute(text(f"update {table} set {earlier}"))  # noqa: S608 - our own words


def count(app: Flask, what: type, *where: object) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(what).where(*where))
        db.session.rollback()
    return int(found or 0)


def everything_is_delivered(app: Flask) -> bool:
    return not count(app, Delivery, Delivery.state != "done")


def certificate_came_once(app: Flask, live: Live, inbox: Inbox, bob: User) -> None:
    def letters() -> int:
        return sum("CERT-" in str(mail) for mail in inbox.to(bob.email))

    def came() -> bool:
        # A worker that loses Redis in the middle of a job ends, and a platform starts it again.
        live.wake()
        return letters() > 0 and everything_is_delivered(app)

    until(came, 60)
    assert count(app, Certificate) == 1
    assert letters() == 1


def complete(page: Page) -> None:
    page.get_by_role("button", name="Mark as completed").click()


def test_the_web_server_dies_while_a_lesson_is_completed(
    app: Flask, live: Live, bobs_page: Page, bob: User, inbox: Inbox
) -> None:
    try:
        with enrollment_held(app):
            complete(bobs_page)
            until(lambda: somebody_waits(app))
            live.kill("web")
        expect(bobs_page.get_by_text("That did not work.")).to_be_visible()
        until(lambda: not somebody_waits(app))
        assert count(app, LessonProgress, LessonProgress.completed_at.is_not(None)) == 0
        assert count(app, Event, Event.name == "enrollment.completed") == 0
    finally:
        live.start_web()
    complete(bobs_page)
    expect(bobs_page.locator("#completion")).to_contain_text("You have completed the whole course.")
    assert count(app, Event, Event.name == "enrollment.completed") == 1
    certificate_came_once(app, live, inbox, bob)


def test_the_worker_dies_while_the_certificate_is_made(
    app: Flask, live: Live, bobs_page: Page, bob: User, inbox: Inbox
) -> None:
    live.kill("worker")
    try:
        complete(bobs_page)
        expect(bobs_page.locator("#completion")).to_contain_text("You have completed the whole course.")
        with enrollment_held(app):
            live.start_worker()
            until(lambda: somebody_waits(app))
            live.kill("worker")
        assert count(app, Certificate) == 0
    finally:
        live.start_worker()
    much_later(app)
    certificate_came_once(app, live, inbox, bob)


def test_redis_is_wiped_before_the_worker_hears_of_it(
    app: Flask, live: Live, bobs_page: Page, bob: User, inbox: Inbox, redis_server: Redis
) -> None:
    live.kill("worker")
    try:
        complete(bobs_page)
        expect(bobs_page.locator("#completion")).to_contain_text("You have completed the whole course.")
        redis_server.wipe()
    finally:
        live.start_worker()
    much_later(app)
    certificate_came_once(app, live, inbox, bob)


def test_redis_is_away_while_the_last_lesson_is_completed(
    app: Flask, live: Live, bobs_page: Page, bob: User, inbox: Inbox, redis_server: Redis
) -> None:
    """The learner notices nothing; the sweep sends the news when Redis is back."""
    redis_server.kill()
    try:
        complete(bobs_page)
        expect(bobs_page.locator("#completion")).to_contain_text("You have completed the whole course.")
    finally:
        redis_server.wipe()
    much_later(app)
    certificate_came_once(app, live, inbox, bob)


def test_two_clicks_at_once_complete_the_course_once(
    app: Flask, live: Live, bobs_page: Page, bob: User, inbox: Inbox
) -> None:
    page = bobs_page
    token = page.locator("#completion [name=csrf_token]").input_value()
    address = page.locator("#completion form").get_attribute("action")
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    answers: list[int] = []
    together = threading.Barrier(4)
    threads = [
        threading.Thread(target=_press, args=(live, address, token, cookies, together, answers))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert count(app, Event, Event.name == "enrollment.completed") == 1
    certificate_came_once(app, live, inbox, bob)


def _press(
    live: Live, address: str | None, token: str, cookies: str, together: threading.Barrier, answers: list[int]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", live.port)
    together.wait()
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", address or "", urlencode({"csrf_token": token}), headers)
    answers.append(connection.getresponse().status)
    connection.close()
