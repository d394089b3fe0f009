"""Trying again what failed."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from lms.accounts import audit
from lms.admin.queries import recurring
from lms.core import events, jobs
from lms.core.db import db
from lms.core.models import Delivery, Task
from lms.notifications import actions as notifications
from lms.notifications.models import Email

MOST = 200
"""So many are taken at once: each is a statement or two of one request."""


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


def run_again(name: str, at: datetime) -> bool:
    """Run a recurring job that failed now, and forget its failures; False when it has none or no longer exists.

    Raises RedisError when the queue is away.
    """
    failed = [(register, call) for register, call in recurring.calls() if call.args[0] == name]
    if not failed:
        return False
    for register, call in failed:
        register.remove(call, delete_job=True)
    try:
        events.send(jobs.registered(name))
    except KeyError:
        return False
    audit.record("job.retried", at, subject_kind="job", subject_name=name)
    return True


def retry_all_jobs(at: datetime) -> int:
    """Put at most MOST failed deliveries and tasks back in line, the oldest first. Returns how many."""
    deliveries = select(Delivery.id).where(Delivery.state == "failed").order_by(Delivery.id).limit(MOST)
    tasks = select(Task.id).where(Task.state == "failed").order_by(Task.id).limit(MOST)
    again = sum(_retry_delivery(number, at) is not None for number in db.session.scalars(deliveries).all())
    again += sum(_retry_task(number) is not None for number in db.session.scalars(tasks).all())
    if again:
        audit.record("jobs.retried", at, subject_kind="job", number=again)
    return again


def retry_all_emails(at: datetime) -> int:
    """Send at most MOST failed messages again, the oldest first. Returns how many."""
    failed = select(Email.id).where(Email.state == "failed").order_by(Email.id).limit(MOST)
    again = sum(notifications.retry(number, at) for number in db.session.scalars(failed).all())
    if again:
        audit.record("emails.retried", at, subject_kind="email", number=again)
    return again


def send_test(user_id: int, at: datetime) -> bool:
    """Queue a test message to an account; False when its address was refused for good before."""
    return notifications.queue_to(user_id, "test", at, f"test:{user_id}:{at.isoformat()}") is not None


def retry_email(email_id: int, at: datetime) -> bool:
    """Send a failed message again; False when it is not failed."""
    again = notifications.retry(email_id, at)
    if again:
        audit.record("email.retried", at, subject_kind="email", subject_id=email_id)
    return again
