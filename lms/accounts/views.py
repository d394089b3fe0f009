"""Sign-in, registration, verification, password reset, profile."""

from flask import Blueprint, Response, current_app, flash, request, session
from flask_babel import gettext as _

from lms.accounts import actions, queries, sessions
from lms.accounts.forms import ForgotForm, ProfileForm, RegisterForm, ResetForm, SignInForm
from lms.core import clock, i18n, web, work
from lms.core.access import found, public, signed_in, signed_in_viewer, viewer
from lms.core.security import limiter

bp = Blueprint("accounts", __name__)

HOME = "learning.dashboard"


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("120 per minute", methods=["POST"])
@public
def register() -> Response:
    if viewer():
        return web.redirect_to(HOME)
    is_open = current_app.config["LECTERN"].registration_open
    form = RegisterForm()
    if not is_open or not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render(
            "accounts/register.html", fragment="accounts/_register.html", form=form, is_open=is_open, status=status
        )
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
        return web.render(
            "accounts/register.html", fragment="accounts/_register.html", form=form, is_open=True, status=422
        )
    if current_app.config["LECTERN"].verification_required:
        return web.redirect_to("accounts.check_mail")
    sessions.begin(user, at, remember=False)
    flash(_("Welcome, %(name)s. We sent you a link to confirm your address.", name=user.name), "success")
    return web.redirect(web.safe_next(request.args.get("next")) or web.path(HOME))


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("120 per minute", methods=["POST"])
@public
def sign_in() -> Response:
    if viewer():
        return web.redirect(web.safe_next(request.args.get("next")) or web.path(HOME))
    form = SignInForm(next=request.args.get("next", ""))
    problem = ""
    if form.validate_on_submit():
        at = clock.now()
        result = actions.sign_in(
            email=form.email.data, password=form.password.data, address=request.remote_addr or "", at=at
        )
        work.keep()
        if result.outcome == "ok" and result.user:
            sessions.begin(result.user, at, remember=form.remember.data)
            return web.redirect(web.safe_next(form.next.data) or web.path(HOME))
        if result.outcome == "unverified" and result.user:
            actions.request_verification(result.user, at)
            return web.redirect_to("accounts.check_mail")
        problem = result.outcome
    status = 422 if form.is_submitted() else 200
    return web.render(
        "accounts/sign_in.html", fragment="accounts/_sign_in.html", form=form, problem=problem, status=status
    )


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    if person := viewer():
        actions.end_session(person.session_id, person.id, clock.now())
    sessions.leave()
    flash(_("You are signed out."), "info")
    return web.redirect_to("courses.home")


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


@bp.route("/password/forgot", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@public
def forgot() -> Response:
    form = ForgotForm()
    if not form.validate_on_submit():
        return web.render("accounts/forgot.html", form=form, status=422 if form.is_submitted() else 200)
    actions.request_reset(form.email.data, clock.now())
    return web.redirect_to("accounts.reset_sent")


@bp.get("/password/sent")
@public
def reset_sent() -> Response:
    return web.render("accounts/reset_sent.html")


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@limiter.limit("60 per minute")
@public
def reset(token: str) -> Response:
    at = clock.now()
    link = actions.good_reset_token(token, at)
    if link is None:
        return web.render("accounts/reset_expired.html", status=410)
    form = ResetForm()
    if not form.validate_on_submit():
        return web.render("accounts/reset.html", form=form, token=token, status=422 if form.is_submitted() else 200)
    actions.reset_password(link, form.password.data, at)
    session.clear()
    flash(_("Your password is changed, and every browser is signed out. Sign in with the new one."), "success")
    return web.redirect_to("accounts.sign_in")


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
        sessions=queries.live_sessions(user.id, clock.now()),
        current_session=signed_in_viewer().session_id,
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/profile/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    person = signed_in_viewer()
    found(actions.end_session(session_id, person.id, clock.now()) or None)
    flash(_("That browser is signed out."), "success")
    return web.redirect_to("accounts.profile")
