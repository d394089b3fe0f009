"""What discussions and announcements know of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.courses.models import Course
from lms.discussions import posts
from lms.discussions.models import Announcement, AnnouncementsSeen, Follow, Post, Report, Seen

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """What somebody wrote, follows, reported and has seen."""
    asked = aliased(Post, name="asked")
    wrote = (
        select(
            Course.title.label("course"),
            asked.title.label("question"),
            Post.body.label("text"),
            Post.created_at.label("at"),
            Post.edited_at,
            Post.hidden_reason,
        )
        .join(Course, Course.id == Post.course_id)
        .join(asked, asked.id == func.coalesce(Post.question_id, Post.id))
        .where(Post.author_id == user_id)
        .order_by(Post.id)
    )
    follows = (
        select(Course.title.label("course"), Post.title.label("question"))
        .select_from(Follow)
        .join(Post, Post.id == Follow.question_id)
        .join(Course, Course.id == Post.course_id)
        .where(Follow.user_id == user_id)
        .order_by(Post.id)
    )
    reported = (
        select(Course.title.label("course"), Report.reason, Report.created_at.label("at"))
        .join(Course, Course.id == Report.course_id)
        .where(Report.reporter_id == user_id)
        .order_by(Report.id)
    )
    announced = (
        select(
            Course.title.label("course"),
            Announcement.title,
            Announcement.body.label("text"),
            Announcement.created_at.label("at"),
        )
        .join(Course, Course.id == Announcement.course_id)
        .where(Announcement.author_id == user_id)
        .order_by(Announcement.id)
    )
    saw = (
        select(Course.title.label("course"), Post.title.label("question"), Seen.seen_at.label("at"))
        .select_from(Seen)
        .join(Post, Post.id == Seen.question_id)
        .join(Course, Course.id == Post.course_id)
        .where(Seen.user_id == user_id)
        .order_by(Post.id)
    )
    looked = (
        select(Course.title.label("course"), AnnouncementsSeen.seen_at.label("at"))
        .join(Course, Course.id == AnnouncementsSeen.course_id)
        .where(AnnouncementsSeen.user_id == user_id)
        .order_by(Course.id)
    )
    statements = {
        "discussions_seen": saw,
        "announcements_seen": looked,
        "posts": wrote,
        "discussions_followed": follows,
        "reports": reported,
        "announcements": announced,
    }
    return {
        name: [dict(row) for row in db.session.execute(statement).mappings()]
        for name, statement in statements.items()
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """Posts go (see `posts.forget`); announcements are the course's and stay without a name."""
    posts.forget(user_id)
    for table in (Seen, AnnouncementsSeen):
        db.session.execute(
            delete(table).where(table.user_id == user_id).execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(Announcement)
        .where(Announcement.author_id == user_id)
        .values(author_id=None)
        .execution_options(synchronize_session=False)
    )
    return []
