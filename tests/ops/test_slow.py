"""A statement that takes too long is logged with its words and its route, and without what people typed."""

import logging
import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from lms.core.jobs import job
from lms.ops import metrics
from tests.support.outage import no_redis


@pytest.fixture
def impatient(app):
    """The application with a limit of 20 ms, on the same database."""
    owner = jobs._app
    made = create_app(replace(app.config["LECTERN"], slow_query_ms=20))
    jobs._app = owner

    @made.get("/slowly/<name>")
    def slowly(name):
        db.session.execute(text("select pg_sleep(0.05),\n :name"), {"name": name})
        db.session.execute(text("select :name"), {"name": name})
        return "done"

    yield made
    with made.app_context():
        db.engine.dispose()


def test_the_slow_one_and_only_that_is_written(impatient, caplog):
    before = metrics.registry.get_sample_value("lectern_slow_statements_total")
    with caplog.at_level(logging.WARNING):
        impatient.test_client().get("/slowly/a-secret-of-bob")
    [line] = [record for record in caplog.records if record.name == "lectern.slow"]
    assert line.ms >= 50
    assert line.route == "/slowly/<name>"
    assert line.sql.startswith("select pg_sleep(0.05), ")
    assert "a-secret-of-bob" not in str(vars(line))
    assert metrics.registry.get_sample_value("lectern_slow_statements_total") == before + 1


@job("tests.slowly")
def dawdle() -> None:
    db.session.execute(text("select pg_sleep(0.05)"))


def test_those_of_a_worker_are_counted_where_the_scrape_reads_them(impatient, client, monkeypatch):
    """A worker answers no scrape; nor does its count go away with its process."""

    def counted():
        return float(
            re.search(r"^lectern_job_slow_statements_total (\S+)$", client.get("/metrics").text, re.M)[1]
        )

    monkeypatch.setattr(jobs, "_app", impatient)
    before = counted()
    jobs.run("tests.slowly")
    assert counted() == before + 1
    with no_redis(impatient):
        jobs.run("tests.slowly")
    assert counted() == before + 1, "the job is done all the same"


def test_nothing_is_timed_when_it_is_switched_off(app, caplog):
    owner = jobs._app
    made = create_app(replace(app.config["LECTERN"], slow_query_ms=0))
    jobs._app = owner
    with made.app_context(), caplog.at_level(logging.WARNING):
        db.session.execute(text("select pg_sleep(0.55)"))
        db.session.rollback()
        db.engine.dispose()
    assert [record for record in caplog.records if record.name == "lectern.slow"] == []
