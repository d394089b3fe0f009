"""What tokens may be for, and for how long."""

from datetime import datetime, timedelta

PREFIX = "lectern_"
"""What every token begins with, so that scanners for forgotten secrets find it."""

READ_COURSES = "read:courses"
READ_LEARNING = "read:learning"
WRITE_ENROLLMENTS = "write:enrollments"
READ_TEACHING = "read:teaching"

SCOPES = (READ_COURSES, READ_LEARNING, WRITE_ENROLLMENTS, READ_TEACHING)

LIFETIMES = (30, 90, 365)
"""Days."""

MOST_TOKENS = 20
"""Working ones of one person, and of all services."""

PER_MINUTE = 300
"""Requests of one token."""


def grantable(role: str | None) -> tuple[str, ...]:
    """Scopes that a token may carry: a learner's, a teacher's, or (role None) a service's.

    A service learns nothing itself; it reads of every course and enrolls people by their address.
    """
    if role is None:
        return (READ_COURSES, WRITE_ENROLLMENTS, READ_TEACHING)
    mine = (READ_COURSES, READ_LEARNING, WRITE_ENROLLMENTS)
    return (*mine, READ_TEACHING) if role in ("instructor", "admin") else mine


def works(expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether a token is neither revoked nor too old."""
    return revoked_at is None and at < expires_at


def expiry(days: int, at: datetime) -> datetime:
    """When a token that is made now stops working."""
    return at + timedelta(days=days)
