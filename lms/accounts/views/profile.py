"""What a person says about themself."""

from flask import Response, flash
from flask_babel import gettext as _

from lms.accounts import actions, queries
from lms.accounts.forms import ProfileForm
from lms.accounts.views.blueprint import bp
from lms.core import web
from lms.core.access import found, signed_in, signed_in_viewer


@bp.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> Response:
    user = found(queries.user_by_id(signed_in_viewer().id))
    form = ProfileForm(obj=user)
    if form.validate_on_submit():
        actions.change_profile(
            user,
            name=form.name.data,
            bio=form.bio.data or "",
            language=form.language.data,
            time_zone=form.time_zone.data,
        )
        flash(_("Your profile is saved."), "success")
        return web.redirect_to("accounts.profile")
    return web.render(
        "accounts/profile.html",
        fragment="accounts/_profile.html",
        form=form,
        user=user,
        status=422 if form.is_submitted() else 200,
    )


@bp.get("/profile/security")
@signed_in
def security() -> Response:
    user = found(queries.user_by_id(signed_in_viewer().id))
    return web.render(
        "accounts/security.html",
        email=user.email,
        is_verified=user.email_verified_at is not None,
        has_second_factor=user.totp_confirmed_at is not None,
        since=user.totp_confirmed_at,
        codes_left=queries.recovery_codes_left(user.id),
    )
