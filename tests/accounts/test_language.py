"""Readers choose the language of the pages."""

import pytest

from lms.accounts.models import User
from lms.core.db import db
from tests.support.forms import post


def test_a_visitor_chooses_arabic_and_comes_back_to_the_page(client):
    answer = client.post("/language", data={"language": "ar", "next": "/courses?q=tea"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/courses?q=tea"
    cookie = answer.headers["Set-Cookie"]
    assert "lang=ar" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert '<html lang="ar" dir="rtl"' in client.get("/courses").text


def test_the_choice_needs_no_session(client):
    client.post("/language", data={"language": "ar"})
    assert client.get_cookie("session") is None


def test_a_person_keeps_it_in_their_profile(app, as_user, bob):
    browser = as_user(bob)
    post(browser, "/language", {"language": "ar", "next": "/profile"}, form_at="/profile")
    with app.app_context():
        assert db.session.get(User, bob.id).language == "ar"
    assert 'dir="rtl"' in browser.get("/profile").text


def test_every_page_offers_each_language_by_its_own_name(client):
    page = client.get("/sign-in").text
    assert 'action="/language"' in page and "English" in page and "العربية" in page


def test_a_language_that_is_not_there_is_refused(client):
    assert client.post("/language", data={"language": "xx"}).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_another_site_cannot_choose_for_them(app, as_user, bob, headers):
    assert as_user(bob).post("/language", data={"language": "ar"}, headers=headers).status_code == 403
    with app.app_context():
        assert db.session.get(User, bob.id).language == "en"


def test_nobody_is_led_to_another_site(client):
    answer = client.post("/language", data={"language": "en", "next": "//evil.example"})
    assert answer.headers["Location"] == "/"
