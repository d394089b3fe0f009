"""Decisions about accounts; time is an argument."""

from datetime import datetime, timedelta

LOCK_FAILURES = 5
LOCK_WINDOW = timedelta(minutes=15)
VERIFY_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(minutes=30)
CHANGE_EMAIL_LIFETIME = timedelta(hours=24)
CODE_LIFETIME = timedelta(minutes=10)
SECOND_STEP_LIFETIME = timedelta(minutes=10)
"""How long a right password waits for its second factor."""

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


def must_set_up_second_factor(role: str, has_one: bool, required_roles: tuple[str, ...]) -> bool:
    """Whether an admin requires a second factor of that role and this person has none yet."""
    return role in required_roles and not has_one


def keeps_a_second_factor(role: str, required_roles: tuple[str, ...]) -> bool:
    """Whether it may not be switched off, because the role requires it."""
    return role in required_roles
