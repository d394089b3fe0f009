"""Quizzes, versioned questions, attempts and their answers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Quiz(db.Model):  # type: ignore[name-defined]
    """A quiz of a lesson. Times in seconds, scores in percent; None means no limit."""

    __tablename__ = "quizzes"
    __table_args__ = (
        UniqueConstraint("course_id", "source_id"),
        CheckConstraint("mode in ('practice', 'graded')", name="mode"),
        CheckConstraint("counts in ('best', 'last', 'average')", name="counts"),
        CheckConstraint("reveal in ('submission', 'never')", name="reveal"),
        CheckConstraint("passing_percent between 0 and 100", name="passing_percent"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    mode: Mapped[str] = mapped_column(default="graded")
    is_required: Mapped[bool] = mapped_column(default=True)
    passing_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(70))
    time_limit: Mapped[int | None] = mapped_column(Integer)
    max_attempts: Mapped[int | None] = mapped_column(Integer)
    counts: Mapped[str] = mapped_column(default="best")
    shuffle_questions: Mapped[bool] = mapped_column(default=False)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    one_per_page: Mapped[bool] = mapped_column(default=False)
    reveal: Mapped[str] = mapped_column(default="submission")
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class Question(db.Model):  # type: ignore[name-defined]
    """A place in a quiz; what is asked there stands in its versions."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("quiz_id", "source_id"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    source_id: Mapped[str]
    position: Mapped[int]
    points: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(1))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", use_alter=True))
    removed_at: Mapped[datetime | None]


class QuestionVersion(db.Model):  # type: ignore[name-defined]
    """What was asked and what was right, never changed. `content` may be seen by the learner, `key` not."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    key: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Attempt(db.Model):  # type: ignore[name-defined]
    """One sitting. `layout` pins what was asked, in which order:
    `[{"question": id, "version": id, "points": "1.00", "options": ["2", "1"]}, ...]`, one a slot."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "user_id", "number"),
        Index("uq_attempts_open", "quiz_id", "user_id", unique=True, postgresql_where="state = 'open'"),
        Index(
            "ix_attempts_due", "deadline_at", postgresql_where="state = 'open' and deadline_at is not null"
        ),
        Index("ix_attempts_user_id", "user_id"),
        CheckConstraint("state in ('open', 'graded', 'needs_grading')", name="state"),
        CheckConstraint("closed_by in ('learner', 'deadline')", name="closed_by"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(default="open")
    layout: Mapped[list[Any]]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    points: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    passed: Mapped[bool | None]


class Answer(db.Model):  # type: ignore[name-defined]
    """The newest answer to one slot. `seq` is given by the browser, so that late repeats never win."""

    __tablename__ = "answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    response: Mapped[dict[str, Any] | None]
    seq: Mapped[int]
    saved_at: Mapped[datetime]
    fraction: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))
    state: Mapped[str | None]
