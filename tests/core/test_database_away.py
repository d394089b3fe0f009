"""While the database is away, people and programs are told to come again, and not that it is our mistake."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config import Settings
from lms.app import create_app
from lms.core import jobs
from lms.core.db import db, is_away
from tests.support.forms import post


@pytest.fixture
def lost(environment, app):
    """The application with a database that nobody answers for."""
    kept, away = jobs._app, "postgresql://nobody@127.0.0.1:1/none"
    made = create_app(Settings.from_env({**environment, "DATABASE_URL": away}))
    jobs._app = kept
    return made


def test_a_page_and_a_part_of_one_say_that_it_comes_back(lost):
    visitor = lost.test_client()
    page = visitor.get("/courses")
    part = visitor.get("/courses", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    for answer in (page, part):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "Back in a moment" in answer.text
    assert "<html" in page.text and "<html" not in part.text


def test_who_is_signed_in_is_told_too(lost, as_user, bob):
    known = as_user(bob)
    visitor = lost.test_client()
    visitor._cookies = known._cookies
    answer = visitor.get("/learning")
    assert answer.status_code == 503
    assert "Back in a moment" in answer.text


def test_a_form_that_is_sent_is_told_too(lost):
    assert (
        post(lost.test_client(), "/sign-in", {"email": "bob@example.org", "password": "x"}).status_code == 503
    )


def test_a_program_gets_a_problem(lost):
    answer = lost.test_client().get("/api/v1/courses", headers={"Authorization": "Bearer lct_x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.mimetype == "application/problem+json" and answer.json["status"] == 503


@pytest.mark.parametrize(
    ("statement", "away"),
    [
        ("select pg_terminate_backend(pg_backend_pid())", True),
        ("select 1 / 0", False),
        ("set local statement_timeout = 20; select pg_sleep(1)", False),
    ],
)
def test_only_what_a_second_try_may_mend_is_told_so(app, statement, away):
    with app.app_context():
        with pytest.raises(DBAPIError) as raised:
            db.session.execute(text(statement))
        db.session.rollback()
    assert isinstance(raised.value.orig, psycopg.Error)
    assert is_away(raised.value) is away
