"""Reads of announcements, and how many questions wait; the other reads of discussions stand in `reading`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, bindparam, func, or_, select

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course, Lesson
from lms.discussions.models import Announcement, Post
from lms.discussions.reading import UNANSWERED
from lms.learning.models import Enrollment

_WITH_WAITING: Any = bindparam("with_waiting", type_=Boolean)
_IS_LATER = Announcement.published_at > bindparam("since", type_=Announcement.published_at.type)
_ANNOUNCEMENTS = (
    select(
        Announcement.id,
        Announcement.title,
        Announcement.body_html,
        Announcement.publish_at,
        Announcement.published_at,
        Announcement.edited_at,
        _IS_LATER.label("is_later"),
        (_IS_LATER & Announcement.author_id.is_distinct_from(bindparam("viewer_id"))).label("is_new"),
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


def announcements(
    course_id: int, viewer_id: int, since: Any, number: int, *, with_waiting: bool
) -> Page[AnyRow]:
    """A page of a course's announcements, the newest first; staff see those that wait as well. What went out `since`
    then `is_later`, and `is_new` where another person wrote it."""
    values = {
        "course_id": course_id,
        "viewer_id": viewer_id,
        "since": since,
        "with_waiting": with_waiting,
        "skipped": (number - 1) * PER_PAGE,
    }
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
            select(Enrollment.user_id).where(Enrollment.course_id == course_id, Enrollment.state != "dropped")
        )
    )


_UNANSWERED = (
    select(Post.course_id, func.count())
    .join(Lesson, Lesson.id == Post.lesson_id)
    .where(
        Post.course_id.in_(bindparam("course_ids", expanding=True)), Lesson.removed_at.is_(None), *UNANSWERED
    )
    .group_by(Post.course_id)
)


def unanswered(course_ids: Sequence[int]) -> dict[int, int]:
    """Questions of these courses that wait for an answer, by course; none where it is missing."""
    return {row[0]: row[1] for row in db.session.execute(_UNANSWERED, {"course_ids": list(course_ids)})}
