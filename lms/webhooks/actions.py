"""What admins do with endpoints and messages. Everything is noted in the audit log."""

import secrets
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from sqlalchemy import delete, update

from lms.accounts import audit
from lms.core import events, jobs
from lms.core.db import db
from lms.webhooks import payloads, queries, rules
from lms.webhooks.models import WebhookEndpoint, WebhookMessage

SEND = "webhooks.send"


def create(url: str, description: str, chosen: list[str], at: datetime) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is shown this once."""
    endpoint = WebhookEndpoint(
        url=url,
        description=description,
        events=chosen,
        seed=secrets.token_hex(20),
        is_on=True,
        failures=0,
        created_at=at,
    )
    db.session.add(endpoint)
    db.session.flush()
    _note("webhook.created", endpoint, at, events=", ".join(chosen))
    return endpoint, rules.secret(endpoint.seed, _key())


def change(endpoint: WebhookEndpoint, url: str, description: str, chosen: list[str], at: datetime) -> None:
    """Another address or other events. With another address it begins anew: what failed there is forgotten."""
    changed = {
        name: str(value)
        for name, value in (("url", url), ("description", description), ("events", ", ".join(chosen)))
        if value != (", ".join(endpoint.events) if name == "events" else getattr(endpoint, name))
    }
    if "url" in changed:
        endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
    endpoint.url, endpoint.description, endpoint.events = url, description, chosen
    if changed:
        _note("webhook.changed", endpoint, at, **changed)


def rotate(endpoint: WebhookEndpoint, at: datetime) -> str:
    """A new secret. For a day messages carry the signature of the old one as well."""
    endpoint.previous_seed, endpoint.previous_until = endpoint.seed, at + rules.OLD_SECRET_LIFETIME
    endpoint.seed = secrets.token_hex(20)
    _note("webhook.rotated", endpoint, at)
    return rules.secret(endpoint.seed, _key())


def switch(endpoint: WebhookEndpoint, is_on: bool, at: datetime) -> None:
    """On or off by an admin. Off: nothing new is kept for it, and what waits stays; on: that is sent."""
    if endpoint.is_on == is_on:
        return
    endpoint.is_on = is_on
    endpoint.off_reason, endpoint.off_at = (None, None) if is_on else ("admin", at)
    if is_on:
        endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
    _note("webhook.switched_on" if is_on else "webhook.switched_off", endpoint, at)


def switch_off_by_itself(endpoint: WebhookEndpoint, reason: Literal["failing", "gone"], at: datetime) -> None:
    """It failed for five days, or said itself that it is gone. Admins are told."""
    since = endpoint.failing_since or at
    endpoint.is_on, endpoint.off_reason, endpoint.off_at = False, reason, at
    _note("webhook.switched_off", endpoint, at, reason=reason)
    events.record(
        "webhook.switched_off",
        at,
        endpoint_id=endpoint.id,
        url=endpoint.url,
        reason=reason,
        failing_since=since.isoformat(),
    )


def remove(endpoint: WebhookEndpoint, at: datetime) -> None:
    """The endpoint goes, and its log with it."""
    _note("webhook.removed", endpoint, at)
    db.session.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id))


def test(endpoint: WebhookEndpoint, at: datetime) -> int:
    """Send a message of no consequence, also to an endpoint that is off; it is tried once. Returns its number."""
    message = WebhookMessage(
        endpoint_id=endpoint.id,
        uid=new_uid(),
        name=rules.TEST,
        body=payloads.test(endpoint.id, at),
        state="waiting",
        attempts=0,
        attempts_before=0,
        due_at=at,
        created_at=at,
    )
    db.session.add(message)
    db.session.flush()
    events.send(jobs.registered(SEND), message.id, 0)
    _note("webhook.tested", endpoint, at)
    return message.id


def replay(message: WebhookMessage, endpoint: WebhookEndpoint, at: datetime) -> bool:
    """Send it again, with the same id and the same body; False while it is being sent."""
    again = _again(at, WebhookMessage.id == message.id)
    for number, attempts in again:
        events.send(jobs.registered(SEND), number, attempts)
        _note("webhook.replayed", endpoint, at, message=message.uid)
    return bool(again)


def replay_failed(endpoint: WebhookEndpoint, since: datetime, at: datetime) -> int:
    """Send again all that failed since then; the sweep, seconds away, brings them. Returns how many."""
    again = _again(at, WebhookMessage.id.in_(queries.failed_since(endpoint.id, since)))
    if again:
        _note("webhook.replayed", endpoint, at, messages=len(again), since=since.isoformat())
    return len(again)


def _again(at: datetime, *which: Any) -> list[Any]:
    return list(
        db.session.execute(
            update(WebhookMessage)
            .where(
                *which,
                WebhookMessage.lease_until.is_(None) | (WebhookMessage.lease_until < at),
            )
            .values(
                state="waiting",
                attempts_before=WebhookMessage.attempts,
                due_at=at,
                lease_until=None,
                settled_at=None,
            )
            .returning(WebhookMessage.id, WebhookMessage.attempts)
            .execution_options(synchronize_session=False)
        ).all()
    )


def new_uid() -> str:
    """A `webhook-id`."""
    return f"msg_{secrets.token_hex(12)}"


def _note(action: str, endpoint: WebhookEndpoint, at: datetime, **details: Any) -> None:
    audit.record(
        action, at, subject_kind="webhook", subject_id=endpoint.id, subject_name=endpoint.url, **details
    )


def _key() -> str:
    key: str = current_app.config["LECTERN"].secret_key
    return key
