"""All that learners read in some courses, gathered once for everything that is counted from it."""

from collections.abc import Sequence

from sqlalchemy import text

from lms.core.db import db

# A table of the transaction's own: unlike a statement that writes, it is filled by several processes of the database.
_GATHER = text("""
    create temporary table course_reading on commit drop as
    select e.id, e.user_id, e.course_id, lp.lesson_id, (lp.started_at at time zone 'UTC')::date as started,
           (lp.completed_at at time zone 'UTC')::date as completed
      from enrollments e join lesson_progress lp on lp.enrollment_id = e.id
     where e.course_id = any(cast(:courses as bigint[]))
""")


def gather(courses: Sequence[int]) -> None:
    """Fill `course_reading` until the end of the transaction: a row for each lesson that a learner opened."""
    db.session.execute(_GATHER, {"courses": courses})
