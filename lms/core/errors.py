"""Pages for what went wrong: what happened and what to do, as a page or as a fragment."""

import logging
import math
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, default_exceptions

from lms.core import access, clock, faults, kept_forms, web
from lms.core.db import db, is_away
from lms.core.security import limiter

log = logging.getLogger(__name__)

WORDS: dict[int, tuple[Any, Any]] = {
    400: (_l("That request did not make sense"), _l("Go back, check what you entered, and try again.")),
    401: (_l("Please sign in"), _l("Sign in to see this page; you will come straight back.")),
    403: (
        _l("This is not yours to change"),
        _l("You can see it, but only its owner or an administrator may do this."),
    ),
    404: (_l("There is nothing here"), _l("The address may be mistyped, or the page is not open to you.")),
    405: (
        _l("That does not work here"),
        _l("This address can be opened, but not in this way. Go back and try again."),
    ),
    413: (_l("That file is too large"), _l("Choose a smaller file, then send it again.")),
    422: (_l("Something needs your attention"), _l("Go back, correct what is marked, and send it again.")),
    429: (
        _l("That was a little too fast"),
        _l("Wait a moment, then try again. Nothing you entered elsewhere is lost."),
    ),
    500: (
        _l("That is our mistake"),
        _l("Nothing was changed. Try again; if it happens again, tell your administrator when."),
    ),
    503: (_l("Back in a moment"), _l("Part of the system is restarting. Try again in a minute.")),
}

NOT_OPEN = (
    _l("This page is not open to you"),
    _l(
        "It is for those who own what it shows, teach it or look after the site. Do you need it? Ask an administrator."
    ),
)
"""403 of a page that somebody only wanted to see."""

RETRY_SECONDS = 30
"""When to come again while the database is away."""

TO_PROGRAMS: dict[int, str] = {
    400: "The request is not HTTP as it should be.",
    404: "There is nothing under this address. /api/v1/openapi.json lists what there is.",
    405: "This address does not take that method; `Allow` names those that it takes.",
    413: "The body is larger than is taken here.",
    429: "Too many requests. Wait as many seconds as `Retry-After` says.",
    500: "That is our mistake; nothing was changed.",
    503: "Part of the system is restarting. Try again in a minute.",
}
"""What the API says where a page would speak of pages and buttons."""


def init_app(app: Flask) -> None:
    """Answer every HTTP error and every unexpected exception with a helpful page."""
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if error.code == 401 and not _is_api():
        if request.method == "GET" and request.headers.get("HX-Request") != "true":
            return redirect(kept_forms.sign_in_and_back(), 303)  # type: ignore[return-value]
        if kept := kept_forms.answer(401):
            return kept
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # raised after the view had answered, such as by the commit
        return _unexpected(cause)
    response = answer(error.code or 500, advice=_when_to_come_back() if error.code == 429 else "")
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _when_to_come_back() -> str:
    """How long a limit that was reached still holds, where that is more than a moment; else nothing."""
    limit = limiter.current_limit
    minutes = math.ceil((limit.window[0] - clock.now().timestamp()) / 60) if limit else 0
    if minutes <= 1:
        return ""
    words: str = ngettext(
        "Wait %(num)s minute, then try again. Nothing you entered elsewhere is lost.",
        "Wait %(num)s minutes, then try again. Nothing you entered elsewhere is lost.",
        minutes,
    )
    return words


def _strange_host(_error: SecurityError) -> Response:
    """A page of ours holds links, and none can be made for a host name that is not ours."""
    return Response(
        "This server does not answer to that name. See TRUSTED_HOSTS.\n", 400, mimetype="text/plain"
    )


def _expired_form(error: CSRFError) -> Response:
    was_signed_in = access.viewer() is None and kept_forms.is_guarded()
    response = kept_forms.answer(400) or answer(
        400,
        title=_("You were signed out") if was_signed_in else _("This page was open for too long"),
        advice=_("Reload it and send it again. Signing in or out in another tab has the same effect."),
        sign_in=kept_forms.sign_in_and_back() if was_signed_in else "",
    )
    response.headers["X-Error"] = "csrf"
    return response


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.error("unexpected error", exc_info=error)
    rule = request.url_rule.rule if request.url_rule else "unknown"
    faults.record(error, source="web", route=f"{request.method} {rule}", request_id=g.get("request_id", ""))
    if not is_away(error):
        return answer(500)
    # Who asks stands in the database too: unless it is known already, the page is a visitor's.
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()
    response = answer(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def answer(code: int, *, title: str = "", advice: str = "", sign_in: str = "") -> Response:
    """The page, fragment or JSON problem for one status."""
    known = WORDS.get(code, WORDS[500 if code >= 500 else 400])
    if code == 403 and request.method in ("GET", "HEAD"):
        known = NOT_OPEN
    title, advice = title or str(known[0]), advice or str(known[1])
    reference = g.get("request_id", "") if code >= 500 else ""
    if _is_api():
        title, advice = HTTPStatus(code).phrase, TO_PROGRAMS.get(code, advice)
        more = {"request_id": reference} if reference else {}
        response = jsonify(type="about:blank", status=code, title=title, detail=advice, **more)
        response.status_code = code
        response.mimetype = "application/problem+json"
        response.headers["Cache-Control"] = "no-store"
        return response
    if kept := kept_forms.after(code, title, advice, reference):
        return kept
    return web.render(
        "errors/show.html",
        fragment="errors/_message.html",
        status=code,
        code=code,
        title=title,
        advice=advice,
        # What the log and the list of errors say of this request stands under its id.
        reference=reference,
        sign_in=sign_in or (kept_forms.sign_in_and_back() if code == 401 else ""),
        back=kept_forms.page_of_form(),
    )


def _is_api() -> bool:
    return request.path.startswith("/api/") and request.path != "/api/docs"


assert all(code in default_exceptions or code == 503 for code in WORDS)
