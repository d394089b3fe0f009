"""People see where they are signed in, and end what they do not know."""

import re

from sqlalchemy import select

from lms.accounts.models import UserSession
from lms.core.db import db
from tests.factories import PASSWORD
from tests.support.forms import post

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(app, agent=FIREFOX, address="203.0.113.9"):
    client = app.test_client()
    client.environ_base.update({"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address})
    return client


def sign_in(client):
    return post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD})


def test_each_browser_is_listed_with_its_address_and_this_one_is_marked(app, bob):
    here = browser(app)
    sign_in(here)
    sign_in(browser(app, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/605", "2001:db8::7"))
    page = here.get("/profile/sessions").text
    for words in ("Firefox, Linux", "Safari, iPhone", "203.0.113.9", "2001:db8::7"):
        assert words in page
    assert page.count("This browser") == 1


def test_all_others_are_ended_at_once(app, bob):
    here, one, two = browser(app), browser(app), browser(app)
    for client in (here, one, two):
        sign_in(client)
    answer = post(here, "/profile/sessions/others/end", {}, form_at="/profile/sessions")
    assert answer.status_code == 303
    assert "2 other browsers are signed out" in here.get("/profile/sessions").text
    assert [client.get("/profile").status_code for client in (here, one, two)] == [200, 303, 303]


def test_one_is_ended_and_the_rest_stay(app, bob):
    here, other = browser(app), browser(app)
    sign_in(here)
    sign_in(other)
    page = here.get("/profile/sessions").text
    path = re.search(r'action="(/profile/sessions/\d+/end)"', page)[1]
    post(here, path, {}, form_at="/profile/sessions")
    assert [client.get("/profile").status_code for client in (here, other)] == [200, 303]


def test_a_stranger_browser_is_listed_all_the_same(app, bob):
    here = browser(app, "<script>alert(1)</script>")
    sign_in(here)
    page = here.get("/profile/sessions").text
    assert "A browser" in page and "<script>alert" not in page


def test_the_cookie_holds_a_secret_that_the_database_does_not_know(app, bob):
    here = browser(app)
    sign_in(here)
    with here.session_transaction() as cookie, app.app_context():
        row = db.session.scalars(select(UserSession)).one()
        assert cookie["_user_id"] not in (row.token_hash, str(row.id))
        assert len(row.token_hash) == 64
