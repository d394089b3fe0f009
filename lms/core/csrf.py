"""Tokens against forged forms that tell whose form it was, so that one that outlived its session serves the same person.

Such a token is as good as a fresh one: only a page that this person was shown holds it, signed, and the browser's `Origin`
says that the form stands on a page of ours.
"""

import secrets
from typing import Any

from flask import current_app, g, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.core import access

FIELD = "csrf_token"


class Protection(CSRFProtect):
    """Flask-WTF's, which takes a token of an earlier session of the person who is signed in, too."""

    def protect(self, apply_exemptions: bool = False) -> None:
        try:
            super().protect(apply_exemptions)
        except CSRFError:
            person = access.viewer()
            if person is None or not is_ours() or owner(self._get_csrf_token()) != _holder(person):
                raise
            g.csrf_valid = True


def token() -> str:
    """The token of this answer, which a page asks for once for each of its forms."""
    known: str | None = g.get(FIELD)
    if known is not None:
        return known
    person = access.viewer()
    if person is not None and FIELD not in session:
        session[FIELD] = f"{_holder(person)}.{secrets.token_hex(20)}"
    made: str = generate_csrf()
    return made


def owner(token: Any) -> int | None:
    """Who was shown the form that carried this token; None when nobody was signed in, or it is not ours or too old."""
    signer = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")
    try:
        longest = int(current_app.permanent_session_lifetime.total_seconds())
        person, _, rest = signer.loads(token or "", max_age=longest).partition(".")
    except (BadData, AttributeError):
        return None
    return int(person) if rest and person.isdecimal() else None


def is_ours() -> bool:
    """Whether the browser says that this form stands on a page of ours; one that says nothing is not believed."""
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def _holder(person: access.Viewer) -> int:
    return person.viewed_by_id or person.id
