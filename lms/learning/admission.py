"""Bringing people into a course by its staff or an admin: no code, no queue, no questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, case, cast, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment


def entered(course_id: int, user_ids: Sequence[int], at: datetime) -> Any:
    """A statement that enrolls these people, or brings who left back to their work. It answers with each enrollment's
    id and whether it `is_new`, and with nothing for who is in the course."""
    person = func.unnest(cast(user_ids, ARRAY(BigInteger))).column_valued("person")
    columns = ["course_id", "user_id", "state", "enrolled_at", "last_active_at"]
    values = select(literal(course_id, BigInteger), person, literal("active"), literal(at), literal(at))
    back = case((Enrollment.completed_at.is_not(None), "completed"), else_="active")
    return (
        insert(Enrollment)
        .from_select(columns, values)
        .on_conflict_do_update(
            index_elements=["user_id", "course_id"],
            set_={"state": back, "dropped_at": None, "may_return": True, "last_active_at": at},
            where=Enrollment.state == "dropped",
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
    came = db.session.execute(entered(course_id, list(dict.fromkeys(user_ids)), at)).all()
    if came:
        db.session.execute(
            update(Course)
            .where(Course.id == course_id)
            .values(enrollment_count=Course.enrollment_count + len(came))
            .execution_options(synchronize_session=False)
        )
    quietly = {"quiet": True} if quiet else {}
    new = [{"enrollment_id": row.id, **quietly} for row in came if row.is_new]
    back = [{"enrollment_id": row.id, "again": at.isoformat(), **quietly} for row in came if not row.is_new]
    if new:
        events.record_many("enrollment.created", at, new)
    if back:
        events.record_many("enrollment.resumed", at, back)
    return len(came)
