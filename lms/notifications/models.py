"""Emails, queued in the transaction that wants them sent; what stands in the inbox; and who wants to hear of what."""

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


class Notice(db.Model):  # type: ignore[name-defined]
    """Something that one person should know, once for each cause (`dedupe_key`).

    `facts` are the plain values that its words need (`words`), `link` a path on this site. A notice that is
    `waiting` goes out with the next daily digest, the message `digest_id`.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("mail in ('none', 'waiting', 'done')", name="mail"),
        Index("ix_notices_user_id_id", "user_id", "id"),
        Index("ix_notices_unread", "user_id", postgresql_where="read_at is null and in_inbox"),
        Index("ix_notices_waiting", "user_id", "created_at", postgresql_where="mail = 'waiting'"),
        Index("ix_notices_digest_id", "digest_id", postgresql_where="digest_id is not null"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    link: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    in_inbox: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[str] = mapped_column(default="none")
    digest_id: Mapped[int | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MessagePreference(db.Model):  # type: ignore[name-defined]
    """What somebody wants for one kind of message, where that is not what everybody gets at first."""

    __tablename__ = "message_preferences"
    __table_args__ = (CheckConstraint("email in ('at_once', 'digest', 'never')", name="email"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    inbox: Mapped[bool]


class Bounce(db.Model):  # type: ignore[name-defined]
    """An address that a mail server refused for good. It counts until the person confirms or changes it."""

    __tablename__ = "email_bounces"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
