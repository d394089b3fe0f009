"""Questions about lessons with their replies, and announcements to a whole course."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

SEARCH = (
    "to_tsvector('simple'::regconfig, title || ' ' || body)"
    " || to_tsvector(course_config(language), title || ' ' || body)"
)
"""The words of a post, as they stand and as the language of its course bends them."""


class Post(db.Model):  # type: ignore[name-defined]
    """A question about a lesson or, with `question_id`, a reply to one. `body` is what was typed.

    Of a question, `reply_count` counts the replies that are shown and `last_at` is when the last one came.
    `by_staff` says that the author taught the course when they wrote.
    """

    __tablename__ = "discussion_posts"
    __table_args__ = (
        CheckConstraint("(question_id is null) = (title <> '')", name="title"),
        CheckConstraint("char_length(body) between 1 and 10000", name="body_length"),
        Index("ix_discussion_posts_lesson_id_last_at", "lesson_id", "last_at", "id"),
        Index("ix_discussion_posts_course_id_last_at", "course_id", "last_at", "id"),
        Index("ix_discussion_posts_question_id_id", "question_id", "id"),
        Index("ix_discussion_posts_search", "search", postgresql_using="gin"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_posts.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    by_staff: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    body_html: Mapped[str]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    hidden_reason: Mapped[str | None]
    reply_count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    has_staff_reply: Mapped[bool] = mapped_column(default=False)
    accepted_id: Mapped[int | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH, persisted=True), deferred=True)


class Follow(db.Model):  # type: ignore[name-defined]
    """Somebody wants to hear of new replies to a question."""

    __tablename__ = "discussion_follows"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_posts.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Seen(db.Model):  # type: ignore[name-defined]
    """How far somebody has seen a question with its replies: what came later is new to them."""

    __tablename__ = "discussion_seen"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_posts.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime]


class Report(db.Model):  # type: ignore[name-defined]
    """A learner's word to the staff that a post should not stand as it does; once a person and post."""

    __tablename__ = "discussion_reports"
    __table_args__ = (
        UniqueConstraint("post_id", "reporter_id"),
        Index("ix_discussion_reports_open", "course_id", "id", postgresql_where="settled_at is null"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("discussion_posts.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Announcement(db.Model):  # type: ignore[name-defined]
    """News for everybody in a course. Until `publish_at` only its staff see it; `published_at` is when it went out."""

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("char_length(title) between 3 and 200", name="title_length"),
        CheckConstraint("char_length(body) between 1 and 20000", name="body_length"),
        Index("ix_announcements_course_id_publish_at", "course_id", "publish_at", "id"),
        Index("ix_announcements_due", "publish_at", postgresql_where="published_at is null"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    title: Mapped[str]
    body: Mapped[str]
    body_html: Mapped[str]
    created_at: Mapped[datetime]
    publish_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]


class AnnouncementsSeen(db.Model):  # type: ignore[name-defined]
    """When somebody last looked at the announcements of a course."""

    __tablename__ = "announcements_seen"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime]
