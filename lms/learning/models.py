"""Enrollments and what learners did with the lessons."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Enrollment(db.Model):  # type: ignore[name-defined]
    """One learner in one course, once. Completion is a dated fact that nothing takes back."""

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        CheckConstraint("state in ('active', 'completed', 'dropped', 'expired')", name="state"),
        Index("ix_enrollments_course_id_state", "course_id", "state"),
        Index("ix_enrollments_course_id_id", "course_id", "id"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default="active")
    enrolled_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    may_return: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Whether who left comes back by themselves; not who was taken out."""
    last_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    last_active_at: Mapped[datetime]


class LessonProgress(db.Model):  # type: ignore[name-defined]
    """A lesson that a learner opened. Without a row it is not started; completed never goes back."""

    __tablename__ = "lesson_progress"
    __table_args__ = (
        CheckConstraint("position between 0 and 1", name="position"),
        Index("ix_lesson_progress_lesson_id", "lesson_id", "enrollment_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(
        ForeignKey("enrollments.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    position: Mapped[float] = mapped_column(Float, default=0.0)
    recordings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Seconds at which the learner stopped, by the address of a video or sound of the lesson."""
