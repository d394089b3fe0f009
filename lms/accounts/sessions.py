"""Flask-Login over server-side sessions: the cookie holds a secret, `user_sessions` decides."""

import secrets
from datetime import datetime, timedelta

from flask import Flask, current_app, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, login_user, logout_user

from lms.accounts import queries
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
    )


def begin(user: User, at: datetime, *, remember: bool) -> UserSession:
    """Sign this browser in: everything in its old cookie is dropped, a new secret is given."""
    settings = current_app.config["LECTERN"]
    lifetime = timedelta(days=settings.remember_days) if remember else timedelta(hours=settings.session_hours)
    token = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=user.id,
        token_hash=fingerprint(token),
        created_at=at,
        expires_at=at + lifetime,
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
        )
    )
    return row


def leave() -> None:
    """Forget this browser's secret and everything else in its cookie."""
    logout_user()
    session.clear()


def browser_name(user_agent: str) -> str:
    """A browser and its system in words, for a person who looks at their own sessions."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    browser = next((name for mark, name in browsers if mark in user_agent), _("A browser"))
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser
