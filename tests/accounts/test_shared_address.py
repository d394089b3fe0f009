"""A class behind one network address, and an attacker in the same room."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from lms.core.security import limiter
from lms.ops.servers import Redis
from tests.factories import PASSWORD, person
from tests.support.forms import post, token

CLASS = 30
WORDS = "four plain words here"


@pytest.fixture
def counter(tmp_path) -> Iterator[Redis]:
    """A Redis of our own, that may be stopped."""
    with Redis(tmp_path / "redis", durable=False) as running:
        yield running


@pytest.fixture
def limited(app: Flask, environment: dict[str, str], counter: Redis) -> Iterator[Flask]:
    """The application with its limits on. The limiter and the jobs belong to the application made last."""
    before, jobs_belong_to = dict(vars(limiter)), jobs._app
    made = create_app(Settings.from_env({**environment, "RATE_LIMITS": "true", "REDIS_URL": counter.url}))
    yield made
    with made.app_context():
        db.engine.dispose()
    made.extensions["lectern-redis"].close()
    vars(limiter).update(before)
    jobs._app = jobs_belong_to


class Attacker:
    """Guesses at one account as fast as the server answers, from the address that everybody shares."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.fields = {"csrf_token": token(self.client, "/sign-in"), "email": email}

    def guess(self, password: str) -> int:
        return self.client.post("/sign-in", data={**self.fields, "password": password}).status_code


def learner(app: Flask, number: int) -> list[int]:
    """Registers in one browser and signs in with another."""
    who = {"email": f"learner{number}@example.org", "password": WORDS}
    return [
        post(app.test_client(), "/register", {"name": f"Learner {number}", **who}).status_code,
        post(app.test_client(), "/sign-in", who).status_code,
    ]


def test_thirty_learners_come_in_while_somebody_guesses_at_a_thirty_first_account(limited, bob):
    attacker = Attacker(limited, "bob@example.org")
    tried = []
    for number in range(CLASS):
        tried += [attacker.guess(f"guess {number}-{n}") for n in range(25)]
        assert learner(limited, number) == [303, 303]
    assert len(tried) > 600, "more than all sign-ins of an address may be"
    assert 303 not in tried and attacker.guess(PASSWORD) != 303
    assert tried.count(422) == 20 and tried.count(429) == len(tried) - 20
    assert learner(limited, CLASS) == [303, 303]


def test_when_redis_goes_away_the_limits_hold_and_nothing_breaks(limited, bob, counter):
    attacker = Attacker(limited, "bob@example.org")
    assert [attacker.guess("a guess") for _ in range(21)][-1] == 429
    counter.stop()
    answers = [attacker.guess("a guess") for _ in range(25)]
    assert set(answers) <= {422, 429} and answers[-1] == 429
    assert attacker.guess(PASSWORD) == 429
    assert [learner(limited, number) for number in range(3)] == [[303, 303]] * 3


def test_who_is_too_fast_reads_when_to_come_back(limited, bob):
    attacker = Attacker(limited, "bob@example.org")
    for _ in range(20):
        attacker.guess("a guess")
    answer = attacker.client.post("/sign-in", data={**attacker.fields, "password": "a guess"})
    assert answer.status_code == 429
    assert "a little too fast" in answer.text and "<html" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("20", "0")
    assert int(answer.headers["X-RateLimit-Reset"]) > 0


def test_who_has_to_wait_for_long_reads_how_many_minutes(limited, bob):
    client = limited.test_client()
    post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD})
    for _ in range(5):
        post(client, "/profile/messages/address", {}, form_at="/profile")
    refused = post(client, "/profile/messages/address", {}, form_at="/profile")
    minutes = re.search(r"Wait (\d+) minutes, then try again", refused.text)
    assert refused.status_code == 429 and minutes and 2 <= int(minutes[1]) <= 60


def test_every_answer_says_how_much_is_left(limited):
    answer = limited.test_client().get("/sign-in")
    assert answer.headers["X-RateLimit-Limit"] == "3000"


def test_people_who_are_signed_in_are_counted_one_by_one(limited):
    with limited.app_context():
        for name in ("gil", "hal"):
            person(limited, name.title(), f"{name}@example.org", verified=False)
    clients = [limited.test_client() for _ in range(2)]
    for client, name in zip(clients, ("gil", "hal"), strict=True):
        post(client, "/sign-in", {"email": f"{name}@example.org", "password": PASSWORD})
    answers = [post(clients[0], "/verify-email", {}, form_at="/profile").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert post(clients[1], "/verify-email", {}, form_at="/profile").status_code == 303
