"""Tables of the machinery itself: events, their deliveries, and long tasks that people watch."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Event(db.Model):  # type: ignore[name-defined]
    """Something that happened, written in the transaction that made it happen."""

    __tablename__ = "events"

    id: Mapped[Id]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]


class Delivery(db.Model):  # type: ignore[name-defined]
    """One subscriber's copy of one event; done at most once, whatever crashes."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        CheckConstraint("state in ('pending', 'done', 'failed')", name="state"),
        Index("ix_deliveries_due", "due_at", postgresql_where="state = 'pending'"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    subscriber: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class Task(db.Model):  # type: ignore[name-defined]
    """A long piece of work that a person started and watches: an import, an export."""

    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint("state in ('queued', 'running', 'done', 'failed')", name="state"),)

    id: Mapped[Id]
    kind: Mapped[str]
    owner_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="queued")
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class Fault(db.Model):  # type: ignore[name-defined]
    """A kind of unexpected error: what was raised and where. The last time stands in the row itself."""

    __tablename__ = "faults"
    __table_args__ = (CheckConstraint("source in ('web', 'job')", name="source"),)

    id: Mapped[Id]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    exception: Mapped[str]
    place: Mapped[str]
    trace: Mapped[str]
    route: Mapped[str]
    request_id: Mapped[str]
    version: Mapped[str]
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    is_back: Mapped[bool]
    """It happened again after somebody had settled it."""
    settled_at: Mapped[datetime | None]


class FaultSighting(db.Model):  # type: ignore[name-defined]
    """One of the last times that it happened, by the request's id."""

    __tablename__ = "fault_sightings"

    id: Mapped[Id]
    fault_id: Mapped[int] = mapped_column(ForeignKey("faults.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    route: Mapped[str]
    request_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[str]


class FaultDay(db.Model):  # type: ignore[name-defined]
    """How many there were on a day (UTC)."""

    __tablename__ = "fault_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
