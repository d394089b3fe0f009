"""Making, using up and revoking tokens."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, or_, update

from lms.accounts import audit
from lms.accounts.passwords import fingerprint
from lms.api import queries, rules
from lms.api.models import ApiToken
from lms.core.db import db


def make(
    name: str,
    scopes: Sequence[str],
    days: int,
    at: datetime,
    *,
    made_by: int,
    user_id: int | None,
) -> str | None:
    """A new token, shown once; None when there are too many already. Without `user_id` it is a service's."""
    if len(queries.tokens_of(user_id, at)) >= rules.MOST_TOKENS:
        return None
    token = rules.PREFIX + secrets.token_urlsafe(32)
    db.session.execute(
        insert(ApiToken).values(
            name=name,
            user_id=user_id,
            created_by_id=made_by,
            token_hash=fingerprint(token),
            ending=token[-4:],
            scopes=list(scopes),
            created_at=at,
            expires_at=rules.expiry(days, at),
        )
    )
    audit.record(
        "api_token.made",
        at,
        subject_kind="api_token",
        subject_name=name,
        kind="service" if user_id is None else "personal",
        scopes=list(scopes),
        days=days,
    )
    return token


def revoke(token_id: int, user_id: int | None, at: datetime) -> bool:
    """The token works no longer. False when the person (or, None, no service) has no such token."""
    mine = ApiToken.user_id.is_(None) if user_id is None else ApiToken.user_id == user_id
    name = db.session.scalar(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None), mine)
        .values(revoked_at=at)
        .returning(ApiToken.name)
        .execution_options(synchronize_session=False)
    )
    if name is None:
        return False
    audit.record("api_token.revoked", at, subject_kind="api_token", subject_id=token_id, subject_name=name)
    return True


def note_use(token_id: int, day: date) -> None:
    """Remember the day on which a token was last used; one statement on the first request of a day."""
    db.session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, or_(ApiToken.last_used_on.is_(None), ApiToken.last_used_on < day))
        .values(last_used_on=day)
        .execution_options(synchronize_session=False)
    )


def forget(user_id: int) -> None:
    """Remove a person's tokens."""
    db.session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))
