"""What the machinery has still to do, and what it could not do."""

from sqlalchemy import func, literal, select, union_all
from sqlalchemy import text as sql

from lms.core.db import AnyRow, db
from lms.core.models import Delivery, Event, Task
from lms.core.paging import PER_PAGE, Page
from lms.notifications.models import Email

STATES = ("failed", "waiting", "done")


def jobs(state: str, page: int) -> Page[AnyRow]:
    """Deliveries and tasks in one list, the newest first.

    Rows have source, id, name, subject, state, attempts, error, at.
    """
    wanted = {"failed": ("failed",), "waiting": ("pending", "queued", "running"), "done": ("done",)}[state]
    deliveries = (
        select(
            literal("delivery").label("source"),
            Delivery.id,
            Delivery.subscriber.label("name"),
            Event.name.label("subject"),
            Delivery.state,
            Delivery.attempts,
            Delivery.last_error.label("error"),
            Event.occurred_at.label("at"),
        )
        .join(Event, Event.id == Delivery.event_id)
        .where(Delivery.state.in_(wanted))
    )
    tasks = select(
        literal("task"),
        Task.id,
        Task.kind,
        literal(""),
        Task.state,
        Task.attempts,
        Task.result["error"].astext,
        Task.created_at,
    ).where(Task.state.in_(wanted))
    both = union_all(deliveries, tasks).subquery()
    total = db.session.scalar(select(func.count()).select_from(both)) or 0
    rows = db.session.execute(
        select(both)
        .order_by(both.c.at.desc(), both.c.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def emails(state: str, page: int) -> Page[AnyRow]:
    """Messages of one state, the newest first."""
    wanted = {"failed": "failed", "waiting": "queued", "done": "sent"}[state]
    total = db.session.scalar(select(func.count()).select_from(Email).where(Email.state == wanted)) or 0
    rows = db.session.execute(
        select(
            Email.id,
            Email.template,
            Email.to_address,
            Email.attempts,
            Email.last_error,
            Email.created_at,
            Email.due_at,
            Email.sent_at,
        )
        .where(Email.state == wanted)
        .order_by(Email.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


_COUNTS = sql("""
    select (select count(*) from deliveries where state = 'failed')
             + (select count(*) from tasks where state = 'failed') as jobs_failed,
           (select count(*) from deliveries where state = 'pending')
             + (select count(*) from tasks where state in ('queued', 'running')) as jobs_waiting,
           (select count(*) from emails where state = 'failed') as emails_failed,
           (select count(*) from emails where state = 'queued') as emails_waiting
""")


def counts() -> AnyRow:
    """How many of each, for the tabs."""
    return db.session.execute(_COUNTS).one()
