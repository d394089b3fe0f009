"""The first administrator of an empty system. The token needs no state: it is derived from the secret key,
and worth nothing as soon as anybody has an account."""

import hmac
import logging
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from lms.accounts import actions, audit, passwords, queries
from lms.accounts.models import User
from lms.core import web
from lms.core.db import db

log = logging.getLogger(__name__)


def token() -> str:
    """What proves that one may read this system's log."""
    return passwords.derived_secret(current_app.config["LECTERN"].secret_key, "first run", 0)


def is_token(typed: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(token().encode(), typed.strip().encode())


def announcement() -> str:
    """Where the first administrator is made and with which token; "" once anybody has an account, and while there are
    no tables to tell."""
    try:
        if queries.any_user_exists():
            return ""
    except DBAPIError:
        return ""
    address = web.absolute_url("accounts.setup")
    return (
        f"Nobody has an account yet. Make the first administrator at {address} with the setup token {token()}"
    )


def announce(app: Flask) -> None:
    """Write it into the log of a server that starts."""
    with app.app_context():
        if said := announcement():
            log.warning(said)


def create_admin(*, name: str, email: str, password: str, at: datetime) -> User | None:
    """Make the first admin, one at a time; None when somebody else was first."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("first admin", 0))))
    if queries.any_user_exists():
        return None
    user = actions.create_user(name=name, email=email, password=password, role="admin", at=at)
    audit.record("system.set_up", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    return user
