"""Mailed links and codes. What is secret is derived from the row's number: none lies in the database."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from flask import current_app
from sqlalchemy import func, update

from lms.accounts import passwords, queries, rules
from lms.accounts.models import AccountToken, User
from lms.core.db import db

Purpose = Literal["verify_email", "reset_password", "change_email", "sign_in_code"]

LIFETIMES: dict[Purpose, timedelta] = {
    "verify_email": rules.VERIFY_LIFETIME,
    "reset_password": rules.RESET_LIFETIME,
    "change_email": rules.CHANGE_EMAIL_LIFETIME,
    "sign_in_code": rules.CODE_LIFETIME,
}


def issue(user: User, purpose: Purpose, at: datetime, *, email: str | None = None) -> AccountToken:
    """A new link or code for `email` (or the account's own); older ones of the purpose stop working."""
    withdraw(user.id, purpose, at)
    number = db.session.scalar(func.nextval("account_tokens_id_seq"))
    assert number is not None
    token = AccountToken(
        id=number,
        user_id=user.id,
        purpose=purpose,
        token_hash=passwords.fingerprint(secret(number, purpose)),
        email=email or user.email,
        created_at=at,
        expires_at=at + LIFETIMES[purpose],
    )
    db.session.add(token)
    db.session.flush()
    return token


def withdraw(user_id: int, purpose: Purpose, at: datetime) -> None:
    """Make what was sent for that purpose useless."""
    db.session.execute(
        update(AccountToken)
        .where(
            AccountToken.user_id == user_id,
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
        )
        .values(used_at=at)
    )


def secret(number: int, purpose: str) -> str:
    """What the mailed link carries."""
    return passwords.derived_secret(_key(), purpose, number)


def code(number: int) -> str:
    """Six digits for the row `number`, as mailed at sign-in (RFC 4226, 5.3: truncated HMAC)."""
    digest = hmac.new(_key().encode(), f"six digits:{number}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def use_code(user: User, typed: str, at: datetime) -> bool:
    """Use the mailed code up; False when it is wrong, used, or too old."""
    number = queries.open_code(user.id, at)
    if number is None or not hmac.compare_digest(code(number), typed):
        return False
    used = db.session.scalar(
        update(AccountToken)
        .where(AccountToken.id == number, AccountToken.used_at.is_(None))
        .values(used_at=at)
        .returning(AccountToken.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def _key() -> str:
    key: str = current_app.config["LECTERN"].secret_key
    return key
