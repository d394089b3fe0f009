"""What somebody typed is lost neither to a session that ended nor to a failure of ours: the form comes back with a button
to send it again.

Nothing is stored: the fields go back to the browser that sent them, in the answer. A page that htmx works on stays as
it is, and is told what happened.
"""

import json
from urllib.parse import urlsplit

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _

from lms.core import access, csrf, web

PASSWORDS = frozenset({"password", "current"})
"""Fields that never come back; the form asks for them again."""
MAY_PASS = frozenset({429, 500, 503})
"""Failures after which the same form may be taken."""


def answer(status: int) -> Response | None:
    """What to say to a form of one of our own pages that was sent without the session that it belongs to.

    None where nothing can be lost: no form was sent, nothing was typed, or another site sent it, whose words, with our
    token, would only wait for a press.
    """
    if not is_guarded():
        return None
    return _said(status) if _is_htmx() else _offered_again(400)


def after(status: int, title: str, advice: str, reference: str) -> Response | None:
    """What to say to a form that failed: htmx's page stays as it is, and what may pass can be sent again. None for
    everything else."""
    if request.method in ("GET", "HEAD"):
        return None
    if _is_htmx():
        note = {"note": _("Name this number when you report it:") + f" {reference}"} if reference else {}
        # Who reads it did not come by an address: they pressed a button of a page that shows what was there before.
        gone = _("That is not there any more. Reload this page to see how things are now.")
        return _aside(status, gone if status == 404 else f"{title}. {advice}", **note)
    if status not in MAY_PASS or not is_guarded():
        return None
    return _offered_again(status, title=title, advice=advice, reference=reference)


def is_guarded() -> bool:
    """Whether only people who are signed in come to this address."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "access", "public") != "public"


def _is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def _offered_again(status: int, **facts: str) -> Response | None:
    is_a_page = "text/html" in request.headers.get("Accept", "")
    if not (request.method == "POST" and is_a_page and csrf.is_ours()):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != csrf.FIELD]
    files = [(name, file.filename or "") for name, file in request.files.items(multi=True) if file.filename]
    if not fields and not files:
        return None
    token = request.form.get(csrf.FIELD, "")
    response = web.render(
        "errors/kept.html",
        status=status,
        **facts,
        is_anothers=_is_anothers(token),
        fields=[(name, value) for name, value in fields if name not in PASSWORDS],
        files=files,
        # It says whose form this is, and serves again once that person has signed in.
        token=csrf.token() if access.viewer() else token,
        address=request.full_path.rstrip("?"),
        sign_in=sign_in_elsewhere(),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_anothers(token: str) -> bool:
    person = access.viewer()
    return person is not None and csrf.owner(token) not in (None, person.viewed_by_id or person.id)


def _said(status: int) -> Response:
    """To a page of htmx: nothing on it is replaced, and a message leads to a window to sign in."""
    if access.viewer() is None:
        there = {"link": sign_in_elsewhere(), "label": _("Sign in in a new window")}
        return _aside(status, _("You were signed out. What you typed stays on this page."), **there)
    if _is_anothers(request.headers.get("X-CSRFToken", "")):
        return _aside(status, _("Somebody else is signed in now. This page was opened by another person."))
    return _aside(status, _("This page was open for too long. Copy what you typed, then reload it."))


def _aside(status: int, text: str, **more: str) -> Response:
    """Nothing on the page is replaced; a message beside it says what happened and stays until it is dismissed."""
    response = Response(status=status, headers={"HX-Reswap": "none", "Vary": "HX-Request"})
    response.headers["HX-Trigger"] = json.dumps({"lectern:toast": {"kind": "danger", "text": text, **more}})
    response.headers["Cache-Control"] = "no-store"
    return response


def sign_in_elsewhere() -> str:
    """The sign-in page for a new window, which then sends its reader back to the one before."""
    return url_for("accounts.sign_in", next=url_for("accounts.signed_in_again"))


def sign_in_and_back() -> str:
    """The sign-in page, which leads on to the page that this request came from."""
    is_a_page = request.method == "GET"
    return url_for(
        "accounts.sign_in", next=request.full_path.rstrip("?") if is_a_page else page_of_form() or None
    )


def page_of_form() -> str:
    """The address on this site of the page whose form was sent; "" when none was, or nobody said from where."""
    came_from = urlsplit(request.referrer or "")
    if request.method in ("GET", "HEAD") or came_from.netloc != request.host:
        return ""
    return f"/{came_from.path.lstrip('/')}?{came_from.query}".rstrip("?")
