"""Long work that a person starts and watches: an import, an export. A row says how far it is.

The work itself is one transaction; its progress is written beside it, so that the page can show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from lms.core import clock, events, jobs
from lms.core.db import db
from lms.core.models import Task

LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Told by the work how far it is."""

    task_id: int

    def __call__(self, done: int, total: int, step: str = "") -> None:
        """Write it at once, outside the work's transaction, and renew the lease."""
        with db.engine.begin() as connection:
            connection.execute(
                update(Task)
                .where(Task.id == self.task_id)
                .values(done=done, total=total, step=step, lease_until=clock.now() + LEASE)
            )


def start(job: jobs.Job, owner_id: int, at: datetime, **arguments: Any) -> Task:
    """Record a task of the kind `job.name` and enqueue it after the commit. Its body gets the task's id."""
    task = Task(kind=job.name, owner_id=owner_id, arguments=arguments, created_at=at, state="queued")
    db.session.add(task)
    db.session.flush()
    events.send(job, task.id)
    return task


def of_owner(task_id: int, owner_id: int, kind: str) -> Task | None:
    """A person's own task."""
    return db.session.scalars(
        select(Task).where(Task.id == task_id, Task.owner_id == owner_id, Task.kind == kind)
    ).one_or_none()


def perform(task_id: int, body: Callable[[Task, Progress], dict[str, Any]]) -> None:
    """Claim a task and run its body, once at a time. The body's result is kept; what it raises is kept as
    the reason, and whatever it changed is rolled back."""
    at = clock.now()
    with db.engine.begin() as connection:
        claimed = connection.execute(
            update(Task)
            .where(
                Task.id == task_id,
                Task.state.in_(("queued", "running")),
                or_(Task.lease_until.is_(None), Task.lease_until < at),
                Task.attempts < MOST_ATTEMPTS,
            )
            .values(state="running", attempts=Task.attempts + 1, lease_until=at + LEASE)
            .returning(Task.id)
        ).one_or_none()
    if claimed is None:
        return
    task = db.session.get_one(Task, task_id)
    try:
        with db.session.begin_nested():
            result = body(task, Progress(task_id))
        values: dict[str, Any] = {"state": "done", "result": result}
    except Exception as error:
        events.take_waiting()
        values = {"state": "failed", "result": {"error": f"{type(error).__name__}: {error}"[:2000]}}
        _finish(task_id, values)
        raise
    _finish(task_id, values)


def _finish(task_id: int, values: dict[str, Any]) -> None:
    failed = values["state"] == "failed"
    statement = (
        update(Task)
        .where(Task.id == task_id)
        .values(**values, finished_at=clock.now(), lease_until=None)
        .execution_options(synchronize_session=False)
    )
    if failed:
        with db.engine.begin() as connection:
            connection.execute(statement)
    else:
        db.session.execute(statement)


def sweep(at: datetime) -> int:
    """Enqueue again what a crash left queued or running; give up after MOST_ATTEMPTS. Returns how many."""
    lost = or_(
        Task.lease_until < at, (Task.lease_until.is_(None)) & (Task.created_at < at - timedelta(minutes=2))
    )
    open_states = Task.state.in_(("queued", "running"))
    db.session.execute(
        update(Task)
        .where(open_states, lost, Task.attempts >= MOST_ATTEMPTS)
        .values(state="failed", finished_at=at, result={"error": "The work was interrupted too often."})
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(select(Task.id, Task.kind).where(open_states, lost)).all()
    for row in rows:
        events.send(jobs.registered(row.kind), row.id)
    return len(rows)
