"""Reads of accounts."""

from datetime import datetime

from sqlalchemy import bindparam, column, func, select, table
from sqlalchemy.orm import aliased

from lms.accounts.models import AccountToken, RecoveryCode, SignInFailure, User, UserSession
from lms.accounts.rules import LOCK_WINDOW
from lms.core.db import AnyRow, db
from lms.core.prepared import Prepared

_owner = aliased(User)
# Messages stand above accounts; all that is read of them here is how many were not.
_notice = table("notices", *map(column, ("user_id", "read_at", "in_inbox")))
_MOST_UNREAD = 100
_UNREAD = (
    select(func.count())
    .select_from(
        select(_notice.c.user_id)
        .where(_notice.c.user_id == User.id, _notice.c.read_at.is_(None), _notice.c.in_inbox)
        .correlate(User)
        .limit(_MOST_UNREAD)
        .subquery()
    )
    .scalar_subquery()
)

_SESSION = Prepared(
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
        User.avatar_file_id,
        User.totp_confirmed_at,
        UserSession.expires_at,
        UserSession.viewed_as_id,
        _owner.id.label("owner_id"),
        _owner.name.label("owner_name"),
        _UNREAD.label("unread"),
    )
    .join(_owner, _owner.id == UserSession.user_id)
    .join(User, User.id == func.coalesce(UserSession.viewed_as_id, UserSession.user_id))
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.expires_at > bindparam("at"),
        UserSession.ended_at.is_(None),
        User.is_active,
        _owner.is_active,
    )
)


def session_by_hash(token_hash: str, at: datetime) -> AnyRow | None:
    """The person of a live session: the one statement that every signed-in request begins with."""
    return _SESSION.one_or_none(token_hash=token_hash, at=at)


def user_by_email(email: str) -> User | None:
    """The account of an address, whatever its case."""
    return db.session.scalars(select(User).where(func.lower(User.email) == email.lower())).one_or_none()


def user_by_id(user_id: int) -> User | None:
    """The account, active or not."""
    return db.session.get(User, user_id)


def recent_failures(email: str, at: datetime) -> int:
    """Wrong passwords for this account within the lock window."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SignInFailure)
            .where(SignInFailure.email == email.lower(), SignInFailure.at > at - LOCK_WINDOW)
        )
        or 0
    )


def token_by_hash(token_hash: str, purpose: str) -> AccountToken | None:
    """A mailed link's row, locked, so that it is used once also by two clicks."""
    return db.session.scalars(
        select(AccountToken)
        .where(AccountToken.token_hash == token_hash, AccountToken.purpose == purpose)
        .with_for_update()
    ).one_or_none()


def open_code(user_id: int, at: datetime) -> int | None:
    """The number of the sign-in code that was mailed last, while it may be used."""
    return db.session.scalar(
        select(AccountToken.id)
        .where(
            AccountToken.user_id == user_id,
            AccountToken.purpose == "sign_in_code",
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > at,
        )
        .order_by(AccountToken.id.desc())
        .limit(1)
    )


def recovery_codes_left(user_id: int) -> int:
    """How many recovery codes have not been used."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def live_sessions(user_id: int, at: datetime) -> list[UserSession]:
    """A person's signed-in browsers, newest first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > at
            )
            .order_by(UserSession.created_at.desc())
        )
    )


def any_user_exists() -> bool:
    """Whether the system has been set up."""
    return db.session.scalar(select(User.id).limit(1)) is not None
