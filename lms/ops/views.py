"""What machines ask, and the inbox of a development system."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from lms.core import web
from lms.core.access import found, public
from lms.core.security import CONTENT_POLICY, limiter
from lms.ops import forms, inbox
from lms.ops import health as checks
from lms.ops import metrics as measures

bp = Blueprint("ops", __name__)


def _headers(**options: Any) -> Callable[[Any], Any]:
    """Talisman's options for one view (`content_security_policy`, `frame_options`, `force_https`)."""

    def mark(view: Any) -> Any:
        view.talisman_view_options = options
        return view

    return mark


# A probe inside the machine speaks plain HTTP; a redirect would be no answer to it.
_plain = _headers(force_https=False)


@bp.get("/api/v1/health")
@limiter.exempt
@_plain
@public
def health() -> Response:
    response = jsonify(status="ok")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/api/v1/ready")
@limiter.exempt
@_plain
@public
def ready() -> Response:
    found_parts = checks.ready()
    well = all(part.ok for part in found_parts)
    response = jsonify(
        status="ok" if well else "down",
        parts={part.name: {"ok": part.ok, **({"why": part.why} if part.why else {})} for part in found_parts},
    )
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/metrics")
@limiter.exempt
@_plain
@public
def metrics() -> Response:
    if not _may_measure():
        abort(404)
    return Response(
        measures.exposition(), content_type=measures.CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


def _may_measure() -> bool:
    settings = current_app.config["LECTERN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if settings.metrics_token and hmac.compare_digest(given, settings.metrics_token.encode()):
        return True
    # Behind a proxy that we were not told of, everybody comes from the proxy's address.
    if not settings.trusted_proxies and (
        "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    ):
        return False
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - an address that no list holds
    return any(address in ip_network(network) for network in settings.metrics_allow)


@bp.get("/dev/mail")
@public
def mails() -> Response:
    _only_in_development()
    return web.render("ops/mails.html", messages=inbox.newest())


@bp.get("/dev/mail/<name>")
@_headers(content_security_policy={**CONTENT_POLICY, "frame-src": "'self'"})
@public
def mail(name: str) -> Response:
    _only_in_development()
    return web.render("ops/mail.html", message=found(inbox.message(name)))


@bp.get("/dev/mail/<name>/html")
@_headers(
    content_security_policy={
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    },
    frame_options="SAMEORIGIN",
)
@public
def mail_html(name: str) -> Response:
    _only_in_development()
    return Response(found(inbox.message(name)).html, mimetype="text/html")


@bp.get("/dev/styleguide")
@public
def styleguide() -> Response:
    """Every component on one page."""
    _only_in_development()
    return web.render("styleguide.html", form=forms.specimen())


def _only_in_development() -> None:
    if current_app.config["LECTERN"].environment != "development":
        abort(404)
