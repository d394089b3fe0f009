"""The outbox: events are rows of the transaction that caused them, delivered once to each subscriber."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy import (
    ARRAY,
    CTE,
    FromClause,
    ScalarSelect,
    SmallInteger,
    Text,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from lms.core import clock, jobs
from lms.core.db import db
from lms.core.models import Delivery, Event

log = logging.getLogger(__name__)

Subscribers = dict[str, tuple[jobs.Job, ...]]

LEASE = timedelta(minutes=2)
MOST_SECONDS = 100
"""A delivery is stopped before its lease ends, so that no second worker begins while the first still works."""
MOST_TOGETHER = 500
"""Jobs that are sent to Redis at once."""
FIRST_SWEEP = timedelta(seconds=20)
RESWEEP = timedelta(minutes=2)
BACKOFF_SECONDS = (10, 60, 300, 900, 3600, 7200, 14400)
MOST_ATTEMPTS = 30


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as it is told to a subscriber that hears of many kinds of them (`Job.whole_event`)."""

    id: int
    name: str
    occurred_at: datetime
    payload: dict[str, Any]


def init_app(app: Flask, subscribers: Subscribers) -> None:
    """Remember who wants to hear of which event."""
    app.extensions["lectern-subscribers"] = subscribers


def record(name: str, at: datetime, **payload: Any) -> None:
    """Write an event into the current transaction, with one delivery for each of its subscribers.

    `payload` holds ids and plain values; it must be JSON.
    """
    record_many(name, at, [payload])


def record_many(name: str, at: datetime, payloads: list[dict[str, Any]]) -> None:
    """`record` for many of the same kind, in two statements."""
    if not payloads:
        return
    made = db.session.scalars(
        insert(Event).returning(Event.id),
        [{"name": name, "payload": payload, "occurred_at": at} for payload in payloads],
    ).all()
    subscribers = _subscribers(name)
    if subscribers:
        rows = [
            {
                "event_id": event_id,
                "subscriber": subscriber,
                "due_at": at + FIRST_SWEEP,
                "state": "pending",
                "attempts": 0,
            }
            for event_id in made
            for subscriber in subscribers
        ]
        written = db.session.execute(insert(Delivery).returning(Delivery.id, Delivery.subscriber), rows)
        _waiting().extend((row.id, row.subscriber) for row in written)


def _subscribers(name: str) -> list[str]:
    return [job.name for job in current_app.extensions["lectern-subscribers"].get(name, ())]


def within(name: str, payload: Mapping[str, Any], cause: FromClause) -> CTE:
    """The event as a part of the statement that causes it: one for each row of `cause`, at the statement's
    parameter `at`. Select `addressed` of it as well."""
    parts = (part for key, value in payload.items() for part in (literal(key), value))
    facts = func.jsonb_build_object(*parts)
    rows = select(literal(name), facts, bindparam("at", type_=Event.occurred_at.type)).select_from(cause)
    columns = [Event.name, Event.payload, Event.occurred_at]
    return insert(Event).from_select(columns, rows).returning(Event.id).cte(_word("noted", name))


def addressed(name: str, noted: CTE) -> ScalarSelect[Any]:
    """The deliveries of what `within` wrote, as a part of the same statement. Needs the parameters that
    `to_subscribers` names; what it selects goes to `hand_on`."""
    subscribers = bindparam(_word("subscribers", name), type_=ARRAY(Text))
    who = func.unnest(subscribers).table_valued("name").alias("who")
    due, state = bindparam("first_sweep", type_=Delivery.due_at.type), literal("pending")
    each = select(noted.c.id, who.c.name, due, state, literal(0, SmallInteger))
    rows = each.select_from(noted.join(who, true()))
    columns = [Delivery.event_id, Delivery.subscriber, Delivery.due_at, Delivery.state, Delivery.attempts]
    written = insert(Delivery).from_select(columns, rows).returning(Delivery.id, Delivery.subscriber)
    made = written.cte(_word("made", name))
    return select(func.jsonb_agg(func.jsonb_build_array(made.c.id, made.c.subscriber))).scalar_subquery()


def to_subscribers(name: str, at: datetime) -> dict[str, Any]:
    """The parameters of `addressed`."""
    return {"at": at, "first_sweep": at + FIRST_SWEEP, _word("subscribers", name): _subscribers(name)}


def _word(part: str, name: str) -> str:
    """A name inside of a statement that may write several kinds of events."""
    return f"{part}_{name.replace('.', '_')}"


