"""Choosing the language of the pages."""

from flask import Response, abort, request

from lms.accounts import actions
from lms.accounts.views.blueprint import bp
from lms.core import i18n, web
from lms.core.access import public, viewer
from lms.core.security import csrf, is_from_elsewhere


@bp.post("/language")
@csrf.exempt
@public
def language() -> Response:
    """A visitor's page carries no token, as it needs no session; the browser says where the form stood."""
    chosen = request.form.get("language", "")
    if chosen not in i18n.LANGUAGES:
        abort(422)
    if is_from_elsewhere():
        abort(403)
    if person := viewer():
        actions.change_language(person.id, chosen)
    response = web.redirect(web.safe_next(request.form.get("next")) or "/")
    i18n.remember(response, chosen)
    return response
