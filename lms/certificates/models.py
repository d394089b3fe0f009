"""Certificates as they were awarded: the names on them are copies, not links."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Certificate(db.Model):  # type: ignore[name-defined]
    """One per enrollment. The PDF is made by a job; `file_id` is set when it is there.

    `look` and the two pictures are the course's template on the day of issue. `renewed_at` is when the name was
    last changed. `picture_file_id` is a picture of the PDF, made when somebody first asks for it. A certificate outlives
    its course: then it has neither `enrollment_id` nor `course_id`.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(revoked_at is null) = (revoked_reason is null)", name="revoked"),
        Index("ix_certificates_revoked", "id", postgresql_where=text("revoked_at is not null")),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollments.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    recipient: Mapped[str]
    course_title: Mapped[str]
    instructors: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    minutes: Mapped[int] = mapped_column(default=0)
    completed_on: Mapped[date]
    issued_at: Mapped[datetime]
    look: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    logo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    signature_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    picture_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    renewed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Template(db.Model):  # type: ignore[name-defined]
    """How the certificates of a course will look from now on. `look` holds what `rules.Look` reads."""

    __tablename__ = "certificate_templates"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    look: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    logo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    signature_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    updated_at: Mapped[datetime]


class BadgeKey(db.Model):  # type: ignore[name-defined]
    """An Ed25519 key that credentials are signed with. A retired one keeps its public half for ever.

    `public_key` is the key's `x` as a JWK has it; `sealed_key` is of no use without the secret key.
    """

    __tablename__ = "badge_keys"
    __table_args__ = (
        CheckConstraint("(retired_at is null) = (sealed_key is not null)", name="sealed"),
        Index(
            "uq_badge_keys_current",
            text("(retired_at is null)"),
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
    )

    id: Mapped[Id]
    thumbprint: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sealed_key: Mapped[str | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
