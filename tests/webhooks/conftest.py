"""A receiver, and an endpoint that leads to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, events, work
from lms.core.db import db
from lms.courses.models import Course
from lms.webhooks import actions, delivering, rules
from tests import factories
from tests.support.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture(autouse=True)
def private_receivers(app, monkeypatch):
    """The receivers of tests are on this machine."""
    monkeypatch.setitem(app.config, "LECTERN", replace(app.config["LECTERN"], webhooks_allow_private=True))


@pytest.fixture
def subscribe(app, receiver):
    """Make an endpoint; its number and its secret."""

    def make(*names, url=None):
        with app.app_context(), work.unit():
            endpoint, secret = actions.create(
                url or receiver.url, "Books", list(names or rules.EVENTS), clock.now()
            )
            return endpoint.id, secret

    return make


@pytest.fixture
def happen(app, alice):
    """A course is published, many times."""

    def publish(number=1):
        with app.app_context(), work.unit():
            for _ in range(number):
                course_id = db.session.scalar(select(Course.id).order_by(Course.id).limit(1))
                events.record("course.published", clock.now(), course_id=course_id)

    factories.course(app, alice)
    return publish


@pytest.fixture
def later(app, run_jobs):
    """Let that much time pass, sweep, and work off what is due."""

    def pass_by(**wait):
        with clock.stopped_at(clock.now() + timedelta(**wait)):
            with app.app_context(), work.unit():
                swept = delivering.sweep(clock.now())
            run_jobs()
        return swept

    return pass_by
