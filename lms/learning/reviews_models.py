"""What learners say of a course."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Review(db.Model):  # type: ignore[name-defined]
    """One learner's rating (1 to 5) of one course with their words, the staff's answer, and why it is hidden."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("course_id", "user_id"),
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("char_length(body) between 10 and 2000", name="body_length"),
        Index("ix_reviews_course_id_created_at", "course_id", "created_at", "id"),
        Index("ix_reviews_helpful", "course_id", "helpful_count", "created_at", "id"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    rating: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    helpful_count: Mapped[int] = mapped_column(default=0, server_default="0")
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    hidden_reason: Mapped[str | None]


class ReviewVote(db.Model):  # type: ignore[name-defined]
    """Somebody found a review helpful."""

    __tablename__ = "review_votes"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
