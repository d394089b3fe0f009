"""Whoever asks for an address that has no account learns nothing, not even by a watch."""

import statistics
import time

import pytest

from config import Settings
from lms.accounts import actions, passwords
from lms.core import clock, work
from tests.factories import PASSWORD
from tests.support import sql
from tests.support.forms import token


def statements(app, client, page, fields):
    data = {"csrf_token": token(client, page), **fields}
    with sql.count(app) as seen:
        client.post(page, data=data)
    return seen


def test_a_known_and_an_unknown_address_cost_the_same_statements_when_forgotten(app, client, bob):
    known = statements(app, client, "/password/forgot", {"email": "bob@example.org"})
    unknown = statements(app, client, "/password/forgot", {"email": "nobody@example.org"})
    assert known == unknown


def test_a_known_and_an_unknown_address_cost_the_same_statements_at_sign_in(app, client, bob):
    known = statements(app, client, "/sign-in", {"email": "bob@example.org", "password": "a guess"})
    unknown = statements(app, client, "/sign-in", {"email": "nobody@example.org", "password": "a guess"})
    assert known == unknown


@pytest.fixture
def dear(app, environment, bob):
    """Hashing that can be measured, and bob's password hashed so."""
    before = app.config["LECTERN"]
    app.config["LECTERN"] = Settings.from_env({**environment, "BCRYPT_COST": "10"})
    with app.app_context(), work.unit():
        actions.queries.user_by_id(bob.id).password_hash = passwords.hashed(PASSWORD, 10)
    yield app
    app.config["LECTERN"] = before


def test_an_unknown_and_a_locked_account_are_hashed_for_as_long(dear):
    def seconds(email):
        with dear.app_context(), work.unit():
            start = time.thread_time()
            actions.sign_in(email=email, password="a guess", address="", at=clock.now())
            return time.thread_time() - start

    known = statistics.median(seconds("bob@example.org") for _ in range(3))
    unknown = statistics.median(seconds(f"nobody{n}@example.org") for n in range(3))
    for _ in range(3):
        seconds("bob@example.org")
    locked = statistics.median(seconds("bob@example.org") for _ in range(3))
    assert known > 0.02, "a hash at cost 10 takes some 50 ms"
    assert 0.5 < unknown / known < 2
    assert 0.5 < locked / known < 2
