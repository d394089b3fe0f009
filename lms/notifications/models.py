"""Emails, queued in the transaction that wants them sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Email(db.Model):  # type: ignore[name-defined]
    """One message to one address. `dedupe_key` lets a repeated cause queue it once."""

    __tablename__ = "emails"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state"),
        Index("ix_emails_due", "due_at", postgresql_where="state = 'queued'"),
    )

    id: Mapped[Id]
    template: Mapped[str]
    dedupe_key: Mapped[str | None] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    to_address: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    facts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
