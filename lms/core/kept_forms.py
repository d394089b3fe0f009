"""Forms whose words are too dear to lose to a session that ended: they come back with a button to send them again."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, current_app, request
from flask_babel import gettext as _

from lms.core import access, web

View = TypeVar("View", bound=Callable[..., Response])


def keeps_what_was_sent(view: View) -> View:
    """Marks a view whose form is offered again when its token, or the session behind it, has expired."""
    view.keeps_what_was_sent = True  # type: ignore[attr-defined]
    return view


def offered_again() -> Response | None:
    """The page that holds what this request carried; None unless it is a plain form of one of our own pages.

    A form of another site never comes back here: its words, with our token, would only wait for a press.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    is_ours = request.headers.get("Origin") == request.host_url.rstrip("/")
    is_plain = "HX-Request" not in request.headers and "text/html" in request.headers.get("Accept", "")
    if not (
        getattr(view, "keeps_what_was_sent", False) and request.method == "POST" and is_ours and is_plain
    ):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    title = _("Nothing you wrote is lost") if access.viewer() else _("You were signed out")
    return web.render("errors/kept.html", status=400, title=title, fields=fields)
