"""What learning knows of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment, LessonProgress

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Enrollments, and every lesson that was opened."""
    enrollments = (
        select(
            Course.title.label("course"),
            Enrollment.state,
            Enrollment.enrolled_at,
            Enrollment.completed_at,
            Enrollment.dropped_at,
            Enrollment.last_active_at,
        )
        .join(Course, Course.id == Enrollment.course_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Enrollment.id)
    )
    lessons = (
        select(
            Course.title.label("course"),
            Lesson.title.label("lesson"),
            LessonProgress.started_at,
            LessonProgress.completed_at,
        )
        .join(Enrollment, Enrollment.id == LessonProgress.enrollment_id)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .join(Course, Course.id == Enrollment.course_id)
        .where(Enrollment.user_id == user_id)
        .order_by(LessonProgress.started_at)
    )
    return {
        "enrollments": [dict(row) for row in db.session.execute(enrollments).mappings()],
        "lessons": [dict(row) for row in db.session.execute(lessons).mappings()],
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """Enrollments stay as numbers without a name; who still learned leaves."""
    live = db.session.scalars(
        update(Enrollment)
        .where(Enrollment.user_id == user_id, Enrollment.state.in_(("active", "expired")))
        .values(state="dropped", dropped_at=at)
        .returning(Enrollment.course_id)
        .execution_options(synchronize_session=False)
    ).all()
    if live:
        db.session.execute(
            update(Course)
            .where(Course.id.in_(live))
            .values(enrollment_count=Course.enrollment_count - 1)
            .execution_options(synchronize_session=False)
        )
    return []
