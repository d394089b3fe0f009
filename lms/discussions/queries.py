"""Reads of announcements; those of discussions stand in `posts`."""

from typing import Any

from sqlalchemy import Boolean, bindparam, func, or_, select

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course
from lms.discussions.models import Announcement
from lms.learning.models import Enrollment

_WITH_WAITING: Any = bindparam("with_waiting", type_=Boolean)
_ANNOUNCEMENTS = (
    select(
        Announcement.id,
        Announcement.title,
        Announcement.body_html,
        Announcement.publish_at,
        Announcement.published_at,
        Announcement.edited_at,
        User.name,
        func.count().over().label("total"),
    )
    .outerjoin(User, User.id == Announcement.author_id)
    .where(
        Announcement.course_id == bindparam("course_id"),
        or_(Announcement.published_at.is_not(None), _WITH_WAITING),
    )
    .order_by(Announcement.publish_at.desc(), Announcement.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


def announcements(course_id: int, number: int, *, with_waiting: bool) -> Page[AnyRow]:
    """A page of a course's announcements, the newest first; staff see those that wait as well."""
    values = {"course_id": course_id, "with_waiting": with_waiting, "skipped": (number - 1) * PER_PAGE}
    rows = db.session.execute(_ANNOUNCEMENTS, values).all()
    return Page(rows, number, rows[0].total if rows else 0)


def announcement(course_id: int, announcement_id: int) -> Announcement | None:
    """One of the course's, locked for a change."""
    return db.session.scalars(
        select(Announcement)
        .where(Announcement.course_id == course_id, Announcement.id == announcement_id)
        .with_for_update()
    ).one_or_none()


def to_tell(announcement_id: int) -> AnyRow | None:
    """A published announcement with its course, for those who are told of it."""
    return db.session.execute(
        select(
            Announcement.course_id,
            Announcement.title,
            Announcement.body,
            Announcement.body_html,
            Announcement.author_id,
            Course.title.label("course"),
            Course.slug,
        )
        .join(Course, Course.id == Announcement.course_id)
        .where(Announcement.id == announcement_id, Announcement.published_at.is_not(None))
    ).one_or_none()


def learners(course_id: int) -> list[int]:
    """Everybody who learns in the course or has completed it."""
    return list(
        db.session.scalars(
            select(Enrollment.user_id).where(
                Enrollment.course_id == course_id, Enrollment.state.in_(("active", "completed"))
            )
        )
    )
