"""What was not taken is sent again with the same id and body, whatever fails on the way, until it is given up."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from lms.core import clock, events, work
from lms.core.db import db
from lms.core.models import Event
from lms.webhooks import actions, rules
from lms.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from tests.support.outage import no_redis
from tests.support.receiver import answer
from tests.support.webhooks import change, endpoint, rows

ROOT = Path(__file__).resolve().parents[2]


def test_what_failed_is_tried_again_with_the_same_id_and_body(
    app, happen, receiver, subscribe, run_jobs, later
):
    _, secret = subscribe()
    receiver.behaviours += [answer(500, b"out of order"), answer(302, Location="http://127.0.0.1/")]
    happen()
    run_jobs()
    assert [row.state for row in rows(app, WebhookMessage)] == ["waiting"]
    later(seconds=2)
    assert len(receiver.requests) == 1
    later(seconds=7)
    later(minutes=4)
    assert len(receiver.requests) == 2
    later(minutes=6)
    assert len(receiver.requests) == 3
    assert len(set(receiver.ids)) == 1 and len({request.body for request in receiver.requests}) == 1
    assert receiver.requests[0].verified(secret)
    log = rows(app, WebhookAttempt)
    assert [(row.outcome, row.status) for row in log] == [
        ("status", 500),
        ("redirect", 302),
        ("delivered", 204),
    ]
    assert log[0].response_body == "out of order"
    assert log[0].request_headers["webhook-id"] == receiver.ids[0]
    assert endpoint(app).failing_since is None


def test_after_three_days_a_message_is_given_up(app, happen, receiver, subscribe, run_jobs, later):
    subscribe()
    receiver.behaviours += [answer(503)] * 20
    happen()
    run_jobs()
    for hours in (0.01, 0.2, 1, 4, 10, 21, 37, 60, 85):
        later(hours=hours)
    [message] = rows(app, WebhookMessage)
    assert (message.state, message.attempts) == ("failed", 10)
    spent = sum(rules.RETRY_SECONDS) / 86400
    assert 2.9 < spent < 3.1


def test_five_days_of_failure_switch_it_off_and_the_admins_hear_of_it(
    app, happen, receiver, subscribe, run_jobs, later
):
    number, _ = subscribe()
    receiver.behaviours += [answer(500)] * 3
    happen()
    run_jobs()
    assert endpoint(app).failing_since is not None
    change(app, update(WebhookEndpoint).values(failing_since=clock.now() - timedelta(days=4, hours=23)))
    later(seconds=10)
    assert endpoint(app).is_on
    change(app, update(WebhookEndpoint).values(failing_since=clock.now() - timedelta(days=5)))
    later(minutes=10)
    assert (endpoint(app).is_on, endpoint(app).off_reason) == (False, "failing")
    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.name == "webhook.switched_off")).one()
    assert (told.payload["endpoint_id"], told.payload["url"]) == (number, receiver.url)
    assert later(days=1) == 0 and len(receiver.requests) == 3
    with app.app_context(), work.unit():
        actions.switch(db.session.get_one(WebhookEndpoint, number), True, clock.now())
    later(days=1)
    assert [row.state for row in rows(app, WebhookMessage)] == ["delivered"]


def test_an_endpoint_that_is_removed_while_a_message_is_under_way(app, happen, receiver, subscribe, run_jobs):
    number, _ = subscribe()

    def slow(handler):
        with app.app_context(), work.unit():
            actions.remove(db.session.get_one(WebhookEndpoint, number), clock.now())
        answer(204)(handler)

    receiver.behaviours.append(slow)
    happen()
    run_jobs()
    assert len(receiver.requests) == 1 and rows(app, WebhookMessage) == []
    assert app.extensions["lectern-redis"].zcard("rq:failed:webhooks") == 0


def test_a_receiver_that_is_gone_is_not_asked_again(app, happen, receiver, subscribe, run_jobs):
    subscribe()
    receiver.behaviours.append(answer(410))
    happen()
    run_jobs()
    assert (endpoint(app).is_on, endpoint(app).off_reason) == (False, "gone")
    assert rows(app, WebhookMessage)[0].state == "failed"


def test_an_endpoint_that_fails_is_tried_out_with_one_message_at_a_time(
    app, happen, receiver, subscribe, run_jobs, later
):
    """A receiver that hangs costs five seconds a message; twelve of them must not cost a minute at each sweep."""
    subscribe()
    receiver.behaviours += [answer(500)] * 7
    happen(12)
    run_jobs()
    assert len(receiver.requests) == rules.FAILURES_BEFORE_PAUSE
    assert later(minutes=3) == 1
    assert len(receiver.requests) == 6
    later(minutes=6)
    later(minutes=9)
    later(minutes=50)
    assert len(receiver.ids) - 7 == 12 and len(set(receiver.ids)) == 12
    assert {row.state for row in rows(app, WebhookMessage)} == {"delivered"}


def test_a_worker_killed_between_sending_and_noting_it_sends_the_same_id_again(
    app, environment, happen, receiver, subscribe, later
):
    _, secret = subscribe()
    happen()
    command = [sys.executable, "worker.py", "--burst", "--no-clock"]
    surroundings = {**os.environ, **environment, "WEBHOOKS_ALLOW_PRIVATE": "true"}
    worker = subprocess.Popen(command, cwd=ROOT, env=surroundings, stderr=subprocess.DEVNULL)
    receiver.behaviours.append(lambda handler: worker.kill())
    assert worker.wait(60) == -9
    [message] = rows(app, WebhookMessage)
    assert (message.state, message.attempts, len(receiver.ids)) == ("waiting", 1, 1)
    later(minutes=3)
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1
    assert all(request.verified(secret) for request in receiver.requests)
    assert rows(app, WebhookMessage)[0].state == "delivered"


def test_without_redis_nothing_is_lost(app, happen, receiver, subscribe, run_jobs, later):
    subscribe()
    with no_redis(app):
        happen(3)
    run_jobs()
    assert receiver.requests == []
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        with app.app_context(), work.unit():
            events.sweep(clock.now())
        run_jobs()
    assert len(set(receiver.ids)) == 3 == len(receiver.ids)
