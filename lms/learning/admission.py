"""Bringing people into a course by its staff or an admin: no code, no queue, no questions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment


def admit(course_id: int, user_ids: Sequence[int], at: datetime, *, quiet: bool = False) -> int:
    """Enroll people who were not enrolled before, whatever the course's access and capacity say.

    Who is enrolled, finished or left stays as they are, so that repeating it changes nothing. Returns how
    many are new. `quiet` sends them no message. Nothing happens for a course that is gone or archived.
    """
    course = db.session.execute(
        select(Course.state).where(Course.id == course_id).with_for_update()
    ).one_or_none()
    if course is None or course.state == "archived" or not user_ids:
        return 0
    rows = [
        {
            "course_id": course_id,
            "user_id": user_id,
            "state": "active",
            "enrolled_at": at,
            "last_active_at": at,
        }
        for user_id in user_ids
    ]
    made = db.session.scalars(
        insert(Enrollment).on_conflict_do_nothing().returning(Enrollment.id), rows
    ).all()
    if made:
        db.session.execute(
            update(Course)
            .where(Course.id == course_id)
            .values(enrollment_count=Course.enrollment_count + len(made))
            .execution_options(synchronize_session=False)
        )
        quietly = {"quiet": True} if quiet else {}
        events.record_many(
            "enrollment.created", at, [{"enrollment_id": number, **quietly} for number in made]
        )
    return len(made)
