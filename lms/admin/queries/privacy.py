"""What the pages about one's own data show."""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.models import Task
from lms.courses.models import Course

EXPORT, ERASE = "admin.export_personal", "admin.erase_personal"
KEPT = timedelta(days=7)
"""How long a copy can be downloaded."""

_FORETOLD = text("""
    select
      (select count(*) from user_sessions where user_id = :id) as sign_ins,
      (select count(*) from emails e join users u on u.id = :id
        where e.user_id = :id or lower(e.to_address) = lower(u.email)) as emails,
      (select count(*) from attempts where user_id = :id) as attempts,
      (select count(*) from answers n join attempts a on a.id = n.attempt_id
        where a.user_id = :id) as answers,
      (select count(*) from submissions where user_id = :id) as submissions,
      (select count(*) from enrollments where user_id = :id) as enrollments,
      (select count(*) from certificates where user_id = :id) as certificates,
      (select count(*) from instructor_applications where user_id = :id) as applications,
      (select count(*) from audit_entries
        where actor_id = :id or (subject_kind = 'user' and subject_id = :id)) as log
""")


def foretold(user_id: int) -> AnyRow:
    """How much of each kind an erasure would meet."""
    return db.session.execute(_FORETOLD, {"id": user_id}).one()


def owned_courses(user_id: int) -> list[AnyRow]:
    """Courses that need another owner first."""
    return list(db.session.execute(select(Course.slug, Course.title).where(Course.owner_id == user_id)))


def is_last_admin(user_id: int) -> bool:
    """Whether nobody else could administer."""
    return list(db.session.scalars(select(User.id).where(User.role == "admin", User.is_active).limit(2))) == [
        user_id
    ]


def exports(user_id: int, at: datetime) -> list[AnyRow]:
    """A person's copies that are being made, failed, or can still be downloaded, newest first."""
    return list(
        db.session.execute(
            select(
                Task.id,
                Task.state,
                Task.step,
                Task.done,
                Task.total,
                Task.result,
                Task.created_at,
                Task.finished_at,
            )
            .where(Task.owner_id == user_id, Task.kind == EXPORT, Task.created_at > at - KEPT)
            .order_by(Task.id.desc())
            .limit(5)
        )
    )


def export_of(task_id: int, user_id: int, at: datetime) -> AnyRow | None:
    """One copy of one's own, while it is kept."""
    return next((row for row in exports(user_id, at) if row.id == task_id), None)


def erasure(task_id: int) -> AnyRow | None:
    """How far an erasure is."""
    return db.session.execute(
        select(Task.id, Task.state, Task.step, Task.done, Task.total).where(
            Task.id == task_id, Task.kind == ERASE
        )
    ).one_or_none()
