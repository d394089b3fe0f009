"""Changing what one signs in with, after the current password was asked for. Nothing here commits."""

from datetime import datetime

from flask import current_app
from sqlalchemy.exc import IntegrityError

from lms.accounts import actions, audit, passwords, queries, rules, tokens
from lms.accounts.models import AccountToken, User
from lms.core import events
from lms.core.db import db

LINKS: tuple[tokens.Purpose, ...] = ("reset_password", "change_email", "sign_in_code")


def change_password(user: User, password: str, session_id: int, at: datetime) -> None:
    """Set a new password; other browsers are signed out, open links die, the owner gets a notice."""
    user.password_hash = passwords.hashed(password, current_app.config["LECTERN"].bcrypt_cost)
    actions.end_all_sessions(user.id, at, but=session_id)
    for purpose in LINKS:
        tokens.withdraw(user.id, purpose, at)
    audit.record("password.changed", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    events.record("password.changed", at, user_id=user.id)


def ask_for_email(user: User, email: str, at: datetime) -> bool:
    """Mail a link to the new address and a notice to the old one. False when the address is somebody's."""
    taken = queries.user_by_email(email)
    if taken is not None and taken.id != user.id:
        return False
    token = tokens.issue(user, "change_email", at, email=email)
    events.record("email_change.requested", at, user_id=user.id, token_id=token.id)
    return True


def open_email_change(secret: str, at: datetime) -> AccountToken | None:
    """The link's row while it may be used."""
    token = queries.token_by_hash(passwords.fingerprint(secret), "change_email")
    return token if token and rules.token_is_good(token.expires_at, token.used_at, at) else None


def confirm_email(token: AccountToken, at: datetime) -> User | None:
    """The new address takes effect; links mailed to the old one die. None when somebody took it meanwhile."""
    user = db.session.get_one(User, token.user_id)
    before = user.email
    try:
        with db.session.begin_nested():
            user.email, user.email_verified_at, token.used_at = token.email, at, at
    except IntegrityError:
        return None
    for purpose in LINKS:
        tokens.withdraw(user.id, purpose, at)
    audit.record(
        "email.changed", at, subject_kind="user", subject_id=user.id, subject_name=user.name, before=before
    )
    return user
