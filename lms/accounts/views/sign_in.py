"""Signing in with a password, and out again."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import actions, rules, second_step, sessions
from lms.accounts.forms import SignInForm
from lms.accounts.models import User
from lms.accounts.views.blueprint import HOME, bp
from lms.core import clock, web, work
from lms.core.access import public, signed_in, viewer
from lms.core.security import by_typed_account, by_visitor, limiter


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("600 per minute", key_func=by_visitor, methods=["POST"])
@limiter.limit("20 per minute", key_func=by_typed_account, methods=["POST"])
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
        if result.user is not None:
            return _go_on(result.user, result.outcome, form)
        problem = result.outcome
    status = 422 if form.is_submitted() else 200
    return web.render(
        "accounts/sign_in.html", fragment="accounts/_sign_in.html", form=form, problem=problem, status=status
    )


def _go_on(user: User, outcome: actions.Outcome, form: SignInForm) -> Response:
    at, target = clock.now(), web.safe_next(form.next.data) or web.path(HOME)
    if outcome == "unverified":
        actions.request_verification(user, at)
        return web.redirect_to("accounts.check_mail")
    if outcome == "short":
        actions.request_reset(user.email, at)
        least = rules.shortest_password(user.role)
        flash(
            _(
                "Your role needs a password of at least %(least)s characters. "
                "We sent you a link to set a new one.",
                least=least,
            ),
            "warning",
        )
        return web.redirect_to("accounts.reset_sent")
    if outcome == "second_step":
        second_step.begin(user, at, remember=form.remember.data, target=target)
        return web.redirect_to("accounts.second_step")
    sessions.begin(user, at, remember=form.remember.data)
    return web.redirect(target)


@bp.get("/signed-in")
@signed_in
def signed_in_again() -> Response:
    """In a window that was opened beside a page whose session had ended."""
    return web.render("accounts/signed_in_again.html")


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    if person := viewer():
        actions.end_session(person.session_id, person.viewed_by_id or person.id, clock.now())
    sessions.leave()
    flash(_("You are signed out."), "info")
    response = web.redirect_to("courses.home")
    # Not "storage": answers that wait to be sent lie there, and none is ever lost.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
