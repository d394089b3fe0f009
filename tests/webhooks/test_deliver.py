"""Each event reaches each endpoint that chose it, signed, until it is taken; a receiver counts it once."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from standardwebhooks import WebhookVerificationError

from lms.accounts import actions as accounts
from lms.certificates import actions as certificates
from lms.certificates.models import Certificate
from lms.core import clock, events, jobs, work
from lms.core.db import db
from lms.core.models import Delivery, Event
from lms.courses import actions as courses
from lms.courses.models import Course, Lesson
from lms.learning import actions as learning
from lms.learning.models import Enrollment
from lms.quizzes import actions as quizzes
from lms.quizzes.models import Attempt
from lms.webhooks import actions, delivering, rules
from lms.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from tests import factories
from tests.support import quizzes as quiz_support
from tests.support.outage import no_redis
from tests.support.receiver import answer

ROOT = Path(__file__).resolve().parents[2]


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


def rows(app, model):
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


def endpoint(app):
    return rows(app, WebhookEndpoint)[0]


def first_lesson(course_id):
    return db.session.scalar(select(Lesson.id).where(Lesson.course_id == course_id, Lesson.position == 1))


def change(app, statement):
    with app.app_context(), work.unit():
        db.session.execute(statement)


def test_every_kind_of_event_arrives_signed_and_says_what_happened(
    app, alice, bob, dana, receiver, subscribe, run_jobs
):
    _, secret = subscribe()
    draft = factories.course(app, alice, slug="tea", lessons=1, published=False)
    with app.app_context(), work.unit():
        at = clock.now()
        assert courses.publish(db.session.get_one(Course, draft.id), alice, at, unfit_quizzes=0) == ()
        accounts.register(
            name="Eve",
            email="eve@example.org",
            password="four plain words",
            language="en",
            time_zone="UTC",
            at=at,
        )
        enrolled = learning.enroll(draft.id, bob.id, at)
        lesson_id = first_lesson(draft.id)
        learning.complete_lesson(enrolled.enrollment_id, lesson_id, (), at)
    run_jobs()
    with app.app_context(), work.unit():
        number = db.session.scalar(select(Certificate.id))
        certificates.revoke(number, by=dana.id, reason="A mistake.", at=clock.now())
    run_jobs()
    said = {(say := request.verified(secret))["type"]: say["data"] for request in receiver.requests}
    assert set(said) == {
        "course.published",
        "user.registered",
        "enrollment.created",
        "lesson.completed",
        "enrollment.completed",
        "certificate.issued",
        "certificate.revoked",
    }
    assert said["course.published"]["course"]["url"] == "http://localhost/courses/tea"
    assert said["lesson.completed"]["lesson"]["slug"] == "lesson-1"
    assert said["enrollment.completed"]["user"] == {"id": bob.id}
    assert said["certificate.revoked"]["certificate"]["revoked_at"] is not None
    everything = b"".join(request.body for request in receiver.requests)
    for private in (b"eve@example.org", b"Eve", b"Bob", b"A mistake", b"token"):
        assert private not in everything
    assert {row.state for row in rows(app, WebhookMessage)} == {"delivered"}


def test_a_quiz_that_was_handed_in(app, alice, bob, receiver, subscribe, run_jobs):
    _, secret = subscribe("quiz.submitted", "enrollment.created")
    course = factories.course(app, alice)
    enrolled = quiz_support.enrolled(app, bob, course)
    made = quiz_support.quiz(app, course, [quiz_support.single()])
    with app.app_context(), work.unit():
        attempt = Attempt(
            quiz_id=made.id,
            user_id=bob.id,
            enrollment_id=enrolled.id,
            number=1,
            layout=[],
            started_at=clock.now(),
        )
        db.session.add(attempt)
        db.session.flush()
        quizzes.close(attempt.id, clock.now(), "learner")
    run_jobs()
    [request] = receiver.requests
    data = request.verified(secret)["data"]
    assert (data["quiz"]["title"], data["attempt"]["submitted_by"]) == (made.title, "learner")
    assert data["attempt"]["percent"] is not None and "layout" not in data["attempt"]


def test_a_forged_body_or_another_secret_is_noticed(happen, receiver, subscribe, run_jobs):
    _, secret = subscribe()
    happen()
    run_jobs()
    [request] = receiver.requests
    assert request.verified(secret)["type"] == "course.published"
    with pytest.raises(WebhookVerificationError):
        type(request)(request.path, request.headers, request.body + b" ").verified(secret)
    with pytest.raises(WebhookVerificationError):
        request.verified(rules.secret("another", "key"))


def test_only_chosen_events_for_endpoints_that_are_on(app, happen, receiver, subscribe, run_jobs):
    subscribe("user.registered")
    number, _ = subscribe("course.published", "user.registered")
    happen()
    run_jobs()
    assert len(receiver.requests) == 1
    with app.app_context(), work.unit():
        actions.switch(db.session.get_one(WebhookEndpoint, number), False, clock.now())
    happen()
    run_jobs()
    assert len(receiver.requests) == 1


def test_an_event_told_twice_is_one_message(app, happen, receiver, subscribe, run_jobs):
    subscribe()
    happen()
    run_jobs()
    event = rows(app, Event)[0]
    heard = events.Heard(event.id, event.name, event.occurred_at, event.payload)
    with app.app_context(), work.unit():
        assert delivering.fan_out(heard, clock.now()) == 0
    run_jobs()
    assert len(receiver.ids) == 1


def test_four_workers_at_the_same_moment_send_once(app, happen, receiver, subscribe):
    subscribe()
    happen()
    event = rows(app, Event)[0]
    with app.app_context(), work.unit():
        delivering.fan_out(events.Heard(event.id, event.name, event.occurred_at, event.payload), clock.now())
    number, barrier = rows(app, WebhookMessage)[0].id, threading.Barrier(4)

    def worker():
        barrier.wait()
        jobs.run("webhooks.send", number, 0)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.requests) == 1
    assert rows(app, WebhookMessage)[0].attempts == 1


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


def test_while_secrets_change_both_sign_for_a_day(app, happen, receiver, subscribe, run_jobs):
    number, old = subscribe()
    with app.app_context(), work.unit():
        new = actions.rotate(db.session.get_one(WebhookEndpoint, number), clock.now())
    happen()
    run_jobs()
    [request] = receiver.requests
    assert request.headers["webhook-signature"].count("v1,") == 2
    assert request.verified(old) == request.verified(new)
    change(app, update(WebhookEndpoint).values(previous_until=clock.now()))
    happen()
    run_jobs()
    assert receiver.requests[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.requests[1].verified(old)


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


def test_the_setting_decides_about_private_addresses(app, happen, receiver, subscribe, run_jobs, monkeypatch):
    subscribe()
    monkeypatch.setitem(app.config, "LECTERN", replace(app.config["LECTERN"], webhooks_allow_private=False))
    happen()
    run_jobs()
    assert receiver.requests == []
    assert rows(app, WebhookAttempt)[0].outcome == "refused"


def test_completing_a_lesson_tells_its_subscribers_in_the_same_statement(app, alice, bob, subscribe):
    subscribe("lesson.completed")
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        enrolled = learning.enroll(course.id, bob.id, clock.now())
        lesson_id = first_lesson(course.id)
        for _ in range(2):
            learning.complete_lesson(enrolled.enrollment_id, lesson_id, (), clock.now())
    with app.app_context():
        told = select(func.count()).select_from(Delivery).join(Event, Event.id == Delivery.event_id)
        assert db.session.scalar(told.where(Event.name == "lesson.completed")) == 1
        assert db.session.scalar(select(Enrollment.completed_at)) is None


def test_the_metrics_count_them(app, client, happen, receiver, subscribe, run_jobs):
    subscribe()
    receiver.behaviours.append(answer(500))
    happen(3)
    run_jobs()
    counted = client.get("/metrics").text
    assert 'lectern_webhooks{state="delivered"} 2.0' in counted
    assert 'lectern_webhooks{state="waiting"} 1.0' in counted


def test_old_messages_are_forgotten_with_their_log(app, happen, receiver, subscribe, run_jobs):
    subscribe()
    happen(2)
    run_jobs()
    with app.app_context(), work.unit():
        assert delivering.forget(clock.now() + timedelta(days=29)) == 0
        assert delivering.forget(clock.now() + timedelta(days=31)) == 2
    assert rows(app, WebhookAttempt) == []
