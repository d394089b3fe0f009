"""Learners hear when what they wrote is graded, and when their points change."""

from sqlalchemy import select

from lms.core import clock, events, work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.learning import actions as learning
from lms.notifications.models import Notice
from lms.quizzes.models import Attempt, Quiz
from tests.factories import NOW, course
from tests.support.mail import text_of


def graded_attempt(app, alice, bob):
    made = course(app, alice)
    with app.app_context(), work.unit():
        enrolled = learning.enroll(made.id, bob.id, NOW)
        lesson = db.session.scalars(select(Lesson).order_by(Lesson.position)).first()
        quiz = Quiz(
            course_id=made.id, lesson_id=lesson.id, source_id="q", slug="check", title="Brewing", position=1
        )
        db.session.add(quiz)
        db.session.flush()
        attempt = Attempt(
            quiz_id=quiz.id,
            user_id=bob.id,
            enrollment_id=enrolled.enrollment_id,
            number=1,
            state="graded",
            layout=[],
            started_at=NOW,
            submitted_at=NOW,
            percent=90,
        )
        db.session.add(attempt)
        db.session.flush()
        return {"attempt_id": attempt.id, "user_id": bob.id, "quiz_id": quiz.id}


def happen(app, run_jobs, name, **payload):
    with app.app_context(), work.unit():
        events.record(name, clock.now(), **payload)
    run_jobs()


def test_a_graded_essay_is_told_once_and_without_the_score(app, alice, bob, inbox, run_jobs, as_user):
    ids = graded_attempt(app, alice, bob)
    for _ in range(2):
        happen(app, run_jobs, "quiz.graded", **ids)
    (message,) = [mail for mail in inbox.to("bob@example.org") if "Graded" in mail["subject"]]
    assert f"http://localhost/attempts/{ids['attempt_id']}/result" in text_of(message)
    assert "90" not in text_of(message)
    assert "Graded: Brewing" in as_user(bob).get("/inbox").text


def test_a_regrade_is_told_once_and_so_is_its_undoing(app, alice, bob, inbox, run_jobs, as_user):
    ids = graded_attempt(app, alice, bob)
    payload = {
        "user_id": bob.id,
        "quiz_id": ids["quiz_id"],
        "regrade_id": 5,
        "attempt_ids": [ids["attempt_id"]],
    }
    for undone in (False, False, True):
        happen(app, run_jobs, "quiz.regraded", **payload, undone=undone)
    with app.app_context():
        kinds = db.session.scalars(select(Notice.kind).where(Notice.kind == "regraded")).all()
    assert len(kinds) == 2
    page = as_user(bob).get("/inbox").text
    assert "your points were counted anew" in page
    assert "your points are counted as before" in page
