"""Changing the password and the address, with the current password asked again."""

from flask import Response, flash, request
from flask_babel import gettext as _
from wtforms import Field

from lms.accounts import actions, credentials, queries, sessions
from lms.accounts.forms import EmailForm, PasswordForm
from lms.accounts.models import User
from lms.accounts.views.blueprint import bp
from lms.core import clock, web, work
from lms.core.access import found, public, signed_in, signed_in_viewer
from lms.core.security import limiter


def is_owner(user: User, field: Field) -> bool:
    """Whether the current password in `field` is right; the field says so when it is not."""
    answer = actions.confirm_password(user, field.data, request.remote_addr or "", clock.now())
    work.keep()
    if answer == "wrong":
        field.errors = [_("This is not your current password.")]
    elif answer == "locked":
        field.errors = [_("Too many wrong passwords for this account. Wait 15 minutes, then try again.")]
    return answer == "ok"


@bp.route("/profile/password", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@signed_in
def password() -> Response:
    person = signed_in_viewer()
    user = found(queries.user_by_id(person.id))
    form = PasswordForm(role=user.role)
    if form.validate_on_submit() and is_owner(user, form.current):
        credentials.change_password(user, form.password.data, person.session_id, clock.now())
        sessions.rotate(person.session_id)
        flash(_("Your password is changed. Other browsers are signed out."), "success")
        return web.redirect_to("accounts.security")
    return web.render("accounts/password.html", form=form, status=422 if form.is_submitted() else 200)


@bp.route("/profile/email", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@signed_in
def email() -> Response:
    user = found(queries.user_by_id(signed_in_viewer().id))
    form = EmailForm()
    if form.validate_on_submit() and is_owner(user, form.current):
        if credentials.ask_for_email(user, form.email.data, clock.now()):
            flash(
                _("We sent a link to %(email)s. Open it to use this address.", email=form.email.data),
                "success",
            )
            return web.redirect_to("accounts.security")
        form.email.errors = [_("This address belongs to another account.")]
    return web.render(
        "accounts/email.html", form=form, email=user.email, status=422 if form.is_submitted() else 200
    )


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@limiter.limit("300 per minute")
@public
def confirm_email(token: str) -> Response:
    """The link only shows a button: programs that open links in mail must not change an account."""
    at = clock.now()
    change = credentials.open_email_change(token, at)
    if change is None:
        return web.render("accounts/email_expired.html", status=410)
    if request.method == "GET":
        return web.render("accounts/email_confirm.html", token=token, email=change.email)
    if credentials.confirm_email(change, at) is None:
        return web.render("accounts/email_expired.html", status=410)
    flash(_("From now on you sign in with %(email)s.", email=change.email), "success")
    return web.redirect_to("accounts.security")
