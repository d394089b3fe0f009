"""What is new around a course to one person, as SQL. Discussions stand above learning; all that is read of them are
these columns."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, and_, column, func, literal, select, table

from lms.courses.models import Course
from lms.learning.models import Enrollment

_post = table(
    "discussion_posts", *map(column, ("id", "course_id", "lesson_id", "question_id", "hidden_at", "last_at"))
)
_seen = table("discussion_seen", *map(column, ("question_id", "user_id", "seen_at")))
_announcement = table("announcements", *map(column, ("id", "course_id", "author_id", "published_at")))
_looked = table("announcements_seen", *map(column, ("course_id", "user_id", "seen_at")))

SINCE = func.greatest(Course.news_from, Enrollment.enrolled_at, literal(datetime(1970, 1, 1, tzinfo=UTC)))
"""Nothing before it is new to the person of the enrollment, or to staff without one."""


def _new(user_id: Any, *which: Any) -> Any:
    """The id of the lesson of each question that has something new."""
    return (
        select(_post.c.lesson_id)
        .select_from(_post)
        .outerjoin(_seen, and_(_seen.c.question_id == _post.c.id, _seen.c.user_id == user_id))
        .where(
            _post.c.question_id.is_(None),
            _post.c.hidden_at.is_(None),
            _post.c.last_at > func.coalesce(_seen.c.seen_at, SINCE),
            *which,
        )
    )


def in_lesson(lesson_id: Any, user_id: Any) -> Any:
    """How many questions about the lesson have something new."""
    return (
        _new(user_id, _post.c.lesson_id == lesson_id)
        .with_only_columns(func.count())
        .correlate(Course, Enrollment, lesson_id.class_)
        .scalar_subquery()
    )


def in_course(user_id: Any) -> Any:
    """The ids of lessons with questions that have something new, once a question."""
    return (
        _new(user_id, _post.c.course_id == Course.id)
        .with_only_columns(func.coalesce(func.json_agg(_post.c.lesson_id), literal([], JSON)))
        .correlate(Course, Enrollment)
        .scalar_subquery()
    )


def announcements_since(user_id: Any) -> Any:
    """Announcements after it are new."""
    seen = (
        select(_looked.c.seen_at)
        .where(_looked.c.course_id == Course.id, _looked.c.user_id == user_id)
        .correlate(Course)
        .scalar_subquery()
    )
    return func.coalesce(seen, SINCE)


def own_announcements(user_id: Any) -> Any:
    """The ids of what came since then and is not new all the same: they announced it themself."""
    return (
        select(func.coalesce(func.json_agg(_announcement.c.id), literal([], JSON)))
        .where(
            _announcement.c.course_id == Course.id,
            _announcement.c.author_id == user_id,
            _announcement.c.published_at > announcements_since(user_id),
        )
        .correlate(Course, Enrollment)
        .scalar_subquery()
    )
