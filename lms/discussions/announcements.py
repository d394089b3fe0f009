"""What staff do with announcements. Nothing here commits."""

from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from lms.accounts import audit
from lms.core import events
from lms.core.db import db
from lms.courses.markdown import Link, labels_for, render
from lms.courses.models import Course
from lms.discussions.models import Announcement

AT_COURSE = 3
"""So many stand on the course's own page."""


def rendered(source: str, language: str) -> str:
    """The text as readers see it; links lead to whole addresses, or to paths of this site."""
    made = render(
        source,
        link=lambda target: Link(target) if target.startswith("/") else None,
        labels=labels_for(language),
    )
    return (f"<h2>{escape(made.title)}</h2>" if made.title else "") + made.html


def announce(
    course: Any, by_id: int, title: str, body: str, when: datetime | None, at: datetime
) -> Announcement:
    """Write it; it goes out at once, or at `when` if that is still to come. While the course is a draft it waits.

    `course` is any row with the course's id, language and state.
    """
    made = Announcement(
        course_id=course.id,
        author_id=by_id,
        title=title,
        body=body,
        body_html=rendered(body, course.language),
        created_at=at,
        publish_at=max(when or at, at),
    )
    db.session.add(made)
    db.session.flush()
    _publish_if_due(made, course, at)
    return made


def change(
    announcement: Announcement,
    course: Any,
    title: str,
    body: str,
    when: datetime | None,
    at: datetime,
) -> None:
    """Correct it. What went out stays sent; what waits may be put off, or goes out now."""
    announcement.title, announcement.body = title, body
    announcement.body_html = rendered(body, course.language)
    if announcement.published_at is None:
        announcement.publish_at = max(when or at, at)
        db.session.flush()
        _publish_if_due(announcement, course, at)
    else:
        announcement.edited_at = at
        db.session.flush()
        _list_at_course(announcement.course_id)


def remove(announcement: Announcement, at: datetime) -> None:
    """Take it away; mail that is out stays out."""
    _note("announcement.removed", announcement, at)
    course_id = announcement.course_id
    db.session.execute(delete(Announcement).where(Announcement.id == announcement.id))
    _list_at_course(course_id)


def publish_due(at: datetime, most: int = 100) -> int:
    """Send out what was put off until now. Returns how many."""
    due = db.session.scalars(
        select(Announcement)
        .join(Course, Course.id == Announcement.course_id)
        .where(
            Announcement.published_at.is_(None),
            Announcement.publish_at <= at,
            Course.state != "draft",
            Course.removed_at.is_(None),
        )
        .order_by(Announcement.publish_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=Announcement)
    ).all()
    for announcement in due:
        _publish(announcement, at)
    return len(due)


def _publish_if_due(announcement: Announcement, course: Any, at: datetime) -> None:
    if announcement.publish_at <= at and course.state != "draft":
        _publish(announcement, at)


def _publish(announcement: Announcement, at: datetime) -> None:
    announcement.published_at = at
    db.session.flush()
    _list_at_course(announcement.course_id)
    _note("announcement.published", announcement, at)
    events.record("announcement.published", at, announcement_id=announcement.id)


def _note(action: str, announcement: Announcement, at: datetime) -> None:
    audit.record(
        action,
        at,
        subject_kind="announcement",
        subject_id=announcement.id,
        subject_name=announcement.title,
    )


def _list_at_course(course_id: int) -> None:
    latest = (
        select(Announcement.id, Announcement.title, Announcement.published_at)
        .where(Announcement.course_id == course_id, Announcement.published_at.is_not(None))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(AT_COURSE)
        .subquery()
    )
    entry = func.jsonb_build_array(latest.c.id, latest.c.title, latest.c.published_at)
    listed = select(
        func.coalesce(
            func.jsonb_agg(aggregate_order_by(entry, latest.c.published_at.desc(), latest.c.id.desc())),
            literal([], JSONB),
        )
    ).scalar_subquery()
    db.session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(announcements=listed)
        .execution_options(synchronize_session=False)
    )
