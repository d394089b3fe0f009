"""Upkeep: what runs out is forgotten, what failed stays until somebody looks."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from lms.accounts.models import AccountToken, SignInFailure, UserSession
from lms.core import clock, tasks, work
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Delivery, Event, Task
from lms.notifications.models import Email
from lms.ops import jobs, upkeep
from tests.factories import NOW


def left(app, column):
    with app.app_context():
        return set(db.session.scalars(select(column)))


def put(app, model, *rows):
    with app.app_context(), work.unit():
        for row in rows:
            db.session.execute(insert(model).values(**row))


def run(app, which, at=NOW):
    with clock.stopped_at(at), app.app_context(), work.unit():
        which.body()


def test_old_sessions_links_and_failures_are_forgotten(app, bob):
    day = timedelta(days=1)
    session = {"user_id": bob.id, "created_at": NOW, "user_agent": "", "address": ""}
    put(
        app,
        UserSession,
        {**session, "token_hash": "live", "expires_at": NOW + day},
        {**session, "token_hash": "ran out yesterday", "expires_at": NOW - day},
        {**session, "token_hash": "ran out long ago", "expires_at": NOW - 31 * day},
        {**session, "token_hash": "ended long ago", "expires_at": NOW + day, "ended_at": NOW - 31 * day},
    )
    link = {"user_id": bob.id, "purpose": "verify_email", "email": bob.email, "created_at": NOW}
    put(
        app,
        AccountToken,
        {**link, "token_hash": "yesterday", "expires_at": NOW - day},
        {**link, "token_hash": "long ago", "expires_at": NOW - 31 * day},
    )
    failure = {"email": bob.email, "address": ""}
    put(app, SignInFailure, {**failure, "at": NOW - timedelta(hours=1)}, {**failure, "at": NOW - 2 * day})
    run(app, jobs.remove_expired)
    assert left(app, UserSession.token_hash) == {"live", "ran out yesterday"}
    assert left(app, AccountToken.token_hash) == {"yesterday"}
    assert left(app, SignInFailure.at) == {NOW - timedelta(hours=1)}


def test_old_events_go_with_their_deliveries_unless_one_failed(app):
    ages = {1: 31, 2: 31, 3: 31, 4: 1}
    put(
        app,
        Event,
        *(
            {"id": n, "name": "x", "payload": {}, "occurred_at": NOW - timedelta(days=d)}
            for n, d in ages.items()
        ),
    )
    delivery = {"subscriber": "x", "attempts": 1, "due_at": NOW}
    put(
        app,
        Delivery,
        {**delivery, "event_id": 1, "state": "done"},
        {**delivery, "event_id": 2, "state": "failed"},
    )
    run(app, jobs.remove_expired)
    assert left(app, Event.id) == {2, 4}
    assert left(app, Delivery.event_id) == {2}


def test_sent_messages_go_after_ninety_days_and_unsent_ones_stay(app):
    row = {
        "template": "test",
        "to_address": "b@example.org",
        "language": "en",
        "facts": {},
        "attempts": 1,
        "due_at": NOW,
    }
    old = NOW - timedelta(days=91)
    put(
        app,
        Email,
        {**row, "dedupe_key": "old", "state": "sent", "sent_at": old},
        {**row, "dedupe_key": "new", "state": "sent", "sent_at": NOW},
        {**row, "dedupe_key": "failed", "state": "failed"},
    )
    run(app, jobs.remove_expired)
    assert left(app, Email.dedupe_key) == {"new", "failed"}


def test_a_mountain_is_removed_in_pieces(app, monkeypatch):
    monkeypatch.setattr(upkeep, "MOST", 2)
    put(app, SignInFailure, *({"email": "a", "address": "", "at": NOW - timedelta(days=2)} for _ in range(5)))
    run(app, jobs.remove_expired)
    assert len(left(app, SignInFailure.id)) == 3
    run(app, jobs.remove_expired)
    assert len(left(app, SignInFailure.id)) == 1


@job("tests.long_work")
def long_work(task_id: int) -> None:
    tasks.perform(task_id, lambda task, progress: {"done": task.arguments["what"]})


def test_a_task_whose_worker_died_is_taken_up_again(app, bob, run_jobs):
    with app.app_context(), work.unit():
        tasks.start(long_work, bob.id, clock.now(), what="an import")
        db.session.flush()
    app.extensions["lectern-redis"].flushdb()
    run_jobs()
    assert left(app, Task.state) == {"queued"}
    run(app, jobs.sweep_tasks, clock.now() + timedelta(minutes=3))
    run_jobs()
    assert left(app, Task.state) == {"done"}


@pytest.mark.parametrize(
    "which", [jobs.sweep_events, jobs.sweep_emails, jobs.sweep_tasks, jobs.remove_expired]
)
def test_sweeping_an_empty_system_does_nothing(app, which):
    run(app, which)
    assert app.extensions["lectern-redis"].keys() == []
