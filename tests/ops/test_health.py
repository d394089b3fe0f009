"""What a load balancer and an operator ask."""

import dataclasses

import pytest
from sqlalchemy import event, text

from config import Settings
from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from lms.files import storage
from lms.ops import health
from tests.support.outage import no_redis


def test_health_asks_nobody_else(app, client):
    statements = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *more: statements.append(more[2]))
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers
    assert not statements


def test_ready_names_every_part(client):
    answer = client.get("/api/v1/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "parts": {part: {"ok": True} for part in ("database", "redis", "migrations", "storage")},
    }


@pytest.fixture
def at_version(app):
    """Pretend that the database is at another version."""

    def pretend(version):
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = :it"), {"it": version})

    with app.app_context(), db.engine.connect() as connection:
        known = connection.scalar(text("select version_num from alembic_version"))
    yield pretend
    pretend(known)


def test_a_database_of_an_older_release_is_not_ready(client, at_version):
    at_version(min(health.known_migrations() - health.wanted_migrations()))
    answer = client.get("/api/v1/ready")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.json["parts"]["migrations"]["why"]
    assert answer.json["parts"]["database"] == {"ok": True}


def test_while_the_next_release_is_rolled_out_this_one_stays_ready(client, at_version):
    at_version("of-the-next-release")
    assert client.get("/api/v1/ready").status_code == 200


def test_without_redis_it_is_not_ready_and_tells_no_secret(app, client):
    with no_redis(app):
        answer = client.get("/api/v1/ready")
    assert answer.status_code == 503
    assert answer.json["parts"]["redis"] == {"ok": False, "why": "does not answer (ConnectionError)"}
    assert answer.json["parts"]["database"]["ok"]
    assert "a-secret-word" not in answer.text


def test_without_storage_it_is_not_ready(app, client, tmp_path):
    (tmp_path / "file").write_text("in the way")
    kept = app.extensions["lectern-storage"]
    storage.init_app(
        app, dataclasses.replace(app.config["LECTERN"], storage_url=f"file://{tmp_path}/file/below")
    )
    try:
        answer = client.get("/api/v1/ready")
    finally:
        app.extensions["lectern-storage"] = kept
    assert answer.status_code == 503
    assert "does not answer" in answer.json["parts"]["storage"]["why"]


@pytest.fixture
def elsewhere():
    """An application of other settings, whose database and Redis nobody has started."""
    here = jobs._app

    def make(**changes):
        settings = {
            "environment": "test",
            "secret_key": "s" * 40,
            "database_url": "postgresql+psycopg://lectern:hidden@127.0.0.1:1/none",
            "redis_url": "redis://127.0.0.1:1",
            "smtp_url": "smtp://127.0.0.1:1",
            "base_url": "http://localhost",
            "rate_limits": False,
            **changes,
        }
        return create_app(Settings(**settings)).test_client()

    yield make
    jobs._app = here


def test_without_a_database_it_still_answers(elsewhere):
    client = elsewhere()
    assert client.get("/api/v1/health").status_code == 200
    answer = client.get("/api/v1/ready")
    assert answer.status_code == 503
    assert not answer.json["parts"]["database"]["ok"]
    assert not answer.json["parts"]["migrations"]["ok"]
    assert "hidden" not in answer.text


def test_a_probe_inside_the_machine_is_not_sent_away_to_https(elsewhere):
    client = elsewhere(environment="production", base_url="https://learn.example.org")
    assert client.get("/sign-in").status_code == 302
    assert client.get("/api/v1/health").status_code == 200
