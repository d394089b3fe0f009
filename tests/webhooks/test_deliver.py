"""Each event reaches each endpoint that chose it, signed, until it is taken; a receiver counts it once."""

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
from tests.support.receiver import answer
from tests.support.webhooks import change, rows

ROOT = Path(__file__).resolve().parents[2]


def first_lesson(course_id):
    return db.session.scalar(select(Lesson.id).where(Lesson.course_id == course_id, Lesson.position == 1))


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
