"""Protection that every answer carries: headers, CSRF, rate limits, hosts and proxies."""

from typing import Any

from flask import Flask, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from lms.core import access

csrf = CSRFProtect()


def _who() -> str:
    """Limits count people where we know them: a school behind one address is many people."""
    person = access.viewer()
    return f"user:{person.id}" if person else f"address:{get_remote_address()}"


limiter = Limiter(
    key_func=_who,
    default_limits=["3000 per minute"],
    headers_enabled=True,
    strategy="fixed-window",
    in_memory_fallback_enabled=True,
    swallow_errors=True,
)

CONTENT_POLICY: dict[str, Any] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}


def init_app(app: Flask, settings: Settings) -> None:
    """Install all of it."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=settings.remember_days * 86400,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.upload_limit + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1},
        RATELIMIT_KEY_PREFIX="limit",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Talisman(
        app,
        force_https=settings.secure and settings.environment == "production",
        strict_transport_security=settings.secure,
        session_cookie_secure=settings.secure,
        content_security_policy=CONTENT_POLICY,
        referrer_policy="same-origin",
        frame_options="DENY",
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()", "browsing-topics": "()"},
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """PostgreSQL text holds no NUL; such a request is an accident or an attack."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(400)
    if request.method == "POST" and request.mimetype != "multipart/form-data":
        if any("\x00" in value for values in request.form.listvalues() for value in values):
            abort(400)
