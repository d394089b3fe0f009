"""A receiver, and an endpoint that leads to it."""

from dataclasses import replace

import pytest

from lms.core import clock, work
from lms.webhooks import actions, rules
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
