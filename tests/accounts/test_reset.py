"""Links that we mail: confirmation and password reset."""

import re
from datetime import timedelta

from lms.accounts import actions
from lms.core import clock, work
from tests.factories import PASSWORD, person
from tests.support.forms import post

NEW = "a fresh set of words"


def link(message, path):
    text = message.get_body(("plain",)).get_content()
    return re.search(rf"(/{path}/\S+)", text)[1]


def ask(client, email="bob@example.org"):
    return post(client, "/password/forgot", {"email": email})


def test_the_reset_link_sets_a_password_once_and_ends_all_sessions(client, as_user, bob, inbox, run_jobs):
    elsewhere = as_user(bob)
    ask(client)
    run_jobs()
    path = link(inbox.to("bob@example.org")[0], "password/reset")
    assert post(client, path, {"password": NEW}).status_code == 303
    assert elsewhere.get("/profile").status_code == 303
    assert client.get(path).status_code == 410
    assert post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD}).status_code == 422
    assert post(client, "/sign-in", {"email": "bob@example.org", "password": NEW}).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, bob, inbox, run_jobs):
    known, unknown = ask(client), ask(client, "nobody@example.org")
    run_jobs()
    assert known.headers["Location"] == unknown.headers["Location"]
    assert not inbox.to("nobody@example.org")


def test_the_link_dies_after_thirty_minutes(client, bob, inbox, run_jobs):
    ask(client)
    run_jobs()
    path = link(inbox.to("bob@example.org")[0], "password/reset")
    with clock.stopped_at(clock.now() + timedelta(minutes=31)):
        assert client.get(path).status_code == 410


def test_a_newer_link_replaces_the_older(client, bob, inbox, run_jobs):
    ask(client)
    ask(client)
    run_jobs()
    first, second = (link(message, "password/reset") for message in inbox.to("bob@example.org"))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_the_link_in_the_welcome_message_confirms_the_address(app, client, inbox, run_jobs):
    post(client, "/register", {"name": "Eve", "email": "eve@example.org", "password": NEW})
    assert "Please confirm your address" in client.get("/profile").text
    run_jobs()
    path = link(inbox.to("eve@example.org")[0], "verify-email")
    assert "is confirmed" in client.get(path).text
    assert client.get(path).status_code == 200
    assert "Please confirm your address" not in client.get("/profile").text


def test_a_made_up_link_is_refused(client, bob):
    assert client.get("/verify-email/made-up").status_code == 410
    assert client.get("/password/reset/made-up").status_code == 410


def test_a_confirmation_link_dies_after_a_day(app, client, inbox, run_jobs):
    with app.app_context(), work.unit():
        user = person(app, "Fay", "fay@example.org", verified=False)
        actions.request_verification(user, clock.now())
    run_jobs()
    path = link(inbox.to("fay@example.org")[0], "verify-email")
    with clock.stopped_at(clock.now() + timedelta(hours=25)):
        assert client.get(path).status_code == 410
