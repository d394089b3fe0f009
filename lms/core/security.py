"""Protection that every answer carries: headers, CSRF, rate limits, hosts and proxies."""

from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from config import Settings
from lms.core import access, flood
from lms.core.csrf import Protection, token

csrf = Protection()


def _who() -> str:
    """Limits count people where we know them: a school behind one address is many people."""
    person = access.viewer()
    return f"user:{person.id}" if person else f"address:{get_remote_address()}"


def by_visitor() -> str:
    """The network address alone, for limits that a whole school must fit under."""
    return f"address:{get_remote_address()}"


def by_typed_account() -> str:
    """The account that somebody tries from one network address: who guesses uses up this and nobody else's.

    The decorator nearest to the view is asked first, and what it refuses is not counted by those above it.
    """
    typed = request.form.get("email", "").strip().lower()[:254]
    return f"account:{get_remote_address()}:{typed}"


def is_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request (Fetch Metadata, then `Origin`)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")


limiter = Limiter(
    key_func=_who,
    headers_enabled=True,
    strategy="fixed-window",
    in_memory_fallback_enabled=True,
    swallow_errors=True,
)

FOR_MACHINES = frozenset({"/api/v1/health", "/api/v1/ready", "/metrics"})

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
"""No script or style stands in a page, so no nonce is needed: what is not a file of ours does not run."""

REFUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
)


class _RowNumber(IntegerConverter):
    """A number in an address: one that no row can have is not found, and never reaches the database."""

    def __init__(self, *args: Any, **limits: Any) -> None:
        limits.setdefault("max", 2**63 - 1)
        super().__init__(*args, **limits)


class _ByAddress:
    """Probes and Prometheus reach a process by its address, which no list of names can hold; their answers have no links."""

    def __init__(self, inner: Any, name: str) -> None:
        self.inner, self.name = inner, name

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("PATH_INFO") in FOR_MACHINES:
            environ["HTTP_HOST"] = self.name
        return self.inner(environ, start_response)


def init_app(app: Flask, settings: Settings) -> None:
    """Install all of it."""
    app.url_map.converters["int"] = _RowNumber
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
    if settings.trusted_hosts:
        app.wsgi_app = _ByAddress(app.wsgi_app, settings.trusted_hosts[0].lstrip("."))  # type: ignore[method-assign]
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
        permissions_policy=dict.fromkeys(REFUSED_FEATURES, "()"),
    )
    csrf.init_app(app)
    app.context_processor(lambda: {"csrf_token": token})
    app.jinja_env.globals["csrf_token"] = token
    # What comes first here is asked last there, after the limiter wrote its headers.
    app.after_request(_hurry)
    if settings.rate_limits:
        flood.init_app(app, _who)
    limiter.init_app(app)
    app.before_request(_refuse_nul)
    app.after_request(_isolate)
    app.after_request(_share)


def _hurry(response: Response) -> Response:
    """Who was served need not wait, but the limiter tells everyone when their window ends."""
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response


def _isolate(response: Response) -> Response:
    """No other site shares a window with ours, or embeds what we answer."""
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


SHARED = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After, WWW-Authenticate, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id",
    "Access-Control-Max-Age": "600",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def _share(response: Response) -> Response:
    """Only scripts of listed sites may call our API: with a token that they were given, never with a cookie."""
    origins = current_app.config["LECTERN"].cors_origins
    if origins and request.path.startswith("/api/"):
        response.headers.add("Vary", "Origin")
        origin = request.headers.get("Origin", "")
        if origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(SHARED)
    return response


def _refuse_nul() -> None:
    """PostgreSQL text holds no NUL; such a request is an accident or an attack."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(400)
    plain_form = request.method == "POST" and request.mimetype != "multipart/form-data"
    if plain_form and any("\x00" in value for values in request.form.listvalues() for value in values):
        abort(400)
