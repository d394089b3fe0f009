"""An admin looks at the site as somebody: everything is shown, nothing is changed.

The session stays the admin's; its row names the person that is looked at, so ending it needs no new sign-in.
"""

from datetime import datetime

from flask import Flask, Response, g, request
from flask_babel import gettext as _
from sqlalchemy import update

from lms.accounts import audit
from lms.accounts.models import User, UserSession
from lms.core import access, errors, work
from lms.core.db import db

END = "membership.end_view_as"
"""The one form that works while one looks."""


def init_app(app: Flask) -> None:
    """Refuse every change while an admin looks, and take back what merely looking would have noted."""
    app.before_request(_refuse_changes)
    app.after_request(_take_back)


def may_view(actor_role: str, user: User) -> bool:
    """Only an admin, never at another admin, and only where the person could sign in themself."""
    return actor_role == "admin" and user.role != "admin" and user.is_active


def begin(session_id: int, user: User, at: datetime) -> None:
    """From the next request on this session sees the site as `user`."""
    audit.record("view_as.started", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    _point(session_id, user.id)


def end(session_id: int, user_id: int, name: str, at: datetime) -> None:
    """Back to one's own eyes."""
    audit.record("view_as.ended", at, subject_kind="user", subject_id=user_id, subject_name=name)
    _point(session_id, None)


def end_for(user_id: int) -> None:
    """Nobody looks as this person any longer: their account changes now."""
    db.session.execute(
        update(UserSession).where(UserSession.viewed_as_id == user_id).values(viewed_as_id=None)
    )


def _point(session_id: int, user_id: int | None) -> None:
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(viewed_as_id=user_id))


def _refuse_changes() -> Response | None:
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == END:
        return None
    person = access.viewer()
    if person is None or person.viewed_by_id is None:
        return None
    return errors.answer(
        403,
        title=_("You are only looking"),
        advice=_(
            "You see the site as %(name)s, and nothing can be changed. End the view first.", name=person.name
        ),
    )


def _take_back(response: Response) -> Response:
    """Reading leaves traces: a lesson counts as begun, an attempt is closed. Not when an admin looks."""
    if "_login_user" in g and request.endpoint != END and access.is_watched():
        work.discard()
    return response
