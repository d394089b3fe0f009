"""From an event to the messages it causes, and from a message to the answer. Nothing here commits."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events, jobs
from lms.core.db import db
from lms.webhooks import actions, payloads, queries, rules
from lms.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from lms.webhooks.sending import Answer

LEASE = timedelta(minutes=1)
MOST_SECONDS = 40
"""An attempt is stopped before its lease ends, so that no second worker begins while the first still works."""
FIRST_SWEEP = timedelta(seconds=20)
RESWEEP = timedelta(minutes=2)
KEPT = timedelta(days=30)
MOST = 10_000

_chance = random.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message for its next attempt: where it goes, and with which headers."""

    id: int
    attempts: int
    url: str
    body: str
    headers: dict[str, str]


def fan_out(event: events.Heard, at: datetime) -> int:
    """Write one message for each endpoint that wants to hear of it, once, however often this is called.

    Returns how many are new.
    """
    listening = queries.listening(event.name)
    body = payloads.build(event.name, event.occurred_at, event.payload) if listening else None
    if body is None:
        return 0
    rows = [
        {
            "endpoint_id": endpoint.id,
            "event_id": event.id,
            "uid": actions.new_uid(),
            "name": event.name,
            "body": body,
            "state": "waiting",
            "attempts": 0,
            "attempts_before": 0,
            "due_at": max(at + FIRST_SWEEP, endpoint.paused_until or at),
            "created_at": at,
        }
        for endpoint in listening
    ]
    made = db.session.execute(
        insert(WebhookMessage)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["endpoint_id", "event_id"])
        .returning(WebhookMessage.id, WebhookMessage.endpoint_id)
    ).all()
    at_rest = {endpoint.id for endpoint in listening if endpoint.paused_until and endpoint.paused_until > at}
    for number, endpoint_id in made:
        if endpoint_id not in at_rest:
            events.send(jobs.registered(actions.SEND), number, 0)
    return len(made)


def claim(message_id: int, attempts: int, at: datetime) -> Claimed | None:
    """Take a message for its next attempt. `attempts` is how many there were when the job was enqueued: a second
    job for the same attempt finds the number changed and leaves. An endpoint that is off or at rest gets only
    tests."""
    open_for_all = WebhookEndpoint.is_on & or_(
        WebhookEndpoint.paused_until.is_(None), WebhookEndpoint.paused_until <= at
    )
    row = db.session.execute(
        update(WebhookMessage)
        .where(
            WebhookMessage.id == message_id,
            WebhookMessage.state == "waiting",
            WebhookMessage.attempts == attempts,
            or_(WebhookMessage.lease_until.is_(None), WebhookMessage.lease_until < at),
            WebhookEndpoint.id == WebhookMessage.endpoint_id,
            or_(open_for_all, WebhookMessage.name == rules.TEST),
        )
        .values(lease_until=at + LEASE, attempts=WebhookMessage.attempts + 1)
        .returning(
            WebhookMessage.id,
            WebhookMessage.attempts,
            WebhookMessage.uid,
            WebhookMessage.body,
            WebhookEndpoint.url,
            WebhookEndpoint.seed,
            WebhookEndpoint.previous_seed,
            WebhookEndpoint.previous_until,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    settings = current_app.config["LECTERN"]
    is_rotating = row.previous_seed is not None and row.previous_until > at
    seeds = [row.seed, row.previous_seed] if is_rotating else [row.seed]
    secrets = [rules.secret(seed, settings.secret_key) for seed in seeds]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Lectern-Webhooks (+{settings.base_url})",
        "webhook-id": row.uid,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": rules.signature(row.uid, at, row.body, secrets),
    }
    return Claimed(row.id, row.attempts, row.url, row.body, headers)


def settle(sent: Claimed, answer: Answer, at: datetime) -> None:
    """Note what came back, and what follows from it: done, another attempt, or the end."""
    message = db.session.get(WebhookMessage, sent.id, with_for_update=True, populate_existing=True)
    if message is None:  # its endpoint was removed meanwhile
        return
    db.session.add(
        WebhookAttempt(
            message_id=sent.id,
            number=sent.attempts,
            at=at,
            url=sent.url,
            address=answer.address,
            request_headers=sent.headers,
            outcome=answer.outcome,
            status=answer.status,
            detail=answer.detail,
            response_headers=answer.headers,
            response_body=answer.body,
            milliseconds=answer.milliseconds,
        )
    )
    # Only for the worker that holds this attempt; one whose lease ran out leaves but its line in the log.
    if message.attempts != sent.attempts or message.state != "waiting":
        return
    message.lease_until, message.status, message.outcome = None, answer.status, answer.outcome
    if answer.outcome == "delivered":
        message.state, message.settled_at = "delivered", at
        _note_success(message.endpoint_id, at)
        return
    again = _again(message, answer, at)
    if again is None:
        message.state, message.settled_at = "failed", at
    else:
        message.due_at = again
    if message.name != rules.TEST:
        _note_failure(message.endpoint_id, answer, at)


def _again(message: WebhookMessage, answer: Answer, at: datetime) -> datetime | None:
    if message.name == rules.TEST or answer.outcome == "gone":
        return None
    return rules.next_try(message.attempts - message.attempts_before, at, _chance(), answer.wish)


def _note_success(endpoint_id: int, at: datetime) -> None:
    """One statement that changes nothing as long as all is well: many deliveries run side by side."""
    endpoint = WebhookEndpoint
    stale = or_(endpoint.succeeded_at.is_(None), endpoint.succeeded_at < at - timedelta(minutes=1))
    db.session.execute(
        update(endpoint)
        .where(endpoint.id == endpoint_id, or_(endpoint.failures > 0, stale))
        .values(failures=0, failing_since=None, paused_until=None, succeeded_at=at)
        .execution_options(synchronize_session=False)
    )


def _note_failure(endpoint_id: int, answer: Answer, at: datetime) -> None:
    endpoint = db.session.get(WebhookEndpoint, endpoint_id, with_for_update=True, populate_existing=True)
    if endpoint is None or not endpoint.is_on:
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.paused_until = rules.pause(endpoint.failures, at)
    if answer.outcome == "gone":
        actions.switch_off_by_itself(endpoint, "gone", at)
    elif rules.has_failed_too_long(endpoint.failing_since, at):
        actions.switch_off_by_itself(endpoint, "failing", at)


# One message tries out an endpoint that was at rest; many at once would each wait for it in vain.
_DUE = text("""
    update webhook_messages set due_at = :later
    where id in (
      select due.id from webhook_endpoints endpoint cross join lateral (
        select id from webhook_messages
        where endpoint_id = endpoint.id and state = 'waiting' and due_at <= :at
          and (lease_until is null or lease_until < :at)
          and (endpoint.is_on or name = :test)
        order by due_at, id
        limit case when endpoint.failures >= :many then 1 else :most end
        for update skip locked
      ) due
      where endpoint.paused_until is null or endpoint.paused_until <= :at
    )
    returning id, attempts
""").bindparams(bindparam("many", rules.FAILURES_BEFORE_PAUSE), bindparam("test", rules.TEST))


def sweep(at: datetime, most: int = 1000) -> int:
    """Enqueue what is due and nobody works on: retries, replays, and what a crash or a lost Redis left behind.

    Returns how many. Each is pushed back by RESWEEP, so that a long queue isn't filled twice over.
    """
    db.session.execute(
        update(WebhookMessage)
        .where(
            WebhookMessage.state == "waiting",
            WebhookMessage.lease_until < at,
            WebhookMessage.attempts - WebhookMessage.attempts_before > len(rules.RETRY_SECONDS),
        )
        # The worker died at each attempt.
        .values(state="failed", outcome="connection", settled_at=at, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(_DUE, {"at": at, "later": at + RESWEEP, "most": most}).all()
    for row in rows:
        events.send(jobs.registered(actions.SEND), row.id, row.attempts)
    return len(rows)


def forget(at: datetime) -> int:
    """Delete what was settled 30 days ago, with its log; at most MOST at a time. Returns how many."""
    old = (
        select(WebhookMessage.id)
        .where(WebhookMessage.created_at < at - KEPT, WebhookMessage.state != "waiting")
        .limit(MOST)
    )
    removed = db.session.execute(
        delete(WebhookMessage)
        .where(WebhookMessage.id.in_(old))
        .returning(WebhookMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())
