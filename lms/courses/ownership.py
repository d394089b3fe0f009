"""Handing courses over to another owner. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.accounts.models import User
from lms.core import events
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor


def may_own(person: User | None) -> bool:
    """Whether courses can be handed to this account: one that teaches and can sign in."""
    return person is not None and person.is_active and person.role in ("instructor", "admin")


def of_address(slug: str) -> Course | None:
    """A course to hand over, locked; also one that was deleted, which keeps its owner from being erased."""
    return db.session.scalars(select(Course).where(Course.slug == slug).with_for_update()).one_or_none()


def all_of(user_id: int) -> Sequence[Course]:
    """Every course that a person owns, locked, by title; deleted ones too."""
    mine = select(Course).where(Course.owner_id == user_id).order_by(Course.title, Course.id)
    return db.session.scalars(mine.with_for_update()).all()


def hand_over(courses: Sequence[Course], before: User, after: User, *, stays: bool, at: datetime) -> int:
    """Make `after` the owner of courses that `before` owns, who with `stays` goes on teaching them.

    Both are told, once for all of the courses. Returns how many changed hands. Raises ValueError when `after`
    can't teach.
    """
    if not may_own(after):
        raise ValueError(f"user {after.id} does not teach")
    handed = [course for course in courses if course.owner_id == before.id != after.id]
    if not handed:
        return 0
    ids = [course.id for course in handed]
    for course in handed:
        course.owner_id = after.id
        audit.record(
            "course.handed_over",
            at,
            subject_kind="course",
            subject_id=course.id,
            subject_name=course.title,
            before=before.name,
            after=after.name,
        )
    db.session.flush()
    # An owner is not listed as a co-instructor as well.
    db.session.execute(
        delete(CourseInstructor)
        .where(CourseInstructor.course_id.in_(ids), CourseInstructor.user_id == after.id)
        .execution_options(synchronize_session=False)
    )
    if stays and may_own(before):
        rows = [{"course_id": number, "user_id": before.id} for number in ids]
        db.session.execute(insert(CourseInstructor).values(rows).on_conflict_do_nothing())
    facts = {"course_ids": ids, "before_id": before.id, "after_id": after.id, "on": at.isoformat()}
    events.record("course.handed_over", at, **facts)
    return len(handed)
