"""Trying again what failed."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import update

from lms.accounts import audit
from lms.admin.queries import recurring
from lms.core import events, jobs
from lms.core.db import db
from lms.core.models import Delivery, Task
from lms.notifications import actions as notifications

_AFRESH: dict[str, Any] = {
    "state": "queued", "attempts": 0, "lease_until": None, "finished_at": None, "result": None, "done": 0, "step": "",
}  # fmt: skip


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
        .values(**_AFRESH)
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
    """Put every failed delivery and task back in line, in two statements whatever their number; the sweeps enqueue
    the deliveries in portions. Returns how many there were."""
    deliveries = db.session.execute(
        update(Delivery)
        .where(Delivery.state == "failed")
        .values(state="pending", attempts=0, due_at=at, lease_until=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    work = db.session.execute(
        update(Task)
        .where(Task.state == "failed")
        .values(**_AFRESH)
        .returning(Task.id, Task.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in work:
        events.send(jobs.registered(row.kind), row.id)
    again = len(deliveries) + len(work)
    if again:
        audit.record("jobs.retried", at, subject_kind="job", number=again)
    return again


def retry_all_emails(at: datetime) -> int:
    """Send every failed message again. Returns how many."""
    again = notifications.retry_all(at)
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
