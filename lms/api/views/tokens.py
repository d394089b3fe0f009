"""Where people, and admins for services, make and revoke tokens."""

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from lms.api import actions, queries, rules
from lms.api.forms import SCOPES, TokenForm
from lms.api.views import documentation
from lms.core import clock, web
from lms.core.access import admins_only, found, public, signed_in, signed_in_viewer
from lms.core.security import limiter

bp = Blueprint("tokens", __name__)


@bp.get("/profile/tokens")
@signed_in
def own() -> Response:
    person = signed_in_viewer()
    return _listing("api/own.html", person.id, TokenForm(rules.grantable(person.role)))


@bp.post("/profile/tokens")
@limiter.limit("20 per hour")
@signed_in
def make_own() -> Response:
    person = signed_in_viewer()
    return _made("api/own.html", person.id, TokenForm(rules.grantable(person.role)))


@bp.post("/profile/tokens/<int:token_id>/removal")
@signed_in
def revoke_own(token_id: int) -> Response:
    found(actions.revoke(token_id, signed_in_viewer().id, clock.now()) or None)
    flash(_("The token works no longer."), "success")
    return web.redirect_to("tokens.own")


@bp.get("/admin/tokens")
@admins_only
def services() -> Response:
    return _listing("api/services.html", None, TokenForm(rules.grantable(None)))


@bp.post("/admin/tokens")
@limiter.limit("20 per hour")
@admins_only
def make_service() -> Response:
    return _made("api/services.html", None, TokenForm(rules.grantable(None)))


@bp.post("/admin/tokens/<int:token_id>/removal")
@admins_only
def revoke_service(token_id: int) -> Response:
    found(actions.revoke(token_id, None, clock.now()) or None)
    flash(_("The token works no longer."), "success")
    return web.redirect_to("tokens.services")


@bp.get("/api/docs")
@public
def docs() -> Response:
    """Off in production unless it is switched on."""
    return documentation.page()


def _listing(
    page: str, user_id: int | None, form: TokenForm, *, token: str = "", status: int = 200
) -> Response:
    rows = queries.tokens_of(user_id, clock.now())
    response = web.render(page, tokens=rows, form=form, token=token, scopes=SCOPES, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _made(page: str, user_id: int | None, form: TokenForm) -> Response:
    """The page with the new token, which is never shown again; or the form with what is wrong with it."""
    if not form.validate_on_submit():
        return _listing(page, user_id, form, status=422)
    token = actions.make(
        form.name.data,
        form.scopes.data,
        int(form.days.data),
        clock.now(),
        made_by=signed_in_viewer().id,
        user_id=user_id,
    )
    if token is None:
        flash(
            _("There are %(most)s tokens already. Revoke one that is not used.", most=rules.MOST_TOKENS),
            "warning",
        )
        return _listing(page, user_id, form, status=422)
    blank = TokenForm(rules.grantable(None), formdata=None)
    blank.scopes.choices = form.scopes.choices
    return _listing(page, user_id, blank, token=token)
