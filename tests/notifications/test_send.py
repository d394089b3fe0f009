"""A message reaches its reader once, or the operator sees why not."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.accounts import actions as accounts
from lms.core import clock, work
from lms.core.db import db
from lms.core.events import deliver, record
from lms.core.models import Delivery
from lms.notifications import actions, jobs, smtp
from lms.notifications.models import Email
from tests.factories import NOW


def queued(app, address="bob@example.org", **more):
    with app.app_context(), work.unit():
        return actions.queue("test", address, {}, clock.now(), more.pop("key", None), **more)


def row(app, email_id=1):
    with app.app_context():
        db.session.remove()
        return db.session.get(Email, email_id)


def sweep_after(app, run_jobs, **wait):
    """Let time pass, sweep, and let the worker work."""
    later = clock.now() + timedelta(**wait)
    with clock.stopped_at(later):
        with app.app_context(), work.unit():
            swept = actions.sweep(clock.now())
        run_jobs()
    return swept


def test_a_queued_message_is_sent_and_marked(app, inbox, run_jobs):
    queued(app)
    run_jobs()
    assert [str(message["to"]) for message in inbox.messages] == ["bob@example.org"]
    assert row(app).state == "sent"
    assert row(app).sent_at is not None


def test_nothing_is_sent_for_what_was_rolled_back(app, inbox, run_jobs):
    with pytest.raises(LookupError), app.app_context(), work.unit():
        actions.queue("test", "bob@example.org", {}, NOW, None)
        raise LookupError
    run_jobs()
    assert not inbox.messages
    assert row(app) is None


def test_the_same_cause_queues_one_message(app, inbox, run_jobs):
    assert queued(app, key="once") is not None
    assert queued(app, key="once") is None
    run_jobs()
    assert len(inbox.messages) == 1


def test_an_event_delivered_twice_sends_one_message(app, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        accounts.request_reset(bob.email, clock.now())
    with app.app_context():
        delivery_id = db.session.scalar(select(Delivery.id))
    deliver(delivery_id)
    with app.app_context(), work.unit():
        db.session.execute(update(Delivery).values(state="pending", attempts=0))
    deliver(delivery_id)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 1


def test_a_message_enqueued_three_times_is_sent_once(app, inbox, run_jobs):
    email_id = queued(app)
    with app.app_context(), work.unit():
        for _ in range(2):
            record("nothing.heard", NOW)
            actions.events.send(jobs.send_email, email_id, 0)
    run_jobs()
    assert len(inbox.messages) == 1


def test_a_greylisted_message_is_tried_again_and_its_reason_can_be_seen(app, inbox, run_jobs):
    inbox.answers.append("451 come back later")
    queued(app)
    run_jobs()
    assert not inbox.messages
    assert row(app).state == "queued"
    assert "come back later" in row(app).last_error
    assert sweep_after(app, run_jobs, seconds=5) == 0, "the first retry waits ten seconds"
    assert sweep_after(app, run_jobs, seconds=11) == 1
    assert len(inbox.messages) == 1
    assert (row(app).state, row(app).attempts, row(app).last_error) == ("sent", 2, None)


def test_a_greylisted_recipient_is_tried_again(app, inbox, run_jobs):
    inbox.answers.append("rcpt 451 greylisted")
    queued(app)
    run_jobs()
    assert (row(app).state, inbox.messages) == ("queued", [])
    sweep_after(app, run_jobs, seconds=11)
    assert len(inbox.messages) == 1


def test_a_line_that_breaks_in_the_middle_is_tried_again_under_the_same_message_id(app, inbox, run_jobs):
    queued(app)
    run_jobs()
    with app.app_context(), work.unit():
        db.session.execute(update(Email).values(state="queued"))
    inbox.answers.append("hang up")
    sweep_after(app, run_jobs, minutes=1)
    assert "Disconnected" in row(app).last_error
    sweep_after(app, run_jobs, minutes=3)
    first, second = inbox.messages
    assert first["message-id"] == second["message-id"]


def test_a_slow_server_is_waited_for(app, inbox, run_jobs):
    inbox.answers.append("slow 1")
    queued(app)
    run_jobs()
    assert (row(app).state, len(inbox.messages)) == ("sent", 1)


def test_a_server_that_is_too_slow_is_asked_again_under_the_same_message_id(
    app, inbox, run_jobs, monkeypatch
):
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.5)
    inbox.answers.append("slow 1")
    queued(app)
    run_jobs()
    assert row(app).state == "queued"
    assert "time" in row(app).last_error.lower()
    sweep_after(app, run_jobs, seconds=11)
    assert row(app).state == "sent"
    assert len({message["message-id"] for message in inbox.messages}) == 1


@pytest.mark.parametrize("answer", ["rcpt 550 no such person", "554 not wanted here"])
def test_a_refusal_for_good_fails_at_once(app, inbox, run_jobs, answer):
    inbox.answers.append(answer)
    queued(app)
    run_jobs()
    assert row(app).state == "failed"
    assert answer.removeprefix("rcpt ") in row(app).last_error
    assert sweep_after(app, run_jobs, days=1) == 0
    assert not inbox.messages


def test_a_failed_job_is_seen_to_fail(app, inbox, run_jobs):
    inbox.answers.append("rcpt 550 no such person")
    queued(app)
    run_jobs()
    assert app.extensions["lectern-redis"].zcard("rq:failed:emails") == 1


def test_without_a_server_we_try_for_two_days_and_then_stop(app, run_jobs, inbox):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1")
    try:
        queued(app)
        run_jobs()
        moment, attempts = clock.now(), 1
        while row(app).state == "queued":
            moment = row(app).due_at + timedelta(seconds=1)
            with clock.stopped_at(moment):
                with app.app_context(), work.unit():
                    actions.sweep(moment)
                run_jobs()
            attempts += 1
    finally:
        app.config["LECTERN"] = settings
    assert row(app).state == "failed"
    assert "refused" in row(app).last_error
    assert attempts == 17
    assert timedelta(hours=40) < moment - row(app).created_at < timedelta(hours=50)


def test_a_failed_message_can_be_sent_again_by_hand(app, inbox, run_jobs):
    inbox.answers.append("rcpt 550 mailbox full for good")
    queued(app)
    run_jobs()
    with app.app_context(), work.unit():
        assert actions.retry(1, clock.now())
        assert not actions.retry(1, clock.now())
    run_jobs()
    assert len(inbox.messages) == 1


def test_a_worker_that_died_while_sending_leaves_the_message_to_the_next(app, inbox, run_jobs):
    queued(app)
    with app.app_context(), work.unit():
        assert actions.claim(1, 0, clock.now()) is not None
    run_jobs()
    assert not inbox.messages, "the lease is still held"
    assert sweep_after(app, run_jobs, minutes=1.5) == 0
    assert sweep_after(app, run_jobs, minutes=3) == 1
    assert len(inbox.messages) == 1


def test_a_worker_whose_lease_ran_out_changes_nothing(app, inbox):
    queued(app)
    with app.app_context(), work.unit():
        slow = actions.claim(1, 0, clock.now())
    with app.app_context(), work.unit():
        quick = actions.claim(1, 1, clock.now() + timedelta(minutes=6))
    assert quick is not None
    with app.app_context(), work.unit():
        actions.postpone(slow, clock.now(), OSError("too late"))
    assert (row(app).last_error, row(app).lease_until is None) == (None, False)


def test_a_wiped_redis_loses_no_message(app, inbox, run_jobs):
    queued(app)
    app.extensions["lectern-redis"].flushdb()
    run_jobs()
    assert not inbox.messages
    sweep_after(app, run_jobs, seconds=30)
    assert len(inbox.messages) == 1


def test_a_reset_link_that_ran_out_meanwhile_is_not_sent(app, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        accounts.request_reset(bob.email, clock.now() - timedelta(hours=1))
    run_jobs()
    assert not inbox.messages
    assert "ran out" in row(app).last_error
