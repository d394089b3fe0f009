"""Flask-Login over server-side sessions: the cookie holds a secret, `user_sessions` decides."""

import secrets
from datetime import datetime, timedelta

from flask import Flask, current_app, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import update

from lms.accounts import actions, audit, gate, queries, site
from lms.accounts.models import User, UserSession
from lms.accounts.passwords import fingerprint
from lms.core import clock
from lms.core.access import Viewer
from lms.core.db import db


def init_app(app: Flask) -> None:
    """Load the person of a request from the session secret in its cookie."""
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(_viewer_of)
    gate.init_app(app)
    app.jinja_env.filters["browser_name"] = browser_name


def _viewer_of(token: str) -> Viewer | None:
    row = queries.session_by_hash(fingerprint(token), clock.now())
    if row is None:
        return None
    return Viewer(
        id=row.id,
        session_id=row.session_id,
        token=token,
        name=row.name,
        email=row.email,
        role=row.role,
        language=row.language,
        time_zone=row.time_zone,
        is_verified=row.email_verified_at is not None,
        is_verified_instructor=row.is_verified_instructor,
        unread=row.unread,
        has_second_factor=row.totp_confirmed_at is not None,
        avatar_file_id=row.avatar_file_id,
        viewed_by_id=row.owner_id if row.viewed_as_id else None,
        viewed_by_name=row.owner_name if row.viewed_as_id else "",
        looks_at=session.get("looks_at", ""),
    )


def begin(
    user: User, at: datetime, *, remember: bool, second_factor_at: datetime | None = None
) -> UserSession:
    """Sign this browser in: everything in its old cookie is dropped, a new secret is given."""
    days = current_app.config["LECTERN"].remember_days
    lifetime = timedelta(days=days) if remember else timedelta(hours=site.current().session_hours)
    token = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=user.id,
        token_hash=fingerprint(token),
        created_at=at,
        expires_at=at + lifetime,
        second_factor_at=second_factor_at,
        user_agent=request.user_agent.string[:300],
        address=request.remote_addr or "",
    )
    db.session.add(row)
    db.session.flush()
    session.clear()
    session.permanent = remember
    login_user(
        Viewer(
            id=user.id,
            session_id=row.id,
            token=token,
            name=user.name,
            email=user.email,
            role=user.role,
            language=user.language,
            time_zone=user.time_zone,
            is_verified=user.email_verified_at is not None,
            is_verified_instructor=user.is_verified_instructor,
            has_second_factor=user.totp_confirmed_at is not None,
            avatar_file_id=user.avatar_file_id,
        )
    )
    audit.record("session.started", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    return row


def confirm_second_factor(session_id: int, user_id: int, at: datetime) -> None:
    """The second factor was set up here: this browser gets a new secret, the others sign in again."""
    actions.end_all_sessions(user_id, at, but=session_id)
    rotate(session_id, second_factor_at=at)


def rotate(session_id: int, *, second_factor_at: datetime | None = None) -> None:
    """A new secret for this browser after its rights or its owner's credentials changed."""
    token = secrets.token_urlsafe(32)
    values: dict[str, object] = {"token_hash": fingerprint(token)}
    if second_factor_at is not None:
        values["second_factor_at"] = second_factor_at
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session["_user_id"] = token


def leave() -> None:
    """Forget this browser's secret and everything else in its cookie."""
    logout_user()
    session.clear()


def browser_name(user_agent: str) -> str:
    """A browser and its system in words, for a person who looks at their own sessions."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), _("A browser"))
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser
