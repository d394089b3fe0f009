"""Someone changes the password or the address they sign in with."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import AuditEntry, User
from lms.core import clock
from lms.core.db import db
from tests.factories import PASSWORD
from tests.support.forms import post
from tests.support.mail import text_of

NEW = "a fresh set of words"


def sign_in(client, password, email="bob@example.org"):
    return post(client, "/sign-in", {"email": email, "password": password})


def test_a_new_password_takes_the_current_one_and_ends_the_other_sessions(
    client, as_user, bob, inbox, run_jobs
):
    here, elsewhere = as_user(bob), as_user(bob)
    wrong = post(here, "/profile/password", {"current": "a guess", "password": NEW})
    assert wrong.status_code == 422 and "not your current password" in wrong.text
    assert post(here, "/profile/password", {"current": PASSWORD, "password": NEW}).status_code == 303
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303
    assert sign_in(client, PASSWORD).status_code == 422
    assert sign_in(client, NEW).status_code == 303
    run_jobs()
    assert "Your password was changed" in [m["subject"] for m in inbox.to("bob@example.org")]


def test_the_old_secret_of_this_browser_is_dead_as_well(app, as_user, bob):
    here, thief = as_user(bob), app.test_client()
    with here.session_transaction() as cookie, thief.session_transaction() as stolen:
        stolen.update(dict(cookie))
    assert thief.get("/profile").status_code == 200
    post(here, "/profile/password", {"current": PASSWORD, "password": NEW})
    assert thief.get("/profile").status_code == 303


def test_an_administrator_needs_twelve_characters(as_user, dana, bob):
    short = {"current": PASSWORD, "password": "elevenchars"}
    answer = post(as_user(dana), "/profile/password", short)
    assert answer.status_code == 422 and "at least 12" in answer.text
    assert post(as_user(bob), "/profile/password", short).status_code == 303


def test_a_new_password_kills_links_that_were_mailed(client, as_user, bob, inbox, run_jobs):
    post(client, "/password/forgot", {"email": "bob@example.org"})
    run_jobs()
    path = re.search(r"(/password/reset/\S+)", text_of(inbox.to("bob@example.org")[0]))[1]
    assert client.get(path).status_code == 200
    post(as_user(bob), "/profile/password", {"current": PASSWORD, "password": NEW})
    assert client.get(path).status_code == 410


@pytest.fixture
def asked(as_user, bob, inbox, run_jobs):
    """Bob asked for a new address; the path of the link that it got."""
    post(as_user(bob), "/profile/email", {"email": "robert@example.net", "current": PASSWORD})
    run_jobs()
    return re.search(r"(/email/confirm/\S+)", text_of(inbox.to("robert@example.net")[0]))[1]


def address_of(app, user):
    with app.app_context():
        return db.session.get(User, user.id).email


def test_a_new_address_counts_when_its_link_is_confirmed(app, client, bob, asked):
    assert address_of(app, bob) == "bob@example.org"
    page = client.get(asked)
    assert page.status_code == 200 and "robert@example.net" in page.text
    assert address_of(app, bob) == "bob@example.org", "programs that open links in mail change nothing"
    assert post(client, asked).status_code == 303
    assert address_of(app, bob) == "robert@example.net"
    assert sign_in(client, PASSWORD).status_code == 422
    assert sign_in(client, PASSWORD, "robert@example.net").status_code == 303
    assert client.get(asked).status_code == 410


def test_the_old_address_is_told(bob, asked, inbox):
    notice = inbox.to("bob@example.org")[0]
    assert "about to change" in notice["subject"] and "robert@example.net" in text_of(notice)


def test_the_change_is_noted_with_both_addresses(app, client, bob, asked):
    post(client, asked)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "email.changed")).one()
        assert (entry.subject_id, entry.details) == (bob.id, {"before": "bob@example.org"})


def test_the_link_dies_after_a_day(client, asked):
    with clock.stopped_at(clock.now() + timedelta(hours=25)):
        assert client.get(asked).status_code == 410


def test_an_address_that_somebody_took_meanwhile_changes_nothing(app, client, bob, charlie, asked):
    with app.app_context():
        db.session.get(User, charlie.id).email = "Robert@example.net"
        db.session.commit()
    assert post(client, asked).status_code == 410
    assert address_of(app, bob) == "bob@example.org"


def test_somebody_elses_address_is_refused(as_user, bob, charlie):
    answer = post(as_user(bob), "/profile/email", {"email": "CHARLIE@example.org", "current": PASSWORD})
    assert answer.status_code == 422 and "belongs to another account" in answer.text


def test_a_new_password_withdraws_the_wish_for_a_new_address(app, client, as_user, bob, asked):
    post(as_user(bob), "/profile/password", {"current": PASSWORD, "password": NEW})
    assert client.get(asked).status_code == 410
