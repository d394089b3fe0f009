"""Reads of courses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, or_, select, true

from lms.core.access import Viewer
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor, Lesson, LessonPage

Facts = Row[*tuple[Any, ...]]


def teaches(user_id: Any) -> ColumnElement[bool]:
    """Whether the person owns or co-teaches the course of the row."""
    return or_(
        Course.owner_id == user_id,
        exists().where(CourseInstructor.course_id == Course.id, CourseInstructor.user_id == user_id),
    )


def courses_visible_to(viewer: Viewer | None) -> Select[Course]:
    """Published courses for everyone, every state for its staff and for admins."""
    if viewer is None:
        return select(Course).where(Course.state == "published")
    if viewer.is_admin:
        return select(Course).where(true())
    return select(Course).where(or_(Course.state == "published", teaches(viewer.id)))


def course_by_slug(slug: str, viewer: Viewer | None) -> Course | None:
    """The course of an address, if this viewer may see it."""
    return db.session.scalars(courses_visible_to(viewer).where(Course.slug == slug)).one_or_none()


def course_to_change(slug: str, viewer: Viewer) -> Course | None:
    """The course if the viewer owns or co-teaches it or is an admin; locked for a change."""
    mine = true() if viewer.is_admin else teaches(viewer.id)
    statement: Select[Course] = select(Course).where(Course.slug == slug, Course.removed_at.is_(None), mine)
    return db.session.scalars(statement.with_for_update()).one_or_none()


def course_to_edit(slug: str, viewer: Viewer) -> Course | None:
    """`course_to_change` without its lock, for pages that only show."""
    mine = true() if viewer.is_admin else teaches(viewer.id)
    statement: Select[Course] = select(Course).where(Course.slug == slug, Course.removed_at.is_(None), mine)
    return db.session.scalars(statement).one_or_none()


def removed_course(slug: str, viewer: Viewer) -> Course | None:
    """A deleted course that the viewer may bring back, locked: its owner's, or any for an admin."""
    mine = true() if viewer.is_admin else Course.owner_id == viewer.id
    statement: Select[Course] = select(Course).where(
        Course.slug == slug, Course.removed_at.is_not(None), mine
    )
    return db.session.scalars(statement.with_for_update()).one_or_none()


_REMOVED = (
    select(Course.slug, Course.title, Course.removed_at, Course.lesson_count)
    .where(Course.owner_id == bindparam("user_id"), Course.removed_at >= bindparam("since"))
    .order_by(Course.removed_at.desc())
)


def removed_by(user_id: int, since: datetime) -> Sequence[Facts]:
    """Courses of a person that were deleted `since` then."""
    return db.session.execute(_REMOVED, {"user_id": user_id, "since": since}).all()


_LESSONS = select(func.count()).where(
    Lesson.course_id == bindparam("course_id"), Lesson.removed_at.is_(None), Lesson.is_published
)


def published_lesson_count(course_id: int) -> int:
    """Lessons that learners will see."""
    return db.session.scalar(_LESSONS, {"course_id": course_id}) or 0


_TAUGHT = (
    select(
        Course.id,
        Course.slug,
        Course.title,
        Course.state,
        Course.cover_path,
        Course.lesson_count,
        Course.enrollment_count,
        Course.updated_at,
        Course.published_at,
        (Course.owner_id == bindparam("user_id")).label("is_owner"),
    )
    .where(teaches(bindparam("user_id")), Course.removed_at.is_(None))
    .order_by(Course.updated_at.desc(), Course.id.desc())
)


def taught_by(user_id: int) -> Sequence[Facts]:
    """Courses that a person owns or co-teaches, last changed first."""
    return db.session.execute(_TAUGHT, {"user_id": user_id}).all()


_PAGE = select(LessonPage.title, LessonPage.body_html).where(
    LessonPage.lesson_id == bindparam("lesson_id"),
    LessonPage.slug == bindparam("slug"),
    LessonPage.removed_at.is_(None),
)


def extra_page(lesson_id: int, slug: str) -> Facts | None:
    """An extra page of a lesson: its title and HTML."""
    return db.session.execute(_PAGE, {"lesson_id": lesson_id, "slug": slug}).one_or_none()
