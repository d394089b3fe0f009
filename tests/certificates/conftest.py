"""Learners at the end of a course."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.certificates import queries
from lms.core import events, work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment
from tests import factories
from tests.support.waiting import until

Enrol = Callable[..., int]


@pytest.fixture
def tea(app: Flask, alice: User) -> Course:
    return factories.course(app, alice)


@pytest.fixture
def enrol(app: Flask) -> Enrol:
    """Enroll somebody, by default at the end of the course, reported `news` times. Returns the id."""

    def enrolled(
        user: User, course: Course, *, completed_at: datetime | None = factories.NOW, news: int = 1
    ) -> int:
        with app.app_context(), work.unit():
            enrollment = Enrollment(
                user_id=user.id,
                course_id=course.id,
                state="completed" if completed_at else "active",
                enrolled_at=factories.NOW,
                completed_at=completed_at,
                last_active_at=factories.NOW,
            )
            db.session.add(enrollment)
            db.session.flush()
            for _ in range(news if completed_at else 0):
                events.record("enrollment.completed", factories.NOW, enrollment_id=enrollment.id)
            return enrollment.id

    return enrolled


@pytest.fixture
def awarded(app: Flask, enrol: Enrol, run_jobs: Callable[[], None]) -> Callable[[User, Course], str]:
    """Let somebody complete a course and the workers do their part. Returns the certificate's number."""

    def completed(user: User, course: Course) -> str:
        enrollment_id = enrol(user, course)
        run_jobs()

        def number() -> str | None:
            with app.app_context():
                row = queries.of_enrollment(enrollment_id)
            return str(row.number) if row is not None and row.ready else None

        # The worker of a `live` installation may have taken the job before `run_jobs` did.
        return until(number)

    return completed
