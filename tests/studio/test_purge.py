"""A deleted course is gone for good after 30 days; certificates stay with those who earned them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.certificates import queries as certificates
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course, Lesson, Module, TextRevision
from lms.learning import actions
from lms.learning.models import Enrollment, LessonProgress
from lms.quizzes.models import Attempt, Question, Quiz
from lms.studio import jobs
from tests import factories
from tests.support import quizzes

AFTER = factories.NOW + timedelta(days=30, minutes=1)


@pytest.fixture
def learned(app, tea, bob):
    """Bob has been through it all."""
    tea.change(update(Course).values(state="published"))
    quizzes.quiz(app, tea.course)
    tea.post("/lessons/lesson-1/draft", {"title": "Lesson 1", "body": "half", "base": ""})
    with app.app_context(), work.unit():
        enrollment = actions.enroll(tea.course.id, bob.id, factories.NOW).enrollment_id
        for lesson in db.session.scalars(select(Lesson.id)).all():
            actions.complete_lesson(enrollment, lesson, (), factories.NOW)
        db.session.add(
            Certificate(
                number="CERT-20260302-ABCDEFGHJK", enrollment_id=enrollment, user_id=bob.id,
                course_id=tea.course.id, recipient="Bob Brook", course_title="The book of tea",
                completed_on=factories.NOW.date(), issued_at=factories.NOW,
            )
        )  # fmt: skip


def purge(app, at):
    with clock.stopped_at(at), app.app_context():
        jobs.purge_courses.body()


def left(app, *tables):
    with app.app_context():
        return sum(db.session.scalar(select(func.count()).select_from(table)) for table in tables)


def test_it_is_kept_for_thirty_days_and_not_longer(app, tea, learned):
    tea.change(update(Course).values(removed_at=factories.NOW, state="draft"))
    purge(app, AFTER - timedelta(minutes=2))
    assert left(app, Course) == 1
    purge(app, AFTER)
    everything = (Course, Module, Lesson, Enrollment, LessonProgress, Quiz, Question, Attempt, TextRevision)
    assert left(app, *everything) == 0


def test_certificates_stay(app, tea, learned, client, as_user, bob):
    tea.change(update(Course).values(removed_at=factories.NOW, state="draft"))
    purge(app, AFTER)
    with app.app_context():
        row = certificates.by_number("CERT-20260302-ABCDEFGHJK")
        assert (row.recipient, row.course_title) == ("Bob Brook", "The book of tea")
    assert "The book of tea" in client.get("/verify/CERT-20260302-ABCDEFGHJK").text
    assert as_user(bob).get("/certificates/CERT-20260302-ABCDEFGHJK").status_code == 200
    assert "The book of tea" in as_user(bob).get("/learning").text


def test_a_course_that_came_back_stays(app, tea):
    tea.change(update(Course).values(removed_at=None))
    purge(app, AFTER)
    assert left(app, Course) == 1


# Asking for less


@pytest.fixture
def bob_lacks_one(app, tea, bob):
    tea.change(update(Course).values(state="published"))
    with app.app_context(), work.unit():
        enrollment = actions.enroll(tea.course.id, bob.id, factories.NOW).enrollment_id
        for lesson in db.session.scalars(select(Lesson.id).where(Lesson.slug != "lesson-3")).all():
            actions.complete_lesson(enrollment, lesson, (), factories.NOW)


def completions(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Event.name == "enrollment.completed"))


def test_without_the_last_missing_lesson_the_course_is_completed_once(app, tea, bob_lacks_one, charlie):
    with app.app_context(), work.unit():
        actions.enroll(tea.course.id, charlie.id, factories.NOW)
    tea.post("/lessons/lesson-3/removal")
    tea.post("/lessons/lesson-2/removal")
    assert completions(app) == 1
    assert tea.row(Enrollment, user_id=charlie.id).completed_at is None


def test_a_lesson_that_became_optional_is_lacking_no_more(app, tea, bob_lacks_one):
    page = tea.page("/lessons/lesson-3")
    base = page.partition('name="base"')[2].partition('value="')[2].partition('"')[0]
    fields = tea.fields("Lesson 3", base=base)
    del fields["is_required"]
    tea.post("/lessons/lesson-3", fields)
    assert completions(app) == 1
