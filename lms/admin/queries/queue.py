"""What the machinery has still to do, and what it could not do."""

from typing import Any

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy import text as sql

from lms.core.db import AnyRow, db
from lms.core.models import Delivery, Event, Task
from lms.core.paging import PER_PAGE, Page
from lms.notifications.models import Email

STATES = ("failed", "waiting", "done")


def jobs(state: str, q: str, page: int) -> Page[AnyRow]:
    """Deliveries and tasks in one list, the newest first; `q` is in the job's name or in the reason of its failure.

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
    where = [
        or_(both.c.name.icontains(word, autoescape=True), both.c.error.icontains(word, autoescape=True))
        for word in q.split()[:6]
    ]
    total = db.session.scalar(select(func.count()).select_from(both).where(*where)) or 0
    rows = db.session.execute(
        select(both)
        .where(*where)
        .order_by(both.c.at.desc(), both.c.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def emails(state: str, q: str, page: int) -> Page[AnyRow]:
    """Messages of one state, the newest first; `q` is in the address, the kind of message or the reason."""
    wanted = {"failed": "failed", "waiting": "queued", "done": "sent"}[state]
    where: list[Any] = [Email.state == wanted]
    for word in q.split()[:6]:
        fields = (Email.to_address, Email.template, Email.last_error)
        where.append(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    total = db.session.scalar(select(func.count()).select_from(Email).where(*where)) or 0
    rows = db.session.execute(
        select(
            Email.id,
            Email.template,
            Email.facts["kind"].astext.label("kind"),
            Email.to_address,
            Email.attempts,
            Email.last_error,
            Email.created_at,
            Email.due_at,
            Email.sent_at,
        )
        .where(*where)
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
