"""The first administrator of an empty system."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from lms.accounts import first_run
from lms.accounts.models import User
from lms.core import clock, work
from lms.core.db import db
from tests.support.forms import post

NEW = {"name": "Dana Dale", "email": "dana@example.org", "password": "twelve or more"}


def secret(app):
    with app.app_context():
        return first_run.token()


def test_the_token_of_the_log_makes_the_first_administrator(app, client):
    answer = post(client, "/setup", {**NEW, "token": secret(app)})
    assert answer.status_code == 303 and answer.headers["Location"] == "/admin/"
    with app.app_context():
        made = db.session.scalars(select(User)).one()
        assert (made.role, made.email, made.email_verified_at is not None) == (
            "admin",
            "dana@example.org",
            True,
        )
    assert "Dana Dale" in client.get("/profile").text


def test_it_is_gone_afterwards(app, client, bob):
    assert client.get("/setup").status_code == 404
    fields = {**NEW, "token": secret(app)}
    assert post(client, "/setup", fields, form_at="/sign-in").status_code == 404


def test_a_wrong_token_makes_nobody(app, client):
    answer = post(client, "/setup", {**NEW, "token": "made-up"})
    assert answer.status_code == 422 and "not the token" in answer.text and "Dana Dale" in answer.text
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []


def test_an_administrator_has_a_long_password(app, client):
    answer = post(client, "/setup", {**NEW, "password": "too short", "token": secret(app)})
    assert answer.status_code == 422 and "at least 12" in answer.text


def test_two_at_the_same_time_make_one_administrator(app):
    def make(number):
        with app.app_context(), work.unit():
            made = first_run.create_admin(
                name="Dana", email=f"dana{number}@example.org", password="twelve or more", at=clock.now()
            )
            return made is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [False, False, False, True]


def test_the_command_prints_the_token_while_nobody_is_there(app):
    printed = app.test_cli_runner().invoke(args=["accounts", "setup-token"]).output
    assert secret(app) in printed and "http://localhost/setup" in printed


def test_the_command_prints_no_token_afterwards(app, bob):
    printed = app.test_cli_runner().invoke(args=["accounts", "setup-token"]).output
    assert secret(app) not in printed and "set up already" in printed
