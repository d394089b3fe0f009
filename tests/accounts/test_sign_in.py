"""People sign in and out."""

from datetime import timedelta

import pytest

from lms.accounts.models import User, UserSession
from lms.core import clock
from lms.core.db import db
from tests.factories import NOW, PASSWORD
from tests.support.forms import post


def sign_in(client, email="bob@example.org", password=PASSWORD, **more):
    return post(client, "/sign-in", {"email": email, "password": password, **more})


def test_the_right_password_signs_in(client, bob):
    assert sign_in(client).status_code == 303
    assert "Bob Brook" in client.get("/profile").text


def test_the_address_is_taken_in_any_case(client, bob):
    assert sign_in(client, email="BOB@Example.ORG").status_code == 303


def test_wrong_password_and_unknown_address_read_alike(client, bob):
    wrong = sign_in(client, password="not this one")
    unknown = sign_in(client, email="nobody@example.org")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not match" in wrong.text and "do not match" in unknown.text
    assert "bob@example.org" in wrong.text


def test_five_wrong_passwords_lock_the_account_and_not_its_neighbours(
    app, client, bob, charlie, inbox, run_jobs
):
    for _ in range(5):
        sign_in(client, password="guess")
    locked = sign_in(client)
    assert locked.status_code == 422 and "Wait 15 minutes" in locked.text
    assert sign_in(app.test_client(), email="charlie@example.org").status_code == 303
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 1


def test_the_lock_opens_after_fifteen_minutes(app, client, bob):
    with clock.stopped_at(NOW):
        for _ in range(5):
            sign_in(client, password="guess")
        assert sign_in(client).status_code == 422
    with clock.stopped_at(NOW + timedelta(minutes=15, seconds=1)):
        assert sign_in(client).status_code == 303


def test_a_person_who_was_deactivated_stays_out(app, client, bob):
    with app.app_context():
        db.session.get(User, bob.id).is_active = False
        db.session.commit()
    assert sign_in(client).status_code == 422


def test_signing_out_ends_the_session_on_the_server_too(app, client, bob):
    sign_in(client)
    with client.session_transaction() as cookie:
        stolen = dict(cookie)
    post(client, "/sign-out", {}, form_at="/profile")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.get("/profile").status_code == 303


def test_sign_in_gives_a_new_cookie_content(client, bob):
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


@pytest.mark.parametrize(("remember", "days"), [("", 0.5), ("y", 30)])
def test_remember_me_keeps_the_session_for_a_month(app, client, bob, remember, days):
    sign_in(client, **({"remember": remember} if remember else {}))
    with app.app_context():
        row = db.session.query(UserSession).one()
        assert row.expires_at - row.created_at == timedelta(days=days)


def test_a_session_that_ran_out_leads_to_sign_in_and_back(client, bob):
    sign_in(client)
    with clock.stopped_at(clock.now() + timedelta(hours=13)):
        answer = client.get("/profile")
    assert answer.headers["Location"] == "/sign-in?next=/profile"


def test_one_can_end_ones_own_sessions_and_nobody_elses(app, as_user, bob, charlie):
    as_user(bob)
    with app.app_context():
        session_id = db.session.query(UserSession).one().id
    path = f"/profile/sessions/{session_id}/end"
    assert post(as_user(charlie), path, {}, form_at="/profile").status_code == 404
    assert post(as_user(bob), path, {}, form_at="/profile").status_code == 303


def test_a_post_without_its_token_is_refused_with_a_helpful_page(client, bob):
    answer = client.post("/sign-in", data={"email": "bob@example.org", "password": PASSWORD})
    assert answer.status_code == 400 and "open for too long" in answer.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_stays_on_this_site(client, bob, target):
    assert sign_in(client, next=target).headers["Location"] == "/learning"
