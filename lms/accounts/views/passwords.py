"""A forgotten password."""

from flask import Response, flash, session
from flask_babel import gettext as _

from lms.accounts import actions, queries
from lms.accounts.forms import ForgotForm, ResetForm
from lms.accounts.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import found, public
from lms.core.security import by_typed_account, by_visitor, limiter


@bp.route("/password/forgot", methods=["GET", "POST"])
@limiter.limit("300 per minute", key_func=by_visitor, methods=["POST"])
@limiter.limit("5 per minute", key_func=by_typed_account, methods=["POST"])
@public
def forgot() -> Response:
    form = ForgotForm()
    if not form.validate_on_submit():
        return web.render("accounts/forgot.html", form=form, status=422 if form.is_submitted() else 200)
    actions.ask_for_reset(form.email.data, clock.now())
    return web.redirect_to("accounts.reset_sent")


@bp.get("/password/sent")
@public
def reset_sent() -> Response:
    return web.render("accounts/reset_sent.html")


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@limiter.limit("300 per minute")
@public
def reset(token: str) -> Response:
    at = clock.now()
    link = actions.good_reset_token(token, at)
    if link is None:
        return web.render("accounts/reset_expired.html", status=410)
    form = ResetForm(role=found(queries.user_by_id(link.user_id)).role)
    if not form.validate_on_submit():
        return web.render(
            "accounts/reset.html", form=form, token=token, status=422 if form.is_submitted() else 200
        )
    actions.reset_password(link, form.password.data, at)
    session.clear()
    flash(
        _("Your password is changed, and every browser is signed out. Sign in with the new one."), "success"
    )
    return web.redirect_to("accounts.sign_in")
