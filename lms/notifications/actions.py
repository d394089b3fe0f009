"""Queueing messages, and bringing each of them to the server once. Nothing here commits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events, jobs
from lms.core.db import db
from lms.notifications import queries, rules
from lms.notifications.models import Bounce, Email
from lms.notifications.smtp import Refused

SEND = "notifications.send_email"
SEND_MANY = "notifications.send_one_of_many"
TO_MANY = ("announcement", "digest")
"""Messages that go to many at once: nobody who waits for a link stands behind them."""
LEASE = timedelta(minutes=2)
MOST_SECONDS = 100
"""Sending is given up before the lease ends, so that no second worker sends meanwhile."""
FIRST_SWEEP = timedelta(seconds=20)
RESWEEP = timedelta(minutes=2)


def queue(
    template: str,
    to_address: str,
    facts: dict[str, Any],
    at: datetime,
    dedupe_key: str | None,
    *,
    language: str = "en",
    user_id: int | None = None,
) -> int | None:
    """Write a message into the current transaction. Facts are ids and plain values, never secrets.

    Returns its id, or None when the same cause (`dedupe_key`) has queued it before.
    """
    email_id = db.session.scalar(
        insert(Email)
        .values(
            template=template,
            dedupe_key=dedupe_key,
            user_id=user_id,
            to_address=to_address,
            language=language,
            facts=facts,
            state="queued",
            attempts=0,
            due_at=at + FIRST_SWEEP,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[Email.dedupe_key])
        .returning(Email.id)
    )
    if email_id is not None:
        events.send(jobs.registered(SEND), email_id, 0)
    return email_id


def sender(template: str) -> jobs.Job:
    """The job that sends such a message."""
    return jobs.registered(SEND_MANY if template in TO_MANY else SEND)


def queue_to(user_id: int, template: str, at: datetime, dedupe_key: str, **facts: Any) -> int | None:
    """`queue` for a person, in their language. None also when the account is gone or switched off, or when its
    address was refused for good."""
    person = queries.reader(user_id)
    if person is None or not person.is_active or person.is_bounced:
        return None
    return queue(template, person.email, facts, at, dedupe_key, language=person.language, user_id=person.id)


def queue_link(user_id: int, token_id: int, template: str, at: datetime) -> int | None:
    """A message with a link, sent to the address that the link was made for."""
    person, token = queries.reader(user_id), queries.token(token_id)
    if person is None or token is None or not person.is_active:
        return None
    return queue(
        template,
        token.email,
        {"token_id": token_id},
        at,
        f"{template}:{user_id}:{token_id}",
        language=person.language,
        user_id=person.id,
    )


def claim(email_id: int, attempts: int, at: datetime) -> Email | None:
    """Take a message for its next attempt. `attempts` is how many there were when the job was enqueued:
    a second job for the same attempt finds the number changed and leaves."""
    claimed = db.session.scalar(
        update(Email)
        .where(
            Email.id == email_id,
            Email.state == "queued",
            Email.attempts == attempts,
            or_(Email.lease_until.is_(None), Email.lease_until < at),
        )
        .values(lease_until=at + LEASE, attempts=Email.attempts + 1)
        .returning(Email.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.get_one(Email, claimed) if claimed is not None else None


def finish(email: Email, at: datetime) -> None:
    """The server has it."""
    _settle(email, state="sent", sent_at=at, last_error=None)


def postpone(email: Email, at: datetime, error: Exception) -> None:
    """Note why it failed, and when it is tried again, if at all."""
    again = None if isinstance(error, Refused) else rules.next_try(email.attempts, at)
    reason = f"{type(error).__name__}: {error}"[:2000]
    if again is None:
        _settle(email, state="failed", last_error=reason)
    else:
        _settle(email, due_at=again, last_error=reason)


def _settle(email: Email, **values: Any) -> None:
    """Only for the worker that holds this attempt; one whose lease ran out changes nothing."""
    db.session.execute(
        update(Email)
        .where(Email.id == email.id, Email.attempts == email.attempts, Email.state == "queued")
        .values(**values, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def retry(email_id: int, at: datetime) -> bool:
    """Try a failed message again from the start, also where its address was refused for good before. False when it
    is not failed."""
    again = db.session.execute(
        update(Email)
        .where(Email.id == email_id, Email.state == "failed")
        .values(state="queued", attempts=0, due_at=at + FIRST_SWEEP, lease_until=None)
        .returning(Email.id, Email.user_id, Email.template)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if again is None:
        return False
    db.session.execute(delete(Bounce).where(Bounce.user_id == again.user_id))
    events.send(sender(again.template), again.id, 0)
    return True


def retry_all(at: datetime) -> int:
    """As `retry`, for every failed message; the sweeps send them in portions. Returns how many."""
    again = (
        update(Email)
        .where(Email.state == "failed")
        .values(state="queued", attempts=0, due_at=at, lease_until=None)
        .returning(Email.user_id)
        .execution_options(synchronize_session=False)
    )
    people = db.session.scalars(again).all()
    db.session.execute(delete(Bounce).where(Bounce.user_id.in_(set(people) - {None})))
    return len(people)


def sweep(at: datetime, most: int = 1000) -> int:
    """Enqueue what is due and nobody works on: retries, and what a crash or a lost Redis left behind.

    Returns how many. Each is pushed back by RESWEEP, so that a long queue isn't filled twice over.
    """
    db.session.execute(
        update(Email)
        .where(Email.state == "queued", Email.lease_until < at, Email.attempts > len(rules.RETRY_SECONDS))
        .values(state="failed", lease_until=None, last_error="The worker died at each attempt.")
        .execution_options(synchronize_session=False)
    )
    due = (
        select(Email.id)
        .where(
            Email.state == "queued",
            Email.due_at <= at,
            or_(Email.lease_until.is_(None), Email.lease_until < at),
        )
        .order_by(Email.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(
        update(Email)
        .where(Email.id.in_(due))
        .values(due_at=at + RESWEEP)
        .returning(Email.id, Email.attempts, Email.template)
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        events.send(sender(row.template), row.id, row.attempts)
    return len(rows)
