"""The first administrator of an empty system."""

from flask import Response, abort, flash
from flask_babel import gettext as _

from lms.accounts import first_run, queries, sessions
from lms.accounts.forms import SetupForm
from lms.accounts.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import public
from lms.core.security import limiter


@bp.route("/setup", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@public
def setup() -> Response:
    if queries.any_user_exists():
        abort(404)
    form = SetupForm()
    if not form.validate_on_submit():
        return _form(form)
    if not first_run.is_token(form.token.data):
        form.token.errors = [_("This is not the token. Copy it whole from the log.")]
        return _form(form)
    at = clock.now()
    user = first_run.create_admin(
        name=form.name.data, email=form.email.data, password=form.password.data, at=at
    )
    if user is None:
        abort(404)
    sessions.begin(user, at, remember=False)
    flash(_("Welcome, %(name)s. This system is yours.", name=user.name), "success")
    return web.redirect_to("admin.dashboard")


def _form(form: SetupForm) -> Response:
    return web.render("accounts/setup.html", form=form, status=422 if form.is_submitted() else 200)
