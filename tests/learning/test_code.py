"""A course for those who know its code."""

import pytest
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment
from tests import factories
from tests.support.forms import post

ENROLL = "/courses/tea/enrollment"


@pytest.fixture
def tea_by_code(app, alice):
    factories.course(app, alice)
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(access="code", access_code="Oolong 7"))


def is_in(app):
    with app.app_context():
        return Enrollment.query.count() == 1


@pytest.mark.parametrize("typed", ["Oolong 7", " oolong 7 "])
def test_bob_knows_the_code(app, tea_by_code, as_user, bob, typed):
    browser = as_user(bob)
    page = browser.get("/courses/tea").text
    assert "Code of the course" in page and "Oolong" not in page
    post(browser, ENROLL, {"code": typed}, form_at="/courses/tea")
    assert is_in(app)


@pytest.mark.parametrize("typed", ["", "oolong", "Oolong 77"])
def test_charlie_does_not(app, tea_by_code, as_user, charlie, typed):
    browser = as_user(charlie)
    post(browser, ENROLL, {"code": typed}, form_at="/courses/tea")
    assert "Check what you typed" in browser.get("/courses/tea").text
    assert not is_in(app)


def test_a_course_without_its_code_lets_nobody_in(app, tea_by_code, as_user, bob):
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(access_code=None))
    post(as_user(bob), ENROLL, {"code": ""}, form_at="/courses/tea")
    assert not is_in(app)


def test_a_visitor_signs_in_first(tea_by_code, client):
    assert "Sign in to enroll" in client.get("/courses/tea").text
