"""Endpoints of other systems, the messages for them, and each attempt to bring one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

OFF_REASONS = ("admin", "failing", "gone")


class WebhookEndpoint(db.Model):  # type: ignore[name-defined]
    """An address that hears of events. `seed` makes its secret together with the application's key; for a day
    after a rotation the previous one signs as well. `failures` counts those since the last success."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("off_reason in ('admin', 'failing', 'gone')", name="off_reason"),
        CheckConstraint("is_on = (off_reason is null)", name="on_or_off"),
    )

    id: Mapped[Id]
    url: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    seed: Mapped[str]
    previous_seed: Mapped[str | None]
    previous_until: Mapped[datetime | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    off_reason: Mapped[str | None]
    off_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebhookMessage(db.Model):  # type: ignore[name-defined]
    """One event for one endpoint, once. `uid` is its `webhook-id` and stays the same at every attempt; `body` is
    what is sent, to the byte. A test has no event. `attempts_before` are those before the last replay."""

    __tablename__ = "webhook_messages"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        CheckConstraint("state in ('waiting', 'delivered', 'failed')", name="state"),
        Index("ix_webhook_messages_due", "endpoint_id", "due_at", postgresql_where="state = 'waiting'"),
        Index(
            "ix_webhook_messages_unsettled", "endpoint_id", "state", postgresql_where="state <> 'delivered'"
        ),
        Index("ix_webhook_messages_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_messages_created_at", "created_at"),
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_id: Mapped[int | None]
    uid: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    attempts_before: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    outcome: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class WebhookAttempt(db.Model):  # type: ignore[name-defined]
    """What was sent and what came back. `milliseconds` from the look-up of the name to the last byte read."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("webhook_messages.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    url: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    request_headers: Mapped[dict[str, Any]]
    outcome: Mapped[str]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    detail: Mapped[str] = mapped_column(default="")
    response_headers: Mapped[dict[str, Any]]
    response_body: Mapped[str] = mapped_column(default="")
    milliseconds: Mapped[int]
