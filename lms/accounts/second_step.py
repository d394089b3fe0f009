"""Between the right password and the second factor: the signed cookie says who waits, for ten minutes."""

from datetime import datetime

from flask import session

from lms.accounts import queries, rules
from lms.accounts.models import User
from lms.accounts.passwords import fingerprint

KEY = "second_step"


def begin(user: User, at: datetime, *, remember: bool, target: str) -> None:
    """The password was right. Everything else in the cookie is dropped."""
    session.clear()
    session[KEY] = {
        "user": user.id,
        "until": int((at + rules.SECOND_STEP_LIFETIME).timestamp()),
        "password": _mark(user),
        "remember": remember,
        "next": target,
    }


def waiting(at: datetime) -> User | None:
    """Who waits here; None when nobody does, it took too long, or the password changed meanwhile."""
    state = session.get(KEY)
    if not state or at.timestamp() >= state["until"]:
        return None
    user = queries.user_by_id(state["user"])
    if (
        user is None
        or not user.is_active
        or user.totp_confirmed_at is None
        or _mark(user) != state["password"]
    ):
        return None
    return user


def choices() -> tuple[bool, str]:
    """What was chosen with the password: to be remembered, and where to go."""
    state = session[KEY]
    return bool(state["remember"]), str(state["next"])


def leave() -> None:
    """Back to the beginning."""
    session.pop(KEY, None)


def _mark(user: User) -> str:
    return fingerprint(user.password_hash)[:16]
