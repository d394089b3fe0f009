"""Someone makes an account."""

from lms.accounts.models import User
from lms.core.db import db
from tests.support.forms import post

NEW = {
    "name": "Eve Ember",
    "email": "Eve@Example.org",
    "password": "four plain words here",
    "time_zone": "Europe/Paris",
}


def user(app, email):
    with app.app_context():
        return db.session.query(User).filter_by(email=email).one_or_none()


def test_a_visitor_registers_and_is_signed_in(app, client):
    answer = post(client, "/register", NEW)
    assert answer.status_code == 303
    made = user(app, "Eve@example.org")
    assert (made.role, made.time_zone, made.email_verified_at) == ("student", "Europe/Paris", None)
    assert "Eve Ember" in client.get("/profile").text


def test_a_role_cannot_be_chosen_by_a_crafted_request(app, client):
    post(client, "/register", {**NEW, "role": "admin", "is_verified_instructor": "1"})
    assert user(app, "Eve@example.org").role == "student"


def test_a_taken_address_is_refused_whatever_its_case_and_what_was_typed_stays(app, client, bob):
    answer = post(client, "/register", {**NEW, "email": "BOB@example.org"})
    assert answer.status_code == 422
    assert "has an account already" in answer.text
    assert "BOB@example.org" in answer.text and "Eve Ember" in answer.text


def test_bad_input_is_named_in_place(client):
    answer = post(client, "/register", {"name": " ", "email": "nonsense", "password": "short"})
    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    assert "does not look like an email address" in answer.text
    assert "at least 8 characters" in answer.text


def test_a_password_that_guessers_try_first_is_refused(client):
    assert "first that guessers try" in post(client, "/register", {**NEW, "password": "Password123"}).text


def test_an_unknown_zone_falls_back_to_utc(app, client):
    post(client, "/register", {**NEW, "time_zone": "Mars/Olympus"})
    assert user(app, "Eve@example.org").time_zone == "UTC"


def test_htmx_gets_only_the_form_again(client):
    answer = post(client, "/register", {**NEW, "name": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.text and 'id="register-form"' in answer.text


def test_after_registering_the_visitor_goes_where_they_wanted(client):
    assert post(client, "/register?next=/courses/tea", NEW).headers["Location"] == "/courses/tea"


def test_nobody_is_led_to_another_site(client):
    assert post(client, "/register?next=https://evil.example/", NEW).headers["Location"] == "/learning"
