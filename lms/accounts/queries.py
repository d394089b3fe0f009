"""Reads of accounts."""

from datetime import datetime

from sqlalchemy import func, select

from lms.accounts.models import AccountToken, SignInFailure, User, UserSession
from lms.accounts.rules import LOCK_WINDOW
from lms.core.db import AnyRow, db

_SESSION = (
    select(
        User.id,
        UserSession.id.label("session_id"),
        User.name,
        User.email,
        User.role,
        User.language,
        User.time_zone,
        User.email_verified_at,
        User.is_verified_instructor,
        UserSession.expires_at,
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.ended_at.is_(None), User.is_active)
)


def session_by_hash(token_hash: str, at: datetime) -> AnyRow | None:
    """The person of a live session: the one statement that every signed-in request begins with."""
    return db.session.execute(
        _SESSION.where(UserSession.token_hash == token_hash, UserSession.expires_at > at)
    ).one_or_none()


def user_by_email(email: str) -> User | None:
    """The account of an address, whatever its case."""
    return db.session.scalars(select(User).where(func.lower(User.email) == email.lower())).one_or_none()


def user_by_id(user_id: int) -> User | None:
    """The account, active or not."""
    return db.session.get(User, user_id)


def recent_failures(email: str, at: datetime) -> int:
    """Wrong passwords for this account within the lock window."""
    return db.session.scalar(
        select(func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.email == email.lower(), SignInFailure.at > at - LOCK_WINDOW)
    ) or 0


def token_by_hash(token_hash: str, purpose: str) -> AccountToken | None:
    """A mailed link's row, locked, so that it is used once also by two clicks."""
    return db.session.scalars(
        select(AccountToken)
        .where(AccountToken.token_hash == token_hash, AccountToken.purpose == purpose)
        .with_for_update()
    ).one_or_none()


def live_sessions(user_id: int, at: datetime) -> list[UserSession]:
    """A person's signed-in browsers, newest first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > at)
            .order_by(UserSession.created_at.desc())
        )
    )


def any_user_exists() -> bool:
    """Whether the system has been set up."""
    return db.session.scalar(select(User.id).limit(1)) is not None
