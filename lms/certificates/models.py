"""Certificates as they were awarded: the names on them are copies, not links."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Certificate(db.Model):  # type: ignore[name-defined]
    """One per enrollment. The PDF is made by a job; `file_id` is set when it is there."""

    __tablename__ = "certificates"
    __table_args__ = (CheckConstraint("(revoked_at is null) = (revoked_reason is null)", name="revoked"),)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    recipient: Mapped[str]
    course_title: Mapped[str]
    instructors: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    minutes: Mapped[int] = mapped_column(default=0)
    completed_on: Mapped[date]
    issued_at: Mapped[datetime]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
