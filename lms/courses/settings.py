"""A course as a whole: made, described, moved to another address, archived, deleted. Nothing here commits."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, union_all

from lms.accounts import audit
from lms.core.db import db
from lms.courses import addresses
from lms.courses.models import Course, CourseAddress, CourseInstructor, Lesson, LessonPage, Module
from lms.courses.naming import LONGEST, slug, unused

UNDELETE = timedelta(days=30)
RESERVED = frozenset({"new", "import", "imports", "export", "exports", "apply", "removed", "analytics"})
"""Addresses below /teaching that are no course's."""

_ADDRESSES = re.compile(r'(\b(?:href|src|srcset|poster)=")([^"]*)"')


def create(owner_id: int, *, title: str, level: str, language: str, category: str, at: datetime) -> Course:
    """A draft of `owner_id`; its address is made from its title."""
    wanted = slug(title, f"course-{secrets.token_hex(3)}")
    if len(wanted) == LONGEST:
        wanted = wanted.rpartition("-")[0] or wanted  # no half word at its end
    course = Course(
        slug=free_address(wanted),
        title=title,
        level=level,
        language=language,
        category=category,
        owner_id=owner_id,
        created_at=at,
        updated_at=at,
    )
    db.session.add(course)
    db.session.flush()
    return course


def free_address(wanted: str) -> str:
    """`wanted`, with a number behind it when a course has or had it."""
    return unused(wanted, RESERVED | _alike(wanted))


def _alike(wanted: str) -> set[str]:
    """Addresses that courses have or had and that begin so."""
    columns = (Course.slug, CourseAddress.slug)
    found = (select(slug).where(slug.startswith(wanted, autoescape=True)) for slug in columns)
    return set(db.session.scalars(union_all(*found)))


def is_free(address: str, course: Course) -> bool:
    """Whether the course may have this slug."""
    if address in RESERVED or addresses.is_kept(address, course):
        return False
    taken = db.session.scalar(select(Course.id).where(Course.slug == address, Course.id != course.id))
    return taken is None


def change(course: Course, values: Mapping[str, Any], at: datetime) -> None:
    """Set fields of the course; another slug leads its texts' links along, and the old one still finds it."""
    before = course.slug
    for name, value in values.items():
        setattr(course, name, value)
    course.updated_at = at
    db.session.flush()
    if course.slug != before:
        _relink(course, before)
        addresses.leave(course, before, at)


def _relink(course: Course, before: str) -> None:
    """Stored HTML carries absolute addresses of the course; they follow it to its new one."""
    address = re.compile(rf"(?<![^\s,])/courses/{re.escape(before)}(?![\w-])")

    def follow(attribute: re.Match[str]) -> str:
        return attribute[1] + address.sub(f"/courses/{course.slug}", attribute[2]) + '"'

    def relinked(html: str) -> str:
        return _ADDRESSES.sub(follow, html)

    course.description_html = relinked(course.description_html)
    lessons = select(Lesson.id).where(Lesson.course_id == course.id)
    texts: tuple[Any, ...] = (
        select(Module).where(Module.course_id == course.id),
        select(Lesson).where(Lesson.course_id == course.id),
        select(LessonPage).where(LessonPage.lesson_id.in_(lessons)),
    )
    for statement in texts:
        for row in db.session.scalars(statement):
            row.body_html = relinked(row.body_html)


def archive(course: Course, at: datetime) -> None:
    """Nobody new comes in; who is enrolled reads on."""
    if course.state == "published":
        course.state = "archived"
        course.updated_at = at
        _note("course.archived", course, at)


def reopen(course: Course, at: datetime) -> None:
    """Out of the archive, back to a draft that can be published again."""
    if course.state == "archived":
        course.state = "draft"
        course.updated_at = at


def remove(course: Course, at: datetime) -> None:
    """Delete the course: it is gone for everyone, and for UNDELETE its owner can bring it back as a draft."""
    if course.removed_at is None:
        course.state = "draft"
        course.removed_at = at
        _note("course.removed", course, at)


def restore(course: Course, at: datetime) -> bool:
    """Bring a deleted course back as a draft. False when its time is over."""
    if course.removed_at is None:
        return True
    if course.removed_at < at - UNDELETE:
        return False
    course.removed_at = None
    course.updated_at = at
    _note("course.restored", course, at)
    return True


def add_instructor(course: Course, user_id: int, name: str, at: datetime) -> bool:
    """Let somebody teach the course too. False when they do already."""
    if user_id == course.owner_id or db.session.get(CourseInstructor, (course.id, user_id)) is not None:
        return False
    db.session.add(CourseInstructor(course_id=course.id, user_id=user_id))
    _note("course.instructor_added", course, at, instructor=name)
    return True


def remove_instructor(course: Course, user_id: int, name: str, at: datetime) -> bool:
    """Take the course from a co-instructor. False when they had none of it."""
    row = db.session.get(CourseInstructor, (course.id, user_id))
    if row is None:
        return False
    db.session.delete(row)
    _note("course.instructor_removed", course, at, instructor=name)
    return True


def _note(action: str, course: Course, at: datetime, **details: Any) -> None:
    audit.record(
        action, at, subject_kind="course", subject_id=course.id, subject_name=course.title, **details
    )
