"""A course that moved to another address is still found at the old one."""

import pytest
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses import settings
from lms.courses.models import Course, CourseAddress
from tests import factories
from tests.support.forms import token


@pytest.fixture
def move(app, alice):
    made = factories.course(app, alice)

    def to(slug, **more):
        with app.app_context(), work.unit():
            course = db.session.get_one(Course, made.id)
            settings.change(course, {"slug": slug, **more}, factories.NOW)
        return made

    return to


def test_old_links_lead_on_with_everything_behind_them(move, client, as_user, alice):
    move("green-tea")
    answer = client.get("/courses/tea/lessons/lesson-1?w=3")
    assert answer.status_code == 301
    assert answer.location.endswith("/courses/green-tea/lessons/lesson-1?w=3")
    assert as_user(alice).get("/teaching/tea/settings").location.endswith("/teaching/green-tea/settings")


def test_a_form_of_a_page_that_was_open_arrives(move, as_user, bob):
    browser = as_user(bob)
    sent = {"csrf_token": token(browser, "/courses/tea")}
    move("green-tea")
    answer = browser.post("/courses/tea/enrollment", data=sent)
    assert (answer.status_code, answer.location) == (308, "/courses/green-tea/enrollment")


def test_moves_in_a_row_and_back_again(app, move, client):
    move("green-tea")
    move("white-tea")
    assert client.get("/courses/tea").location.endswith("/courses/white-tea")
    move("tea")
    assert client.get("/courses/tea").status_code == 200
    assert client.get("/courses/green-tea").location.endswith("/courses/tea")
    with app.app_context():
        assert set(db.session.scalars(select(CourseAddress.slug))) == {"green-tea", "white-tea"}


def test_a_draft_does_not_tell_its_new_address(move, client, as_user, alice, charlie):
    move("green-tea", state="draft")
    assert client.get("/courses/tea").status_code == 404
    assert as_user(charlie).get("/courses/tea").status_code == 404
    assert as_user(alice).get("/courses/tea").status_code == 301


def test_nobody_else_takes_an_address_that_still_leads_somewhere(app, move, alice):
    move("green-tea")
    with app.app_context(), work.unit():
        other = settings.create(
            alice.id, title="Tea", level="beginner", language="en", category="", at=factories.NOW
        )
        assert other.slug == "tea-2"
        assert not settings.is_free("tea", other)


def test_what_was_never_there_is_not_there(move, client):
    move("green-tea")
    assert client.get("/courses/coffee").status_code == 404
