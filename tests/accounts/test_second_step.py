"""Signing in with a second factor."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import UserSession
from lms.core import clock
from lms.core.db import db
from tests.factories import NOW, PASSWORD
from tests.support.authenticator import set_up
from tests.support.forms import post
from tests.support.mail import text_of

STEP = "/sign-in/second-step"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def factor(app, as_user, bob):
    """Bob's phone and recovery codes, set up an hour before LATER."""
    with clock.stopped_at(NOW):
        return set_up(as_user(bob))


def first_step(client, **more):
    return post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD, **more})


def second_step(client, code):
    return post(client, STEP, {"code": code}, form_at=STEP)


def test_the_password_alone_lets_nobody_in(client, factor):
    with clock.stopped_at(LATER):
        assert first_step(client).headers["Location"] == STEP
        assert client.get("/profile").headers["Location"] == "/sign-in?next=/profile"


def test_the_app_code_completes_the_sign_in_and_leads_on(app, client, factor):
    with clock.stopped_at(LATER):
        first_step(client, next="/courses", remember="y")
        assert second_step(client, factor[0].code()).headers["Location"] == "/courses"
        assert client.get("/profile").status_code == 200
    with app.app_context():
        row = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert row.second_factor_at == LATER
        assert row.expires_at - row.created_at == timedelta(days=30)


def test_a_code_typed_with_a_space_is_taken(client, factor):
    with clock.stopped_at(LATER):
        first_step(client)
        code = factor[0].code()
        assert second_step(client, f"{code[:3]} {code[3:]}").status_code == 303


def test_the_same_code_is_never_taken_twice(app, client, factor):
    with clock.stopped_at(LATER):
        code = factor[0].code()
        first_step(client)
        assert second_step(client, code).status_code == 303
        thief = app.test_client()
        first_step(thief)
        assert second_step(thief, code).status_code == 422


def test_a_clock_that_is_half_a_minute_off_is_forgiven_and_two_minutes_are_not(client, factor):
    with clock.stopped_at(LATER):
        first_step(client)
        assert second_step(client, factor[0].code(LATER - timedelta(minutes=2))).status_code == 422
        assert second_step(client, factor[0].code(LATER - timedelta(seconds=30))).status_code == 303


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code])
def test_a_recovery_code_works_once_however_it_is_typed(app, client, factor, typed, inbox, run_jobs):
    with clock.stopped_at(LATER):
        first_step(client)
        assert second_step(client, typed(factor[1][3])).status_code == 303
        again = app.test_client()
        first_step(again)
        assert second_step(again, factor[1][3]).status_code == 422
    run_jobs()
    assert "A recovery code was used" in [m["subject"] for m in inbox.to("bob@example.org")]


def mailed_code(client, inbox, run_jobs):
    post(client, f"{STEP}/code", {}, form_at=STEP)
    run_jobs()
    codes = [m for m in inbox.to("bob@example.org") if "is your code" in m["subject"]]
    return re.search(r"^(\d{6})\s*$", text_of(codes[-1]), re.MULTILINE)[1]


def test_a_mailed_code_works_once(app, client, factor, inbox, run_jobs):
    with clock.stopped_at(LATER):
        first_step(client)
        code = mailed_code(client, inbox, run_jobs)
        assert second_step(client, code).status_code == 303
        again = app.test_client()
        first_step(again)
        assert second_step(again, code).status_code == 422


def test_a_mailed_code_dies_after_ten_minutes_and_by_a_newer_one(app, client, factor, inbox, run_jobs):
    with clock.stopped_at(LATER):
        first_step(client)
        first = mailed_code(client, inbox, run_jobs)
        second = mailed_code(client, inbox, run_jobs)
        assert second_step(client, first).status_code == 422
    with clock.stopped_at(LATER + timedelta(minutes=9)):
        first_step(client)
    with clock.stopped_at(LATER + timedelta(minutes=10, seconds=1)):
        assert second_step(client, second).status_code == 422


def test_the_page_shows_only_a_hint_of_the_address(client, factor):
    with clock.stopped_at(LATER):
        first_step(client)
        page = client.get(STEP).text
    assert "b…@example.org" in page and "bob@example.org" not in page


def test_five_wrong_codes_lock_the_account_and_kill_the_mailed_code(app, client, factor, inbox, run_jobs):
    with clock.stopped_at(LATER):
        first_step(client)
        code = mailed_code(client, inbox, run_jobs)
        for _ in range(4):
            assert second_step(client, factor[0].wrong()).status_code == 422
        assert second_step(client, factor[0].wrong()).headers["Location"] == "/sign-in"
        assert first_step(client).status_code == 422
    with clock.stopped_at(LATER + timedelta(minutes=15, seconds=1)):
        first_step(client)
        assert second_step(client, code).status_code == 422
        assert second_step(client, factor[0].code()).status_code == 303


def test_knowing_the_password_buys_no_more_guesses(app, client, factor):
    with clock.stopped_at(LATER):
        for _ in range(5):
            thief = app.test_client()
            first_step(thief)
            second_step(thief, factor[0].wrong())
        assert first_step(app.test_client()).status_code == 422


def test_the_second_step_waits_ten_minutes(client, factor):
    with clock.stopped_at(LATER):
        first_step(client)
    with clock.stopped_at(LATER + timedelta(minutes=10)):
        assert client.get(STEP).headers["Location"] == "/sign-in"


def test_nobody_begins_with_the_second_step(client, factor):
    assert client.get(STEP).headers["Location"] == "/sign-in"
    assert post(client, f"{STEP}/code", {}, form_at="/sign-in").headers["Location"] == "/sign-in"


def test_a_changed_password_ends_the_wait(app, client, as_user, bob, factor):
    with clock.stopped_at(LATER):
        first_step(client)
        with app.app_context():
            from lms.accounts import passwords
            from lms.accounts.models import User

            db.session.get(User, bob.id).password_hash = passwords.hashed("another one", 4)
            db.session.commit()
        assert client.get(STEP).headers["Location"] == "/sign-in"