def hand_on(deliveries: list[list[Any]] | None) -> None:
    """Enqueue after the commit what `addressed` wrote; None when there was no event."""
    _waiting().extend((number, subscriber) for number, subscriber in deliveries or ())


def send(job: jobs.Job, *args: int | str) -> None:
    """Enqueue a plain job after the commit. Its work must be found by a sweep if Redis loses it."""
    _waiting().append((job, args))


def _waiting() -> list[Any]:
    info: dict[str, Any] = db.session().info
    waiting: list[Any] = info.setdefault("waiting", [])
    return waiting


def take_waiting() -> list[Any]:
    """What was recorded in the current transaction, removed from it."""
    taken: list[Any] = db.session().info.pop("waiting", [])
    return taken


def hand_over(waiting: list[Any]) -> None:
    """Enqueue what was committed, many at once. When Redis is away the sweep does it later; nothing is lost."""
    try:
        for start in range(0, len(waiting), MOST_TOGETHER):
            with jobs.redis().pipeline() as together:
                for first, second in waiting[start : start + MOST_TOGETHER]:
                    if isinstance(first, jobs.Job):
                        jobs.enqueue(first, *second, together=together)
                    else:
                        queue = jobs.registered(second).queue
                        jobs.enqueue_call(queue, deliver, first, seconds=MOST_SECONDS, together=together)
                together.execute()
    except (RedisError, OSError) as error:
        log.warning("queue unreachable, left to the sweep: %s", error)


def deliver(delivery_id: int) -> None:
    """Queue entry: run one subscriber on one event. Claiming it and finishing it are two transactions;
    the subscriber's changes and the mark `done` are the same one, so a crash between repeats nothing."""
    from lms.core import work  # work imports this module for the hand-over

    def run(claimed: Any) -> None:
        jobs.named(claimed.subscriber)
        with work.unit():
            job = jobs.registered(claimed.subscriber)
            if job.whole_event:
                job.body(Heard(claimed.event_id, claimed.name, claimed.occurred_at, claimed.payload))
            else:
                job.body(**claimed.payload)
            _finish(delivery_id, claimed.attempts, clock.now())

    def postpone(claimed: Any, error: Exception) -> None:
        _postpone(delivery_id, claimed.attempts, clock.now(), error)

    with jobs.context():
        work.attempt(lambda: _claim(delivery_id, clock.now()), run, postpone)


def _claim(delivery_id: int, at: datetime) -> Any:
    """Take the lease if it is free; None when somebody else has it or the work is done."""
    return db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state == "pending",
            or_(Delivery.lease_until.is_(None), Delivery.lease_until < at),
            Event.id == Delivery.event_id,
        )
        .values(lease_until=at + LEASE, attempts=Delivery.attempts + 1)
        .returning(
            Delivery.subscriber,
            Delivery.attempts,
            Delivery.event_id,
            Event.name,
            Event.payload,
            Event.occurred_at,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()


def _finish(delivery_id: int, attempts: int, at: datetime) -> None:
    """`attempts` fences off a worker whose lease ran out while it worked."""
    finished = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.attempts == attempts, Delivery.state == "pending")
        .values(state="done", finished_at=at, lease_until=None, last_error=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if finished is None:
        raise RuntimeError(f"delivery {delivery_id} was taken over by another worker")


def _postpone(delivery_id: int, attempts: int, at: datetime, error: Exception) -> None:
    wait = BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS)) - 1]
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.attempts == attempts, Delivery.state == "pending")
        .values(
            state="failed" if attempts >= MOST_ATTEMPTS else "pending",
            due_at=at + timedelta(seconds=wait),
            lease_until=None,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        .execution_options(synchronize_session=False)
    )


def sweep(at: datetime, most: int = 1000) -> int:
    """Enqueue again what is due and nobody works on: a crash, a lost Redis, a failure to be retried.

    Returns how many. Each is pushed back by RESWEEP, so that a long queue isn't filled twice over.
    """
    due = (
        select(Delivery.id)
        .where(
            Delivery.state == "pending",
            Delivery.due_at <= at,
            or_(Delivery.lease_until.is_(None), Delivery.lease_until < at),
        )
        .order_by(Delivery.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(due))
        .values(due_at=at + RESWEEP)
        .returning(Delivery.id, Delivery.subscriber)
        .execution_options(synchronize_session=False)
    ).all()
    _waiting().extend((row.id, row.subscriber) for row in rows)
    return len(rows)
