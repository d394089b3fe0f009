"""What endpoints may hear of, how messages are signed, when they are tried again, and when we stop."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

EVENTS = (
    "user.registered",
    "enrollment.created",
    "enrollment.completed",
    "lesson.completed",
    "quiz.submitted",
    "assignment.graded",
    "certificate.issued",
    "certificate.revoked",
    "course.published",
)
TEST = "webhook.test"

RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 72_000)
"""Waits between attempts, in seconds, as Standard Webhooks 1.0 recommends them; three days in all."""
JITTER = 0.1
"""A wait is up to this part shorter or longer, so that what failed together does not come back together."""
LONGEST_WISH = timedelta(days=1)
"""The longest `Retry-After` that is granted."""

OLD_SECRET_LIFETIME = timedelta(days=1)
FAILING_LIMIT = timedelta(days=5)
FAILURES_BEFORE_PAUSE = 5
LONGEST_PAUSE = 60
"""Seconds."""


def secret(seed: str, secret_key: str) -> str:
    """The endpoint's secret as its owner keeps it. The stored seed is of no use without the application's key."""
    digest = hmac.new(secret_key.encode(), f"webhook:{seed}".encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(digest).decode("ascii")


def signature(uid: str, at: datetime, body: str, secrets: Sequence[str]) -> str:
    """The `webhook-signature` of a message (Standard Webhooks 1.0: HMAC-SHA256 of id, timestamp and body), one
    for each secret with a space between them."""
    signed = f"{uid}.{int(at.timestamp())}.{body}".encode()
    keys = (base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets)
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join("v1," + base64.b64encode(digest).decode("ascii") for digest in digests)


def next_try(tries: int, at: datetime, chance: float, wish: timedelta | None = None) -> datetime | None:
    """When to try again after `tries` failures, None when it is time to give up.

    `chance` from 0 to 1 decides within JITTER; `wish` is the receiver's `Retry-After`.
    """
    if tries > len(RETRY_SECONDS):
        return None
    wait = timedelta(seconds=RETRY_SECONDS[tries - 1] * (1 - JITTER + 2 * JITTER * chance))
    return at + max(wait, min(wish or timedelta(0), LONGEST_WISH))


def pause(failures: int, at: datetime) -> datetime | None:
    """Until when an endpoint with so many failures in a row is left in peace: one that hangs must not hold the
    worker for five seconds at every message."""
    beyond = failures - FAILURES_BEFORE_PAUSE
    return at + timedelta(seconds=min(5 * 2 ** min(beyond, 10), LONGEST_PAUSE)) if beyond >= 0 else None


def has_failed_too_long(failing_since: datetime | None, at: datetime) -> bool:
    """Whether nothing was delivered for five days."""
    return failing_since is not None and at - failing_since >= FAILING_LIMIT
