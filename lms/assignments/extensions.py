"""More days for one learner: illness, a family, a broken computer. Dates of the assignment move with them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.accounts.models import User
from lms.assignments.models import Assignment, Extension
from lms.core.db import AnyRow, db
from lms.learning.models import Enrollment


def learner(assignment_id: int, user_id: int) -> AnyRow | None:
    """A learner of the assignment's course, with when they enrolled and the days that were given."""
    return db.session.execute(
        select(User.id, User.name, Enrollment.enrolled_at, Extension.extra_days, Extension.reason)
        .select_from(Enrollment)
        .join(Assignment, Assignment.course_id == Enrollment.course_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Extension, (Extension.assignment_id == Assignment.id) & (Extension.user_id == User.id))
        .where(Assignment.id == assignment_id, User.id == user_id)
    ).one_or_none()


def give(
    assignment_id: int, title: str, of: AnyRow, days: int, reason: str, by_id: int, at: datetime
) -> None:
    """Give `days` more than everybody has, in the place of what was given before; 0 takes it back. `of` is a row of
    `learner`. The reason is not in the audit log: it may tell of somebody's health."""
    if days:
        values = {"extra_days": days, "reason": reason, "given_by_id": by_id, "changed_at": at}
        db.session.execute(
            insert(Extension)
            .values(assignment_id=assignment_id, user_id=of.id, **values)
            .on_conflict_do_update(index_elements=["assignment_id", "user_id"], set_=values)
        )
    else:
        db.session.execute(
            delete(Extension).where(Extension.assignment_id == assignment_id, Extension.user_id == of.id)
        )
    audit.record(
        "extension.given" if days else "extension.removed",
        at,
        subject_kind="user",
        subject_id=of.id,
        subject_name=of.name,
        assignment=title,
        before=of.extra_days or 0,
        after=days,
    )
