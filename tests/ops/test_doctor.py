"""Commands for the operator."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from lms.core import clock, jobs, work
from lms.core.db import db
from lms.files import storage
from lms.notifications import actions
from lms.notifications.models import Email
from lms.ops import doctor, health
from tests.support.outage import no_redis
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def command(app):
    """Run `flask ops ...`; answers the click result."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["ops", *words])


def line(result, part):
    return next(words for words in result.output.splitlines() if part in words.split())


def test_the_doctor_looks_at_every_part_and_misses_the_worker(command, inbox):
    result = command("doctor")
    assert result.exit_code == 1
    for part in ("settings", "database", "migrations", "redis", "storage", "mail", "assets", "work"):
        assert line(result, part).startswith("ok"), result.output
    assert line(result, "workers").startswith("wrong")
    assert "-> Start one: `python worker.py`." in result.output
    assert line(result, "clock").startswith("wrong")
    assert line(result, "connections").startswith("ok")


def test_the_doctor_is_content_when_all_is_well(app, command, inbox):
    from rq import Queue, SimpleWorker

    connection = app.extensions["lectern-redis"]
    worker = SimpleWorker([Queue("default", connection=connection)], connection=connection)
    worker.register_birth()
    connection.set(jobs.CLOCK, 1)
    try:
        result = command("doctor")
        assert result.exit_code == 0, result.output
        assert "wrong" not in result.output
    finally:
        worker.register_death()


def test_each_part_that_is_away_gets_its_remedy(app, command):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, smtp_url="smtp://u:a-secret-word@127.0.0.1:1")
    try:
        with no_redis(app):
            result = command("doctor")
    finally:
        app.config["LECTERN"] = settings
    assert result.exit_code == 1
    assert "Is Redis running" in result.output
    assert "Is SMTP_URL right" in result.output
    assert line(result, "database").startswith("ok")
    assert "a-secret-word" not in result.output


SOUND = {
    "environment": "production",
    "base_url": "https://learn.example.org",
    "trusted_proxies": 1,
    "trusted_hosts": ("learn.example.org",),
    "mail_from": "Lectern <learn@example.org>",
}


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({}, ""),
        ({"trusted_hosts": (".example.org", "other.example")}, ""),
        ({"secret_key": "changeme" * 5}, "-> Make one: `python3 -c"),
        ({"trusted_hosts": ("other.example",)}, "-> Add the name in BASE_URL to TRUSTED_HOSTS."),
        ({"trusted_proxies": 0}, "-> Set TRUSTED_PROXIES to how many proxies"),
        ({"mail_from": "Lectern <lectern@localhost>"}, "-> Set it to an address of a domain"),
    ],
)
def test_a_setting_that_starts_and_is_wrong_all_the_same_is_found(app, command, inbox, changes, remedy):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, **{**SOUND, **changes})
    try:
        result = command("doctor")
    finally:
        app.config["LECTERN"] = settings
    assert line(result, "settings").startswith("wrong" if remedy else "ok"), result.output
    assert remedy in result.output
    assert settings.secret_key not in result.output and "changeme" not in result.output


def test_a_store_nobody_can_write_to_a_full_disk_and_an_older_database_are_found(
    app, command, inbox, tmp_path, monkeypatch
):
    kept = app.extensions["lectern-storage"]
    (tmp_path / "file").write_text("in the way")
    storage.init_app(
        app, dataclasses.replace(app.config["LECTERN"], storage_url=f"file://{tmp_path}/file/below")
    )
    with app.app_context(), db.engine.begin() as connection:
        version = connection.scalar(text("select version_num from alembic_version"))
        older = min(health.known_migrations() - health.wanted_migrations())
        connection.execute(text("update alembic_version set version_num = :it"), {"it": older})
    try:
        result = command("doctor")
    finally:
        app.extensions["lectern-storage"] = kept
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = :it"), {"it": version})
    assert line(result, "storage").startswith("wrong") and "Can this user write to" in result.output
    assert line(result, "migrations").startswith("wrong") and "Run `flask db upgrade`" in result.output
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 10**18)
    result = command("doctor")
    assert line(result, "storage").startswith("wrong") and "Make room on the disk of" in result.output
    assert line(result, "migrations").startswith("ok")


def test_a_redis_that_forgets_jobs_when_it_is_full_is_found(app, command, inbox):
    connection = app.extensions["lectern-redis"]
    connection.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert "-> Set `maxmemory-policy noeviction`." in command("doctor").output
    finally:
        connection.config_set("maxmemory-policy", "noeviction")


def test_a_message_that_could_not_be_sent_is_found(app, command, inbox):
    with app.app_context(), work.unit():
        number = actions.queue("test", "b@example.org", {}, clock.now(), None)
        db.session.get(Email, number).state = "failed"
    assert "unsent messages: 1" in command("doctor").output


def test_a_test_message_arrives_or_the_reason_is_told(command, inbox):
    assert command("send-test-email", "bob@example.org").exit_code == 0
    assert "sends mail as it should" in inbox.messages[0].get_body(("plain",)).get_content()
    inbox.answers.append("rcpt 550 no such person")
    result = command("send-test-email", "nobody@example.org")
    assert result.exit_code == 1
    assert "no such person" in result.output


def test_an_address_that_is_none_is_refused_in_words(command, inbox):
    result = command("send-test-email", "not an address")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_due_jobs_run_without_a_worker(app, command, inbox):
    with app.app_context(), work.unit():
        actions.queue("test", "bob@example.org", {}, clock.now(), None)
    result = command("run-due-jobs")
    assert result.exit_code == 0, result.output
    assert len(inbox.messages) == 1


def test_due_jobs_that_fail_are_counted(app, command, inbox):
    inbox.answers.append("451 later")
    with app.app_context(), work.unit():
        actions.queue("test", "bob@example.org", {}, clock.now(), None)
    result = command("run-due-jobs")
    assert result.exit_code == 1
    assert "Jobs that failed: 1." in result.output


def test_a_clock_of_its_own_is_seen(app, command, environment):
    """As in production: `worker.py --clock-only` beside workers without a clock."""
    connection = app.extensions["lectern-redis"]
    process = subprocess.Popen(
        [sys.executable, "worker.py", "--clock-only"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: connection.exists(jobs.CLOCK))
    finally:
        process.terminate()
        process.wait(10)
    assert line(command("doctor"), "clock").startswith("ok")
    assert 0 < connection.ttl(jobs.CLOCK) <= jobs.CLOCK_SECONDS


@pytest.fixture
def fresh(postgres, environment):
    """`flask ...` on a database in which nothing was made yet."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("create database not_upgraded")

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env={**os.environ, **environment, "DATABASE_URL": postgres.url_for("not_upgraded")},
            capture_output=True,
            text=True,
            timeout=120,
        )

    yield run
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("drop database not_upgraded with (force)")


def test_before_the_first_upgrade_every_command_says_what_is_missing(fresh):
    for words in (("accounts", "setup-token"), ("ops", "seed"), ("accounts", "reset-settings")):
        done = fresh(*words)
        assert done.returncode == 1
        assert "The database has no tables yet: run `flask db upgrade`." in done.stderr
        assert "Traceback" not in done.stderr
    done = fresh("ops", "doctor")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for part in ("migrations", "work", "errors"):
        assert "The database has no tables yet" in next(
            x for x in done.stdout.splitlines() if part in x.split()
        )
    assert "InFailedSqlTransaction" not in done.stdout
