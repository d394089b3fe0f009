"""Decisions about accounts; time is an argument."""

from datetime import datetime, timedelta

LOCK_FAILURES = 5
LOCK_WINDOW = timedelta(minutes=15)
VERIFY_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(minutes=30)
SHORTEST_PASSWORD = 8
SHORTEST_ADMIN_PASSWORD = 12
LONGEST_PASSWORD = 128


def is_locked(failures: int) -> bool:
    """Whether password sign-in rests: LOCK_FAILURES failures for one account within LOCK_WINDOW."""
    return failures >= LOCK_FAILURES


def token_is_good(expires_at: datetime, used_at: datetime | None, at: datetime) -> bool:
    """A mailed link works once and until it expires."""
    return used_at is None and at < expires_at


def shortest_password(role: str) -> int:
    """The least number of characters for that role."""
    return SHORTEST_ADMIN_PASSWORD if role == "admin" else SHORTEST_PASSWORD
