"""Under /api/v1 there are no sessions: a browser's cookie opens nothing there, so nothing there needs CSRF tokens."""

from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

ROOT = "/api/v1/"


class _Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(ROOT):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        # Nor is a browser's cookie taken away by a call.
        if not request.path.startswith(ROOT):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Must come before the first request."""
    app.session_interface = _Sessions()
