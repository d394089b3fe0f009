"""Deleted courses, once nobody can bring them back any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from lms.accounts import audit
from lms.certificates.models import Certificate
from lms.core.db import db
from lms.courses.models import Course
from lms.courses.settings import UNDELETE


def due(at: datetime, most: int = 50) -> Sequence[int]:
    """Courses that were deleted more than UNDELETE ago, the oldest first."""
    statement = select(Course.id).where(Course.removed_at < at - UNDELETE)
    return db.session.scalars(statement.order_by(Course.removed_at).limit(most)).all()


def purge(course_id: int, at: datetime) -> bool:
    """Delete the course with everything in it. False when it was brought back or is gone already.

    Certificates stay with their owners: number, name, date and title are copies. Files that nothing refers to
    any longer are removed by their own upkeep.
    """
    course = db.session.execute(
        select(Course.title)
        .where(Course.id == course_id, Course.removed_at < at - UNDELETE)
        .with_for_update()
    ).one_or_none()
    if course is None:
        return False
    db.session.execute(
        update(Certificate)
        .where(Certificate.course_id == course_id)
        .values(course_id=None, enrollment_id=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(Course).where(Course.id == course_id).execution_options(synchronize_session=False)
    )
    audit.record("course.purged", at, subject_kind="course", subject_id=course_id, subject_name=course.title)
    return True
