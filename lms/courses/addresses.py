"""Addresses that a course had before: links, bookmarks and course folders with an old one still find it."""

from datetime import datetime

from sqlalchemy import delete, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from lms.core.access import Viewer
from lms.core.db import db
from lms.courses.models import Course, CourseAddress
from lms.courses.queries import teaches


def leave(course: Course, before: str, at: datetime) -> None:
    """Keep the address `before`, which the course has just left for its present one."""
    db.session.execute(
        delete(CourseAddress).where(CourseAddress.slug == course.slug, CourseAddress.course_id == course.id)
    )
    values = {"course_id": course.id, "left_at": at}
    db.session.execute(
        insert(CourseAddress)
        .values(slug=before, **values)
        .on_conflict_do_update(index_elements=["slug"], set_=values)
    )


def is_kept(address: str, course: Course) -> bool:
    """Whether another course had this address and is still found by it."""
    holder = select(CourseAddress.course_id).where(
        CourseAddress.slug == address, CourseAddress.course_id != course.id
    )
    return db.session.scalar(holder) is not None


def now(address: str) -> str:
    """The address that the course of an old address has now; an address that nobody left is itself."""
    if db.session.scalar(select(Course.id).where(Course.slug == address)) is not None:
        return address
    moved = select(Course.slug).join(CourseAddress, CourseAddress.course_id == Course.id)
    return db.session.scalar(moved.where(CourseAddress.slug == address)) or address


def led_to(address: str, viewer: Viewer | None) -> str | None:
    """Where an old address leads this viewer; None when there is none, or only a draft that is not theirs."""
    scope = Course.state != "draft"
    if viewer is not None:
        scope = true() if viewer.is_admin else or_(scope, teaches(viewer.id))
    return db.session.scalar(
        select(Course.slug)
        .join(CourseAddress, CourseAddress.course_id == Course.id)
        .where(CourseAddress.slug == address, Course.removed_at.is_(None), scope)
    )
