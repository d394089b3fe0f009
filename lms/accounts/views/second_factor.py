"""Setting up and removing the second factor."""

from flask import Response, current_app, flash, request
from flask_babel import gettext as _
from markupsafe import Markup

from lms.accounts import queries, rules, second_factor, sessions, site, totp
from lms.accounts.forms import CodeForm, GuardedCodeForm
from lms.accounts.models import User
from lms.accounts.views.blueprint import bp
from lms.accounts.views.credentials import is_owner
from lms.core import clock, web, work
from lms.core.access import allow, found, signed_in, signed_in_viewer
from lms.core.security import limiter


def _owner() -> User:
    return found(queries.user_by_id(signed_in_viewer().id))


@bp.route("/profile/second-factor", methods=["GET", "POST"], endpoint="second_factor")
@limiter.limit("30 per minute", methods=["POST"])
@signed_in
def set_up() -> Response:
    user, at = _owner(), clock.now()
    if user.totp_confirmed_at is not None:
        return web.redirect_to("accounts.security")
    form = GuardedCodeForm()
    if user.totp_secret and form.validate_on_submit() and is_owner(user, form.current):
        codes = second_factor.confirm_setup(user, form.code.data, at)
        if codes is not None:
            sessions.confirm_second_factor(signed_in_viewer().session_id, user.id, at)
            return _show(codes, _("Your second factor is on"))
        form.code.errors = [
            _("This is not the code that the app shows now. Check that your device's clock is right.")
        ]
    return _page(user, form, 422 if form.is_submitted() else 200)


def _page(user: User, form: GuardedCodeForm, status: int) -> Response:
    key = second_factor.key_for(user) if user.totp_secret else ""
    product = current_app.config["LECTERN"].product_name
    address = totp.address(key, user.email, product) if key else ""
    required = rules.must_set_up_second_factor(user.role, False, site.current().second_factor_roles)
    response = web.render(
        "accounts/second_factor.html",
        form=form,
        key=" ".join(key[i : i + 4] for i in range(0, len(key), 4)),
        address=address,
        # Made of our own key and address by segno, which escapes what it writes.
        picture=Markup(totp.picture(address)) if key else "",  # noqa: S704
        is_required=required,
        status=status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/profile/second-factor/setup")
@limiter.limit("30 per minute")
@signed_in
def start_second_factor() -> Response:
    second_factor.begin_setup(_owner())
    return web.redirect_to("accounts.second_factor")


@bp.route("/profile/second-factor/removal", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@signed_in
def remove_second_factor() -> Response:
    user = _owner()
    found(user.totp_confirmed_at)
    allow(not rules.keeps_a_second_factor(user.role, site.current().second_factor_roles))
    form = GuardedCodeForm()
    if form.validate_on_submit() and is_owner(user, form.current) and _is_code(user, form):
        second_factor.switch_off(user, clock.now())
        sessions.rotate(signed_in_viewer().session_id)
        flash(_("Your second factor is off. Your password alone signs you in now."), "success")
        return web.redirect_to("accounts.security")
    return web.render(
        "accounts/second_factor_removal.html", form=form, status=422 if form.is_submitted() else 200
    )


@bp.route("/profile/second-factor/recovery-codes", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@signed_in
def renew_recovery_codes() -> Response:
    user = _owner()
    found(user.totp_confirmed_at)
    form = GuardedCodeForm()
    if form.validate_on_submit() and is_owner(user, form.current) and _is_code(user, form):
        return _show(second_factor.renew_recovery_codes(user, clock.now()), _("Your new recovery codes"))
    return web.render("accounts/recovery_renewal.html", form=form, status=422 if form.is_submitted() else 200)


def _is_code(user: User, form: CodeForm) -> bool:
    answer = second_factor.check(user, form.code.data, request.remote_addr or "", clock.now())
    work.keep()
    if answer == "wrong":
        form.code.errors = [
            _("This code is not right, or was used already. The app shows a new one every 30 seconds.")
        ]
    elif answer == "locked":
        form.code.errors = [_("Too many wrong codes. Wait 15 minutes, then try again.")]
    return answer == "ok"


def _show(codes: list[str], title: str) -> Response:
    """The codes stand in this one answer only."""
    response = web.render("accounts/recovery_codes.html", codes=codes, title=title)
    response.headers["Cache-Control"] = "no-store"
    return response
