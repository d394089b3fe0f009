"""What somebody typed is not lost to a session that ended: the form comes back with a button to send it again.

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


def answer(status: int) -> Response | None:
    """What to say to a form of one of our own pages that was sent without the session that it belongs to.

    None where nothing can be lost: no form was sent, nothing was typed, or another site sent it, whose words, with our
    token, would only wait for a press.
    """
    if not is_guarded():
        return None
    if request.headers.get("HX-Request") == "true":
        return _said(status)
    is_a_page = "text/html" in request.headers.get("Accept", "")
    if not (request.method == "POST" and is_a_page and csrf.is_ours()):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != csrf.FIELD]
    files = [(name, file.filename or "") for name, file in request.files.items(multi=True) if file.filename]
    return _offered_again(fields, files) if fields or files else None


def is_guarded() -> bool:
    """Whether only people who are signed in come to this address."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "access", "public") != "public"


def _offered_again(fields: list[tuple[str, str]], files: list[tuple[str, str]]) -> Response:
    token = request.form.get(csrf.FIELD, "")
    response = web.render(
        "errors/kept.html",
        status=400,
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
    toast = {"kind": "danger"}
    if access.viewer() is None:
        toast["text"] = _("You were signed out. What you typed stays on this page.")
        toast |= {"link": sign_in_elsewhere(), "label": _("Sign in in a new window")}
    elif _is_anothers(request.headers.get("X-CSRFToken", "")):
        toast["text"] = _("Somebody else is signed in now. This page was opened by another person.")
    else:
        toast["text"] = _("This page was open for too long. Copy what you typed, then reload it.")
    response = Response(status=status, headers={"HX-Reswap": "none", "Vary": "HX-Request"})
    response.headers["HX-Trigger"] = json.dumps({"lectern:toast": toast})
    response.headers["Cache-Control"] = "no-store"
    return response


def sign_in_elsewhere() -> str:
    """The sign-in page for a new window, which then sends its reader back to the one before."""
    return url_for("accounts.sign_in", next=url_for("accounts.signed_in_again"))


def sign_in_and_back() -> str:
    """The sign-in page, which leads on to the page that this request came from."""
    came_from = urlsplit(request.referrer or "")
    is_here = came_from.netloc == request.host and request.method != "GET"
    target = f"{came_from.path}?{came_from.query}".rstrip("?") if is_here else request.full_path.rstrip("?")
    is_a_page = is_here or request.method == "GET"
    return url_for("accounts.sign_in", next=target if is_a_page else None)
