"""Trying again what failed."""

from datetime import datetime
from typing import Literal

from sqlalchemy import update

from lms.accounts import audit
from lms.core import events, jobs
from lms.core.db import db
from lms.core.models import Delivery, Task
from lms.notifications import actions as notifications


def retry_job(source: Literal["delivery", "task"], number: int, at: datetime) -> bool:
    """Put a failed delivery or task back in line; False when it is not failed."""
    again = _retry_delivery(number, at) if source == "delivery" else _retry_task(number)
    if again:
        audit.record("job.retried", at, subject_kind=source, subject_id=number, subject_name=again)
    return again is not None


def _retry_delivery(number: int, at: datetime) -> str | None:
    """The sweep, seconds away, enqueues what is due."""
    return db.session.scalar(
        update(Delivery)
        .where(Delivery.id == number, Delivery.state == "failed")
        .values(state="pending", attempts=0, due_at=at, lease_until=None)
        .returning(Delivery.subscriber)
        .execution_options(synchronize_session=False)
    )


def _retry_task(number: int) -> str | None:
    kind = db.session.scalar(
        update(Task)
        .where(Task.id == number, Task.state == "failed")
        .values(state="queued", attempts=0, lease_until=None, finished_at=None, result=None, done=0, step="")
        .returning(Task.kind)
        .execution_options(synchronize_session=False)
    )
    if kind is not None:
        events.send(jobs.registered(kind), number)
    return kind


def retry_email(email_id: int, at: datetime) -> bool:
    """Send a failed message again; False when it is not failed."""
    again = notifications.retry(email_id, at)
    if again:
        audit.record("email.retried", at, subject_kind="email", subject_id=email_id)
    return again
