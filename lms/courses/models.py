"""Courses, their modules, lessons, extra pages and assets."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

LEVELS = ("beginner", "intermediate", "advanced")
STATES = ("draft", "published", "archived")

SEARCH = "course_document(language, title, summary, category, tags, instructors, contents, description)"
"""The words of a course: of weight A (title), B (summary, subject, tags) and C (all else) as they stand, of D as its
language bends them; a function of the database."""

PASSAGE = "passage_document(language, title, heading, words, files, pictures)"
"""The words of a section: of weights A and C as they stand, of B and D as their languages bend them."""

SCORE = (
    "case when rating_count = 0 then 0 else (rating_count * rating_average + 17.5) / (rating_count + 5) end"
)
"""The average with five ratings of 3.5 added, so that one happy learner does not outdo a hundred."""

PUBLISHED = "state = 'published'"


class Course(db.Model):  # type: ignore[name-defined]
    """A course. Counts are kept by the actions that change them, so that lists need no joins."""

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("char_length(title) between 3 and 255", name="title_length"),
        CheckConstraint("level in ('beginner', 'intermediate', 'advanced')", name="level"),
        CheckConstraint("state in ('draft', 'published', 'archived')", name="state"),
        CheckConstraint("access in ('open', 'invitation', 'code')", name="access"),
        Index("ix_courses_search", "search", postgresql_using="gin"),
        Index("ix_courses_tags", "tags", postgresql_using="gin", postgresql_where=PUBLISHED),
        Index("ix_courses_title", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
        Index("ix_courses_state_published_at", "state", "published_at", "id"),
        Index("ix_courses_facets", "category", "level", "language", postgresql_where=PUBLISHED),
        Index("ix_courses_learners", "enrollment_count", "published_at", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_rating", "rating_score", "published_at", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_by_title", text("lower(title)"), "id", postgresql_where=PUBLISHED),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    description_html: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="beginner")
    language: Mapped[str] = mapped_column(default="en")
    license: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    cover_path: Mapped[str | None]
    access: Mapped[str] = mapped_column(default="open")
    access_code: Mapped[str | None]
    capacity: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    certificate: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="draft")
    published_at: Mapped[datetime | None]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    lesson_count: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    enrollment_count: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_average: Mapped[float] = mapped_column(Float, default=0.0)
    rating_counts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{0,0,0,0,0}")
    rating_score: Mapped[float] = mapped_column(Float, Computed(SCORE, persisted=True))
    instructors: Mapped[str] = mapped_column(server_default="")
    contents: Mapped[dict[str, Any]] = mapped_column(server_default="{}", deferred=True)
    """Titles of what learners see, as `{"lessons": [...], "modules": [...]}` in their order; triggers write it."""
    announcements: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """The latest ones as `[id, title, when]`, kept by discussions, so that the course's page need not ask."""
    news_from: Mapped[datetime | None]
    """What was said around the course before is new to nobody; without it everything is."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    removed_at: Mapped[datetime | None]
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH, persisted=True), deferred=True)


class CourseWord(db.Model):  # type: ignore[name-defined]
    """A word of the titles (of lessons and modules too), summaries, subjects or tags of published courses, for guessing
    what was meant.

    Triggers write it; that a word is no longer used does no harm, since a guess without courses is not shown.
    """

    __tablename__ = "course_words"
    __table_args__ = (
        Index(
            "ix_course_words_word", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}
        ),
    )

    word: Mapped[str] = mapped_column(primary_key=True)


class CoursePassage(db.Model):  # type: ignore[name-defined]
    """A section of a text that readers see: a lesson, an extra page or a brief, from one heading to the next.

    Triggers write it. `kind` is lesson, page or assignment, `text_id` its row there; its `title` stands in the first
    section alone. `words` are those of the page, a line a block; `files` the names of the files it shows and `pictures`
    what its pictures are described by, a line each. The rubric of a brief is a section of its own.
    """

    __tablename__ = "course_passages"
    __table_args__ = (UniqueConstraint("kind", "text_id", "number"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    text_id: Mapped[int]
    number: Mapped[int]
    slug: Mapped[str]
    title: Mapped[str]
    anchor: Mapped[str]
    heading: Mapped[str]
    words: Mapped[str]
    files: Mapped[str]
    pictures: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str]
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed(PASSAGE, persisted=True), deferred=True)


class CourseInstructor(db.Model):  # type: ignore[name-defined]
    """A co-instructor; the owner is not listed here."""

    __tablename__ = "course_instructors"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CoursePrerequisite(db.Model):  # type: ignore[name-defined]
    """A course that a learner completes before they enroll in another one."""

    __tablename__ = "course_prerequisites"
    __table_args__ = (CheckConstraint("course_id <> required_id", name="other"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    required_id: Mapped[int] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CourseAddress(db.Model):  # type: ignore[name-defined]
    """A slug that a course had before; links to it still find the course."""

    __tablename__ = "course_addresses"

    slug: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime]


class Module(db.Model):  # type: ignore[name-defined]
    """A chapter. `source_id` is its stable name in the course folder."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "source_id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class Lesson(db.Model):  # type: ignore[name-defined]
    """A lesson. `position` orders it in the whole course; a removed lesson keeps its learners' progress."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("course_id", "source_id"),
        Index(
            "uq_lessons_course_id_slug",
            "course_id",
            "slug",
            unique=True,
            postgresql_where="removed_at is null",
        ),
        Index("ix_lessons_course_id_position", "course_id", "position"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int] = mapped_column(default=0)
    is_preview: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=True)
    is_published: Mapped[bool] = mapped_column(default=True)
    release: Mapped[dict[str, Any] | None]
    question_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """Questions about it that readers see, kept by discussions."""
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    removed_at: Mapped[datetime | None]


class LessonPage(db.Model):  # type: ignore[name-defined]
    """An extra page of a lesson, such as instructions for one kind of hardware."""

    __tablename__ = "lesson_pages"
    __table_args__ = (UniqueConstraint("lesson_id", "slug"),)

    id: Mapped[Id]
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    slug: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class CourseAsset(db.Model):  # type: ignore[name-defined]
    """A file of a course under its path in the folder; only for who may read the course."""

    __tablename__ = "course_assets"
    __table_args__ = (UniqueConstraint("course_id", "path"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    path: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), index=True)


class TextRevision(db.Model):  # type: ignore[name-defined]
    """What a text said from one moment on. `kind` is lesson, page, assignment or module, `text_id` its row there."""

    __tablename__ = "text_revisions"
    __table_args__ = (UniqueConstraint("kind", "text_id", "number"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    text_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class TextDraft(db.Model):  # type: ignore[name-defined]
    """What one author typed and has not saved yet; `base` is the fingerprint of the text they began from. `more` are
    the fields beside the text, as they were typed: those of a rubric."""

    __tablename__ = "text_drafts"

    kind: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    body: Mapped[str]
    base: Mapped[str]
    more: Mapped[dict[str, Any] | None]
    saved_at: Mapped[datetime]
