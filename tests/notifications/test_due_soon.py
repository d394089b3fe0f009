"""Who has something to do within two days hears of it, once for each date."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from lms.assignments.models import Assignment
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning import actions as learning
from lms.learning.models import Enrollment
from lms.notifications import jobs
from lms.notifications.models import Notice
from lms.quizzes.models import Accommodation, Attempt, Quiz, QuizDraw
from tests.factories import course
from tests.support import assignments
from tests.support.mail import text_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def quiz(app, alice, bob):
    made = course(app, alice)
    with app.app_context(), work.unit():
        learning.enroll(made.id, bob.id, NOON)
        lesson = db.session.scalars(select(Lesson).order_by(Lesson.position)).first()
        row = Quiz(
            course_id=made.id,
            lesson_id=lesson.id,
            source_id="q",
            slug="check",
            title="Brewing",
            position=1,
            closes_at=NOON + timedelta(hours=40),
        )
        db.session.add(row)
        db.session.flush()
        db.session.add(QuizDraw(quiz_id=row.id, position=1, count=1))
        db.session.flush()
        db.session.expunge(row)
    return row


def remind(app, at=NOON):
    with clock.stopped_at(at), app.app_context():
        with work.unit():
            jobs.remind.body()
        return db.session.scalars(select(Notice).where(Notice.kind == "due_soon").order_by(Notice.id)).all()


def test_a_quiz_that_closes_within_two_days_is_told_once(app, quiz, bob, inbox, run_jobs, as_user):
    (told,) = remind(app)
    assert told.link == "/courses/tea/lessons/lesson-1/quizzes/check"
    assert len(remind(app, NOON + timedelta(hours=1))) == 1
    run_jobs()
    messages = [text_of(message) for message in inbox.to("bob@example.org")]
    (text,) = [text for text in messages if "Due soon: Brewing" in text]
    assert "4 Mar 2026, 04:00 (UTC)" in text
    assert "Due soon: Brewing" in as_user(bob).get("/inbox").text


def test_nobody_is_told_long_before_or_afterwards(app, quiz):
    assert remind(app, NOON - timedelta(days=2)) == []
    assert remind(app, NOON + timedelta(days=2)) == []


def test_what_learners_do_not_see_is_due_for_nobody(app, quiz):
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(is_published=False))
    assert remind(app) == []
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(is_published=True))
        db.session.execute(delete(QuizDraw))
    assert remind(app) == [], "it asks nothing"


def test_a_date_that_moves_is_told_anew(app, quiz):
    remind(app)
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(closes_at=NOON + timedelta(hours=20)))
    assert len(remind(app)) == 2


def test_who_has_handed_in_is_left_alone(app, quiz, bob):
    with app.app_context(), work.unit():
        enrollment_id = db.session.scalars(select(Enrollment.id).where(Enrollment.user_id == bob.id)).one()
        db.session.add(
            Attempt(
                quiz_id=quiz.id,
                user_id=bob.id,
                enrollment_id=enrollment_id,
                number=1,
                state="graded",
                layout=[],
                started_at=NOON,
                submitted_at=NOON,
                percent=90,
            )
        )
    assert remind(app) == []


def test_ones_own_window_counts(app, quiz, bob):
    with app.app_context(), work.unit():
        db.session.add(
            Accommodation(
                quiz_id=quiz.id,
                user_id=bob.id,
                closes_at=NOON + timedelta(days=9),
                reason="",
                changed_at=NOON,
            )
        )
    assert remind(app) == []


def test_a_course_that_ends_is_told_to_who_is_not_done(app, quiz, bob):
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(closes_at=None))
        db.session.execute(update(Course).values(ends_at=NOON + timedelta(hours=30)))
    (told,) = remind(app)
    assert told.facts == {"course": "The book of tea", "due": (NOON + timedelta(hours=30)).isoformat()}


def test_an_assignment_without_a_text_is_due_for_nobody(app, quiz):
    change = {"due_at": NOON + timedelta(hours=20)}
    with app.app_context():
        tea = db.session.get_one(Course, quiz.course_id)
    brief = assignments.assignment(app, tea, body_html="", **change)
    assert [one.link for one in remind(app)] == ["/courses/tea/lessons/lesson-1/quizzes/check"]
    assignments.change(app, Assignment, brief.id, body_html="<p>Make one.</p>")
    assert len(remind(app)) == 2
