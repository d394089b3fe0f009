"""Where a person is signed in."""

from flask import Response, flash
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import actions, queries
from lms.accounts.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import found, signed_in, signed_in_viewer


@bp.get("/profile/sessions")
@signed_in
def sessions() -> Response:
    person = signed_in_viewer()
    return web.render(
        "accounts/sessions.html",
        sessions=queries.live_sessions(person.id, clock.now()),
        current_session=person.session_id,
    )


@bp.post("/profile/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    person = signed_in_viewer()
    found(actions.end_session(session_id, person.id, clock.now()) or None)
    flash(_("That browser is signed out."), "success")
    return web.redirect_to("accounts.sessions")


@bp.post("/profile/sessions/others/end")
@signed_in
def end_other_sessions() -> Response:
    person = signed_in_viewer()
    ended = actions.end_all_sessions(person.id, clock.now(), but=person.session_id)
    flash(
        ngettext("One other browser is signed out.", "%(num)s other browsers are signed out.", ended),
        "success",
    )
    return web.redirect_to("accounts.sessions")
