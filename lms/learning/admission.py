"""Bringing people into a course by its staff or an admin: no code, no queue, no questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events
from lms.core.db import db
from lms.courses.models import Course
from lms.learning import rules
from lms.learning.models import Enrollment


def entered(at: datetime) -> Any:
    """A statement that enrolls `user_id` in `course_id`, or brings who left back to their work. It answers with the
    enrollment's id and whether it `is_new`, and with nothing for who is in the course."""
    back = case((Enrollment.completed_at.is_not(None), "completed"), else_="active")
    return (
        insert(Enrollment)
        .values(state="active", enrolled_at=at, last_active_at=at)
        .on_conflict_do_update(
            index_elements=["user_id", "course_id"],
            set_={"state": back, "dropped_at": None, "may_return": True, "last_active_at": at},
            where=and_(*(Enrollment.state != state for state in rules.LIVE)),
        )
        # A row that was inserted has no earlier version.
        .returning(Enrollment.id, literal_column("enrollments.xmax = 0").label("is_new"))
    )


def admit(course_id: int, user_ids: Sequence[int], at: datetime, *, quiet: bool = False) -> int:
    """Enroll people, whatever the course's access and capacity say; who left comes back to their work.

    Who is in the course stays as they are, so that repeating it changes nothing. Returns how many came in. `quiet`
    sends them no message. Nothing happens for a course that is gone or archived.
    """
    course = db.session.execute(
        select(Course.state).where(Course.id == course_id).with_for_update()
    ).one_or_none()
    if course is None or course.state == "archived" or not user_ids:
        return 0
    people = [{"course_id": course_id, "user_id": user_id} for user_id in dict.fromkeys(user_ids)]
    came = db.session.execute(entered(at), people).all()
    if came:
        db.session.execute(
            update(Course)
            .where(Course.id == course_id)
            .values(enrollment_count=Course.enrollment_count + len(came))
            .execution_options(synchronize_session=False)
        )
    quietly = {"quiet": True} if quiet else {}
    for name, is_new in (("enrollment.created", True), ("enrollment.resumed", False)):
        how = quietly if is_new else {"again": at.isoformat(), **quietly}
        told = [{"enrollment_id": row.id, **how} for row in came if row.is_new == is_new]
        if told:
            events.record_many(name, at, told)
    return len(came)
