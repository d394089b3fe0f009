"""Making an account, and confirming its address."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import actions, queries, sessions, site
from lms.accounts.forms import RegisterForm
from lms.accounts.views.blueprint import HOME, bp
from lms.core import clock, i18n, web
from lms.core.access import found, public, signed_in, signed_in_viewer, viewer
from lms.core.security import by_typed_account, by_visitor, limiter


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("600 per minute", key_func=by_visitor, methods=["POST"])
@limiter.limit("20 per minute", key_func=by_typed_account, methods=["POST"])
@public
def register() -> Response:
    if viewer():
        return web.redirect_to(HOME)
    settings = site.current()
    form = RegisterForm()
    if settings.registration == "closed" or not form.validate_on_submit():
        return _form(form, settings, 422 if form.is_submitted() else 200)
    if not settings.may_register(form.email.data):
        form.email.errors = [_("Only addresses at %(domains)s may register here.", domains=_list(settings))]
        return _form(form, settings, 422)
    at = clock.now()
    user = actions.register(
        name=form.name.data,
        email=form.email.data,
        password=form.password.data,
        language=i18n.language(),
        time_zone=form.chosen_zone,
        at=at,
    )
    if user is None:
        form.email.errors = [_("This address has an account already. Sign in, or reset its password.")]
        return _form(form, settings, 422)
    if settings.confirms_addresses:
        return web.redirect_to("accounts.check_mail")
    sessions.begin(user, at, remember=False)
    flash(_("Welcome, %(name)s. We sent you a link to confirm your address.", name=user.name), "success")
    return web.redirect(web.safe_next(request.args.get("next")) or web.path(HOME))


def _form(form: RegisterForm, settings: site.SiteSettings, status: int) -> Response:
    return web.render(
        "accounts/register.html",
        fragment="accounts/_register.html",
        form=form,
        is_open=settings.registration != "closed",
        domains=_list(settings) if settings.registration == "domains" else "",
        status=status,
    )


def _list(settings: site.SiteSettings) -> str:
    return ", ".join(settings.registration_domains)


@bp.get("/check-mail")
@public
def check_mail() -> Response:
    return web.render("accounts/check_mail.html")


@bp.get("/verify-email/<token>")
@public
def verify(token: str) -> Response:
    user = actions.verify_email(token, clock.now())
    return web.render("accounts/verified.html", worked=user is not None, status=200 if user else 410)


@bp.post("/verify-email")
@limiter.limit("5 per minute")
@signed_in
def send_verification() -> Response:
    user = found(queries.user_by_id(signed_in_viewer().id))
    actions.request_verification(user, clock.now())
    flash(_("We sent the link again, to %(email)s.", email=user.email), "success")
    return web.redirect_to("accounts.profile")
